//! The document model: sections, numbered paragraphs, tables and notes, with numbers computed once and written out, so that
//! every format prints the same ones. Pure; must never know what a document is about, who wrote it or how it is rendered.

mod figure;
mod href;
pub mod inline;
mod mark;
mod meta;
mod name;
mod number;
mod outline;
#[doc(hidden)]
pub mod sample;
pub(crate) mod spots;
mod text;
pub(crate) mod walk;
mod words;

pub use figure::{Chart, Counted, Figure, Group};
pub use href::{Href, HrefError};
pub use mark::{Compared, Mark, Masthead, Remark, wholly};
pub use meta::{
    HeadingNumbering, HeadingStyle, LineLanguage, MastheadLine, MastheadNote, Meta, Work, WorkKind,
};
pub use name::{Direction, Id, LanguageTag, LanguageTagError, Level, LevelError};
pub use number::NumberingError;
pub use outline::OutlineEntry;
pub use text::{Text, clean};
pub(crate) use walk::each;
pub use words::Words;

use serde::{Deserialize, Serialize};

/// A document. Build it with struct literals and the few constructors here, then [`Document::prune`], then
/// [`Document::number`], then render. What is marked "computed" is set by `number` and may be left at its default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    pub meta: Meta,
    pub blocks: Vec<Block>,
    /// Footnotes, referred to by index; `number` puts them into reading order.
    #[serde(default)]
    pub notes: Vec<Note>,
    /// That it shows what differs from another document, see [`crate::difference`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared: Option<Box<Compared>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    Section(Section),
    Paragraph(Paragraph),
    Table(Table),
    Figure(Figure),
}

/// A heading and what stands under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    pub id: Id,
    pub level: Level,
    /// Takes no number, and its siblings are counted without it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unnumbered: bool,
    /// An annex: level 1, labelled "Annex", or "Annex I", "Annex II" when there are several.
    #[serde(default, skip_serializing_if = "is_false")]
    pub annex: bool,
    /// Stays when empty, see [`Document::prune`].
    #[serde(default, skip_serializing_if = "is_false")]
    pub keep: bool,
    /// Computed: "IV", "B", "i", "Annex", without a full stop; empty when unnumbered.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    pub heading: Vec<Inline>,
    pub blocks: Vec<Block>,
}

impl Section {
    /// A section with a plain heading; set the flags afterwards where it takes any.
    #[must_use]
    pub fn new(id: impl Into<Id>, level: Level, heading: &str, blocks: Vec<Block>) -> Self {
        Self {
            id: id.into(),
            level,
            unnumbered: false,
            annex: false,
            keep: false,
            label: String::new(),
            heading: vec![Inline::text(heading)],
            blocks,
        }
    }

    /// The label as it is printed before the heading: "IV.", "(a)", "Annex"; empty when there is none.
    #[must_use]
    pub fn printed_label(&self) -> String {
        let bare = self.annex || self.label.is_empty() || self.label.ends_with(')');
        if bare { self.label.clone() } else { format!("{}.", self.label) }
    }
}

/// A paragraph with the lists that belong to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paragraph {
    pub id: Id,
    #[serde(default, skip_serializing_if = "is_false")]
    pub numbered: bool,
    /// Computed: its place in the run 1…n through the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// The language of the paragraph where it is not that of the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<LanguageTag>,
    pub parts: Vec<ParagraphPart>,
}

impl Paragraph {
    #[must_use]
    pub fn numbered(id: impl Into<Id>, parts: Vec<ParagraphPart>) -> Self {
        Self { id: id.into(), numbered: true, number: None, lang: None, parts }
    }

    #[must_use]
    pub fn unnumbered(id: impl Into<Id>, parts: Vec<ParagraphPart>) -> Self {
        Self { id: id.into(), numbered: false, number: None, lang: None, parts }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParagraphPart {
    Text(Vec<Inline>),
    List(List),
}

impl ParagraphPart {
    /// Plain text as a part.
    #[must_use]
    pub fn text(raw: &str) -> Self {
        Self::Text(vec![Inline::text(raw)])
    }
}

/// A list inside a paragraph. Its items are never paragraphs, even when their labels are numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum List {
    Bulleted(Vec<Vec<Inline>>),
    /// (a), (b), (c) … (aa)
    Lettered(Vec<Vec<Inline>>),
    /// Labels that come from elsewhere and may leave gaps, such as "4.", "8."
    Labelled(Vec<LabelledItem>),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelledItem {
    pub label: Text,
    pub inlines: Vec<Inline>,
}

impl List {
    /// The items in order, each with the label printed before it; a bulleted item has none.
    #[must_use]
    pub fn entries(&self) -> Vec<(Option<String>, &[Inline])> {
        match self {
            Self::Bulleted(items) => items.iter().map(|item| (None, item.as_slice())).collect(),
            Self::Lettered(items) => {
                // An item that stands in one of two compared documents is counted there only.
                let (mut before, mut now) = (0, 0);
                let letter = |item: &'_ Vec<Inline>| {
                    let mark = wholly(item);
                    before += usize::from(mark.is_none_or(Mark::is_before));
                    now += usize::from(mark.is_none_or(|mark| !mark.is_before()));
                    let count = if mark.is_some_and(Mark::is_before) { before } else { now };
                    Some(format!("({})", number::lower_alpha(count)))
                };
                let letters: Vec<_> = items.iter().map(letter).collect();
                letters.into_iter().zip(items.iter().map(Vec::as_slice)).collect()
            }
            Self::Labelled(items) => items
                .iter()
                .map(|item| (Some(item.label.to_string()), item.inlines.as_slice()))
                .collect(),
        }
    }
}

/// A table. Header rows and body rows must fill its columns exactly, spans counted; `number` checks it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    pub id: Id,
    pub caption: Vec<Inline>,
    pub columns: Vec<Column>,
    pub header: Vec<Row>,
    pub rows: Vec<Row>,
    /// Its notes are lettered a, b, c and stand under the table (UN Editorial Manual, footnotes); else they join the run.
    #[serde(default, skip_serializing_if = "is_false")]
    pub lettered_notes: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Relative to the other columns.
    pub width: u16,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    pub cells: Vec<Cell>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    pub inlines: Vec<Inline>,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub colspan: u16,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub rowspan: u16,
    /// Heads its row (in the header every cell heads its column anyway).
    #[serde(default, skip_serializing_if = "is_false")]
    pub heading: bool,
}

impl Default for Cell {
    fn default() -> Self {
        Self { inlines: Vec::new(), colspan: 1, rowspan: 1, heading: false }
    }
}

impl Cell {
    /// A plain cell, one column wide and one row high.
    #[must_use]
    pub fn text(raw: &str) -> Self {
        Self { inlines: vec![Inline::text(raw)], ..Self::default() }
    }
}

/// A footnote. Placed by exactly one [`Inline::Note`]; holds no note itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// Computed: its place in the run through the document, or among the notes of its table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// Computed: the table under which it stands, when that table letters its notes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<Id>,
    pub inlines: Vec<Inline>,
}

impl Note {
    #[must_use]
    pub fn new(inlines: Vec<Inline>) -> Self {
        Self { number: None, table: None, inlines }
    }

    /// What is printed as its indicator: "12", or "b" in a table that letters its notes; "?" before numbering.
    #[must_use]
    pub fn label(&self) -> String {
        match (self.number, &self.table) {
            (None, _) => "?".to_owned(),
            (Some(number), None) => number.to_string(),
            (Some(number), Some(_)) => number::lower_alpha(number as usize),
        }
    }
}

/// Index of a note in [`Document::notes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NoteRef(pub usize);

/// A stretch of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Inline {
    Text(Text),
    Emphasis(Vec<Inline>),
    Strong(Vec<Inline>),
    Link {
        href: Href,
        inlines: Vec<Inline>,
    },
    /// Words in another language than their surroundings; their direction follows from it.
    Language {
        lang: LanguageTag,
        inlines: Vec<Inline>,
    },
    /// The place of a footnote's indicator.
    Note(NoteRef),
    /// The number of another paragraph ("12") or the label of a section with those above it ("IV.B.i").
    CrossReference {
        to: Id,
        /// Computed.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        text: String,
    },
    LineBreak,
    /// Words that stand in one of two documents that are compared. A heading, an item, a cell or another line of which all
    /// words are marked alike stands in that one only; so does a figure or table whose caption is.
    Marked {
        mark: Mark,
        inlines: Vec<Inline>,
    },
}

impl Inline {
    /// Plain text, cleaned.
    #[must_use]
    pub fn text(raw: &str) -> Self {
        Self::Text(Text::new(raw))
    }

    /// The inlines inside this one, if it can hold any.
    #[must_use]
    pub fn children(&self) -> &[Inline] {
        match self {
            Self::Emphasis(inlines)
            | Self::Strong(inlines)
            | Self::Link { inlines, .. }
            | Self::Language { inlines, .. }
            | Self::Marked { inlines, .. } => inlines,
            Self::Text(_) | Self::Note(_) | Self::CrossReference { .. } | Self::LineBreak => &[],
        }
    }

    pub(crate) fn children_mut(&mut self) -> &mut [Inline] {
        match self {
            Self::Emphasis(inlines)
            | Self::Strong(inlines)
            | Self::Link { inlines, .. }
            | Self::Language { inlines, .. }
            | Self::Marked { inlines, .. } => inlines,
            Self::Text(_) | Self::Note(_) | Self::CrossReference { .. } | Self::LineBreak => {
                &mut []
            }
        }
    }
}

impl Document {
    /// Takes the notes of a parsed paragraph into this document and returns its parts, which now refer to them there.
    /// A paragraph may be adopted before the section that it goes into is part of the document.
    #[must_use = "notes that no paragraph refers to make numbering fail"]
    pub fn adopt(&mut self, parsed: inline::ParsedParagraph) -> Vec<ParagraphPart> {
        let offset = self.notes.len();
        let inline::ParsedParagraph { mut parts, notes } = parsed;
        self.notes.extend(notes);
        walk::each_part_mut(&mut parts, &mut |inline| {
            if let Inline::Note(NoteRef(index)) = inline {
                *index += offset;
            }
        });
        parts
    }

    /// Adds a note and returns the reference to place, once.
    #[must_use = "a note that nothing refers to makes numbering fail"]
    pub fn add_note(&mut self, inlines: Vec<Inline>) -> Inline {
        self.notes.push(Note::new(inlines));
        Inline::Note(NoteRef(self.notes.len() - 1))
    }

    /// Drops sections in which nothing stands, from the inside out, but not those marked `keep`. A note in a dropped
    /// heading is then placed nowhere, which numbering reports.
    pub fn prune(&mut self) {
        prune(&mut self.blocks);
    }
}

fn prune(blocks: &mut Vec<Block>) {
    blocks.retain_mut(|block| {
        let Block::Section(section) = block else { return true };
        prune(&mut section.blocks);
        section.keep || !section.blocks.is_empty()
    });
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

fn one() -> u16 {
    1
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_one(span: &u16) -> bool {
    *span == 1
}
