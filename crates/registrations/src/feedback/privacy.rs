//! What feedback holds about a person: that they have given it. What they said is in no row of theirs.

use serde_json::{Value, json};

use super::store;
use crate::accounts::AccountId;
use crate::problem::Problem;
use crate::registrations;
use crate::work::Work;

/// Everything that is held.
pub(super) fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    let mut given = Vec::new();
    for registration in registrations::service::all_of_person(work, account)? {
        if store::is_given(work.conn, registration.id)? {
            given.push(registration.id);
        }
    }
    Ok(json!({ "feedback_given": given }))
}
