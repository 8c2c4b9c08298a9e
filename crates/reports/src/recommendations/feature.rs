//! What the rest of the program knows of the register of recommendations.

use serde_json::{Value, json};

use super::{enrolling, http, personal, store};
use crate::accounts::AccountId;
use crate::events::AccountsMerged;
use crate::problem::Problem;
use crate::registry::{Feature, Moved, Reaction, Reacts};
use crate::reports::publishing::EditionPublished;
use crate::work::Work;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    on_event: &[
        Reaction::to::<EditionPublished, Register>(),
        Reaction::to::<AccountsMerged, Register>(),
    ],
    personal: personal::FIELDS,
    data_of: Some(data_of),
    erase: Some((86, |work, account| store::hand_over(work.conn, account, None))),
    ..Feature::named("recommendations")
};

struct Register;

impl Reacts<EditionPublished> for Register {
    fn react(work: &mut Work, event: &EditionPublished) -> Result<Moved, Problem> {
        enrolling::enter(work, &event.report, &event.edition)?;
        Ok(Moved::new())
    }
}

impl Reacts<AccountsMerged> for Register {
    /// What one of the team confirmed and noted, the other did.
    fn react(work: &mut Work, event: &AccountsMerged) -> Result<Moved, Problem> {
        store::account_merged(work.conn, *event)?;
        Ok(Moved::new())
    }
}

/// What somebody of the team confirmed and noted.
fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    let confirmed = store::confirmed_by(work.conn, account)?.into_iter();
    let confirmed: Vec<Value> =
        confirmed.map(|(id, at)| json!({ "recommendation_id": id, "at": at })).collect();
    let noted = store::noted_by(work.conn, account)?.into_iter();
    let noted: Vec<Value> =
        noted.map(|one| json!({ "id": one.id, "text": one.text, "at": one.made_at })).collect();
    Ok(json!({ "recommendations_confirmed": confirmed, "follow_ups": noted }))
}
