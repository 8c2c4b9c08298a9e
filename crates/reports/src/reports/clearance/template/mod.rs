//! The commenting template: every paragraph of a draft in a row, with room for a comment and for other wording. It goes out as a workbook
//! or for Word, and comes back as a workbook or CSV. Pure.

use crate::document::{Block, Cell, Column, Document, NumberingError, Row, Table};
use crate::exchange::columns::Field;
use crate::exchange::sheet::Sheet;
use crate::exchange::{self, Kind, Value};
use crate::reports::{Outline, OutlineSection, ParagraphId};
use crate::text_enum;

pub(super) mod http;
pub mod service;

text_enum! {
    /// What the template is written as.
    pub enum TemplateFormat {
        /// A workbook; it can be sent back.
        Xlsx => "xlsx",
        /// For Word, to be printed or passed around.
        Docx => "docx",
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
pub fn sheet(lines: &[Line]) -> Sheet {
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

/// The template as a document, without what only a program reads.
///
/// # Errors
/// When the title is none that a document can have.
pub fn document(title: &str, lines: &[Line]) -> Result<Document, NumberingError> {
    let cells = |texts: [&str; 4]| Row { cells: texts.map(Cell::text).to_vec() };
    let rows = lines.iter().map(|line| cells([&line.number.to_string(), &line.text, "", ""]));
    let table = Table {
        id: "comments".into(),
        caption: Vec::new(),
        columns: [1, 6, 4, 4].map(|width| Column { width }).to_vec(),
        header: vec![cells(["Paragraph", "Text", "Comment", "Suggested wording"])],
        rows: rows.collect(),
        lettered_notes: false,
    };
    let mut document = Document { blocks: vec![Block::Table(table)], ..Document::default() };
    document.meta.title = title.into();
    document.number()?;
    Ok(document)
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
    }
}
