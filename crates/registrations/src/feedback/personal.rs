//! What is held about a person in feedback.

use crate::personal::prelude::*;

/// The columns.
#[rustfmt::skip]
pub const FIELDS: &[PersonalField] = &[
    field("feedback_given", "registration_id", "To take feedback from each person once", Mandate, Security, NOBODY, Deleted),
];
