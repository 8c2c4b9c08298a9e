//! What a caller may do with the assignment rules of a consultation. They tell who must not sit with whom: only those
//! who assign see them.

use super::{AssignmentRules, Known, PinRule, store};
use crate::access::Permission;
use crate::account_merging::RegistrationsMerged;
use crate::consultations::programme::removals::Removal;
use crate::consultations::{self, Activity, Consultation, ConsultationId, Round, WorkingGroup};
use crate::groups::instances;
use crate::problem::{Problem, require_version};
use crate::registrations::{self, roll};
use crate::work::Work;

/// The rules, or what holds while nothing was set. For other services: it does not ask who asks.
pub fn load(work: &mut Work, consultation: ConsultationId) -> Result<AssignmentRules, Problem> {
    Ok(store::find(work.conn, consultation)?.unwrap_or_default())
}

/// The rules of a consultation and the pins that come from hosts, for those who assign.
pub fn see(
    work: &mut Work,
    consultation: ConsultationId,
) -> Result<(AssignmentRules, Vec<PinRule>), Problem> {
    let consultation = consultations::service::see(work, consultation)?;
    work.require(Permission::Assign, &consultation.scope())?;
    let rules = load(work, consultation.id)?;
    Ok((rules, host_pins(work, &consultation)?))
}

fn host_pins(work: &mut Work, consultation: &Consultation) -> Result<Vec<PinRule>, Problem> {
    let hosts = instances::hosts(work, consultation)?;
    let confirmed = registrations::service::confirmed(work, consultation.id)?;
    let pins = confirmed.iter().flat_map(|one| {
        hosts.get(&one.account_id).into_iter().flatten().map(|group| PinRule {
            registration_id: one.id,
            working_group_id: *group,
            round_id: None,
        })
    });
    Ok(pins.collect())
}

/// Sets the rules anew. `rules.version` is the one that the caller has seen. They hold for plans that are made from then on.
pub fn replace(
    work: &mut Work,
    consultation: ConsultationId,
    rules: &AssignmentRules,
) -> Result<AssignmentRules, Problem> {
    let seen = consultations::service::see(work, consultation)?;
    work.require(Permission::Assign, &seen.scope())?;
    work.lock(consultation.uuid())?;
    let consultation = consultations::service::load(work, consultation)?;
    consultation.require(Activity::SetUp)?;
    let before = load(work, consultation.id)?;
    require_version(before.version, rules.version)?;
    rules.check(&known(work, &consultation)?)?;
    let after = store::replace(work.conn, consultation.id, rules, work.now)?;
    work.audit("assignment_rules.replaced", "consultation", consultation.id);
    Ok(after)
}

fn known(work: &mut Work, consultation: &Consultation) -> Result<Known, Problem> {
    let groups = consultations::programme::service::all::<WorkingGroup>(work, consultation.id)?;
    let rounds = consultations::programme::service::all::<Round>(work, consultation.id)?;
    let roll = roll::of_consultation(work, consultation.id)?;
    Ok(Known {
        registrations: roll.into_iter().map(|one| one.id).collect(),
        rounds: rounds.into_iter().map(|round| round.id).collect(),
        groups: groups.into_iter().map(|group| group.id).collect(),
    })
}

/// Two registrations of a person were made one: rules about the one that was withdrawn are about the other.
pub fn registration_merged(work: &mut Work, merged: RegistrationsMerged) -> Result<(), Problem> {
    let RegistrationsMerged { into, .. } = merged;
    let consultation = registrations::service::load(work, into)?.consultation_id;
    let Some(mut rules) = store::find(work.conn, consultation)? else { return Ok(()) };
    if rules.merge(merged) {
        store::replace(work.conn, consultation, &rules, work.now)?;
    }
    Ok(())
}

/// A round or a group is there no more: rules about it are none.
pub fn removed(work: &mut Work, removal: &Removal) -> Result<(), Problem> {
    let consultation = removal.consultation_id;
    let Some(mut rules) = store::find(work.conn, consultation)? else { return Ok(()) };
    if rules.forget(removal.id.uuid()) {
        store::replace(work.conn, consultation, &rules, work.now)?;
    }
    Ok(())
}
