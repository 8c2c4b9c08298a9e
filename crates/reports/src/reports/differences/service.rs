//! Who may have two states of a report compared: of two editions everybody, of anything else whoever reads the draft.

use super::{Differences, Stand, Stood, corrigenda};
use crate::document::Document;
use crate::problem::Problem;
use crate::render;
use crate::reports::{ReportId, gather, milestones, service};
use crate::work::Work;

/// What differs between two states of a report; without the first one, from the edition before the second.
pub fn between(
    work: &mut Work,
    report: ReportId,
    from: Option<Stand>,
    to: Stand,
) -> Result<Differences, Problem> {
    let from = match (from, to) {
        (Some(from), _) => from,
        (None, Stand::Edition(number)) => Stand::Edition(number - 1),
        (None, Stand::Draft | Stand::Milestone(_)) => {
            let newest = service::issues(work, report)?.pop();
            Stand::Edition(newest.ok_or_else(|| Problem::not_found("edition"))?.number)
        }
    };
    Ok(Differences::between(stood(work, report, from)?, stood(work, report, to)?))
}

fn stood(work: &mut Work, id: ReportId, stand: Stand) -> Result<Stood, Problem> {
    match stand {
        Stand::Edition(number) => {
            service::see(work, id)?;
            let edition = service::edition(work, id, number)?;
            let document = edition.document()?;
            Ok(Stood::edition(&edition, document))
        }
        Stand::Milestone(number) => {
            let milestone = milestones::service::numbered(work, id, number)?;
            let bytes = milestone.document.as_deref();
            let gone = || Problem::not_found("document of that milestone any more");
            let document = render::json::read(bytes.ok_or_else(gone)?.as_bytes());
            Ok(Stood::milestone(&milestone, document.map_err(Problem::internal)?))
        }
        Stand::Draft => {
            let report = service::see_draft(work, id)?;
            let document = gather::facts(work, &report)?.compile()?;
            Ok(Stood::draft(&report, document))
        }
    }
}

/// A state of a report as a document, as [`between`] reads it.
pub fn document(work: &mut Work, report: ReportId, stand: Stand) -> Result<Document, Problem> {
    Ok(stood(work, report, stand)?.document)
}

/// The list of the changes that an edition made to the one before it, as a document; 404 for the first edition.
pub fn changes(work: &mut Work, report: ReportId, number: i32) -> Result<Document, Problem> {
    service::see(work, report)?;
    let amendment = service::edition(work, report, number)?.amendment;
    let amendment = amendment.ok_or_else(|| Problem::not_found("earlier edition"))?;
    let differences = between(work, report, None, Stand::Edition(number))?;
    Ok(corrigenda::list(&differences, amendment))
}
