//! What is held about a person who wants no more mail.

use crate::personal::prelude::*;

/// The columns.
#[rustfmt::skip]
pub const FIELDS: &[PersonalField] = &[
    field("unwanted_mail", "mark", "To write no more to an address that wants none; a keyed hash of the address with a consultation or a review", Mandate, Correspondence, NOBODY, Unlinked),
];
