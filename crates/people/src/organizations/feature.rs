//! What the rest of the program knows of organizations.

use super::{http, personal, privacy, vetting};
use crate::events::AccountsMerged;
use crate::problem::Problem;
use crate::registry::{Feature, Moved, Reaction, Reacts};
use crate::work::Work;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    on_event: &[Reaction::to::<AccountsMerged, Organizations>()],
    personal: personal::FIELDS,
    data_of: Some(privacy::data_of),
    erase: Some((50, privacy::erase)),
    ..Feature::named("organizations")
};

struct Organizations;

impl Reacts<AccountsMerged> for Organizations {
    fn react(work: &mut Work, event: &AccountsMerged) -> Result<Moved, Problem> {
        vetting::service::account_merged(work, *event)?;
        Ok(Moved::new())
    }
}
