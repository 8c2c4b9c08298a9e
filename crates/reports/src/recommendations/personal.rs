//! What is held about a person in the register: who of the team confirmed and noted.

use crate::personal::prelude::*;

/// The columns.
#[rustfmt::skip]
pub const FIELDS: &[PersonalField] = &[
    field("recommendations", "confirmed_by", "To know who of the team decided", Mandate, Accountability, "team of the consultation", Unlinked),
    field("follow_ups", "made_by", "To know who of the team decided", Mandate, Accountability, "team of the consultation", Unlinked),
];
