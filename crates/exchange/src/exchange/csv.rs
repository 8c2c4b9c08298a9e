//! Tables as CSV (RFC 4180). A cell that a spreadsheet would take for a formula gets an apostrophe in front, and loses it
//! again when it is read here.

use std::borrow::Cow;

use super::{Column, Value};
use crate::problem::Problem;

/// The media type.
pub const MEDIA_TYPE: &str = "text/csv; charset=utf-8";

/// The table in UTF-8 with CRLF; with a byte order mark when `mark` says so, for programs that take text for something else.
pub fn write(
    columns: &[Column],
    rows: impl IntoIterator<Item = Vec<Value>>,
    mark: bool,
) -> Result<Vec<u8>, Problem> {
    let mut file = Vec::new();
    if mark {
        file.extend_from_slice("\u{feff}".as_bytes());
    }
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut file);
    let names = columns.iter().map(|column| neutral(&column.name));
    writer.write_record(names.map(|name| name.into_owned())).map_err(Problem::internal)?;
    for row in rows {
        writer.write_record(row.iter().map(cell)).map_err(Problem::internal)?;
    }
    writer.flush().map_err(Problem::internal)?;
    drop(writer);
    Ok(file)
}

fn cell(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) => neutral(text).into_owned(),
        Value::Number(number) => number.to_string(),
        Value::Date(day) => day.to_string(),
        Value::Instant(at) => at.utc().to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true),
        Value::Flag(flag) => flag.to_string(),
    }
}

/// What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"), full-width signs too.
const FORMULA: &[char] = &['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

fn begins_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

/// With an apostrophe in front when it begins a formula (or already has apostrophes before one, so that it can be undone).
pub fn neutral(text: &str) -> Cow<'_, str> {
    if begins_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// What [`neutral`] was made from.
pub fn plain(text: &str) -> String {
    let bare = text.strip_prefix('\'').filter(|bare| begins_formula(bare));
    bare.unwrap_or(text).to_owned()
}
