//! What the rest of the program knows of asking people to register.

use super::http;
use crate::i18n::Template;
use crate::registry::Feature;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    mails: &[Template::Invitation, Template::InvitationReminder],
    ..Feature::named("inviting")
};
