//! A table out of a file that somebody made elsewhere: a header and rows of text, whatever the file was.
//! Pure; knows no feature. What a cell means is for whoever asked for the table.

use std::collections::BTreeMap;

use super::{text, workbook};
use crate::encoding;
use crate::problem::{At, Code, Problem};
use crate::text_enum;

/// Rows below the header at most.
pub const MOST_ROWS: usize = 20_000;
/// Columns at most.
pub const MOST_COLUMNS: usize = 250;
/// Characters of one cell at most: what a spreadsheet takes.
pub const LONGEST_CELL: usize = 32_767;
/// Rows named in a refusal at most.
const MOST_NAMED: usize = 100;

/// What is read when nothing is said of the content's type, or something that many kinds of files are sent as.
const TEXT: &[&str] = &[
    "",
    "text/csv",
    "text/plain",
    "text/tab-separated-values",
    "application/csv",
    "application/octet-stream",
    // What browsers on a computer with Excel call a CSV file.
    "application/vnd.ms-excel",
];
/// The media type of a workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

text_enum! {
    /// How a file was read.
    pub enum ReadAs {
        /// Text in UTF-8.
        Utf8 => "utf-8",
        /// Text in UTF-16, as its first bytes say.
        Utf16 => "utf-16",
        /// Text in the `charset` that the Content-Type names.
        AsSaid => "as_said",
        /// A workbook (XLSX).
        Workbook => "xlsx",
        /// A table in a Word file (DOCX).
        Word => "docx",
    }
}

/// A table: every row has as many cells as the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The names of the columns, trimmed; no two alike.
    pub header: Vec<String>,
    /// The rows that hold something.
    pub rows: Vec<Row>,
    /// How the file was read.
    pub read_as: ReadAs,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which row of the file it is, as a spreadsheet counts: the header is row 1.
    pub number: u32,
    /// Its cells, trimmed.
    pub cells: Vec<String>,
}

impl Table {
    /// Where the column of that name is; upper and lower case are the same.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|known| folded(known) == folded(name))
    }
}

/// Reads CSV (`,` `;` or tab; any line end; UTF-8, UTF-16 or a named charset) or the first visible sheet of an XLSX. 415 for another
/// type of content; 422 when there is no table in it, or when it does not say which letters it holds.
pub fn read(bytes: &[u8], content_type: Option<&str>) -> Result<Table, Problem> {
    read_sheet(bytes, content_type, None)
}

/// As [`read`], from the sheet of that name when it is a workbook.
pub fn read_sheet(
    bytes: &[u8],
    content_type: Option<&str>,
    sheet: Option<&str>,
) -> Result<Table, Problem> {
    let (rows, read_as) = read_rows(bytes, content_type, sheet)?;
    table(rows, read_as)
}

/// As [`read_sheet`], for programs that give two columns the same name: the later ones become "Name (2)", "Name (3)".
pub fn read_numbered(
    bytes: &[u8],
    content_type: Option<&str>,
    sheet: Option<&str>,
) -> Result<Table, Problem> {
    let (mut rows, read_as) = read_rows(bytes, content_type, sheet)?;
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let header = rows.iter_mut().find(|row| row.cells.iter().any(|cell| !cell.trim().is_empty()));
    for name in header.into_iter().flat_map(|row| &mut row.cells) {
        let times = seen.entry(folded(name)).or_default();
        *times += 1;
        if *times > 1 && !name.trim().is_empty() {
            *name = format!("{} ({times})", name.trim());
        }
    }
    table(rows, read_as)
}

/// The rows as they stand in the file, for files in which more than one table stands or something above the header.
pub fn read_rows(
    bytes: &[u8],
    content_type: Option<&str>,
    sheet: Option<&str>,
) -> Result<(Vec<Row>, ReadAs), Problem> {
    let content_type = content_type.unwrap_or("").to_ascii_lowercase();
    let essence = content_type.split(';').next().unwrap_or("").trim();
    if essence != XLSX && !TEXT.contains(&essence) {
        let detail = format!("Send the file as text/csv or {XLSX}.");
        return Err(Problem::new(Code::UnsupportedMediaType, detail));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(unreadable("The file is empty."));
    }
    // What a file is called and what it is are two things: what it is decides.
    match bytes {
        [b'P', b'K', 3, 4, ..] => Ok((workbook::read(bytes, sheet)?, ReadAs::Workbook)),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => Err(unreadable(
            "This is a workbook of the old kind (.xls) or one with a password. Save it as .xlsx or .csv, without a password.",
        )),
        _ if essence == XLSX => Err(unreadable("This is no workbook (.xlsx).")),
        _ => {
            let (text, read_as) = text::decode(bytes, encoding::charset(&content_type))?;
            Ok((text::rows(&text)?, read_as))
        }
    }
}

/// 422 for a file that holds no table.
pub fn unreadable(detail: impl Into<String>) -> Problem {
    Problem::new(Code::UnreadableFile, detail)
}

/// A name as it is compared: without regard to case and to how many spaces are in it.
pub fn folded(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Rows as they came out of the file, with what makes a table of them: a header that can be told apart, rows as wide.
fn table(mut rows: Vec<Row>, read_as: ReadAs) -> Result<Table, Problem> {
    for cell in rows.iter_mut().flat_map(|row| &mut row.cells) {
        trim(cell);
    }
    rows.retain(|row| row.cells.iter().any(|cell| !cell.is_empty()));
    if rows.is_empty() {
        return Err(unreadable("There is nothing in the file."));
    }
    let first = rows.remove(0);
    let mut header: Vec<String> = first.cells.iter().map(|cell| squeezed(cell)).collect();
    while header.last().is_some_and(String::is_empty) {
        header.pop();
    }
    check_header(&header, first.number)?;
    if rows.len() > MOST_ROWS {
        let detail = format!(
            "There are {} rows; at most {MOST_ROWS} are taken at once. Split the file.",
            rows.len()
        );
        return Err(unreadable(detail));
    }
    check_width(&rows, header.len(), read_as)?;
    for row in &mut rows {
        row.cells.resize(header.len(), String::new());
    }
    check_length(&rows, &header)?;
    Ok(Table { header, rows, read_as })
}

fn trim(cell: &mut String) {
    let trimmed = cell.trim();
    if trimmed.len() < cell.len() {
        *cell = trimmed.to_owned();
    }
}

fn squeezed(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn check_header(header: &[String], row: u32) -> Result<(), Problem> {
    if header.len() > MOST_COLUMNS {
        let detail =
            format!("There are {} columns; at most {MOST_COLUMNS} are taken.", header.len());
        return Err(unreadable(detail));
    }
    let nameless = header.iter().position(String::is_empty);
    if let Some(at) = nameless {
        let detail = format!(
            "Column {} has no name in row {row}: the first row must name the columns.",
            letters(at)
        );
        return Err(unreadable(detail.clone()).at(format!("/rows/{row}"), detail));
    }
    let mut seen = BTreeMap::new();
    for (at, name) in header.iter().enumerate() {
        if let Some(before) = seen.insert(folded(name), at) {
            let detail = format!(
                "The columns {} and {} have the same name: “{name}”.",
                letters(before),
                letters(at)
            );
            return Err(unreadable(detail.clone()).at(format!("/rows/{row}"), detail));
        }
    }
    Ok(())
}

/// A workbook leaves empty cells out; in text a missing one means that the others have moved.
fn check_width(rows: &[Row], width: usize, read_as: ReadAs) -> Result<(), Problem> {
    let fits = |row: &&Row| {
        let beyond = row.cells.iter().skip(width).any(|cell| !cell.is_empty());
        !beyond && (read_as == ReadAs::Workbook || row.cells.len() >= width)
    };
    let wrong: Vec<&Row> = rows.iter().filter(|row| !fits(row)).collect();
    if wrong.is_empty() {
        return Ok(());
    }
    let told = wrong.iter().take(MOST_NAMED).map(|row| At {
        pointer: format!("/rows/{}", row.number),
        code: Code::UnreadableFile.kind().code.to_owned(),
        detail: format!("has {} cells; the header has {width}", row.cells.len()),
    });
    let detail = match wrong[..] {
        [row] => {
            format!("Row {} has {} cells; the header has {width}.", row.number, row.cells.len())
        }
        _ => format!(
            "{} rows do not have the {width} cells of the header; `errors` names them.",
            wrong.len()
        ),
    };
    Err(unreadable(detail).with_errors(told.collect()))
}

fn check_length(rows: &[Row], header: &[String]) -> Result<(), Problem> {
    let long = |cell: &String| cell.len() > LONGEST_CELL && cell.chars().count() > LONGEST_CELL;
    for row in rows {
        if let Some(at) = row.cells.iter().position(long) {
            let detail =
                format!("holds more than the {LONGEST_CELL} characters that a cell can have");
            let told = format!("The cell in row {}, column “{}” {detail}.", row.number, header[at]);
            return Err(unreadable(told).at(format!("/rows/{}", row.number), detail));
        }
    }
    Ok(())
}

/// A column as a spreadsheet calls it: A, B, … Z, AA.
pub fn letters(at: usize) -> String {
    let letter = char::from(b'A' + (at % 26) as u8);
    match at / 26 {
        0 => letter.to_string(),
        more => format!("{}{letter}", letters(more - 1)),
    }
}
