//! What is held about a person with offers to co-organize.

use crate::personal::prelude::*;

/// The columns.
#[rustfmt::skip]
pub const FIELDS: &[PersonalField] = &[
    field("co_organizing_offers", "account_id", "To know who offers for the organization", Mandate, Contact, SECRETARIAT, Unlinked),
    field("co_organizing_offers", "motivation", "To decide on the offer", Mandate, Contact, SECRETARIAT, Blanked),
    field("co_organizing_offers", "note", "To explain the decision", Mandate, Contact, SECRETARIAT, Blanked),
    field("co_organizing_offers", "decided_by", "To know who decided", Mandate, Accountability, SECRETARIAT, Unlinked),
];
