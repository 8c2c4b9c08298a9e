//! What is held about a person in the merging of accounts.

use crate::personal::prelude::*;

/// The columns.
#[rustfmt::skip]
pub const FIELDS: &[PersonalField] = &[
    field("merge_consents", "account_id", "To merge an account only with the consent of whoever holds it", Consent, Accountability, NOBODY, Deleted),
    field("merge_consents", "token_hash", "To know the link that was mailed to them", Consent, Security, NOBODY, Deleted),
];
