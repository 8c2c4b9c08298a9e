//! What voices hold about a person: what they contributed, for themselves alone; and how the link to them ends.
//!
//! What was said stays: reports rest on it, and it was given to be used without a name. The seal is not broken: the person's
//! pseudonym is replaced by one that no key makes, so that nothing leads back and the number of voices behind a paragraph
//! stays true.

use serde_json::{Value, json};

use super::attribution;
use crate::accounts::AccountId;
use crate::inputs::reading;
use crate::problem::Problem;
use crate::work::Work;

/// Everything that the person contributed, to be asked by and for that person only.
pub fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    let ids = attribution::own(work, account)?;
    let mut inputs = Vec::with_capacity(ids.len());
    for (_, input) in reading::by_ids(work.conn, &ids)? {
        let capacity = attribution::own_capacity(work, input.consultation_id, account, input.id)?;
        inputs.push(json!({
            "id": input.id, "consultation_id": input.consultation_id, "origin": input.origin, "capacity": capacity,
            "working_group_id": input.working_group_id, "round_id": input.round_id, "session_id": input.session_id,
            "objectives": input.objectives, "category_id": input.category_id, "body": input.body,
            "language": input.language, "translation": input.translation, "citations": input.citations,
            "addressees": input.addressees, "care": input.care, "state": input.state,
            "question": input.question, "reason_code": input.reason_code, "note": input.note,
            "submitted_on": input.submitted_on,
        }));
    }
    Ok(json!({ "inputs": inputs }))
}

/// Ends the link; the voice stays one voice.
pub fn erase(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    attribution::sever(work, account)
}
