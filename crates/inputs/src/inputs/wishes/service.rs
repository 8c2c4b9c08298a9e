//! What is done about late wishes to take something back.

use std::collections::BTreeSet;

use super::{Wish, WishState, store};
use crate::access::Permission;
use crate::consultations::{self, Consultation, ConsultationId};
use crate::inputs::{InputId, InputState, contributed, lineage, service, store as inputs};
use crate::problem::{Code, Problem, require_version};
use crate::work::Work;

/// Notes the wish to take back what a published edition rests on. Said again, it stands as it stood.
pub(in crate::inputs) fn record(
    work: &mut Work,
    consultation: &Consultation,
    input: InputId,
) -> Result<(), Problem> {
    let wish = Wish {
        input_id: input,
        consultation_id: consultation.id,
        wished_on: work.now.utc().with_timezone(&consultation.zone).date_naive(),
        state: WishState::Open,
        reason: None,
        settled_by: None,
        version: 1,
    };
    store::insert(work.conn, wish)
}

/// An input, and whatever was made of it by merging and splitting: as what a report can rest on it.
fn forms(work: &mut Work, id: InputId) -> Result<BTreeSet<InputId>, Problem> {
    Ok(lineage::store::derived_from(work.conn, id)?.into_iter().chain([id]).collect())
}

/// Whether the newest edition of a report rests on an input, or on what it went into.
pub(in crate::inputs) fn is_published(work: &mut Work, id: InputId) -> Result<bool, Problem> {
    let forms: Vec<InputId> = forms(work, id)?.into_iter().collect();
    inputs::is_published(work.conn, &forms)
}

/// The wishes of a consultation, for those who may read what they are about.
pub fn list(work: &mut Work, id: ConsultationId) -> Result<Vec<Wish>, Problem> {
    let consultation = service::for_readers(work, id)?;
    let mut seen = Vec::new();
    for wish in store::all(work.conn, consultation.id)? {
        let input = inputs::get(work.conn, wish.input_id)?;
        if service::may_see(work, &input, &consultation) {
            seen.push(wish);
        }
    }
    Ok(seen)
}

/// What was wished stays in the report, for a reason that whoever wished it reads. For who publishes.
pub fn keep(work: &mut Work, id: InputId, version: i64, reason: &str) -> Result<Wish, Problem> {
    service::hold(work, id)?;
    let (_, consultation) = service::found(work, id)?;
    work.require(Permission::PublishReports, &consultation.scope())?;
    let by = work.caller.signed_in()?;
    let wish = store::find(work.conn, id)?.ok_or_else(|| {
        Problem::new(Code::InvalidTransition, "Nobody noted a wish to take this back.")
    })?;
    require_version(wish.version, version)?;
    let wish = wish.kept(by, reason)?;
    store::update(work.conn, wish.clone())?;
    work.audit("input.withdrawal_wish_kept", "input", id);
    Ok(wish)
}

/// The wishes of a consultation that nobody has answered, each with all that the input is in: as what a draft can rest on it. Does not
/// ask who asks.
pub fn open(
    work: &mut Work,
    consultation: ConsultationId,
) -> Result<Vec<(Wish, BTreeSet<InputId>)>, Problem> {
    in_states(work, consultation, &[WishState::Open])
}

/// All wishes that nobody has answered, of whatever consultation. Does not ask who asks.
pub fn open_everywhere(work: &mut Work) -> Result<Vec<Wish>, Problem> {
    store::open(work.conn)
}

/// What somebody wants to take back and has not yet, whether or not it was answered: no draft need use it or say why not.
pub fn wished_back(
    work: &mut Work,
    consultation: ConsultationId,
) -> Result<BTreeSet<InputId>, Problem> {
    let wishes = in_states(work, consultation, &[WishState::Open, WishState::Kept])?;
    Ok(wishes.into_iter().flat_map(|(_, forms)| forms).collect())
}

fn in_states(
    work: &mut Work,
    consultation: ConsultationId,
    states: &[WishState],
) -> Result<Vec<(Wish, BTreeSet<InputId>)>, Problem> {
    let mut found = Vec::new();
    for wish in store::all(work.conn, consultation)? {
        if states.contains(&wish.state) {
            let forms = forms(work, wish.input_id)?;
            found.push((wish, forms));
        }
    }
    Ok(found)
}

/// An edition was published: whatever somebody wants to take back and it does not rest on any more is taken back.
pub fn edition_published(work: &mut Work, consultation: ConsultationId) -> Result<(), Problem> {
    for (wish, forms) in in_states(work, consultation, &[WishState::Open, WishState::Kept])? {
        let forms: Vec<InputId> = forms.into_iter().collect();
        if !inputs::is_published(work.conn, &forms)? {
            contributed::take_back(work, wish.input_id)?;
            store::update(work.conn, wish.granted())?;
        }
    }
    Ok(())
}

/// Takes an input back, or notes that whoever said it wants it back where a published edition rests on it; whether it was taken back.
pub(in crate::inputs) fn take_back_or_record(
    work: &mut Work,
    id: InputId,
) -> Result<bool, Problem> {
    let input = inputs::get(work.conn, id)?;
    let taken = input.state == InputState::Withdrawn || !is_published(work, id)?;
    if taken {
        contributed::take_back(work, id)?;
    } else {
        let consultation = consultations::service::load(work, input.consultation_id)?;
        record(work, &consultation, id)?;
    }
    Ok(taken)
}
