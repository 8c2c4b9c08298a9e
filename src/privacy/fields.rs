//! Every column that holds something about a person or leads to one: what it is for, on what ground it is held, for how long,
//! who may see it, and what becomes of it when the person is erased. `tests/api/own_data.rs` holds it against the database: a
//! column that could hold a person and is not declared here fails. What people answer to the form is declared field by field in
//! `registrations::fields`; this is where it is kept.

use serde::Serialize;
use utoipa::ToSchema;

use crate::registrations::fields::{LegalBasis, RetentionClass};
use crate::text_enum;

text_enum! {
    /// What becomes of it when the person is erased.
    pub enum WhenErased {
        /// The row goes.
        Deleted => "deleted",
        /// The row stays without it.
        Blanked => "blanked",
        /// It is added to a count that is linked to nobody, and the row stays without it.
        Counted => "counted",
        /// It leads to nobody any more.
        Unlinked => "unlinked",
        /// It stays: it tells of an organization or of what was decided, or it was published with consent.
        Kept => "kept",
    }
}

/// A column that holds something about a person.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct PersonalField {
    /// The table.
    #[schema(example = "registrations")]
    pub table: &'static str,
    /// The column.
    #[schema(example = "gender")]
    pub column: &'static str,
    /// What it is for.
    #[schema(example = "To balance genders, and to report on them in figures")]
    pub purpose: &'static str,
    /// On what ground it is held.
    pub legal_basis: LegalBasis,
    /// How long it is kept: everything of a class goes at the same time.
    pub retention: RetentionClass,
    /// Who may see it besides the person.
    #[schema(example = "secretariat")]
    pub seen_by: &'static str,
    /// What becomes of it when the person is erased.
    pub when_erased: WhenErased,
}

use LegalBasis::{BestInterests, Consent, Mandate};
use RetentionClass::{
    Accountability, Answers, Consents, Contact, Correspondence, Demographics, Invitations,
    Participation, Security, SpecialNeeds,
};
use WhenErased::{Blanked, Counted, Deleted, Kept, Unlinked};

const NOBODY: &str = "nobody";
const SECRETARIAT: &str = "secretariat";
const ADMINISTRATOR: &str = "administrator";

const fn field(
    table: &'static str,
    column: &'static str,
    purpose: &'static str,
    legal_basis: LegalBasis,
    retention: RetentionClass,
    seen_by: &'static str,
    when_erased: WhenErased,
) -> PersonalField {
    PersonalField { table, column, purpose, legal_basis, retention, seen_by, when_erased }
}

/// The table of personal data.
#[rustfmt::skip]
pub const TABLE: &[PersonalField] = &[
    field("accounts", "email", "To write to the person, and to sign them in", Mandate, Contact, SECRETARIAT, Blanked),
    field("accounts", "name", "To call the person by their name", Mandate, Contact, SECRETARIAT, Blanked),
    field("accounts", "password_hash", "To sign in who chose a password", Mandate, Security, NOBODY, Blanked),
    field("accounts", "language", "To write to the person in their language", Mandate, Contact, ADMINISTRATOR, Blanked),
    field("accounts", "merged_into", "To know that two addresses are one person", Mandate, Contact, SECRETARIAT, Unlinked),
    field("grants", "account_id", "To know who holds a role", Mandate, Contact, SECRETARIAT, Deleted),
    field("grants", "granted_by", "To know who gave a role", Mandate, Accountability, SECRETARIAT, Unlinked),
    field("refresh_tokens", "account_id", "To keep the person signed in", Mandate, Security, NOBODY, Deleted),
    field("refresh_tokens", "token_hash", "To keep the person signed in", Mandate, Security, NOBODY, Deleted),
    field("sign_in_links", "email", "To sign in by a mailed link", Mandate, Security, NOBODY, Deleted),
    field("sign_in_links", "token_hash", "To sign in by a mailed link", Mandate, Security, NOBODY, Deleted),
    field("calendar_feeds", "account_id", "To show the person's schedule in their calendar", Consent, Contact, NOBODY, Deleted),
    field("calendar_feeds", "token_hash", "To show the person's schedule in their calendar", Consent, Contact, NOBODY, Deleted),
    field("idempotency_keys", "key_hash", "To answer a repeated request as the first, for a day", Mandate, Security, NOBODY, Deleted),
    field("idempotency_keys", "headers", "To answer a repeated request as the first, for a day", Mandate, Security, NOBODY, Deleted),
    field("idempotency_keys", "body", "To answer a repeated request as the first, for a day", Mandate, Security, NOBODY, Deleted),
    field("audit_log", "actor_id", "To know who did what", Mandate, Accountability, ADMINISTRATOR, Unlinked),
    field("audit_log", "subject_id", "To know to what it was done", Mandate, Accountability, ADMINISTRATOR, Unlinked),
    field("audit_log", "details", "To know how it was done; ids and codes only", Mandate, Accountability, ADMINISTRATOR, Unlinked),
    field("outbox_mails", "recipient", "To send mail, and to know what was sent", Mandate, Correspondence, SECRETARIAT, Deleted),
    field("outbox_mails", "subject", "To send mail, and to know what was sent", Mandate, Correspondence, SECRETARIAT, Deleted),
    field("outbox_mails", "body", "To send mail, and to know what was sent", Mandate, Correspondence, SECRETARIAT, Deleted),
    field("outbox_mails", "html", "To send mail, and to know what was sent", Mandate, Correspondence, SECRETARIAT, Deleted),
    field("outbox_mails", "secret", "To put the personal link into a mail as it is sent", Mandate, Security, NOBODY, Deleted),
    field("outbox_mails", "last_error", "To know why a mail was not taken", Mandate, Correspondence, SECRETARIAT, Deleted),
    field("outbox_mails", "subject_id", "To find the mails about something", Mandate, Correspondence, SECRETARIAT, Deleted),
    field("organizations", "proposed_by", "To know who put an organization forward", Mandate, Accountability, SECRETARIAT, Unlinked),
    field("organizations", "vetted_by", "To know who decided on an organization", Mandate, Accountability, SECRETARIAT, Unlinked),
    field("organizations", "vetting_note", "To explain a decision on an organization", Mandate, Accountability, SECRETARIAT, Kept),
    field("vettings", "account_id", "To know who took a step of the vetting", Mandate, Accountability, SECRETARIAT, Unlinked),
    field("vettings", "note", "To explain a decision on an organization", Mandate, Accountability, SECRETARIAT, Kept),
    field("vettings", "evidence", "To show what a decision on an organization rests on", Mandate, Accountability, SECRETARIAT, Kept),
    field("vettings", "conflict_of_interest", "To declare what whoever decides has to do with the organization", Mandate, Accountability, SECRETARIAT, Kept),
    field("organization_merges", "account_id", "To know who merged two entries", Mandate, Accountability, SECRETARIAT, Unlinked),
    field("organization_merges", "note", "To explain why two entries are one", Mandate, Accountability, SECRETARIAT, Kept),
    field("appeals", "account_id", "To know who objected, and to answer them", Mandate, Contact, SECRETARIAT, Unlinked),
    field("appeals", "registration_id", "To know to which decision somebody objected", Mandate, Participation, SECRETARIAT, Unlinked),
    field("appeals", "body", "To know what was objected", Mandate, Contact, SECRETARIAT, Blanked),
    field("appeals", "answer", "To answer the objection", Mandate, Contact, SECRETARIAT, Blanked),
    field("appeals", "decided_by", "To have somebody else answer than who decided", Mandate, Accountability, SECRETARIAT, Unlinked),
    field("appeals", "answered_by", "To know who answered", Mandate, Accountability, SECRETARIAT, Unlinked),
    field("sessions", "moderator", "To name who moderates on record", Consent, Participation, "public", Kept),
    field("sessions", "speakers", "To name who speaks on record and agreed to it", Consent, Participation, "public", Kept),
    field("registrations", "account_id", "To know who registered", Mandate, Contact, SECRETARIAT, Unlinked),
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
    field("invitations", "email", "To invite the person, and to remind who has not answered", Mandate, Invitations, SECRETARIAT, Blanked),
    field("invitations", "name", "To invite the person by their name", Mandate, Invitations, SECRETARIAT, Blanked),
    field("invitations", "organization_name", "To know for whom the person is invited", Mandate, Invitations, SECRETARIAT, Blanked),
    field("invitations", "language", "To invite the person in their language", Mandate, Invitations, SECRETARIAT, Blanked),
    field("invitations", "registration_id", "To know what came of an invitation", Mandate, Invitations, SECRETARIAT, Unlinked),
    field("invitation_lists", "invitation_id", "To know from which lists an address came", Mandate, Invitations, SECRETARIAT, Unlinked),
    field("invitation_lists", "list", "To know from which lists an address came", Mandate, Invitations, SECRETARIAT, Kept),
    field("invitation_tokens", "invitation_id", "To open the form by the personal link", Mandate, Invitations, NOBODY, Deleted),
    field("invitation_tokens", "token_hash", "To open the form by the personal link", Mandate, Invitations, NOBODY, Deleted),
    field("co_organizing_offers", "account_id", "To know who offers for the organization", Mandate, Contact, SECRETARIAT, Unlinked),
    field("co_organizing_offers", "motivation", "To decide on the offer", Mandate, Contact, SECRETARIAT, Blanked),
    field("co_organizing_offers", "note", "To explain the decision", Mandate, Contact, SECRETARIAT, Blanked),
    field("co_organizing_offers", "decided_by", "To know who decided", Mandate, Accountability, SECRETARIAT, Unlinked),
    field("attendances", "registration_id", "To know who came", Mandate, Participation, "secretariat; hosts of the group", Unlinked),
    field("attendances", "person_key", "To record a person once", Mandate, Participation, NOBODY, Unlinked),
    field("attendances", "name", "To know who came without registering", Mandate, Contact, "secretariat; hosts of the group", Blanked),
    field("attendances", "email", "To know who came without registering", Mandate, Contact, "secretariat; hosts of the group", Blanked),
    field("assignments", "registration_id", "To place the person in a group", Mandate, Participation, "secretariat; team of the consultation", Unlinked),
    field("assignment_plans", "placements", "To know what was proposed; registrations by id", Mandate, Participation, "secretariat; co-organizer", Unlinked),
    field("assignment_plans", "unmet", "To know which wishes a plan does not meet; registrations by id", Mandate, Participation, "secretariat; co-organizer", Unlinked),
    field("assignment_plans", "rules", "To know by which rules a plan was made; registrations by id", Mandate, Participation, SECRETARIAT, Unlinked),
    field("assignment_plans", "clashes", "To know which rules cannot be kept; registrations by id", Mandate, Participation, "secretariat; co-organizer", Unlinked),
    field("assignment_rules", "pins", "To place the person in a certain group; registrations by id", Mandate, Participation, SECRETARIAT, Unlinked),
    field("assignment_rules", "together", "To keep people in one group; registrations by id", Mandate, Participation, SECRETARIAT, Unlinked),
    field("assignment_rules", "apart", "To keep people in different groups; registrations by id", Mandate, Participation, SECRETARIAT, Unlinked),
    field("inputs", "body", "To be used in the report, without a name", Consent, Participation, "team of the consultation, without a name", Kept),
    field("inputs", "citations", "To be used in the report, without a name", Consent, Participation, "team of the consultation, without a name", Kept),
    field("inputs", "question", "To ask the contributor something", Mandate, Participation, "team of the consultation, without a name", Kept),
    field("inputs", "translation", "To be used in the report, without a name", Consent, Participation, "team of the consultation, without a name", Kept),
    field("inputs", "note", "To tell the contributor what became of it", Mandate, Participation, "team of the consultation, without a name", Kept),
    field("inputs", "first_reader_id", "To have a testimony read by two people", Mandate, Accountability, NOBODY, Unlinked),
    field("input_attributions", "voice", "To let the contributor see what became of it, and to count voices; a pseudonym", Consent, Participation, "whoever holds the role follow_up, one input at a time, audited", Unlinked),
    field("input_events", "actor_id", "To know who of the team did what", Mandate, Accountability, "team of the consultation, without a name", Unlinked),
    field("input_events", "before", "To undo what was done", Mandate, Participation, "team of the consultation, without a name", Kept),
    field("input_claims", "account_id", "To know who is working on it", Mandate, Participation, "team of the consultation, without a name", Deleted),
    field("input_filters", "account_id", "To know whose filter it is", Consent, Contact, NOBODY, Deleted),
    field("input_filters", "name", "To find a filter again", Consent, Contact, NOBODY, Deleted),
    field("input_filters", "filter", "To look for the same again", Consent, Contact, NOBODY, Deleted),
    field("input_lines", "body", "To be turned into inputs, without a name", Consent, Participation, "team of the consultation, without a name", Kept),
    field("input_lines", "notes", "To be cited with what was said", Consent, Participation, "team of the consultation, without a name", Kept),
    field("input_line_attributions", "voice", "To count voices; a pseudonym", Consent, Participation, NOBODY, Unlinked),
    field("jobs", "account_id", "To tell who started a job what came of it", Mandate, Security, ADMINISTRATOR, Unlinked),
    field("jobs", "params", "To do the job as it was asked for", Mandate, Security, NOBODY, Blanked),
    field("jobs", "message", "To show how far the job is", Mandate, Security, ADMINISTRATOR, Blanked),
    field("jobs", "result", "To tell who started a job what came of it, for a week", Mandate, Security, NOBODY, Blanked),
    field("jobs", "problem", "To tell who started a job what came of it, for a week", Mandate, Security, NOBODY, Blanked),
    field("job_payloads", "job_id", "To do the job; deleted when it ends", Mandate, Security, NOBODY, Deleted),
    field("job_payloads", "content", "To do the job; deleted when it ends", Mandate, Security, NOBODY, Deleted),
    field("purges", "account_id", "To know who asked for a purge", Mandate, Accountability, ADMINISTRATOR, Unlinked),
    field("report_editions", "document", "To publish what was said on record, with names that were agreed to", Consent, Accountability, "public", Kept),
    field("report_editions", "record", "To let a paper rest on it", Mandate, Accountability, "public", Kept),
];
