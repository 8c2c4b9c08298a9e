//! The participants' report of a video platform: who in it is whom, shown before anything is written, then recorded as
//! decided. For those who record everybody's attendance.

use std::collections::HashMap;

use super::matching::{Directory, Found, Known, names, normal};
use super::participants::{Participant, Read, minutes_of_all};
use super::service::{Finder, Recorded, Recorder, audit, reach, times};
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
        /// Somebody who registered has this address, and people of several names came by it: record who it was by list.
        SharedAddress => "shared_address",
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
    /// For how long they were there in all, and no longer than the session was; none when the report does not tell.
    pub minutes: Option<i32>,
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
    let longest = times(work, &session)?.map(|(starts, ends)| {
        let minutes = (ends.utc() - starts.utc()).num_minutes();
        i32::try_from(minutes).unwrap_or(MOST_MINUTES).clamp(0, MOST_MINUTES)
    });
    let people = matched(&finder, read, longest, options.record_unmatched);
    let who: Vec<(Who, Option<i32>)> = in_all(&people, longest);
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

/// Everybody in a report and who it is; nobody was there for longer than the session was, in minutes.
fn matched(
    finder: &Finder,
    read: &Read,
    longest: Option<i32>,
    record_unmatched: bool,
) -> Vec<Matched> {
    let known = finder.roll.iter().map(|one| Known {
        id: one.id,
        name: one.name.clone(),
        email: one.email.clone(),
    });
    let directory = Directory::of(&known.collect::<Vec<_>>());
    let one = |participant: &Participant| {
        let (mut outcome, ids) = found(finder, &directory, participant);
        let registrations: Vec<(RegistrationId, String, RegistrationState)> = ids
            .iter()
            .filter_map(|id| finder.registered(*id))
            .map(|listed| (listed.id, listed.name.clone(), listed.state))
            .collect();
        if let [(_, _, state)] = registrations[..]
            && outcome != MatchOutcome::SharedAddress
            && !state.is_active()
        {
            outcome = MatchOutcome::NotActive;
        }
        let recorded = match outcome {
            MatchOutcome::MatchedByEmail | MatchOutcome::MatchedByName => true,
            MatchOutcome::Unmatched => record_unmatched,
            MatchOutcome::Ambiguous | MatchOutcome::SharedAddress | MatchOutcome::NotActive => {
                false
            }
        };
        let minutes = within(participant.minutes(), longest);
        Matched { participant: participant.clone(), outcome, registrations, minutes, recorded }
    };
    read.participants.iter().map(one).collect()
}

/// Who a participant is. An address that people of several names came by tells who somebody is only together with their name.
fn found(
    finder: &Finder,
    directory: &Directory,
    participant: &Participant,
) -> (MatchOutcome, Vec<RegistrationId>) {
    let names = names(&participant.name);
    let email = participant.email.as_ref().map(|email| email.as_str());
    let by_address = email.and_then(|email| directory.by_email(email));
    let found = match by_address.filter(|_| participant.shares_address) {
        None => directory.find(email, &names),
        Some(id) => match finder.registered(id) {
            Some(listed) if names.contains(&normal(&listed.name)) => Found::ByEmail(id),
            _ => match directory.find_by_name(&names) {
                Found::Nobody => return (MatchOutcome::SharedAddress, vec![id]),
                by_name => by_name,
            },
        },
    };
    match found {
        Found::ByEmail(id) => (MatchOutcome::MatchedByEmail, vec![id]),
        Found::ByName(id) => (MatchOutcome::MatchedByName, vec![id]),
        Found::Several(ids) => (MatchOutcome::Ambiguous, ids),
        Found::Nobody => (MatchOutcome::Unmatched, Vec::new()),
    }
}

fn within(minutes: Option<i32>, longest: Option<i32>) -> Option<i32> {
    minutes.map(|minutes| longest.map_or(minutes, |longest| minutes.min(longest)))
}

/// Whom to record, each once: two participants may be one person, who was there for as long as both together.
fn in_all(people: &[Matched], longest: Option<i32>) -> Vec<(Who, Option<i32>)> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut all: Vec<(Who, Vec<&Participant>)> = Vec::new();
    for one in people.iter().filter(|one| one.recorded) {
        let who = who(one);
        let at = *places.entry(who.key()).or_insert(all.len());
        match all.get_mut(at) {
            Some((_, participants)) => participants.push(&one.participant),
            None => all.push((who, vec![&one.participant])),
        }
    }
    let there = |(who, participants): (Who, Vec<&Participant>)| {
        (who, within(minutes_of_all(participants.into_iter()), longest))
    };
    all.into_iter().map(there).collect()
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
