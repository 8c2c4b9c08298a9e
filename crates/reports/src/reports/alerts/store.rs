//! SQL of what those who draft were told.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use super::{Alert, Change};
use crate::db::Conn;
use crate::db::schema::{draft_alerts, paragraphs, reports};
use crate::db::types::{Json, Timestamp};
use crate::problem::Problem;
use crate::reports::{ParagraphId, ReportId, ReportState};

/// Ids in one statement: far below what either database can bind.
const CHUNK: usize = 1000;

#[derive(Queryable, Insertable)]
#[diesel(table_name = draft_alerts, treat_none_as_default_value = false)]
struct Row {
    report_id: ReportId,
    told: Json<BTreeSet<Change>>,
    due_at: Option<Timestamp>,
}

/// The reports about which somebody was told something, or will be.
pub fn all(conn: &mut Conn) -> Result<Vec<ReportId>, Problem> {
    Ok(draft_alerts::table.select(draft_alerts::report_id).load(conn)?)
}

/// What was told of a report.
pub fn load(conn: &mut Conn, report: ReportId) -> Result<Alert, Problem> {
    let row: Option<Row> = draft_alerts::table.find(report).first(conn).optional()?;
    let alert = row.map(|row| Alert { told: row.told.0, due_at: row.due_at });
    Ok(alert.unwrap_or_default())
}

/// Keeps what was told of a report; nothing, where there is nothing.
pub fn put(conn: &mut Conn, report: ReportId, alert: &Alert) -> Result<(), Problem> {
    diesel::delete(draft_alerts::table.find(report)).execute(conn)?;
    if *alert != Alert::default() {
        let (told, due_at) = (Json(alert.told.clone()), alert.due_at);
        let row = Row { report_id: report, told, due_at };
        diesel::insert_into(draft_alerts::table).values(&row).execute(conn)?;
    }
    Ok(())
}

/// The reports of these paragraphs, of those that are not published.
pub fn drafts_of(
    conn: &mut Conn,
    of: &[ParagraphId],
) -> Result<HashMap<ParagraphId, ReportId>, Problem> {
    let mut found = HashMap::new();
    for part in of.chunks(CHUNK) {
        let rows: Vec<(ParagraphId, ReportId)> = paragraphs::table
            .inner_join(reports::table.on(reports::id.eq(paragraphs::report_id)))
            .filter(paragraphs::id.eq_any(part))
            .filter(reports::state.ne(ReportState::Published))
            .select((paragraphs::id, paragraphs::report_id))
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}
