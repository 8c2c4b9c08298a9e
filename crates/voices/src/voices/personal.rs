//! What is held about a person in voices: pseudonyms that only the key of a consultation makes.

use crate::personal::prelude::*;

/// The columns.
#[rustfmt::skip]
pub const FIELDS: &[PersonalField] = &[
    field("input_attributions", "voice", "To let the contributor see what became of it, and to count voices; a pseudonym", Consent, Participation, "whoever holds the role follow_up, one input at a time, audited", Unlinked),
    field("input_line_attributions", "voice", "To count voices; a pseudonym", Consent, Participation, NOBODY, Unlinked),
];
