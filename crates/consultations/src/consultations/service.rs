//! What a caller may do with consultations: who sees them, who changes them, and how they move from phase to phase.

use std::collections::{BTreeMap, BTreeSet};

use super::lifecycle::ActionsConsidered;
use super::{
    Activity, CapacityChanged, Consultation, ConsultationId, NewConsultation, Phase, programme,
    store,
};
use crate::access::{self, Permission, ScopeKind};
use crate::consultations::WorkingGroup;
use crate::db::types::Id;
use crate::http::page::{LARGEST_LIMIT, Listing, Paging};
use crate::problem::{Problem, require_version};
use crate::reviews::{self, Review, ReviewId};
use crate::work::Work;

/// The consultation, whoever asks, or 404.
pub fn load(work: &mut Work, id: ConsultationId) -> Result<Consultation, Problem> {
    work.once(id, |conn| store::consultation(conn, id))
}

/// These consultations, whoever asks; ids of none are left out.
pub fn load_many(
    work: &mut Work,
    ids: &[ConsultationId],
) -> Result<BTreeMap<ConsultationId, Consultation>, Problem> {
    let found = store::some(work.conn, ids)?;
    Ok(found.into_iter().map(|one| (one.id, one)).collect())
}

/// The consultation; 404 also while it is in planning, for those who may not read plans.
pub fn see(work: &mut Work, id: ConsultationId) -> Result<Consultation, Problem> {
    let consultation = load(work, id)?;
    let visible =
        consultation.phase.is_public() || work.may(Permission::ReadPlans, &consultation.scope());
    if visible { Ok(consultation) } else { Err(Problem::not_found("consultation")) }
}

/// A page of a review's consultations that the caller may know of, by ordinal. 404 when there is no such review.
pub fn list(
    work: &mut Work,
    review: ReviewId,
    paging: &Paging,
) -> Result<Listing<Consultation>, Problem> {
    let review = reviews::service::see(work, review)?;
    let seen = if work.may(Permission::ReadPlans, &review.scope()) {
        store::Seen::All
    } else {
        store::Seen::PublicAnd(own_consultations(work))
    };
    let rows = store::consultations_after(
        work.conn,
        review.id,
        &seen,
        paging.after_two()?,
        paging.load(),
    )?;
    Ok(paging.finish(rows, |row| vec![row.ordinal.to_string(), row.id.to_string()]))
}

/// Every consultation that everybody may know of, by review and ordinal.
pub fn public(work: &mut Work) -> Result<Vec<Consultation>, Problem> {
    let mut all = Vec::new();
    for review in reviews::service::list(work, &Paging::first(LARGEST_LIMIT as usize))?.items {
        all.extend(of_review(work, review.id)?.into_iter().filter(|one| one.phase.is_public()));
    }
    Ok(all)
}

/// All consultations of a review, by ordinal, whoever asks.
pub fn of_review(work: &mut Work, review: ReviewId) -> Result<Vec<Consultation>, Problem> {
    store::consultations(work.conn, review)
}

/// The consultations in which a role that the caller holds lets them read plans.
fn own_consultations(work: &Work) -> Vec<ConsultationId> {
    let roles = access::roles(Permission::ReadPlans);
    let held = work.caller.roles().iter().filter(|held| roles.contains(&held.role));
    let ids: BTreeSet<_> = held
        .filter_map(|held| match held.scope_kind {
            ScopeKind::Consultation => Some(held.scope_id),
            _ => held.consultation,
        })
        .collect();
    ids.into_iter().map(Id::new).collect()
}

/// What the caller may do with a consultation now.
pub fn allowed_actions(
    work: &mut Work,
    consultation: &Consultation,
) -> Result<Vec<&'static str>, Problem> {
    let actions = consultation.allowed_actions(&work.caller);
    let considered = ActionsConsidered::new(consultation.clone(), actions);
    work.tell(&considered)?;
    Ok(considered.into_actions())
}

/// Adds a consultation to a review, in planning. 409 when the ordinal is taken.
pub fn create(
    work: &mut Work,
    review: ReviewId,
    new: NewConsultation,
) -> Result<Consultation, Problem> {
    let review: Review = reviews::service::see(work, review)?;
    work.require(Permission::SetUp, &review.scope())?;
    let consultation = Consultation::new(work.id(), review.id, new, work.now);
    consultation.check()?;
    store::insert(work.conn, &consultation)?;
    work.audit("consultation.created", "consultation", consultation.id);
    Ok(consultation)
}

/// Changes a consultation, not its phase. 409 when more places are taken than would be left, 412 when `version` is not the current one.
pub fn update(
    work: &mut Work,
    id: ConsultationId,
    version: i64,
    change: impl FnOnce(&mut Consultation),
) -> Result<Consultation, Problem> {
    let before = open(work, id, Activity::SetUp, Permission::SetUp)?;
    require_version(before.version, version)?;
    let mut after = before.clone();
    change(&mut after);
    after.check()?;
    programme::check_still_covered(&after, &programme::service::all::<WorkingGroup>(work, id)?)?;
    save(work, &mut after)?;
    share_places(work, &before, &after)?;
    work.audit("consultation.updated", "consultation", id);
    Ok(after)
}

/// The consultation, held until the transaction ends, when the caller has the permission and the phase allows the activity.
pub(super) fn open(
    work: &mut Work,
    id: ConsultationId,
    activity: Activity,
    permission: Permission,
) -> Result<Consultation, Problem> {
    locked(work, id)?;
    let consultation = see(work, id)?;
    work.require(permission, &consultation.scope())?;
    consultation.require(activity)?;
    Ok(consultation)
}

/// The consultation as it is now, whoever asks. Whoever changes it, its programme or its registrations waits for each other: the rules
/// look at all of them.
pub fn locked(work: &mut Work, id: ConsultationId) -> Result<Consultation, Problem> {
    work.under_lock(id, |conn| store::under_lock(conn, id))
}

pub(super) fn save(work: &mut Work, consultation: &mut Consultation) -> Result<(), Problem> {
    consultation.updated_at = work.now;
    store::update(work.conn, consultation)?;
    work.forget_loaded();
    consultation.version += 1;
    Ok(())
}

/// Places that are taken cannot be taken away, and new ones go to those who wait.
fn share_places(
    work: &mut Work,
    before: &Consultation,
    after: &Consultation,
) -> Result<(), Problem> {
    if before.capacity == after.capacity || before.phase == Phase::Planning {
        return Ok(());
    }
    before.require(Activity::DecideRegistrations)?;
    work.tell(&CapacityChanged { consultation: after.id }).map(|_| ())
}
