//! SQL of findings that may pass.

use diesel::prelude::*;

use super::Waiver;
use crate::accounts::AccountId;
use crate::db::Conn;
use crate::db::schema::{check_waivers, withdrawn_words};
use crate::db::types::{Id, Timestamp};
use crate::events::AccountsMerged;
use crate::problem::Problem;
use crate::reports::ReportId;

#[derive(Queryable, Insertable)]
#[diesel(table_name = check_waivers, treat_none_as_default_value = false)]
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

/// Keeps words of a draft that were those of something that is taken back.
pub fn insert_withdrawn(
    conn: &mut Conn,
    id: Id<()>,
    report: ReportId,
    words: &str,
) -> Result<(), Problem> {
    let row = (
        withdrawn_words::id.eq(id),
        withdrawn_words::report_id.eq(report),
        withdrawn_words::words.eq(words),
    );
    diesel::insert_into(withdrawn_words::table).values(row).execute(conn)?;
    Ok(())
}

/// Words that no paragraph of a report repeats.
pub fn withdrawn(conn: &mut Conn, report: ReportId) -> Result<Vec<String>, Problem> {
    let own = withdrawn_words::table.filter(withdrawn_words::report_id.eq(report));
    Ok(own.order(withdrawn_words::id).select(withdrawn_words::words).load(conn)?)
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
