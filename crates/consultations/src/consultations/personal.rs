//! What is held about a person in the programme.

use crate::personal::prelude::*;

/// The columns.
#[rustfmt::skip]
pub const FIELDS: &[PersonalField] = &[
    field("sessions", "moderator", "To name who moderates on record", Consent, Participation, "public", Kept),
    field("sessions", "speakers", "To name who speaks on record and agreed to it", Consent, Participation, "public", Kept),
];
