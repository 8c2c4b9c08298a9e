//! Reads the participants' report of a video platform (Zoom, Teams, Webex, Meet): finds the table in the file, whatever stands
//! above and below it, and merges the rows of people who joined several times. When people joined and left is read only to
//! unite the times of one person, and never leaves this folder. Pure.

mod moments;
mod quantities;
mod stays;

use std::collections::{BTreeSet, HashMap};

use stays::Stay;

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
/// Headings over the two parts of a name, where it has two columns.
const FIRST_NAMES: &[&str] = &["first name", "given name", "forename"];
const LAST_NAMES: &[&str] = &["last name", "family name", "surname"];
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
/// Headings over when somebody joined, each time.
const JOINED: &[&str] = &["join time", "time joined", "joined", "joined at"];
/// Headings over when they left.
const LEFT: &[&str] = &["leave time", "time exited", "time left", "left", "left at"];
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
    /// Whether somebody of another name has the same address: an office, a shared device.
    pub shares_address: bool,
    /// Each time that they were there.
    pub stays: Vec<Stay>,
}

impl Participant {
    /// For how long they were there in all, when the report says so.
    pub fn minutes(&self) -> Option<i32> {
        stays::minutes(&self.stays)
    }
}

/// For how long somebody was there who is more than one participant of a report.
pub fn minutes_of_all<'a>(participants: impl Iterator<Item = &'a Participant>) -> Option<i32> {
    let stays: Vec<Stay> = participants.flat_map(|one| one.stays.iter().copied()).collect();
    stays::minutes(&stays)
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
    /// One column, or two of which each holds a part.
    names: Vec<usize>,
    email: Option<usize>,
    duration: Option<usize>,
    joined: Option<usize>,
    left: Option<usize>,
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
        let parts = || Some(vec![find(&None, FIRST_NAMES)?, find(&None, LAST_NAMES)?]);
        let whole = find(&columns.name, NAMES).map(|place| vec![place]);
        let places = Self {
            names: whole.or_else(|| columns.name.is_none().then(parts)?)?,
            email: find(&columns.email, EMAILS),
            duration: find(&columns.duration, DURATIONS),
            joined: find(&None, JOINED),
            left: find(&None, LEFT),
            waiting: find(&None, WAITING),
        };
        let named = columns.email.is_none() || places.email.is_some();
        let timed = columns.duration.is_none() || places.duration.is_some();
        (named && timed).then_some(places)
    }

    /// What a column is used for.
    fn use_of(&self, place: usize) -> Option<&'static str> {
        let used = [
            (self.email, "email"),
            (self.duration, "minutes"),
            (self.joined, "minutes"),
            (self.left, "minutes"),
            (self.waiting, "waiting_room"),
        ];
        let used = self.names.iter().map(|name| (Some(*name), "name")).chain(used);
        let mut used = used.filter(|(used, _)| *used == Some(place));
        used.next().map(|(_, field)| field)
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
    for (place, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()) {
        match places.use_of(place) {
            Some(field) => read.columns.push((cell.clone(), field)),
            None => read.ignored.push(cell.clone()),
        }
    }
    // Teams puts another table below, with the same people again.
    let table =
        rows[at + 1..].iter().take_while(|row| !is_title(&row.cells) && header(row).is_none());
    let filled = table.filter(|row| row.cells.iter().any(|cell| !cell.trim().is_empty()));
    let mut seen = Vec::new();
    let mut times = Vec::new();
    for row in filled {
        read.rows += 1;
        match seen_in(row, &places) {
            Ok(None) => {}
            Ok(Some(one)) => {
                let cell = |place: Option<usize>| place.map_or("", |place| cell(row, place));
                times.push((cell(places.joined), cell(places.left)));
                seen.push(one);
            }
            Err((place, why)) => {
                let heading = cells.get(place).cloned().unwrap_or_default();
                read.wrong.push((row.number, heading, why));
            }
        }
    }
    for (one, between) in seen.iter_mut().zip(moments::between(&times)) {
        one.stay.between = between;
    }
    read.participants = people(seen);
    Ok(read)
}

/// The title of the next part of the file: "3. In-Meeting Activities".
fn is_title(row: &[String]) -> bool {
    let filled: Vec<&String> = row.iter().filter(|cell| !cell.trim().is_empty()).collect();
    let [title] = filled[..] else { return false };
    title.split_once(". ").is_some_and(|(number, _)| number.trim().parse::<u8>().is_ok())
}

/// A row about somebody.
struct Seen {
    row: u32,
    name: String,
    email: Option<Email>,
    stay: Stay,
}

fn cell(row: &Row, place: usize) -> &str {
    row.cells.get(place).map_or("", |cell| cell.trim())
}

/// Whom a row is about: nobody when they were kept outside. Else the column that is wrong, and why.
fn seen_in(row: &Row, places: &Places) -> Result<Option<Seen>, (usize, String)> {
    let optional =
        |place: Option<usize>| place.map(|place| cell(row, place)).filter(|text| !text.is_empty());
    if optional(places.waiting).is_some_and(|word| word.eq_ignore_ascii_case("yes")) {
        return Ok(None);
    }
    let parts = places.names.iter().map(|place| cell(row, *place)).filter(|part| !part.is_empty());
    let name = parts.collect::<Vec<_>>().join(" ");
    if matching::normal(&name).is_empty() {
        return Err((places.names[0], "has no name".to_owned()));
    }
    let seconds = match optional(places.duration).map(|text| (text, quantities::duration(text))) {
        Some((text, None)) => {
            let why = format!(
                "{text:?} cannot be read as a duration in one way only: write whole minutes, 1:05:00 or 1h 5m"
            );
            return Err((places.duration.unwrap_or_default(), why));
        }
        Some((_, seconds)) => seconds,
        None => None,
    };
    // An address that is none is a name that stands in the wrong place: the person is found by name. So is one that is masked.
    let email = optional(places.email).filter(|text| !text.contains('*'));
    let email = email.and_then(|text| text.parse::<Email>().ok());
    Ok(Some(Seen { row: row.number, name, email, stay: Stay { between: None, seconds } }))
}

/// Everybody once, in the order of their first rows. The same person has the same name, and the same address where they have one: an
/// address alone may be an office's. A row without an address is about whoever has its name, when only one has.
fn people(seen: Vec<Seen>) -> Vec<Participant> {
    let mut people: Vec<Participant> = Vec::new();
    let (with_address, without): (Vec<Seen>, Vec<Seen>) =
        seen.into_iter().partition(|one| one.email.is_some());
    let mut by_both: HashMap<(Option<Email>, String), usize> = HashMap::new();
    let mut by_name: HashMap<String, BTreeSet<usize>> = HashMap::new();
    let mut of_address: HashMap<Option<Email>, BTreeSet<usize>> = HashMap::new();
    for one in with_address {
        let (names, email) = (matching::names(&one.name), one.email.clone());
        let both = |name: &String| (email.clone(), name.clone());
        let same = names.iter().find_map(|name| by_both.get(&both(name)).copied());
        let at = add(&mut people, same, one);
        of_address.entry(email.clone()).or_default().insert(at);
        for name in &names {
            by_both.entry(both(name)).or_insert(at);
            by_name.entry(name.clone()).or_default().insert(at);
        }
    }
    let mut alone: HashMap<String, usize> = HashMap::new();
    for one in without {
        let names = matching::names(&one.name);
        let called: BTreeSet<usize> =
            names.iter().filter_map(|name| by_name.get(name)).flatten().copied().collect();
        let same = match called.len() {
            1 => called.first().copied(),
            _ => names.iter().find_map(|name| alone.get(name).copied()),
        };
        let at = add(&mut people, same, one);
        if called.len() != 1 {
            for name in names {
                alone.entry(name).or_insert(at);
            }
        }
    }
    for sharing in of_address.values().filter(|sharing| sharing.len() > 1) {
        sharing.iter().for_each(|at| people[*at].shares_address = true);
    }
    people.sort_by_key(|one| one.rows[0]);
    people
}

/// Adds what is seen of somebody who is there already, or of somebody new; at which place they stand.
fn add(people: &mut Vec<Participant>, same: Option<usize>, one: Seen) -> usize {
    let Seen { row, name, email, stay } = one;
    let Some(at) = same else {
        people.push(Participant {
            rows: vec![row],
            name,
            email,
            shares_address: false,
            stays: vec![stay],
        });
        return people.len() - 1;
    };
    let known = &mut people[at];
    if row < known.rows[0] {
        known.rows.insert(0, row);
        known.name = name;
    } else {
        known.rows.push(row);
    }
    known.stays.push(stay);
    at
}

#[cfg(test)]
mod tests;
