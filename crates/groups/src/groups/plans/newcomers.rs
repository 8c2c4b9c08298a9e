//! Who comes after the plan was applied, and who leaves: as many at once as a decision makes, at the cost of a few
//! statements. Needs the consultation's lock. Registrations tell of them (`PlacesGiven`, `PlacesLeft`).

use super::applying::{assignment, tell_changed};
use crate::consultations::{self, Consultation, Phase};
use crate::db::Conn;
use crate::groups::instances::{Places, instance, placement};
use crate::groups::solver::{self, Placement};
use crate::groups::{self, Assignment, rules};
use crate::problem::Problem;
use crate::registrations::{Registration, RegistrationId};
use crate::work::Work;

/// Gives somebody who was confirmed late a group in each round they take part in, by the rules of now and beside what
/// the plan in force says; nobody else moves.
/// Nothing happens before a plan is applied.
pub fn place_newcomer(
    work: &mut Work,
    consultation: &Consultation,
    registration: &Registration,
) -> Result<(), Problem> {
    place_all(work, consultation, &[registration])
}

/// As [`place_newcomer`] for one after the other.
pub fn place_all(
    work: &mut Work,
    consultation: &Consultation,
    newcomers: &[&Registration],
) -> Result<(), Problem> {
    if newcomers.is_empty() {
        return Ok(());
    }
    if !is_any_in_force(work, consultation)? {
        return Ok(());
    }
    let Some(plan) = groups::store::applied(work.conn, consultation.id)? else { return Ok(()) };
    let before = groups::store::assignments(work.conn, consultation.id)?;
    let existing: Vec<Placement> = before.iter().map(placement).collect();
    let rules = rules::service::load(work, consultation.id)?;
    let instance = instance(work, consultation, &rules, plan.seed, Vec::new())?;
    let ids: Vec<_> = newcomers.iter().map(|one| one.id.uuid()).collect();
    let placed = solver::place_each(&instance, &existing, &ids);
    let new: Vec<Assignment> = placed.iter().map(|one| assignment(work, &plan, one)).collect();
    if new.is_empty() {
        return Ok(());
    }
    groups::store::insert(work.conn, &new)?;
    let has_new = |one: &&&Registration| new.iter().any(|seat| seat.registration_id == one.id);
    let people: Vec<Registration> =
        newcomers.iter().filter(has_new).map(|one| (*one).clone()).collect();
    for one in &people {
        work.audit("assignments.added", "registration", one.id);
    }
    let after: Vec<Assignment> = before.iter().chain(&new).copied().collect();
    let places = Places::of(work, consultation)?;
    tell_changed(work, consultation, &places, &people, &before, &after)
}

/// Whether a plan is in force.
#[derive(Debug, Clone, PartialEq)]
struct IsAnyInForce(bool);

fn is_any_in_force(work: &mut Work, consultation: &Consultation) -> Result<bool, Problem> {
    let id = consultation.id;
    let set_up = consultations::service::load(work, id)?.set_up;
    let load = |conn: &mut Conn| Ok(IsAnyInForce(groups::store::is_any_applied(conn, id)?));
    Ok(work.kept(id, &set_up, load)?.0)
}

/// Frees the groups of somebody who no longer has a place, as long as the consultation is not over.
pub fn leave(
    work: &mut Work,
    consultation: &Consultation,
    registration: &Registration,
) -> Result<(), Problem> {
    leave_all(work, consultation, &[registration])
}

/// As [`leave`] for several.
pub fn leave_all(
    work: &mut Work,
    consultation: &Consultation,
    leaving: &[&Registration],
) -> Result<(), Problem> {
    let over = matches!(consultation.phase, Phase::Synthesis | Phase::Clearance | Phase::Published);
    if over || leaving.is_empty() {
        return Ok(());
    }
    let ids: Vec<RegistrationId> = leaving.iter().map(|one| one.id).collect();
    for id in groups::store::clear_registrations(work.conn, &ids)? {
        work.audit("assignments.removed", "registration", id);
    }
    Ok(())
}
