//! CSV as people's programs write it: in which encoding, by which sign the cells are divided, and where a row begins.

use super::csv::plain;
use super::table::{MOST_COLUMNS, MOST_ROWS, ReadAs, Row, unreadable};
use crate::encoding::{self, Guess, Unknown};
use crate::problem::{Code, Problem};

/// The text of a file and how it was read; 422 when nothing says which letters it holds, with what it looks like.
pub(super) fn decode(bytes: &[u8], charset: Option<&str>) -> Result<(String, ReadAs), Problem> {
    let read = encoding::decode(bytes, charset).map_err(refused)?;
    let read_as = match read.read_as {
        encoding::ReadAs::Utf8 => ReadAs::Utf8,
        encoding::ReadAs::Utf16 => ReadAs::Utf16,
        encoding::ReadAs::AsSaid => ReadAs::AsSaid,
    };
    Ok((read.text, read_as))
}

fn refused(why: Unknown) -> Problem {
    match &why {
        Unknown::NoCharset(_) => Problem::new(Code::UnsupportedMediaType, why.to_string()),
        Unknown::NotAsPromised { .. } | Unknown::NoText { .. } => unreadable(why.to_string()),
        Unknown::Guessed(Guess { charset, words }) => {
            let words: Vec<String> = words.iter().map(|word| format!("“{word}”")).collect();
            let detail = format!(
                "The file is not in UTF-8 and does not say what it is in. As {charset} it reads {}. If these words are right, send it with \
                 the Content-Type `text/csv; charset={charset}`; if not, save it as “CSV UTF-8” or .xlsx.",
                words.join(", ")
            );
            Problem::new(Code::UnknownLetters, detail)
        }
    }
}

/// The rows of CSV, with the number that a spreadsheet would show.
pub(super) fn rows(text: &str) -> Result<Vec<Row>, Problem> {
    let (delimiter, told) = encoding::told_delimiter(text).unwrap_or_else(|| (delimiter(text), 0));
    let text = &text[told..];
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let (mut rows, mut record, mut number) = (Vec::new(), csv::StringRecord::new(), 0);
    loop {
        let start = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        let more =
            reader.read_record(&mut record).map_err(|error| unreadable(error.to_string()))?;
        if !more {
            return Ok(rows);
        }
        number += 1 + blank_rows(text, start);
        if rows.len() > 2 * MOST_ROWS || record.len() > 4 * MOST_COLUMNS {
            let detail = format!(
                "The table is too large: {MOST_ROWS} rows and {MOST_COLUMNS} columns are taken at most."
            );
            return Err(unreadable(detail));
        }
        rows.push(Row { number, cells: record.iter().map(plain).collect() });
    }
}

/// The reader passes over empty lines; a spreadsheet shows them, so they are counted.
fn blank_rows(text: &str, start: usize) -> u32 {
    let bytes = text.as_bytes();
    let mut at = start.min(bytes.len());
    // The row before may have ended between the two halves of a CRLF.
    if at > 0 && bytes[at - 1] == b'\r' && bytes.get(at) == Some(&b'\n') {
        at += 1;
    }
    let mut blank = 0;
    while let Some(b'\r' | b'\n') = bytes.get(at) {
        at += if bytes[at..].starts_with(b"\r\n") { 2 } else { 1 };
        blank += 1;
    }
    blank
}

/// The sign that the first row has most often outside quotes; a comma when there is none.
fn delimiter(text: &str) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in text.trim_start().bytes() {
        match byte {
            b'"' => quoted = !quoted,
            // A title above the table has none of them.
            b'\r' | b'\n' if !quoted && counts.iter().any(|(_, count)| *count > 0) => break,
            _ if quoted => {}
            other => counts
                .iter_mut()
                .filter(|(sign, _)| *sign == other)
                .for_each(|(_, count)| *count += 1),
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    counts.iter().find(|(_, count)| *count == most).map_or(b',', |(sign, _)| *sign)
}
