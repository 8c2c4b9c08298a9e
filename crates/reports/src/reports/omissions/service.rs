//! Who may leave something out, who may say otherwise, and until when.

use std::collections::BTreeMap;

use crate::access::Permission;
use crate::consultations::WorkingGroupId;
use crate::db;
use crate::http::page::{Listing, Paging};
use crate::inputs::{InputId, reading};
use crate::problem::{Checks, Problem, require_version};
use crate::reports::rights::{Place, locate_draft, require_unpublished};
use crate::reports::{Omission, OmissionId, Omitted, ReportId, gather, store};
use crate::work::Work;

const LONGEST_REASON: usize = 2_000;

/// Records why an input, or a paragraph of an edition, is not in the text.
pub fn record(
    work: &mut Work,
    id: ReportId,
    omitted: Omitted,
    reason: String,
) -> Result<Omission, Problem> {
    db::lock(work.conn, id.uuid())?;
    let place = locate_draft(work, id)?;
    require_right(work, &place, omitted)?;
    require_unpublished(&place)?;
    check_reason(&reason)?;
    let (_, material) = gather::coverage(work, &place.report)?;
    let (there, pointer) = match omitted {
        Omitted::Input(input) => (material.inputs.contains(&input), "/input_id"),
        Omitted::Source(source) => (material.sources.contains(&source), "/source"),
    };
    if !there {
        return Err(Problem::invalid(pointer, "is nothing that this report could use"));
    }
    let omission = Omission { id: work.id(), report_id: id, omitted, reason, version: 1 };
    store::editions::insert_omission(work.conn, &omission, work.now)?;
    store::touch(work.conn, id, work.now)?;
    work.audit("omission.recorded", "omission", omission.id);
    Ok(omission)
}

/// Whether the caller, who may read the draft, may leave that out now.
pub fn can_record(work: &mut Work, id: ReportId, omitted: Omitted) -> Result<bool, Problem> {
    let place = locate_draft(work, id)?;
    let allowed = require_unpublished(&place).and_then(|()| require_right(work, &place, omitted));
    Ok(Problem::or_refused(allowed)?.is_some())
}

/// A page of what is left out of a report, in the order in which it was recorded, with what the caller may do with each.
pub fn list(
    work: &mut Work,
    id: ReportId,
    paging: &Paging,
) -> Result<Listing<(Omission, Vec<&'static str>)>, Problem> {
    let place = locate_draft(work, id)?;
    let after: Option<OmissionId> = paging.after_one()?;
    let mut omissions = store::editions::omissions(work.conn, id)?;
    omissions.retain(|omission| after.is_none_or(|after| omission.id > after));
    let part = paging.finish(omissions, |omission| vec![omission.id.to_string()]);
    let allowed = allowed_actions(work, &place, &part.items)?;
    Ok(Listing { items: part.items.into_iter().zip(allowed).collect(), next: part.next })
}

/// One omission with what the caller may do with it; 404 for one who may not read the draft.
pub fn see(work: &mut Work, id: OmissionId) -> Result<(Omission, Vec<&'static str>), Problem> {
    let omission = store::editions::omission(work.conn, id)?;
    let place = locate_draft(work, omission.report_id).map_err(as_missing)?;
    let actions = allowed_actions(work, &place, std::slice::from_ref(&omission))?.concat();
    Ok((omission, actions))
}

fn allowed_actions(
    work: &mut Work,
    place: &Place,
    omissions: &[Omission],
) -> Result<Vec<Vec<&'static str>>, Problem> {
    let omitted: Vec<Omitted> = omissions.iter().map(|one| one.omitted).collect();
    let groups = groups_of(work, place, &omitted)?;
    let open = require_unpublished(place).is_ok();
    let actions = |group: &Option<WorkingGroupId>| {
        let may = open && may_omit(work, place, *group);
        if may { vec!["update", "withdraw"] } else { Vec::new() }
    };
    Ok(groups.iter().map(actions).collect())
}

/// Gives another reason.
pub fn update(
    work: &mut Work,
    id: OmissionId,
    version: i64,
    reason: Option<String>,
) -> Result<Omission, Problem> {
    let mut omission = locked(work, id, version)?;
    let Some(reason) = reason else { return Ok(omission) };
    check_reason(&reason)?;
    omission.reason = reason;
    omission.version += 1;
    store::editions::update_omission(work.conn, &omission)?;
    store::touch(work.conn, omission.report_id, work.now)?;
    work.audit("omission.updated", "omission", id);
    Ok(omission)
}

/// Withdraws it: what was left out is open again.
pub fn withdraw(work: &mut Work, id: OmissionId, version: i64) -> Result<(), Problem> {
    let omission = locked(work, id, version)?;
    store::editions::delete_omission(work.conn, id, version)?;
    store::touch(work.conn, omission.report_id, work.now)?;
    work.audit("omission.withdrawn", "omission", id);
    Ok(())
}

/// The omission once nobody else can change the report, for one who may, in the version that they have seen.
fn locked(work: &mut Work, id: OmissionId, version: i64) -> Result<Omission, Problem> {
    let seen = store::editions::omission(work.conn, id)?;
    db::lock(work.conn, seen.report_id.uuid())?;
    let place = locate_draft(work, seen.report_id).map_err(as_missing)?;
    require_right(work, &place, seen.omitted)?;
    require_unpublished(&place)?;
    let omission = store::editions::omission(work.conn, id)?;
    require_version(omission.version, version)?;
    Ok(omission)
}

fn as_missing(problem: Problem) -> Problem {
    problem.missing_as(|| Problem::not_found("omission"))
}

fn check_reason(reason: &str) -> Result<(), Problem> {
    Checks::new().text(reason, LONGEST_REASON, "/reason").finish()
}

/// Whoever drafts the report, or the sections of the group in which the input was made.
fn require_right(work: &mut Work, place: &Place, omitted: Omitted) -> Result<(), Problem> {
    let group = groups_of(work, place, &[omitted])?.pop().flatten();
    if may_omit(work, place, group) {
        return Ok(());
    }
    work.require(Permission::DraftReports, &place.scope)
}

/// In which groups what is left out was said; it is not looked up where it does not matter.
fn groups_of(
    work: &mut Work,
    place: &Place,
    omitted: &[Omitted],
) -> Result<Vec<Option<WorkingGroupId>>, Problem> {
    if work.may(Permission::DraftReports, &place.scope) {
        return Ok(vec![None; omitted.len()]);
    }
    let input = |one: &Omitted| match one {
        Omitted::Input(input) => Some(*input),
        Omitted::Source(_) => None,
    };
    let inputs: Vec<InputId> = omitted.iter().filter_map(input).collect();
    let found = reading::load(work.conn, &inputs)?;
    let groups: BTreeMap<InputId, WorkingGroupId> =
        found.into_iter().filter_map(|input| Some((input.id, input.working_group_id?))).collect();
    Ok(omitted.iter().map(|one| groups.get(&input(one)?).copied()).collect())
}

/// Whether the caller may leave out what was said in a group, or in none.
fn may_omit(work: &Work, place: &Place, group: Option<WorkingGroupId>) -> bool {
    let own = |group: WorkingGroupId| place.scope.group(group.uuid());
    work.may(Permission::DraftReports, &place.scope)
        || group.is_some_and(|group| work.may(Permission::DraftOwnSections, &own(group)))
}
