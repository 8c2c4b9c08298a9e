//! What the rest of the program knows of requests: answers that are kept for a day, for those who ask again.

use super::copies::Copies;
use super::idempotency;
use crate::personal::prelude::*;
use crate::registry::Feature;

/// The feature.
pub const FEATURE: Feature = Feature {
    open: |opening| {
        opening.share(Copies::default());
        Ok(())
    },
    personal: FIELDS,
    clear: Some(|work| idempotency::purge(work.conn, work.now)),
    ..Feature::named("requests")
};

/// The columns that hold something about a person.
#[rustfmt::skip]
const FIELDS: &[PersonalField] = &[
    field("idempotency_keys", "key_hash", "To answer a repeated request as the first, for a day", Mandate, Security, NOBODY, Deleted),
    field("idempotency_keys", "headers", "To answer a repeated request as the first, for a day", Mandate, Security, NOBODY, Deleted),
    field("idempotency_keys", "body", "To answer a repeated request as the first, for a day", Mandate, Security, NOBODY, Deleted),
];
