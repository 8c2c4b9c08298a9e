//! The cells of an XLSX workbook as people see them. A workbook is a packed folder of XML: what it unpacks to is counted
//! before anybody reads it, so that a small file cannot fill the memory.

use std::io::{Cursor, Read};

use calamine::{DataRef, ExcelDateTime, Reader, SheetVisible, Xlsx, XlsxError};

use super::table::{MOST_COLUMNS, MOST_ROWS, Row, unreadable};
use crate::problem::Problem;

/// Bytes that a workbook may unpack to.
const MOST_BYTES: u64 = 100 << 20;
/// Files that a workbook may be made of.
const MOST_FILES: usize = 2000;
/// Cells that are taken, and texts that a workbook may say it shares among its cells.
const MOST_CELLS: usize = 2_000_000;

/// The rows of the sheet of that name, or of the first visible one.
pub(super) fn read(bytes: &[u8], sheet: Option<&str>) -> Result<Vec<Row>, Problem> {
    check_size(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let name = sheet_name(&book, sheet)?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(damaged)?;
    let (mut rows, mut taken): (Vec<Row>, usize) = (Vec::new(), 0);
    while let Some(cell) = cells.next_cell().map_err(damaged)? {
        let text = shown(cell.get_value());
        if text.is_empty() {
            continue;
        }
        let ((row, column), number) =
            (cell.get_position(), cell.get_position().0.saturating_add(1));
        taken += 1;
        if taken > MOST_CELLS || column as usize >= 2 * MOST_COLUMNS || rows.len() > MOST_ROWS + 1 {
            let detail = format!(
                "The sheet is too large: {MOST_ROWS} rows and {MOST_COLUMNS} columns are taken at most."
            );
            return Err(unreadable(detail));
        }
        match rows.last() {
            Some(last) if last.number == number => {}
            Some(last) if last.number > number => {
                return Err(unreadable(format!(
                    "The workbook is damaged: row {row} stands below a later one."
                )));
            }
            _ => rows.push(Row { number, cells: Vec::new() }),
        }
        let Some(last) = rows.last_mut() else { continue };
        let width = last.cells.len().max(column as usize + 1);
        last.cells.resize(width, String::new());
        last.cells[column as usize] = text;
    }
    Ok(rows)
}

/// Unpacks everything once and keeps nothing: what a file says of its own size need not be true.
fn check_size(bytes: &[u8]) -> Result<(), Problem> {
    let mut packed = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if packed.len() > MOST_FILES {
        return Err(too_large());
    }
    let mut left = MOST_BYTES;
    for at in 0..packed.len() {
        let file = packed.by_index(at).map_err(damaged)?;
        let name = file.name().map_err(damaged)?.to_ascii_lowercase();
        let shared = name.ends_with("sharedstrings.xml");
        let mut limited = file.take(left + 1);
        let unpacked = if shared {
            let mut text = Vec::new();
            let size = limited.read_to_end(&mut text).map_err(damaged)?;
            check_shared(&text)?;
            size as u64
        } else {
            std::io::copy(&mut limited, &mut std::io::sink()).map_err(damaged)?
        };
        left = left.checked_sub(unpacked).ok_or_else(too_large)?;
    }
    Ok(())
}

/// The reader makes room for as many texts as the workbook says that it shares: it must not say too many.
fn check_shared(xml: &[u8]) -> Result<(), Problem> {
    const COUNT: &[u8] = b"uniqueCount";
    let places = xml.windows(COUNT.len()).enumerate().filter(|(_, part)| *part == COUNT);
    for (at, _) in places {
        let after = &xml[at + COUNT.len()..];
        let said = after.iter().skip_while(|byte| {
            matches!(byte, b'=' | b'"' | b'\'' | b' ' | b'\t' | b'\r' | b'\n' | b'+')
        });
        let digits =
            said.take_while(|byte| byte.is_ascii_digit()).skip_while(|byte| **byte == b'0');
        let count =
            digits.take(20).fold(0u128, |count, digit| count * 10 + u128::from(digit - b'0'));
        if count > MOST_CELLS as u128 {
            return Err(too_large());
        }
    }
    Ok(())
}

fn too_large() -> Problem {
    unreadable(format!(
        "The workbook unpacks to more than the {} MiB that are taken.",
        MOST_BYTES >> 20
    ))
}

fn damaged(error: impl std::fmt::Display) -> Problem {
    // The reader's own words may quote the file, and what is quoted may be somebody's name.
    tracing::debug!(%error, "a workbook could not be read");
    unreadable(
        "The workbook is damaged, or no workbook at all: open it, save it as .xlsx and try again.",
    )
}

fn sheet_name<R: std::io::Read + std::io::Seek>(
    book: &Xlsx<R>,
    wanted: Option<&str>,
) -> Result<String, Problem>
where
    Xlsx<R>: Reader<R, Error = XlsxError>,
{
    let sheets = book.sheets_metadata();
    let Some(wanted) = wanted else {
        let first = sheets.iter().find(|sheet| sheet.visible == SheetVisible::Visible);
        let none = || unreadable("The workbook has no sheet that can be seen.");
        return first.map(|sheet| sheet.name.clone()).ok_or_else(none);
    };
    let found = sheets.iter().find(|sheet| sheet.name.eq_ignore_ascii_case(wanted));
    found
        .map(|sheet| sheet.name.clone())
        .ok_or_else(|| unreadable("The workbook has no sheet of that name."))
}

/// As the cell looks to people: a whole number without decimals, a date as 2020-11-19, an error by its sign.
fn shown(value: &DataRef) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        // Rust writes 3.0 as 3 and nothing in powers of ten: what somebody typed.
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(flag) => flag.to_string(),
        DataRef::DateTime(at) => date(at),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}

fn date(at: &ExcelDateTime) -> String {
    let value = at.as_f64();
    // A time without a day, or a duration: neither is a date.
    if at.is_duration() || (0.0..1.0).contains(&value) {
        let seconds = (value * 86_400.0).round() as i64;
        return format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let day = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second, milli) {
        (0, 0, 0, 0) => day,
        (_, _, _, 0) => format!("{day}T{hour:02}:{minute:02}:{second:02}"),
        _ => format!("{day}T{hour:02}:{minute:02}:{second:02}.{milli:03}"),
    }
}
