//! What reports hold about a person: what they did as one of the team. Of who contributed they hold nothing.

use serde_json::{Value, json};

use super::history;
use crate::accounts::AccountId;
use crate::problem::Problem;
use crate::work::Work;

/// Everything that is held.
pub(super) fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    let steps = history::store::taken_by(work.conn, account)?;
    let step = |(report, kind, at)| json!({ "report_id": report, "kind": kind, "at": at });
    Ok(json!({ "draft_steps": steps.into_iter().map(step).collect::<Vec<Value>>() }))
}

/// What they drafted stays, as nobody's.
pub(super) fn erase(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    history::store::forget_account(work.conn, account)
}
