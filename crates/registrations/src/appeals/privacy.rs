//! What appeals hold about a person: what they objected to, and what they were answered.

use diesel::prelude::*;
use serde_json::{Value, json};

use crate::accounts::{self, AccountId};
use crate::correspondence;
use crate::db::schema::appeals;
use crate::db::types::{Id, Timestamp};
use crate::problem::Problem;
use crate::work::Work;

/// Everything that is held.
pub fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    type Row = (
        Id<()>,
        String,
        Option<Id<()>>,
        Option<Id<()>>,
        String,
        String,
        Option<String>,
        Option<Timestamp>,
        Timestamp,
    );
    let rows: Vec<Row> = appeals::table
        .filter(appeals::account_id.eq(account))
        .order(appeals::id)
        .select((
            appeals::id,
            appeals::kind,
            appeals::registration_id,
            appeals::organization_id,
            appeals::body,
            appeals::state,
            appeals::answer,
            appeals::answered_at,
            appeals::created_at,
        ))
        .load(work.conn)?;
    let row = |(
        id,
        kind,
        registration,
        organization,
        body,
        state,
        answer,
        answered_at,
        created_at,
    ): Row| {
        json!({
            "id": id, "kind": kind, "registration_id": registration, "organization_id": organization,
            "body": body, "state": state, "answer": answer, "answered_at": answered_at, "created_at": created_at,
        })
    };
    Ok(json!({ "appeals": rows.into_iter().map(row).collect::<Vec<Value>>() }))
}

/// Forgets the words on both sides; that there was an appeal, and what came of it, stays.
pub fn erase(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    let theirs = appeals::table.filter(appeals::account_id.eq(account));
    let ids: Vec<Id<()>> = theirs.select(appeals::id).load(work.conn)?;
    for id in ids {
        correspondence::privacy::forget_about(work, id)?;
    }
    diesel::update(appeals::table.filter(appeals::account_id.eq(account)))
        .set((
            appeals::body.eq(accounts::privacy::ERASED_NAME),
            appeals::answer.eq(None::<String>),
            appeals::version.eq(appeals::version + 1),
            appeals::updated_at.eq(work.now),
        ))
        .execute(work.conn)?;
    Ok(())
}
