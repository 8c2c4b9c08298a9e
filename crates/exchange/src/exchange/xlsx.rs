//! Tables as XLSX workbooks: typed columns, a header that stays in view, filters. The same table gives the same bytes.

use std::borrow::Cow;
use std::io::Write;
use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::{Column, Kind, Value};
use crate::problem::Problem;

pub use super::table::XLSX as MEDIA_TYPE;

/// Column widths, in characters.
const NARROWEST: usize = 8;
const WIDEST: usize = 60;
/// What a cell holds, in UTF-16 units (ECMA-376, part 1, 18.3.1.96).
const LONGEST_CELL: usize = 32_767;

/// A workbook with one sheet on its way. Instants are UTC; text is text, whatever it begins with, and ends in "…" where it is longer than
/// a cell holds.
pub struct Book {
    book: Workbook,
    formats: Vec<Format>,
    widths: Vec<usize>,
    /// The number of the last row; the names of the columns are the first, 0.
    last: u32,
}

impl Book {
    /// Begins with the names of the columns. Where there is a `folder`, the rows lie there until the end, in a file that has no name.
    pub fn begin(name: &str, columns: &[Column], folder: Option<&Path>) -> Result<Self, Problem> {
        Self::new(name, columns, folder).map_err(Problem::internal)
    }

    fn new(name: &str, columns: &[Column], folder: Option<&Path>) -> Result<Self, XlsxError> {
        let mut book = Workbook::new();
        // The time of writing would make every file another.
        let created = ExcelDateTime::from_ymd(2020, 1, 1)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&created));
        let sheet = match folder {
            Some(folder) => book.set_tempdir(folder)?.add_worksheet_with_constant_memory()?,
            None => book.add_worksheet(),
        };
        sheet.set_name(name)?;
        let head = Format::new().set_bold();
        for (at, column) in (0u16..).zip(columns) {
            sheet.write_string_with_format(0, at, &column.name, &head)?;
        }
        let formats = columns.iter().map(|column| format(column.kind)).collect();
        let widths = columns.iter().map(|column| wide(&column.name) + 3).collect();
        Ok(Self { book, formats, widths, last: 0 })
    }

    /// Adds a row.
    pub fn row(&mut self, row: &[Value]) -> Result<(), Problem> {
        self.add(row).map_err(Problem::internal)
    }

    fn add(&mut self, row: &[Value]) -> Result<(), XlsxError> {
        let sheet = self.book.worksheet_from_index(0)?;
        self.last += 1;
        for (column, value) in (0u16..).zip(row) {
            let place = usize::from(column);
            self.widths[place] = self.widths[place].max(width(value));
            put(sheet, (self.last, column), value, &self.formats[place])?;
        }
        Ok(())
    }

    /// Writes it.
    pub fn end(self, file: impl Write + Send) -> Result<(), Problem> {
        self.save(file).map_err(Problem::internal)
    }

    fn save(mut self, file: impl Write + Send) -> Result<(), XlsxError> {
        let sheet = self.book.worksheet_from_index(0)?;
        for (at, width) in (0u16..).zip(&self.widths) {
            sheet.set_column_width(at, (*width).clamp(NARROWEST, WIDEST) as f64)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        if let Some(end) = (self.widths.len() as u16).checked_sub(1) {
            sheet.autofilter(0, 0, self.last, end)?;
        }
        self.book.save_to_writer(file)
    }
}

fn format(kind: Kind) -> Format {
    match kind {
        // Text, also for what is typed into the cell afterwards.
        Kind::Text => Format::new().set_num_format("@"),
        Kind::Date => Format::new().set_num_format("yyyy-mm-dd"),
        Kind::Instant => Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
        Kind::Number | Kind::Flag => Format::new(),
    }
}

fn put(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    value: &Value,
    format: &Format,
) -> Result<(), XlsxError> {
    match value {
        Value::Empty => return Ok(()),
        Value::Text(text) => sheet.write_string_with_format(row, column, fitting(text), format),
        Value::Number(number) => sheet.write_number_with_format(row, column, *number, format),
        Value::Date(day) => sheet.write_date_with_format(row, column, day, format),
        Value::Instant(at) => {
            sheet.write_datetime_with_format(row, column, at.utc().naive_utc(), format)
        }
        Value::Flag(flag) => sheet.write_boolean_with_format(row, column, *flag, format),
    }?;
    Ok(())
}

/// As much of a text as a cell holds.
fn fitting(text: &str) -> Cow<'_, str> {
    if text.encode_utf16().count() <= LONGEST_CELL {
        return Cow::Borrowed(text);
    }
    let mut units = 0;
    let held = text.chars().take_while(|c| {
        units += c.len_utf16();
        units < LONGEST_CELL
    });
    Cow::Owned(held.chain(['…']).collect())
}

fn width(value: &Value) -> usize {
    match value {
        Value::Text(text) => wide(text) + 1,
        Value::Date(_) => 12,
        Value::Instant(_) => 20,
        Value::Number(_) | Value::Flag(_) | Value::Empty => NARROWEST,
    }
}

/// Characters of the longest line; East Asian ones are as wide as two.
fn wide(text: &str) -> usize {
    let line = |line: &str| line.chars().map(|c| if c >= '\u{1100}' { 2 } else { 1 }).sum();
    text.lines().map(line).max().unwrap_or(0)
}
