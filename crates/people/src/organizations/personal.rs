//! What is held about a person with organizations.

use crate::personal::prelude::*;

/// The columns.
#[rustfmt::skip]
pub const FIELDS: &[PersonalField] = &[
    field("organizations", "proposed_by", "To know who put an organization forward", Mandate, Accountability, SECRETARIAT, Unlinked),
    field("organizations", "vetted_by", "To know who decided on an organization", Mandate, Accountability, SECRETARIAT, Unlinked),
    field("organizations", "vetting_note", "To explain a decision on an organization", Mandate, Accountability, SECRETARIAT, Kept),
    field("vettings", "account_id", "To know who took a step of the vetting", Mandate, Accountability, SECRETARIAT, Unlinked),
    field("vettings", "note", "To explain a decision on an organization", Mandate, Accountability, SECRETARIAT, Kept),
    field("vettings", "evidence", "To show what a decision on an organization rests on", Mandate, Accountability, SECRETARIAT, Kept),
    field("vettings", "conflict_of_interest", "To declare what whoever decides has to do with the organization", Mandate, Accountability, SECRETARIAT, Kept),
    field("organization_merges", "account_id", "To know who merged two entries", Mandate, Accountability, SECRETARIAT, Unlinked),
    field("organization_merges", "note", "To explain why two entries are one", Mandate, Accountability, SECRETARIAT, Kept),
];
