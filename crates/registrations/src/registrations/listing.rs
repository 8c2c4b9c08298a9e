//! Lists of registrations: all of a consultation for those who read registrations, the people of their own organization
//! for co-organizers, one's own for everybody.

use std::collections::BTreeSet;

use super::service::entries;
use super::{
    Answers, Entry, Filter, Needs, Registration, RegistrationId, RegistrationState, store,
};
use crate::access::Permission;
use crate::accounts::{self, AccountId};
use crate::consultations::{self, CoOrganizer, Consultation, ConsultationId};
use crate::http::page::{Listing, Paging};
use crate::offers;
use crate::organizations::OrganizationId;
use crate::problem::Problem;
use crate::work::Work;

/// Registrations of a consultation, with names. A co-organizer sees those of its own organization, without contact data
/// and without what they said about themselves.
pub fn list(
    work: &mut Work,
    consultation: ConsultationId,
    filter: &Filter,
    paging: &Paging,
) -> Result<Listing<Entry>, Problem> {
    let consultation = consultations::service::see(work, consultation)?;
    let scope = consultation.scope();
    let reads_all = work.may(Permission::ReadRegistrations, &scope);
    if !reads_all && work.may(Permission::ReadOwnPeople, &scope) {
        return list_own_people(work, &consultation, filter, paging);
    }
    work.require(Permission::ReadRegistrations, &scope)?;
    let part = page(work, consultation.id, filter, None, paging)?;
    Ok(Listing { items: entries(work, part.items)?, next: part.next })
}

/// Registrations that the filter keeps, `most` of them at most, in the order they were submitted.
pub(super) fn some(
    work: &mut Work,
    consultation: ConsultationId,
    filter: &Filter,
    most: usize,
) -> Result<Vec<Registration>, Problem> {
    store::some(work.conn, consultation, filter, most as i64)
}

fn page(
    work: &mut Work,
    consultation: ConsultationId,
    filter: &Filter,
    within: Option<&[OrganizationId]>,
    paging: &Paging,
) -> Result<Listing<Registration>, Problem> {
    let rows = store::list(work.conn, consultation, filter, within, paging)?;
    let key = |row: &Registration| {
        if filter.by_waiting_number {
            vec![row.waiting_number.unwrap_or(0).to_string(), row.id.to_string()]
        } else {
            vec![row.id.to_string()]
        }
    };
    Ok(paging.finish(rows, key))
}

fn list_own_people(
    work: &mut Work,
    consultation: &Consultation,
    filter: &Filter,
    paging: &Paging,
) -> Result<Listing<Entry>, Problem> {
    let account = work.caller.signed_in()?;
    let own = own_organizations(work, consultation, account)?;
    if own.is_empty() {
        return Ok(Listing { items: Vec::new(), next: None });
    }
    let part = page(work, consultation.id, filter, Some(&own), paging)?;
    let items: Vec<Registration> = part.items.into_iter().map(without_private).collect();
    let mut items = entries(work, items)?;
    items.iter_mut().for_each(|entry| entry.email.clear());
    Ok(Listing { items, next: part.next })
}

/// The co-organizers of the consultation that the person acts for: that for which they were given the role, and those whose offer to
/// co-organize they made and that was accepted; without any, that for which they are themselves confirmed.
pub fn own_organizations(
    work: &mut Work,
    consultation: &Consultation,
    account: AccountId,
) -> Result<Vec<OrganizationId>, Problem> {
    let co_organizers =
        consultations::programme::service::all::<CoOrganizer>(work, consultation.id)?;
    let co_organizers: BTreeSet<OrganizationId> =
        co_organizers.iter().map(|part| part.organization_id).collect();
    let mut own = offers::service::accepted_of(work, consultation.id, account)?;
    let grants = accounts::roles::service::grants_of(work, account)?.into_iter();
    let here = grants.filter(|grant| grant.scope_id == consultation.id.uuid());
    own.extend(here.filter_map(|grant| grant.organization_id));
    if own.is_empty() {
        let registration = store::active_of(work.conn, consultation.id, account)?;
        let confirmed = registration.filter(|one| one.state == RegistrationState::Confirmed);
        own.extend(confirmed.and_then(|one| one.organization_id));
    }
    own.retain(|organization| co_organizers.contains(organization));
    own.sort();
    own.dedup();
    Ok(own)
}

/// The confirmed people of the organizations that the caller acts for as a co-organizer. For other services.
pub fn own_people(
    work: &mut Work,
    consultation: &Consultation,
) -> Result<Vec<RegistrationId>, Problem> {
    let account = work.caller.signed_in()?;
    if !work.may(Permission::ReadOwnPeople, &consultation.scope()) {
        return Ok(Vec::new());
    }
    let own = own_organizations(work, consultation, account)?;
    let confirmed = store::confirmed(work.conn, consultation.id)?.into_iter();
    let is_own = |one: &Registration| one.organization_id.is_some_and(|of| own.contains(&of));
    Ok(confirmed.filter(is_own).map(|one| one.id).collect())
}

/// Who comes and how far it is: nothing of what the person said about themselves or was told.
fn without_private(one: Registration) -> Registration {
    Registration {
        gender: None,
        age_band: None,
        guardian: None,
        needs: Needs::default(),
        answers: Answers::new(),
        preferences: Vec::new(),
        reason_code: None,
        note: None,
        decided_by: None,
        invitation_id: None,
        ..one
    }
}

/// The caller's own registrations, the oldest first.
pub fn own(work: &mut Work, paging: &Paging) -> Result<Listing<Entry>, Problem> {
    let account = work.caller.signed_in()?;
    let rows = store::of_person_after(work.conn, account, paging)?;
    let part = paging.finish(rows, |row| vec![row.id.to_string()]);
    Ok(Listing { items: entries(work, part.items)?, next: part.next })
}
