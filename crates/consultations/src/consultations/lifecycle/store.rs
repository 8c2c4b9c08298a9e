//! SQL of steps that were taken.

use std::fmt::Display;
use std::str::FromStr;

use diesel::prelude::*;

use super::{Despite, Taken};
use crate::accounts::AccountId;
use crate::db::Conn;
use crate::db::schema::lifecycle_steps;
use crate::db::types::{Json, Timestamp};
use crate::events::AccountsMerged;
use crate::problem::Problem;
use crate::vocabulary::{StepId, ThingId};

#[derive(Queryable, Insertable)]
#[diesel(table_name = lifecycle_steps, treat_none_as_default_value = false)]
struct Row {
    id: StepId,
    subject_id: ThingId,
    from_state: String,
    to_state: String,
    reason: Option<String>,
    despite: Json<Despite>,
    actor_id: Option<AccountId>,
    at: Timestamp,
}

/// Keeps a step.
pub fn insert<S: Display>(
    conn: &mut Conn,
    id: StepId,
    subject: ThingId,
    actor: Option<AccountId>,
    taken: Taken<S>,
) -> Result<(), Problem> {
    let row = Row {
        id,
        subject_id: subject,
        from_state: taken.from.to_string(),
        to_state: taken.to.to_string(),
        reason: taken.reason,
        despite: Json(Despite(taken.despite)),
        actor_id: actor,
        at: taken.at,
    };
    diesel::insert_into(lifecycle_steps::table).values(row).execute(conn)?;
    Ok(())
}

/// The steps of something, the latest first.
pub fn of<S: FromStr<Err = String>>(
    conn: &mut Conn,
    subject: ThingId,
) -> Result<Vec<Taken<S>>, Problem> {
    let rows: Vec<Row> = lifecycle_steps::table
        .filter(lifecycle_steps::subject_id.eq(subject))
        .order((lifecycle_steps::at.desc(), lifecycle_steps::id.desc()))
        .load(conn)?;
    let state = |text: String| text.parse().map_err(Problem::internal);
    let taken = |row: Row| {
        Ok(Taken {
            from: state(row.from_state)?,
            to: state(row.to_state)?,
            reason: row.reason,
            despite: row.despite.0.0,
            at: row.at,
        })
    };
    rows.into_iter().map(taken).collect()
}

/// How many steps an account took.
pub fn count_of(conn: &mut Conn, account: AccountId) -> Result<i64, Problem> {
    let own = lifecycle_steps::table.filter(lifecycle_steps::actor_id.eq(account));
    Ok(own.count().get_result(conn)?)
}

/// Steps of an account become nobody's.
pub fn forget_actor(conn: &mut Conn, account: AccountId) -> Result<(), Problem> {
    let own = lifecycle_steps::table.filter(lifecycle_steps::actor_id.eq(account));
    diesel::update(own).set(lifecycle_steps::actor_id.eq(None::<AccountId>)).execute(conn)?;
    Ok(())
}

/// Steps of one account were those of the other: both are the same person.
pub fn account_merged(conn: &mut Conn, merged: AccountsMerged) -> Result<(), Problem> {
    let own = lifecycle_steps::table.filter(lifecycle_steps::actor_id.eq(merged.from));
    diesel::update(own).set(lifecycle_steps::actor_id.eq(Some(merged.into))).execute(conn)?;
    Ok(())
}
