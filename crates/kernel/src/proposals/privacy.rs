//! What proposals hold about a person, and how they forget it: that there was somebody stays, as an id that leads to nobody.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::{Act, ProposalId, ProposalState};
use crate::db::schema::{proposal_notices, proposals, staff_seats};
use crate::db::types::{Id, Timestamp};
use crate::problem::Problem;
use crate::vocabulary::AccountId;
use crate::work::Work;

/// Everything that is held.
pub(super) fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    type Row = (ProposalId, Act, ProposalState, Timestamp, Option<Timestamp>, Option<String>);
    let columns = (
        proposals::id,
        proposals::act,
        proposals::state,
        proposals::proposed_at,
        proposals::decided_at,
        proposals::note,
    );
    let made: Vec<Row> = proposals::table
        .filter(proposals::proposed_by.eq(account))
        .order(proposals::id)
        .select(columns)
        .load(work.conn)?;
    let decided: Vec<Row> = proposals::table
        .filter(proposals::decided_by.eq(account))
        .filter(proposals::proposed_by.ne(account))
        .order(proposals::id)
        .select(columns)
        .load(work.conn)?;
    let about: Vec<Row> = proposals::table
        .filter(proposals::about_id.eq(account))
        .order(proposals::id)
        .select(columns)
        .load(work.conn)?;
    let told: Vec<ProposalId> = proposal_notices::table
        .filter(proposal_notices::account_id.eq(account))
        .order(proposal_notices::proposal_id)
        .select(proposal_notices::proposal_id)
        .load(work.conn)?;
    let seats: Vec<(Id<()>, Timestamp, Option<Timestamp>)> = staff_seats::table
        .filter(staff_seats::account_id.eq(account))
        .order(staff_seats::scope_id)
        .select((staff_seats::scope_id, staff_seats::since, staff_seats::until))
        .load(work.conn)?;
    let row = |(id, act, state, proposed_at, decided_at, note): Row| {
        json!({
            "id": id, "act": act, "state": state, "proposed_at": proposed_at, "decided_at": decided_at, "note": note,
        })
    };
    // Why somebody else rejected it is theirs to tell.
    let other = |(id, act, state, proposed_at, decided_at, _): Row| {
        row((id, act, state, proposed_at, decided_at, None))
    };
    let seat = |(scope_id, since, until): (Id<()>, Timestamp, Option<Timestamp>)| json!({ "scope_id": scope_id, "since": since, "until": until });
    Ok(json!({
        "proposals_made": made.into_iter().map(other).collect::<Vec<Value>>(),
        "proposals_decided": decided.into_iter().map(row).collect::<Vec<Value>>(),
        "proposals_about_you": about.into_iter().map(other).collect::<Vec<Value>>(),
        "proposals_told": told,
        "staff_seats": seats.into_iter().map(seat).collect::<Vec<Value>>(),
    }))
}

/// Takes back what waits, and forgets what they wrote and were told.
pub(super) fn erase(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    diesel::update(
        proposals::table
            .filter(proposals::proposed_by.eq(account))
            .filter(proposals::state.eq(ProposalState::Waiting)),
    )
    .set((proposals::state.eq(ProposalState::TakenBack), proposals::decided_at.eq(Some(work.now))))
    .execute(work.conn)?;
    diesel::update(proposals::table.filter(proposals::decided_by.eq(account)))
        .set(proposals::note.eq(None::<String>))
        .execute(work.conn)?;
    diesel::delete(proposal_notices::table.filter(proposal_notices::account_id.eq(account)))
        .execute(work.conn)?;
    Ok(())
}
