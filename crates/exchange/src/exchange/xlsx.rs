//! Tables as XLSX workbooks: typed columns, a header that stays in view, filters. The same table gives the same bytes.

use std::borrow::Cow;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::{Column, Kind, Value};
use crate::problem::Problem;

pub use super::table::XLSX as MEDIA_TYPE;

/// Column widths, in characters.
const NARROWEST: usize = 8;
const WIDEST: usize = 60;
/// What a cell holds, in UTF-16 units (ECMA-376, part 1, 18.3.1.96).
const LONGEST_CELL: usize = 32_767;

/// The table as a workbook with one sheet. Instants are UTC; text is text, whatever it begins with, and ends in "…" where it is longer than
/// a cell holds.
pub fn write(
    sheet: &str,
    columns: &[Column],
    rows: impl IntoIterator<Item = Vec<Value>>,
) -> Result<Vec<u8>, Problem> {
    workbook(sheet, columns, rows).map_err(Problem::internal)
}

fn workbook(
    name: &str,
    columns: &[Column],
    rows: impl IntoIterator<Item = Vec<Value>>,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The time of writing would make every file another.
    let created = ExcelDateTime::from_ymd(2020, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let formats: Vec<Format> = columns.iter().map(|column| format(column.kind)).collect();
    let sheet = book.add_worksheet().set_name(name)?;
    let head = Format::new().set_bold();
    let mut widths: Vec<usize> = columns.iter().map(|column| wide(&column.name) + 3).collect();
    for (at, column) in (0u16..).zip(columns) {
        sheet.write_string_with_format(0, at, &column.name, &head)?;
    }
    let mut last = 0;
    for (at, row) in (1u32..).zip(rows) {
        last = at;
        for (column, value) in (0u16..).zip(&row) {
            let place = usize::from(column);
            widths[place] = widths[place].max(width(value));
            put(sheet, (at, column), value, &formats[place])?;
        }
    }
    for (at, width) in (0u16..).zip(&widths) {
        sheet.set_column_width(at, (*width).clamp(NARROWEST, WIDEST) as f64)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    if let Some(end) = (columns.len() as u16).checked_sub(1) {
        sheet.autofilter(0, 0, last, end)?;
    }
    book.save_to_buffer()
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
