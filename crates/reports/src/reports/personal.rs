//! What is held about a person in published editions, and of whoever of the team drafted what.

use crate::personal::prelude::*;

/// The columns.
#[rustfmt::skip]
pub const FIELDS: &[PersonalField] = &[
    field("report_editions", "document", "To publish what was said on record, with names that were agreed to", Consent, Accountability, "public", Kept),
    field("report_editions", "record", "To let a paper rest on it", Mandate, Accountability, "public", Kept),
    field("draft_steps", "taken_by", "To know who of the team drafted what", Mandate, Accountability, "team of the consultation", Unlinked),
    field("report_milestones", "set_by", "To know who of the team froze a draft", Mandate, Accountability, "team of the consultation", Unlinked),
    field("report_milestones", "document", "To compare drafts; names stand in it as they would be published", Consent, Accountability, "team of the consultation", Blanked),
    field("check_waivers", "waived_by", "To know who of the team decided", Mandate, Accountability, "team of the consultation", Unlinked),
    field("check_waivers", "reason", "To agree on a text", Mandate, Accountability, "team of the consultation", Kept),
    field("suggestions", "made_by", "To know who of the team suggested what", Mandate, Accountability, "team of the consultation", Unlinked),
    field("suggestions", "decided_by", "To know who of the team decided", Mandate, Accountability, "team of the consultation", Unlinked),
    field("suggestion_comments", "said_by", "To know who of the team said what about a text", Mandate, Accountability, "team of the consultation", Unlinked),
    field("suggestion_comments", "text", "To agree on a text", Mandate, Accountability, "team of the consultation", Kept),
];
