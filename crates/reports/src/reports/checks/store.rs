//! SQL of findings that may pass.

use diesel::prelude::*;

use super::Waiver;
use crate::accounts::AccountId;
use crate::db::Conn;
use crate::db::schema::check_waivers;
use crate::db::types::Timestamp;
use crate::events::AccountsMerged;
use crate::problem::Problem;
use crate::reports::ReportId;

#[derive(Queryable, Insertable)]
#[diesel(table_name = check_waivers)]
struct Row {
    report_id: ReportId,
    finding: String,
    reason: String,
    waived_by: Option<AccountId>,
    waived_at: Timestamp,
}

impl From<Row> for Waiver {
    fn from(row: Row) -> Self {
        let Row { report_id, finding, reason, waived_by, waived_at } = row;
        Self { report_id, finding, reason, waived_by, waived_at }
    }
}

/// Keeps a waiver, in the place of an earlier one of the same finding.
pub fn put(conn: &mut Conn, waiver: Waiver) -> Result<(), Problem> {
    let Waiver { report_id, finding, reason, waived_by, waived_at } = waiver;
    delete(conn, report_id, &finding)?;
    let row = Row { report_id, finding, reason, waived_by, waived_at };
    diesel::insert_into(check_waivers::table).values(&row).execute(conn)?;
    Ok(())
}

/// Takes a waiver back; whether there was one.
pub fn delete(conn: &mut Conn, report: ReportId, finding: &str) -> Result<bool, Problem> {
    Ok(diesel::delete(check_waivers::table.find((report, finding))).execute(conn)? > 0)
}

/// What may pass in a report, and what might have in an earlier text of it.
pub fn of_report(conn: &mut Conn, report: ReportId) -> Result<Vec<Waiver>, Problem> {
    let own = check_waivers::table.filter(check_waivers::report_id.eq(report));
    let rows: Vec<Row> = own.order(check_waivers::finding).load(conn)?;
    Ok(rows.into_iter().map(Waiver::from).collect())
}

/// What an account let pass, nobody did.
pub fn forget_account(conn: &mut Conn, account: AccountId) -> Result<(), Problem> {
    let own = check_waivers::table.filter(check_waivers::waived_by.eq(account));
    diesel::update(own).set(check_waivers::waived_by.eq(None::<AccountId>)).execute(conn)?;
    Ok(())
}

/// What one account let pass, the other did: both are the same person.
pub fn account_merged(conn: &mut Conn, merged: AccountsMerged) -> Result<(), Problem> {
    let own = check_waivers::table.filter(check_waivers::waived_by.eq(merged.from));
    diesel::update(own).set(check_waivers::waived_by.eq(Some(merged.into))).execute(conn)?;
    Ok(())
}
