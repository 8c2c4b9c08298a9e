//! What groups hold about a person: where they were placed, by their registration. Nothing has to be forgotten: a
//! registration without a person names nobody.

use serde_json::{Value, json};

use super::{rules, store};
use crate::accounts::AccountId;
use crate::problem::Problem;
use crate::registrations;
use crate::work::Work;

/// Everything that is held.
pub fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    let (mut assignments, mut rules) = (Vec::new(), Vec::new());
    for registration in registrations::service::all_of_person(work, account)? {
        let own = rules::service::load(work, registration.consultation_id)?;
        let named =
            |sets: &[Vec<_>]| sets.iter().filter(|set| set.contains(&registration.id)).count();
        let pins = own.pins.iter().filter(|pin| pin.registration_id == registration.id);
        // With whom is about the others too, and is not told.
        rules.push(json!({
            "registration_id": registration.id, "consultation_id": registration.consultation_id,
            "pins": pins.map(|pin| json!({ "working_group_id": pin.working_group_id, "round_id": pin.round_id }))
                .collect::<Vec<Value>>(),
            "kept_together_with_others": named(&own.together) > 0,
            "kept_apart_from_others": named(&own.apart) > 0,
        }));
        for one in store::of_registration(work.conn, registration.id)? {
            assignments.push(json!({
                "registration_id": registration.id, "consultation_id": registration.consultation_id,
                "round_id": one.round_id, "working_group_id": one.working_group_id,
            }));
        }
    }
    Ok(json!({ "assignments": assignments, "assignment_rules": rules }))
}
