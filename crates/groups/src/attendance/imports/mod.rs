//! The participants' report of a video platform: who in it is whom, shown before anything is written, then recorded as
//! decided. For those who record everybody's attendance.

use std::collections::HashMap;

use super::matching::{Directory, Found, Known, names};
use super::participants::{Participant, Read};
use super::service::{Finder, Recorded, Recorder, audit, reach};
use super::{MOST_MINUTES, Method, Unregistered, Who};
use crate::access::Permission;
use crate::consultations::{self, Activity, Consultation, Session, SessionId, WorkingGroupId};
use crate::problem::Problem;
use crate::registrations::{RegistrationId, RegistrationState};
use crate::text_enum;
use crate::work::Work;

pub mod http;

text_enum! {
    /// Who a participant is.
    pub enum MatchOutcome {
        /// Somebody who registered, by address.
        MatchedByEmail => "matched_by_email",
        /// Somebody who registered, and nobody else has this name.
        MatchedByName => "matched_by_name",
        /// Several who registered have this name: record the right one by list.
        Ambiguous => "ambiguous",
        /// Nobody who registered.
        Unmatched => "unmatched",
        /// Somebody whose registration was withdrawn or declined: not recorded.
        NotActive => "not_active",
    }
}

/// How a report is imported.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Whether nothing is to be written.
    pub dry_run: bool,
    /// Whether people whom nobody is matched with are recorded as having come without registering.
    pub record_unmatched: bool,
    /// The working group whose meeting it is, if it is of one.
    pub group: Option<WorkingGroupId>,
}

/// A participant and who it is.
#[derive(Debug, Clone)]
pub struct Matched {
    /// As the report has them.
    pub participant: Participant,
    /// Who it is.
    pub outcome: MatchOutcome,
    /// The registration, or those that it may be: with names and states.
    pub registrations: Vec<(RegistrationId, String, RegistrationState)>,
    /// Whether it is, or would be, recorded.
    pub recorded: bool,
}

/// What an import came to, or would come to.
#[derive(Debug, Clone)]
pub struct Imported {
    /// Everybody in the report, in its order.
    pub people: Vec<Matched>,
    /// What was written; nothing in a dry run.
    pub recorded: Recorded,
}

/// The session, for somebody who records everybody's attendance; 403 for others.
pub fn allowed(work: &mut Work, id: SessionId) -> Result<(Session, Consultation), Problem> {
    let (session, consultation) = consultations::programme::service::see::<Session>(work, id)?;
    let scope = consultation.scope().outside_groups();
    work.require(Permission::RecordAttendance, &scope)?;
    Ok((session, consultation))
}

/// Matches the people of a report with those who registered, and records them unless it is a dry run.
pub fn run(
    work: &mut Work,
    id: SessionId,
    read: &Read,
    options: Options,
) -> Result<Imported, Problem> {
    let (session, consultation) = allowed(work, id)?;
    let reach = reach(work, &session, &consultation)?;
    consultation.require(Activity::RecordAttendance)?;
    let group = reach.group(options.group)?;
    let finder = Finder::open(work, &session, &consultation)?;
    let people = matched(&finder, read, options.record_unmatched);
    let who: Vec<(Who, Option<i32>)> = in_all(&people);
    if options.dry_run {
        return Ok(Imported { people, recorded: Recorded::default() });
    }
    let keys: Vec<String> = who.iter().map(|(who, _)| who.key()).collect();
    let mut recorder = Recorder::open(work, &session, &consultation, Method::Import, &keys)?;
    for (who, minutes) in who {
        let own = group.or_else(|| finder.assigned(&who));
        recorder.add(work, who, own, minutes);
    }
    let recorded = recorder.finish(work)?;
    audit(work, id, Method::Import, &recorded);
    Ok(Imported { people, recorded })
}

fn matched(finder: &Finder, read: &Read, record_unmatched: bool) -> Vec<Matched> {
    let known = finder.roll.iter().map(|one| Known {
        id: one.id,
        name: one.name.clone(),
        email: one.email.clone(),
    });
    let directory = Directory::of(&known.collect::<Vec<_>>());
    let one = |participant: &Participant| {
        let email = participant.email.as_ref().map(|email| email.as_str());
        let found = directory.find(email, &names(&participant.name));
        let (mut outcome, ids) = match found {
            Found::ByEmail(id) => (MatchOutcome::MatchedByEmail, vec![id]),
            Found::ByName(id) => (MatchOutcome::MatchedByName, vec![id]),
            Found::Several(ids) => (MatchOutcome::Ambiguous, ids),
            Found::Nobody => (MatchOutcome::Unmatched, Vec::new()),
        };
        let registrations: Vec<(RegistrationId, String, RegistrationState)> = ids
            .iter()
            .filter_map(|id| finder.registered(*id))
            .map(|listed| (listed.id, listed.name.clone(), listed.state))
            .collect();
        if let [(_, _, state)] = registrations[..]
            && !state.is_active()
        {
            outcome = MatchOutcome::NotActive;
        }
        let recorded = match outcome {
            MatchOutcome::MatchedByEmail | MatchOutcome::MatchedByName => true,
            MatchOutcome::Unmatched => record_unmatched,
            MatchOutcome::Ambiguous | MatchOutcome::NotActive => false,
        };
        Matched { participant: participant.clone(), outcome, registrations, recorded }
    };
    read.participants.iter().map(one).collect()
}

/// Whom to record, each once: two participants may be one person, who was there for as long as both together.
fn in_all(people: &[Matched]) -> Vec<(Who, Option<i32>)> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut all: Vec<(Who, Option<i32>)> = Vec::new();
    for one in people.iter().filter(|one| one.recorded) {
        let minutes = one.participant.minutes;
        let who = who(one);
        let Some(at) = places.get(&who.key()) else {
            places.insert(who.key(), all.len());
            all.push((who, minutes));
            continue;
        };
        let known = &mut all[*at].1;
        *known = match (*known, minutes) {
            (Some(before), Some(more)) => Some((before + more).min(MOST_MINUTES)),
            (before, more) => before.or(more),
        };
    }
    all
}

fn who(one: &Matched) -> Who {
    match (one.outcome, one.registrations.first()) {
        (MatchOutcome::Unmatched, _) | (_, None) => {
            let name: String = one.participant.name.chars().take(super::LONGEST_NAME).collect();
            Who::Unregistered(Unregistered { name, email: one.participant.email.clone() })
        }
        (_, Some((id, _, standing))) => Who::Registered { id: *id, standing: *standing },
    }
}
