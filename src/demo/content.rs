//! What the demonstration is built from: `config/demo/*.toml`, compiled in, read into these structs and checked, so that
//! every reference leads somewhere before anything is written. Must never touch the database.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, Timelike, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::access::Role;
use crate::accounts::Email;
use crate::announcements::Texts;
use crate::consultations::{AttributionRule, CoOrganizerKind, Mode, SessionKind};
use crate::inputs::{Citation, Origin};
use crate::reference::{CategoryCode, CountryCode, ObjectiveNumber, Reference, SectorCode};
use crate::registrations::Gender;
use crate::reports::{ComputedText, SectionKind};

mod corrigendum;

pub use corrigendum::Corrigendum;

macro_rules! file {
    ($name:literal) => {
        ($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/config/demo/", $name)))
    };
}

const PEOPLE: (&str, &str) = file!("people.toml");
const PAPER: (&str, &str) = file!("paper.toml");
const CORRIGENDUM: (&str, &str) = file!("corrigendum.toml");
const CONSULTATIONS: [(&str, &str); 4] = [
    file!("consultation_1.toml"),
    file!("consultation_2.toml"),
    file!("consultation_3.toml"),
    file!("consultation_4.toml"),
];
/// Those of a review that is under way.
const LIVING: [(&str, &str); 4] = [
    file!("living_1.toml"),
    file!("living_2.toml"),
    file!("living_3.toml"),
    file!("living_4.toml"),
];
/// Where it is day at any moment: in one of these it is between [`EARLIEST`] and [`LATEST`].
const ZONES: [Tz; 3] =
    [chrono_tz::Asia::Bangkok, chrono_tz::Asia::Tbilisi, chrono_tz::Pacific::Auckland];
/// The hours between which a consultation can be on now, in full.
const EARLIEST: u32 = 2;
const LATEST: u32 = 19;
/// The consultation that the outcomes and preferences in `people.toml` are about.
pub const REFERENCE_CONSULTATION: i32 = 2;

/// Everything the demonstration is built from.
#[derive(Debug)]
pub struct Content {
    /// Organizations and people.
    pub people: People,
    /// The consultations of the series, by ordinal.
    pub series: Vec<Event>,
    /// The consultations of a review that is under way, by ordinal, as they stand now.
    pub living: Vec<Event>,
    /// What the secretariat writes on top of the carried paragraphs.
    pub paper: Paper,
    /// What is set right in a report of the series after it was published.
    pub corrigendum: Corrigendum,
    /// When the demonstration is built.
    pub now: DateTime<Utc>,
}

/// `people.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    /// The organizations.
    pub organizations: Vec<Organization>,
    /// The people who register.
    pub participants: Vec<Participant>,
}

/// An organization.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// How the other files refer to it.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The short form of its name.
    pub acronym: Option<String>,
    /// Its sector.
    pub sector: SectorCode,
    /// Where it is based.
    pub country: CountryCode,
    /// Its web address.
    pub website: Option<String>,
}

/// Somebody who registers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Participant {
    /// Their name, which is invented.
    pub name: String,
    /// Their address.
    pub email: Email,
    /// Key of the organization that they come for; none for who comes for themselves.
    pub organization: Option<String>,
    /// Without an organization.
    pub sector: Option<SectorCode>,
    /// Where they work or live.
    pub country: CountryCode,
    /// As stated, if stated.
    pub gender: Option<Gender>,
    /// BCP 47, the preferred first.
    pub languages: Vec<String>,
    /// Numbers of the second consultation's working groups, the dearest first.
    pub preferences: Vec<i32>,
    /// Ordinals of the consultations that they register for.
    pub consultations: Vec<i32>,
    /// What becomes of their registration for the second consultation.
    pub outcome: Outcome,
    /// Whether they may be named as host.
    #[serde(default)]
    pub named: bool,
}

/// What becomes of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It has a place.
    Confirmed,
    /// It waits.
    Waitlisted,
    /// It is refused.
    Declined,
    /// It is taken back.
    Withdrawn,
}

impl Participant {
    /// What becomes of their registration for a consultation: only the second one has fewer places than applications.
    pub fn outcome_at(&self, ordinal: i32) -> Outcome {
        match ordinal {
            REFERENCE_CONSULTATION => self.outcome,
            _ => Outcome::Confirmed,
        }
    }
}

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

/// Who brings an input in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The group's rapporteur records it.
    Rapporteur,
    /// A participant submits it.
    Participant,
}

/// What is decided about an input.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It can be used.
    #[default]
    Accept,
    /// It is not used.
    SetAside,
}

/// A contribution.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// How paragraphs refer to it.
    pub key: String,
    /// Where it was made.
    pub origin: Origin,
    /// Number of the working group.
    pub group: Option<i32>,
    /// Number of the round.
    pub round: Option<i32>,
    /// Who brings it in.
    pub by: By,
    /// What it is about.
    pub objectives: Vec<ObjectiveNumber>,
    /// What kind of contribution it is.
    pub category: CategoryCode,
    /// Its text.
    pub text: String,
    /// What it refers to.
    #[serde(default)]
    pub citations: Vec<Citation>,
    /// What is decided about it.
    #[serde(default)]
    pub decision: Verdict,
    /// Why it is set aside.
    pub reason: Option<String>,
    /// Why no paragraph rests on it.
    pub omit: Option<String>,
}

/// A paragraph of a report.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paragraph {
    /// How the paper refers to it.
    pub key: String,
    /// Where it stands.
    pub section: SectionKind,
    /// Stands before this computed paragraph (section `organization`).
    pub before: Option<ComputedText>,
    /// Stands after this computed paragraph (section `organization`).
    pub after: Option<ComputedText>,
    /// The cluster it is about (section `cluster`).
    #[serde(default)]
    pub cluster: Vec<ObjectiveNumber>,
    /// Its kind of contribution (section `cluster`).
    pub category: Option<CategoryCode>,
    /// The one objective of a joint cluster that it is about.
    pub objective: Option<ObjectiveNumber>,
    /// Inline Markdown.
    pub text: String,
    /// Keys of the inputs it rests on.
    #[serde(default)]
    pub inputs: Vec<String>,
    /// Why it rests on none.
    pub editorial: Option<String>,
}

/// Another wording of one category's heading in one cluster.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heading {
    /// The cluster.
    pub cluster: Vec<ObjectiveNumber>,
    /// The category.
    pub category: CategoryCode,
    /// The wording.
    pub text: String,
}

/// `paper.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// Its opening paragraphs.
    pub introduction: Vec<Introduction>,
    /// Paragraphs that stand for several.
    pub merged: Vec<Merged>,
}

/// An opening paragraph of the paper.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Introduction {
    /// Inline Markdown.
    pub text: String,
}

/// One paragraph in place of several that were carried over.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merged {
    /// It stands under the first of these; none for a section of its own.
    #[serde(default)]
    pub objectives: Vec<ObjectiveNumber>,
    /// `overall_progress`, when it stands there.
    pub section: Option<SectionKind>,
    /// Its kind of contribution.
    pub category: CategoryCode,
    /// Inline Markdown.
    pub text: String,
    /// What it stands for.
    pub sources: Vec<MergedFrom>,
}

/// Paragraphs of one report.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MergedFrom {
    /// The ordinal of the consultation.
    pub consultation: i32,
    /// Keys of paragraphs of its report.
    pub keys: Vec<String>,
}

impl Content {
    /// Reads and checks the files that are compiled in.
    ///
    /// # Errors
    /// What is wrong, one line each, with the name of the file.
    pub fn load(now: DateTime<Utc>) -> Result<Self, String> {
        let series = CONSULTATIONS.into_iter().map(read).collect::<Result<_, _>>()?;
        let mut living: Vec<Event> = LIVING.into_iter().map(read).collect::<Result<_, _>>()?;
        living.iter_mut().for_each(|event| event.stand(now));
        let (people, paper, corrigendum) = (read(PEOPLE)?, read(PAPER)?, read(CORRIGENDUM)?);
        let content = Self { people, series, living, paper, corrigendum, now };
        let mut wrong = Wrong::default();
        content.check(&mut wrong);
        if wrong.lines.is_empty() { Ok(content) } else { Err(wrong.lines.join("\n")) }
    }

    /// Somebody by address.
    pub fn participant(&self, email: &Email) -> Option<&Participant> {
        self.people.participants.iter().find(|one| one.email == *email)
    }

    fn check(&self, wrong: &mut Wrong) {
        wrong.file = PEOPLE.0;
        self.check_people(wrong);
        for (files, events, published) in
            [(&CONSULTATIONS, &self.series, true), (&LIVING, &self.living, false)]
        {
            for (index, event) in events.iter().enumerate() {
                wrong.file = files[index].0;
                let ordinal = event.consultation.ordinal;
                let expected = index as i32 + 1;
                wrong.unless(ordinal == expected, || {
                    format!("ordinal is {ordinal}, not {expected}")
                });
                self.check_programme(event, wrong);
                check_inputs(event, published, wrong);
                check_paragraphs(event, wrong);
            }
        }
        wrong.file = PAPER.0;
        self.check_paper(wrong);
        wrong.file = CORRIGENDUM.0;
        self.corrigendum.check(&self.series, wrong);
    }

    fn check_people(&self, wrong: &mut Wrong) {
        let People { organizations, participants } = &self.people;
        wrong.repeated("organization", organizations.iter().map(|one| one.key.as_str()));
        wrong.repeated("participant", participants.iter().map(|one| one.email.as_str()));
        let reference =
            self.series.iter().find(|event| event.consultation.ordinal == REFERENCE_CONSULTATION);
        let groups: Vec<i32> = reference.iter().flat_map(|event| event.group_numbers()).collect();
        for one in participants {
            let who = one.email.as_str();
            match &one.organization {
                Some(key) => {
                    wrong.unless(self.organization(key).is_some(), || {
                        format!("{who}: no organization {key:?}")
                    });
                    wrong.unless(one.sector.is_none(), || {
                        format!("{who}: has the sector of the organization")
                    });
                }
                None => wrong.unless(one.sector.is_some(), || {
                    format!("{who}: needs an organization or a sector")
                }),
            }
            for number in &one.preferences {
                wrong.unless(groups.contains(number), || {
                    format!("{who}: no working group {number}")
                });
            }
            for ordinal in &one.consultations {
                let known = self.series.iter().any(|event| event.consultation.ordinal == *ordinal);
                wrong.unless(known, || format!("{who}: no consultation {ordinal}"));
            }
        }
    }

    /// An organization by key.
    pub fn organization(&self, key: &str) -> Option<&Organization> {
        self.people.organizations.iter().find(|one| one.key == key)
    }

    fn check_programme(&self, event: &Event, wrong: &mut Wrong) {
        let about = &event.consultation;
        let timed =
            event.sessions.iter().any(|session| session.start.is_some()) || about.start.is_some();
        wrong.unless(about.date.is_some() || !timed, || "times need a date".to_owned());
        for one in &event.co_organizers {
            let key = &one.organization;
            wrong.unless(self.organization(key).is_some(), || format!("no organization {key:?}"));
        }
        wrong.repeated("working group", event.working_groups.iter().map(|group| group.number));
        wrong.repeated("round", event.rounds.iter().map(|round| round.number));
        for group in &event.working_groups {
            let number = group.number;
            let rapporteur = group.rapporteur().is_some();
            wrong.unless(rapporteur, || format!("working group {number} has no rapporteur"));
            for objective in group.clusters.iter().flatten() {
                let own = about.objectives.contains(objective);
                wrong.unless(own, || {
                    format!("working group {number}: objective {objective} is not addressed")
                });
            }
            for host in &group.hosts {
                let who = host.email.as_str();
                let there = self.participant(&host.email).is_some_and(|one| {
                    one.consultations.contains(&about.ordinal)
                        && one.outcome_at(about.ordinal) == Outcome::Confirmed
                });
                wrong.unless(there, || {
                    format!("working group {number}: host {who} does not take part")
                });
            }
        }
        for session in &event.sessions {
            let known = session
                .round
                .is_none_or(|number| event.round_numbers().any(|round| round == number));
            wrong.unless(known, || format!("session {:?}: no such round", session.title));
        }
    }

    fn check_paper(&self, wrong: &mut Wrong) {
        let mut taken = BTreeSet::new();
        for merged in &self.paper.merged {
            let placed = merged.objectives.is_empty() != merged.section.is_none();
            wrong.unless(placed, || "a merged paragraph has objectives or a section".to_owned());
            for from in &merged.sources {
                let event = self
                    .series
                    .iter()
                    .find(|event| event.consultation.ordinal == from.consultation);
                for key in &from.keys {
                    let source =
                        event.and_then(|event| event.paragraphs.iter().find(|one| one.key == *key));
                    let outcome = source.is_some_and(|one| one.section.is_outcome());
                    let ordinal = from.consultation;
                    wrong.unless(outcome, || {
                        format!("no outcome {key:?} in the report of consultation {ordinal}")
                    });
                    let once = taken.insert((ordinal, key.as_str()));
                    wrong.unless(once, || {
                        format!("{key:?} of consultation {ordinal} is merged twice")
                    });
                }
            }
            let several = merged.sources.iter().map(|from| from.keys.len()).sum::<usize>() > 1;
            wrong.unless(several, || "a merged paragraph stands for two or more".to_owned());
        }
    }
}

impl Event {
    /// Puts it on its day, and, where it is found on, at its time, in a zone where it is day.
    fn stand(&mut self, now: DateTime<Utc>) {
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

    fn group_numbers(&self) -> impl Iterator<Item = i32> {
        self.working_groups.iter().map(|group| group.number)
    }

    fn round_numbers(&self) -> impl Iterator<Item = i32> {
        self.rounds.iter().map(|round| round.number)
    }

    /// The working group that a cluster belongs to.
    pub fn group_of(&self, cluster: &[ObjectiveNumber]) -> Option<&WorkingGroup> {
        self.working_groups.iter().find(|group| group.clusters.iter().any(|one| one == cluster))
    }
}

/// What is published answers for each of its inputs; a draft does not yet.
fn check_inputs(event: &Event, published: bool, wrong: &mut Wrong) {
    wrong.repeated("input", event.inputs.iter().map(|input| input.key.as_str()));
    let cited: BTreeSet<&str> =
        event.paragraphs.iter().flat_map(|one| one.inputs.iter().map(String::as_str)).collect();
    for input in &event.inputs {
        let key = input.key.as_str();
        let grouped = input.origin == Origin::Group;
        let group =
            input.group.is_some_and(|number| event.group_numbers().any(|one| one == number));
        let round =
            input.round.is_some_and(|number| event.round_numbers().any(|one| one == number));
        let placed =
            if grouped { group && round } else { input.group.is_none() && input.round.is_none() };
        wrong.unless(placed, || format!("input {key:?}: group and round do not fit"));
        wrong.unless(grouped || input.by == By::Participant, || {
            format!("input {key:?}: no group to record for")
        });
        wrong.category(&input.category, || format!("input {key:?}"));
        for objective in &input.objectives {
            let own = event.consultation.objectives.contains(objective);
            wrong.unless(own, || format!("input {key:?}: objective {objective} is not addressed"));
        }
        let set_aside = input.decision == Verdict::SetAside;
        wrong.unless(set_aside == input.reason.is_some(), || {
            format!("input {key:?}: reason goes with set_aside")
        });
        let covered = [set_aside, cited.contains(key), input.omit.is_some()];
        let times = covered.into_iter().filter(|one| *one).count();
        let once = times == 1 || (times == 0 && !published);
        wrong.unless(once, || {
            format!("input {key:?}: is set aside, or cited, or omitted: one of them")
        });
    }
}

fn check_paragraphs(event: &Event, wrong: &mut Wrong) {
    wrong.repeated("paragraph", event.paragraphs.iter().map(|one| one.key.as_str()));
    let inputs: BTreeSet<&str> = event.inputs.iter().map(|input| input.key.as_str()).collect();
    for one in &event.paragraphs {
        let key = one.key.as_str();
        let in_cluster = one.section == SectionKind::Cluster;
        if in_cluster {
            let known = event.group_of(&one.cluster).is_some();
            wrong.unless(known, || format!("paragraph {key:?}: no such cluster"));
            match &one.category {
                Some(category) => wrong.category(category, || format!("paragraph {key:?}")),
                None => wrong.unless(false, || format!("paragraph {key:?}: needs a category")),
            }
        }
        let inside = one.objective.is_none_or(|objective| one.cluster.contains(&objective));
        wrong.unless(inside, || format!("paragraph {key:?}: its objective is not of its cluster"));
        let beside = one.before.is_some() || one.after.is_some();
        let organization = one.section == SectionKind::Organization;
        wrong.unless(beside == organization, || {
            format!("paragraph {key:?}: before or after is for organization")
        });
        let rests = one.inputs.is_empty() != one.section.is_outcome() || one.editorial.is_some();
        wrong.unless(rests, || {
            format!("paragraph {key:?}: an outcome, and only that, rests on inputs")
        });
        for input in &one.inputs {
            wrong.unless(inputs.contains(input.as_str()), || {
                format!("paragraph {key:?}: no input {input:?}")
            });
        }
    }
    for heading in &event.headings {
        let known = event.group_of(&heading.cluster).is_some();
        wrong.unless(known, || format!("heading {:?}: no such cluster", heading.text));
        wrong.category(&heading.category, || format!("heading {:?}", heading.text));
    }
}

/// Collects what is wrong.
#[derive(Default)]
struct Wrong {
    file: &'static str,
    lines: Vec<String>,
}

impl Wrong {
    fn unless(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.lines.push(format!("config/demo/{}: {}", self.file, what()));
        }
    }

    fn repeated<T: Ord + std::fmt::Display>(&mut self, what: &str, keys: impl Iterator<Item = T>) {
        let mut counts: BTreeMap<T, u32> = BTreeMap::new();
        for key in keys {
            *counts.entry(key).or_default() += 1;
        }
        for (key, count) in counts {
            self.unless(count == 1, || format!("{what} {key} is there {count} times"));
        }
    }

    fn category(&mut self, code: &CategoryCode, place: impl FnOnce() -> String) {
        let known = Reference::get().category(code).is_some();
        self.unless(known, || format!("{}: no category {code}", place()));
    }
}

fn read<T: DeserializeOwned>((name, text): (&str, &str)) -> Result<T, String> {
    toml::from_str(text).map_err(|error| format!("config/demo/{name}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn noon() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 11, 29, 12, 0, 0).unwrap()
    }

    #[test]
    fn what_is_on_is_on_at_every_hour_of_the_day_and_ends_on_it() {
        for minutes in (0..2 * 24 * 60).step_by(7) {
            let now = noon() + Duration::minutes(minutes);
            let content = Content::load(now).unwrap_or_else(|wrong| panic!("{wrong}"));
            let on = &content.living[1];
            let about = &on.consultation;
            let local = now.with_timezone(&about.zone);
            assert_eq!(about.date, Some(local.date_naive()), "{now}");
            let first = &on.rounds[0];
            let (start, end) = (first.start.unwrap().0, first.end.unwrap().0);
            assert!(start < local.time() && local.time() < end, "{now}: {start} to {end}");
            let times = [about.start, Some(LocalTime(start)), Some(LocalTime(end)), about.end];
            assert!(
                times.windows(2).all(|two| two[0].unwrap().0 <= two[1].unwrap().0),
                "{now}: {times:?}"
            );
        }
    }

    #[test]
    fn every_file_reads_and_every_reference_leads_somewhere() {
        let content = Content::load(noon()).unwrap_or_else(|wrong| panic!("{wrong}"));
        assert_eq!((content.series.len(), content.living.len()), (4, 4));
    }

    #[test]
    fn the_second_consultation_has_the_places_of_the_reference_case() {
        let content = Content::load(noon()).unwrap_or_else(|wrong| panic!("{wrong}"));
        let second = &content.series[1].consultation;
        let confirmed = content.people.participants.iter().filter(|one| {
            one.consultations.contains(&second.ordinal)
                && one.outcome_at(second.ordinal) == Outcome::Confirmed
        });
        assert_eq!(second.capacity, Some(confirmed.count() as i32));
    }

    #[test]
    fn a_reference_that_leads_nowhere_is_named_with_its_file() {
        let mut content = Content::load(noon()).unwrap_or_else(|wrong| panic!("{wrong}"));
        content.series[2].paragraphs[0].inputs.push("nothing".to_owned());
        content.paper.merged[0].sources[0].keys.push("nothing".to_owned());
        content.corrigendum.corrections[0].key = "nothing".to_owned();
        let mut wrong = Wrong::default();
        content.check(&mut wrong);
        assert!(
            wrong
                .lines
                .iter()
                .any(|line| line.contains("consultation_3.toml") && line.contains("\"nothing\""))
        );
        assert!(wrong.lines.iter().any(|line| line.contains("paper.toml")));
        assert!(wrong.lines.iter().any(|line| line.contains("corrigendum.toml")));
    }

    #[test]
    fn an_unknown_field_is_refused() {
        let text = "[[introduction]]\ntext = \"a\"\nauthor = \"b\"\n";
        let error = read::<Paper>(("paper.toml", text)).unwrap_err();
        assert!(error.contains("author"), "{error}");
    }
}
