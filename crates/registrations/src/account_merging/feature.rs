//! What the rest of the program knows of the merging of accounts.

use super::http;
use crate::i18n::Template;
use crate::registry::Feature;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    mails: &[Template::AccountsMerged],
    ..Feature::named("account_merging")
};
