//! What inputs hold about a person: what they contributed, for themselves alone; and how the link to them ends.
//!
//! What was said stays: reports rest on it, and it was given to be used without a name. The seal is not broken and not left
//! either. It is turned to an account that was made for this and is linked to nothing ([`accounts::privacy::nobody`]): were it
//! left on the tombstone, that row's registration would still tell sector, country and organization of who said it; were it
//! taken away, the number of voices behind a paragraph would fall, and a report say "a participant" of several.

use serde_json::{Value, json};

use super::{attribution, store};
use crate::accounts::{self, AccountId};
use crate::problem::Problem;
use crate::work::Work;

/// Everything that the person contributed, to be asked by and for that person only.
pub fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    let ids = attribution::own(work.conn, account)?;
    let mut inputs = Vec::with_capacity(ids.len());
    for (_, input) in store::by_ids(work.conn, &ids)? {
        let (_, capacity) = attribution::open(work.conn, input.id)?;
        inputs.push(json!({
            "id": input.id, "consultation_id": input.consultation_id, "origin": input.origin, "capacity": capacity,
            "working_group_id": input.working_group_id, "round_id": input.round_id,
            "objectives": input.objectives, "category_id": input.category_id, "body": input.body,
            "language": input.language, "citations": input.citations, "state": input.state,
            "question": input.question, "reason": input.reason, "submitted_on": input.submitted_on,
        }));
    }
    Ok(json!({ "inputs": inputs }))
}

/// Ends the link; the voice stays one voice.
pub fn erase(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    if attribution::own(work.conn, account)?.is_empty() {
        return Ok(());
    }
    let nobody = accounts::privacy::nobody(work)?;
    attribution::account_merged(work.conn, account, nobody)
}
