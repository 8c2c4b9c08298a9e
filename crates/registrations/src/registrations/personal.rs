//! What is held about a person in registrations.

use crate::personal::prelude::*;

/// The columns.
#[rustfmt::skip]
pub const FIELDS: &[PersonalField] = &[
    field("registrations", "account_id", "To know who registered", Mandate, Contact, SECRETARIAT, Unlinked),
    field("registrations", "person", "To know and to write to the person as the secretariat registered them", Mandate, Contact, SECRETARIAT, Blanked),
    field("registrations", "person_name_key", "To find a second account of the same person", Mandate, Contact, NOBODY, Blanked),
    field("registrations", "person_mailbox_key", "To find a second account of the same person", Mandate, Contact, NOBODY, Blanked),
    field("registrations", "organization_id", "To know for whom the person speaks", Mandate, Participation, "secretariat; co-organizer, of its own people", Kept),
    field("registrations", "sector", "To balance the sectors of GCM paragraph 44, and to report on them", Mandate, Participation, SECRETARIAT, Kept),
    field("registrations", "country", "To balance countries and subregions, and to report on them", Mandate, Participation, SECRETARIAT, Kept),
    field("registrations", "gender", "To balance genders, and to report on them in figures", Consent, Demographics, SECRETARIAT, Counted),
    field("registrations", "age_band", "To ask a guardian where one is needed, and to report on youth in figures", Consent, Demographics, SECRETARIAT, Counted),
    field("registrations", "languages", "To place the person in a group whose language they speak", Mandate, Participation, SECRETARIAT, Counted),
    field("registrations", "preferences", "To place the person in a working group that they would like", Mandate, Participation, SECRETARIAT, Blanked),
    field("registrations", "rounds", "To place the person in rounds that they are available in", Mandate, Participation, SECRETARIAT, Blanked),
    field("registrations", "position", "To know in which function the person comes", Mandate, Participation, SECRETARIAT, Blanked),
    field("registrations", "needs", "To provide what the person needs to take part", BestInterests, SpecialNeeds, SECRETARIAT, Blanked),
    field("registrations", "guardian", "To ask the guardian of somebody under 18 for consent", Consent, Contact, SECRETARIAT, Blanked),
    field("registrations", "answers", "As the question that was answered says", Consent, Answers, SECRETARIAT, Blanked),
    field("registrations", "consents", "To show what the person agreed to, and to which wording", Consent, Consents, SECRETARIAT, Blanked),
    field("registrations", "note", "To tell the person why it was decided so", Mandate, Participation, SECRETARIAT, Blanked),
    field("registrations", "invitation_id", "To know what came of an invitation", Mandate, Invitations, SECRETARIAT, Blanked),
    field("registrations", "decided_by", "To know who decided", Mandate, Accountability, SECRETARIAT, Unlinked),
    field("registration_events", "registration_id", "To explain what became of a registration", Mandate, Participation, SECRETARIAT, Unlinked),
    field("registration_events", "account_id", "To know who took a step", Mandate, Accountability, SECRETARIAT, Unlinked),
    field("registration_events", "note", "To tell the person why it was decided so", Mandate, Participation, SECRETARIAT, Blanked),
    field("consent_records", "registration_id", "To show what was agreed to and withdrawn, and when", Consent, Consents, SECRETARIAT, Deleted),
    field("guardian_requests", "registration_id", "To know which guardian was asked", Consent, Contact, NOBODY, Deleted),
    field("guardian_requests", "token_hash", "To know which guardian was asked", Consent, Contact, NOBODY, Deleted),
    field("registration_drafts", "email", "To come back to an unfinished form", Consent, Answers, NOBODY, Deleted),
    field("registration_drafts", "form", "To come back to an unfinished form", Consent, Answers, NOBODY, Deleted),
    field("registration_drafts", "registration_id", "To know that a form was submitted", Consent, Answers, NOBODY, Deleted),
    field("registration_drafts", "invitation_id", "To know what came of an invitation", Mandate, Invitations, NOBODY, Deleted),
    field("draft_tokens", "email", "To open an unfinished form by its link", Consent, Answers, NOBODY, Deleted),
    field("draft_tokens", "token_hash", "To open an unfinished form by its link", Consent, Answers, NOBODY, Deleted),
];
