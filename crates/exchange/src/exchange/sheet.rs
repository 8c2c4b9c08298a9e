//! A table on its way out: its columns and rows, and the formats that it is written as. Pure; knows no feature.

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

/// What was found, to be written as a file once the database is let go.
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
        match format {
            TableFormat::Csv => csv::write(&self.columns, self.rows, mark),
            TableFormat::Xlsx => xlsx::write(self.name, &self.columns, self.rows),
            TableFormat::Ndjson => self.lines(),
        }
    }

    fn lines(self) -> Result<Vec<u8>, Problem> {
        let mut file = Vec::new();
        for row in &self.rows {
            let names = self.columns.iter().map(|column| column.name.clone());
            let object: serde_json::Map<_, _> = names.zip(row.iter().map(plain)).collect();
            serde_json::to_writer(&mut file, &object).map_err(Problem::internal)?;
            file.push(b'\n');
        }
        Ok(file)
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
