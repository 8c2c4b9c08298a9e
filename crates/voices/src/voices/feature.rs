//! What the rest of the program knows of voices.

use super::seal::SealKey;
use super::{attribution, http, personal, privacy, service};
use crate::events::AccountsMerged;
use crate::inputs::seal::{Seal, Voices};
use crate::problem::Problem;
use crate::registry::{Feature, Moved, Reaction, Reacts};
use crate::work::Work;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    open: |opening| {
        let key = SealKey::open(opening.settings, opening.ids)?;
        opening.share(key);
        opening.share(Seal::to(Voices {
            seal: attribution::seal,
            seal_lines: attribution::seal_lines,
            turn: |work, lines, input| attribution::turn(work.conn, lines, input),
            forget: |work, input| attribution::forget(work.conn, input),
            band: service::band,
            is_callers: service::is_callers,
        }));
        Ok(())
    },
    start: attribution::role::prepare,
    on_event: &[Reaction::to::<AccountsMerged, Speakers>()],
    personal: personal::FIELDS,
    data_of: Some(privacy::data_of),
    erase: Some((90, privacy::erase)),
    ..Feature::named("voices")
};

struct Speakers;

impl Reacts<AccountsMerged> for Speakers {
    /// Seals what one account brought in for the other. How many there were is told to nobody: that would be a count by
    /// contributor.
    fn react(work: &mut Work, event: &AccountsMerged) -> Result<Moved, Problem> {
        attribution::account_merged(work, *event)?;
        Ok(Moved::new())
    }
}
