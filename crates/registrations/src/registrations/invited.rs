//! That people registered who were invited: noted with the invitations that they answered. No permission is asked.

use super::{RegistrationId, store};
use crate::accounts::{self, AccountId};
use crate::consultations::ConsultationId;
use crate::events::AccountsMerged;
use crate::invitations::{self, Invitation, InvitationId};
use crate::problem::Problem;
use crate::work::Work;

/// Notes that the invited person has registered.
pub fn registered(work: &mut Work, id: InvitationId) -> Result<(), Problem> {
    let invitation = invitations::service::load(work, id)?;
    note(work, invitation)
}

fn note(work: &mut Work, invitation: Invitation) -> Result<(), Problem> {
    let registration = registration_of(work, &invitation)?;
    invitations::service::answered(work, invitation, registration)
}

/// The active registration of the invited address.
fn registration_of(
    work: &mut Work,
    invitation: &Invitation,
) -> Result<Option<RegistrationId>, Problem> {
    let Some(account) = accounts::service::by_email(work, &invitation.email)? else {
        return Ok(None);
    };
    active(work, invitation.consultation_id, account.id)
}

fn active(
    work: &mut Work,
    consultation: ConsultationId,
    account: AccountId,
) -> Result<Option<RegistrationId>, Problem> {
    let found = store::active_of(work.conn, consultation, account)?;
    Ok(found.map(|registration| registration.id))
}

/// Whoever was invited at one address of a person and registered with the other has answered. The registrations are those of
/// one account already.
pub fn account_merged(work: &mut Work, merged: AccountsMerged) -> Result<(), Problem> {
    let AccountsMerged { from, into } = merged;
    let addresses = [accounts::service::load(work, from)?, accounts::service::load(work, into)?];
    for registration in super::service::active_of_person(work, into)? {
        for account in &addresses {
            let consultation = registration.consultation_id;
            let found = invitations::service::by_address(work, consultation, &account.email)?;
            if let Some(invitation) = found {
                note(work, invitation)?;
            }
        }
    }
    Ok(())
}
