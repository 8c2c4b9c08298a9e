//! What is held about a person in mails.

use crate::personal::prelude::*;

/// The columns.
#[rustfmt::skip]
pub const FIELDS: &[PersonalField] = &[
    field("outbox_mails", "recipient", "To send mail, and to know what was sent", Mandate, Correspondence, SECRETARIAT, Deleted),
    field("outbox_mails", "subject", "To send mail, and to know what was sent", Mandate, Correspondence, SECRETARIAT, Deleted),
    field("outbox_mails", "body", "To send mail, and to know what was sent", Mandate, Correspondence, SECRETARIAT, Deleted),
    field("outbox_mails", "html", "To send mail, and to know what was sent", Mandate, Correspondence, SECRETARIAT, Deleted),
    field("outbox_mails", "secret", "To put the personal link into a mail as it is sent", Mandate, Security, NOBODY, Deleted),
    field("outbox_mails", "last_error", "To know why a mail was not taken", Mandate, Correspondence, SECRETARIAT, Deleted),
    field("outbox_mails", "subject_id", "To find the mails about something", Mandate, Correspondence, SECRETARIAT, Deleted),
];
