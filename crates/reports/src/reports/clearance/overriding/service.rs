//! Decides to publish all the same: whoever may publish. Must never learn who said what.

use super::{Override, about, check_reason, store};
use crate::access::Permission;
use crate::http::page::{Listing, Paging};
use crate::problem::{Code, Problem};
use crate::reports::ReportId;
use crate::reports::clearance::portions::Whole;
use crate::reports::clearance::portions::service::whole;
use crate::reports::clearance::service::{standing, standing_objection};
use crate::reports::clearance::{Seat, Standing};
use crate::reports::rights::{locate_draft, require_unpublished};
use crate::vocabulary::{OverrideId, PartyId, PositionId};
use crate::work::Work;

/// Despite what is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Despite {
    /// The agreement of a party is missing.
    Missing(PartyId),
    /// An objection stands.
    Objection(PositionId),
}

/// Goes on despite something, for a reason that is kept by name.
pub fn decide(
    work: &mut Work,
    id: ReportId,
    despite: Despite,
    reason: String,
) -> Result<Override, Problem> {
    work.lock(id.uuid())?;
    let place = locate_draft(work, id)?;
    work.require(Permission::PublishReports, &place.scope)?;
    require_unpublished(&place)?;
    check_reason(&reason)?;
    let whole = whole(work, &place.report)?;
    let standing = standing(work, &place.report, &whole)?;
    let (party_id, objection_id, sha256) = subject(work, id, &whole, &standing, despite)?;
    let (made_by, made_at) = (work.caller.id(), work.now);
    let (id, report_id) = (work.id(), id);
    let made = Override { id, report_id, party_id, objection_id, reason, sha256, made_by, made_at };
    store::insert(work.conn, &made)?;
    work.audit("clearance.overridden", "clearance_override", made.id);
    Ok(made)
}

type Subject = (PartyId, Option<PositionId>, String);

/// Whose it is, the objection, and the text that it is about; 422 unless there is such a thing in the way.
fn subject(
    work: &mut Work,
    report: ReportId,
    whole: &Whole,
    standing: &Standing,
    despite: Despite,
) -> Result<Subject, Problem> {
    match despite {
        Despite::Missing(party) => {
            let missing = |seat: &Seat| seat.party.id == party && seat.is_missing();
            if !standing.seats.iter().any(missing) {
                let detail = "is nobody whose needed agreement is missing";
                return Err(Problem::invalid("/party_id", detail));
            }
            Ok((party, None, whole.sha256.clone()))
        }
        Despite::Objection(id) => {
            let objection = Problem::or_refused(standing_objection(work, report, id))?;
            let detail = "is no objection that stands";
            let objection = objection.ok_or_else(|| Problem::invalid("/objection_id", detail))?;
            let sha256 = about(whole, objection.paragraph_id);
            let mut same = standing.objections.iter().filter(|one| one.position.id == id);
            if same.any(|one| one.overridden.is_some()) {
                let detail = "It is overridden already, and the text is the same.";
                return Err(Problem::new(Code::AlreadyExists, detail));
            }
            Ok((objection.party_id, Some(id), sha256))
        }
    }
}

/// Whether each of the decisions about a report still holds, and some of them; for those who may read drafts.
pub fn list(
    work: &mut Work,
    id: ReportId,
    paging: &Paging,
) -> Result<Listing<(Override, bool)>, Problem> {
    let report = locate_draft(work, id)?.report;
    let after: Option<OverrideId> = paging.after_one()?;
    let whole = whole(work, &report)?;
    let standing = standing(work, &report, &whole)?;
    let mut rows = store::all(work.conn, id)?;
    rows.retain(|one| after.is_none_or(|after| one.id > after));
    let part = paging.finish(rows, |one| vec![one.id.to_string()]);
    Ok(part.map(|one| {
        let holds = holds(&standing, &one);
        (one, holds)
    }))
}

fn holds(standing: &Standing, one: &Override) -> bool {
    let seats = standing.seats.iter().filter_map(|seat| seat.overridden.as_ref());
    let objections = standing.objections.iter().filter_map(|one| one.overridden.as_ref());
    seats.chain(objections).any(|current| current.id == one.id)
}
