//! What calendars hold about a person: that they have a secret address, and since when.

use serde_json::{Value, json};

use super::{service, store};
use crate::accounts::AccountId;
use crate::problem::Problem;
use crate::work::Work;

/// Everything that is held.
pub fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    let since = store::created_at(work.conn, account)?;
    Ok(json!({ "calendar_feed": since.map(|since| json!({ "created_at": since })) }))
}

/// Forgets it.
pub fn erase(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    service::end_feed(work, account)
}
