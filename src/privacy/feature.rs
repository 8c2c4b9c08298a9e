//! What the rest of the program knows of personal data as a whole.

use super::{erasure, http, personal, retention};
use crate::jobs::JobKind;
use crate::proposals::Act;
use crate::registry::{Doing, Feature};
use crate::vocabulary::RetentionClass;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    personal: personal::FIELDS,
    retention: &[(RetentionClass::Contact, "accounts", retention::people)],
    acts: &[(Act::ErasePerson, erasure::erase_other)],
    jobs: &[(JobKind::Purge, |_| Doing::InParts(retention::run))],
    ..Feature::named("privacy")
};
