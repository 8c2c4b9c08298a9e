//! What the rest of the program knows of accounts.

use super::{http, personal, privacy, store};
use crate::i18n::Template;
use crate::registry::Feature;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    personal: personal::FIELDS,
    data_of: Some(privacy::data_of),
    erase: Some((120, privacy::erase)),
    mails: &[Template::SignInLink],
    clear: Some(|work| store::purge(work.conn, work.now)),
    ..Feature::named("accounts")
};
