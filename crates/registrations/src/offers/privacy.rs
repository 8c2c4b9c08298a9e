//! What offers to co-organize hold about a person: that they made them for their organization, and why.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::OfferState;
use crate::accounts::{self, AccountId};
use crate::correspondence;
use crate::db::schema::co_organizing_offers;
use crate::db::types::{Id, Timestamp};
use crate::problem::Problem;
use crate::work::Work;

/// Everything that is held.
pub fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    type Row = (
        Id<()>,
        Id<()>,
        Id<()>,
        String,
        String,
        OfferState,
        Option<String>,
        Option<Timestamp>,
        Timestamp,
    );
    let rows: Vec<Row> = co_organizing_offers::table
        .filter(co_organizing_offers::account_id.eq(account))
        .order(co_organizing_offers::id)
        .select((
            co_organizing_offers::id,
            co_organizing_offers::consultation_id,
            co_organizing_offers::organization_id,
            co_organizing_offers::kind,
            co_organizing_offers::motivation,
            co_organizing_offers::state,
            co_organizing_offers::note,
            co_organizing_offers::decided_at,
            co_organizing_offers::created_at,
        ))
        .load(work.conn)?;
    let row = |(
        id,
        consultation,
        organization,
        kind,
        motivation,
        state,
        note,
        decided_at,
        created_at,
    ): Row| {
        json!({
            "id": id, "consultation_id": consultation, "organization_id": organization, "kind": kind,
            "motivation": motivation, "state": state, "note": note, "decided_at": decided_at,
            "created_at": created_at,
        })
    };
    Ok(json!({ "co_organizing_offers": rows.into_iter().map(row).collect::<Vec<Value>>() }))
}

/// Takes open ones back and forgets the words; that the organization offered stays.
pub fn erase(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    let theirs = co_organizing_offers::table.filter(co_organizing_offers::account_id.eq(account));
    let ids: Vec<Id<()>> = theirs.select(co_organizing_offers::id).load(work.conn)?;
    for id in ids {
        correspondence::privacy::forget_about(work, id)?;
    }
    let theirs = co_organizing_offers::table.filter(co_organizing_offers::account_id.eq(account));
    diesel::update(theirs.filter(co_organizing_offers::state.eq(OfferState::Submitted)))
        .set(co_organizing_offers::state.eq(OfferState::Withdrawn))
        .execute(work.conn)?;
    diesel::update(
        co_organizing_offers::table.filter(co_organizing_offers::account_id.eq(account)),
    )
    .set((
        co_organizing_offers::motivation.eq(accounts::privacy::ERASED_NAME),
        co_organizing_offers::note.eq(None::<String>),
        co_organizing_offers::version.eq(co_organizing_offers::version + 1),
        co_organizing_offers::updated_at.eq(work.now),
    ))
    .execute(work.conn)?;
    Ok(())
}
