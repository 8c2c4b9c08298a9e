//! What is written is read again by another library, calcard; folding and escaping hold for any text.

use calcard::icalendar::{ICalendar, ICalendarComponentType, ICalendarProperty};
use proptest::prelude::*;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn event(zone: Tz, starts: &str, ends: &str) -> Event {
    Event {
        uid: "0190b0c0-0000-7000-8000-000000000001".into(),
        sequence: 3,
        changed_at: at("2020-10-01T03:00:00Z"),
        when: When::Span(at(starts), Some(at(ends))),
        zone,
        summary: "Opening".into(),
        description: String::new(),
        location: String::new(),
        url: String::new(),
        status: Status::Confirmed,
    }
}

fn calendar(events: Vec<Event>) -> Calendar {
    Calendar { name: "Borders, rights; and more".into(), zone: Tz::Asia__Bangkok, events }
}

/// The file as single lines again.
fn unfolded(file: &str) -> Vec<String> {
    file.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
}

fn read(file: &str) -> ICalendar {
    ICalendar::parse(file).unwrap_or_else(|error| panic!("{error:?} in {file}"))
}

#[test]
fn a_zone_without_daylight_saving_has_one_observance() {
    let file =
        calendar(vec![event(Tz::Asia__Bangkok, "2020-11-19T04:00:00Z", "2020-11-19T04:30:00Z")])
            .write();
    let lines = unfolded(&file);
    for line in [
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Borders\\, rights\\; and more",
        "X-WR-TIMEZONE:Asia/Bangkok",
        "TZOFFSETFROM:+0700",
        "TZOFFSETTO:+0700",
        "DTSTAMP:20201001T030000Z",
        "LAST-MODIFIED:20201001T030000Z",
        "SEQUENCE:3",
        "DTSTART;TZID=Asia/Bangkok:20201119T110000",
        "DTEND;TZID=Asia/Bangkok:20201119T113000",
        "STATUS:CONFIRMED",
    ] {
        assert!(lines.iter().any(|known| known == line), "no {line} in {file}");
    }
    assert_eq!(file.matches("BEGIN:STANDARD").count(), 1, "{file}");
    assert!(!file.contains("DAYLIGHT"), "{file}");
}

#[test]
fn a_zone_with_daylight_saving_tells_each_change_on_the_clock_before_it() {
    let zone = Tz::Europe__Paris;
    let file = calendar(vec![event(zone, "2021-03-26T09:00:00Z", "2021-03-30T09:00:00Z")]).write();
    let lines = unfolded(&file).join("\n");
    for part in [
        "BEGIN:STANDARD\nDTSTART:20201025T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nTZNAME:CET",
        "BEGIN:DAYLIGHT\nDTSTART:20210328T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nTZNAME:CEST",
        "DTSTART;TZID=Europe/Paris:20210326T100000\nDTEND;TZID=Europe/Paris:20210330T110000",
    ] {
        assert!(lines.contains(part), "no {part} in {lines}");
    }
}

#[test]
fn the_hour_that_comes_twice_is_told_in_utc() {
    let zone = Tz::Europe__Paris;
    let first = event(zone, "2020-10-25T00:15:00Z", "2020-10-25T00:45:00Z");
    let second = event(zone, "2020-10-25T00:45:00Z", "2020-10-25T01:15:00Z");
    let file = calendar(vec![first, second]).write();
    assert!(file.contains("DTSTART;TZID=Europe/Paris:20201025T021500\r\n"), "{file}");
    assert!(file.contains("DTSTART:20201025T004500Z\r\nDTEND:20201025T011500Z"), "{file}");
}

#[test]
fn an_empty_calendar_still_has_a_component_and_a_day_has_no_hour() {
    let empty = calendar(Vec::new()).write();
    assert!(empty.contains("BEGIN:VTIMEZONE"), "{empty}");
    let mut day = event(Tz::UTC, "2020-11-19T04:00:00Z", "2020-11-19T04:30:00Z");
    day.when = When::Day(NaiveDate::from_ymd_opt(2020, 12, 31).unwrap());
    let file = calendar(vec![day]).write();
    assert!(
        file.contains("DTSTART;VALUE=DATE:20201231\r\nDTEND;VALUE=DATE:20210101\r\n"),
        "{file}"
    );
    assert!(file.contains("TRANSP:TRANSPARENT"), "{file}");
}

#[test]
fn offsets_are_written_with_seconds_only_where_there_are_some() {
    assert_eq!(utc_offset(-12_600), "-0330");
    assert_eq!(utc_offset(20_700), "+0545");
    assert_eq!(utc_offset(24_124), "+064204");
}

#[test]
fn every_observance_gives_the_offset_that_the_zone_has() {
    for zone in [
        Tz::Asia__Bangkok,
        Tz::Asia__Dhaka,
        Tz::Asia__Kathmandu,
        Tz::Australia__Lord_Howe,
        Tz::Pacific__Apia,
        Tz::Africa__Casablanca,
        Tz::Europe__Dublin,
        Tz::America__St_Johns,
        Tz::UTC,
    ] {
        let (first, last) = (at("2019-02-01T00:00:00Z"), at("2022-02-01T00:00:00Z"));
        let all = observances(zone, first, last);
        let mut moment = first;
        while moment < last {
            let (_, _, now) = all.iter().rev().find(|(since, ..)| *since <= moment).unwrap();
            assert_eq!(*now, Observance::at(zone, moment), "{zone} at {moment}");
            moment += Duration::hours(1);
        }
    }
}

proptest! {
    #[test]
    fn no_line_is_longer_than_75_octets_and_no_character_is_cut(text in "\\PC{0,400}") {
        let mut out = Lines::default();
        out.text("DESCRIPTION", &text);
        for line in out.0.split("\r\n") {
            prop_assert!(line.len() <= LINE);
        }
        let whole = out.0.replace("\r\n ", "");
        let expected = format!("DESCRIPTION:{}\r\n", escaped(&text));
        prop_assert_eq!(whole, expected);
    }

    #[test]
    fn another_library_reads_what_was_written(
        summary in "[^\\pC]{1,60}", description in "[\\PC\n]{0,300}",
        hour in 0_i64..200_000, minutes in 1_i64..600, zone in prop::sample::select(&chrono_tz::TZ_VARIANTS[..]),
    ) {
        let starts = at("2005-01-01T00:00:00Z") + Duration::hours(hour);
        let mut one = event(zone, "2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z");
        one.when = When::Span(starts, Some(starts + Duration::minutes(minutes)));
        one.summary = summary.clone();
        one.description = description.clone();
        let file = calendar(vec![one]).write();
        let read = read(&file);
        let found = read.components.iter().find(|part| part.component_type == ICalendarComponentType::VEvent).unwrap();
        let text = |name: ICalendarProperty| {
            found.property(&name).and_then(|entry| entry.values.first()).and_then(|value| value.as_text()).unwrap_or("").to_owned()
        };
        prop_assert_eq!(text(ICalendarProperty::Summary), summary);
        prop_assert_eq!(text(ICalendarProperty::Description), description);
        let entry = found.property(&ICalendarProperty::Dtstart).unwrap();
        let told = entry.values[0].as_partial_date_time().unwrap();
        let local = told.to_date_time().unwrap();
        let moment = match local.offset {
            Some(_) => local.date_time.and_utc(),
            None => zone.from_local_datetime(&local.date_time).earliest().unwrap().with_timezone(&Utc),
        };
        prop_assert_eq!(moment, starts);
    }
}
