//! A consultation: one event of a review's series, its phases and the one table of what each phase allows.
//! Its programme (co-organizers, sessions, rounds, working groups) is in [`programme`]. Pure: no tables, no HTTP, no clock.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::access::{Caller, Permission, Scope};
use crate::db::types::Timestamp;
use crate::i18n::EventTime;
use crate::problem::{Checks, Code, Problem};
use crate::reference::ObjectiveNumber;
use crate::reviews::ReviewId;
use crate::text_enum;

pub mod ended;
mod feature;
pub mod http;
pub mod lifecycle;
pub mod merging;
mod personal;
pub mod programme;
pub mod service;
mod store;

pub use feature::FEATURE;
pub use programme::{
    AttributionRule, CoOrganizer, CoOrganizerId, CoOrganizerKind, NewCoOrganizer, NewRound,
    NewSession, NewWorkingGroup, Round, RoundId, Session, SessionId, SessionKind, Speaker,
    SpeakerKind, WorkingGroup, WorkingGroupId,
};

pub use crate::vocabulary::ConsultationId;

/// The number of places of a consultation was changed, in this transaction. Who shares places refuses it when more are taken.
#[derive(Debug, Clone, Copy)]
pub struct CapacityChanged {
    /// Which consultation.
    pub consultation: ConsultationId,
}

impl crate::registry::Event for CapacityChanged {
    const NAME: &'static str = "capacity_changed";
}

text_enum! {
    /// Where a consultation stands, in the order in which it goes through them.
    pub enum Phase {
        /// Being prepared; not public.
        Planning => "planning",
        /// Announced; people register.
        OpenCall => "open_call",
        /// Nobody registers any more; people are placed into groups.
        RegistrationClosed => "registration_closed",
        /// It is held.
        InSession => "in_session",
        /// Inputs are triaged and the report is drafted.
        Synthesis => "synthesis",
        /// The draft is cleared.
        Clearance => "clearance",
        /// The report is published.
        Published => "published",
        /// It is not held or not finished.
        Cancelled => "cancelled",
    }
}

text_enum! {
    /// What a phase allows or not.
    pub enum Activity {
        /// Change the consultation itself.
        SetUp => "update",
        /// Move it to another phase.
        Advance => "advance",
        /// Change co-organizers, sessions, rounds and working groups.
        EditProgramme => "edit_programme",
        /// Register.
        Register => "register",
        /// Change what one said when registering.
        ChangePreferences => "change_preferences",
        /// Confirm, waitlist, decline.
        DecideRegistrations => "decide_registrations",
        /// Place people into working groups.
        Assign => "assign",
        /// Record who was in a session.
        RecordAttendance => "record_attendance",
        /// Submit or record inputs.
        SubmitInputs => "submit_inputs",
        /// Accept, return, set aside.
        TriageInputs => "triage_inputs",
        /// Draft the report.
        Draft => "draft",
    }
}

impl Phase {
    /// The phases that it can be followed by: the next one, the one before, and the end.
    pub const fn next(self) -> &'static [Phase] {
        match self {
            Self::Planning => &[Self::OpenCall, Self::Cancelled],
            Self::OpenCall => &[Self::RegistrationClosed, Self::Planning, Self::Cancelled],
            Self::RegistrationClosed => &[Self::InSession, Self::OpenCall, Self::Cancelled],
            Self::InSession => &[Self::Synthesis, Self::RegistrationClosed, Self::Cancelled],
            Self::Synthesis => &[Self::Clearance, Self::InSession, Self::Cancelled],
            Self::Clearance => &[Self::Published, Self::Synthesis, Self::Cancelled],
            Self::Published | Self::Cancelled => &[],
        }
    }

    /// Whether `to` lies before it: a step back, which needs a reason.
    pub fn is_back(self, to: Phase) -> bool {
        to < self
    }

    /// The phase that follows, or 409 naming the phases from which `to` could be reached.
    pub fn advance(self, to: Phase) -> Result<Phase, Problem> {
        if self.next().contains(&to) {
            return Ok(to);
        }
        let from = words(Phase::ALL.iter().filter(|phase| phase.next().contains(&to)));
        let detail = match from.as_str() {
            "" => format!("Nothing leads to {to}; the consultation is in {self}."),
            _ => format!("The phase {to} is reached from {from}; the consultation is in {self}."),
        };
        Err(Problem::new(Code::InvalidTransition, detail))
    }

    /// Whether everybody may know of the consultation.
    pub fn is_public(self) -> bool {
        self != Self::Planning
    }
}

use Phase::*;

/// The table of phases: what is allowed in which.
pub const TABLE: &[(Activity, &[Phase])] = &[
    (Activity::SetUp, &[Planning, OpenCall, RegistrationClosed, InSession, Synthesis, Clearance]),
    (Activity::Advance, &[Planning, OpenCall, RegistrationClosed, InSession, Synthesis, Clearance]),
    (Activity::EditProgramme, &[Planning, OpenCall, RegistrationClosed, InSession]),
    (Activity::Register, &[OpenCall]),
    (Activity::ChangePreferences, &[OpenCall, RegistrationClosed]),
    (Activity::DecideRegistrations, &[OpenCall, RegistrationClosed, InSession]),
    (Activity::Assign, &[OpenCall, RegistrationClosed, InSession]),
    (Activity::RecordAttendance, &[InSession, Synthesis, Clearance]),
    (Activity::SubmitInputs, &[OpenCall, RegistrationClosed, InSession, Synthesis]),
    (Activity::TriageInputs, &[OpenCall, RegistrationClosed, InSession, Synthesis, Clearance]),
    (Activity::Draft, &[InSession, Synthesis, Clearance]),
];

impl Activity {
    /// The phases that allow it.
    pub fn phases(self) -> &'static [Phase] {
        TABLE.iter().find(|(activity, _)| *activity == self).map_or(&[], |(_, phases)| phases)
    }

    /// The permissions of which one is needed; none where it is a matter of what is one's own.
    const fn permissions(self) -> &'static [Permission] {
        match self {
            Self::SetUp | Self::Advance => &[Permission::SetUp],
            Self::EditProgramme => &[Permission::EditProgramme],
            Self::Register | Self::ChangePreferences => &[],
            Self::DecideRegistrations => &[Permission::DecideRegistrations],
            Self::Assign => &[Permission::Assign],
            Self::RecordAttendance => &[Permission::RecordAttendance],
            // A participant's right to submit rests on a confirmed registration, which is not known here.
            Self::SubmitInputs => &[Permission::SubmitInputs, Permission::RecordInputs],
            Self::TriageInputs => &[Permission::TriageInputs],
            Self::Draft => &[Permission::DraftReports, Permission::DraftOwnSections],
        }
    }

    fn is_open_to(self, caller: &Caller, scope: &Scope) -> bool {
        match self {
            Self::Register => true,
            Self::ChangePreferences => caller.id().is_some(),
            _ => self.permissions().iter().any(|permission| caller.may(*permission, scope)),
        }
    }
}

fn words<'a>(phases: impl IntoIterator<Item = &'a Phase>) -> String {
    phases.into_iter().map(|phase| phase.as_str()).collect::<Vec<_>>().join(", ")
}

text_enum! {
    /// How people meet.
    pub enum Mode {
        /// By video.
        Virtual => "virtual",
        /// In one place.
        InPerson => "in_person",
        /// Both.
        Hybrid => "hybrid",
    }
}

text_enum! {
    /// How a registration is admitted.
    pub enum Admission {
        /// Somebody decides on each.
        Vetted => "vetted",
        /// The next free place is taken at once.
        Automatic => "automatic",
    }
}

/// One event of the series.
#[derive(Debug, Clone, PartialEq)]
pub struct Consultation {
    /// Its id.
    pub id: ConsultationId,
    /// The review it is held for.
    pub review_id: ReviewId,
    /// Its number in the series, from 1.
    pub ordinal: i32,
    /// Its theme.
    pub theme: String,
    /// Its day in its zone, when it is known.
    pub held_on: Option<NaiveDate>,
    /// When it begins.
    pub starts_at: Option<Timestamp>,
    /// When it ends.
    pub ends_at: Option<Timestamp>,
    /// The zone that its times are shown in.
    pub zone: Tz,
    /// How people meet.
    pub mode: Mode,
    /// Where, if there is a place.
    pub venue: Option<String>,
    /// The objectives it addresses: in numeric order, each once.
    pub objectives: Vec<ObjectiveNumber>,
    /// Its languages (BCP 47), the main one first.
    pub languages: Vec<String>,
    /// How many can take part; none: everybody.
    pub capacity: Option<i32>,
    /// How a registration is admitted.
    pub admission: Admission,
    /// Where it stands.
    pub phase: Phase,
    /// Grows with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Another text with every change of its rules, questions and programme, and the same as long as there is none.
    pub set_up: String,
}

/// What a new consultation is made of; the fields are those of [`Consultation`].
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "as in Consultation")]
pub struct NewConsultation {
    pub ordinal: i32,
    pub theme: String,
    pub held_on: Option<NaiveDate>,
    pub starts_at: Option<Timestamp>,
    pub ends_at: Option<Timestamp>,
    pub zone: Tz,
    pub mode: Mode,
    pub venue: Option<String>,
    pub objectives: Vec<ObjectiveNumber>,
    pub languages: Vec<String>,
    pub capacity: Option<i32>,
    pub admission: Admission,
}

impl Consultation {
    /// When it is held, as mails and pages say it.
    pub const fn when(&self) -> EventTime {
        EventTime {
            on: self.held_on,
            zone: self.zone,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
        }
    }

    /// A consultation in planning, of version 1.
    pub fn new(id: ConsultationId, review: ReviewId, new: NewConsultation, now: Timestamp) -> Self {
        Self {
            id,
            review_id: review,
            ordinal: new.ordinal,
            theme: new.theme,
            held_on: new.held_on,
            starts_at: new.starts_at,
            ends_at: new.ends_at,
            zone: new.zone,
            mode: new.mode,
            venue: new.venue,
            objectives: new.objectives,
            languages: new.languages,
            capacity: new.capacity,
            admission: new.admission,
            phase: Phase::Planning,
            version: 1,
            created_at: now,
            updated_at: now,
            set_up: String::new(),
        }
    }

    /// Where roles in this consultation hold.
    pub fn scope(&self) -> Scope {
        Scope::consultation(self.review_id, self.id)
    }

    /// Nothing, or 409 naming the phases that allow the activity.
    pub fn require(&self, activity: Activity) -> Result<(), Problem> {
        let phases = activity.phases();
        if phases.contains(&self.phase) {
            return Ok(());
        }
        let (allowed, phase) = (words(phases), self.phase);
        let detail = format!(
            "The phases that allow {activity} are {allowed}; the consultation is in {phase}."
        );
        Err(Problem::new(Code::NotInThisPhase, detail))
    }

    /// The phase `to`, or 409 naming the phases from which it could be reached.
    pub fn advance(&self, to: Phase) -> Result<Phase, Problem> {
        self.phase.advance(to)
    }

    /// What the phase allows and the caller may, in the order of the table.
    pub fn allowed_actions(&self, caller: &Caller) -> Vec<&'static str> {
        let scope = self.scope();
        TABLE
            .iter()
            .filter(|(activity, phases)| {
                phases.contains(&self.phase) && activity.is_open_to(caller, &scope)
            })
            .map(|(activity, _)| activity.as_str())
            .collect()
    }

    /// "11:00–14:30 hrs. (Bangkok time)", when the times are known.
    pub fn local_time(&self) -> Option<String> {
        local_time(self.zone, self.starts_at, self.ends_at)
    }

    /// 422 with every value that cannot be accepted.
    pub fn check(&self) -> Result<(), Problem> {
        let mut checks = Checks::new();
        checks
            .require((1..=999).contains(&self.ordinal), "/ordinal", "must be from 1 to 999")
            .text(&self.theme, 300, "/theme")
            .optional_text(self.venue.as_deref(), 200, "/venue")
            .require(
                self.capacity.is_none_or(|places| places >= 1),
                "/capacity",
                "must be at least 1",
            );
        check_objectives(&mut checks, &self.objectives, "/objectives");
        check_languages(&mut checks, &self.languages);
        self.check_times(&mut checks, self.starts_at, self.ends_at);
        checks.finish()
    }

    /// Begins before it ends, both on the day of the consultation in its zone.
    pub(crate) fn check_times(
        &self,
        checks: &mut Checks,
        starts_at: Option<Timestamp>,
        ends_at: Option<Timestamp>,
    ) {
        let in_order = match (starts_at, ends_at) {
            (Some(starts), Some(ends)) => starts < ends,
            (starts, ends) => starts.is_some() || ends.is_none(),
        };
        checks.require(in_order, "/ends_at", "needs a starts_at that is before it");
        for (at, pointer) in [(starts_at, "/starts_at"), (ends_at, "/ends_at")] {
            let (Some(at), Some(day)) = (at, self.held_on) else { continue };
            let local = at.utc().with_timezone(&self.zone).date_naive();
            let detail =
                format!("is on {local} in {}; the consultation is held on {day}", self.zone);
            checks.require(local == day, pointer, detail);
        }
    }
}

/// The zone of that IANA name, or 422 at `/zone`.
pub fn zone(name: &str) -> Result<Tz, Problem> {
    name.parse().map_err(|_| {
        let detail = format!("{name:?} is no time zone: write an IANA name, such as Asia/Bangkok");
        Problem::invalid("/zone", detail)
    })
}

/// "11:00–14:30 hrs. (Bangkok time)": a time in its zone with the zone's name, when the beginning is known.
pub fn local_time(zone: Tz, starts: Option<Timestamp>, ends: Option<Timestamp>) -> Option<String> {
    let clock = |at: Timestamp| at.utc().with_timezone(&zone).format("%H:%M").to_string();
    let place = zone.name().rsplit('/').next().unwrap_or("UTC").replace('_', " ");
    let starts = clock(starts?);
    let span = ends.map_or(starts.clone(), |ends| format!("{starts}–{}", clock(ends)));
    Some(format!("{span} hrs. ({place} time)"))
}

/// At least one, in numeric order, each once.
fn check_objectives(checks: &mut Checks, objectives: &[ObjectiveNumber], pointer: &str) {
    checks.require(!objectives.is_empty(), pointer, "at least one objective is needed");
    for (place, pair) in objectives.windows(2).enumerate() {
        let [before, this] = pair else { continue };
        let detail =
            format!("objective {this} must come before {before}: write them in order, each once");
        checks.require(before < this, &format!("{pointer}/{}", place + 1), detail);
    }
}

/// At least one well-formed tag, each once.
pub(crate) fn check_languages(checks: &mut Checks, languages: &[String]) {
    checks.require(!languages.is_empty(), "/languages", "at least one language is needed");
    let mut seen = BTreeSet::new();
    for (place, tag) in languages.iter().enumerate() {
        let pointer = format!("/languages/{place}");
        let detail = format!("{tag:?} is no language tag: write BCP 47, such as en or zh-Hant");
        checks.require(is_language_tag(tag), &pointer, detail);
        checks.require(seen.insert(tag), &pointer, format!("{tag:?} is there twice"));
    }
}

/// Whether a text looks like a BCP 47 language tag in its usual case: `en`, `zh-Hant`, `pt-BR`.
pub fn is_language_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let language = parts.next().unwrap_or("");
    let is_language =
        matches!(language.len(), 2 | 3) && language.bytes().all(|b| b.is_ascii_lowercase());
    let is_part = |part: &str| {
        (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    is_language && text.len() <= 35 && parts.all(is_part)
}

#[cfg(test)]
mod tests;
