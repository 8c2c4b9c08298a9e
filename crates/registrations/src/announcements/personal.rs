//! What is held about a person in announcements.

use crate::personal::prelude::*;

/// The columns.
#[rustfmt::skip]
pub const FIELDS: &[PersonalField] = &[
    field("announcements", "made_by", "To know who wrote to everybody", Mandate, Accountability, NOBODY, Unlinked),
];
