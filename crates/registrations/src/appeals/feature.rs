//! What the rest of the program knows of appeals.

use super::{http, personal, privacy, service};
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
        Reaction::to::<AccountsMerged, Appeals>(),
        Reaction::to::<OrganizationsMerged, Appeals>(),
    ],
    personal: personal::FIELDS,
    data_of: Some(privacy::data_of),
    erase: Some((40, privacy::erase)),
    mails: &[Template::AppealSubmitted, Template::AppealUpheld, Template::AppealDismissed],
    ..Feature::named("appeals")
};

struct Appeals;

impl Reacts<AccountsMerged> for Appeals {
    fn react(work: &mut Work, event: &AccountsMerged) -> Result<Moved, Problem> {
        service::account_merged(work, *event)?;
        Ok(Moved::new())
    }
}

impl Reacts<OrganizationsMerged> for Appeals {
    fn react(work: &mut Work, event: &OrganizationsMerged) -> Result<Moved, Problem> {
        let moved = service::organization_merged(work, *event)?;
        Ok(vec![("appeals", moved)])
    }
}
