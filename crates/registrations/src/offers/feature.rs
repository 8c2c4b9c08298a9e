//! What the rest of the program knows of offers.

use super::{http, merging, personal, privacy};
use crate::events::AccountsMerged;
use crate::i18n::Template;
use crate::organizations::merging::OrganizationsMerged;
use crate::problem::Problem;
use crate::registry::{Feature, Moved, Reaction, Reacts};
use crate::work::Work;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    on_event: &[
        Reaction::to::<AccountsMerged, Offers>(),
        Reaction::to::<OrganizationsMerged, Offers>(),
    ],
    personal: personal::FIELDS,
    data_of: Some(privacy::data_of),
    erase: Some((60, privacy::erase)),
    mails: &[Template::OfferSubmitted, Template::OfferAccepted, Template::OfferDeclined],
    ..Feature::named("offers")
};

struct Offers;

impl Reacts<AccountsMerged> for Offers {
    fn react(work: &mut Work, event: &AccountsMerged) -> Result<Moved, Problem> {
        merging::account_merged(work, *event)?;
        Ok(Moved::new())
    }
}

impl Reacts<OrganizationsMerged> for Offers {
    fn react(work: &mut Work, event: &OrganizationsMerged) -> Result<Moved, Problem> {
        let moved = merging::organization_merged(work, *event)?;
        Ok(vec![("offers", moved)])
    }
}
