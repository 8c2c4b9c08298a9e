//! What the merging of accounts holds about a person, and how it forgets it.

use serde_json::{Value, json};

use super::store;
use crate::accounts::AccountId;
use crate::problem::Problem;
use crate::work::Work;

/// Everything that is held.
pub(super) fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    let asked = store::of_account(work.conn, account)?;
    let one =
        |(proposal, consented_at)| json!({ "proposal_id": proposal, "consented_at": consented_at });
    Ok(json!({ "merge_consents": asked.into_iter().map(one).collect::<Vec<Value>>() }))
}

/// Forgets what they were asked.
pub(super) fn erase(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    store::forget(work.conn, account)
}
