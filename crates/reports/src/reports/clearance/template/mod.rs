//! The commenting template: every paragraph of a draft in a row, with room for a comment and for other wording. It goes out as a workbook
//! or for Word, and comes back as either, or as CSV. Pure.

use serde::{Deserialize, Serialize};

use super::Passage;
use crate::document::{Block, Cell, Column, Document, Href, Inline, NumberingError, Row, Table};
use crate::exchange::columns::Field;
use crate::exchange::sheet::{Sheet, TableFormat};
use crate::exchange::{self, Kind, Value};
use crate::problem::Problem;
use crate::render::{self, Format};
use crate::reports::{Outline, OutlineSection, ParagraphId};
use crate::text_enum;

pub(super) mod http;
mod margins;
pub mod service;

text_enum! {
    /// What the template is written as.
    pub enum TemplateFormat {
        /// A workbook.
        Xlsx => "xlsx",
        /// For Word.
        Docx => "docx",
    }
}

impl TemplateFormat {
    /// The value of a `Content-Type` header.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => TableFormat::Xlsx.media_type(),
            Self::Docx => Format::Docx.media_type(),
        }
    }
}

/// The template of a draft as a file, with the address of the page on which its paragraphs are commented on.
///
/// # Errors
/// 500 when it cannot be written.
pub fn write(
    format: TemplateFormat,
    title: &str,
    lines: &[Line],
    page: &str,
) -> Result<Vec<u8>, Problem> {
    match format {
        TemplateFormat::Xlsx => sheet(lines).write(TableFormat::Xlsx, false),
        TemplateFormat::Docx => {
            let document = document(title, lines, page).map_err(Problem::internal)?;
            Ok(render::render(&document, Format::Docx))
        }
    }
}

/// The columns; `reference` names the paragraph and its version, and is left as it is.
const COLUMNS: &[(&str, Kind)] = &[
    ("reference", Kind::Text),
    ("paragraph", Kind::Number),
    ("text", Kind::Text),
    ("comment", Kind::Text),
    ("suggested_wording", Kind::Text),
];

/// Those that are read when it comes back.
pub(super) const FIELDS: &[Field] = &[
    Field { name: "reference", columns: &[], needed: true },
    Field { name: "comment", columns: &["comments"], needed: true },
    Field { name: "suggested_wording", columns: &["suggested wording", "wording"], needed: false },
];

/// A paragraph in the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The paragraph.
    pub id: ParagraphId,
    /// Its version.
    pub version: i64,
    /// The number that it is printed with.
    pub number: u32,
    /// Its words as inline Markdown.
    pub text: String,
}

/// The paragraphs of a draft, in order.
pub fn lines(outline: &Outline) -> Vec<Line> {
    fn take(sections: &[OutlineSection], found: &mut Vec<Line>) {
        for section in sections {
            found.extend(section.paragraphs.iter().filter_map(|one| {
                let (number, text) = (one.number?, one.printed.clone()?);
                let (id, version) = (one.paragraph.id, one.paragraph.version);
                Some(Line { id, version, number, text })
            }));
            take(&section.sections, found);
        }
    }
    let mut found = Vec::new();
    take(&outline.sections, &mut found);
    found.sort_by_key(|line| line.number);
    found
}

/// The template as a table.
fn sheet(lines: &[Line]) -> Sheet {
    let row = |line: &Line| {
        vec![
            Value::Text(reference(line.id, line.version)),
            Value::Number(f64::from(line.number)),
            Value::Text(line.text.clone()),
            Value::Empty,
            Value::Empty,
        ]
    };
    let columns = COLUMNS.iter().map(|(name, kind)| exchange::Column::new(*name, *kind)).collect();
    Sheet { name: "Comments", columns, rows: lines.iter().map(row).collect() }
}

/// The names of the columns of the table in Word; the first is that of the reference.
const HEADER: [&str; 4] = ["Paragraph", "Text", "Comment", "Suggested wording"];

/// The template as a document. The number of each paragraph is a link to where it is commented on, at `page`; by that it is known when
/// the file comes back.
///
/// # Errors
/// When the title is none that a document can have.
fn document(title: &str, lines: &[Line], page: &str) -> Result<Document, NumberingError> {
    let row = |line: &Line| {
        let number = Inline::text(&line.number.to_string());
        let inlines = match Href::parse(&link(page, line.id, line.version)) {
            Ok(href) => vec![Inline::Link { href, inlines: vec![number] }],
            Err(_) => vec![number],
        };
        let number = Cell { inlines, ..Cell::default() };
        Row { cells: vec![number, Cell::text(&line.text), Cell::text(""), Cell::text("")] }
    };
    let table = Table {
        id: "comments".into(),
        caption: Vec::new(),
        columns: [2, 6, 4, 4].map(|width| Column { width }).to_vec(),
        header: vec![Row { cells: HEADER.map(Cell::text).to_vec() }],
        rows: lines.iter().map(row).collect(),
        lettered_notes: false,
    };
    let mut document = Document { blocks: vec![Block::Table(table)], ..Document::default() };
    document.meta.title = title.into();
    document.number()?;
    Ok(document)
}

/// What somebody says of a paragraph, of words of it, or of the draft as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// Of what; of the draft as a whole when absent.
    pub on: Option<Passage>,
    /// A comment.
    pub comment: Option<String>,
    /// Other wording.
    pub wording: Option<String>,
}

/// The address of a paragraph in the clearance room at `page`, which names its version, too.
fn link(page: &str, id: ParagraphId, version: i64) -> String {
    format!("{page}?at={id}&version={version}#at-{id}")
}

/// The paragraph and version that such an address names, in whatever house.
pub fn linked(address: &str) -> Option<(ParagraphId, i64)> {
    let (_, query) = address.split_once('?')?;
    let query = query.split('#').next()?;
    let value = |name: &str| {
        let fields = query.split('&').filter_map(|field| field.split_once('='));
        fields.into_iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    };
    Some((value("at")?.parse().ok()?, value("version")?.parse().ok()?))
}

/// How a row names its paragraph.
fn reference(id: ParagraphId, version: i64) -> String {
    format!("{id}/{version}")
}

/// The paragraph and version that a row names; nothing where it is not of that form.
pub fn referred(text: &str) -> Option<(ParagraphId, i64)> {
    let (id, version) = text.trim().split_once('/')?;
    Some((id.parse().ok()?, version.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_read_as_it_was_written() {
        let id = ParagraphId::new(uuid::Uuid::from_u128(7));
        assert_eq!(referred(&reference(id, 3)), Some((id, 3)));
        for wrong in ["", "3", "7/3", "/", &format!("{id}/"), &format!("{id}")] {
            assert_eq!(referred(wrong), None, "{wrong}");
        }
        let there = link("https://example.org/my/reports/7/clearance", id, 3);
        assert_eq!(linked(&there), Some((id, 3)));
        for wrong in ["", "https://example.org", "?at=7&version=3", &format!("?at={id}#version=3")]
        {
            assert_eq!(linked(wrong), None, "{wrong}");
        }
    }
}
