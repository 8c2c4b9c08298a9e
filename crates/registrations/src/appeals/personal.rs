//! What is held about a person with appeals.

use crate::personal::prelude::*;

/// The columns.
#[rustfmt::skip]
pub const FIELDS: &[PersonalField] = &[
    field("appeals", "account_id", "To know who objected, and to answer them", Mandate, Contact, SECRETARIAT, Unlinked),
    field("appeals", "registration_id", "To know to which decision somebody objected", Mandate, Participation, SECRETARIAT, Unlinked),
    field("appeals", "body", "To know what was objected", Mandate, Contact, SECRETARIAT, Blanked),
    field("appeals", "answer", "To answer the objection", Mandate, Contact, SECRETARIAT, Blanked),
    field("appeals", "decided_by", "To have somebody else answer than who decided", Mandate, Accountability, SECRETARIAT, Unlinked),
    field("appeals", "answered_by", "To know who answered", Mandate, Accountability, SECRETARIAT, Unlinked),
];
