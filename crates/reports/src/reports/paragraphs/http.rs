//! Operations on many paragraphs of a report, and the shapes of what they take and give. Knows no rule.

use super::{SplitInto, service};
use crate::http::prelude::*;
use crate::inputs::InputId;
use crate::reference::ObjectiveNumber;
use crate::reports::bodies::ParagraphBody;
use crate::reports::{NewParagraph, ParagraphId, ReportId, SectionId};

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(add_paragraphs).service(list_paragraphs).service(split_paragraph);
}

/// Paragraphs to be added, in their order.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddParagraphs {
    /// The paragraphs.
    #[schema(min_items = 1, max_items = 500)]
    pub paragraphs: Vec<AddParagraph>,
}

/// A paragraph to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddParagraph {
    /// The section it goes into.
    pub section_id: SectionId,
    /// Its place in the section, from 1, once those before it in the list are there; at the end when absent.
    #[serde(default)]
    #[schema(example = 1, minimum = 1)]
    pub position: Option<u32>,
    /// Inline Markdown: `*emphasis*`, `**strong**`, `[text](https://…)`, `^[footnote]`, and a list after the first line.
    #[schema(
        example = "Participants noted that fees kept many migrants from renewing their documents.^[Including late fees.]",
        max_length = 20000
    )]
    pub text: String,
    /// The one objective of a joint cluster that it is about.
    #[serde(default)]
    pub objective: Option<ObjectiveNumber>,
    /// Accepted inputs of the consultation that it rests on.
    #[serde(default)]
    pub inputs: Vec<InputId>,
    /// Why it rests on no input.
    #[serde(default)]
    pub editorial_reason: Option<String>,
}

impl From<&AddParagraph> for NewParagraph {
    fn from(body: &AddParagraph) -> Self {
        Self {
            section: body.section_id,
            position: body.position,
            text: body.text.clone(),
            objective: body.objective,
            inputs: body.inputs.clone(),
            editorial_reason: body.editorial_reason.clone(),
        }
    }
}

/// Paragraphs that were added, in the order in which they were sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddedParagraphs {
    /// The paragraphs.
    pub paragraphs: Vec<ParagraphBody>,
}

/// Adds paragraphs to sections of a report, up to 500 in one request: all of them or none. What is wrong is told of every paragraph
/// at once, by its place in the list.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), request_body = AddParagraphs, responses((status = 201, body = AddedParagraphs), Refusals), security(("bearer" = [])))]
#[post("/api/v1/reports/{report_id}/paragraphs")]
pub async fn add_paragraphs(
    call: Call,
    path: PathIds<ReportId>,
    body: Body<AddParagraphs>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let new = body.paragraphs.iter().map(NewParagraph::from).collect();
        let added = service::add(work, id, new)?;
        let added = service::allowed(work, id, added)?;
        let paragraphs = added.into_iter().map(ParagraphBody::from).collect();
        Ok(Reply::made(&AddedParagraphs { paragraphs }))
    })
    .await
}

/// The parts that a paragraph is split into.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitParagraph {
    /// The parts, in their order. The first is the paragraph; all keep what it rests on.
    #[schema(min_items = 2, max_items = 500)]
    pub parts: Vec<SplitPart>,
}

/// A part of a paragraph that is split.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitPart {
    /// What it says.
    #[schema(example = "Smugglers were seldom prosecuted.", max_length = 20000)]
    pub text: String,
    /// The section that it goes into; behind the part before it, where the paragraph stood, when absent.
    #[serde(default)]
    pub section_id: Option<SectionId>,
    /// The one objective of a joint cluster that it is about.
    #[serde(default)]
    pub objective: Option<ObjectiveNumber>,
}

/// Splits a paragraph into several, each of which keeps what it rests on: so what was said of several objectives together is told of each.
#[utoipa::path(tag = "reports", params(("paragraph_id" = ParagraphId, Path), IfMatch), request_body = SplitParagraph, responses((status = 201, body = AddedParagraphs), Refusals), security(("bearer" = [])))]
#[post("/api/v1/paragraphs/{paragraph_id}/split")]
pub async fn split_paragraph(
    call: Call,
    path: PathIds<ParagraphId>,
    body: Body<SplitParagraph>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let parts = body.parts.iter().map(|part| SplitInto {
            text: part.text.clone(),
            section: part.section_id,
            objective: part.objective,
        });
        let parts: Vec<SplitInto> = parts.collect();
        let made = service::split(work, id, version, &parts)?;
        let report = made.first().map(|one| one.report_id);
        let report = report.ok_or_else(|| Problem::internal("a split made nothing"))?;
        let made = service::allowed(work, report, made)?;
        let paragraphs = made.into_iter().map(ParagraphBody::from).collect();
        Ok(Reply::made(&AddedParagraphs { paragraphs }))
    })
    .await
}

/// Which paragraphs are listed.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ParagraphFilter {
    /// Those of one section; all of the report when absent.
    pub section_id: Option<SectionId>,
}

/// The paragraphs of a draft with their texts, in the order of the report.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path), ParagraphFilter, PageQuery), responses((status = 200, body = Page<ParagraphBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/paragraphs")]
pub async fn list_paragraphs(
    call: Call,
    path: PathIds<ReportId>,
    query: Listed<ParagraphFilter>,
) -> Answer {
    let (id, Listed { filter, paging }) = (path.id(), query);
    let part = call.read(move |work| service::list(work, id, filter.section_id, &paging)).await?;
    Ok(call.page(part.map(ParagraphBody::from)))
}
