//! What jobs hold about a person: those that they started, with what they worked on. A file that others have uploaded is
//! deleted when its job ends, within minutes, and cannot be searched before; once an import is decided, whoever brings it in
//! takes people out.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::{Failure, JobId, JobKind, JobState, store};
use crate::db::schema::jobs;
use crate::db::types::{Json, Timestamp};
use crate::problem::Problem;
use crate::vocabulary::AccountId;
use crate::work::Work;

/// Everything that is held.
pub fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    type Row = (
        JobId,
        JobKind,
        JobState,
        Json<Value>,
        Option<Json<Value>>,
        Option<Json<Failure>>,
        Timestamp,
        Option<Timestamp>,
    );
    let rows: Vec<Row> = jobs::table
        .filter(jobs::account_id.eq(account))
        .order(jobs::id)
        .select((
            jobs::id,
            jobs::kind,
            jobs::state,
            jobs::params,
            jobs::result,
            jobs::problem,
            jobs::created_at,
            jobs::ended_at,
        ))
        .load(work.conn)?;
    let row = |(id, kind, state, params, result, problem, created_at, ended_at): Row| {
        json!({
            "id": id, "kind": kind, "state": state, "params": params.0,
            "result": result.map(|result| result.0), "problem": problem.map(|problem| problem.0),
            "created_at": created_at, "ended_at": ended_at,
        })
    };
    Ok(json!({ "jobs": rows.into_iter().map(row).collect::<Vec<Value>>() }))
}

/// Stops those that run, and forgets what they worked on and found. An import that was decided comes to its end: it is about others.
pub fn erase(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    let theirs: Vec<(JobId, JobState)> = jobs::table
        .filter(jobs::account_id.eq(account))
        .select((jobs::id, jobs::state))
        .load(work.conn)?;
    let decided = store::under_way(work.conn)?;
    for (id, state) in theirs {
        diesel::update(jobs::table.find(id))
            .set((
                jobs::params.eq(Json(json!({}))),
                jobs::message.eq(None::<String>),
                jobs::result.eq(None::<Json<Value>>),
                jobs::problem.eq(None::<Json<Value>>),
            ))
            .execute(work.conn)?;
        if decided.iter().any(|one| one.job == id) {
            continue;
        }
        if !state.has_ended() {
            store::cancel(work.conn, id, work.now)?;
        }
        store::forget_payload(work.conn, id)?;
        diesel::update(jobs::table.find(id))
            .set(jobs::place.eq(None::<Json<Value>>))
            .execute(work.conn)?;
    }
    Ok(())
}
