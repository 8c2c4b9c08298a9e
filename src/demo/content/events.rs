//! Consultations with their programme: `consultation_N.toml`, `living_N.toml`.

use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, Timelike, Utc};
use chrono_tz::Tz;
use serde::Deserialize;

use super::drafted::{Heading, Paragraph};
use super::said::Input;
use crate::access::Role;
use crate::accounts::Email;
use crate::announcements::Texts;
use crate::consultations::{AttributionRule, CoOrganizerKind, Mode, SessionKind};
use crate::reference::ObjectiveNumber;

/// Where it is day at any moment: in one of these it is between [`EARLIEST`] and [`LATEST`].
const ZONES: [Tz; 3] =
    [chrono_tz::Asia::Bangkok, chrono_tz::Asia::Tbilisi, chrono_tz::Pacific::Auckland];
/// The hours between which a consultation can be on now, in full.
const EARLIEST: u32 = 2;
const LATEST: u32 = 19;

/// `consultation_N.toml`, `living_N.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// The consultation itself.
    pub consultation: About,
    /// Who organizes it.
    #[serde(default)]
    pub co_organizers: Vec<CoOrganizer>,
    /// What everybody confirmed is told as it begins.
    #[serde(default)]
    pub announcement: Texts,
    /// Its working groups.
    #[serde(default)]
    pub working_groups: Vec<WorkingGroup>,
    /// Its rounds.
    #[serde(default)]
    pub rounds: Vec<Round>,
    /// Its programme, in order.
    #[serde(default)]
    pub sessions: Vec<Session>,
    /// What was contributed.
    #[serde(default)]
    pub inputs: Vec<Input>,
    /// The paragraphs of its report, in order.
    #[serde(default)]
    pub paragraphs: Vec<Paragraph>,
    /// Headings with another wording.
    #[serde(default)]
    pub headings: Vec<Heading>,
}

/// A consultation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// Its place in the series.
    pub ordinal: i32,
    /// Its theme.
    pub theme: String,
    /// Its day, when it is on record.
    pub date: Option<NaiveDate>,
    /// Its day, counted from that of the building.
    pub in_days: Option<i32>,
    /// The time of its programme at which the demonstration finds it.
    pub found_at: Option<LocalTime>,
    /// When it begins.
    pub start: Option<LocalTime>,
    /// When it ends.
    pub end: Option<LocalTime>,
    /// The zone of its times.
    pub zone: Tz,
    /// How people meet.
    pub mode: Mode,
    /// What it addresses.
    pub objectives: Vec<ObjectiveNumber>,
    /// BCP 47.
    pub languages: Vec<String>,
    /// How many can take part.
    pub capacity: Option<i32>,
}

/// A time of day, written "11:30".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct LocalTime(pub NaiveTime);

impl TryFrom<String> for LocalTime {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let time = NaiveTime::parse_from_str(&text, "%H:%M");
        time.map(Self).map_err(|_| format!("{text:?} is no time of day: write it like 11:30"))
    }
}

/// An organization's part in a consultation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoOrganizer {
    /// Its key.
    pub organization: String,
    /// Its part.
    pub kind: CoOrganizerKind,
}

/// A working group.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkingGroup {
    /// Its number.
    pub number: i32,
    /// What it discusses.
    pub clusters: Vec<Vec<ObjectiveNumber>>,
    /// How few may be in it.
    pub min_size: i32,
    /// How many may be in it.
    pub max_size: i32,
    /// Who hosts it.
    pub hosts: Vec<Host>,
}

impl WorkingGroup {
    /// The address of the one who records for the group.
    pub fn rapporteur(&self) -> Option<&Email> {
        let host = self.hosts.iter().find(|host| host.role == Role::Rapporteur);
        host.map(|host| &host.email)
    }
}

/// Somebody's role in a working group.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Host {
    /// Whose.
    pub email: Email,
    /// As what.
    pub role: Role,
}

/// A round.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Round {
    /// Its number.
    pub number: i32,
    /// When it begins.
    pub start: Option<LocalTime>,
    /// When it ends.
    pub end: Option<LocalTime>,
}

/// A row of the programme.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// What it is.
    pub kind: SessionKind,
    /// When it begins.
    pub start: Option<LocalTime>,
    /// When it ends.
    pub end: Option<LocalTime>,
    /// Its title.
    pub title: String,
    /// "Name, Affiliation".
    pub moderator: Option<String>,
    /// "Name, Affiliation" each, behind "Keynote: " of a keynote address.
    #[serde(default)]
    pub speakers: Vec<String>,
    /// Whether speakers may be named.
    pub rule: AttributionRule,
    /// The round held in it.
    pub round: Option<i32>,
    /// A footnote of the row.
    pub note: Option<String>,
}

impl Event {
    /// Puts it on its day, and, where it is found on, at its time, in a zone where it is day.
    pub(super) fn stand(&mut self, now: DateTime<Utc>) {
        let about = &mut self.consultation;
        if let Some(LocalTime(found_at)) = about.found_at {
            let hour = |zone: &&Tz| now.with_timezone(*zone).hour();
            let is_day = |zone: &&Tz| (EARLIEST..=LATEST).contains(&hour(zone));
            about.zone = ZONES.iter().find(is_day).copied().unwrap_or(about.zone);
            let local = now.with_timezone(&about.zone).time();
            let minutes = (local - found_at).num_minutes();
            let later = Duration::minutes(minutes - minutes.rem_euclid(5));
            let of_rounds = self.rounds.iter_mut().flat_map(|one| [&mut one.start, &mut one.end]);
            let of_sessions =
                self.sessions.iter_mut().flat_map(|one| [&mut one.start, &mut one.end]);
            let all = of_rounds.chain(of_sessions).chain([&mut about.start, &mut about.end]);
            for time in all.flatten() {
                time.0 = time.0.overflowing_add_signed(later).0;
            }
        }
        let today = now.with_timezone(&about.zone).date_naive();
        let day = about.in_days.and_then(|days| match u64::try_from(days) {
            Ok(days) => today.checked_add_days(Days::new(days)),
            Err(_) => today.checked_sub_days(Days::new(days.unsigned_abs().into())),
        });
        about.date = about.date.or(day);
    }

    pub(super) fn group_numbers(&self) -> impl Iterator<Item = i32> {
        self.working_groups.iter().map(|group| group.number)
    }

    pub(super) fn round_numbers(&self) -> impl Iterator<Item = i32> {
        self.rounds.iter().map(|round| round.number)
    }

    /// The working group that a cluster belongs to.
    pub fn group_of(&self, cluster: &[ObjectiveNumber]) -> Option<&WorkingGroup> {
        self.working_groups.iter().find(|group| group.clusters.iter().any(|one| one == cluster))
    }
}
