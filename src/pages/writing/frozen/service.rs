//! What the pages of drafts that were frozen show and do, by the services of reports.

use std::collections::HashMap;

use chrono_tz::Tz;

use crate::accounts::{Account, AccountId};
use crate::http::page::{LARGEST_LIMIT, Paging};
use crate::pages::team::{only_for_team, require_part, zone};
use crate::pages::writing::service::named;
use crate::problem::Problem;
use crate::reports::milestones::{DraftDifference, Milestone};
use crate::reports::{self, Report, ReportId, milestones};
use crate::vocabulary::MilestoneId;
use crate::work::Work;

/// The milestones of a report.
pub struct Frozen {
    /// The report.
    pub report: Report,
    /// Its consultation's zone.
    pub zone: Tz,
    /// The milestones, the latest first.
    pub milestones: Vec<Milestone>,
    /// Whether the caller may freeze the draft.
    pub can_set: bool,
    /// The people of the team who are named.
    pub team: HashMap<AccountId, Account>,
}

/// The milestones of a report.
pub fn all(work: &mut Work, id: ReportId) -> Result<Frozen, Problem> {
    let paging = Paging::first(LARGEST_LIMIT as usize);
    let found = only_for_team(milestones::service::milestones(work, id, &paging))?;
    let mut milestones = found.items;
    milestones.reverse();
    let report = reports::service::see(work, id)?;
    let team = named(work, milestones.iter().map(|one| one.set_by))?;
    let can_set = milestones::service::can_set(work, id)?;
    Ok(Frozen { zone: zone(work, &report)?, report, milestones, can_set, team })
}

/// Freezes the draft under a name.
pub fn freeze(work: &mut Work, id: ReportId, name: &str) -> Result<(), Problem> {
    only_for_team(milestones::service::set(work, id, name)).map(|_| ())
}

/// One milestone.
pub struct Looked {
    /// The report as it is.
    pub report: Report,
    /// Its consultation's zone.
    pub zone: Tz,
    /// The milestone.
    pub milestone: Milestone,
    /// Who froze it.
    pub by: Option<String>,
}

/// One milestone of a report.
pub fn one(work: &mut Work, report: ReportId, id: MilestoneId) -> Result<Looked, Problem> {
    let milestone = milestones::service::milestone(work, id)?;
    require_part(milestone.report_id == report, "milestone")?;
    let report = reports::service::see(work, report)?;
    let by = milestone.set_by;
    let mut team = named(work, [by])?;
    let by = by.and_then(|by| team.remove(&by)).map(|account| account.name);
    Ok(Looked { zone: zone(work, &report)?, report, milestone, by })
}

/// What differs between a milestone and the draft as it is now.
pub fn changes(
    work: &mut Work,
    report: ReportId,
    id: MilestoneId,
) -> Result<(Looked, DraftDifference), Problem> {
    let looked = one(work, report, id)?;
    Ok((looked, milestones::service::compare(work, id, None)?))
}
