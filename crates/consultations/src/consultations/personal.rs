//! What is held about a person in the programme and in its steps.

use crate::personal::prelude::*;

/// The columns.
#[rustfmt::skip]
pub const FIELDS: &[PersonalField] = &[
    field("lifecycle_steps", "actor_id", "To know who of the team did what", Mandate, Accountability, "team of the consultation, without a name", Unlinked),
    field("announced_hosts", "name", "To name who hosts a working group and agreed to it", Consent, Participation, "public", Kept),
    field("announced_hosts", "affiliation", "To name who hosts a working group and agreed to it", Consent, Participation, "public", Kept),
    field("sessions", "moderator", "To name who moderates on record", Consent, Participation, "public", Kept),
    field("sessions", "speakers", "To name who speaks on record and agreed to it", Consent, Participation, "public", Kept),
];
