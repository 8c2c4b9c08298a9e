//! What is decided about a registration, and what follows from it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::events::{PlacesGiven, PlacesLeft};
use super::history::{self, EventKind};
use super::mails::{About, Occasion};
use super::places::ledger::Ledger;
use super::places::{self, enter, place_freed};
use super::service::{for_decision, load, own_or_decider};
use super::{Decision, Registration, RegistrationId, RegistrationState, Step};
use crate::access::Permission;
use crate::accounts::{self, Account, AccountId};
use crate::consultations::{Activity, Consultation, Phase};
use crate::db::{self, Insertion};
use crate::problem::{Checks, Code, Problem, require_version};
use crate::registrations;
use crate::work::Work;

pub mod bulk;
pub(super) mod http;

/// Longest note of a decision, in characters.
const LONGEST_NOTE: usize = 2000;

impl Decision {
    /// 422 when the note is too long or holds what no mail can.
    pub(super) fn check(&self) -> Result<(), Problem> {
        let note = match self {
            Self::Confirm { note } | Self::Waitlist { note } => note.as_deref(),
            Self::Decline { note, .. } => Some(note.as_str()),
        };
        Checks::new().optional_text(note, LONGEST_NOTE, "/note").finish()
    }
}

/// Decides. A confirmation when every place is taken puts it on the waiting list: the answer shows its number.
pub fn decide(
    work: &mut Work,
    id: RegistrationId,
    version: i64,
    decision: Decision,
) -> Result<Registration, Problem> {
    let (consultation, before) = for_decision(work, id)?;
    work.require(Permission::DecideRegistrations, &consultation.scope())?;
    consultation.require(Activity::DecideRegistrations)?;
    require_version(before.version, version)?;
    decision.check()?;
    let mut ledger = Ledger::open(work, &consultation)?;
    ledger.decide(work, &before, &decision)?;
    let freed = ledger.freed();
    ledger.promote(work, Some(freed))?;
    ledger.write(work)?;
    load(work, id)
}

/// Takes the place that is kept for a registration: one's own, or for the secretariat. 409 once the time is over.
pub fn accept(work: &mut Work, id: RegistrationId, version: i64) -> Result<Registration, Problem> {
    let (consultation, before) = for_decision(work, id)?;
    own_or_decider(work, &consultation, &before)?;
    consultation.require(Activity::DecideRegistrations)?;
    require_version(before.version, version)?;
    if before.accept_by.is_some_and(|until| until <= work.now) {
        let detail = "The time to accept the place is over.";
        return Err(Problem::new(Code::InvalidTransition, detail));
    }
    let mut ledger = Ledger::open(work, &consultation)?;
    ledger.accept(work, &before)?;
    ledger.write(work)?;
    load(work, id)
}

/// Takes a registration back: one's own, or for the secretariat. Who is next gets the place.
pub fn withdraw(
    work: &mut Work,
    id: RegistrationId,
    version: i64,
) -> Result<Registration, Problem> {
    let (consultation, before) = for_decision(work, id)?;
    own_or_decider(work, &consultation, &before)?;
    // What took place stays on record: who was there is not changed afterwards.
    if consultation.phase != Phase::Cancelled {
        consultation.require(Activity::DecideRegistrations)?;
    }
    require_version(before.version, version)?;
    let mut after = before.clone();
    enter(work, &mut after, Step::Withdraw)?;
    let after = registrations::store::update(work.conn, &after, work.now)?;
    work.audit("registration.withdrawn", "registration", after.id);
    history::record_one(work, &after, EventKind::Withdrawn)?;
    work.tell(&PlacesLeft::by(&consultation, &after))?;
    place_freed(work, &consultation, &before, &after)?;
    Ok(after)
}

/// What follows from a decision that the rules took on a registration that was just written, or from its going back
/// to review: it is audited, the person is told, and has or loses a group.
pub(super) fn decided(
    work: &mut Work,
    consultation: &Consultation,
    registration: &Registration,
) -> Result<(), Problem> {
    if registration.state == RegistrationState::Submitted {
        return history::record_one(work, registration, EventKind::Resubmitted);
    }
    match decision(work, consultation, registration)? {
        Some(step) => settle(work, consultation, &[step]),
        None => Ok(()),
    }
}

/// The decision that was taken on a registration, as a step to be settled.
pub(super) fn decision(
    work: &mut Work,
    consultation: &Consultation,
    registration: &Registration,
) -> Result<Option<history::Step>, Problem> {
    let after = registration.clone();
    let kind = match after.state {
        RegistrationState::Confirmed => EventKind::Confirmed,
        RegistrationState::Waitlisted => EventKind::Waitlisted,
        RegistrationState::Declined => EventKind::Declined,
        RegistrationState::Submitted
        | RegistrationState::Offered
        | RegistrationState::Withdrawn => return Ok(None),
    };
    let full = match kind {
        EventKind::Waitlisted => places::full(work, consultation, &after)?,
        _ => None,
    };
    let by_rule = after.decided_by.is_none();
    Ok(Some(history::Step { after, kind, full, by_rule }))
}

/// What follows from steps that were taken on registrations: they are written down and audited, people are told where
/// they end up, and have or lose a group. The registrations are written already.
pub(super) fn settle(
    work: &mut Work,
    consultation: &Consultation,
    steps: &[history::Step],
) -> Result<(), Problem> {
    history::record(work, steps)?;
    let rows = told(work, consultation, steps)?;
    db::together(work.conn, rows)?;
    seated(work, consultation, steps)
}

/// Each registration's last step.
fn last_of(steps: &[history::Step]) -> BTreeMap<RegistrationId, &history::Step> {
    steps.iter().map(|step| (step.after.id, step)).collect()
}

/// The steps audited, and what people are told of them, to be written with the registrations.
pub(super) fn told(
    work: &mut Work,
    consultation: &Consultation,
    steps: &[history::Step],
) -> Result<Vec<Insertion>, Problem> {
    for step in steps {
        let details = match step.after.reason_code {
            Some(code) => json!({ "reason_code": code }),
            None => json!({}),
        };
        work.audit_with(action(step.kind), "registration", step.after.id, details);
    }
    let last = last_of(steps);
    let told: Vec<(&Registration, Occasion)> = steps
        .iter()
        .filter(|step| last.get(&step.after.id).is_some_and(|last| std::ptr::eq(*last, *step)))
        .filter_map(|step| Some((&step.after, occasion(step)?)))
        .collect();
    letters(work, consultation, &told)
}

/// Whose registrations are written has or loses a group.
pub(super) fn seated(
    work: &mut Work,
    consultation: &Consultation,
    steps: &[history::Step],
) -> Result<(), Problem> {
    let last = last_of(steps);
    let (placed, others): (Vec<&Registration>, Vec<&Registration>) = last
        .values()
        .map(|step| &step.after)
        .partition(|one| one.state == RegistrationState::Confirmed);
    let of = |registrations: Vec<&Registration>| -> Vec<Registration> {
        registrations.into_iter().cloned().collect()
    };
    let (placed, others) = (of(placed), of(others));
    work.tell(&PlacesLeft { consultation: consultation.clone(), registrations: others })?;
    work.tell(&PlacesGiven { consultation: consultation.clone(), registrations: placed })?;
    Ok(())
}

const fn action(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Submitted => "registration.submitted",
        EventKind::Confirmed => "registration.confirmed",
        EventKind::Promoted => "registration.promoted",
        EventKind::Offered => "registration.offered",
        EventKind::Accepted => "registration.accepted",
        EventKind::Lapsed => "registration.lapsed",
        EventKind::Waitlisted => "registration.waitlisted",
        EventKind::Declined => "registration.declined",
        EventKind::Withdrawn => "registration.withdrawn",
        EventKind::Resubmitted => "registration.resubmitted",
        EventKind::Reopened => "registration.reopened",
    }
}

/// What the person is told of the step.
const fn occasion(step: &history::Step) -> Option<Occasion> {
    match step.kind {
        EventKind::Confirmed | EventKind::Accepted => Some(Occasion::Confirmed),
        EventKind::Promoted => Some(Occasion::Promoted),
        EventKind::Offered => Some(Occasion::Offered),
        EventKind::Lapsed => match step.after.state {
            RegistrationState::Waitlisted => Some(Occasion::MovedBack),
            _ => Some(Occasion::Lapsed),
        },
        EventKind::Waitlisted => Some(Occasion::Waitlisted),
        EventKind::Declined => Some(Occasion::Declined),
        EventKind::Submitted
        | EventKind::Withdrawn
        | EventKind::Resubmitted
        | EventKind::Reopened => None,
    }
}

/// What people are told of their registrations, to be written with them; of many, nothing is left to be written.
pub(super) fn letters(
    work: &mut Work,
    consultation: &Consultation,
    all: &[(&Registration, Occasion)],
) -> Result<Vec<Insertion>, Problem> {
    let people: BTreeSet<AccountId> = all.iter().map(|(one, _)| one.account_id).collect();
    let people: Vec<AccountId> = people.into_iter().collect();
    let known = accounts::service::names(work, &people)?;
    let person = |(registration, _): &(&Registration, Occasion)| {
        let person = known.get(&registration.account_id);
        let person = person.ok_or_else(|| Problem::not_found("account"))?;
        Ok(registration.known_as(person))
    };
    let people: Vec<Account> = all.iter().map(person).collect::<Result<_, Problem>>()?;
    let links = registrations::service::links(work, consultation, &people)?;
    let mut mails = Vec::with_capacity(all.len());
    let links_and_people = all.iter().zip(&people).zip(links.addresses);
    for (((registration, occasion), person), link) in links_and_people {
        let about = About { person, consultation, registration, link };
        mails.push(about.mail_on(*occasion)?);
    }
    let mut rows = links.rows;
    rows.extend(work.mails_as_rows(mails)?);
    Ok(rows)
}
