//! Who is in which group, as far as a caller may see it. Proposing, applying and changing stand beside this, file by file,
//! and are called through here. Whoever changes assignments holds the consultation's lock.

use std::collections::BTreeSet;

use super::instances::Places;
use super::{Assignment, Seat, store};
use crate::access::{Permission, ScopeKind};
use crate::consultations::{
    self, Consultation, ConsultationId, RoundId, WorkingGroup, WorkingGroupId,
};
use crate::http::page::{Listing, Paging};
use crate::problem::Problem;
use crate::registrations::{self, RegistrationId};
use crate::work::Work;

/// Roles in a group see that group only; the others see all.
pub(super) fn sees_all(work: &Work, consultation: &Consultation) -> bool {
    work.may(Permission::ReadAssignments, &consultation.scope().outside_groups())
}

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

/// Who is where, as far as the caller may see: all of a consultation, or their own groups. Names are for those who see
/// registrations, and in one's own group.
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
    let places = Places::of(work, &consultation)?;
    let groups: Option<Vec<WorkingGroupId>> = match group {
        Some(group) => {
            work.require(Permission::ReadAssignments, &scope.group(group.uuid()))?;
            Some(vec![group])
        }
        None if sees_all(work, &consultation) => None,
        None => Some(own_groups(work, &places)),
    };
    let rows = store::list(work.conn, consultation.id, round, groups.as_deref(), paging)?;
    let part = paging.finish(rows, |row| vec![row.id.to_string()]);
    let all_names = work.may(Permission::ReadRegistrations, &scope);
    let named = if all_names { None } else { Some(own_groups(work, &places)) };
    let items = seats(work, &places, part.items, named.as_deref())?;
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

/// With names in these groups; in all when there is no list.
fn seats(
    work: &mut Work,
    places: &Places,
    assignments: Vec<Assignment>,
    named: Option<&[WorkingGroupId]>,
) -> Result<Vec<Seat>, Problem> {
    let is_named =
        |one: &Assignment| named.is_none_or(|groups| groups.contains(&one.working_group_id));
    let registrations: BTreeSet<RegistrationId> =
        assignments.iter().filter(|one| is_named(one)).map(|one| one.registration_id).collect();
    let names = registrations::service::names(work, &registrations)?;
    let seat = |assignment: Assignment| Seat {
        round: places.round(assignment.round_id).map_or(0, |round| round.number),
        group: places.group(assignment.working_group_id).map_or(0, |group| group.number),
        name: is_named(&assignment)
            .then(|| names.get(&assignment.registration_id).cloned())
            .flatten(),
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
        own.extend(seats(work, &places, assignments, Some(&[]))?);
    }
    Ok(own)
}
