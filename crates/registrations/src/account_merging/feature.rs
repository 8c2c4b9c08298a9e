//! What the rest of the program knows of the merging of accounts.

use serde_json::json;

use super::http::MergedAccountBody;
use super::{http, personal, privacy, service};
use crate::i18n::Template;
use crate::proposals::Act;
use crate::registry::Feature;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    personal: personal::FIELDS,
    data_of: Some(privacy::data_of),
    erase: Some((15, privacy::erase)),
    acts: &[(Act::MergeAccounts, |work, carried| {
        let merged = service::merge(work, carried)?;
        Ok(json!(MergedAccountBody::from(merged)))
    })],
    mails: &[Template::AccountsMerged, Template::MergeConsent],
    ..Feature::named("account_merging")
};
