//! Operations on reports, their sections and paragraphs, coverage, drafts and editions, and the shapes of what they take and
//! give. Knows no rule; nothing it gives says who contributed what.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use chrono::NaiveDate;

use super::{
    ComputedText, Coverage, Edition, EditionId, Merge, NewPaper, NewParagraph, Omission,
    OmissionId, Omitted, Outline, OutlineSection, Paragraph, ParagraphChange, ParagraphId, Report,
    ReportChange, ReportId, ReportKind, ReportState, Section, SectionId, SectionKind, Source,
    service,
};
use crate::consultations::ConsultationId;
use crate::db::types::Timestamp;
use crate::document::Document;
use crate::http::prelude::*;
use crate::inputs::InputId;
use crate::problem::Code;
use crate::reference::{CategoryCode, ObjectiveNumber};
use crate::render::{self, Format};
use crate::reviews::ReviewId;

/// Mounts the operations.
pub fn mount(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(open_report)
        .service(read_consultation_report)
        .service(open_paper)
        .service(list_papers)
        .service(read_report)
        .service(update_report)
        .service(read_outline)
        .service(update_section)
        .service(add_paragraph)
        .service(read_paragraph)
        .service(update_paragraph)
        .service(delete_paragraph)
        .service(move_paragraph)
        .service(merge_paragraphs)
        .service(read_coverage)
        .service(record_omission)
        .service(change_report_state)
        .service(publish_report)
        .service(export_draft)
        .service(list_editions)
        .service(export_edition);
}

// ---------------------------------------------------------------------------------------------- shapes

/// A report.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportBody {
    /// Its id.
    pub id: ReportId,
    /// Summary report or conference room paper.
    pub kind: ReportKind,
    /// The review it belongs to.
    pub review_id: ReviewId,
    /// The consultation, for a summary report.
    pub consultation_id: Option<ConsultationId>,
    /// Its title; for a summary report the theme.
    #[schema(
        example = "Protecting migrants through rights-based border governance and border management measures"
    )]
    pub title: String,
    /// Its document symbol.
    #[schema(example = "ESCAP/GCM/2021/CRP.2")]
    pub symbol: Option<String>,
    /// Its line of distribution.
    #[schema(example = "For participants only")]
    pub distribution: String,
    /// The date in its masthead.
    #[schema(example = "2021-02-26")]
    pub dated_on: Option<NaiveDate>,
    /// Its summary.
    pub summary: Option<String>,
    /// Where it is on its way.
    pub state: ReportState,
    /// Counts changes to the report and to anything in it; also the `ETag`.
    pub version: i64,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it or anything in it last changed.
    pub updated_at: Timestamp,
    /// What you may do with it.
    #[schema(example = json!(["read_draft", "update", "draft", "clear"]))]
    pub allowed_actions: Vec<&'static str>,
}

impl ReportBody {
    fn new(work: &mut Work, report: Report) -> Result<Self, Problem> {
        let allowed_actions = service::allowed_actions(work, &report)?;
        Ok(Self {
            id: report.id,
            kind: report.kind,
            review_id: report.review_id,
            consultation_id: report.consultation_id,
            title: report.title,
            symbol: report.symbol,
            distribution: report.distribution,
            dated_on: report.dated_on,
            summary: report.summary,
            state: report.state,
            version: report.version,
            created_at: report.created_at,
            updated_at: report.updated_at,
            allowed_actions,
        })
    }
}

/// A conference room paper to be opened. It starts with every paragraph of the outcomes of the review's published summary reports.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenPaper {
    /// Its document symbol.
    #[schema(example = "ESCAP/GCM/2021/CRP.2", max_length = 200)]
    pub symbol: Option<String>,
    /// Its title; when absent one made from the review's.
    #[schema(max_length = 500)]
    pub title: Option<String>,
    /// The agenda items under which it is considered; when absent those of the review.
    #[schema(example = "Items 2 and 3 of the provisional agenda")]
    pub agenda_items: Option<String>,
    /// The date in its masthead.
    #[schema(example = "2021-02-26")]
    pub dated_on: Option<NaiveDate>,
    /// Its line of distribution; "General" when absent.
    #[schema(example = "For participants only", max_length = 200)]
    pub distribution: Option<String>,
    /// Its summary: inline Markdown, a blank line between paragraphs.
    pub summary: Option<String>,
}

/// Changes to a report's masthead (JSON merge patch).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateReport {
    /// Its title.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(max_length = 500)]
    pub title: Option<String>,
    /// Its document symbol.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<String>, example = "ESCAP/GCM/2021/CRP.2")]
    pub symbol: Option<Option<String>>,
    /// Its line of distribution.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(example = "General")]
    pub distribution: Option<String>,
    /// The date in its masthead.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<NaiveDate>, example = "2021-02-26")]
    pub dated_on: Option<Option<NaiveDate>>,
    /// Its summary: inline Markdown, a blank line between paragraphs.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<String>)]
    pub summary: Option<Option<String>>,
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
    /// For `If-Match` when its heading is changed.
    pub version: i64,
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
}

impl From<Outline> for OutlineBody {
    fn from(outline: Outline) -> Self {
        Self {
            report_id: outline.report.id,
            version: outline.report.version,
            sections: outline.sections.into_iter().map(OutlineSectionBody::from).collect(),
        }
    }
}

impl From<OutlineSection> for OutlineSectionBody {
    fn from(outlined: OutlineSection) -> Self {
        let section = outlined.section;
        let paragraphs = outlined.paragraphs.into_iter().map(|one| OutlineParagraphBody {
            id: one.paragraph.id,
            number: one.number,
            computed: one.paragraph.computed,
            objective: one.paragraph.objective,
            rests_on: one.paragraph.inputs.len() + one.paragraph.sources.len(),
            version: one.paragraph.version,
        });
        Self {
            id: section.id,
            kind: section.kind,
            label: outlined.label,
            heading: outlined.heading,
            objectives: section.objectives,
            category: section.category,
            version: section.version,
            paragraphs: paragraphs.collect(),
            sections: outlined.sections.into_iter().map(OutlineSectionBody::from).collect(),
        }
    }
}

/// A section.
#[derive(Debug, Serialize, ToSchema)]
pub struct SectionBody {
    /// Its id.
    pub id: SectionId,
    /// Its report.
    pub report_id: ReportId,
    /// The section it stands in.
    pub parent_id: Option<SectionId>,
    /// What stands in it.
    pub kind: SectionKind,
    /// The objectives of its cluster.
    pub objectives: Vec<ObjectiveNumber>,
    /// Its input category.
    pub category: Option<CategoryCode>,
    /// A heading in place of the usual one.
    pub heading: Option<String>,
    /// Counts changes; also the `ETag`.
    pub version: i64,
    /// What you may do with it.
    pub allowed_actions: Vec<&'static str>,
}

impl SectionBody {
    fn new(work: &mut Work, section: Section) -> Result<Self, Problem> {
        let allowed_actions = service::allowed_section_actions(work, &section)?;
        Ok(Self {
            id: section.id,
            report_id: section.report_id,
            parent_id: section.parent_id,
            kind: section.kind,
            objectives: section.objectives,
            category: section.category,
            heading: section.heading,
            version: section.version,
            allowed_actions,
        })
    }
}

/// Changes to a section (JSON merge patch).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateSection {
    /// A heading in place of the usual one; null gives the usual one back.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<String>, example = "Specific challenges or opportunities created by COVID-19", max_length = 500)]
    pub heading: Option<Option<String>>,
}

/// A paragraph of an edition.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceBody {
    /// The edition.
    pub edition_id: EditionId,
    /// The number of the paragraph in it.
    #[schema(example = 19)]
    pub number: u32,
}

impl From<Source> for SourceBody {
    fn from(source: Source) -> Self {
        Self { edition_id: source.edition_id, number: source.number }
    }
}

impl From<SourceBody> for Source {
    fn from(source: SourceBody) -> Self {
        Self { edition_id: source.edition_id, number: source.number }
    }
}

/// A paragraph. Its number is in the outline, since it follows from all others.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParagraphBody {
    /// Its id; `[](#id)` in another paragraph prints its number.
    pub id: ParagraphId,
    /// Its report.
    pub report_id: ReportId,
    /// Its section.
    pub section_id: SectionId,
    /// Inline Markdown; absent for a computed paragraph that nobody wrote over.
    pub text: Option<String>,
    /// What it is computed from.
    pub computed: Option<ComputedText>,
    /// The one objective of a joint cluster that it is about.
    pub objective: Option<ObjectiveNumber>,
    /// Why it rests on no input.
    pub editorial_reason: Option<String>,
    /// The inputs it rests on.
    pub inputs: Vec<InputId>,
    /// The paragraphs of editions it rests on (paper).
    pub sources: Vec<SourceBody>,
    /// Counts changes; also the `ETag`.
    pub version: i64,
    /// What you may do with it.
    pub allowed_actions: Vec<&'static str>,
}

impl ParagraphBody {
    fn new(work: &mut Work, paragraph: Paragraph) -> Result<Self, Problem> {
        let allowed_actions = service::allowed_paragraph_actions(work, &paragraph)?;
        Ok(Self {
            id: paragraph.id,
            report_id: paragraph.report_id,
            section_id: paragraph.section_id,
            text: paragraph.text,
            computed: paragraph.computed,
            objective: paragraph.objective,
            editorial_reason: paragraph.editorial_reason,
            inputs: paragraph.inputs,
            sources: paragraph.sources.into_iter().map(SourceBody::from).collect(),
            version: paragraph.version,
            allowed_actions,
        })
    }
}

/// A paragraph to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddParagraph {
    /// The section it goes into.
    pub section_id: SectionId,
    /// Its place in the section, from 1; at the end when absent.
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

/// Changes to a paragraph (JSON merge patch).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "text": "Participants noted that *few* consulates issued documents.^[A footnote.]" }))]
pub struct UpdateParagraph {
    /// Its text; null gives a computed paragraph back to the data.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<String>, max_length = 20000)]
    pub text: Option<Option<String>>,
    /// The inputs it rests on.
    #[serde(default, deserialize_with = "patch::value")]
    pub inputs: Option<Vec<InputId>>,
    /// The one objective of a joint cluster that it is about.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<ObjectiveNumber>)]
    pub objective: Option<Option<ObjectiveNumber>>,
    /// Why it rests on no input.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<String>)]
    pub editorial_reason: Option<Option<String>>,
}

/// Where a paragraph goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveParagraph {
    /// The section it goes into.
    pub section_id: SectionId,
    /// Its place in the section, from 1; at the end when absent.
    #[serde(default)]
    #[schema(example = 2, minimum = 1)]
    pub position: Option<u32>,
}

/// Paragraphs to be joined. The first of them stays and keeps the inputs and sources of all.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeParagraphs {
    /// The paragraphs, two or more.
    pub paragraphs: Vec<ParagraphId>,
    /// The text of the joint one.
    #[schema(
        example = "While some participants favoured shorter procedures, others warned of weaker safeguards.",
        max_length = 20000
    )]
    pub text: String,
    /// Where it stands; where the first one stood when absent.
    #[serde(default)]
    pub section_id: Option<SectionId>,
    /// Its place there, from 1.
    #[serde(default)]
    #[schema(example = 1, minimum = 1)]
    pub position: Option<u32>,
    /// The one objective of a joint cluster that it is about.
    #[serde(default)]
    pub objective: Option<ObjectiveNumber>,
}

/// What is covered of a draft and what is not.
#[derive(Debug, Serialize, ToSchema)]
pub struct CoverageBody {
    /// Whether nothing is missing, so that the report can be published.
    pub complete: bool,
    /// How many inputs, or paragraphs of editions, could be used.
    pub available: u32,
    /// How many of them are cited.
    pub cited: u32,
    /// How many of them are left out with a reason.
    pub omitted: u32,
    /// Paragraphs of the outcomes that rest on nothing and do not say why.
    pub unsupported_paragraphs: Vec<ParagraphId>,
    /// Citations of inputs that are not accepted, or not any more.
    pub unaccepted_citations: Vec<UnacceptedCitation>,
    /// Accepted inputs that are neither cited nor left out with a reason.
    pub uncovered_inputs: Vec<InputId>,
    /// Paragraphs of editions that are neither taken up nor left out with a reason.
    pub uncovered_sources: Vec<SourceBody>,
}

/// A citation of an input that is not accepted.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnacceptedCitation {
    /// The paragraph that cites it.
    pub paragraph_id: ParagraphId,
    /// The input.
    pub input_id: InputId,
}

impl From<Coverage> for CoverageBody {
    fn from(coverage: Coverage) -> Self {
        let complete = coverage.is_complete();
        let citation = |(paragraph_id, input_id)| UnacceptedCitation { paragraph_id, input_id };
        Self {
            complete,
            available: coverage.available,
            cited: coverage.cited,
            omitted: coverage.omitted,
            unsupported_paragraphs: coverage.unsupported_paragraphs,
            unaccepted_citations: coverage.unaccepted_citations.into_iter().map(citation).collect(),
            uncovered_inputs: coverage.uncovered_inputs,
            uncovered_sources: coverage
                .uncovered_sources
                .into_iter()
                .map(SourceBody::from)
                .collect(),
        }
    }
}

/// What is left out and why: an input (summary report) or a paragraph of an edition (paper).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordOmission {
    /// The input.
    #[serde(default)]
    pub input_id: Option<InputId>,
    /// The paragraph of an edition.
    #[serde(default)]
    pub source: Option<SourceBody>,
    /// Why it is left out.
    #[schema(
        example = "Outside the objectives of this consultation; passed on to the third one.",
        max_length = 2000
    )]
    pub reason: String,
}

impl RecordOmission {
    fn omitted(&self) -> Result<Omitted, Problem> {
        match (self.input_id, self.source) {
            (Some(input), None) => Ok(Omitted::Input(input)),
            (None, Some(source)) => Ok(Omitted::Source(source.into())),
            _ => Err(Problem::invalid("/input_id", "name either an input or a source")),
        }
    }
}

/// What is left out and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct OmissionBody {
    /// Its id.
    pub id: OmissionId,
    /// The report it is left out of.
    pub report_id: ReportId,
    /// The input.
    pub input_id: Option<InputId>,
    /// The paragraph of an edition.
    pub source: Option<SourceBody>,
    /// Why it is left out.
    pub reason: String,
    /// Omissions do not change: always 1.
    pub version: i64,
}

impl From<Omission> for OmissionBody {
    fn from(omission: Omission) -> Self {
        let (input_id, source) = match omission.omitted {
            Omitted::Input(input) => (Some(input), None),
            Omitted::Source(source) => (None, Some(source.into())),
        };
        Self {
            id: omission.id,
            report_id: omission.report_id,
            input_id,
            source,
            reason: omission.reason,
            version: 1,
        }
    }
}

/// The state a report is moved to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "to": "clearance" }))]
pub struct ChangeReportState {
    /// `clearance` to have it cleared, `drafting` to go on drafting it or to begin a corrigendum.
    pub to: ReportState,
}

/// How an edition is published.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishReport {
    /// Its symbol, when it has none yet or gets another one.
    #[serde(default)]
    #[schema(example = "ESCAP/GCM/2021/CRP.2", max_length = 200)]
    pub symbol: Option<String>,
}

/// A published edition. It never changes.
#[derive(Debug, Serialize, ToSchema)]
pub struct EditionBody {
    /// Its id.
    pub id: EditionId,
    /// The report it is an edition of.
    pub report_id: ReportId,
    /// 1 for the first; later ones are corrigenda.
    pub number: i32,
    /// The symbol under which it was published.
    pub symbol: Option<String>,
    /// SHA-256 over the bytes of its JSON, in lower-case hexadecimal digits.
    pub sha256: String,
    /// When it was published.
    pub published_at: Timestamp,
    /// Where it is to be had.
    pub formats: Vec<FormatBody>,
}

/// A format of an edition.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormatBody {
    /// Its media type.
    #[schema(example = "text/html; charset=utf-8")]
    pub media_type: &'static str,
    /// Its address.
    pub href: String,
}

impl From<Edition> for EditionBody {
    fn from(edition: Edition) -> Self {
        let format = |format: &Format| FormatBody {
            media_type: format.media_type(),
            href: format!(
                "/api/v1/reports/{}/editions/{}.{}",
                edition.report_id,
                edition.number,
                format.extension()
            ),
        };
        Self {
            formats: Format::ALL.iter().map(format).collect(),
            id: edition.id,
            report_id: edition.report_id,
            number: edition.number,
            symbol: edition.symbol,
            sha256: edition.sha256,
            published_at: edition.published_at,
        }
    }
}

/// Which part of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListPart {
    /// Rows of a page, 1 to 200.
    pub limit: Option<u32>,
    /// Where the page begins: `next` of the page before.
    pub cursor: Option<String>,
}

// ---------------------------------------------------------------------------------------------- reports

/// Opens the summary report of a consultation with its outline and the paragraphs that are computed from data.
#[utoipa::path(tag = "reports", params(("consultation_id" = ConsultationId, Path)), responses((status = 201, body = ReportBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/consultations/{consultation_id}/report")]
pub async fn open_report(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let id = path.id();
    call.post_empty(move |work| {
        let report = service::open_summary(work, id)?;
        let (location, version) = (format!("/api/v1/reports/{}", report.id), report.version);
        Ok(Reply::created(location, version, &ReportBody::new(work, report)?))
    })
    .await
}

/// The summary report of a consultation.
#[utoipa::path(tag = "reports", params(("consultation_id" = ConsultationId, Path)), responses((status = 200, body = ReportBody), Refusals), security((), ("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/report")]
pub async fn read_consultation_report(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let id = path.id();
    let report = call.read(move |work| {
        service::summary_of(work, id).and_then(|report| ReportBody::new(work, report))
    });
    let report = report.await?;
    Ok(call.ok(report.version, &report))
}

/// Opens a conference room paper of a review. 409 when none of its summary reports is published.
#[utoipa::path(tag = "reports", params(("review_id" = ReviewId, Path)), request_body = OpenPaper, responses((status = 201, body = ReportBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/reviews/{review_id}/papers")]
pub async fn open_paper(call: Call, path: PathIds<ReviewId>, body: Body<OpenPaper>) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let new = NewPaper {
            symbol: body.symbol.clone(),
            title: body.title.clone(),
            agenda_items: body.agenda_items.clone(),
            dated_on: body.dated_on,
            distribution: body.distribution.clone(),
            summary: body.summary.clone(),
        };
        let report = service::open_paper(work, id, new)?;
        let (location, version) = (format!("/api/v1/reports/{}", report.id), report.version);
        Ok(Reply::created(location, version, &ReportBody::new(work, report)?))
    })
    .await
}

/// The conference room papers of a review, in the order in which they were opened.
#[utoipa::path(tag = "reports", params(("review_id" = ReviewId, Path), ListPart), responses((status = 200, body = Page<ReportBody>), Refusals), security((), ("bearer" = [])))]
#[get("/api/v1/reviews/{review_id}/papers")]
pub async fn list_papers(call: Call, path: PathIds<ReviewId>, query: Params<ListPart>) -> Answer {
    let id = path.id();
    let paging = Paging::new(query.limit, query.cursor.as_deref(), &("papers", id))?;
    let part = call.read(move |work| {
        let after: Option<ReportId> = paging.after_one()?;
        let mut papers = service::papers_of(work, id)?;
        papers.retain(|paper| after.is_none_or(|after| paper.id > after));
        let part = paging.finish(papers, |paper| vec![paper.id.to_string()]);
        let items: Result<Vec<_>, _> =
            part.items.into_iter().map(|paper| ReportBody::new(work, paper)).collect();
        Ok(Part { items: items?, next: part.next })
    });
    Ok(call.page(part.await?))
}

/// A report. Published ones are for everybody.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), responses((status = 200, body = ReportBody), Refusals), security((), ("bearer" = [])))]
#[get("/api/v1/reports/{report_id}")]
pub async fn read_report(call: Call, path: PathIds<ReportId>) -> Answer {
    let id = path.id();
    let report = call
        .read(move |work| service::see(work, id).and_then(|report| ReportBody::new(work, report)));
    let report = report.await?;
    Ok(call.ok(report.version, &report))
}

/// Changes what stands in the masthead of a report.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), request_body = UpdateReport, responses((status = 200, body = ReportBody), Refusals), security(("bearer" = [])))]
#[patch("/api/v1/reports/{report_id}")]
pub async fn update_report(
    call: Call,
    path: PathIds<ReportId>,
    body: Body<UpdateReport>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        let change = ReportChange {
            title: body.title.clone(),
            symbol: body.symbol.clone(),
            distribution: body.distribution.clone(),
            dated_on: body.dated_on,
            summary: body.summary.clone(),
        };
        let report = service::update(work, id, version, change)?;
        Ok(Reply::ok(report.version, &ReportBody::new(work, report)?))
    })
    .await
}

/// The sections of a report as a tree, with their labels and the numbers of their paragraphs.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), responses((status = 200, body = OutlineBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/outline")]
pub async fn read_outline(call: Call, path: PathIds<ReportId>) -> Answer {
    let id = path.id();
    let outline = OutlineBody::from(call.read(move |work| service::outline(work, id)).await?);
    Ok(call.ok_unversioned(&outline))
}

/// Gives a section another heading.
#[utoipa::path(tag = "reports", params(("section_id" = SectionId, Path)), request_body = UpdateSection, responses((status = 200, body = SectionBody), Refusals), security(("bearer" = [])))]
#[patch("/api/v1/report-sections/{section_id}")]
pub async fn update_section(
    call: Call,
    path: PathIds<SectionId>,
    body: Body<UpdateSection>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        let Some(heading) = body.heading.clone() else {
            return Err(Problem::invalid(
                "/heading",
                "name the heading, or null for the usual one",
            ));
        };
        let section = service::set_heading(work, id, version, heading)?;
        Ok(Reply::ok(section.version, &SectionBody::new(work, section)?))
    })
    .await
}

// ---------------------------------------------------------------------------------------------- paragraphs

/// Adds a paragraph to a section of a report.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), request_body = AddParagraph, responses((status = 201, body = ParagraphBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/reports/{report_id}/paragraphs")]
pub async fn add_paragraph(
    call: Call,
    path: PathIds<ReportId>,
    body: Body<AddParagraph>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let new = NewParagraph {
            section: body.section_id,
            position: body.position,
            text: body.text.clone(),
            objective: body.objective,
            inputs: body.inputs.clone(),
            editorial_reason: body.editorial_reason.clone(),
        };
        let paragraph = service::add_paragraph(work, id, new)?;
        let (location, version) =
            (format!("/api/v1/paragraphs/{}", paragraph.id), paragraph.version);
        Ok(Reply::created(location, version, &ParagraphBody::new(work, paragraph)?))
    })
    .await
}

/// A paragraph of a draft.
#[utoipa::path(tag = "reports", params(("paragraph_id" = ParagraphId, Path)), responses((status = 200, body = ParagraphBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/paragraphs/{paragraph_id}")]
pub async fn read_paragraph(call: Call, path: PathIds<ParagraphId>) -> Answer {
    let id = path.id();
    let paragraph = call.read(move |work| {
        service::paragraph(work, id).and_then(|one| ParagraphBody::new(work, one))
    });
    let paragraph = paragraph.await?;
    Ok(call.ok(paragraph.version, &paragraph))
}

/// Changes the text of a paragraph or what it rests on.
#[utoipa::path(tag = "reports", params(("paragraph_id" = ParagraphId, Path)), request_body = UpdateParagraph, responses((status = 200, body = ParagraphBody), Refusals), security(("bearer" = [])))]
#[patch("/api/v1/paragraphs/{paragraph_id}")]
pub async fn update_paragraph(
    call: Call,
    path: PathIds<ParagraphId>,
    body: Body<UpdateParagraph>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        let change = ParagraphChange {
            text: body.text.clone(),
            inputs: body.inputs.clone(),
            objective: body.objective,
            editorial_reason: body.editorial_reason.clone(),
        };
        let paragraph = service::update_paragraph(work, id, version, change)?;
        Ok(Reply::ok(paragraph.version, &ParagraphBody::new(work, paragraph)?))
    })
    .await
}

/// Removes a paragraph. A computed one is not removed but written over.
#[utoipa::path(tag = "reports", params(("paragraph_id" = ParagraphId, Path)), responses((status = 204), Refusals), security(("bearer" = [])))]
#[delete("/api/v1/paragraphs/{paragraph_id}")]
pub async fn delete_paragraph(call: Call, path: PathIds<ParagraphId>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        service::delete_paragraph(work, id, version)?;
        Ok(Reply::no_content())
    })
    .await
}

/// Moves a paragraph to a place of a section; the numbers of all paragraphs follow.
#[utoipa::path(tag = "reports", params(("paragraph_id" = ParagraphId, Path)), request_body = MoveParagraph, responses((status = 200, body = ParagraphBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/paragraphs/{paragraph_id}/move")]
pub async fn move_paragraph(
    call: Call,
    path: PathIds<ParagraphId>,
    body: Body<MoveParagraph>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let paragraph = service::move_paragraph(work, id, version, body.section_id, body.position)?;
        Ok(Reply::ok(paragraph.version, &ParagraphBody::new(work, paragraph)?))
    })
    .await
}

/// Joins several paragraphs into one, which keeps what all of them rest on.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), request_body = MergeParagraphs, responses((status = 200, body = ParagraphBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/reports/{report_id}/paragraphs/merge")]
pub async fn merge_paragraphs(
    call: Call,
    path: PathIds<ReportId>,
    body: Body<MergeParagraphs>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let merge = Merge {
            paragraphs: body.paragraphs.clone(),
            text: body.text.clone(),
            section: body.section_id,
            position: body.position,
            objective: body.objective,
        };
        let paragraph = service::merge_paragraphs(work, id, merge)?;
        Ok(Reply::ok(paragraph.version, &ParagraphBody::new(work, paragraph)?))
    })
    .await
}

// ---------------------------------------------------------------------------------------------- coverage and publishing

/// What is covered of a draft and what is not.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), responses((status = 200, body = CoverageBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/coverage")]
pub async fn read_coverage(call: Call, path: PathIds<ReportId>) -> Answer {
    let id = path.id();
    let coverage = CoverageBody::from(call.read(move |work| service::coverage(work, id)).await?);
    Ok(call.ok_unversioned(&coverage))
}

/// Records why an input, or a paragraph of an edition, is not in the text.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), request_body = RecordOmission, responses((status = 201, body = OmissionBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/reports/{report_id}/omissions")]
pub async fn record_omission(
    call: Call,
    path: PathIds<ReportId>,
    body: Body<RecordOmission>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let omission = service::omit(work, id, body.omitted()?, body.reason.clone())?;
        Ok(Reply::created(
            format!("/api/v1/reports/{id}/coverage"),
            1,
            &OmissionBody::from(omission),
        ))
    })
    .await
}

/// Moves a report between drafting and clearance, or reopens a published one for a corrigendum.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), request_body = ChangeReportState, responses((status = 200, body = ReportBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/reports/{report_id}/state")]
pub async fn change_report_state(
    call: Call,
    path: PathIds<ReportId>,
    body: Body<ChangeReportState>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let report = service::change_state(work, id, version, body.to)?;
        Ok(Reply::ok(report.version, &ReportBody::new(work, report)?))
    })
    .await
}

/// Publishes an edition. 409 `coverage_incomplete` lists what is not covered.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), request_body = PublishReport, responses((status = 201, body = EditionBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/reports/{report_id}/publish")]
pub async fn publish_report(
    call: Call,
    path: PathIds<ReportId>,
    body: Body<PublishReport>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let edition = service::publish(work, id, version, body.symbol.clone())?;
        let location = format!("/api/v1/reports/{id}/editions/{}.json", edition.number);
        let etag = format!("\"{}\"", edition.sha256);
        let mut reply = Reply::created(location, 1, &EditionBody::from(edition));
        reply
            .headers
            .iter_mut()
            .filter(|(name, _)| name == "ETag")
            .for_each(|(_, value)| value.clone_from(&etag));
        Ok(reply)
    })
    .await
}

/// The editions of a report, by number.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path), ListPart), responses((status = 200, body = Page<EditionBody>), Refusals), security((), ("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/editions")]
pub async fn list_editions(call: Call, path: PathIds<ReportId>, query: Params<ListPart>) -> Answer {
    let id = path.id();
    let paging = Paging::new(query.limit, query.cursor.as_deref(), &("editions", id))?;
    let part = call.read(move |work| {
        let after: Option<i32> = paging.after_one()?;
        let mut editions = service::editions(work, id)?;
        editions.retain(|edition| after.is_none_or(|after| edition.number > after));
        Ok(paging.finish(editions, |edition| vec![edition.number.to_string()]))
    });
    Ok(call.page(part.await?.map(EditionBody::from)))
}

// ---------------------------------------------------------------------------------------------- documents

/// The draft of a report as a document: `json`, `md` or `html`.
#[utoipa::path(
    tag = "reports",
    params(("report_id" = ReportId, Path), ("format" = String, Path, description = "json, md or html")),
    responses((status = 200, description = "The draft", content((Object = "application/json"), (String = "text/markdown"), (String = "text/html"))), Refusals),
    security(("bearer" = []))
)]
#[get("/api/v1/reports/{report_id}/draft.{format}")]
pub async fn export_draft(call: Call, path: web::Path<(String, String)>) -> Answer {
    let (id, format) = path.into_inner();
    let (id, format) = (report_id(&id)?, format_of(&format)?);
    let document = call.read(move |work| service::compile(work, id)).await?;
    let etag = format!("\"{}\"", document.fingerprint());
    Ok(call.unless_known(&etag, || {
        let bytes = render::render(&document, format);
        let name = format!("draft-{id}.{}", format.extension());
        answer(bytes, format, &name, &etag, "private, no-cache")
    }))
}

/// A published edition as a document: `json`, `md` or `html`. The JSON is exactly the bytes that its SHA-256 is over.
#[utoipa::path(
    tag = "reports",
    params(("report_id" = ReportId, Path), ("number" = i32, Path), ("format" = String, Path, description = "json, md or html")),
    responses((status = 200, description = "The edition", content((Object = "application/json"), (String = "text/markdown"), (String = "text/html"))), Refusals),
    security((), ("bearer" = []))
)]
#[get("/api/v1/reports/{report_id}/editions/{number}.{format}")]
pub async fn export_edition(call: Call, path: web::Path<(String, String, String)>) -> Answer {
    let (id, number, format) = path.into_inner();
    let id = report_id(&id)?;
    let number: i32 = number.parse().map_err(|_| Problem::not_found("edition"))?;
    let format = format_of(&format)?;
    let edition = call.read(move |work| service::edition(work, id, number)).await?;
    let etag = format!("\"{}\"", edition.sha256);
    let bytes = match format {
        Format::Json => edition.document.into_bytes(),
        other => {
            let document: Document =
                render::json::read(edition.document.as_bytes()).map_err(Problem::internal)?;
            render::render(&document, other)
        }
    };
    let name = format!("{id}-edition-{number}.{}", format.extension());
    Ok(call.unless_known(&etag, || answer(bytes, format, &name, &etag, "public, no-cache")))
}

fn report_id(text: &str) -> Result<ReportId, Problem> {
    let detail = "An id in the path is not of the form the API gives: a UUID.";
    text.parse().map_err(|_| Problem::new(Code::InvalidPath, detail))
}

fn format_of(extension: &str) -> Result<Format, Problem> {
    let found = Format::ALL.into_iter().find(|format| format.extension() == extension);
    found.ok_or_else(|| {
        let names = Format::ALL.map(Format::extension).join(", ");
        Problem::new(Code::NotAcceptable, format!("It is to be had as {names}."))
    })
}

fn answer(
    bytes: Vec<u8>,
    format: Format,
    name: &str,
    etag: &str,
    cache: &'static str,
) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::ETAG, etag))
        .insert_header((header::CONTENT_TYPE, format.media_type()))
        .insert_header((header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, cache));
    if format == Format::Html {
        let style = render::html::style_source();
        let policy = format!(
            "default-src 'none'; style-src {style}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        );
        response.insert_header((header::CONTENT_SECURITY_POLICY, policy));
    }
    response.body(bytes)
}
