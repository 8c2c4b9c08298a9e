//! iCalendar (RFC 5545): events and the zones they are in, written so that the same events give the same bytes.
//! Ours, because no crate did all of it: `icalendar` 0.17 folds continuation lines at 76 octets, lets a bare CR through
//! and stamps events with the machine's time; none writes VTIMEZONE. Pure: knows no consultation, no HTTP, no clock.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, LocalResult, NaiveDate, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::{OffsetComponents, OffsetName, Tz};

/// The media type of what [`Calendar::write`] gives.
pub const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";
/// Octets of a line at most, without its end (RFC 5545, section 3.1).
const LINE: usize = 75;
/// Zones are described for so long after the last event, so that an event can be moved.
const AFTERWARDS: Duration = Duration::days(400);
/// How often subscribers are asked to look again.
const REFRESH: &str = "PT1H";

/// A calendar that is published.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// What it is called.
    pub name: String,
    /// The zone that is described when no event has one: a calendar has at least one component.
    pub zone: Tz,
    /// What is in it, in the order it is written.
    pub events: Vec<Event>,
}

/// How certain an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It may take place.
    Tentative,
    /// It takes place.
    Confirmed,
    /// It does not.
    Cancelled,
}

impl Status {
    const fn word(self) -> &'static str {
        match self {
            Self::Tentative => "TENTATIVE",
            Self::Confirmed => "CONFIRMED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

/// When an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// From a moment on, until another when that is known.
    Span(DateTime<Utc>, Option<DateTime<Utc>>),
    /// On a day, at no known time.
    Day(NaiveDate),
}

/// One event.
#[derive(Debug, Clone)]
pub struct Event {
    /// Unique in the world, the same for ever.
    pub uid: String,
    /// Grows with every change.
    pub sequence: i64,
    /// When it last changed.
    pub changed_at: DateTime<Utc>,
    /// When it is.
    pub when: When,
    /// The zone that its times are told in.
    pub zone: Tz,
    /// One line.
    pub summary: String,
    /// More; empty for nothing.
    pub description: String,
    /// Where; empty for nothing.
    pub location: String,
    /// Where one joins it from afar; empty for nothing.
    pub url: String,
    /// How certain it is.
    pub status: Status,
}

impl Calendar {
    /// As a file: CRLF, folded, every zone described before the events.
    pub fn write(&self) -> String {
        let mut out = Lines::default();
        out.line("BEGIN:VCALENDAR");
        out.line("VERSION:2.0");
        out.line("PRODID:-//Rapporteur//Rapporteur//EN");
        out.line("CALSCALE:GREGORIAN");
        out.line("METHOD:PUBLISH");
        out.text("NAME", &self.name);
        out.text("X-WR-CALNAME", &self.name);
        let zones = self.zones();
        if let (1, Some(zone)) = (zones.len(), zones.keys().next()) {
            out.line(&format!("X-WR-TIMEZONE:{zone}"));
        }
        out.line(&format!("REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}"));
        out.line(&format!("X-PUBLISHED-TTL:{REFRESH}"));
        for (zone, first, last) in zones.values() {
            write_zone(&mut out, *zone, *first, *last);
        }
        for event in &self.events {
            event.write(&mut out);
        }
        out.line("END:VCALENDAR");
        out.0
    }

    /// The zones of the events by name, each with the first and the last moment that is told in it.
    fn zones(&self) -> BTreeMap<&'static str, (Tz, DateTime<Utc>, DateTime<Utc>)> {
        let mut zones: BTreeMap<&'static str, (Tz, DateTime<Utc>, DateTime<Utc>)> = BTreeMap::new();
        for event in &self.events {
            let (first, last) = event.moments();
            let known = zones.entry(event.zone.name()).or_insert((event.zone, first, last));
            known.1 = known.1.min(first);
            known.2 = known.2.max(last);
        }
        if zones.is_empty() {
            let since = DateTime::UNIX_EPOCH;
            zones.insert(self.zone.name(), (self.zone, since, since));
        }
        zones
    }
}

impl Event {
    fn moments(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        match self.when {
            When::Span(starts, ends) => (starts, ends.unwrap_or(starts)),
            When::Day(day) => {
                let noon = day.and_hms_opt(12, 0, 0).unwrap_or_default().and_utc();
                (noon, noon)
            }
        }
    }

    fn write(&self, out: &mut Lines) {
        out.line("BEGIN:VEVENT");
        out.text("UID", &self.uid);
        let changed = self.changed_at.format("%Y%m%dT%H%M%SZ");
        out.line(&format!("DTSTAMP:{changed}"));
        out.line(&format!("LAST-MODIFIED:{changed}"));
        let sequence = i32::try_from(self.sequence).unwrap_or(i32::MAX);
        out.line(&format!("SEQUENCE:{sequence}"));
        self.write_when(out);
        out.text("SUMMARY", &self.summary);
        if !self.description.is_empty() {
            out.text("DESCRIPTION", &self.description);
        }
        if !self.location.is_empty() {
            out.text("LOCATION", &self.location);
        }
        // An address is no text: nothing in it is escaped (RFC 5545, 3.3.13).
        if !self.url.is_empty() {
            out.line(&format!("URL:{}", self.url));
        }
        out.line(&format!("STATUS:{}", self.status.word()));
        let busy = matches!(self.when, When::Span(..)) && self.status != Status::Cancelled;
        out.line(if busy { "TRANSP:OPAQUE" } else { "TRANSP:TRANSPARENT" });
        out.line("END:VEVENT");
    }

    fn write_when(&self, out: &mut Lines) {
        let (starts, ends) = match self.when {
            When::Day(day) => {
                let next = day.succ_opt().unwrap_or(day);
                out.line(&format!("DTSTART;VALUE=DATE:{}", day.format("%Y%m%d")));
                return out.line(&format!("DTEND;VALUE=DATE:{}", next.format("%Y%m%d")));
            }
            When::Span(starts, ends) => (starts, ends),
        };
        // Both in the same form (section 3.8.2.2).
        let local =
            is_plain(self.zone, starts) && ends.is_none_or(|ends| is_plain(self.zone, ends));
        let tell = |at: DateTime<Utc>| {
            if local {
                let at = at.with_timezone(&self.zone);
                format!(";TZID={}:{}", self.zone.name(), at.format("%Y%m%dT%H%M%S"))
            } else {
                at.format(":%Y%m%dT%H%M%SZ").to_string()
            }
        };
        out.line(&format!("DTSTART{}", tell(starts)));
        if let Some(ends) = ends {
            out.line(&format!("DTEND{}", tell(ends)));
        }
    }
}

/// Whether the time on the clocks of the zone tells this moment. When clocks are set back an hour comes twice, and
/// then the first of them is meant (section 3.3.5): the second can be told in UTC only.
fn is_plain(zone: Tz, at: DateTime<Utc>) -> bool {
    let local = at.with_timezone(&zone).naive_local();
    match zone.from_local_datetime(&local) {
        LocalResult::Ambiguous(first, _) => first.with_timezone(&Utc) == at,
        LocalResult::Single(_) => true,
        LocalResult::None => false,
    }
}

// ------------------------------------------------------------------------------------------------ zones

/// What clocks show from a moment on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Observance {
    /// Seconds east of UTC.
    offset: i32,
    /// Daylight-saving time.
    daylight: bool,
}

impl Observance {
    fn at(zone: Tz, moment: DateTime<Utc>) -> Self {
        let offset = zone.offset_from_utc_datetime(&moment.naive_utc());
        Self {
            offset: offset.fix().local_minus_utc(),
            daylight: offset.dst_offset() > Duration::zero(),
        }
    }
}

/// The observance in force at `first`, since when, and every one that follows up to `last`.
fn observances(
    zone: Tz,
    first: DateTime<Utc>,
    last: DateTime<Utc>,
) -> Vec<(DateTime<Utc>, Observance, Observance)> {
    let day = Duration::days(1);
    let mut found = Vec::new();
    let mut at = first;
    // Back to the change before the first event, or to 1970.
    while at > DateTime::UNIX_EPOCH {
        let earlier = (at - day).max(DateTime::UNIX_EPOCH);
        if let Some(change) = change_between(zone, earlier, at) {
            found.push(change);
            break;
        }
        at = earlier;
    }
    if found.is_empty() {
        let since = Observance::at(zone, at);
        found.push((at, since, since));
    }
    let mut at = first;
    while at < last {
        found.extend(change_between(zone, at, at + day));
        at += day;
    }
    found
}

/// The change after `from` and up to `to`, to the second: when, what was, what is.
fn change_between(
    zone: Tz,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Option<(DateTime<Utc>, Observance, Observance)> {
    let (before, after) = (Observance::at(zone, from), Observance::at(zone, to));
    if before == after {
        return None;
    }
    let (mut low, mut high) = (from.timestamp(), to.timestamp());
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        let moment = DateTime::from_timestamp(middle, 0)?;
        if Observance::at(zone, moment) == before { low = middle } else { high = middle }
    }
    let at = DateTime::from_timestamp(high, 0)?;
    Some((at, before, Observance::at(zone, at)))
}

/// VTIMEZONE: each change by itself, without rules, because laws change and rules outlive them.
fn write_zone(out: &mut Lines, zone: Tz, first: DateTime<Utc>, last: DateTime<Utc>) {
    out.line("BEGIN:VTIMEZONE");
    out.line(&format!("TZID:{}", zone.name()));
    for (at, before, after) in observances(zone, first, last + AFTERWARDS) {
        let kind = if after.daylight { "DAYLIGHT" } else { "STANDARD" };
        out.line(&format!("BEGIN:{kind}"));
        // On the clocks as they were before (section 3.6.5).
        let local: NaiveDateTime = at.naive_utc() + Duration::seconds(i64::from(before.offset));
        out.line(&format!("DTSTART:{}", local.format("%Y%m%dT%H%M%S")));
        out.line(&format!("TZOFFSETFROM:{}", utc_offset(before.offset)));
        out.line(&format!("TZOFFSETTO:{}", utc_offset(after.offset)));
        let offset = zone.offset_from_utc_datetime(&at.naive_utc());
        out.text("TZNAME", offset.abbreviation().unwrap_or(zone.name()));
        out.line(&format!("END:{kind}"));
    }
    out.line("END:VTIMEZONE");
}

fn utc_offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let (hours, rest) = (seconds.abs() / 3600, seconds.abs() % 3600);
    match (rest / 60, rest % 60) {
        (minutes, 0) => format!("{sign}{hours:02}{minutes:02}"),
        (minutes, seconds) => format!("{sign}{hours:02}{minutes:02}{seconds:02}"),
    }
}

// ------------------------------------------------------------------------------------------------ lines

/// Content lines, folded.
#[derive(Default)]
struct Lines(String);

impl Lines {
    /// A line that is ASCII and known to hold nothing to be escaped, or was escaped.
    fn line(&mut self, line: &str) {
        let mut room = LINE;
        for c in line.chars() {
            if c.len_utf8() > room {
                self.0.push_str("\r\n ");
                // The space belongs to the line.
                room = LINE - 1;
            }
            room -= c.len_utf8();
            self.0.push(c);
        }
        self.0.push_str("\r\n");
    }

    /// A property whose value is TEXT.
    fn text(&mut self, name: &str, value: &str) {
        self.line(&format!("{name}:{}", escaped(value)));
    }
}

/// TEXT (section 3.3.11): line ends become `\n`; other control characters have no place in it and are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' | '\r' => out.push_str("\\n"),
            '\t' => out.push('\t'),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests;
