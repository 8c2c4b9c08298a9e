//! What inputs hold about a person: what they did as one of the team, and the filters they saved. What they contributed is told and
//! severed by who keeps voices.

use serde_json::{Value, json};

use super::{claims_store, filters_store, history_store, store};
use crate::accounts::AccountId;
use crate::problem::Problem;
use crate::work::Work;

/// Everything that is held.
pub fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    let filters = filters_store::all_of(work.conn, account)?;
    Ok(json!({ "saved_filters": filters }))
}

/// Forgets who of the team did what.
pub fn erase(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    history_store::forget_actor(work.conn, account)?;
    claims_store::delete_of(work.conn, account)?;
    store::forget_reader(work.conn, account)?;
    filters_store::delete_of(work.conn, account)
}
