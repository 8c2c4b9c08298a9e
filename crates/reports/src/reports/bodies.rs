//! What requests and answers of reports look like. Holds no handler and decides nothing; no answer has room for a contributor.

use chrono::NaiveDate;

use super::{
    Amendment, ComputedText, Coverage, EditionId, HeadingStyle, MastheadLine, MastheadNote,
    Paragraph, ParagraphId, Report, ReportId, ReportKind, ReportState, Section, SectionId,
    SectionKind, Source, rights, service, steps,
};
use crate::consultations::ConsultationId;
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::i18n::Language;
use crate::inputs::{InputId, InputState};
use crate::reference::{CategoryCode, ObjectiveNumber};
use crate::reports::checks::coverage::Unaccepted;
use crate::reviews::ReviewId;

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
    /// The language that it is written in: the fixed words of its first page are, and its pages run that way. Paragraphs that
    /// are written from data stay English until a text is written in their place.
    pub language: Language,
    /// The language of the text that it was translated from; its own when it was not.
    pub original_language: Language,
    /// Whether charts stand in it, of who took part and of what was brought in.
    pub figures: bool,
    /// The agenda items in a paper's masthead, a line each; absent when they are those of the review.
    #[schema(example = "Items 2 and 3 of the provisional agenda")]
    pub agenda_items: Option<String>,
    /// Notes to lines of its first page, in the order of their marks.
    pub masthead_notes: Vec<MastheadNoteBody>,
    /// How its headings are numbered.
    pub heading_style: HeadingStyle,
    /// Where it is on its way.
    pub state: ReportState,
    /// What the edition that comes next is, once there is one.
    pub amendment: Option<Amendment>,
    /// Counts changes to the report and to anything in it; also the `ETag`.
    pub version: i64,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it or anything in it last changed.
    pub updated_at: Timestamp,
    /// What you may do with it; in a list also the steps that something stands in the way of.
    #[schema(example = json!(["read_draft", "update", "draft", "clear"]))]
    pub allowed_actions: Vec<&'static str>,
}

impl ReportBody {
    pub(super) fn new(work: &mut Work, report: Report) -> Result<Self, Problem> {
        let allowed_actions = steps::allowed_actions(work, &report)?;
        Ok(Self::of(report, allowed_actions))
    }

    /// In a list, where no draft is held against the checks.
    pub(super) fn listed(work: &mut Work, reports: Vec<Report>) -> Result<Vec<Self>, Problem> {
        let allowed = rights::permitted_actions_of(work, &reports)?;
        let body = |(report, allowed_actions)| Self::of(report, allowed_actions);
        Ok(reports.into_iter().zip(allowed).map(body).collect())
    }

    fn of(report: Report, allowed_actions: Vec<&'static str>) -> Self {
        Self {
            id: report.id,
            kind: report.kind,
            review_id: report.review_id,
            consultation_id: report.consultation_id,
            title: report.title,
            symbol: report.symbol,
            distribution: report.distribution,
            dated_on: report.dated_on,
            summary: report.summary,
            language: report.language,
            original_language: report.original_language,
            figures: report.figures,
            agenda_items: report.agenda_items,
            masthead_notes: report.masthead_notes.into_iter().map(Into::into).collect(),
            heading_style: report.heading_style,
            state: report.state,
            amendment: report.amendment,
            version: report.version,
            created_at: report.created_at,
            updated_at: report.updated_at,
            allowed_actions,
        }
    }
}

/// A note to a line of the first page of a report, marked there and at the foot of the page by asterisks. It is printed once
/// that line is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MastheadNoteBody {
    /// The line that it is to.
    pub to: MastheadLine,
    /// Inline Markdown: one paragraph, without list and footnote.
    #[schema(example = "Issued without formal editing.", max_length = 1000)]
    pub text: String,
}

impl From<MastheadNote> for MastheadNoteBody {
    fn from(note: MastheadNote) -> Self {
        Self { to: note.to, text: note.text }
    }
}

impl From<MastheadNoteBody> for MastheadNote {
    fn from(note: MastheadNoteBody) -> Self {
        Self { to: note.to, text: note.text }
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
    /// Notes to lines of its first page.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub masthead_notes: Vec<MastheadNoteBody>,
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
    /// The language that it is written in.
    #[serde(default, deserialize_with = "patch::value")]
    pub language: Option<Language>,
    /// The language of the text that it was translated from.
    #[serde(default, deserialize_with = "patch::value")]
    pub original_language: Option<Language>,
    /// Whether charts stand in it.
    #[serde(default, deserialize_with = "patch::value")]
    pub figures: Option<bool>,
    /// The agenda items in a paper's masthead, a line each; null gives those of the review.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<String>, example = "Items 2 and 3 of the provisional agenda", max_length = 20000)]
    pub agenda_items: Option<Option<String>>,
    /// Notes to lines of its first page: all of them, in place of those there were.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(max_items = 8)]
    pub masthead_notes: Option<Vec<MastheadNoteBody>>,
    /// How its headings are numbered.
    #[serde(default, deserialize_with = "patch::value")]
    pub heading_style: Option<HeadingStyle>,
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
    pub(super) fn new(work: &mut Work, section: Section) -> Result<Self, Problem> {
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
    pub(super) fn new(work: &mut Work, paragraph: Paragraph) -> Result<Self, Problem> {
        let allowed_actions = service::allowed_paragraph_actions(work, &paragraph)?;
        Ok(Self::from((paragraph, allowed_actions)))
    }
}

impl From<(Paragraph, Vec<&'static str>)> for ParagraphBody {
    fn from((paragraph, allowed_actions): (Paragraph, Vec<&'static str>)) -> Self {
        Self {
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
        }
    }
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
    /// The version of each that you have seen, in the same order: 412 when one has another. Left out, whatever is there is joined.
    #[serde(default)]
    pub versions: Vec<i64>,
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
    /// What became of it: it was withdrawn, merged, returned, set aside, or has to be read again.
    pub state: Option<InputState>,
}

impl From<Unaccepted> for UnacceptedCitation {
    fn from(one: Unaccepted) -> Self {
        Self { paragraph_id: one.paragraph, input_id: one.input, state: one.state }
    }
}

impl From<Coverage> for CoverageBody {
    fn from(coverage: Coverage) -> Self {
        let complete = coverage.is_complete();
        Self {
            complete,
            available: coverage.available,
            cited: coverage.cited,
            omitted: coverage.omitted,
            unsupported_paragraphs: coverage.unsupported_paragraphs,
            unaccepted_citations: coverage
                .unaccepted_citations
                .into_iter()
                .map(UnacceptedCitation::from)
                .collect(),
            uncovered_inputs: coverage.uncovered_inputs,
            uncovered_sources: coverage
                .uncovered_sources
                .into_iter()
                .map(SourceBody::from)
                .collect(),
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
    /// What the edition that follows is, of a published report: a corrigendum when absent. Its symbol follows from it.
    #[serde(default)]
    pub amendment: Option<Amendment>,
    /// Why: needed to go back to drafting, and to begin a corrigendum.
    #[schema(example = "A figure in paragraph 12 is wrong.", max_length = 2000)]
    pub reason: Option<String>,
}
