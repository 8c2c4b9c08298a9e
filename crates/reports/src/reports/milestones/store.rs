//! SQL of milestones.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::{Frozen, Milestone};
use crate::accounts::AccountId;
use crate::db::schema::report_milestones;
use crate::db::types::{Json, Timestamp};
use crate::db::{Conn, keyset};
use crate::events::AccountsMerged;
use crate::http::page::Paging;
use crate::problem::Problem;
use crate::reports::ReportId;
use crate::vocabulary::MilestoneId;

#[derive(Queryable, Insertable)]
#[diesel(table_name = report_milestones, treat_none_as_default_value = false)]
struct Row {
    id: MilestoneId,
    report_id: ReportId,
    number: i32,
    name: String,
    document: Option<String>,
    sha256: String,
    frozen: Json<Frozen>,
    report_version: i64,
    set_by: Option<AccountId>,
    set_at: Timestamp,
}

impl From<Row> for Milestone {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            report_id: row.report_id,
            number: row.number,
            name: row.name,
            document: row.document,
            names_left_out: row.frozen.0.left_out,
            sha256: row.sha256,
            frozen: row.frozen.0,
            report_version: row.report_version,
            set_by: row.set_by,
            set_at: row.set_at,
        }
    }
}

/// Stores a new milestone.
pub fn insert(conn: &mut Conn, milestone: &Milestone) -> Result<(), Problem> {
    let milestone = milestone.clone();
    let row = Row {
        id: milestone.id,
        report_id: milestone.report_id,
        number: milestone.number,
        name: milestone.name,
        document: milestone.document,
        sha256: milestone.sha256,
        frozen: Json(milestone.frozen),
        report_version: milestone.report_version,
        set_by: milestone.set_by,
        set_at: milestone.set_at,
    };
    diesel::insert_into(report_milestones::table).values(&row).execute(conn)?;
    Ok(())
}

/// How many milestones a report has.
pub fn count(conn: &mut Conn, report: ReportId) -> Result<i64, Problem> {
    let own = report_milestones::table.filter(report_milestones::report_id.eq(report));
    Ok(own.select(count_star()).first(conn)?)
}

/// The milestone, or 404.
pub fn milestone(conn: &mut Conn, id: MilestoneId) -> Result<Milestone, Problem> {
    let row = report_milestones::table.find(id).first::<Row>(conn).optional()?;
    row.map(Milestone::from).ok_or_else(|| Problem::not_found("milestone"))
}

/// The milestone of that number, or 404.
pub fn numbered(conn: &mut Conn, report: ReportId, number: i32) -> Result<Milestone, Problem> {
    let row = report_milestones::table
        .filter(report_milestones::report_id.eq(report))
        .filter(report_milestones::number.eq(number))
        .first::<Row>(conn)
        .optional()?;
    row.map(Milestone::from).ok_or_else(|| Problem::not_found("milestone"))
}

/// Some of the milestones of a report, by number.
pub fn milestones(
    conn: &mut Conn,
    report: ReportId,
    paging: &Paging,
) -> Result<Vec<Milestone>, Problem> {
    let all = report_milestones::table.filter(report_milestones::report_id.eq(report)).into_boxed();
    let after = paging.after_one::<i32>()?;
    let rows =
        keyset::after(all, (report_milestones::number,), after, paging.load()).load::<Row>(conn)?;
    Ok(rows.into_iter().map(Milestone::from).collect())
}

/// Those that have a document.
pub fn with_document(conn: &mut Conn) -> Result<Vec<MilestoneId>, Problem> {
    Ok(report_milestones::table
        .filter(report_milestones::document.is_not_null())
        .order(report_milestones::id)
        .select(report_milestones::id)
        .load(conn)?)
}

/// Keeps a milestone with names left out.
pub fn leave_out(conn: &mut Conn, milestone: Milestone) -> Result<(), Problem> {
    diesel::update(report_milestones::table.find(milestone.id))
        .set((
            report_milestones::document.eq(milestone.document),
            report_milestones::frozen.eq(Json(milestone.frozen)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Milestones of an account become nobody's.
pub fn forget_account(conn: &mut Conn, account: AccountId) -> Result<(), Problem> {
    let own = report_milestones::table.filter(report_milestones::set_by.eq(account));
    diesel::update(own).set(report_milestones::set_by.eq(None::<AccountId>)).execute(conn)?;
    Ok(())
}

/// Milestones of one account were those of the other: both are the same person.
pub fn account_merged(conn: &mut Conn, merged: AccountsMerged) -> Result<(), Problem> {
    let own = report_milestones::table.filter(report_milestones::set_by.eq(merged.from));
    diesel::update(own).set(report_milestones::set_by.eq(Some(merged.into))).execute(conn)?;
    Ok(())
}
