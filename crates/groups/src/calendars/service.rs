//! Who may have which calendar: the programme whoever sees the consultation, a schedule its person, or whoever has the
//! secret address that the person was given for their calendar program.

use std::collections::{BTreeMap, HashMap};

use super::{Own, Programme, store};
use crate::accounts::{self, Account, AccountId};
use crate::consultations::programme::removals::Changes;
use crate::consultations::{
    self, Consultation, ConsultationId, Round, RoundId, Session, WorkingGroup,
};
use crate::exchange::calendar::{Calendar, Status};
use crate::problem::Problem;
use crate::registrations::{self, Registration, RegistrationState};
use crate::work::Work;
use crate::{groups, tokens};

/// The programme of a consultation, as everybody may know it whoever asks: a file is passed on.
pub fn programme(work: &mut Work, id: ConsultationId) -> Result<Calendar, Problem> {
    let consultation = consultations::service::see(work, id)?;
    Ok(super::of_programme(&load(work, consultation)?))
}

fn load(work: &mut Work, consultation: Consultation) -> Result<Programme, Problem> {
    let id = consultation.id;
    let removals = consultations::programme::removals::removals(work, id)?;
    let changes =
        consultations::programme::removals::programme_changes(work, &consultation, &removals)?;
    let sessions = consultations::programme::service::all::<Session>(work, id)?;
    let rounds = consultations::programme::service::all::<Round>(work, id)?;
    Ok(Programme { consultation, sessions, rounds, removals, changes })
}

/// The caller's own schedule.
pub fn own(work: &mut Work) -> Result<Calendar, Problem> {
    let account = work.caller.signed_in()?;
    let account = accounts::service::load(work, account)?;
    schedule(work, &account)
}

fn schedule(work: &mut Work, person: &Account) -> Result<Calendar, Problem> {
    let account = person.id;
    let mut by_consultation: BTreeMap<ConsultationId, Vec<Registration>> = BTreeMap::new();
    for registration in registrations::service::all_of_person(work, account)? {
        by_consultation.entry(registration.consultation_id).or_default().push(registration);
    }
    let mut parts = Vec::new();
    for (id, own) in by_consultation {
        parts.extend(part(work, id, account, &own)?);
    }
    parts.sort_by_key(|own| (own.programme.consultation.starts_at, own.programme.consultation.id));
    Ok(super::of_person(&parts, person.language))
}

/// A person's part in a consultation, from all their registrations for it; none when nothing was decided.
fn part(
    work: &mut Work,
    id: ConsultationId,
    account: AccountId,
    own: &[Registration],
) -> Result<Option<Own>, Problem> {
    let Some((registration, status)) = deciding_registration(own) else { return Ok(None) };
    let consultation = consultations::service::load(work, id)?;
    let programme = load(work, consultation)?;
    let (count, last) = groups::plans::service::plan_changes(work, id)?;
    let none = Changes { count, last: last.unwrap_or(registration.updated_at) };
    let changes = own.iter().fold(none, |all, one| all.and(one.version, one.updated_at));
    let groups = groups_of(work, id, registration)?;
    Ok(Some(Own { programme, account, status, changes, groups }))
}

/// The registration that counts, and whether its person takes part: a place counts first, else the latest decision
/// against them. Who waits for a decision or a place has nothing in the calendar.
fn deciding_registration(own: &[Registration]) -> Option<(&Registration, Status)> {
    if let Some(place) = own.iter().rev().find(|one| one.holds_place()) {
        let confirmed = place.state == RegistrationState::Confirmed;
        return Some((place, if confirmed { Status::Confirmed } else { Status::Tentative }));
    }
    let last = own.last().filter(|one| !one.state.is_active())?;
    Some((last, Status::Cancelled))
}

fn groups_of(
    work: &mut Work,
    consultation: ConsultationId,
    registration: &Registration,
) -> Result<BTreeMap<RoundId, WorkingGroup>, Problem> {
    let assigned = groups::service::assignments_of_registration(work, registration.id)?;
    if assigned.is_empty() {
        return Ok(BTreeMap::new());
    }
    let groups = consultations::programme::service::all::<WorkingGroup>(work, consultation)?;
    let groups: HashMap<_, _> = groups.into_iter().map(|group| (group.id, group)).collect();
    let in_round = assigned.iter().filter_map(|one| {
        groups.get(&one.working_group_id).map(|group| (one.round_id, group.clone()))
    });
    Ok(in_round.collect())
}

// ------------------------------------------------------------------------------------------------ feeds

/// A secret address of the caller's schedule, told once; one that there was before ends.
pub fn create_feed(work: &mut Work) -> Result<String, Problem> {
    let account = work.caller.signed_in()?;
    let secret = work.ids.secret();
    store::delete(work.conn, account)?;
    store::insert(work.conn, account, &tokens::secret_hash(&secret), work.now)?;
    work.audit("calendar_feed.created", "account", account);
    let public_url = &work.settings.server.public_url;
    Ok(format!("{public_url}/api/v1/calendar-feeds/{secret}.ics"))
}

/// Ends the caller's feed, if there is one.
pub fn delete_feed(work: &mut Work) -> Result<(), Problem> {
    let account = work.caller.signed_in()?;
    end_feed(work, account)
}

/// Ends an account's feed, if there is one. For other services: it does not ask who asks.
pub fn end_feed(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    if store::delete(work.conn, account)? {
        work.audit("calendar_feed.deleted", "account", account);
    }
    Ok(())
}

/// The schedule behind a secret address; 404 when it ended, never was, or its account was closed.
pub fn feed(work: &mut Work, secret: &str) -> Result<Calendar, Problem> {
    let refused = || Problem::not_found("calendar");
    let account = store::account(work.conn, &tokens::secret_hash(secret))?.ok_or_else(refused)?;
    let account = accounts::service::load(work, account)
        .map_err(|problem| problem.refused_as(|_| refused()))?;
    if !account.active {
        return Err(refused());
    }
    schedule(work, &account)
}
