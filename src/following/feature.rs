//! What the rest of the program knows of following a voice to the text.

use super::{http, service};
use crate::registry::Feature;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    clear: Some(service::tell_of_questions),
    questions_open: Some(service::questions_open),
    ..Feature::named("following")
};
