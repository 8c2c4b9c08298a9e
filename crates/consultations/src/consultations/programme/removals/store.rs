//! SQL of what was removed from programmes, and nothing else. Rows are added and never taken away.

use diesel::prelude::*;

use super::{Removal, RemovedKind};
use crate::consultations::ConsultationId;
use crate::db::Conn;
use crate::db::schema::programme_removals;
use crate::db::types::{Id, Timestamp};
use crate::problem::Problem;

#[derive(Queryable, Insertable)]
#[diesel(table_name = programme_removals, treat_none_as_default_value = false)]
struct Row {
    id: Id<Removal>,
    consultation_id: ConsultationId,
    kind: RemovedKind,
    version: i64,
    title: Option<String>,
    starts_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
    removed_at: Timestamp,
}

impl From<Row> for Removal {
    fn from(row: Row) -> Self {
        let Row { id, consultation_id, kind, version, title, starts_at, ends_at, removed_at } = row;
        Self { id, consultation_id, kind, version, title, starts_at, ends_at, removed_at }
    }
}

/// Notes it.
pub fn insert(conn: &mut Conn, removal: Removal) -> Result<(), Problem> {
    let Removal { id, consultation_id, kind, version, title, starts_at, ends_at, removed_at } =
        removal;
    let row = Row { id, consultation_id, kind, version, title, starts_at, ends_at, removed_at };
    diesel::insert_into(programme_removals::table).values(&row).execute(conn)?;
    Ok(())
}

/// All of a consultation, by id.
pub fn of_consultation(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<Vec<Removal>, Problem> {
    let rows: Vec<Row> = programme_removals::table
        .filter(programme_removals::consultation_id.eq(consultation))
        .order(programme_removals::id)
        .load(conn)?;
    Ok(rows.into_iter().map(Removal::from).collect())
}
