//! Who is in which group, as far as a caller may see it. Proposing, applying and changing stand beside this, file by file,
//! and are called through here. Whoever changes assignments holds the consultation's lock.

use std::collections::BTreeSet;

use super::instances::Places;
use super::store::Seen;
use super::{Assignment, Seat, store};
use crate::access::{Permission, ScopeKind};
use crate::consultations::{self, ConsultationId, RoundId, WorkingGroup, WorkingGroupId};
use crate::http::page::{Listing, Paging};
use crate::problem::Problem;
use crate::registrations::{self, RegistrationId};
use crate::work::Work;

/// Every assignment of a consultation. For other services: it does not ask who asks.
pub fn assignments(
    work: &mut Work,
    consultation: ConsultationId,
) -> Result<Vec<Assignment>, Problem> {
    store::assignments(work.conn, consultation)
}

/// The assignments of one registration. For other services: it does not ask who asks.
pub fn assignments_of_registration(
    work: &mut Work,
    registration: RegistrationId,
) -> Result<Vec<Assignment>, Problem> {
    store::of_registration(work.conn, registration)
}

/// Who is where, as far as the caller sees people by name: everybody, for those who see registrations; else who is in one's own groups
/// or comes for an organization that one acts for. The rows of others are not there: their number would be a figure about
/// people, which is told by a release alone (`figures::allowed`).
pub fn list(
    work: &mut Work,
    consultation: ConsultationId,
    round: Option<RoundId>,
    group: Option<WorkingGroupId>,
    paging: &Paging,
) -> Result<Listing<Seat>, Problem> {
    let consultation = consultations::service::see(work, consultation)?;
    let scope = consultation.scope();
    work.require(Permission::ReadAssignments, &scope)?;
    if let Some(group) = group {
        work.require(Permission::ReadAssignments, &scope.group(group.uuid()))?;
    }
    let places = Places::of(work, &consultation)?;
    let seen = if work.may(Permission::ReadRegistrations, &scope) {
        Seen::Everybody
    } else {
        let people = registrations::listing::own_people(work, &consultation)?;
        Seen::Only { groups: own_groups(work, &places), people }
    };
    let rows = store::list(work.conn, consultation.id, round, group, &seen, paging)?;
    let part = paging.finish(rows, |row| vec![row.id.to_string()]);
    let items = seats(work, &places, part.items, true)?;
    Ok(Listing { items, next: part.next })
}

/// The groups in which the caller has a role.
pub(super) fn own_groups(work: &Work, places: &Places) -> Vec<WorkingGroupId> {
    let held = work.caller.roles();
    let own = |group: &&WorkingGroup| {
        held.iter().any(|held| {
            held.scope_kind == ScopeKind::WorkingGroup && held.scope_id == group.id.uuid()
        })
    };
    places.groups.iter().filter(own).map(|group| group.id).collect()
}

fn seats(
    work: &mut Work,
    places: &Places,
    assignments: Vec<Assignment>,
    named: bool,
) -> Result<Vec<Seat>, Problem> {
    let registrations: BTreeSet<RegistrationId> =
        assignments.iter().filter(|_| named).map(|one| one.registration_id).collect();
    let names = registrations::service::names(work, &registrations)?;
    let seat = |assignment: Assignment| Seat {
        round: places.round(assignment.round_id).map_or(0, |round| round.number),
        group: places.group(assignment.working_group_id).map_or(0, |group| group.number),
        name: names.get(&assignment.registration_id).cloned(),
        assignment,
    };
    Ok(assignments.into_iter().map(seat).collect())
}

/// The caller's own assignments, in all consultations.
pub fn own(work: &mut Work) -> Result<Vec<Seat>, Problem> {
    let account = work.caller.signed_in()?;
    let mut own = Vec::new();
    for registration in registrations::service::active_of_person(work, account)? {
        let consultation = consultations::service::load(work, registration.consultation_id)?;
        let places = Places::of(work, &consultation)?;
        let assignments = store::of_registration(work.conn, registration.id)?;
        own.extend(seats(work, &places, assignments, false)?);
    }
    Ok(own)
}
