//! What is held about a person who wants no more mail: of the consultations in which they are registered, that they said so. It is found
//! by their address alone, and by nobody once they are erased.

use serde_json::{Value, json};

use super::{Unwanted, service};
use crate::accounts::{self, AccountId};
use crate::consultations;
use crate::problem::Problem;
use crate::registrations;
use crate::work::Work;

/// Everything that is held.
pub(super) fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    let email = accounts::privacy::address_of(work, account)?;
    let mut said = Vec::new();
    for registration in registrations::service::all_of_person(work, account)? {
        let consultation = consultations::service::load(work, registration.consultation_id)?;
        for what in service::unwanted(work, &consultation, &email)? {
            said.push(match what {
                Unwanted::Consultation => json!({ "consultation_id": consultation.id }),
                Unwanted::Review => json!({ "review_id": consultation.review_id }),
            });
        }
    }
    Ok(json!({ "unwanted_mail": said }))
}
