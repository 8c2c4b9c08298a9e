//! What is held about a person by purges.

use crate::personal::prelude::*;

/// The columns.
#[rustfmt::skip]
pub const FIELDS: &[PersonalField] = &[
    field("purges", "account_id", "To know who asked for a purge", Mandate, Accountability, ADMINISTRATOR, Unlinked),
];
