//! Who may know what waits.

use super::{Waiting, waiting};
use crate::inputs::{InputId, reading};
use crate::problem::Problem;
use crate::reports::checks::coverage;
use crate::reports::rights::locate_draft;
use crate::reports::{ReportId, gather};
use crate::work::Work;

/// What waits in the draft of a report; for whoever reads drafts.
pub fn list(work: &mut Work, id: ReportId) -> Result<Vec<Waiting>, Problem> {
    let place = locate_draft(work, id)?;
    let (covers, material) = gather::coverage(work, &place.report)?;
    let coverage = coverage::check(&covers, &material);
    let cited: Vec<InputId> =
        coverage.unaccepted_citations.iter().map(|(_, input)| *input).collect();
    let cited = reading::load(work.conn, &cited)?;
    Ok(waiting(&coverage, &cited))
}
