//! What the rest of the program knows of acts that need two people.

use super::{Act, http, personal, privacy, service, store};
use crate::events::AccountsMerged;
use crate::i18n::Template;
use crate::problem::Problem;
use crate::registry::{Feature, Moved, Reaction, Reacts};
use crate::work::Work;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    on_event: &[Reaction::to::<AccountsMerged, Proposals>()],
    personal: personal::FIELDS,
    data_of: Some(privacy::data_of),
    erase: Some((20, privacy::erase)),
    acts: &[(Act::ChangeTwoPeopleRule, service::chosen_by)],
    mails: &[Template::ActProposed],
    clear: Some(service::lapse_overdue),
    ..Feature::named("proposals")
};

struct Proposals;

impl Reacts<AccountsMerged> for Proposals {
    fn react(work: &mut Work, event: &AccountsMerged) -> Result<Moved, Problem> {
        store::account_merged(work.conn, *event)?;
        Ok(Moved::new())
    }
}
