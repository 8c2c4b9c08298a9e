//! What the rest of the program knows of feedback.

use super::{http, personal, privacy, service};
use crate::registry::Feature;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    personal: personal::FIELDS,
    data_of: Some(privacy::data_of),
    erase: Some((25, service::forget)),
    clear: Some(service::tell_due),
    ..Feature::named("feedback")
};
