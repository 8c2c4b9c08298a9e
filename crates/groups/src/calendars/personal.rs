//! What is held about a person for their calendar.

use crate::personal::prelude::*;

/// The columns.
#[rustfmt::skip]
pub const FIELDS: &[PersonalField] = &[
    field("calendar_feeds", "account_id", "To show the person's schedule in their calendar", Consent, Contact, NOBODY, Deleted),
    field("calendar_feeds", "token_hash", "To show the person's schedule in their calendar", Consent, Contact, NOBODY, Deleted),
];
