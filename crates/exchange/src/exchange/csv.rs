//! Tables as CSV (RFC 4180). A cell that a spreadsheet would take for a formula gets an apostrophe in front, and loses it
//! again when it is read here.

use std::borrow::Cow;
use std::io::Write;

use super::{Column, Value};
use crate::problem::Problem;

/// The media type.
pub const MEDIA_TYPE: &str = "text/csv; charset=utf-8";

/// A table on its way, in UTF-8 with CRLF.
pub struct Lines<W: Write>(csv::Writer<W>);

impl<W: Write> Lines<W> {
    /// Begins with the names of the columns; with a byte order mark when `mark` says so, for programs that take text for something else.
    pub fn begin(columns: &[Column], mark: bool, mut file: W) -> Result<Self, Problem> {
        if mark {
            file.write_all("\u{feff}".as_bytes()).map_err(Problem::internal)?;
        }
        let mut lines = csv::WriterBuilder::new();
        let mut lines = Self(lines.terminator(csv::Terminator::CRLF).from_writer(file));
        let names = columns.iter().map(|column| neutral(&column.name));
        lines.0.write_record(names.map(Cow::into_owned)).map_err(Problem::internal)?;
        Ok(lines)
    }

    /// Adds a row.
    pub fn row(&mut self, row: &[Value]) -> Result<(), Problem> {
        self.0.write_record(row.iter().map(cell)).map_err(Problem::internal)
    }

    /// What it was written to.
    pub fn end(self) -> Result<W, Problem> {
        self.0.into_inner().map_err(|error| Problem::internal(error.into_error()))
    }
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
