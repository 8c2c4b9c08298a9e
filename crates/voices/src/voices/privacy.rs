//! What voices hold about a person: how many receipts they were given in each consultation. What they said by them is theirs to find, by
//! their receipt; nobody here can.

use serde_json::{Value, json};

use super::receipts::service;
use crate::accounts::AccountId;
use crate::problem::Problem;
use crate::registrations;
use crate::work::Work;

/// Everything that is held.
pub fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    let mut given = Vec::new();
    for registration in registrations::service::all_of_person(work, account)? {
        let id = registration.consultation_id;
        let receipts = service::given_to(work, id, registration.id)?;
        if receipts > 0 {
            given.push(json!({ "consultation_id": id, "receipts": receipts }));
        }
    }
    Ok(json!({ "receipts_given": given }))
}

/// Forgets that they were given any. That their address was stays known, by a keyed hash, until the report is published.
pub fn erase(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    for registration in registrations::service::all_of_person(work, account)? {
        service::forget(work, registration.consultation_id, registration.id)?;
    }
    Ok(())
}
