//! What announcements hold about a person: that they wrote one. What they said was said to everybody and stays.

use serde_json::{Value, json};

use super::store;
use crate::accounts::AccountId;
use crate::problem::Problem;
use crate::work::Work;

/// Everything that is held.
pub(super) fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    let written = store::of_account(work.conn, account)?;
    let one = |(id, consultation, due_at)| json!({ "id": id, "consultation_id": consultation, "due_at": due_at });
    Ok(json!({ "announcements_written": written.into_iter().map(one).collect::<Vec<Value>>() }))
}
