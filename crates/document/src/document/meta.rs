//! What a document says of itself: the lines of its first page, how its headings are numbered, what catalogues know it by. Must
//! never hold a word that is not printed or asked for by a format.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Direction, Id, Inline, LanguageTag, Level, Mark, Paragraph, Text, wholly};

/// What stands on the first page before the text (UN Editorial Manual, mastheads). Lines are printed as given: write
/// "Distr.: General" and "Original: English", or "English only". An empty text prints nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Meta {
    pub symbol: Text,
    pub organ: Text,
    pub distribution: Text,
    pub date: Text,
    pub original_language: Text,
    /// The meeting, its place and its dates, a line each.
    pub meeting: Vec<Text>,
    pub agenda_items: Vec<Text>,
    pub title: Text,
    pub subtitle: Text,
    /// Paragraphs of the summary box; never numbered.
    pub summary: Vec<Paragraph>,
    pub lang: LanguageTag,
    pub dir: Direction,
    /// What identifies this text of the document for good, such as a URN; in file metadata only, not printed.
    pub identifier: Text,
    pub heading_style: HeadingStyle,
    /// Notes to lines of the first page; `number` puts them into the order of their marks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<MastheadNote>,
    /// Lines of the first page that are in another language than the document, as in a translation that is not whole.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_languages: Vec<LineLanguage>,
    /// What catalogues know the document by; in file metadata only, not printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work: Option<Work>,
}

/// That a line of the first page is in another language than the document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineLanguage {
    /// What the line is known by: "first-page-title-1".
    pub line: Id,
    pub lang: LanguageTag,
}

/// A line of the first page that a note can be to, in the order in which they are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MastheadLine {
    Symbol,
    AgendaItems,
    Title,
    /// The heading of the summary box.
    Summary,
}

/// A note to a line of the first page, such as "Issued without formal editing." to the title. It stands at the foot of that page,
/// is marked by asterisks and is not of the run of footnotes (UN Editorial Manual, footnotes). Holds no note itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MastheadNote {
    pub to: MastheadLine,
    pub inlines: Vec<Inline>,
}

impl Meta {
    /// The notes to a line, each with its place among all of the first page.
    pub fn notes_to(&self, line: MastheadLine) -> impl Iterator<Item = (usize, &MastheadNote)> {
        self.notes.iter().enumerate().filter(move |(_, note)| note.to == line)
    }

    /// What is printed at the line of the note at this place and before it: "*" for the first of a document, "**" for the second.
    /// One that stands in one of two compared documents is counted there only.
    #[must_use]
    pub fn mark(&self, place: usize) -> String {
        let is_before = |note: &MastheadNote| wholly(&note.inlines).map(Mark::is_before);
        let own = self.notes.get(place).and_then(is_before).unwrap_or_default();
        let earlier = self.notes.iter().take(place);
        "*".repeat(1 + earlier.filter(|note| is_before(note).is_none_or(|one| one == own)).count())
    }

    /// The marks of the notes to a line, as printed behind it: "*", or "*, **"; empty when there are none.
    #[must_use]
    pub fn marks(&self, line: MastheadLine) -> String {
        let marks = self.notes_to(line).map(|(place, _)| self.mark(place));
        marks.collect::<Vec<_>>().join(", ")
    }

    /// Whether the line is printed, so that a note can be to it.
    #[must_use]
    pub fn prints(&self, line: MastheadLine) -> bool {
        match line {
            MastheadLine::Symbol => !self.symbol.is_blank(),
            MastheadLine::AgendaItems => self.agenda_items.iter().any(|item| !item.is_blank()),
            MastheadLine::Title => !self.title.is_blank(),
            MastheadLine::Summary => !self.summary.is_empty(),
        }
    }
}

/// What catalogues know a document by (FRBR: a work and its expressions). Not printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    pub kind: WorkKind,
    /// The organization that answers for it, as addresses name it: "un-escap".
    pub author_code: Text,
    /// The same as people name it: "ESCAP".
    pub author_name: Text,
    /// The day of what it reports on, or on which it was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dated_on: Option<NaiveDate>,
    /// The day of this text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_on: Option<NaiveDate>,
    /// Its symbol, or another name that it alone has among those of its author.
    pub number: Text,
}

/// The kind of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkKind {
    /// The report of one event.
    #[default]
    SummaryReport,
    /// A paper before a meeting.
    ConferenceRoomPaper,
}

/// How headings of level 1 to 4 are numbered among their siblings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeadingStyle {
    /// I, A, i and no number, as ESCAP prints its reports.
    #[default]
    EscapReport,
    /// I, A, 1 and (a): UN Editorial Manual, headings.
    UnManual,
}

/// The kind of numbers that the headings of one level take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadingNumbering {
    /// I, II, III
    Roman,
    /// A, B, C … Z, AA
    Alpha,
    /// i, ii, iii
    LowerRoman,
    /// 1, 2, 3
    Arabic,
    /// (a), (b), (c)
    Parenthesized,
    Unnumbered,
}

impl HeadingStyle {
    #[must_use]
    pub fn numbering(self, level: Level) -> HeadingNumbering {
        match (self, level.get()) {
            (_, 1) => HeadingNumbering::Roman,
            (_, 2) => HeadingNumbering::Alpha,
            (Self::EscapReport, 3) => HeadingNumbering::LowerRoman,
            (Self::EscapReport, _) => HeadingNumbering::Unnumbered,
            (Self::UnManual, 3) => HeadingNumbering::Arabic,
            (Self::UnManual, _) => HeadingNumbering::Parenthesized,
        }
    }
}
