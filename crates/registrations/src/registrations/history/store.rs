//! The table of what became of registrations. SQL and nothing else.

use diesel::prelude::*;

use super::{DoneBy, Event, EventId, EventKind};
use crate::accounts::AccountId;
use crate::db::schema::registration_events;
use crate::db::types::Timestamp;
use crate::db::{Conn, Insertion, keyset};
use crate::events::AccountsMerged;
use crate::http::page::Paging;
use crate::insert_rows;
use crate::problem::Problem;
use crate::registrations::places::room::Lacking;
use crate::registrations::{ReasonCode, RegistrationId, RegistrationState};

/// Rows of one statement at most.
const CHUNK: usize = 500;

#[derive(Queryable, Insertable)]
#[diesel(table_name = registration_events, treat_none_as_default_value = false)]
struct Row {
    id: EventId,
    registration_id: RegistrationId,
    kind: EventKind,
    state: RegistrationState,
    done_by: DoneBy,
    account_id: Option<AccountId>,
    reason_code: Option<ReasonCode>,
    note: Option<String>,
    waiting_number: Option<i64>,
    accept_by: Option<Timestamp>,
    lacking: Option<Lacking>,
    at: Timestamp,
}

impl From<Event> for Row {
    fn from(one: Event) -> Self {
        Self {
            id: one.id,
            registration_id: one.registration_id,
            kind: one.kind,
            state: one.state,
            done_by: one.done_by,
            account_id: one.account_id,
            reason_code: one.reason_code,
            note: one.note,
            waiting_number: one.waiting_number,
            accept_by: one.accept_by,
            lacking: one.lacking,
            at: one.at,
        }
    }
}

impl From<Row> for Event {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            registration_id: row.registration_id,
            kind: row.kind,
            state: row.state,
            done_by: row.done_by,
            account_id: row.account_id,
            reason_code: row.reason_code,
            note: row.note,
            waiting_number: row.waiting_number,
            accept_by: row.accept_by,
            lacking: row.lacking,
            at: row.at,
        }
    }
}

/// Events to be written.
pub fn insertions(events: Vec<Event>) -> impl Iterator<Item = Insertion> {
    let row = |event| diesel::insert_into(registration_events::table).values(Row::from(event));
    events.into_iter().map(move |event| Insertion::of(row(event)))
}

/// Writes events.
pub fn insert(conn: &mut Conn, events: Vec<Event>) -> Result<(), Problem> {
    let rows: Vec<Row> = events.into_iter().map(Row::from).collect();
    Ok(insert_rows!(conn, registration_events::table, &rows)?)
}

/// A part of the events of a registration, the oldest first.
pub fn list(
    conn: &mut Conn,
    registration: RegistrationId,
    paging: &Paging,
) -> Result<Vec<Event>, Problem> {
    let all = registration_events::table
        .filter(registration_events::registration_id.eq(registration))
        .into_boxed();
    let order = (registration_events::at, registration_events::id);
    let after = paging.after_two::<Timestamp, EventId>()?;
    let rows: Vec<Row> = keyset::after(all, order, after, paging.load()).load(conn)?;
    Ok(rows.into_iter().map(Event::from).collect())
}

/// All events of a registration, the oldest first.
pub fn all(conn: &mut Conn, registration: RegistrationId) -> Result<Vec<Event>, Problem> {
    let order = (registration_events::at, registration_events::id);
    let rows: Vec<Row> = registration_events::table
        .filter(registration_events::registration_id.eq(registration))
        .order(order)
        .load(conn)?;
    Ok(rows.into_iter().map(Event::from).collect())
}

/// Those of the registrations to which this has happened, each as often as it has.
pub fn with(
    conn: &mut Conn,
    registrations: &[RegistrationId],
    kind: EventKind,
) -> Result<Vec<RegistrationId>, Problem> {
    let mut found = Vec::new();
    for chunk in registrations.chunks(CHUNK) {
        let part: Vec<RegistrationId> = registration_events::table
            .filter(registration_events::registration_id.eq_any(chunk))
            .filter(registration_events::kind.eq(kind))
            .select(registration_events::registration_id)
            .load(conn)?;
        found.extend(part);
    }
    Ok(found)
}

/// Forgets what was written to the person with each step.
pub fn forget_notes(conn: &mut Conn, registration: RegistrationId) -> Result<(), Problem> {
    let own = registration_events::registration_id.eq(registration);
    diesel::update(registration_events::table.filter(own))
        .set(registration_events::note.eq(None::<String>))
        .execute(conn)?;
    Ok(())
}

/// Names another account where this one took steps.
pub fn move_account(conn: &mut Conn, merged: AccountsMerged) -> Result<(), Problem> {
    let AccountsMerged { from, into } = merged;
    let own = registration_events::account_id.eq(from);
    diesel::update(registration_events::table.filter(own))
        .set(registration_events::account_id.eq(into))
        .execute(conn)?;
    Ok(())
}
