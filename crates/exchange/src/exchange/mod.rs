//! Tables and calendars, in and out of files. Pure: knows no feature, no database and no HTTP.

pub mod calendar;
pub mod columns;
pub mod csv;
pub mod report;
pub mod sheet;
pub mod table;
mod text;
mod workbook;
pub mod xlsx;

use crate::db::types::Timestamp;

/// What a column of a written table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text, whatever it looks like.
    Text,
    /// A number.
    Number,
    /// A day.
    Date,
    /// A moment, in UTC.
    Instant,
    /// Yes or no.
    Flag,
}

/// A column of a table that is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name, in the first row.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

impl Column {
    /// A column.
    pub fn new(name: impl Into<String>, kind: Kind) -> Self {
        Self { name: name.into(), kind }
    }
}

/// A cell of a table that is written.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// A number.
    Number(f64),
    /// A day.
    Date(chrono::NaiveDate),
    /// A moment.
    Instant(Timestamp),
    /// Yes or no.
    Flag(bool),
}

impl<T: Into<String>> From<Option<T>> for Value {
    fn from(text: Option<T>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.into()))
    }
}

#[cfg(test)]
mod tests;
