//! Deciding on many at once: all of them or none, in one transaction, and first seen in a preview that works out the
//! very same thing and writes nothing.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::access::Permission;
use crate::consultations::{self, Activity, Consultation, ConsultationId};
use crate::problem::{At, Code, Problem};
use crate::registrations::places;
use crate::registrations::places::balance::{self, Shown};
use crate::registrations::places::ledger::Ledger;
use crate::registrations::places::room::Full;
use crate::registrations::{
    Decision, Filter, Registration, RegistrationId, RegistrationState, listing,
};
use crate::vocabulary::Versioned;
use crate::work::Work;

/// Registrations of one decision at most.
pub const MOST: usize = 5000;

/// Which registrations are decided on.
#[derive(Debug, Clone)]
pub enum Selection {
    /// These, each in the version that was seen.
    Listed(Vec<Versioned<RegistrationId>>),
    /// All that the filter keeps.
    Filtered(Filter),
}

/// A decision on many.
#[derive(Debug, Clone)]
pub struct Bulk {
    /// On which.
    pub selection: Selection,
    /// What is decided on each.
    pub decision: Decision,
    /// That of the preview that was seen; refused when it would come out otherwise now.
    pub fingerprint: Option<String>,
    /// Whether it is only to be seen what would come of it.
    pub preview: bool,
}

/// What becomes of one.
#[derive(Debug)]
pub struct Item {
    /// Where it stands in the request.
    pub pointer: String,
    /// Which.
    pub id: RegistrationId,
    /// What it was; none when there is no such registration here.
    pub before: Option<RegistrationState>,
    /// What it becomes; none when it cannot be decided on.
    pub after: Option<Registration>,
    /// The capacity for want of which it has to wait.
    pub full: Option<Full>,
    /// Why it cannot be decided on.
    pub refusal: Option<Problem>,
}

/// What comes of it.
#[derive(Debug)]
pub struct Outcome {
    /// One for each that was selected, in the order of the request; of a filter, in the order they were submitted.
    pub items: Vec<Item>,
    /// Whoever gets a place from the waiting list by it.
    pub promoted: Vec<Registration>,
    /// To be given with the decision, so that it comes out as it was seen.
    pub fingerprint: String,
    /// The balance as it is without it.
    pub before: Shown,
    /// The balance with it.
    pub after: Shown,
}

/// Decides, or shows what would come of it. Whoever waits is decided on in the order of the waiting list, then the others
/// in the order they were submitted, whatever their order in the request.
pub fn decide(work: &mut Work, id: ConsultationId, bulk: &Bulk) -> Result<Outcome, Problem> {
    let seen = consultations::service::see(work, id)?;
    work.require(Permission::DecideRegistrations, &seen.scope())?;
    let consultation = consultations::service::locked(work, seen.id)?;
    consultation.require(Activity::DecideRegistrations)?;
    bulk.decision.check()?;
    let mut items = select(work, &consultation, &bulk.selection)?;
    let before = balance::of(work, &consultation)?;
    let mut ledger = Ledger::open(work, &consultation)?;
    let selected: Vec<Registration> = items.iter().filter_map(|(_, one)| one.clone()).collect();
    for at in in_turn(&items) {
        let (item, Some(one)) = &mut items[at] else { continue };
        match ledger.decide(work, one, &bulk.decision) {
            Ok(()) => {
                (item.after, item.full) = (ledger.after(one.id).cloned(), ledger.lacking(one.id));
            }
            Err(problem) => item.refusal = Some(problem.as_refusal()?),
        }
    }
    let freed = ledger.freed();
    ledger.promote(work, Some(freed))?;
    let mut after = before.clone();
    ledger.changed().for_each(|(before, after_it)| after.change(before, after_it));
    let items: Vec<Item> = items.into_iter().map(|(item, _)| item).collect();
    let chosen: BTreeSet<RegistrationId> = selected.iter().map(|one| one.id).collect();
    let others = ledger.changed().map(|(_, after)| after).filter(|one| !chosen.contains(&one.id));
    let outcome = Outcome {
        promoted: others.cloned().collect(),
        fingerprint: fingerprint(&consultation, &items),
        before: balance::shown(work, before)?,
        after: balance::shown(work, after)?,
        items,
    };
    if bulk.preview {
        return Ok(outcome);
    }
    outcome.require_whole()?;
    outcome.require_as_seen(bulk.fingerprint.as_deref())?;
    ledger.write(work)?;
    Ok(outcome)
}

type Selected = (Item, Option<Registration>);

/// The registrations as they are now; those of a list that are not here, doubled or changed since, with a refusal.
fn select(
    work: &mut Work,
    consultation: &Consultation,
    selection: &Selection,
) -> Result<Vec<Selected>, Problem> {
    match selection {
        Selection::Listed(listed) => select_listed(work, consultation, listed),
        Selection::Filtered(filter) => {
            let rows = listing::some(work, consultation.id, filter, MOST + 1)?;
            if rows.len() > MOST {
                let detail = format!("keeps more than {MOST} registrations: narrow it");
                return Err(Problem::invalid("/filter", detail));
            }
            Ok(rows
                .into_iter()
                .map(|one| selected(format!("/registrations/{}", one.id), one))
                .collect())
        }
    }
}

fn selected(pointer: String, one: Registration) -> Selected {
    let (id, before) = (one.id, Some(one.state));
    (Item { pointer, id, before, after: None, full: None, refusal: None }, Some(one))
}

fn select_listed(
    work: &mut Work,
    consultation: &Consultation,
    listed: &[Versioned<RegistrationId>],
) -> Result<Vec<Selected>, Problem> {
    if listed.is_empty() || listed.len() > MOST {
        let detail = format!("must be from 1 to {MOST} registrations");
        return Err(Problem::invalid("/registrations", detail));
    }
    let distinct: BTreeSet<RegistrationId> = listed.iter().map(|one| one.id).collect();
    let ids: Vec<RegistrationId> = distinct.into_iter().collect();
    let rows = places::store::some(work.conn, consultation.id, &ids)?;
    let mut known: std::collections::BTreeMap<RegistrationId, Registration> =
        rows.into_iter().map(|one| (one.id, one)).collect();
    let mut seen = BTreeSet::new();
    let mut found = Vec::with_capacity(listed.len());
    for (at, Versioned { id, version }) in listed.iter().enumerate() {
        let pointer = format!("/registrations/{at}");
        let doubled = !seen.insert(*id);
        let refusal = match known.get(id) {
            _ if doubled => Problem::invalid(&pointer, "is there twice"),
            None => Problem::invalid(&pointer, "is no registration of this consultation"),
            Some(one) if one.version != *version => Problem::stale(one.version),
            Some(_) => {
                found.extend(known.remove(id).map(|one| selected(pointer, one)));
                continue;
            }
        };
        let before = known.get(id).map(|one| one.state);
        let item =
            Item { pointer, id: *id, before, after: None, full: None, refusal: Some(refusal) };
        found.push((item, None));
    }
    Ok(found)
}

/// In which order they are decided on: whoever waits by the waiting number, then the others by submission.
fn in_turn(items: &[Selected]) -> Vec<usize> {
    let turn = |at: &usize| {
        let one = items[*at].1.as_ref();
        let waits = one.filter(|one| one.state == RegistrationState::Waitlisted);
        let number = waits.and_then(|one| one.waiting_number).unwrap_or(i64::MAX);
        (number, items[*at].0.id)
    };
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(turn);
    order
}

/// What is seen in a preview, as a short text: which registrations in which versions become what.
fn fingerprint(consultation: &Consultation, items: &[Item]) -> String {
    let mut lines: Vec<String> = items
        .iter()
        .map(|item| {
            let after = item.after.as_ref().map(|after| (after.version, after.state));
            format!("{} {after:?}", item.id)
        })
        .collect();
    lines.sort();
    let text = format!("{}\n{}", consultation.id, lines.join("\n"));
    URL_SAFE_NO_PAD.encode(&Sha256::digest(text)[..12])
}

impl Outcome {
    /// Nothing when all can be decided on; else every one that cannot: 422 when the request names what is not there, 412
    /// when some have changed, 409 otherwise.
    fn require_whole(&self) -> Result<(), Problem> {
        let refused: Vec<(&Item, &Problem)> =
            self.items.iter().filter_map(|item| Some((item, item.refusal.as_ref()?))).collect();
        let Some((_, first)) = refused.first() else { return Ok(()) };
        let worst = [Code::InvalidValue, Code::VersionMismatch];
        let has = |code: &&Code| refused.iter().any(|(_, refusal)| refusal.code() == **code);
        let code = worst.iter().find(has).copied().unwrap_or(first.code());
        let (count, all) = (refused.len(), self.items.len());
        let detail = format!(
            "{count} of {all} registrations cannot be decided on like this; nothing was done. `errors` says why."
        );
        let at = |(item, refusal): (&Item, &Problem)| At {
            pointer: item.pointer.clone(),
            code: refusal.code().kind().code.to_owned(),
            detail: refusal.detail().to_owned(),
        };
        Err(Problem::new(code, detail).with_errors(refused.into_iter().map(at).collect()))
    }

    /// Nothing when it comes out as in the preview with this fingerprint; 412 otherwise.
    fn require_as_seen(&self, fingerprint: Option<&str>) -> Result<(), Problem> {
        if fingerprint.is_none_or(|seen| seen == self.fingerprint) {
            return Ok(());
        }
        let detail = "What would come of it has changed since the preview: look at it again.";
        Err(Problem::new(Code::VersionMismatch, detail).at("/fingerprint", detail))
    }
}
