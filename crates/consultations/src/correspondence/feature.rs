//! What the rest of the program knows of correspondence.

use super::{http, personal, privacy};
use crate::outbox;
use crate::registry::Feature;
use crate::vocabulary::RetentionClass;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    personal: personal::FIELDS,
    data_of: Some(privacy::data_of),
    erase: Some((110, privacy::erase)),
    retention: &[(RetentionClass::Correspondence, "outbox_mails", privacy::purge)],
    clear: Some(|work| {
        let kept = work.settings.mail.keep_text_days;
        outbox::forget_texts(work.conn, work.now.plus(chrono::Duration::days(-kept)))
    }),
    ..Feature::named("correspondence")
};
