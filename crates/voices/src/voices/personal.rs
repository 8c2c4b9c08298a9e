//! What is held about a person in voices: that they were given a receipt. What was done by it is held of nobody.

use crate::personal::prelude::*;

/// The columns.
#[rustfmt::skip]
pub const FIELDS: &[PersonalField] = &[
    field("receipts_given", "holder", "To give each participant one receipt and one in its place; a keyed hash of the registration or the address", Mandate, Participation, NOBODY, Unlinked),
];
