//! What the rest of the program knows of accounts.

use super::{http, personal, privacy, roles, sign_ins, store};
use crate::i18n::Template;
use crate::proposals::Act;
use crate::registry::Feature;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    personal: personal::FIELDS,
    data_of: Some(privacy::data_of),
    erase: Some((120, privacy::erase)),
    acts: &[(Act::GiveStaffRole, |work, carried| {
        roles::service::appoint(work, carried).map(http::outcome)
    })],
    mails: &[Template::SignInLink],
    clear: Some(|work| {
        // All of it before the tokens that tell of it are forgotten.
        let told = sign_ins::service::audit_days(work)?;
        if told.more {
            return Ok(told);
        }
        let keys = store::add_keys(work.conn)?;
        Ok(told.and(store::purge(work.conn, work.now)?).and(keys))
    }),
    ..Feature::named("accounts")
};
