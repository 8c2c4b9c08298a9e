//! CSV as people's programs write it: in which encoding, by which sign the cells are divided, and where a row begins.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::csv::plain;
use super::table::{MOST_COLUMNS, MOST_ROWS, ReadAs, Row, unreadable};
use crate::problem::{Code, Problem};

/// The `charset` of a Content-Type.
pub(super) fn charset(content_type: &str) -> Option<&str> {
    let parameters = content_type.split(';').skip(1);
    let mut named = parameters.filter_map(|one| one.trim().strip_prefix("charset="));
    named.next().map(|name| name.trim_matches('"'))
}

/// The text of a file and how it was read. The first bytes decide, then what the sender said, then whether it is UTF-8.
pub(super) fn decode(bytes: &[u8], charset: Option<&str>) -> Result<(String, ReadAs), Problem> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        let read_as = if encoding == UTF_8 { ReadAs::Utf8 } else { ReadAs::Utf16 };
        return decoded(bytes, encoding, read_as);
    }
    if let Some(name) = charset {
        let encoding = Encoding::for_label(name.as_bytes()).ok_or_else(|| {
            let detail = format!("“{name}” is no charset that is known. Send UTF-8.");
            Problem::new(Code::UnsupportedMediaType, detail)
        })?;
        let read_as = match encoding {
            encoding if encoding == UTF_8 => ReadAs::Utf8,
            encoding if encoding == UTF_16LE || encoding == UTF_16BE => ReadAs::Utf16,
            encoding if encoding == WINDOWS_1252 => ReadAs::Windows1252,
            _ => ReadAs::AsSaid,
        };
        return decoded(bytes, encoding, read_as);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text_only(text.to_owned(), ReadAs::Utf8),
        Err(_) => decoded(bytes, WINDOWS_1252, ReadAs::Windows1252),
    }
}

fn decoded(
    bytes: &[u8],
    encoding: &'static Encoding,
    read_as: ReadAs,
) -> Result<(String, ReadAs), Problem> {
    let (text, _, wrong) = encoding.decode(bytes);
    if wrong {
        let before = text.split('\u{fffd}').next().unwrap_or_default();
        let at = before.matches('\n').count() + 1;
        let detail = format!(
            "The text is not the {} it should be; line {at} is the first that is wrong.",
            encoding.name()
        );
        return Err(unreadable(detail));
    }
    text_only(text.into_owned(), read_as)
}

/// Bytes that are no letters in any reading mean that it is no text, or in an encoding that has to be named.
fn text_only(text: String, read_as: ReadAs) -> Result<(String, ReadAs), Problem> {
    let strange = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}');
    let Some(at) = text.find(strange) else { return Ok((text, read_as)) };
    let line = text[..at].matches('\n').count() + 1;
    let detail = format!(
        "Line {line} holds bytes that are no text. Save the file as “CSV UTF-8” or .xlsx, or name its charset in the Content-Type."
    );
    Err(unreadable(detail))
}

/// The rows of CSV, with the number that a spreadsheet would show.
pub(super) fn rows(text: &str) -> Result<Vec<Row>, Problem> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
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
