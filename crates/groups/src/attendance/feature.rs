//! What the rest of the program knows of attendance.

use super::{http, merging, personal, privacy, service};
use crate::account_merging::RegistrationsMerged;
use crate::problem::Problem;
use crate::registry::{Feature, Moved, Reaction, Reacts};
use crate::work::Work;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    on_event: &[Reaction::to::<RegistrationsMerged, Attendances>()],
    personal: personal::FIELDS,
    data_of: Some(privacy::data_of),
    erase: Some((20, privacy::erase)),
    clear: Some(service::clear),
    ..Feature::named("attendance")
};

struct Attendances;

impl Reacts<RegistrationsMerged> for Attendances {
    fn react(work: &mut Work, event: &RegistrationsMerged) -> Result<Moved, Problem> {
        merging::registration_merged(work, *event)?;
        Ok(Moved::new())
    }
}
