//! Participants are asked, too: in an open round, once, until a day that does not move. Everybody confirmed is told so in the same words,
//! and reads the draft as it was frozen then. What they say comes by receipt and stands among the comments as a participant's; it is no
//! position of anybody. Pure.

use chrono::{Days, Duration, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Tz;

use crate::consultations::programme::printed_names::LeftOut;
use crate::db::types::Timestamp;
use crate::digest::sha256;
use crate::inputs::hearings::{HeardDraft, HeardPortion, Hearing};
use crate::problem::Problem;
use crate::reports::ReportId;
use crate::reports::milestones::document_without;

use super::portions::{Portion, PortionKind};

pub(super) mod http;
pub mod service;

/// So many days ahead the last one is at least: the mail goes out the next morning, and from then on people have three whole days. What
/// waits when it is over is let in however little it is, and nobody may bring that about for a few.
const FEWEST_DAYS: Days = Days::new(4);

/// The hearing of a round, and whether everything that was said in it has been let in.
#[derive(Debug, Clone)]
pub struct HeardRound {
    /// The hearing.
    pub hearing: Hearing,
    /// Whether it is over and nothing of it waits.
    pub settled: bool,
}

/// 422 unless participants have time enough.
pub fn check_days(ends_on: NaiveDate, today: NaiveDate) -> Result<(), Problem> {
    let first = today.checked_add_days(FEWEST_DAYS);
    if first.is_some_and(|first| ends_on >= first) {
        return Ok(());
    }
    let first = first.map(|first| first.to_string()).unwrap_or_default();
    let detail = format!(
        "is too soon: participants are told in the morning and have three days from then, so {first} at the earliest"
    );
    Err(Problem::invalid("/ends_on", detail))
}

/// The moment at which a day is over in a zone.
pub fn end_of(day: NaiveDate, zone: Tz) -> Option<Timestamp> {
    let midnight = day.checked_add_days(Days::new(1))?.and_time(NaiveTime::MIN);
    let found = zone.from_local_datetime(&midnight).earliest();
    // Where clocks are put forward at midnight, an hour later.
    let later = || zone.from_local_datetime(&(midnight + Duration::hours(1))).earliest();
    found.or_else(later).map(|at| Timestamp::new(at.to_utc()))
}

/// A portion that participants read, as bodies see it.
pub fn portion(report: ReportId, one: &HeardPortion) -> Portion {
    let kind = match one.version {
        Some(_) => PortionKind::Paragraph,
        None if one.id.uuid() == report.uuid() => PortionKind::FirstPage,
        None => PortionKind::Section,
    };
    let (id, number) = (one.id, one.number);
    Portion { id, kind, number, text: one.text.clone(), sha256: one.sha256.clone() }
}

/// What participants read without these names.
pub fn without(mut draft: HeardDraft, gone: &LeftOut) -> HeardDraft {
    if gone.is_empty() {
        return draft;
    }
    for portion in &mut draft.portions {
        portion.text = gone.in_text(&portion.text);
        portion.sha256 = sha256(&portion.text);
    }
    draft.document = draft.document.and_then(|text| document_without(&text, gone));
    draft
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn participants_have_time_from_the_mail_on() {
        let day = |day| NaiveDate::from_ymd_opt(2021, 3, day).unwrap_or_default();
        assert!(check_days(day(13), day(10)).is_err());
        assert!(check_days(day(14), day(10)).is_ok());
    }

    #[test]
    fn a_day_is_over_at_midnight_there() {
        let day = NaiveDate::from_ymd_opt(2021, 3, 14).unwrap_or_default();
        let over = end_of(day, chrono_tz::Asia::Bangkok).map(|at| at.to_string());
        assert_eq!(over.as_deref(), Some("2021-03-14T17:00:00.000000Z"));
    }
}
