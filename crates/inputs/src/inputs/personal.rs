//! What is held about a person with inputs: of those who contributed, nothing.

use crate::personal::prelude::*;

/// The columns.
#[rustfmt::skip]
pub const FIELDS: &[PersonalField] = &[
    field("inputs", "body", "To be used in the report, without a name", Consent, Accountability, "team of the consultation, without a name", Kept),
    field("inputs", "citations", "To be used in the report, without a name", Consent, Accountability, "team of the consultation, without a name", Kept),
    field("inputs", "question", "To ask the contributor something", Mandate, Accountability, "team of the consultation, without a name", Kept),
    field("inputs", "translation", "To be used in the report, without a name", Consent, Accountability, "team of the consultation, without a name", Kept),
    field("inputs", "note", "To tell the contributor what became of it", Mandate, Accountability, "team of the consultation, without a name", Kept),
    field("inputs", "first_reader_id", "To have a testimony read by two people", Mandate, Accountability, NOBODY, Unlinked),
    field("input_events", "actor_id", "To know who of the team did what", Mandate, Accountability, "team of the consultation, without a name", Unlinked),
    field("input_events", "before", "To undo what was done", Mandate, Accountability, "team of the consultation, without a name", Kept),
    field("input_claims", "account_id", "To know who is working on it", Mandate, Participation, "team of the consultation, without a name", Deleted),
    field("input_filters", "account_id", "To know whose filter it is", Consent, Contact, NOBODY, Deleted),
    field("input_filters", "name", "To find a filter again", Consent, Contact, NOBODY, Deleted),
    field("input_filters", "filter", "To look for the same again", Consent, Contact, NOBODY, Deleted),
    field("withdrawal_wishes", "settled_by", "To know who of the team decided", Mandate, Accountability, "team of the consultation, without a name", Unlinked),
    field("withdrawal_wishes", "reason", "To tell the contributor what became of it", Mandate, Accountability, "team of the consultation, without a name", Kept),
    field("hearings", "asked_by", "To know who took a step", Mandate, Accountability, "team of the consultation", Unlinked),
    field("hearings", "portions", "To ask participants about a draft; names stand in it as they would be published", Consent, Accountability, "participants of the consultation", Blanked),
    field("hearings", "named", "To ask participants about a draft; names stand in it as they would be published", Consent, Accountability, "participants of the consultation", Blanked),
    field("hearings", "document", "To ask participants about a draft; names stand in it as they would be published", Consent, Accountability, "participants of the consultation", Blanked),
    field("observations", "quote", "To agree on a text; names stand in it as they would be published", Consent, Accountability, "team of the consultation", Blanked),
    field("observations", "body", "To agree on a text, without a name", Consent, Accountability, "team of the consultation, without a name", Kept),
    field("observations", "answer", "To tell the contributor what became of it", Mandate, Accountability, "team of the consultation, without a name", Kept),
    field("observations", "answered_by", "To know who of the team decided", Mandate, Accountability, "team of the consultation", Unlinked),
    field("input_lines", "body", "To be turned into inputs, without a name", Consent, Accountability, "team of the consultation, without a name", Kept),
    field("input_lines", "notes", "To be cited with what was said", Consent, Accountability, "team of the consultation, without a name", Kept),
];
