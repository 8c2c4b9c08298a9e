//! When what waits enters the readable tables: at fixed times, enough of it together, in random order, under no time of its own. Pure.

use chrono::{Days, Duration, NaiveTime, TimeZone};
use chrono_tz::Tz;

use crate::consultations::Phase;
use crate::db::types::Timestamp;
use crate::inputs::windows::Window;
use crate::problem::Problem;

pub mod http;
pub mod service;
pub(super) mod store;

/// Entries that are mixed together at least.
pub const FEWEST_ENTRIES: usize = 10;
/// Receipts of which these entries are at least.
pub const FEWEST_RECEIPTS: usize = 5;
/// Receipts that were given at least, before anything is mixed.
pub const FEWEST_GIVEN: i64 = 10;
/// Times a day at most.
pub const MOST_TIMES: usize = 4;
/// Minutes after a fixed time in which it still counts: whoever starts the server at another time has nothing mixed by that.
pub const GRACE_MINUTES: i64 = 10;

/// The times of day, in the consultation's zone, at which it is mixed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Times(Vec<NaiveTime>);

impl Default for Times {
    fn default() -> Self {
        let times = [6, 12, 18, 22].into_iter();
        Self(times.filter_map(|hour| NaiveTime::from_hms_opt(hour, 0, 0)).collect())
    }
}

impl Times {
    /// The times that are written like this, such as 06:00; 422 saying what to change.
    pub fn read(texts: &[String]) -> Result<Self, Problem> {
        if texts.is_empty() || texts.len() > MOST_TIMES {
            return Err(Problem::invalid(
                "/times",
                format!("must be from 1 to {MOST_TIMES} times"),
            ));
        }
        let mut times = Vec::new();
        for (index, text) in texts.iter().enumerate() {
            let pointer = format!("/times/{index}");
            let time = NaiveTime::parse_from_str(text, "%H:%M");
            let time = time.map_err(|_| {
                Problem::invalid(pointer.clone(), "must be a time of day such as 06:00")
            })?;
            if times.contains(&time) {
                return Err(Problem::invalid(pointer, "is there twice"));
            }
            times.push(time);
        }
        times.sort_unstable();
        Ok(Self(times))
    }

    /// As they are written.
    pub fn texts(&self) -> Vec<String> {
        self.0.iter().map(|time| time.format("%H:%M").to_string()).collect()
    }

    /// The latest fixed time that is not after `now`, and the earliest that is.
    pub fn around(&self, zone: Tz, now: Timestamp) -> (Timestamp, Timestamp) {
        let day = now.utc().with_timezone(&zone).date_naive();
        let days =
            [day.checked_sub_days(Days::new(1)), Some(day), day.checked_add_days(Days::new(1))];
        let mut all: Vec<Timestamp> = days
            .into_iter()
            .flatten()
            .flat_map(|day| self.0.iter().map(move |time| day.and_time(*time)))
            .filter_map(|local| {
                // Where clocks are put forward, an hour later; where they are put back, the first of the two.
                let found = zone.from_local_datetime(&local).earliest();
                let later = || zone.from_local_datetime(&(local + Duration::hours(1))).earliest();
                found.or_else(later)
            })
            .map(|at| Timestamp::new(at.to_utc()))
            .collect();
        all.sort_unstable();
        let last = all.iter().rev().find(|at| **at <= now).copied().unwrap_or(now);
        let next = all.iter().find(|at| **at > now).copied().unwrap_or(now);
        (last, next)
    }
}

/// How many of its closings a consultation has come to at a fixed time. At each of them, once, what is left is let in however little it
/// is: when the last window is over, when the report goes to clearance, and when it is published. So it is when a hearing ends
/// ([`ended`]).
pub fn closings(windows: &[Window], phase: Phase, at: Timestamp) -> i32 {
    match phase {
        Phase::Published | Phase::Cancelled => 3,
        Phase::Clearance => 2,
        _ => {
            let over = !windows.is_empty() && windows.iter().all(|window| window.closes_at <= at);
            i32::from(over)
        }
    }
}

/// Whether a hearing ended between the fixed time that was looked at last and this one.
pub fn ended(
    mut ends: impl Iterator<Item = Timestamp>,
    seen_to: Option<Timestamp>,
    at: Timestamp,
) -> bool {
    ends.any(|end| seen_to.is_none_or(|seen| seen < end) && end <= at)
}

/// What stands at a fixed time.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// Entries that do not go on waiting when it is mixed.
    pub leaving: usize,
    /// Entries that enter then, of those.
    pub entries: usize,
    /// Receipts that they are of.
    pub receipts: usize,
    /// Receipts that were given.
    pub given: i64,
    /// Whether it is looked at within the minutes of grace.
    pub in_time: bool,
    /// Entries that do not go on waiting, without what is said of drafts.
    pub inputs: usize,
    /// Whether a closing was come to since the last time, or the report is published: then wishes to take something back are let in each
    /// time.
    pub closing: bool,
    /// Whether a hearing ended since the last time.
    pub heard: bool,
}

/// What is mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchPart {
    /// Everything that waits.
    All,
    /// What is about inputs alone; what is said of a draft waits on, for enough of it or for the end of its hearing.
    Inputs,
}

impl Standing {
    /// What is mixed; nothing when all of it waits on.
    pub const fn mixes(self) -> Option<BatchPart> {
        let enough = self.entries >= FEWEST_ENTRIES
            && self.receipts >= FEWEST_RECEIPTS
            && self.given >= FEWEST_GIVEN;
        if self.leaving > 0 && (self.heard || (self.in_time && enough)) {
            return Some(BatchPart::All);
        }
        if self.inputs > 0 && self.closing { Some(BatchPart::Inputs) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Utc;
    use chrono_tz::Asia::Bangkok;
    use chrono_tz::Europe::Berlin;

    fn at(text: &str) -> Timestamp {
        Timestamp::new(text.parse::<chrono::DateTime<Utc>>().unwrap())
    }

    #[test]
    fn fixed_times_are_those_of_the_zone() {
        let times = Times::default();
        let around = times.around(Bangkok, at("2020-11-19T05:30:00Z"));
        assert_eq!(around, (at("2020-11-19T05:00:00Z"), at("2020-11-19T11:00:00Z")));
        let around = times.around(Bangkok, at("2020-11-19T16:00:00Z"));
        assert_eq!(around, (at("2020-11-19T15:00:00Z"), at("2020-11-19T23:00:00Z")));
        // Exactly then it is the last one.
        assert_eq!(times.around(Bangkok, at("2020-11-19T05:00:00Z")).0, at("2020-11-19T05:00:00Z"));
        // The night in which 02:30 does not exist.
        let night = Times::read(&["02:30".to_owned()]).unwrap();
        assert_eq!(night.around(Berlin, at("2021-03-28T06:00:00Z")).0, at("2021-03-28T01:30:00Z"));
    }

    #[test]
    fn times_are_up_to_four_and_no_two_alike() {
        let read = |texts: &[&str]| {
            Times::read(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(read(&["18:00", "06:30"]).unwrap().texts(), ["06:30", "18:00"]);
        for wrong in [&[][..], &["25:00"], &["6"], &["06:00", "06:00"], &["01:00"; 5]] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn little_is_mixed_at_a_closing_only() {
        let few = Standing {
            leaving: 9,
            entries: 9,
            receipts: 9,
            given: 80,
            in_time: true,
            inputs: 9,
            closing: false,
            heard: false,
        };
        let all = Some(BatchPart::All);
        assert_eq!(few.mixes(), None);
        assert_eq!(Standing { entries: 10, ..few }.mixes(), all);
        assert_eq!(Standing { entries: 10, receipts: 4, ..few }.mixes(), None);
        assert_eq!(Standing { entries: 10, given: 9, ..few }.mixes(), None);
        assert_eq!(Standing { entries: 10, in_time: false, ..few }.mixes(), None);
        assert_eq!(Standing { entries: 1, heard: true, in_time: false, ..few }.mixes(), all);
        let inputs = Some(BatchPart::Inputs);
        assert_eq!(Standing { entries: 1, closing: true, in_time: false, ..few }.mixes(), inputs);
        let nothing = Standing { leaving: 0, entries: 0, inputs: 0, closing: true, ..few };
        assert_eq!(nothing.mixes(), None);
        // What came too late is noted; what goes on waiting is no reason to mix, nor is a draft at another closing than its own.
        assert_eq!(
            Standing { leaving: 1, inputs: 1, entries: 0, closing: true, ..few }.mixes(),
            inputs
        );
        assert_eq!(Standing { inputs: 0, closing: true, ..few }.mixes(), None);
        assert_eq!(Standing { leaving: 80, ..few }.mixes(), None);
    }

    #[test]
    fn a_hearing_ends_at_one_fixed_time() {
        let end = [at("2020-11-19T17:00:00Z")];
        let (before, after) = (at("2020-11-19T11:00:00Z"), at("2020-11-19T23:00:00Z"));
        let ended = |ends: &[Timestamp], seen, at| ended(ends.iter().copied(), seen, at);
        assert!(!ended(&end, Some(before), before));
        assert!(ended(&end, Some(before), after) && ended(&end, Some(before), end[0]));
        assert!(!ended(&end, Some(end[0]), after) && !ended(&[], None, after));
    }

    #[test]
    fn each_closing_is_come_to_in_its_turn() {
        use crate::inputs::windows::Moment;
        let window = Window {
            moment: Moment::After,
            opens_at: at("2020-11-19T00:00:00Z"),
            closes_at: at("2020-11-26T00:00:00Z"),
        };
        let come = |phase, when: &str| closings(&[window], phase, at(when));
        assert_eq!(come(Phase::InSession, "2020-11-25T00:00:00Z"), 0);
        assert_eq!(come(Phase::Synthesis, "2020-11-26T00:00:00Z"), 1);
        assert_eq!(closings(&[], Phase::Synthesis, at("2020-11-26T00:00:00Z")), 0);
        assert_eq!(come(Phase::Clearance, "2020-11-25T00:00:00Z"), 2);
        assert_eq!(come(Phase::Published, "2020-11-25T00:00:00Z"), 3);
    }
}
