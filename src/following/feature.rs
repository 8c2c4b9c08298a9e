//! What the rest of the program knows of following a voice to the text.

use super::http;
use crate::registry::Feature;
use crate::words::Template;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    mails: &[Template::InputsReturned],
    ..Feature::named("following")
};
