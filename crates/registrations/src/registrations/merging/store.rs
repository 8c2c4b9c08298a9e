//! SQL of registrations that change hands, and nothing else.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::accounts::AccountId;
use crate::consultations::ConsultationId;
use crate::db::Conn;
use crate::db::errors::Meaning;
use crate::db::schema::{consultations, registration_events, registrations};
use crate::db::types::{Json, Timestamp};
use crate::events::AccountsMerged;
use crate::organizations::OrganizationId;
use crate::organizations::merging::OrganizationsMerged;
use crate::problem::Problem;
use crate::reference::CountryCode;
use crate::registrations::Person;
use crate::reviews::ReviewId;

/// Ids in one `IN (…)` at most: a statement takes no more than about 32,000 values.
const CHUNK: usize = 1000;

/// For whom and from where somebody registered.
#[derive(Debug, Clone)]
pub struct Affiliation {
    /// The person.
    pub account_id: AccountId,
    /// The review of the consultation.
    pub review_id: ReviewId,
    /// For whom.
    pub organization_id: Option<OrganizationId>,
    /// From where.
    pub country: CountryCode,
    /// As whom somebody else registered them.
    pub person: Option<Person>,
}

/// The affiliations of these people.
pub fn affiliations(conn: &mut Conn, of: &[AccountId]) -> Result<Vec<Affiliation>, Problem> {
    type Found = (AccountId, ReviewId, Option<OrganizationId>, CountryCode, Option<Json<Person>>);
    let mut rows: Vec<Found> = Vec::new();
    for part in of.chunks(CHUNK) {
        let own = registrations::table
            .inner_join(consultations::table)
            .filter(registrations::account_id.eq_any(part))
            .select((
                registrations::account_id,
                consultations::review_id,
                registrations::organization_id,
                registrations::country,
                registrations::person,
            ));
        rows.extend(own.distinct().load::<Found>(conn)?);
    }
    let one = |(account_id, review_id, organization_id, country, person): Found| Affiliation {
        account_id,
        review_id,
        organization_id,
        country,
        person: person.map(|person| person.0),
    };
    Ok(rows.into_iter().map(one).collect())
}

/// The consultations in which somebody comes for an organization.
pub fn consultations_of_organization(
    conn: &mut Conn,
    organization: OrganizationId,
) -> Result<BTreeSet<ConsultationId>, Problem> {
    let rows: Vec<ConsultationId> = registrations::table
        .filter(registrations::organization_id.eq(organization))
        .select(registrations::consultation_id)
        .distinct()
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Gives the registrations of one organization to another. Says how many there were.
pub fn move_organization(
    conn: &mut Conn,
    merged: OrganizationsMerged,
    now: Timestamp,
) -> Result<u64, Problem> {
    let OrganizationsMerged { from, into } = merged;
    let rows = diesel::update(registrations::table.filter(registrations::organization_id.eq(from)))
        .set((
            registrations::organization_id.eq(into),
            registrations::version.eq(registrations::version + 1),
            registrations::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(rows as u64)
}

/// Gives the registrations of one account to another, and names it where that one decided or took a step. Says how many registrations
/// there were. Both had one for the same consultation since it was looked at: then all is to be done again.
pub fn move_account(
    conn: &mut Conn,
    merged: AccountsMerged,
    now: Timestamp,
) -> Result<u64, Problem> {
    let AccountsMerged { from, into } = merged;
    diesel::update(registrations::table.filter(registrations::decided_by.eq(from)))
        .set(registrations::decided_by.eq(into))
        .execute(conn)?;
    crate::registrations::history::store::move_account(conn, merged)?;
    diesel::update(registration_events::table.filter(registration_events::account_id.eq(from)))
        .set(registration_events::account_id.eq(into))
        .execute(conn)?;
    let rows = diesel::update(registrations::table.filter(registrations::account_id.eq(from)))
        .set((
            registrations::account_id.eq(into),
            registrations::version.eq(registrations::version + 1),
            registrations::updated_at.eq(now),
        ))
        .execute(conn)
        .on_unique(Problem::contention)?;
    Ok(rows as u64)
}
