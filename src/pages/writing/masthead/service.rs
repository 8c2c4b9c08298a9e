//! What the page of a masthead shows and does, by the service of reports.

use super::typed::Filled;
use crate::pages::team::only_for_team;
use crate::problem::Problem;
use crate::reports::{self, Report, ReportId, drafting, rights};
use crate::work::Work;

/// A report whose masthead is looked at, and whether the caller may change it.
pub type Looked = (Report, bool);

/// The masthead, for whoever may read the draft; 404 for everybody else.
pub fn look(work: &mut Work, id: ReportId) -> Result<Looked, Problem> {
    let report = only_for_team(reports::service::see_draft(work, id))?;
    let may = rights::permitted_actions(work, &report)?.contains(&"update");
    Ok((report, may))
}

/// Changes it.
pub fn change(work: &mut Work, id: ReportId, version: i64, filled: &Filled) -> Result<(), Problem> {
    let (report, _) = look(work, id)?;
    drafting::update(work, id, version, filled.change(&report)?).map(drop)
}
