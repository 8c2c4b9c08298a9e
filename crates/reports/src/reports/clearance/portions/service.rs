//! Reads a draft in portions, for those who may read drafts. Must never learn who said what.

use super::Whole;
use crate::problem::Problem;
use crate::reports::rights::locate_draft;
use crate::reports::{Report, ReportId, gather};
use crate::work::Work;

/// A draft as one agrees to it, and the report as it is.
pub fn read(work: &mut Work, id: ReportId) -> Result<(Report, Whole), Problem> {
    let report = locate_draft(work, id)?.report;
    let whole = whole(work, &report)?;
    Ok((report, whole))
}

/// As it stands in this transaction; whether the caller may read it was asked.
pub fn whole(work: &mut Work, report: &Report) -> Result<Whole, Problem> {
    let facts = gather::facts(work, report)?;
    Ok(Whole::of(&facts, &facts.compile()?))
}
