//! A table on its way out: its columns and rows, and the formats that it is written as. Knows no feature.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::{Column, Value, csv, xlsx};
use crate::problem::Problem;
use crate::text_enum;

text_enum! {
    /// What a table is written as.
    pub enum TableFormat {
        /// Comma-separated values in UTF-8.
        Csv => "csv",
        /// A workbook.
        Xlsx => "xlsx",
        /// One JSON object on each line.
        Ndjson => "ndjson",
    }
}

impl TableFormat {
    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => csv::MEDIA_TYPE,
            Self::Xlsx => xlsx::MEDIA_TYPE,
            Self::Ndjson => "application/x-ndjson",
        }
    }
}

/// As what a table leaves, and where it lies until it has left.
#[derive(Debug, Clone)]
pub struct Leaving {
    /// The format.
    pub format: TableFormat,
    /// Whether CSV begins with a byte order mark.
    pub mark: bool,
    /// The folder of the file, which has no name in it and is gone with whoever holds it.
    pub folder: PathBuf,
}

impl Leaving {
    /// Begins a table of which no more is in memory than a row.
    pub fn begin(&self, name: &str, columns: Vec<Column>) -> Result<Writing<File>, Problem> {
        let file = tempfile::tempfile_in(&self.folder).map_err(Problem::internal)?;
        Writing::begin((name, columns), (self.format, self.mark), file, Some(&self.folder))
    }
}

/// A table that is written row by row.
pub struct Writing<W: Write> {
    columns: Vec<Column>,
    rows: usize,
    into: Format<W>,
}

enum Format<W: Write> {
    Csv(Box<csv::Lines<W>>),
    Xlsx(Box<xlsx::Book>, BufWriter<W>),
    Ndjson(BufWriter<W>),
}

impl<W: Write + Send> Writing<W> {
    fn begin(
        (name, columns): (&str, Vec<Column>),
        (format, mark): (TableFormat, bool),
        file: W,
        folder: Option<&Path>,
    ) -> Result<Self, Problem> {
        let into = match format {
            TableFormat::Csv => Format::Csv(Box::new(csv::Lines::begin(&columns, mark, file)?)),
            TableFormat::Xlsx => {
                let book = xlsx::Book::begin(name, &columns, folder)?;
                Format::Xlsx(Box::new(book), BufWriter::new(file))
            }
            TableFormat::Ndjson => Format::Ndjson(BufWriter::new(file)),
        };
        Ok(Self { columns, rows: 0, into })
    }

    /// Adds a row, in the order of the columns.
    pub fn row(&mut self, row: &[Value]) -> Result<(), Problem> {
        self.rows += 1;
        match &mut self.into {
            Format::Csv(lines) => lines.row(row),
            Format::Xlsx(book, _) => book.row(row),
            Format::Ndjson(file) => {
                let names = self.columns.iter().map(|column| column.name.clone());
                let object: serde_json::Map<_, _> = names.zip(row.iter().map(plain)).collect();
                serde_json::to_writer(&mut *file, &object).map_err(Problem::internal)?;
                file.write_all(b"\n").map_err(Problem::internal)
            }
        }
    }

    /// How many rows there are.
    pub const fn count(&self) -> usize {
        self.rows
    }

    /// What it was written to.
    pub fn end(self) -> Result<W, Problem> {
        let whole = |file: BufWriter<W>| {
            file.into_inner().map_err(|error| Problem::internal(error.into_error()))
        };
        match self.into {
            Format::Csv(lines) => lines.end(),
            Format::Xlsx(book, mut file) => {
                book.end(&mut file)?;
                whole(file)
            }
            Format::Ndjson(file) => whole(file),
        }
    }
}

/// A table that is short enough to be held whole.
#[derive(Debug)]
pub struct Sheet {
    /// What the sheet of a workbook is called.
    pub name: &'static str,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Vec<Value>>,
}

impl Sheet {
    /// The file; `mark` is for CSV, and puts a byte order mark before it.
    pub fn write(self, format: TableFormat, mark: bool) -> Result<Vec<u8>, Problem> {
        let named = (self.name, self.columns);
        let mut table = Writing::begin(named, (format, mark), Vec::new(), None)?;
        self.rows.iter().try_for_each(|row| table.row(row))?;
        table.end()
    }
}

fn plain(value: &Value) -> serde_json::Value {
    match value {
        Value::Empty => json!(null),
        Value::Text(text) => json!(text),
        Value::Number(number) => json!(number),
        Value::Date(day) => json!(day),
        Value::Instant(at) => json!(at),
        Value::Flag(flag) => json!(flag),
    }
}
