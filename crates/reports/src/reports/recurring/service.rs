//! Finds what recurs in a paper, for those who may read its draft.

use std::collections::BTreeMap;

use super::{Recurring, recurring};
use crate::problem::Problem;
use crate::reports::rights::locate_draft;
use crate::reports::{EditionId, Paragraph, ParagraphId, ReportId, ReportKind, service, store};
use crate::work::Work;

/// The pairs of paragraphs that recur in a paper, the most alike first, and the paragraphs.
pub fn find(
    work: &mut Work,
    id: ReportId,
) -> Result<(Vec<Recurring>, BTreeMap<ParagraphId, Paragraph>), Problem> {
    let report = locate_draft(work, id)?.report;
    if report.kind != ReportKind::ConferenceRoomPaper {
        return Err(Problem::not_found("paper"));
    }
    let sections = store::sections(work.conn, id)?;
    let paragraphs = service::paragraphs(work, id)?;
    let cited = paragraphs.iter().flat_map(|one| &one.sources).map(|source| source.edition_id);
    let editions = store::editions::named(work.conn, &cited.collect())?;
    let reports: BTreeMap<EditionId, ReportId> =
        editions.into_iter().map(|(edition, report, ..)| (edition, report)).collect();
    let found = recurring(&sections, &paragraphs, &reports);
    Ok((found, paragraphs.into_iter().map(|one| (one.id, one)).collect()))
}
