//! The operation on a paragraph of an edition, and the shapes of what it gives. Knows no rule; nothing it gives has room for a contributor.

use super::{CitedParagraph, CitedPlace, service};
use crate::http::prelude::*;
use crate::inputs::InputId;
use crate::reference::{CategoryCode, ObjectiveNumber};
use crate::reports::{EditionId, ReportId};
use crate::ways;

/// Mounts the operation.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(read_edition_paragraph);
}

/// Where a paragraph of a published edition stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct CitedPlaceBody {
    /// The report.
    pub report_id: ReportId,
    /// The edition.
    pub edition_id: EditionId,
    /// The edition's number.
    #[schema(example = 1)]
    pub edition: i32,
    /// The symbol under which it was published.
    #[schema(example = "ESCAP/GCM/2021/CRP.2")]
    pub symbol: Option<String>,
    /// The paragraph's number.
    #[schema(example = 34)]
    pub paragraph: u32,
    /// The page on which it is read.
    pub page: String,
}

impl From<CitedPlace> for CitedPlaceBody {
    fn from(place: CitedPlace) -> Self {
        Self {
            page: ways::paragraph(place.report, place.number, place.paragraph),
            report_id: place.report,
            edition_id: place.edition,
            edition: place.number,
            symbol: place.symbol,
            paragraph: place.paragraph,
        }
    }
}

/// A paragraph of a published edition.
#[derive(Debug, Serialize, ToSchema)]
pub struct CitedParagraphBody {
    /// Where it stands.
    pub place: CitedPlaceBody,
    /// What it says, as inline Markdown.
    pub text: String,
    /// The objectives under whose heading it stands; its own, where it is about one of them.
    pub objectives: Vec<ObjectiveNumber>,
    /// Its category.
    pub category: Option<CategoryCode>,
    /// The paragraphs of summary reports that it rests on; of a paper's.
    pub rests_on: Vec<CitedPlaceBody>,
    /// The paragraphs of papers that rest on it.
    pub taken_up_in: Vec<CitedPlaceBody>,
    /// The inputs that it rests on; for who may read the report's draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inputs: Option<Vec<InputId>>,
}

impl From<CitedParagraph> for CitedParagraphBody {
    fn from(one: CitedParagraph) -> Self {
        let places = |places: Vec<CitedPlace>| {
            places.into_iter().map(CitedPlaceBody::from).collect::<Vec<_>>()
        };
        Self {
            place: one.place.into(),
            objectives: one.record.about(),
            text: one.record.text,
            category: one.record.category,
            rests_on: places(one.rests_on),
            taken_up_in: places(one.taken_up_in),
            inputs: one.inputs,
        }
    }
}

/// A paragraph of a published edition: what it says, the paragraphs that it rests on, and those of papers that rest on it. Whoever may read
/// the report's draft is told the inputs that it rests on.
#[utoipa::path(tag = "reports",
    params(("report_id" = ReportId, Path), ("number" = i32, Path, description = "The edition's number"), ("paragraph" = u32, Path, description = "The paragraph's number")),
    responses((status = 200, body = CitedParagraphBody), Refusals), security((), ("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/editions/{number}/paragraphs/{paragraph}")]
pub async fn read_edition_paragraph(call: Call, path: PathIds<(ReportId, i32, u32)>) -> Answer {
    let (id, number, paragraph) = path.parts();
    let found = call.read(move |work| service::read(work, id, number, paragraph)).await?;
    Ok(call.ok_unversioned(&CitedParagraphBody::from(found)))
}
