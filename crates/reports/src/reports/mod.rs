//! Reports: what a section and a paragraph are, the states of a report and the order of its paragraphs. Pure; must never know who said what: nothing in this crate can name `voices` (ARCHITECTURE.md, rule 1).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::consultations::ConsultationId;
use crate::db::types::Timestamp;
use crate::i18n::Language;
use crate::inputs::InputId;
use crate::problem::{Code, Problem};
use crate::reference::{CategoryCode, ObjectiveNumber};
use crate::reviews::{CategoryId, ReviewId};
use crate::text_enum;

pub mod alerts;
pub mod amendments;
pub mod arranging;
mod basis;
mod bodies;
pub mod checks;
pub mod citing;
pub mod clearance;
pub mod compile;
pub mod differences;
pub mod documents;
pub mod drafting;
pub mod editions;
mod feature;
pub mod folder;
pub mod following;
mod foreseeing;
mod gather;
pub mod history;
pub mod http;
pub mod input_coverage;
mod mails;
pub mod milestones;
pub mod omissions;
pub mod opening;
pub mod outline;
pub mod paragraphs;
pub mod participation;
mod personal;
mod privacy;
pub mod provenance;
pub mod publishing;
mod reach;
pub mod recompiling;
pub mod recurring;
pub mod returning;
pub mod rights;
pub mod service;
pub mod steps;
pub mod store;
pub mod suggestions;
pub mod translations;
pub mod waiting;

pub use amendments::Amendment;
pub use checks::coverage::Coverage;
pub use editions::{
    ConsultationRecord, Edition, EditionRecord, Issue, ParagraphRecord, RecordedFigures,
};
pub use feature::FEATURE;
pub use outline::{Outline, OutlineParagraph, OutlineSection};

pub use crate::vocabulary::{EditionId, OmissionId, ParagraphId, ReportId, SectionId};

text_enum! {
    /// What a report is about.
    pub enum ReportKind {
        /// Of one consultation.
        SummaryReport => "summary_report",
        /// Of a review, compiled from the editions of its summary reports.
        ConferenceRoomPaper => "conference_room_paper",
    }
}

text_enum! {
    /// Where a report is on its way to the public.
    pub enum ReportState {
        /// Its paragraphs are written.
        Drafting => "drafting",
        /// It is read by those who clear it; nothing changes.
        Clearance => "clearance",
        /// An edition was published; reopening it for drafting begins a corrigendum.
        Published => "published",
    }
}

impl ReportState {
    /// The states that it can be followed by; `published` by publishing only.
    pub const fn next(self) -> &'static [ReportState] {
        match self {
            Self::Drafting => &[Self::Clearance],
            Self::Clearance => &[Self::Published, Self::Drafting],
            Self::Published => &[Self::Drafting],
        }
    }

    /// Whether `to` lies before it: a step back, which needs a reason.
    pub fn is_back(self, to: Self) -> bool {
        to < self
    }

    /// The states from which this one is reached; `published` is reached by publishing only.
    pub const fn reached_from(self) -> &'static [ReportState] {
        match self {
            Self::Drafting => &[Self::Clearance, Self::Published],
            Self::Clearance => &[Self::Drafting],
            Self::Published => &[],
        }
    }

    /// The next state.
    ///
    /// # Errors
    /// 409 `invalid_transition`, naming the states from which `to` is reached.
    pub fn advance(self, to: Self) -> Result<Self, Problem> {
        let from = to.reached_from();
        if from.contains(&self) {
            return Ok(to);
        }
        let detail = match from {
            [] => "A report becomes published by publishing an edition.".to_owned(),
            from => {
                let names: Vec<_> = from.iter().map(|state| state.as_str()).collect();
                format!(
                    "A report that is {self} does not become {to}; it does so from {}.",
                    names.join(" or ")
                )
            }
        };
        Err(Problem::new(Code::InvalidTransition, detail))
    }
}

text_enum! {
    /// What stands in a section.
    pub enum SectionKind {
        /// I. Background (summary report).
        Background => "background",
        /// II. Objectives, organization and attendance (summary report).
        Organization => "organization",
        /// III. Opening (summary report); on record.
        Opening => "opening",
        /// Holds the outcomes by cluster (summary report) or by objective (paper).
        Outcomes => "outcomes",
        /// Overall progress, over all objectives.
        OverallProgress => "overall_progress",
        /// One cluster of objectives; in a paper one objective, or those that were discussed together.
        Cluster => "cluster",
        /// One input category of a cluster.
        Category => "category",
        /// V. Closing and next steps (summary report); on record.
        Closing => "closing",
        /// The programme, from data (summary report).
        Annex => "annex",
        /// I. Introduction (paper).
        Introduction => "introduction",
        /// II. Participation over the series, from data (paper).
        Participation => "participation",
        /// Added by whoever drafts, under a heading of its own.
        Added => "added",
        /// As `added`, among the outcomes: what stands in it must rest on something.
        AddedOutcome => "added_outcome",
        /// Views that diverge, set beside each other by whoever drafts; of the category that they stood in.
        DivergentViews => "divergent_views",
    }
}

impl SectionKind {
    /// Whether its paragraphs say what came out of the consultation, so that each must rest on something (ARCHITECTURE.md, rule 2).
    pub const fn is_outcome(self) -> bool {
        matches!(
            self,
            Self::OverallProgress
                | Self::Cluster
                | Self::Category
                | Self::AddedOutcome
                | Self::DivergentViews
        )
    }

    /// Whether it can be headed otherwise than usual; objectives are named by their numbers (ARCHITECTURE.md, rule 6).
    pub const fn takes_heading(self) -> bool {
        !matches!(self, Self::Cluster)
    }

    /// Whether paragraphs stand directly in it.
    pub const fn takes_paragraphs(self) -> bool {
        !matches!(self, Self::Outcomes | Self::Annex)
    }
}

text_enum! {
    /// A paragraph that is written from data when the report is compiled, unless somebody wrote a text in its place.
    pub enum ComputedText {
        /// When the consultation was held and which objectives it addressed.
        Scope => "scope",
        /// Who organized it.
        CoOrganizers => "co_organizers",
        /// Who attended.
        Attendance => "attendance",
        /// How the report is arranged and under which rule people spoke.
        Method => "method",
        /// How many consultations there were (paper).
        Participation => "participation",
    }
}

impl ComputedText {
    /// Those of section II of a summary report, in their order.
    pub const OF_ORGANIZATION: [Self; 4] =
        [Self::Scope, Self::CoOrganizers, Self::Attendance, Self::Method];
}

text_enum! {
    /// How the headings of a report are numbered.
    pub enum HeadingStyle {
        /// I, A, i and no number, as ESCAP prints its summary reports.
        EscapReport => "escap_report",
        /// I, A, 1 and (a): UN Editorial Manual, headings.
        UnManual => "un_manual",
    }
}

text_enum! {
    /// A line of the first page of a report that a note can be to, in the order in which they are printed.
    pub enum MastheadLine {
        /// The symbol.
        Symbol => "symbol",
        /// The agenda items, behind the last of them.
        AgendaItems => "agenda_items",
        /// The title.
        Title => "title",
        /// The heading of the summary.
        Summary => "summary",
    }
}

/// A note to a line of the first page, marked by asterisks (UN Editorial Manual, footnotes).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MastheadNote {
    /// The line that it is to.
    pub to: MastheadLine,
    /// Inline Markdown, one paragraph without list and footnote.
    pub text: String,
}

/// A report: what stands in its masthead and where it is on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its id.
    pub id: ReportId,
    /// Summary report or conference room paper.
    pub kind: ReportKind,
    /// The review it belongs to.
    pub review_id: ReviewId,
    /// The consultation, for a summary report.
    pub consultation_id: Option<ConsultationId>,
    /// Its title; for a summary report the theme of the consultation.
    pub title: String,
    /// Its document symbol.
    pub symbol: Option<String>,
    /// Its line of distribution, as printed.
    pub distribution: String,
    /// The date in its masthead.
    pub dated_on: Option<NaiveDate>,
    /// Its summary: paragraphs of inline Markdown, a blank line between them.
    pub summary: Option<String>,
    /// The agenda items in a paper's masthead; those of the review when absent.
    pub agenda_items: Option<String>,
    /// The language that it is written in.
    pub language: Language,
    /// The language of the text that it was translated from; its own when it was not.
    pub original_language: Language,
    /// Whether charts stand in it, of who took part and of what was brought in.
    pub figures: bool,
    /// Notes to lines of its first page; one to a line that is not printed is not printed either.
    pub masthead_notes: Vec<MastheadNote>,
    /// How its headings are numbered.
    pub heading_style: HeadingStyle,
    /// Where it is on its way.
    pub state: ReportState,
    /// What the edition that comes next is, once there is one.
    pub amendment: Option<Amendment>,
    /// Changes with every change to the report or anything in it.
    pub version: i64,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it or anything in it last changed.
    pub updated_at: Timestamp,
}

impl Report {
    /// A report that is opened, in English and with the usual first page.
    pub fn new(
        id: ReportId,
        kind: ReportKind,
        review_id: ReviewId,
        title: String,
        now: Timestamp,
    ) -> Self {
        let (heading_style, figures) = match kind {
            // Charts fill pages that the Editorial Manual counts; whoever wants them asks for them.
            ReportKind::SummaryReport => (HeadingStyle::EscapReport, false),
            ReportKind::ConferenceRoomPaper => (HeadingStyle::UnManual, true),
        };
        Self {
            id,
            kind,
            review_id,
            consultation_id: None,
            title,
            symbol: None,
            distribution: "General".to_owned(),
            dated_on: None,
            summary: None,
            agenda_items: None,
            language: Language::English,
            original_language: Language::English,
            figures,
            masthead_notes: Vec::new(),
            heading_style,
            state: ReportState::Drafting,
            amendment: None,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}

/// A section of a report. Sections without text are not printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its id.
    pub id: SectionId,
    /// Its report.
    pub report_id: ReportId,
    /// The section it stands in.
    pub parent_id: Option<SectionId>,
    /// Its place among its siblings, from 1.
    pub position: i32,
    /// What stands in it.
    pub kind: SectionKind,
    /// The objectives of a cluster, also on the categories in it; of a round table, all that it is about.
    pub objectives: Vec<ObjectiveNumber>,
    /// The input category, for a category.
    pub category_id: Option<CategoryId>,
    /// The code of that category.
    pub category: Option<CategoryCode>,
    /// A heading in place of the usual one.
    pub heading: Option<String>,
    /// For `If-Match`.
    pub version: i64,
}

/// A paragraph of a published edition that a paper's paragraph rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// The edition.
    pub edition_id: EditionId,
    /// The number of the paragraph in it.
    pub number: u32,
}

/// A paragraph of a report. Its number is computed when the report is compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// Its id.
    pub id: ParagraphId,
    /// Its report.
    pub report_id: ReportId,
    /// The section it stands in.
    pub section_id: SectionId,
    /// Its place in its section; ascending, not necessarily without gaps.
    pub position: i32,
    /// Inline Markdown; `None` for a computed paragraph that nobody wrote over.
    pub text: Option<String>,
    /// What it is computed from.
    pub computed: Option<ComputedText>,
    /// The one objective of a joint cluster that it is about.
    pub objective: Option<ObjectiveNumber>,
    /// Why it rests on no input.
    pub editorial_reason: Option<String>,
    /// The inputs it rests on, by id.
    pub inputs: Vec<InputId>,
    /// The paragraphs of editions it rests on (paper).
    pub sources: Vec<Source>,
    /// For `If-Match`.
    pub version: i64,
}

/// A paragraph to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewParagraph {
    /// The section it goes into.
    pub section: SectionId,
    /// Its place in the section, from 1; at the end when absent.
    pub position: Option<u32>,
    /// Inline Markdown, see `document::inline`.
    pub text: String,
    /// The one objective of a joint cluster that it is about.
    pub objective: Option<ObjectiveNumber>,
    /// Accepted inputs of the consultation.
    pub inputs: Vec<InputId>,
    /// Why it rests on no input.
    pub editorial_reason: Option<String>,
}

/// What changes of a paragraph; `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParagraphChange {
    /// Another text; `Some(None)` gives a computed paragraph back to the data.
    pub text: Option<Option<String>>,
    /// Other inputs.
    pub inputs: Option<Vec<InputId>>,
    /// Another objective.
    pub objective: Option<Option<ObjectiveNumber>>,
    /// Another reason.
    pub editorial_reason: Option<Option<String>>,
}

/// Several paragraphs to be joined into one, which keeps all inputs and sources of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// The paragraphs, two or more; the first one stays and becomes the joint one.
    pub paragraphs: Vec<ParagraphId>,
    /// The version of each that was seen, in the same order; empty when it is not said.
    pub versions: Vec<i64>,
    /// The text of the joint one.
    pub text: String,
    /// Where it stands; where the first one stood when absent.
    pub section: Option<SectionId>,
    /// Its place there, from 1; where the first one stood, or at the end of another section, when absent.
    pub position: Option<u32>,
    /// The one objective of a joint cluster that it is about.
    pub objective: Option<ObjectiveNumber>,
}

/// A conference room paper to be opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewPaper {
    /// Its document symbol.
    pub symbol: Option<String>,
    /// Its title; when absent one made from the review's.
    pub title: Option<String>,
    /// The agenda items under which it is considered; when absent those of the review.
    pub agenda_items: Option<String>,
    /// The date in its masthead.
    pub dated_on: Option<NaiveDate>,
    /// Its line of distribution; "Distr.: General" when absent.
    pub distribution: Option<String>,
    /// Its summary: paragraphs of inline Markdown, a blank line between them.
    pub summary: Option<String>,
    /// Notes to lines of its first page.
    pub masthead_notes: Vec<MastheadNote>,
}

/// What changes of a report's masthead; `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportChange {
    /// Another title.
    pub title: Option<String>,
    /// Another symbol.
    pub symbol: Option<Option<String>>,
    /// Another line of distribution.
    pub distribution: Option<String>,
    /// Another date.
    pub dated_on: Option<Option<NaiveDate>>,
    /// Another summary.
    pub summary: Option<Option<String>>,
    /// Another language.
    pub language: Option<Language>,
    /// Translated from another language.
    pub original_language: Option<Language>,
    /// Whether charts stand in it.
    pub figures: Option<bool>,
    /// Other agenda items; `Some(None)` gives a paper those of the review.
    pub agenda_items: Option<Option<String>>,
    /// Other notes to lines of the first page, all of them.
    pub masthead_notes: Option<Vec<MastheadNote>>,
    /// Headings numbered otherwise.
    pub heading_style: Option<HeadingStyle>,
}

/// What is left out of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Omitted {
    /// An accepted input, from a summary report.
    Input(InputId),
    /// A paragraph of an edition, from a paper.
    Source(Source),
}

/// Something that is left out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Omission {
    /// Its id.
    pub id: OmissionId,
    /// The report that it is left out of.
    pub report_id: ReportId,
    /// What is left out.
    pub omitted: Omitted,
    /// Why.
    pub reason: String,
    /// For `If-Match`.
    pub version: i64,
}

/// Puts `item` at `position` (from 1; at the end when absent or beyond it), taking it from where it was.
pub fn place<T: PartialEq>(order: &mut Vec<T>, item: T, position: Option<u32>) {
    order.retain(|other| *other != item);
    let end = order.len();
    let index = position.map_or(end, |position| (position.max(1) as usize - 1).min(end));
    order.insert(index, item);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_report_becomes_published_by_publishing_only() {
        for from in ReportState::ALL {
            assert!(from.advance(ReportState::Published).is_err(), "from {from}");
        }
        assert_eq!(
            ReportState::Published.advance(ReportState::Drafting).ok(),
            Some(ReportState::Drafting)
        );
        assert!(ReportState::Published.advance(ReportState::Clearance).is_err());
    }

    proptest! {
        #[test]
        fn placing_keeps_everything_once(count in 1_usize..20, moves in prop::collection::vec((any::<usize>(), prop::option::of(0_u32..40)), 0..30)) {
            let mut order: Vec<usize> = (0..count).collect();
            for (item, position) in moves {
                place(&mut order, item % count, position);
            }
            let mut sorted = order.clone();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, (0..count).collect::<Vec<_>>());
        }
    }
}
