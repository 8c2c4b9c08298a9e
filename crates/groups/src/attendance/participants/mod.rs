//! Reads the participants' report of a video platform (Zoom, Teams, Webex): finds the table in the file, whatever stands
//! above and below it, and merges the rows of people who joined several times. When people joined and left is passed
//! over on purpose. Pure.

use super::{MOST_MINUTES, matching};
use crate::accounts::Email;
use crate::exchange::table::Row;
use crate::problem::{Code, Problem};

/// Headings over names, as compared by [`heading`].
const NAMES: &[&str] = &[
    "name",
    "name original name",
    "full name",
    "user name",
    "display name",
    "participant",
    "participant name",
    "attendee name",
];
/// Headings over addresses.
const EMAILS: &[&str] =
    &["email", "e mail", "user email", "attendee email", "email address", "e mail address"];
/// Headings over durations.
const DURATIONS: &[&str] = &[
    "total duration minutes",
    "duration minutes",
    "total duration",
    "duration",
    "in meeting duration",
    "attendance duration",
    "attended duration",
];
/// Heading over whether somebody was kept outside.
const WAITING: &[&str] = &["in waiting room"];

/// Columns that the caller names, for platforms that are not known here.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// Over names.
    pub name: Option<String>,
    /// Over addresses.
    pub email: Option<String>,
    /// Over durations.
    pub duration: Option<String>,
}

/// Somebody in the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// The rows of the file that are about them.
    pub rows: Vec<u32>,
    /// Their name as it is shown.
    pub name: String,
    /// Their address, if the report has one.
    pub email: Option<Email>,
    /// For how long they were there in all, when the report says so.
    pub minutes: Option<i32>,
}

/// What a report says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read {
    /// Everybody, each once, in the order of their first rows.
    pub participants: Vec<Participant>,
    /// Rows of the table.
    pub rows: u32,
    /// The columns that are used: heading, and what for.
    pub columns: Vec<(String, &'static str)>,
    /// Headings of the other columns: nothing of them is kept.
    pub ignored: Vec<String>,
    /// Rows that cannot be used: number, heading of the column, why.
    pub wrong: Vec<(u32, String, String)>,
}

/// A heading as it is compared: lower case, words only.
fn heading(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    spaced.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where the columns are.
struct Places {
    name: usize,
    email: Option<usize>,
    duration: Option<usize>,
    waiting: Option<usize>,
}

impl Places {
    /// The columns of a line, if it is the header of a table of people.
    fn of(cells: &[String], columns: &Columns) -> Option<Self> {
        let headings: Vec<String> = cells.iter().map(|cell| heading(cell)).collect();
        let find = |given: &Option<String>, known: &[&str]| match given {
            Some(given) => headings.iter().position(|cell| *cell == heading(given)),
            None => known.iter().find_map(|word| headings.iter().position(|cell| cell == word)),
        };
        let name = find(&columns.name, NAMES)?;
        let places = Self {
            name,
            email: find(&columns.email, EMAILS),
            duration: find(&columns.duration, DURATIONS),
            waiting: find(&None, WAITING),
        };
        let named = columns.email.is_none() || places.email.is_some();
        let timed = columns.duration.is_none() || places.duration.is_some();
        (named && timed).then_some(places)
    }
}

/// Finds the people in the rows of a report; 422 when no row is the header of a table of them.
pub fn read(rows: &[Row], columns: &Columns) -> Result<Read, Problem> {
    let header = |row: &Row| Places::of(&row.cells, columns);
    let found = rows.iter().enumerate().find_map(|(at, row)| Some((at, header(row)?)));
    let (at, places) = found.ok_or_else(|| {
        let detail = "No row has a column with names, such as “Name (Original Name)” or “Full Name”; say with `name`, \
                      `email` and `duration` what the columns are called.";
        Problem::new(Code::UnreadableFile, detail)
    })?;
    let mut read = Read::default();
    let cells = rows[at].cells.as_slice();
    let used = [
        (Some(places.name), "name"),
        (places.email, "email"),
        (places.duration, "minutes"),
        (places.waiting, "waiting_room"),
    ];
    for (place, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()) {
        match used.iter().find(|(used, _)| *used == Some(place)) {
            Some((_, field)) => read.columns.push((cell.clone(), field)),
            None => read.ignored.push(cell.clone()),
        }
    }
    let mut seconds: Vec<Option<i64>> = Vec::new();
    // Teams puts another table below, with the same people again.
    let table =
        rows[at + 1..].iter().take_while(|row| !is_title(&row.cells) && header(row).is_none());
    for row in table.filter(|row| row.cells.iter().any(|cell| !cell.trim().is_empty())) {
        take_row(&mut read, &mut seconds, &places, cells, row.number, &row.cells);
    }
    for (participant, seconds) in read.participants.iter_mut().zip(seconds) {
        participant.minutes = seconds.map(whole_minutes);
    }
    Ok(read)
}

/// The title of the next part of the file: "3. In-Meeting Activities".
fn is_title(row: &[String]) -> bool {
    let filled: Vec<&String> = row.iter().filter(|cell| !cell.trim().is_empty()).collect();
    let [title] = filled[..] else { return false };
    title.split_once(". ").is_some_and(|(number, _)| number.trim().parse::<u8>().is_ok())
}

fn take_row(
    read: &mut Read,
    seconds: &mut Vec<Option<i64>>,
    places: &Places,
    headings: &[String],
    number: u32,
    row: &[String],
) {
    let cell = |place: usize| row.get(place).map_or("", |cell| cell.trim());
    let optional = |place: Option<usize>| place.map(cell).filter(|text| !text.is_empty());
    read.rows += 1;
    if optional(places.waiting).is_some_and(|word| word.eq_ignore_ascii_case("yes")) {
        return;
    }
    let name = cell(places.name);
    let mut wrong = |place: usize, why: String| {
        let heading = headings.get(place).cloned().unwrap_or_default();
        read.wrong.push((number, heading, why));
    };
    if matching::normal(name).is_empty() {
        return wrong(places.name, "has no name".into());
    }
    let duration = match optional(places.duration).map(|text| (text, duration(text))) {
        Some((text, None)) => {
            let place = places.duration.unwrap_or_default();
            return wrong(
                place,
                format!("{text:?} is no duration: write minutes, 1:05:00 or 1h 5m"),
            );
        }
        Some((_, read)) => read,
        None => None,
    };
    // An address that is none is a name that stands in the wrong place: the person is found by name.
    let email = optional(places.email).and_then(|text| text.parse::<Email>().ok());
    let same = read.participants.iter().position(|one| is_same(one, name, email.as_ref()));
    let Some(same) = same else {
        seconds.push(duration);
        return read.participants.push(Participant {
            rows: vec![number],
            name: name.to_owned(),
            email,
            minutes: None,
        });
    };
    let known = &mut read.participants[same];
    known.rows.push(number);
    known.email = known.email.take().or(email);
    seconds[same] = match (seconds[same], duration) {
        (Some(before), Some(more)) => Some(before.saturating_add(more)),
        (before, more) => before.or(more),
    };
}

/// The same address; or the same name where one of the two has no address.
fn is_same(known: &Participant, name: &str, email: Option<&Email>) -> bool {
    match (&known.email, email) {
        (Some(known), Some(email)) => known == email,
        _ => matching::normal(&known.name) == matching::normal(name),
    }
}

/// To the nearest minute; somebody who was there at all for at least one.
fn whole_minutes(seconds: i64) -> i32 {
    let minutes = (seconds + 30) / 60;
    i32::try_from(minutes).unwrap_or(MOST_MINUTES).clamp(1, MOST_MINUTES)
}

/// Seconds in "65", "65 mins", "1:05", "1:05:00", "1h 5m 3s", "1 hr 5 min".
fn duration(text: &str) -> Option<i64> {
    if text.contains(':') {
        let parts: Option<Vec<i64>> =
            text.split(':').map(|part| part.trim().parse().ok()).collect();
        return match parts?[..] {
            [hours, minutes] => Some(hours * 3600 + minutes * 60),
            [hours, minutes, seconds] => Some(hours * 3600 + minutes * 60 + seconds),
            _ => None,
        }
        .filter(|seconds| *seconds >= 0);
    }
    let mut total = 0.0;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let number: f64 = rest[..digits].parse().ok()?;
        rest = rest[digits..].trim_start();
        let letters = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let unit = unit(&rest[..letters])?;
        total += number * unit;
        rest = rest[letters..].trim_start_matches([' ', ',', '.']);
    }
    (total.is_finite() && total < 1e9).then_some(total as i64)
}

fn unit(word: &str) -> Option<f64> {
    match word.to_lowercase().as_str() {
        "" | "m" | "min" | "mins" | "minute" | "minutes" => Some(60.0),
        "h" | "hr" | "hrs" | "hour" | "hours" => Some(3600.0),
        "s" | "sec" | "secs" | "second" | "seconds" => Some(1.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
