//! What is held about a person in accounts.

use crate::personal::prelude::*;

/// The columns.
#[rustfmt::skip]
pub const FIELDS: &[PersonalField] = &[
    field("accounts", "email", "To write to the person, and to sign them in", Mandate, Contact, SECRETARIAT, Blanked),
    field("accounts", "name", "To call the person by their name", Mandate, Contact, SECRETARIAT, Blanked),
    field("accounts", "name_key", "To find a second account of the same person", Mandate, Contact, NOBODY, Blanked),
    field("accounts", "mailbox_key", "To find a second account of the same person", Mandate, Contact, NOBODY, Blanked),
    field("accounts", "password_hash", "To sign in who chose a password", Mandate, Security, NOBODY, Blanked),
    field("accounts", "language", "To write to the person in their language", Mandate, Contact, ADMINISTRATOR, Blanked),
    field("accounts", "merged_into", "To know that two addresses are one person", Mandate, Contact, SECRETARIAT, Unlinked),
    field("grants", "account_id", "To know who holds a role", Mandate, Contact, SECRETARIAT, Deleted),
    field("grants", "granted_by", "To know who gave a role", Mandate, Accountability, SECRETARIAT, Unlinked),
    field("grants", "name", "To call the person as whoever gave them the role by their address did", Mandate, Contact, "the team of the consultation", Deleted),
    field("grants", "confirmed_by", "To know who confirmed that a role is given", Mandate, Accountability, SECRETARIAT, Unlinked),
    field("grants", "made_by", "To know who answers for a role alone, who then confirms nothing with its holder", Mandate, Accountability, NOBODY, Unlinked),
    field("refresh_tokens", "account_id", "To keep the person signed in", Mandate, Security, NOBODY, Deleted),
    field("refresh_tokens", "token_hash", "To keep the person signed in", Mandate, Security, NOBODY, Deleted),
    field("sign_in_links", "email", "To sign in by a mailed link", Mandate, Security, NOBODY, Deleted),
    field("sign_in_links", "leads_to", "To bring the person to the page that the mail was about", Mandate, Security, NOBODY, Deleted),
    field("sign_in_links", "token_hash", "To sign in by a mailed link", Mandate, Security, NOBODY, Deleted),
];
