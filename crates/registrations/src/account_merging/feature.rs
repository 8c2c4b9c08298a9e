//! What the rest of the program knows of the merging of accounts.

use super::http;
use crate::registry::Feature;
use crate::words::Template;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    mails: &[Template::AccountsMerged],
    ..Feature::named("account_merging")
};
