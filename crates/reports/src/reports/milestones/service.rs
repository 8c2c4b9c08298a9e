//! Freezes drafts, and compares them with one another and with what is there now. Must never learn who said what.

use super::{DraftDifference, Frozen, Milestone, difference, store};
use crate::accounts::AccountId;
use crate::document::Document;
use crate::http::page::{Listing, Paging};
use crate::problem::{Checks, Problem};
use crate::render;
use crate::reports::history::DraftStepKind;
use crate::reports::history::service::step;
use crate::reports::history::store::note_report;
use crate::reports::rights::{locate_draft, require_drafter};
use crate::reports::{Report, ReportId, gather};
use crate::vocabulary::MilestoneId;
use crate::work::Work;

const LONGEST_NAME: usize = 200;

/// Freezes the draft of a report under a name; whoever may draft anything in it.
pub fn set(work: &mut Work, id: ReportId, name: &str) -> Result<Milestone, Problem> {
    require_drafter(work, id)?;
    // So that nothing of it changes while it is compiled, and numbers run on.
    work.lock(id.uuid())?;
    Checks::new().text(name, LONGEST_NAME, "/name").finish()?;
    let report = locate_draft(work, id)?.report;
    let (frozen, document) = now(work, &report)?;
    let before = i32::try_from(store::count(work.conn, id)?).map_err(Problem::internal)?;
    let bytes = render::json::render(&document);
    let milestone = Milestone {
        id: work.id(),
        report_id: id,
        number: before + 1,
        name: name.to_owned(),
        sha256: document.fingerprint(),
        document: Some(String::from_utf8(bytes).map_err(Problem::internal)?),
        names_left_out: false,
        frozen,
        report_version: report.version,
        set_by: work.caller.id(),
        set_at: work.now,
    };
    store::insert(work.conn, &milestone)?;
    note_report(work.conn, id, &step(work, DraftStepKind::MilestoneSet))?;
    work.audit("milestone.set", "milestone", milestone.id);
    Ok(milestone)
}

/// Whether the caller, who may read the draft, may freeze it.
pub fn can_set(work: &mut Work, id: ReportId) -> Result<bool, Problem> {
    Ok(Problem::or_refused(require_drafter(work, id))?.is_some())
}

fn now(work: &mut Work, report: &Report) -> Result<(Frozen, Document), Problem> {
    let facts = gather::facts(work, report)?;
    let document = facts.compile()?;
    Ok((Frozen::of(&facts, &document), document))
}

/// Some of the milestones of a report, by number, for those who may read drafts.
pub fn milestones(
    work: &mut Work,
    id: ReportId,
    paging: &Paging,
) -> Result<Listing<Milestone>, Problem> {
    let report = locate_draft(work, id)?.report;
    let rows = store::milestones(work.conn, id, paging)?;
    let named = gather::named(work, &report)?;
    let part = paging.finish(rows, |one| vec![one.number.to_string()]);
    Ok(part.map(|one| one.shown(&named)))
}

/// A milestone, for those who may read drafts.
pub fn milestone(work: &mut Work, id: MilestoneId) -> Result<Milestone, Problem> {
    let milestone = store::milestone(work.conn, id)?;
    let missing = |_: &Problem| Problem::not_found("milestone");
    let place = locate_draft(work, milestone.report_id).map_err(|told| told.refused_as(missing))?;
    let named = gather::named(work, &place.report)?;
    Ok(milestone.shown(&named))
}

/// The milestone of a report that has this number, for those who may read drafts.
pub fn numbered(work: &mut Work, id: ReportId, number: i32) -> Result<Milestone, Problem> {
    let report = locate_draft(work, id)?.report;
    let milestone = store::numbered(work.conn, id, number)?;
    Ok(milestone.shown(&gather::named(work, &report)?))
}

/// Leaves a person who is erased out of whatever prints them.
pub fn forget(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    for id in store::with_document(work.conn)? {
        if let Some(without) = store::milestone(work.conn, id)?.without(account) {
            store::leave_out(work.conn, without)?;
        }
    }
    Ok(())
}

/// What differs between a milestone and another of its report, or the draft as it stands now.
pub fn compare(
    work: &mut Work,
    id: MilestoneId,
    to: Option<MilestoneId>,
) -> Result<DraftDifference, Problem> {
    let from = milestone(work, id)?;
    let to = match to {
        Some(to) => {
            let other = Problem::or_refused(store::milestone(work.conn, to))?;
            let other = other.filter(|other| other.report_id == from.report_id);
            other.ok_or_else(|| Problem::not_found("milestone of this report"))?.frozen
        }
        None => {
            let report = locate_draft(work, from.report_id)?.report;
            now(work, &report)?.0
        }
    };
    Ok(difference(&from.frozen, &to))
}
