//! What the rest of the program knows of jobs.

use super::{http, personal, privacy, runner, store};
use crate::events::AccountsMerged;
use crate::problem::Problem;
use crate::registry::{Feature, Moved, Reaction, Reacts};
use crate::work::Work;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    on_event: &[Reaction::to::<AccountsMerged, Jobs>()],
    personal: personal::FIELDS,
    data_of: Some(privacy::data_of),
    erase: Some((10, privacy::erase)),
    clear: Some(|work| runner::purge(work.conn, work.now)),
    ..Feature::named("jobs")
};

struct Jobs;

impl Reacts<AccountsMerged> for Jobs {
    fn react(work: &mut Work, event: &AccountsMerged) -> Result<Moved, Problem> {
        store::account_merged(work.conn, *event)?;
        Ok(Moved::new())
    }
}
