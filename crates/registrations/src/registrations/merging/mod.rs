//! What happens to registrations when two entries of an organization, or two accounts of a person, are made one, and
//! when an appeal was upheld. Other features ask for it, or tell of it; nothing here asks who asks.

use std::collections::BTreeSet;

use super::events::PlacesLeft;
use super::history::{self, EventKind};
use super::places::{enter, place_freed};
use super::{Registration, RegistrationId, Step};
use crate::accounts::AccountId;
use crate::consultations::{self, Activity, ConsultationId};
use crate::events::AccountsMerged;
use crate::organizations::OrganizationId;
use crate::organizations::merging::OrganizationsMerged;
use crate::problem::{Code, Problem};
use crate::registrations;
use crate::reviews::ReviewId;
use crate::work::Work;
use store::Affiliation;

pub mod store;

/// Holds the places of the consultations in which somebody comes for an organization until the transaction ends.
pub fn hold_organization(work: &mut Work, organization: OrganizationId) -> Result<(), Problem> {
    let consultations = store::consultations_of_organization(work.conn, organization)?;
    lock_all(work, &consultations)
}

/// Gives the registrations of one organization to another; says how many. Sector, country and state stay as they were
/// vetted. Nobody loses a place, though the two may have more together than one organization is given.
pub fn organization_merged(work: &mut Work, merged: OrganizationsMerged) -> Result<u64, Problem> {
    store::move_organization(work.conn, merged, work.now)
}

/// Holds the places of these consultations, always in the same order.
fn lock_all(work: &mut Work, consultations: &BTreeSet<ConsultationId>) -> Result<(), Problem> {
    for consultation in consultations {
        work.lock(consultation.uuid())?;
    }
    Ok(())
}

/// Two active registrations of one person for one consultation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duplicate {
    /// The one that stays: it has a place, or is the earlier one.
    pub kept: RegistrationId,
    /// The other.
    pub superfluous: RegistrationId,
}

/// The consultations for which both accounts have an active registration. Holds the places of all their consultations.
pub fn duplicates(work: &mut Work, merged: AccountsMerged) -> Result<Vec<Duplicate>, Problem> {
    let AccountsMerged { from: one, into: other } = merged;
    let mut consultations = BTreeSet::new();
    for account in [one, other] {
        let all = registrations::store::of_person(work.conn, account)?;
        consultations.extend(all.iter().map(|registration| registration.consultation_id));
    }
    lock_all(work, &consultations)?;
    let mut found = Vec::new();
    for consultation in consultations {
        let first = registrations::store::active_of(work.conn, consultation, one)?;
        let second = registrations::store::active_of(work.conn, consultation, other)?;
        if let (Some(first), Some(second)) = (first, second) {
            found.push(duplicate(&first, &second));
        }
    }
    Ok(found)
}

fn duplicate(first: &Registration, second: &Registration) -> Duplicate {
    // Those with a place come first, then the earlier one; ids go by creation.
    let rank = |one: &Registration| (!one.holds_place(), one.created_at, one.id);
    if rank(first) <= rank(second) {
        Duplicate { kept: first.id, superfluous: second.id }
    } else {
        Duplicate { kept: second.id, superfluous: first.id }
    }
}

/// Withdraws the superfluous one of two, also when the consultation is over: it never was a second person. Its place
/// goes to whoever waits. Needs the lock that [`duplicates`] has taken.
pub fn withdraw_duplicate(work: &mut Work, duplicate: &Duplicate) -> Result<(), Problem> {
    let before = super::service::load(work, duplicate.superfluous)?;
    let consultation = consultations::service::load(work, before.consultation_id)?;
    let mut after = before.clone();
    enter(work, &mut after, Step::Withdraw)?;
    let after = registrations::store::update(work.conn, &after, work.now)?;
    let details = serde_json::json!({ "duplicate_of": duplicate.kept });
    work.audit_with("registration.withdrawn", "registration", after.id, details);
    history::record_one(work, &after, EventKind::Withdrawn)?;
    work.tell(&PlacesLeft::by(&consultation, &after))?;
    place_freed(work, &consultation, &before, &after)
}

/// Gives the registrations of one account to another, and what it decided; says how many there were.
pub fn account_merged(work: &mut Work, merged: AccountsMerged) -> Result<u64, Problem> {
    store::move_account(work.conn, merged, work.now)
}

/// Takes a declined registration up again, without a place: it is decided anew. 409 when the person has registered
/// again in the meantime, or the consultation decides on nobody any more. One that is not declined any more stays.
pub fn reopen(work: &mut Work, id: RegistrationId) -> Result<Registration, Problem> {
    let seen = super::service::load(work, id)?;
    let consultation = consultations::service::locked(work, seen.consultation_id)?;
    let before = super::service::load(work, id)?;
    if !before.state.allows(Step::Reopen) {
        return Ok(before);
    }
    consultation.require(Activity::DecideRegistrations)?;
    let mut after = before.clone();
    enter(work, &mut after, Step::Reopen)?;
    after.reason_code = None;
    after.note = None;
    after.decided_by = None;
    // Who was decided on before holds a place while under review again; this one lost it, or never had it.
    after.decided_at = None;
    after.accept_by = None;
    let other =
        registrations::store::active_of(work.conn, before.consultation_id, before.account_id)?;
    if other.is_some() {
        let detail = "The person has registered for this consultation again in the meantime.";
        return Err(Problem::new(Code::AlreadyRegistered, detail));
    }
    let after = registrations::store::update(work.conn, &after, work.now)?;
    work.audit("registration.reopened", "registration", id);
    history::record_one(work, &after, EventKind::Reopened)?;
    Ok(after)
}

/// Whether the person registered for the organization, whatever came of it.
pub fn comes_for(
    work: &mut Work,
    account: AccountId,
    organization: OrganizationId,
) -> Result<bool, Problem> {
    let all = registrations::store::of_person(work.conn, account)?;
    Ok(all.iter().any(|registration| registration.organization_id == Some(organization)))
}

/// Where these people registered, for which organization and from which country.
pub fn affiliations(work: &mut Work, of: &[AccountId]) -> Result<Vec<Affiliation>, Problem> {
    store::affiliations(work.conn, of)
}

/// The reviews in which a person registered, whatever came of it.
pub fn reviews_of(work: &mut Work, account: AccountId) -> Result<BTreeSet<ReviewId>, Problem> {
    let all = store::affiliations(work.conn, &[account])?;
    Ok(all.into_iter().map(|one| one.review_id).collect())
}
