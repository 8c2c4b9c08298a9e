//! What one agrees to: a draft in portions, each a text of its own with its SHA-256. Pure.
//!
//! A portion is a numbered paragraph; or a section, that is the order of what stands under its heading, with its tables and charts; or
//! the first page with the order of the sections. Its text is what is printed: a line for each heading that it stands under, an empty
//! line, and then its words as inline Markdown with the footnotes where they are marked and cross-references by the paragraphs that they
//! lead to. What only stands in an order is such a reference, on a line of its own. Numbers are no part of it: a paragraph that is
//! numbered otherwise because another one was added elsewhere reads as it did.

use std::collections::BTreeMap;

use crate::consultations::programme::printed_names::{LeftOut, PrintedName};
use crate::digest::sha256;
use crate::document::inline::{plain_text, to_source};
use crate::document::{
    Block, Document, Figure, Id, Inline, Paragraph, ParagraphPart, Section, Table,
};
use crate::inputs::hearings::headings;
use crate::reports::compile::Facts;
use crate::reports::{ParagraphId, Report};
use crate::text_enum;
use crate::vocabulary::ThingId;

pub(in crate::reports) mod http;
pub mod service;

text_enum! {
    /// What a portion of a draft is.
    pub enum PortionKind {
        /// Title, agenda items, summary and notes of the first page, and the order of the sections; its id is that of the report.
        FirstPage => "first_page",
        /// A numbered paragraph; its id is that of the paragraph.
        Paragraph => "paragraph",
        /// The order of what stands under a heading, with its tables and charts; its id is that of the section.
        Section => "section",
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

    /// The headings that it stands under, the outermost first; the last may be that of the section that it is.
    pub fn headings(&self) -> Vec<&str> {
        headings(&self.text)
    }

    /// Its text without the order of what stands in it, for who reads the whole from the beginning; nothing where it is that order alone.
    pub fn without_order(&self) -> Option<String> {
        if self.kind == PortionKind::Paragraph {
            return Some(self.text.clone());
        }
        let lines: Vec<&str> = self.text.lines().filter(|line| referred(line).is_none()).collect();
        let says = |line: &&str| !line.trim().is_empty() && !line.starts_with("# ");
        lines.iter().any(says).then(|| lines.join("\n").trim_end().to_owned())
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
    /// Whom they print by name.
    pub named: Vec<PrintedName>,
    /// The headings of all sections, by their ids.
    headings: BTreeMap<ThingId, String>,
}

impl Whole {
    /// Of these portions.
    pub fn new(portions: Vec<Portion>) -> Self {
        let lines = portions.iter().map(|one| format!("{} {}\n", one.id, one.sha256));
        let sha256 = sha256(lines.collect::<String>());
        Self { portions, sha256, named: Vec::new(), headings: BTreeMap::new() }
    }

    /// Of a draft; `document` was compiled from `facts`.
    pub fn of(facts: &Facts, document: &Document) -> Self {
        let report = &facts.draft().report;
        let (above, headings, found) = (Vec::new(), BTreeMap::new(), Vec::new());
        let mut reading = Reading { document, above, headings, found };
        let first = ThingId::new(report.id.uuid());
        let text = format!("{}{}", first_page(report), order_of_sections(document));
        reading.found.push(Portion::new(first, PortionKind::FirstPage, None, text));
        reading.blocks(&document.blocks, None);
        Self { named: facts.named(), headings: reading.headings, ..Self::new(reading.found) }
    }

    /// One of them.
    pub fn get(&self, id: ThingId) -> Option<&Portion> {
        self.portions.iter().find(|one| one.id == id)
    }

    /// A text with the numbers of paragraphs and the headings of sections in place of the references to them that stand on lines of
    /// their own.
    pub fn readable(&self, text: &str) -> String {
        let lines = text.lines().map(|line| self.referred(line).unwrap_or_else(|| line.to_owned()));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// What a reference on a line of its own leads to.
    fn referred(&self, line: &str) -> Option<String> {
        referred(line).map(|id| self.called(id))
    }

    /// The number of a paragraph, or the heading of a section; a dash for what is no more.
    pub fn called(&self, id: ThingId) -> String {
        let number = self.get(id).and_then(|portion| portion.number);
        let heading = || self.headings.get(&id).cloned();
        number.map(|number| number.to_string()).or_else(heading).unwrap_or_else(|| "–".to_owned())
    }

    /// All texts by their SHA-256.
    pub fn texts(&self) -> BTreeMap<&str, &str> {
        self.portions.iter().map(|one| (one.sha256.as_str(), one.text.as_str())).collect()
    }
}

/// Some of those whom portions print, as they are left out of their texts.
pub fn left_out(printed: &[PrintedName], is_gone: impl Fn(&PrintedName) -> bool) -> LeftOut {
    LeftOut::of(printed, is_gone)
        .also_written(|word| to_source(&[ParagraphPart::Text(vec![Inline::text(word)])], &[]))
}

/// Those of these whom the text of a portion prints.
pub fn printed_in(text: &str, named: &[PrintedName]) -> Vec<PrintedName> {
    let stands = |one: &&PrintedName| left_out(named, |other| other == *one).in_text(text) != text;
    named.iter().filter(stands).cloned().collect()
}

fn first_page(report: &Report) -> String {
    let lines = [Some(report.title.as_str()), report.agenda_items.as_deref()];
    let notes = report.masthead_notes.iter().map(|note| format!("[{}] {}", note.to, note.text));
    let parts = lines.into_iter().flatten().map(str::to_owned).chain(report.summary.clone());
    parts.chain(notes).collect::<Vec<_>>().join("\n\n")
}

/// What a line only says that it stands there.
pub fn referred(line: &str) -> Option<ThingId> {
    line.strip_prefix("[](#")?.strip_suffix(')')?.parse().ok()
}

/// A line that only says that something stands there.
fn place(id: &Id) -> String {
    format!("[](#{id})")
}

/// Of one section there is no order.
fn order_of_sections(document: &Document) -> String {
    let sections = document.blocks.iter().filter_map(|block| match block {
        Block::Section(section) => Some(format!("\n{}", place(&section.id))),
        _ => None,
    });
    let sections: Vec<String> = sections.collect();
    if sections.len() < 2 { String::new() } else { format!("\n{}", sections.concat()) }
}

/// Goes through a document.
struct Reading<'a> {
    document: &'a Document,
    /// The headings that one stands under, the outermost first.
    above: Vec<String>,
    /// All of them, by the ids of their sections.
    headings: BTreeMap<ThingId, String>,
    found: Vec<Portion>,
}

impl Reading<'_> {
    fn blocks(&mut self, blocks: &[Block], section: Option<&Section>) {
        if let Some(section) = section {
            self.section(section);
        }
        for block in blocks {
            match block {
                Block::Section(inside) => {
                    self.above.push(plain_text(&inside.heading));
                    self.blocks(&inside.blocks, Some(inside));
                    self.above.pop();
                }
                Block::Paragraph(paragraph) => self.paragraph(paragraph),
                Block::Table(_) | Block::Figure(_) => {}
            }
        }
    }

    /// The order of what stands in a section, with the words of its tables and charts. Of one paragraph there is no order.
    fn section(&mut self, section: &Section) {
        let Ok(id) = section.id.as_str().parse() else { return };
        self.headings.extend(self.above.last().map(|heading| (id, heading.clone())));
        let mut has_tables = false;
        let mut text = String::new();
        for block in &section.blocks {
            let (words, apart) = match block {
                Block::Section(inside) => (place(&inside.id), "\n"),
                Block::Paragraph(paragraph) => (place(&paragraph.id), "\n"),
                Block::Table(table) => (self.table(table), "\n\n"),
                Block::Figure(figure) => (self.figure(figure), "\n\n"),
            };
            has_tables |= matches!(block, Block::Table(_) | Block::Figure(_));
            if !text.is_empty() {
                text.push_str(apart);
            }
            text.push_str(&words);
        }
        if has_tables || section.blocks.len() > 1 {
            let text = self.under_headings(&text);
            self.found.push(Portion::new(id, PortionKind::Section, None, text));
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
        let headings = self.above.iter().map(|heading| format!("# {heading}\n"));
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
        let parts = [ParagraphPart::Text(inlines.to_vec())];
        to_source(&parts, &self.document.notes)
    }
}
