//! What is held about a person in attendance.

use crate::personal::prelude::*;

/// The columns.
#[rustfmt::skip]
pub const FIELDS: &[PersonalField] = &[
    field("attendances", "registration_id", "To know who came", Mandate, Participation, "secretariat; hosts of the group", Unlinked),
    field("attendances", "person_key", "To record a person once", Mandate, Participation, NOBODY, Unlinked),
    field("attendances", "name", "To know who came without registering", Mandate, Contact, "secretariat; hosts of the group", Blanked),
    field("attendances", "email", "To know who came without registering", Mandate, Contact, "secretariat; hosts of the group", Blanked),
];
