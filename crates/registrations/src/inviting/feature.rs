//! What the rest of the program knows of asking people to register.

use super::http;
use crate::registry::Feature;
use crate::words::Template;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    mails: &[Template::Invitation, Template::InvitationReminder],
    ..Feature::named("inviting")
};
