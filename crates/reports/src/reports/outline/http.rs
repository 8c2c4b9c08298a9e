//! Operations on the outline of a draft, and the shapes of what they take and give. Knows no rule.

use super::{NewSection, Outline, OutlineParagraph, OutlineSection, service};
use crate::http::prelude::*;
use crate::reference::{CategoryCode, ObjectiveNumber};
use crate::reports::bodies::{ParagraphBody, SectionBody};
use crate::reports::{
    self as reports, ComputedText, ParagraphId, ReportId, SectionId, SectionKind,
};

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(read_outline)
        .service(read_section)
        .service(add_section)
        .service(move_section)
        .service(remove_section)
        .service(join_sections)
        .service(split_section)
        .service(set_views_apart);
}

/// What of an outline is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OutlineQuery {
    /// With everything that paragraphs say and rest on, and what you may do with each; without when absent.
    #[serde(default)]
    texts: bool,
}

/// The sections of a report as a tree, with their labels and the numbers of their paragraphs; with the texts when they are asked for.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path), OutlineQuery), responses((status = 200, body = OutlineBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/outline")]
pub async fn read_outline(
    call: Call,
    path: PathIds<ReportId>,
    query: Params<OutlineQuery>,
) -> Answer {
    let (id, texts) = (path.id(), query.0.texts);
    let outline = call.read(move |work| reports::service::outline(work, id)).await?;
    Ok(call.ok_unversioned(&OutlineBody::of(outline, texts)))
}

/// A report's sections with the labels and numbers they get.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutlineBody {
    /// The report.
    pub report_id: ReportId,
    /// The report's version.
    pub version: i64,
    /// The sections of the first level, in order.
    pub sections: Vec<OutlineSectionBody>,
}

/// A section in the outline.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutlineSectionBody {
    /// Its id.
    pub id: SectionId,
    /// What stands in it.
    pub kind: SectionKind,
    /// Its label as printed; absent when nothing stands in it, so that it is not printed.
    #[schema(example = "IV.")]
    pub label: Option<String>,
    /// Its heading.
    #[schema(example = "Outcomes of the consultation")]
    pub heading: String,
    /// The objectives of its cluster.
    pub objectives: Vec<ObjectiveNumber>,
    /// Its input category.
    pub category: Option<CategoryCode>,
    /// For `If-Match` when it is changed.
    pub version: i64,
    /// What you may do with it.
    pub allowed_actions: Vec<&'static str>,
    /// Its paragraphs, in order.
    pub paragraphs: Vec<OutlineParagraphBody>,
    /// The sections in it, in order.
    #[schema(no_recursion)]
    pub sections: Vec<OutlineSectionBody>,
}

/// A paragraph in the outline.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutlineParagraphBody {
    /// Its id.
    pub id: ParagraphId,
    /// Its number; absent for a computed paragraph for which there are no data.
    pub number: Option<u32>,
    /// What it is computed from.
    pub computed: Option<ComputedText>,
    /// The one objective of a joint cluster that it is about.
    pub objective: Option<ObjectiveNumber>,
    /// How many inputs, or paragraphs of editions, it rests on.
    pub rests_on: usize,
    /// For `If-Match` when it is changed.
    pub version: i64,
    /// Its words as printed, as inline Markdown, those that are computed too; when texts are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub printed: Option<String>,
    /// All of it; when texts are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paragraph: Option<ParagraphBody>,
}

impl OutlineParagraphBody {
    fn of(one: OutlineParagraph, texts: bool) -> Self {
        let paragraph = one.paragraph;
        Self {
            id: paragraph.id,
            number: one.number,
            computed: paragraph.computed,
            objective: paragraph.objective,
            rests_on: paragraph.inputs.len() + paragraph.sources.len(),
            version: paragraph.version,
            printed: one.printed.filter(|_| texts),
            paragraph: texts.then(|| ParagraphBody::from((paragraph, one.allowed_actions))),
        }
    }
}

impl OutlineBody {
    /// With all that paragraphs say, or without.
    pub(in crate::reports) fn of(outline: Outline, texts: bool) -> Self {
        let sections = outline.sections.into_iter();
        Self {
            report_id: outline.report.id,
            version: outline.report.version,
            sections: sections.map(|one| OutlineSectionBody::of(one, texts)).collect(),
        }
    }
}

impl OutlineSectionBody {
    fn of(outlined: OutlineSection, texts: bool) -> Self {
        let section = outlined.section;
        let paragraphs = outlined.paragraphs.into_iter();
        let paragraphs = paragraphs.map(|one| OutlineParagraphBody::of(one, texts));
        let sections = outlined.sections.into_iter();
        Self {
            id: section.id,
            kind: section.kind,
            label: outlined.label,
            heading: outlined.heading,
            objectives: section.objectives,
            category: section.category,
            version: section.version,
            allowed_actions: outlined.allowed_actions,
            paragraphs: paragraphs.collect(),
            sections: sections.map(|one| Self::of(one, texts)).collect(),
        }
    }
}

/// A section to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddSection {
    /// The section it goes into; one of the first level when absent.
    #[serde(default)]
    pub parent_id: Option<SectionId>,
    /// Its place there, from 1; at the end when absent, but before the annex.
    #[serde(default)]
    #[schema(example = 1, minimum = 1)]
    pub position: Option<u32>,
    /// Its heading.
    #[schema(example = "Voices of young migrants", max_length = 500)]
    pub heading: String,
}

/// Where a section goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveSection {
    /// The section it goes into; the first level when absent.
    #[serde(default)]
    pub parent_id: Option<SectionId>,
    /// Its place there, from 1; at the end when absent, but before the annex.
    #[serde(default)]
    #[schema(example = 2, minimum = 1)]
    pub position: Option<u32>,
}

/// The section that is joined into this one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinSections {
    /// The other section: its paragraphs, and the sections in it, come to the end of this one, and it is removed.
    pub section_id: SectionId,
    /// Another heading for both.
    #[serde(default)]
    #[schema(example = "Challenges and opportunities", max_length = 500)]
    pub heading: Option<String>,
}

/// Where a section is split.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitSection {
    /// The first paragraph that goes to the new section; those after it follow.
    pub paragraph_id: ParagraphId,
    /// The heading of the new section.
    #[schema(example = "Voices of young migrants", max_length = 500)]
    pub heading: String,
}

/// Views that diverge.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetViewsApart {
    /// The paragraphs that say them, two or more of the section, in the order in which they shall stand.
    #[schema(min_items = 2)]
    pub paragraph_ids: Vec<ParagraphId>,
    /// A heading in place of the usual one: "Recommendations: divergent views".
    #[serde(default)]
    #[schema(example = "Divergent views on fees", max_length = 500)]
    pub heading: Option<String>,
}

/// What becomes of the paragraphs of a section that is removed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RemoveSection {
    /// The section that its paragraphs go to, and those of the sections in it. Not needed when there are none.
    paragraphs_to: Option<SectionId>,
}

/// A section of a draft.
#[utoipa::path(tag = "reports", params(("section_id" = SectionId, Path)), responses((status = 200, body = SectionBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/report-sections/{section_id}")]
pub async fn read_section(call: Call, path: PathIds<SectionId>) -> Answer {
    let id = path.id();
    let section = call
        .read(move |work| {
            service::see(work, id).and_then(|section| SectionBody::new(work, section))
        })
        .await?;
    Ok(call.ok(section.version, &section))
}

/// Adds a section with a heading of its own to a report. Below the outcomes its paragraphs must rest on something as theirs do.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), request_body = AddSection, responses((status = 201, body = SectionBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/reports/{report_id}/sections")]
pub async fn add_section(call: Call, path: PathIds<ReportId>, body: Body<AddSection>) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let new = NewSection {
            parent: body.parent_id,
            position: body.position,
            heading: body.heading.clone(),
        };
        let section = service::add(work, id, new)?;
        let (address, version) =
            (format!("/api/v1/report-sections/{}", section.id), section.version);
        Ok(Reply::created(address, version, &SectionBody::new(work, section)?))
    })
    .await
}

/// Moves a section, with all that stands in it, to another place; the numbers of headings and paragraphs follow. Sections that are
/// written from data stay where they are.
#[utoipa::path(tag = "reports", params(("section_id" = SectionId, Path), IfMatch), request_body = MoveSection, responses((status = 200, body = SectionBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/report-sections/{section_id}/move")]
pub async fn move_section(call: Call, path: PathIds<SectionId>, body: Body<MoveSection>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let section = service::shift(work, id, version, body.parent_id, body.position)?;
        Ok(Reply::ok(section.version, &SectionBody::new(work, section)?))
    })
    .await
}

/// Removes a section and those in it. 409 while paragraphs stand there and no other section is named for them.
#[utoipa::path(tag = "reports", params(("section_id" = SectionId, Path), RemoveSection, IfMatch), responses((status = 204), Refusals), security(("bearer" = [])))]
#[delete("/api/v1/report-sections/{section_id}")]
pub async fn remove_section(
    call: Call,
    path: PathIds<SectionId>,
    query: Params<RemoveSection>,
) -> Answer {
    let (id, version, to) = (path.id(), call.if_match()?, query.0.paragraphs_to);
    call.change(move |work| {
        service::remove(work, id, version, to)?;
        Ok(Reply::no_content())
    })
    .await
}

/// Joins another section into this one.
#[utoipa::path(tag = "reports", params(("section_id" = SectionId, Path), IfMatch), request_body = JoinSections, responses((status = 200, body = SectionBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/report-sections/{section_id}/join")]
pub async fn join_sections(
    call: Call,
    path: PathIds<SectionId>,
    body: Body<JoinSections>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let section = service::join(work, id, version, body.section_id, body.heading.clone())?;
        Ok(Reply::ok(section.version, &SectionBody::new(work, section)?))
    })
    .await
}

/// Splits a section at a paragraph; the answer is the new section, which stands behind it.
#[utoipa::path(tag = "reports", params(("section_id" = SectionId, Path), IfMatch), request_body = SplitSection, responses((status = 201, body = SectionBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/report-sections/{section_id}/split")]
pub async fn split_section(
    call: Call,
    path: PathIds<SectionId>,
    body: Body<SplitSection>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let section = service::split(work, id, version, body.paragraph_id, body.heading.clone())?;
        let (address, version) =
            (format!("/api/v1/report-sections/{}", section.id), section.version);
        Ok(Reply::created(address, version, &SectionBody::new(work, section)?))
    })
    .await
}

/// Sets views that diverge beside each other, below a heading of their own behind the section; the answer is that section, of kind
/// `divergent_views`. Each keeps its number and the references of its own, in all formats. Joining the two sections undoes it.
#[utoipa::path(tag = "reports", params(("section_id" = SectionId, Path), IfMatch), request_body = SetViewsApart, responses((status = 201, body = SectionBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/report-sections/{section_id}/divergent-views")]
pub async fn set_views_apart(
    call: Call,
    path: PathIds<SectionId>,
    body: Body<SetViewsApart>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let heading = body.heading.clone();
        let section = service::set_apart(work, id, version, &body.paragraph_ids, heading)?;
        let (address, version) =
            (format!("/api/v1/report-sections/{}", section.id), section.version);
        Ok(Reply::created(address, version, &SectionBody::new(work, section)?))
    })
    .await
}
