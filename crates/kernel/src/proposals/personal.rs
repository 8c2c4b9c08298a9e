//! What is held about a person in proposals.

use crate::personal::prelude::*;

/// The columns.
#[rustfmt::skip]
pub const FIELDS: &[PersonalField] = &[
    field("proposals", "proposed_by", "To know who proposed an act that needs two people", Mandate, Accountability, SECRETARIAT, Unlinked),
    field("proposals", "decided_by", "To know who confirmed or rejected it", Mandate, Accountability, SECRETARIAT, Unlinked),
    field("proposals", "about_id", "To know whose account it is about, who confirms nothing of it", Mandate, Accountability, SECRETARIAT, Unlinked),
    field("proposals", "note", "To know why it was rejected", Mandate, Accountability, SECRETARIAT, Blanked),
    field("proposal_notices", "account_id", "To know who was told and may object", Mandate, Accountability, NOBODY, Deleted),
    field("staff_seats", "account_id", "To know whether more than one person ever ran a review", Mandate, Accountability, NOBODY, Unlinked),
];
