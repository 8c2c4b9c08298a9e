//! What one agrees to: a draft in portions, each a text of its own with its SHA-256. Pure.
//!
//! A portion is a numbered paragraph; or the first page; or the tables and charts of a section. Its text is what is printed: a line for
//! each heading that it stands under, an empty line, and then its words as inline Markdown with the footnotes where they are marked and
//! cross-references by the paragraphs that they lead to. Numbers are no part of it: a paragraph that is numbered otherwise because another
//! one was added reads as it did.

use std::collections::BTreeMap;

use crate::digest::sha256;
use crate::document::inline::{plain_text, to_source};
use crate::document::{Block, Document, Figure, Inline, Paragraph, Section, Table};
use crate::reports::{ParagraphId, Report};
use crate::text_enum;
use crate::vocabulary::ThingId;

pub(in crate::reports) mod http;
pub mod service;

text_enum! {
    /// What a portion of a draft is.
    pub enum PortionKind {
        /// Title, agenda items, summary and notes of the first page; its id is that of the report.
        FirstPage => "first_page",
        /// A numbered paragraph; its id is that of the paragraph.
        Paragraph => "paragraph",
        /// The tables and charts of a section; its id is that of the section.
        Tables => "tables",
        /// What was agreed to once and is not there any more.
        Gone => "gone",
    }
}

/// The SHA-256 of nothing: of a portion that is no more.
pub fn nothing() -> String {
    sha256("")
}

/// A portion of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portion {
    /// Of what it is.
    pub id: ThingId,
    /// What it is.
    pub kind: PortionKind,
    /// The number that the paragraph is printed with.
    pub number: Option<u32>,
    /// Headings and words, as described above.
    pub text: String,
    /// SHA-256 of `text`, in lower-case hexadecimal digits.
    pub sha256: String,
}

impl Portion {
    /// A portion with the SHA-256 of its text.
    pub fn new(id: ThingId, kind: PortionKind, number: Option<u32>, text: String) -> Self {
        let sha256 = sha256(&text);
        Self { id, kind, number, text, sha256 }
    }

    /// The paragraph that it is.
    pub fn paragraph(&self) -> Option<ParagraphId> {
        (self.kind == PortionKind::Paragraph).then(|| ParagraphId::new(self.id.uuid()))
    }
}

/// A whole draft in portions, in the order in which they are printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// The portions.
    pub portions: Vec<Portion>,
    /// SHA-256 over a line for each portion: its id, a space, its SHA-256.
    pub sha256: String,
}

impl Whole {
    /// Of these portions.
    pub fn new(portions: Vec<Portion>) -> Self {
        let lines = portions.iter().map(|one| format!("{} {}\n", one.id, one.sha256));
        let sha256 = sha256(lines.collect::<String>());
        Self { portions, sha256 }
    }

    /// Of a report, as it was compiled.
    pub fn of(report: &Report, document: &Document) -> Self {
        let mut reading = Reading { document, headings: Vec::new(), found: Vec::new() };
        let first = ThingId::new(report.id.uuid());
        let text = first_page(report);
        reading.found.push(Portion::new(first, PortionKind::FirstPage, None, text));
        reading.blocks(&document.blocks, None);
        Self::new(reading.found)
    }

    /// One of them.
    pub fn get(&self, id: ThingId) -> Option<&Portion> {
        self.portions.iter().find(|one| one.id == id)
    }

    /// All texts by their SHA-256.
    pub fn texts(&self) -> BTreeMap<&str, &str> {
        self.portions.iter().map(|one| (one.sha256.as_str(), one.text.as_str())).collect()
    }
}

fn first_page(report: &Report) -> String {
    let lines = [Some(report.title.as_str()), report.agenda_items.as_deref()];
    let notes = report.masthead_notes.iter().map(|note| format!("[{}] {}", note.to, note.text));
    let parts = lines.into_iter().flatten().map(str::to_owned).chain(report.summary.clone());
    parts.chain(notes).collect::<Vec<_>>().join("\n\n")
}

/// Goes through a document.
struct Reading<'a> {
    document: &'a Document,
    /// Those that one stands under, the outermost first.
    headings: Vec<String>,
    found: Vec<Portion>,
}

impl Reading<'_> {
    fn blocks(&mut self, blocks: &[Block], section: Option<&Section>) {
        let mut tables = Vec::new();
        for block in blocks {
            match block {
                Block::Section(inside) => {
                    self.headings.push(plain_text(&inside.heading));
                    self.blocks(&inside.blocks, Some(inside));
                    self.headings.pop();
                }
                Block::Paragraph(paragraph) => self.paragraph(paragraph),
                Block::Table(table) => tables.push(self.table(table)),
                Block::Figure(figure) => tables.push(self.figure(figure)),
            }
        }
        if let Some(id) = section.and_then(|section| section.id.as_str().parse().ok())
            && !tables.is_empty()
        {
            let text = self.under_headings(&tables.join("\n\n"));
            self.found.push(Portion::new(id, PortionKind::Tables, None, text));
        }
    }

    fn paragraph(&mut self, paragraph: &Paragraph) {
        let Ok(id) = paragraph.id.as_str().parse() else { return };
        let words = to_source(&paragraph.parts, &self.document.notes);
        let text = self.under_headings(&words);
        let number = paragraph.number;
        self.found.push(Portion::new(id, PortionKind::Paragraph, number, text));
    }

    fn under_headings(&self, words: &str) -> String {
        let headings = self.headings.iter().map(|heading| format!("# {heading}\n"));
        format!("{}\n{words}", headings.collect::<String>())
    }

    fn table(&self, table: &Table) -> String {
        let rows = table.header.iter().chain(&table.rows).map(|row| {
            let cells: Vec<String> = row.cells.iter().map(|cell| self.run(&cell.inlines)).collect();
            cells.join(" | ")
        });
        let caption = std::iter::once(self.run(&table.caption));
        caption.chain(rows).collect::<Vec<_>>().join("\n")
    }

    fn figure(&self, figure: &Figure) -> String {
        format!("{}\n{}", self.table(&figure.table), figure.alt.as_str())
    }

    /// The words of a cell, with its footnotes.
    fn run(&self, inlines: &[Inline]) -> String {
        let parts = [crate::document::ParagraphPart::Text(inlines.to_vec())];
        to_source(&parts, &self.document.notes)
    }
}
