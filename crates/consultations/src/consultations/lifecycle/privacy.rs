//! What steps hold about a person: that they took them, as one of the team.

use serde_json::{Value, json};

use super::store;
use crate::accounts::AccountId;
use crate::problem::Problem;
use crate::work::Work;

/// Everything that is held.
pub fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    Ok(json!({ "steps_taken": store::count_of(work.conn, account)? }))
}

/// Forgets who took them.
pub fn erase(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    store::forget_actor(work.conn, account)
}
