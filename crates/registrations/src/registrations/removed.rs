//! What registrations, and forms that are not sent off yet, name of a programme that goes out of it: groups that people would like, and rounds
//! that they are there in. Both are lists of ids, of which the database does not know what they refer to.

use std::collections::HashMap;

use super::RegistrationId;
use super::drafts;
use super::store::{self, Wishes};
use crate::consultations::programme::removals::{Removal, RemovedKind};
use crate::consultations::programme::{RoundId, WorkingGroupId};
use crate::problem::{Code, Problem};
use crate::work::Work;

/// Lets go of what is removed. 409 while somebody comes for a round that is removed and no other: of them nobody could say when they are there.
pub(super) fn forget(work: &mut Work, removal: &Removal) -> Result<(), Problem> {
    if removal.kind == RemovedKind::Session {
        return Ok(());
    }
    let mut changed: HashMap<Wishes, Vec<RegistrationId>> = HashMap::new();
    for (id, state, wishes) in store::wishes(work.conn, removal.consultation_id)? {
        let Some(left) = without(&wishes, removal) else { continue };
        if left.rounds.is_none() && wishes.rounds.is_some() && state.is_active() {
            let detail = "Somebody has registered for this round and no other: change that first.";
            return Err(Problem::new(Code::InUse, detail));
        }
        changed.entry(left).or_default().push(id);
    }
    for (left, ids) in changed {
        store::set_wishes(work.conn, &ids, &left, work.now)?;
    }
    for (id, mut form) in drafts::store::open_forms(work.conn, removal.consultation_id)? {
        let wishes = Wishes { preferences: form.preferences.clone(), rounds: form.rounds.clone() };
        if let Some(left) = without(&wishes, removal) {
            (form.preferences, form.rounds) = (left.preferences, left.rounds);
            drafts::store::amend(work.conn, id, &form)?;
        }
    }
    work.forget_loaded();
    Ok(())
}

/// What is left of what somebody asked for; nothing where it does not name what is removed. Whoever is left without a round names none.
fn without(wishes: &Wishes, removal: &Removal) -> Option<Wishes> {
    let mut left = wishes.clone();
    match removal.kind {
        RemovedKind::WorkingGroup => {
            left.preferences.retain(|group| *group != WorkingGroupId::new(removal.id.uuid()));
        }
        RemovedKind::Round => {
            let rounds = left.rounds.take().map(|mut rounds| {
                rounds.retain(|round| *round != RoundId::new(removal.id.uuid()));
                rounds
            });
            left.rounds = rounds.filter(|rounds| !rounds.is_empty());
        }
        RemovedKind::Session => {}
    }
    (left != *wishes).then_some(left)
}
