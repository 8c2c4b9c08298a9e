//! What groups hold about a person: where they were placed, by their registration. Nothing has to be forgotten: a
//! registration without a person names nobody.

use serde_json::{Value, json};

use super::store;
use crate::accounts::AccountId;
use crate::problem::Problem;
use crate::registrations;
use crate::work::Work;

/// Everything that is held.
pub fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    let mut assignments = Vec::new();
    for registration in registrations::service::all_of_person(work, account)? {
        for one in store::of_registration(work.conn, registration.id)? {
            assignments.push(json!({
                "registration_id": registration.id, "consultation_id": registration.consultation_id,
                "round_id": one.round_id, "working_group_id": one.working_group_id,
            }));
        }
    }
    Ok(json!({ "assignments": assignments }))
}
