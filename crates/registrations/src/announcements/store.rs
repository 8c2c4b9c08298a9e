//! The table of announcements. SQL and nothing else.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{Announcement, AnnouncementId, AnnouncementKind, Texts};
use crate::accounts::AccountId;
use crate::consultations::ConsultationId;
use crate::db::schema::announcements;
use crate::db::types::{Json, Timestamp};
use crate::db::{Conn, keyset};
use crate::events::AccountsMerged;
use crate::problem::Problem;

#[derive(Queryable, Insertable)]
#[diesel(table_name = announcements, treat_none_as_default_value = false)]
struct Row {
    id: AnnouncementId,
    consultation_id: ConsultationId,
    kind: AnnouncementKind,
    texts: Json<Texts>,
    made_by: Option<AccountId>,
    due_at: Timestamp,
    sent_at: Option<Timestamp>,
    until: Option<NaiveDate>,
}

impl From<Row> for Announcement {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            consultation_id: row.consultation_id,
            kind: row.kind,
            texts: row.texts.0,
            made_by: row.made_by,
            due_at: row.due_at,
            sent_at: row.sent_at,
            until: row.until,
        }
    }
}

/// Adds an announcement.
pub(super) fn insert(conn: &mut Conn, one: &Announcement) -> Result<(), Problem> {
    let row = Row {
        id: one.id,
        consultation_id: one.consultation_id,
        kind: one.kind,
        texts: Json(one.texts.clone()),
        made_by: one.made_by,
        due_at: one.due_at,
        sent_at: one.sent_at,
        until: one.until,
    };
    diesel::insert_into(announcements::table).values(&row).execute(conn)?;
    Ok(())
}

/// One announcement, or 404.
pub(super) fn load(conn: &mut Conn, id: AnnouncementId) -> Result<Announcement, Problem> {
    let row: Option<Row> = announcements::table.find(id).first(conn).optional()?;
    row.map(Announcement::from).ok_or_else(|| Problem::not_found("announcement"))
}

/// The one that tells of questions at that hour.
pub(super) fn of_questions(
    conn: &mut Conn,
    consultation: ConsultationId,
    due_at: Timestamp,
) -> Result<Option<Announcement>, Problem> {
    let row: Option<Row> = announcements::table
        .filter(announcements::consultation_id.eq(consultation))
        .filter(announcements::kind.eq(AnnouncementKind::QuestionsOpen))
        .filter(announcements::due_at.eq(due_at))
        .first(conn)
        .optional()?;
    Ok(row.map(Announcement::from))
}

/// Those of a consultation in the order in which they go out; all, or what went.
pub(super) fn list(
    conn: &mut Conn,
    consultation: ConsultationId,
    only_sent: bool,
    after: Option<(Timestamp, AnnouncementId)>,
    limit: i64,
) -> Result<Vec<Announcement>, Problem> {
    let mut query =
        announcements::table.filter(announcements::consultation_id.eq(consultation)).into_boxed();
    if only_sent {
        query = query.filter(announcements::sent_at.is_not_null());
    }
    let order = (announcements::due_at, announcements::id);
    let rows: Vec<Row> = keyset::after(query, order, after, limit).load(conn)?;
    Ok(rows.into_iter().map(Announcement::from).collect())
}

/// What is due.
pub(super) fn due(
    conn: &mut Conn,
    now: Timestamp,
) -> Result<Vec<(AnnouncementId, ConsultationId)>, Problem> {
    Ok(announcements::table
        .filter(announcements::sent_at.is_null())
        .filter(announcements::due_at.le(now))
        .order((announcements::due_at, announcements::id))
        .select((announcements::id, announcements::consultation_id))
        .load(conn)?)
}

/// Notes that it went.
pub(super) fn sent(conn: &mut Conn, id: AnnouncementId, at: Timestamp) -> Result<(), Problem> {
    diesel::update(announcements::table.find(id))
        .set(announcements::sent_at.eq(Some(at)))
        .execute(conn)?;
    Ok(())
}

/// Takes one away.
pub(super) fn delete(conn: &mut Conn, id: AnnouncementId) -> Result<(), Problem> {
    diesel::delete(announcements::table.find(id)).execute(conn)?;
    Ok(())
}

/// What one account wrote is the other's from now on.
pub(super) fn account_merged(conn: &mut Conn, merged: AccountsMerged) -> Result<(), Problem> {
    diesel::update(announcements::table.filter(announcements::made_by.eq(merged.from)))
        .set(announcements::made_by.eq(merged.into))
        .execute(conn)?;
    Ok(())
}

/// What somebody wrote: in which consultation, when it was due.
pub(super) fn of_account(
    conn: &mut Conn,
    account: AccountId,
) -> Result<Vec<(AnnouncementId, ConsultationId, Timestamp)>, Problem> {
    Ok(announcements::table
        .filter(announcements::made_by.eq(account))
        .order((announcements::due_at, announcements::id))
        .select((announcements::id, announcements::consultation_id, announcements::due_at))
        .load(conn)?)
}
