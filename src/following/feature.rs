//! What the rest of the program knows of following a voice to the text.

use super::http;
use crate::i18n::Template;
use crate::registry::Feature;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    mails: &[Template::InputsReturned],
    ..Feature::named("following")
};
