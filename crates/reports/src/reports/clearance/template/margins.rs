//! A template that was filled in with Word, as the table that a workbook would have been; and comments in the margin, of a template or of
//! the draft itself, each with the paragraph that it is set beside. Pure.

use std::collections::BTreeMap;

use super::{HEADER, Line, linked, reference};
use crate::document::Id;
use crate::exchange::columns::Mapping;
use crate::exchange::table::{ReadAs, Row, Table, folded, unreadable};
use crate::problem::Problem;
use crate::render::docx::bookmark;
use crate::render::docx::filled::{CommentPlace, Form, FormRow, MarginComment, read_form};
use crate::reports::ParagraphId;

/// What a file of Word says.
pub(super) struct Written {
    /// The table, without rows where the file has none of ours.
    pub table: Table,
    /// Comments in the margin.
    pub margin: Vec<Beside>,
}

/// A comment in the margin.
pub(super) struct Beside {
    /// The paragraph and its version, where the file names it.
    pub at: Option<(ParagraphId, Option<i64>)>,
    /// What it is set beside.
    pub words: String,
    /// What it says.
    pub text: String,
}

/// Reads a file; 422 for one in which there is nothing to take over.
pub(super) fn read(bytes: &[u8], lines: &[Line]) -> Result<Written, Problem> {
    let form = read_form(bytes).map_err(|why| unreadable(format!("{why}.")))?;
    let place = form.tables.iter().position(|table| table.first().is_some_and(is_header));
    if place.is_none() && form.comments.is_empty() {
        let detail =
            "There is neither the table of the template in the file nor a comment in its margin.";
        return Err(unreadable(detail));
    }
    let rows = place.and_then(|place| form.tables.get(place)).map_or(&[][..], |rows| rows);
    let header = HEADER.map(str::to_owned).to_vec();
    let table =
        rows.iter().skip(1).map(row).filter(|row| row.cells.iter().any(|cell| !cell.is_empty()));
    let table = Table { header, rows: table.collect(), read_as: ReadAs::Word };
    let margin = beside(&form, place, lines);
    Ok(Written { table, margin })
}

/// The column of the reference is called otherwise here.
pub(super) fn mapping() -> Result<Mapping, Problem> {
    Mapping::parse(Some(&format!("{{\"{}\": \"reference\"}}", HEADER[0])))
}

fn is_header(row: &FormRow) -> bool {
    let cells = row.cells.iter().map(|cell| folded(&cell.text));
    cells.eq(HEADER.map(folded))
}

/// A row as a workbook has it: the reference stands in place of the number, where it can be told.
fn row(row: &FormRow) -> Row {
    let mut cells: Vec<String> = row.cells.iter().map(|cell| cell.text.trim().to_owned()).collect();
    cells.resize(HEADER.len(), String::new());
    if let (Some((id, version)), Some(first)) = (named(row), cells.first_mut()) {
        *first = reference(id, version);
    }
    Row { number: row.number, cells }
}

/// The paragraph that a row names by the link of its number.
fn named(row: &FormRow) -> Option<(ParagraphId, i64)> {
    row.cells.first()?.links.iter().find_map(|link| linked(link))
}

fn beside(form: &Form, place: Option<usize>, lines: &[Line]) -> Vec<Beside> {
    let name = |line: &Line| bookmark(&Id::new(&line.id.to_string())).to_ascii_lowercase();
    let bookmarks: BTreeMap<String, ParagraphId> =
        lines.iter().map(|line| (name(line), line.id)).collect();
    let rows = |table: usize| form.tables.get(table).filter(|_| place == Some(table));
    let at = |comment: &MarginComment| match &comment.place {
        CommentPlace::Row(table, number) => {
            let row = rows(*table)?.iter().find(|row| row.number == *number)?;
            named(row).map(|(id, version)| (id, Some(version)))
        }
        CommentPlace::Bookmark(name) => {
            bookmarks.get(&name.to_ascii_lowercase()).map(|id| (*id, None))
        }
        CommentPlace::Nowhere => None,
    };
    let one = |comment: &MarginComment| Beside {
        at: at(comment),
        words: comment.words.clone(),
        text: comment.text.clone(),
    };
    form.comments.iter().map(one).collect()
}
