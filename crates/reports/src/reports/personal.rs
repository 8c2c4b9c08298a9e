//! What is held about a person in published editions, and of whoever of the team drafted what.

use crate::personal::prelude::*;

/// The columns.
#[rustfmt::skip]
pub const FIELDS: &[PersonalField] = &[
    field("report_editions", "document", "To publish what was said on record, with names that were agreed to", Consent, Accountability, "public", Kept),
    field("report_editions", "record", "To let a paper rest on it", Mandate, Accountability, "public", Kept),
    field("draft_steps", "taken_by", "To know who of the team drafted what", Mandate, Accountability, "team of the consultation", Unlinked),
];
