//! SQL of decisions to publish all the same.

use diesel::prelude::*;

use super::Override;
use crate::accounts::AccountId;
use crate::db::Conn;
use crate::db::schema::clearance_overrides;
use crate::db::types::Timestamp;
use crate::problem::Problem;
use crate::reports::ReportId;
use crate::vocabulary::{OverrideId, PartyId, PositionId};

#[derive(Queryable, Insertable)]
#[diesel(table_name = clearance_overrides, treat_none_as_default_value = false)]
struct Row {
    id: OverrideId,
    report_id: ReportId,
    party_id: PartyId,
    objection_id: Option<PositionId>,
    reason: String,
    sha256: String,
    made_by: Option<AccountId>,
    made_at: Timestamp,
}

impl From<Row> for Override {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            report_id: row.report_id,
            party_id: row.party_id,
            objection_id: row.objection_id,
            reason: row.reason,
            sha256: row.sha256,
            made_by: row.made_by,
            made_at: row.made_at,
        }
    }
}

/// Stores a decision.
pub fn insert(conn: &mut Conn, one: &Override) -> Result<(), Problem> {
    let one = one.clone();
    let row = Row {
        id: one.id,
        report_id: one.report_id,
        party_id: one.party_id,
        objection_id: one.objection_id,
        reason: one.reason,
        sha256: one.sha256,
        made_by: one.made_by,
        made_at: one.made_at,
    };
    diesel::insert_into(clearance_overrides::table).values(&row).execute(conn)?;
    Ok(())
}

/// All decisions about a report, in the order in which they were made.
pub fn all(conn: &mut Conn, report: ReportId) -> Result<Vec<Override>, Problem> {
    let rows = clearance_overrides::table
        .filter(clearance_overrides::report_id.eq(report))
        .order(clearance_overrides::id)
        .load::<Row>(conn)?;
    Ok(rows.into_iter().map(Override::from).collect())
}

/// What an account decided.
pub fn made_by(conn: &mut Conn, account: AccountId) -> Result<Vec<Override>, Problem> {
    let rows = clearance_overrides::table
        .filter(clearance_overrides::made_by.eq(account))
        .order(clearance_overrides::id)
        .load::<Row>(conn)?;
    Ok(rows.into_iter().map(Override::from).collect())
}

/// Decisions of an account become those of another one, or nobody's.
pub fn hand_over(conn: &mut Conn, from: AccountId, into: Option<AccountId>) -> Result<(), Problem> {
    let made = clearance_overrides::table.filter(clearance_overrides::made_by.eq(from));
    diesel::update(made).set(clearance_overrides::made_by.eq(into)).execute(conn)?;
    Ok(())
}
