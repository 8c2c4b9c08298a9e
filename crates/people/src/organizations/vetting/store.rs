//! SQL of the steps of vetting, and nothing else.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::{Evidence, VettingId, VettingReason, VettingStep};
use crate::accounts::AccountId;
use crate::db::schema::{organization_merges, organizations, vettings};
use crate::db::types::{Json, Timestamp};
use crate::db::{Conn, keyset};
use crate::events::AccountsMerged;
use crate::organizations::{OrganizationId, Vetting};
use crate::problem::Problem;

#[derive(Queryable, Insertable)]
#[diesel(table_name = vettings, treat_none_as_default_value = false)]
struct Row {
    id: VettingId,
    organization_id: OrganizationId,
    recorded_for: OrganizationId,
    from_state: Vetting,
    to_state: Vetting,
    reason: Option<VettingReason>,
    note: Option<String>,
    evidence: Json<Vec<Evidence>>,
    origins: Json<Vec<String>>,
    conflict_of_interest: Option<String>,
    account_id: Option<AccountId>,
    created_at: Timestamp,
}

impl From<Row> for VettingStep {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            organization_id: row.organization_id,
            recorded_for: row.recorded_for,
            from: row.from_state,
            to: row.to_state,
            reason: row.reason,
            note: row.note,
            evidence: row.evidence.0,
            origins: row.origins.0,
            conflict_of_interest: row.conflict_of_interest,
            by: row.account_id,
            at: row.created_at,
        }
    }
}

/// Keeps a step.
pub fn insert(conn: &mut Conn, step: &VettingStep) -> Result<(), Problem> {
    let step = step.clone();
    let row = Row {
        id: step.id,
        organization_id: step.organization_id,
        recorded_for: step.recorded_for,
        from_state: step.from,
        to_state: step.to,
        reason: step.reason,
        note: step.note,
        evidence: Json(step.evidence),
        origins: Json(step.origins),
        conflict_of_interest: step.conflict_of_interest,
        account_id: step.by,
        created_at: step.at,
    };
    diesel::insert_into(vettings::table).values(&row).execute(conn)?;
    Ok(())
}

/// Steps of an organization in the order they were taken.
pub fn list(
    conn: &mut Conn,
    organization: OrganizationId,
    after: Option<VettingId>,
    limit: i64,
) -> Result<Vec<VettingStep>, Problem> {
    let query = vettings::table.filter(vettings::organization_id.eq(organization)).into_boxed();
    let part = keyset::after(query, (vettings::id,), after, limit);
    let rows: Vec<Row> = part.load(conn)?;
    Ok(rows.into_iter().map(VettingStep::from).collect())
}

/// The step that led to the state that an organization is in, if that step is known.
pub fn last_to(
    conn: &mut Conn,
    organization: OrganizationId,
    state: Vetting,
) -> Result<Option<VettingStep>, Problem> {
    let row: Option<Row> = vettings::table
        .filter(vettings::organization_id.eq(organization))
        .filter(vettings::to_state.eq(state))
        .filter(vettings::from_state.ne(vettings::to_state))
        .order((vettings::created_at.desc(), vettings::id.desc()))
        .first(conn)
        .optional()?;
    Ok(row.map(VettingStep::from))
}

/// The organizations that this person said they are tied to.
pub fn declared(conn: &mut Conn, account: AccountId) -> Result<BTreeSet<OrganizationId>, Problem> {
    let rows: Vec<OrganizationId> = vettings::table
        .filter(vettings::account_id.eq(account))
        .filter(vettings::conflict_of_interest.is_not_null())
        .select(vettings::organization_id)
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Whether this person took the first step for an organization, or for an entry that was merged into it.
pub fn entered_by(
    conn: &mut Conn,
    organization: OrganizationId,
    account: AccountId,
) -> Result<bool, Problem> {
    let steps: i64 = vettings::table
        .filter(vettings::organization_id.eq(organization))
        .filter(vettings::account_id.eq(account))
        .filter(vettings::from_state.eq(Vetting::Unvetted))
        .count()
        .get_result(conn)?;
    Ok(steps > 0)
}

/// What one account proposed, decided and declared, the other did.
pub fn move_account(conn: &mut Conn, merged: AccountsMerged) -> Result<(), Problem> {
    let AccountsMerged { from, into } = merged;
    diesel::update(organizations::table.filter(organizations::proposed_by.eq(from)))
        .set(organizations::proposed_by.eq(into))
        .execute(conn)?;
    diesel::update(organizations::table.filter(organizations::vetted_by.eq(from)))
        .set(organizations::vetted_by.eq(into))
        .execute(conn)?;
    diesel::update(vettings::table.filter(vettings::account_id.eq(from)))
        .set(vettings::account_id.eq(into))
        .execute(conn)?;
    diesel::update(organization_merges::table.filter(organization_merges::account_id.eq(from)))
        .set(organization_merges::account_id.eq(into))
        .execute(conn)?;
    Ok(())
}
