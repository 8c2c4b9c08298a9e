//! What a caller may do with the registration rules of a consultation.

use super::{Rules, store};
use crate::access::Permission;
use crate::consultations::{self, Activity, Consultation, ConsultationId, Phase};
use crate::problem::{Problem, require_version};
use crate::registrations::places;
use crate::work::Work;

/// The rules, or what holds while nothing was set. For other services: it does not ask who asks.
pub fn load(work: &mut Work, consultation: ConsultationId) -> Result<Rules, Problem> {
    let set_up = consultations::service::load(work, consultation)?.set_up;
    work.kept(consultation, &set_up, |conn| {
        let found = store::find(conn, consultation)?;
        Ok(found.unwrap_or_else(|| Rules::defaults(consultation)))
    })
}

/// The rules of a consultation that the caller may know of, and whether they may see all of them.
pub fn see(
    work: &mut Work,
    consultation: ConsultationId,
) -> Result<(Consultation, Rules, bool), Problem> {
    let consultation = consultations::service::see(work, consultation)?;
    let rules = load(work, consultation.id)?;
    let all = work.may(Permission::ReadRegistrations, &consultation.scope());
    Ok((consultation, rules, all))
}

/// Sets the rules anew. `version` is the one that the caller has seen. New places go to those who wait; 409 when more
/// places are taken than would be left.
pub fn replace(work: &mut Work, version: i64, rules: Rules) -> Result<Rules, Problem> {
    let consultation = locked_for_set_up(work, rules.consultation_id)?;
    let before = load(work, consultation.id)?;
    require_version(before.version, version)?;
    let rules = Rules { version, ..rules };
    rules.check()?;
    let after = store::replace(work.conn, &rules, work.now)?;
    work.forget_loaded();
    work.audit("registration_rules.replaced", "consultation", consultation.id);
    let places = |rules: &Rules| (rules.sector_capacities.clone(), rules.organization_capacity);
    let deciding = Activity::DecideRegistrations.phases().contains(&consultation.phase);
    if deciding && places(&before) != places(&after) && consultation.phase != Phase::Planning {
        places::capacity_changed(work, consultation.id)?;
    }
    Ok(after)
}

/// The consultation under its lock, for who sets it up.
pub(in crate::registrations) fn locked_for_set_up(
    work: &mut Work,
    id: ConsultationId,
) -> Result<Consultation, Problem> {
    consultations::service::locked(work, id)?;
    let consultation = consultations::service::see(work, id)?;
    work.require(Permission::SetUp, &consultation.scope())?;
    consultation.require(Activity::SetUp)?;
    Ok(consultation)
}
