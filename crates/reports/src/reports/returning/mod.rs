//! A draft that was exported for Word, edited there and sent back: what departs in the file is told, one entry for each thing, and what
//! can be taken over is, when somebody has seen it and says so: wording as suggestions, comments as threads, all else as what whoever
//! drafts does. Pure but for its rooms; what cannot be taken over is named, with the reason.

use crate::document::Document;
use crate::problem::Problem;
use crate::reports::suggestions::NewSuggestion;
use crate::text_enum;
use crate::threeway::Departure;
use crate::vocabulary::{MilestoneId, SuggestionId};

use super::{MastheadLine, MastheadNote, ParagraphId, ReportChange, SectionId};
use hindrance::Hindrance;

pub mod hindrance;
pub(super) mod http;
pub mod keeper;
pub mod planning;
pub mod service;

text_enum! {
    /// What a file that came back is held against.
    pub enum ReturnedBasis {
        /// The draft that it was made from: the file knows which.
        File => "file",
        /// A milestone: the one that was named, or the one whose mark the file has.
        Milestone => "milestone",
        /// The draft as it is now: the file has lost what it was made from, so that what was changed here since looks as if the file had changed it.
        CurrentDraft => "current_draft",
    }
}

text_enum! {
    /// What becomes of something in a file when it is taken over.
    pub enum ReturnedOutcome {
        /// A suggestion, to be decided by whoever drafts the paragraph.
        Suggestion => "suggestion",
        /// The draft is changed.
        Change => "change",
        /// A thread beside the paragraph.
        Comment => "comment",
        /// Nothing: it is named only, and `why` says what can be done.
        Named => "named",
    }
}

/// What a file is held against, and what it is.
#[derive(Debug, Clone)]
pub struct ReturnedFrom {
    /// What it is held against.
    pub basis: ReturnedBasis,
    /// The milestone.
    pub milestone: Option<MilestoneId>,
    /// The report's version that it was made from, where that is known.
    pub report_version: Option<i64>,
    /// Its passages had lost their marks and were known by their words.
    pub by_words: bool,
    /// The program that saved it last, as that calls itself.
    pub program: Option<String>,
}

/// What changes on the first page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FirstPageEdit {
    /// The title.
    Title(String),
    /// The symbol.
    Symbol(String),
    /// The summary; none when it goes.
    Summary(Option<String>),
    /// One of the agenda items, by its place among those that are printed.
    AgendaItem(usize, String),
    /// The notes to a line.
    Notes(MastheadLine, Vec<String>),
}

impl FirstPageEdit {
    /// All of them as one change of a report that has these notes; `agenda` are its agenda items as they are printed.
    pub fn together(notes: &[MastheadNote], agenda: &[String], edits: &[Self]) -> ReportChange {
        let mut change = ReportChange::default();
        let mut agenda = agenda.to_vec();
        for edit in edits.iter().cloned() {
            match edit {
                Self::Title(title) => change.title = Some(title),
                Self::Symbol(symbol) => change.symbol = Some(Some(symbol)),
                Self::Summary(summary) => change.summary = Some(summary),
                Self::AgendaItem(place, text) => {
                    if let Some(item) = agenda.get_mut(place) {
                        *item = text;
                    }
                    change.agenda_items = Some(Some(agenda.join("\n")));
                }
                Self::Notes(to, texts) => {
                    let notes = change.masthead_notes.get_or_insert_with(|| notes.to_vec());
                    notes.retain(|note| note.to != to);
                    notes.extend(texts.into_iter().map(|text| MastheadNote { to, text }));
                }
            }
        }
        change
    }
}

/// How something is taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taking {
    /// Something is suggested for a paragraph.
    Suggest { paragraph: ParagraphId, new: NewSuggestion },
    /// A paragraph is added at the beginning of a section.
    AddFirst { section: SectionId, text: String },
    /// A paragraph goes behind another one, or to the beginning of a section.
    Move { paragraph: ParagraphId, section: SectionId, behind: Option<ParagraphId> },
    /// A section is headed otherwise.
    Head { section: SectionId, heading: String },
    /// The end of a section, from a paragraph on, becomes one of its own.
    Split { section: SectionId, at: ParagraphId, heading: String },
    /// The first page is changed.
    FirstPage(Vec<FirstPageEdit>),
    /// A comment joins the thread of another one, by that one's key.
    Answer { to: String, text: String, author: Option<String> },
    /// Nothing is done, for this reason.
    Name(Hindrance),
}

impl Taking {
    /// What becomes of it.
    pub fn outcome(&self) -> ReturnedOutcome {
        use crate::reports::suggestions::SuggestionKind;
        match self {
            Self::Suggest { new, .. } if new.kind == SuggestionKind::Remark => {
                ReturnedOutcome::Comment
            }
            Self::Suggest { .. } => ReturnedOutcome::Suggestion,
            Self::Answer { .. } => ReturnedOutcome::Comment,
            Self::Name(_) => ReturnedOutcome::Named,
            Self::AddFirst { .. }
            | Self::Move { .. }
            | Self::Head { .. }
            | Self::Split { .. }
            | Self::FirstPage(_) => ReturnedOutcome::Change,
        }
    }
}

/// One thing in which a file departs.
#[derive(Debug, Clone)]
pub struct ReturnedEntry {
    /// What it is.
    pub departure: Departure,
    /// The paragraph, where it is one of the draft.
    pub paragraph: Option<ParagraphId>,
    /// Its number as printed now.
    pub number: Option<u32>,
    /// The section, where it is one of the draft.
    pub section: Option<SectionId>,
    /// How it is taken over.
    pub taking: Taking,
    /// The suggestion that it became.
    pub suggestion: Option<SuggestionId>,
    /// Whether it was taken over.
    pub is_taken: bool,
}

/// What came of a file that came back.
#[derive(Debug, Clone)]
pub struct Returned {
    /// What it is held against.
    pub from: ReturnedFrom,
    /// What departs in it.
    pub entries: Vec<ReturnedEntry>,
    /// The agenda items as they are printed here.
    pub agenda: Vec<String>,
    /// Paragraphs that were changed here only: they stay as they are.
    pub here_only: Vec<ParagraphId>,
    /// To be sent when it is taken over: it stands for what was seen here.
    pub fingerprint: String,
}

/// A document that a file is held against, with the versions of its paragraphs as far as they are known.
#[derive(Debug, Clone)]
pub struct ReturnedBase {
    /// What it is.
    pub from: ReturnedFrom,
    /// The document.
    pub document: Document,
    /// The version of each paragraph in it.
    pub versions: std::collections::BTreeMap<ParagraphId, i64>,
}

/// Whether a problem says that something cannot be so, not that something went wrong: then it is told and nothing is stopped.
fn told(problem: Problem) -> Result<String, Problem> {
    if problem.is_failure() {
        return Err(problem);
    }
    let details: Vec<&str> = problem.errors().iter().map(|one| one.detail.as_str()).collect();
    Ok(if details.is_empty() { problem.detail().to_owned() } else { details.join("; ") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_change_of_the_first_page_overwrites_another() {
        use FirstPageEdit::{AgendaItem, Notes, Title};
        let note = |to, text: &str| MastheadNote { to, text: text.to_owned() };
        let before = [note(MastheadLine::Title, "Old."), note(MastheadLine::Symbol, "Stays.")];
        let agenda = ["Item 1", "Item 2", "Item 3"].map(str::to_owned);
        let edits = [
            AgendaItem(0, "Item one".to_owned()),
            Title("Borders".to_owned()),
            AgendaItem(2, "Item three".to_owned()),
            Notes(MastheadLine::Title, vec!["New.".to_owned()]),
            Notes(MastheadLine::AgendaItems, vec!["Also new.".to_owned()]),
        ];
        let change = FirstPageEdit::together(&before, &agenda, &edits);
        assert_eq!(change.title.as_deref(), Some("Borders"));
        assert_eq!(change.agenda_items, Some(Some("Item one\nItem 2\nItem three".to_owned())));
        let notes = [
            note(MastheadLine::Symbol, "Stays."),
            note(MastheadLine::Title, "New."),
            note(MastheadLine::AgendaItems, "Also new."),
        ];
        assert_eq!(change.masthead_notes.as_deref(), Some(notes.as_slice()));
        assert_eq!(FirstPageEdit::together(&before, &agenda, &[]), ReportChange::default());
    }
}
