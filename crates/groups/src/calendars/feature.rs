//! What the rest of the program knows of calendars.

use super::{http, merging, personal, privacy, service};
use crate::accounts::SignInsEnded;
use crate::events::AccountsMerged;
use crate::problem::Problem;
use crate::registry::{Feature, Moved, Reaction, Reacts};
use crate::work::Work;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    on_event: &[
        Reaction::to::<AccountsMerged, Calendars>(),
        Reaction::to::<SignInsEnded, Calendars>(),
    ],
    personal: personal::FIELDS,
    data_of: Some(privacy::data_of),
    erase: Some((100, privacy::erase)),
    ..Feature::named("calendars")
};

struct Calendars;

impl Reacts<SignInsEnded> for Calendars {
    fn react(work: &mut Work, event: &SignInsEnded) -> Result<Moved, Problem> {
        service::end_feed(work, event.account)?;
        Ok(Moved::new())
    }
}

impl Reacts<AccountsMerged> for Calendars {
    fn react(work: &mut Work, event: &AccountsMerged) -> Result<Moved, Problem> {
        merging::account_merged(work, *event)?;
        Ok(Moved::new())
    }
}
