//! What an import would do or did: the one shape of every dry run. Pure; knows no feature.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::table::{ReadAs, Table};
use crate::problem::{At, Code, Problem};

/// Errors that a report tells one by one; beyond that it only counts them.
const MOST_ERRORS: usize = 1000;

/// One cell, or one row, that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CellError {
    /// The row as a spreadsheet counts: the header is row 1.
    #[schema(example = 17)]
    pub row: u32,
    /// The column's name in the file; absent when it is about the whole row.
    #[schema(example = "Country")]
    pub column: Option<String>,
    /// Stable name of what is wrong.
    #[schema(example = "unknown_country")]
    pub code: String,
    /// What is wrong and what to change.
    #[schema(example = "“Atlantis” is no country: write its name or its ISO 3166 code")]
    pub detail: String,
}

/// What is done with one column of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ColumnUse {
    /// Its name in the file.
    #[schema(example = "Email Address")]
    pub column: String,
    /// The field it is read into; null when it is ignored.
    #[schema(example = "email")]
    pub field: Option<String>,
}

/// What an import would do (dry run) or did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportReport {
    /// Whether nothing was written because nothing was to be.
    pub dry_run: bool,
    /// How the file was read.
    pub read_as: ReadAs,
    /// Rows with something in them, without the header.
    pub rows: u32,
    /// Rows without an error.
    pub good: u32,
    /// Each column and what becomes of it.
    pub columns: Vec<ColumnUse>,
    /// Everything that is wrong, in the order of the rows: the first thousand.
    pub errors: Vec<CellError>,
    /// How many errors there are in all.
    pub errors_total: u32,
    /// What is not wrong but should be known, such as organizations that would be new.
    pub notes: Vec<CellError>,
    #[serde(skip)]
    bad_rows: std::collections::BTreeSet<u32>,
}

impl ImportReport {
    /// A report on a table of which nothing has been checked yet.
    pub fn new(table: &Table, columns: Vec<ColumnUse>, dry_run: bool) -> Self {
        let rows = table.rows.len() as u32;
        Self {
            dry_run,
            read_as: table.read_as,
            rows,
            good: rows,
            columns,
            errors: Vec::new(),
            errors_total: 0,
            notes: Vec::new(),
            bad_rows: Default::default(),
        }
    }

    /// Notes that a cell (or, without a column, a row) cannot be taken.
    pub fn error(&mut self, row: u32, column: Option<&str>, code: &str, detail: impl Into<String>) {
        self.errors_total += 1;
        if self.bad_rows.insert(row) {
            self.good = self.good.saturating_sub(1);
        }
        if self.errors.len() < MOST_ERRORS {
            self.errors.push(said(row, column, code, detail));
        }
    }

    /// Notes something that should be known of a cell or a row that can be taken.
    pub fn note(&mut self, row: u32, column: Option<&str>, code: &str, detail: impl Into<String>) {
        if self.notes.len() < MOST_ERRORS {
            self.notes.push(said(row, column, code, detail));
        }
    }

    /// Whether something in this row cannot be taken.
    pub fn is_bad(&self, row: u32) -> bool {
        self.bad_rows.contains(&row)
    }

    /// What the column is called in the file that a field is read from.
    pub fn column(&self, field: &str) -> Option<&str> {
        let mut columns = self.columns.iter();
        let found = columns.find(|one| one.field.as_deref() == Some(field))?;
        Some(&found.column)
    }

    /// Whether everything can be taken.
    pub fn is_clean(&self) -> bool {
        self.errors_total == 0
    }

    /// Puts the errors in the order of the rows, however they were found.
    pub fn in_order(mut self) -> Self {
        self.errors.sort_by_key(|error| error.row);
        self.notes.sort_by_key(|note| note.row);
        self
    }

    /// 422 with every error as `/rows/{row}/{column}`, for an import that is all or nothing.
    pub fn refusal(&self) -> Problem {
        let detail = format!(
            "{} of {} rows cannot be imported, so none was. A dry run tells the same; `errors` names each row and column.",
            self.bad_rows.len(),
            self.rows
        );
        Problem::new(Code::InvalidValue, detail)
            .with_errors(self.errors.iter().map(At::from).collect())
    }
}

/// What is told of an import that was decided and came no farther: so many rows are in, and those of `left`, in order, are not.
pub fn incomplete(brought_in: u32, left: &[u32]) -> Problem {
    if left.is_empty() {
        let detail = "Every row was taken, and what follows from that came to no end: nothing is to be sent again.";
        return Problem::new(Code::ImportIncomplete, detail);
    }
    let detail = format!(
        "{brought_in} rows are in. These are not: {}. Send them as a table of their own, with the same header.",
        spans(left)
    );
    let error = |row: &u32| At {
        pointer: format!("/rows/{row}"),
        code: "not_brought_in".to_owned(),
        detail: "is not in".to_owned(),
    };
    Problem::new(Code::ImportIncomplete, detail)
        .with_errors(left.iter().take(MOST_ERRORS).map(error).collect())
}

/// Rows in order, as people write them: 2–5, 9.
fn spans(rows: &[u32]) -> String {
    let mut spans: Vec<(u32, u32)> = Vec::new();
    for row in rows.iter().copied() {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == row => *last = row,
            _ => spans.push((row, row)),
        }
    }
    let word = |(first, last): &(u32, u32)| {
        if first == last { first.to_string() } else { format!("{first}–{last}") }
    };
    spans.iter().map(word).collect::<Vec<_>>().join(", ")
}

impl From<&CellError> for At {
    fn from(error: &CellError) -> Self {
        let column = error.column.as_deref().map(|name| name.replace('~', "~0").replace('/', "~1"));
        let column = column.map_or(String::new(), |name| format!("/{name}"));
        Self {
            pointer: format!("/rows/{}{column}", error.row),
            code: error.code.clone(),
            detail: error.detail.clone(),
        }
    }
}

fn said(row: u32, column: Option<&str>, code: &str, detail: impl Into<String>) -> CellError {
    CellError {
        row,
        column: column.map(str::to_owned),
        code: code.to_owned(),
        detail: detail.into(),
    }
}
