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
    field("report_milestones", "frozen", "To compare drafts; names stand in it as they would be published", Consent, Accountability, "team of the consultation", Blanked),
    field("report_translations", "translator_id", "To know who of the team translates a report", Mandate, Accountability, "team of the consultation", Unlinked),
    field("translated_portions", "text", "To translate a report; names stand in it as they would be published", Consent, Accountability, "team of the consultation", Blanked),
    field("translated_portions", "named", "To translate a report; names stand in it as they would be published", Consent, Accountability, NOBODY, Blanked),
    field("translated_portions", "made_from", "To tell what was changed since it was translated", Consent, Accountability, "team of the consultation", Blanked),
    field("edition_translations", "document", "To publish what was said on record, with names that were agreed to", Consent, Accountability, "public", Kept),
    field("check_waivers", "waived_by", "To know who of the team decided", Mandate, Accountability, "team of the consultation", Unlinked),
    field("check_waivers", "reason", "To agree on a text", Mandate, Accountability, "team of the consultation", Kept),
    field("suggestions", "made_by", "To know who of the team suggested what", Mandate, Accountability, "team of the consultation", Unlinked),
    field("suggestions", "author", "To know whose wording came in a Word file", Mandate, Accountability, "team of the consultation", Blanked),
    field("suggestions", "decided_by", "To know who of the team decided", Mandate, Accountability, "team of the consultation", Unlinked),
    field("suggestion_comments", "said_by", "To know who of the team said what about a text", Mandate, Accountability, "team of the consultation", Unlinked),
    field("suggestion_comments", "author", "To know who said what in a Word file", Mandate, Accountability, "team of the consultation", Blanked),
    field("suggestion_comments", "text", "To agree on a text", Mandate, Accountability, "team of the consultation", Kept),
    field("clearance_rounds", "opened_by", "To know who took a step", Mandate, Accountability, "team of the consultation", Unlinked),
    field("clearance_rounds", "closed_by", "To know who took a step", Mandate, Accountability, "team of the consultation", Unlinked),
    field("clearance_parties", "account_id", "To know who is asked to agree to a text", Mandate, Accountability, "team of the consultation", Unlinked),
    field("clearance_askings", "asked_by", "To know who took a step", Mandate, Accountability, "team of the consultation", Unlinked),
    field("clearance_positions", "proposed_by", "To know who of the team said what about a text", Mandate, Accountability, "team of the consultation", Unlinked),
    field("clearance_positions", "decided_by", "To know who of the team decided", Mandate, Accountability, "team of the consultation", Unlinked),
    field("clearance_positions", "reason", "To agree on a text", Mandate, Accountability, "team of the consultation", Kept),
    field("clearance_positions", "note", "To agree on a text", Mandate, Accountability, "team of the consultation", Kept),
    field("clearance_texts", "text", "To compare drafts; names stand in it as they would be published", Consent, Accountability, "team of the consultation", Blanked),
    field("clearance_texts", "named", "To compare drafts; names stand in it as they would be published", Consent, Accountability, "team of the consultation", Blanked),
    field("clearance_comments", "said_by", "To know who of the team said what about a text", Mandate, Accountability, "team of the consultation", Unlinked),
    field("clearance_comments", "text", "To agree on a text", Mandate, Accountability, "team of the consultation", Kept),
    field("clearance_comments", "answered_by", "To know who of the team decided", Mandate, Accountability, "team of the consultation", Unlinked),
    field("clearance_comments", "answer", "To agree on a text", Mandate, Accountability, "team of the consultation", Kept),
    field("clearance_overrides", "made_by", "To know who of the team decided", Mandate, Accountability, "team of the consultation", Unlinked),
    field("clearance_overrides", "reason", "To agree on a text", Mandate, Accountability, "team of the consultation", Kept),
];
