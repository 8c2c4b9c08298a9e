//! SQL of what happened to inputs.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{Before, Event, InputEventKind};
use crate::accounts::AccountId;
use crate::db::Conn;
use crate::db::schema::input_events;
use crate::db::types::Json;
use crate::events::AccountsMerged;
use crate::inputs::{BatchId, InputId};
use crate::insert_rows;
use crate::problem::Problem;

#[derive(Queryable, Insertable)]
#[diesel(table_name = input_events, treat_none_as_default_value = false)]
struct Row {
    input_id: InputId,
    version: i64,
    kind: InputEventKind,
    actor_id: Option<AccountId>,
    on_day: Option<NaiveDate>,
    batch_id: Option<BatchId>,
    before: Json<Before>,
}

impl From<Event> for Row {
    fn from(event: Event) -> Self {
        Self {
            input_id: event.input_id,
            version: event.version,
            kind: event.kind,
            actor_id: event.actor,
            on_day: event.on_day,
            batch_id: event.batch,
            before: Json(event.before),
        }
    }
}

impl From<Row> for Event {
    fn from(row: Row) -> Self {
        Self {
            input_id: row.input_id,
            version: row.version,
            kind: row.kind,
            actor: row.actor_id,
            on_day: row.on_day,
            batch: row.batch_id,
            before: row.before.0,
        }
    }
}

/// Notes steps.
pub fn insert_many(conn: &mut Conn, events: Vec<Event>) -> Result<(), Problem> {
    let rows: Vec<Row> = events.into_iter().map(Row::from).collect();
    Ok(insert_rows!(conn, input_events::table, &rows)?)
}

/// Notes a step.
pub fn insert(conn: &mut Conn, event: Event) -> Result<(), Problem> {
    diesel::insert_into(input_events::table).values(&Row::from(event)).execute(conn)?;
    Ok(())
}

/// The steps of an input, the first one first.
pub fn of_input(conn: &mut Conn, id: InputId) -> Result<Vec<Event>, Problem> {
    let rows = input_events::table
        .filter(input_events::input_id.eq(id))
        .order(input_events::version)
        .load::<Row>(conn)?;
    Ok(rows.into_iter().map(Event::from).collect())
}

/// The steps that were taken together.
pub fn of_batch(conn: &mut Conn, batch: BatchId) -> Result<Vec<Event>, Problem> {
    let rows = input_events::table
        .filter(input_events::batch_id.eq(batch))
        .order((input_events::input_id, input_events::version))
        .load::<Row>(conn)?;
    Ok(rows.into_iter().map(Event::from).collect())
}

/// The steps of an input go with it.
pub fn delete(conn: &mut Conn, id: InputId) -> Result<(), Problem> {
    let own = input_events::table.filter(input_events::input_id.eq(id));
    diesel::delete(own).execute(conn)?;
    Ok(())
}

/// Questions and notes of earlier steps go: they may repeat what was taken back.
pub fn forget_words(conn: &mut Conn, id: InputId) -> Result<(), Problem> {
    for event in of_input(conn, id)? {
        let before = Before { question: None, note: None, ..event.before };
        diesel::update(input_events::table.find((id, event.version)))
            .set(input_events::before.eq(Json(before)))
            .execute(conn)?;
    }
    Ok(())
}

/// Steps of an account become nobody's.
pub fn forget_actor(conn: &mut Conn, account: AccountId) -> Result<(), Problem> {
    let own = input_events::table.filter(input_events::actor_id.eq(account));
    diesel::update(own).set(input_events::actor_id.eq(None::<AccountId>)).execute(conn)?;
    Ok(())
}

/// Steps of one account were those of the other: both are the same person.
pub fn account_merged(conn: &mut Conn, merged: AccountsMerged) -> Result<(), Problem> {
    let AccountsMerged { from, into } = merged;
    let own = input_events::table.filter(input_events::actor_id.eq(from));
    diesel::update(own).set(input_events::actor_id.eq(Some(into))).execute(conn)?;
    Ok(())
}
