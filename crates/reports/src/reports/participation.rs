//! Section II by itself: the paragraphs that a summary report writes from data, told before and beside the report.
//! Words and figures come from the compiler's own function, so that both say the same.

use super::compile::section_two::SectionTwo;
use super::{ComputedText, gather};
use crate::access::Permission;
use crate::consultations::{self, AttributionRule, ConsultationId, Session, WorkingGroup};
use crate::document::inline::to_source;
use crate::figures;
use crate::figures::rounding::ROUNDING_RULE;
use crate::http::prelude::*;

/// Mounts the operation.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(read_participation_paragraphs);
}

/// A paragraph of section II.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParticipationParagraphBody {
    /// What it tells.
    kind: ComputedText,
    /// Inline Markdown; `^[…]` is a footnote.
    #[schema(
        example = "About 80 stakeholders from 15 countries attended the consultation.^[Including 20 representatives of United Nations entities.]"
    )]
    text: String,
}

/// The paragraphs of section II as the summary report has them now.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParticipationParagraphsBody {
    /// In their order. What there is nothing on record for is not there.
    paragraphs: Vec<ParticipationParagraphBody>,
    /// The rule by which the number of participants is rounded.
    rounding_rule: &'static str,
}

/// The paragraphs of section II that the summary report writes from data. Figures about people are those of the newest release; while
/// there is none, the paragraph says so.
#[utoipa::path(tag = "reports", params(("consultation_id" = ConsultationId, Path)),
    responses((status = 200, body = ParticipationParagraphsBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/participation-paragraphs")]
pub async fn read_participation_paragraphs(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let consultation = path.id();
    let body = call.read(move |work| paragraphs(work, consultation)).await?;
    Ok(call.ok_unversioned(&body))
}

fn paragraphs(work: &mut Work, id: ConsultationId) -> Result<ParticipationParagraphsBody, Problem> {
    let consultation = consultations::service::see(work, id)?;
    work.require(Permission::ReadPlans, &consultation.scope())?;
    let released = figures::service::told(work, id)?;
    let co_organizers = gather::co_organizers(work, id)?;
    let ruled = consultations::programme::service::all::<Session>(work, id)?
        .iter()
        .any(|session| session.attribution_rule == AttributionRule::ChathamHouse);
    let chatham_house =
        ruled || !consultations::programme::service::all::<WorkingGroup>(work, id)?.is_empty();
    let section = SectionTwo {
        consultation: &consultation,
        co_organizers: &co_organizers,
        released: released.as_ref(),
        chatham_house,
    };
    let written = SectionTwo::ORDER.into_iter().filter_map(|kind| {
        let paragraph = section.paragraph(kind)?;
        let text = to_source(&paragraph.parts, &paragraph.notes);
        Some(ParticipationParagraphBody { kind, text })
    });
    Ok(ParticipationParagraphsBody { paragraphs: written.collect(), rounding_rule: ROUNDING_RULE })
}
