//! What inputs hold about a person: what they did as one of the team, and the filters they saved. What they contributed is held of
//! nobody: their receipt finds it, and the server does not.

use serde_json::{Value, json};

use super::triage::claims;
use super::{filter, history, store, wishes};
use crate::accounts::AccountId;
use crate::problem::Problem;
use crate::work::Work;

/// Everything that is held.
pub fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    let filters = filter::store::all_of(work.conn, account)?;
    Ok(json!({ "saved_filters": filters }))
}

/// Forgets who of the team did what.
pub fn erase(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    history::store::forget_actor(work.conn, account)?;
    claims::delete_of(work.conn, account)?;
    store::forget_reader(work.conn, account)?;
    wishes::store::forget_account(work.conn, account)?;
    filter::store::delete_of(work.conn, account)
}
