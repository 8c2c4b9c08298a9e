//! Calendars: the programme of a consultation and one's own schedule as events. What makes SEQUENCE grow is counted
//! here: only sums of counts that never go down, so that it never goes down either. Pure: no tables, no HTTP, no clock.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::accounts::AccountId;
use crate::consultations::programme::removals::{Changes, Removal, RemovedKind};
use crate::consultations::{
    AttributionRule, Consultation, Phase, Round, RoundId, Session, SessionKind, WorkingGroup,
};
use crate::db::types::Timestamp;
use crate::exchange::calendar::{Calendar, Event, Status, When};
use crate::i18n::Language;
use i18n::Words;

mod feature;
pub mod http;
mod i18n;
pub mod merging;
mod personal;
pub mod privacy;
pub mod service;
mod store;

pub use feature::FEATURE;

#[cfg(test)]
mod tests;

/// A consultation's programme with what is needed to tell its changes.
#[derive(Debug, Clone)]
pub struct Programme {
    /// The consultation.
    pub consultation: Consultation,
    /// Its sessions, by position.
    pub sessions: Vec<Session>,
    /// Its rounds.
    pub rounds: Vec<Round>,
    /// What was removed from it.
    pub removals: Vec<Removal>,
    /// Of the consultation, its rounds and its groups.
    pub changes: Changes,
}

/// One person's part in a consultation.
#[derive(Debug, Clone)]
pub struct Own {
    /// Its programme.
    pub programme: Programme,
    /// Whose.
    pub account: AccountId,
    /// Whether they take part.
    pub status: Status,
    /// Of their registrations and of the plans of assignments.
    pub changes: Changes,
    /// Their group in each round, where they have one.
    pub groups: BTreeMap<RoundId, WorkingGroup>,
}

/// The programme as everybody may know it.
pub fn of_programme(programme: &Programme) -> Calendar {
    let consultation = &programme.consultation;
    let words = i18n::of(Language::choose(None, &consultation.languages));
    let view = View { programme, own: None, words };
    Calendar { name: consultation.theme.clone(), zone: consultation.zone, events: view.events() }
}

/// What one person takes part in, and what they no longer do. What stands beside the programme is in their language, or
/// in that of each consultation.
pub fn of_person(parts: &[Own], language: Option<Language>) -> Calendar {
    let events = |own: &Own| {
        let language = Language::choose(language, &own.programme.consultation.languages);
        View { programme: &own.programme, own: Some(own), words: i18n::of(language) }.events()
    };
    let zone = parts.last().map_or(chrono_tz::UTC, |own| own.programme.consultation.zone);
    let name = i18n::of(Language::choose(language, &[])).own.clone();
    Calendar { name, zone, events: parts.iter().flat_map(events).collect() }
}

/// A programme, for everybody or for one person.
struct View<'a> {
    programme: &'a Programme,
    own: Option<&'a Own>,
    words: &'a Words,
}

impl View<'_> {
    fn events(&self) -> Vec<Event> {
        let there = self.programme.sessions.iter().filter_map(|session| self.event(session));
        let gone = self.programme.removals.iter();
        let gone = gone.filter(|removal| removal.kind == RemovedKind::Session);
        there.chain(gone.filter_map(|removal| self.removed(removal))).collect()
    }

    /// None for a session of which not even the day is known.
    fn event(&self, session: &Session) -> Option<Event> {
        let consultation = &self.programme.consultation;
        let round = session.round_id.and_then(|id| self.round(id));
        let starts = session.starts_at.or(round.and_then(|round| round.starts_at));
        let ends = session.ends_at.or(round.and_then(|round| round.ends_at));
        let when = self.when(starts, ends)?;
        let group = session.round_id.and_then(|id| self.own?.groups.get(&id));
        let changes = self.changes(session.version, session.updated_at);
        // In the schedule of who is confirmed, and nowhere else.
        let confirmed = self.own.is_some_and(|own| own.status == Status::Confirmed);
        let joining = session.joining_url.clone().filter(|_| confirmed).unwrap_or_default();
        let status = match (self.status(), when) {
            (Status::Confirmed, When::Day(_)) => Status::Tentative,
            (status, _) => status,
        };
        Some(Event {
            uid: self.uid(session.id.uuid()),
            sequence: changes.count,
            changed_at: changes.last.utc(),
            when,
            zone: consultation.zone,
            summary: match group {
                Some(group) => {
                    format!("{} – {}", session.title, self.words.working_group(group.number))
                }
                None => session.title.clone(),
            },
            description: self.description(session, group),
            location: consultation.venue.clone().unwrap_or_else(|| joining.clone()),
            url: joining,
            status,
        })
    }

    fn removed(&self, removal: &Removal) -> Option<Event> {
        let changes = self.changes(removal.version, removal.removed_at);
        Some(Event {
            uid: self.uid(removal.id.uuid()),
            sequence: changes.count,
            changed_at: changes.last.utc(),
            when: self.when(removal.starts_at, removal.ends_at)?,
            zone: self.programme.consultation.zone,
            summary: removal.title.clone().unwrap_or_default(),
            description: String::new(),
            location: String::new(),
            url: String::new(),
            status: Status::Cancelled,
        })
    }

    fn round(&self, id: RoundId) -> Option<&Round> {
        self.programme.rounds.iter().find(|round| round.id == id)
    }

    fn when(&self, starts: Option<Timestamp>, ends: Option<Timestamp>) -> Option<When> {
        let ends = ends.map(Timestamp::utc);
        let span = starts.map(|starts| When::Span(starts.utc(), ends));
        span.or(self.programme.consultation.held_on.map(When::Day))
    }

    /// Of a session, its consultation, and the person's part in it.
    fn changes(&self, version: i64, at: Timestamp) -> Changes {
        let all = self.programme.changes.and(version, at);
        self.own.map_or(all, |own| all.and(own.changes.count, own.changes.last))
    }

    fn status(&self) -> Status {
        let phase = self.programme.consultation.phase;
        let own = self.own.map_or(Status::Confirmed, |own| own.status);
        match (phase, own) {
            (Phase::Cancelled, _) | (_, Status::Cancelled) => Status::Cancelled,
            (Phase::Planning, _) => Status::Tentative,
            (_, own) => own,
        }
    }

    /// A session's own id; in somebody's schedule one that is theirs and tells neither session nor account.
    fn uid(&self, session: Uuid) -> String {
        let Some(own) = self.own else { return session.to_string() };
        let digest = Sha256::new()
            .chain_update(b"rapporteur own session")
            .chain_update(session.as_bytes())
            .chain_update(own.account.uuid().as_bytes())
            .finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
    }

    fn description(&self, session: &Session, group: Option<&WorkingGroup>) -> String {
        let mut lines = vec![self.programme.consultation.theme.clone()];
        if let Some(group) = group {
            let objectives: Vec<String> =
                group.objectives().map(|objective| objective.to_string()).collect();
            let (group, objectives) =
                (self.words.working_group(group.number), self.words.objectives(&objectives));
            lines.push(format!("{group}: {objectives}"));
        }
        if let Some(moderator) = &session.moderator {
            lines.push(format!("{}: {moderator}", self.words.moderator));
        }
        let speakers: Vec<String> = session
            .named_speakers()
            .map(|speaker| match &speaker.affiliation {
                Some(affiliation) => format!("{} ({affiliation})", speaker.name),
                None => speaker.name.clone(),
            })
            .collect();
        if !speakers.is_empty() {
            lines.push(format!("{}: {}", self.words.speakers, speakers.join("; ")));
        }
        lines.extend(session.note.clone());
        let confidential = session.attribution_rule == AttributionRule::ChathamHouse;
        if confidential && session.kind != SessionKind::Break {
            lines.push(self.words.chatham_house.clone());
        }
        lines.join("\n")
    }
}
