//! What is held about a person in invitations.

use crate::personal::prelude::*;

/// The columns.
#[rustfmt::skip]
pub const FIELDS: &[PersonalField] = &[
    field("invitations", "email", "To invite the person, and to remind who has not answered", Mandate, Invitations, SECRETARIAT, Blanked),
    field("invitations", "name", "To invite the person by their name", Mandate, Invitations, SECRETARIAT, Blanked),
    field("invitations", "organization_name", "To know for whom the person is invited", Mandate, Invitations, SECRETARIAT, Blanked),
    field("invitations", "language", "To invite the person in their language", Mandate, Invitations, SECRETARIAT, Blanked),
    field("invitations", "registration_id", "To know what came of an invitation", Mandate, Invitations, SECRETARIAT, Unlinked),
    field("invitation_lists", "invitation_id", "To know from which lists an address came", Mandate, Invitations, SECRETARIAT, Unlinked),
    field("invitation_lists", "list", "To know from which lists an address came", Mandate, Invitations, SECRETARIAT, Kept),
    field("invitation_tokens", "invitation_id", "To open the form by the personal link", Mandate, Invitations, NOBODY, Deleted),
    field("invitation_tokens", "token_hash", "To open the form by the personal link", Mandate, Invitations, NOBODY, Deleted),
];
