//! What may be done with invitations: entered by the secretariat, opened and declined by whoever holds the personal
//! token, answered by a registration however it came. Files are read in `import`; mails are sent by `inviting`.

use serde_json::json;

use super::entering::Plan;
use super::{
    Event, Filter, Invitation, InvitationId, InvitationState, InvitationStatistics, NewInvitation,
    store,
};
use crate::access::Permission;
use crate::accounts::{self, Email};
use crate::consultations::{self, Activity, Consultation, ConsultationId};
use crate::correspondence::{MailStopped, Stopped};
use crate::http::page::{Listing, Paging};
use crate::i18n::Template;
use crate::problem::{Code, Problem, require_version};
use crate::tokens;
use crate::vocabulary::RegistrationId;
use crate::work::Work;

// --- for the secretariat --------------------------------------------------------------------------------------------

/// A page of a consultation's invitations, in the order they were entered.
pub fn list(
    work: &mut Work,
    consultation: ConsultationId,
    filter: &Filter,
    paging: &Paging,
) -> Result<Listing<Invitation>, Problem> {
    let consultation = consultations::service::see(work, consultation)?;
    work.require(Permission::ReadRegistrations, &consultation.scope())?;
    let after = paging.after_one()?;
    let rows = store::list(work.conn, consultation.id, filter, after, paging.load())?;
    Ok(paging.finish(rows, |one| vec![one.id.to_string()]))
}

/// One invitation, for those who may see registrations; 404 for others.
pub fn see(work: &mut Work, id: InvitationId) -> Result<Invitation, Problem> {
    work.caller.require_somewhere(Permission::ReadRegistrations)?;
    let invitation = store::load(work.conn, id)?;
    let consultation = consultations::service::load(work, invitation.consultation_id)?;
    if work.may(Permission::ReadRegistrations, &consultation.scope()) {
        Ok(invitation)
    } else {
        Err(Problem::not_found("invitation"))
    }
}

/// The figures of a consultation's open call, for those who may see the invitations.
pub fn statistics(
    work: &mut Work,
    consultation: ConsultationId,
) -> Result<InvitationStatistics, Problem> {
    let consultation = consultations::service::see(work, consultation)?;
    work.require(Permission::ReadRegistrations, &consultation.scope())?;
    let rows = store::progress(work.conn, consultation.id)?;
    Ok(InvitationStatistics::of(rows.iter().map(|(progress, lists)| (*progress, &lists[..]))))
}

/// The consultation, when the caller may change its invitations and it is not too late for that.
pub(super) fn editable(work: &mut Work, id: ConsultationId) -> Result<Consultation, Problem> {
    let consultation = consultations::service::see(work, id)?;
    work.require(Permission::DecideRegistrations, &consultation.scope())?;
    consultation.require(Activity::SetUp)?;
    Ok(consultation)
}

/// Nothing, when the caller may enter addresses now.
pub fn may_import(work: &mut Work, consultation: ConsultationId) -> Result<(), Problem> {
    editable(work, consultation).map(drop)
}

/// Enters one address, or notes a further list for one that is there. Whether it is new.
pub fn create(
    work: &mut Work,
    consultation: ConsultationId,
    new: NewInvitation,
) -> Result<(Invitation, bool), Problem> {
    let consultation = editable(work, consultation)?;
    new.check()?;
    let email = new.email.clone();
    let known = store::by_email(work.conn, consultation.id, &email)?.is_some();
    Plan::of(work, &consultation, vec![new])?.write(work)?;
    let entered = store::by_email(work.conn, consultation.id, &email)?;
    let entered =
        entered.ok_or_else(|| Problem::internal("an invitation was entered and is not there"))?;
    work.audit("invitation.created", "invitation", entered.id);
    Ok((entered, !known))
}

/// Takes an address off; what waits to be mailed to it is cancelled. 409 when it has led to a registration.
pub fn delete(work: &mut Work, id: InvitationId, version: i64) -> Result<(), Problem> {
    let invitation = for_change(work, id, version)?;
    if invitation.state == InvitationState::Registered {
        let detail = "The person has registered: the invitation stays with the registration.";
        return Err(Problem::new(Code::InUse, detail));
    }
    work.cancel_mails_about(id)?;
    store::delete(work.conn, id, version)?;
    work.audit("invitation.deleted", "invitation", id);
    Ok(())
}

/// Notes that a mail to this address came back.
pub fn report_bounce(
    work: &mut Work,
    id: InvitationId,
    version: i64,
) -> Result<Invitation, Problem> {
    let mut invitation = for_change(work, id, version)?;
    invitation.state = invitation.state.after(Event::Bounced)?;
    write(work, &mut invitation, "invitation.bounced")?;
    Ok(invitation)
}

fn for_change(work: &mut Work, id: InvitationId, version: i64) -> Result<Invitation, Problem> {
    let invitation = see(work, id)?;
    editable(work, invitation.consultation_id)?;
    require_version(invitation.version, version)?;
    Ok(invitation)
}

/// What the caller may do with an invitation that they may see.
pub fn allowed_actions(
    work: &Work,
    consultation: &Consultation,
    one: &Invitation,
) -> Vec<&'static str> {
    let may = work.may(Permission::DecideRegistrations, &consultation.scope())
        && consultation.require(Activity::SetUp).is_ok();
    let rules = [
        ("report_bounce", one.state.after(Event::Bounced).is_ok()),
        ("delete", one.state != InvitationState::Registered),
    ];
    rules.into_iter().filter(|(_, open)| may && *open).map(|(action, _)| action).collect()
}

// --- for whoever holds the personal token ---------------------------------------------------------------------------

/// The invitation that a personal token belongs to, if any. Every token that was mailed for it works: the first one
/// and those of the reminders.
pub fn by_token(work: &mut Work, token: &str) -> Result<Option<Invitation>, Problem> {
    store::by_token_hash(work.conn, &tokens::secret_hash(token))
}

/// Notes that the link was opened, on behalf of whoever holds the token.
pub fn opened(work: &mut Work, id: InvitationId) -> Result<(), Problem> {
    let mut invitation = store::load(work.conn, id)?;
    let after = invitation.state.after(Event::Opened);
    if after.is_err() && invitation.opened_at.is_some() {
        return Ok(());
    }
    invitation.state = after.unwrap_or(invitation.state);
    invitation.opened_at = invitation.opened_at.or(Some(work.now));
    write(work, &mut invitation, "invitation.opened")
}

/// Says no, for whoever holds the token: they are not reminded. Twice is as good as once.
pub fn decline(work: &mut Work, token: &str) -> Result<Invitation, Problem> {
    let invitation = by_token(work, token)?;
    let mut invitation = invitation.ok_or_else(|| {
        accounts::sign_ins::service::wrong_credentials(
            "This link is not valid. Use the one in the latest mail.",
        )
    })?;
    if invitation.state == InvitationState::Declined {
        return Ok(invitation);
    }
    if invitation.state == InvitationState::Registered {
        let detail = "You have registered. To say no now, withdraw the registration.";
        return Err(Problem::new(Code::InvalidTransition, detail));
    }
    invitation.state = invitation.state.after(Event::Declined)?;
    invitation.opened_at = invitation.opened_at.or(Some(work.now));
    write(work, &mut invitation, "invitation.declined")?;
    Ok(invitation)
}

// --- for other services ---------------------------------------------------------------------------------------------

/// The invitation of an address to a consultation, if it was invited. No permission is asked.
pub fn by_address(
    work: &mut Work,
    consultation: ConsultationId,
    email: &Email,
) -> Result<Option<Invitation>, Problem> {
    store::by_email(work.conn, consultation, email)
}

/// Whether anybody was invited to a consultation. No permission is asked.
pub fn any(work: &mut Work, consultation: ConsultationId) -> Result<bool, Problem> {
    store::any(work.conn, consultation)
}

/// Notes that the invited person has registered, with the active registration of the invited address if it has one. No permission
/// is asked.
pub fn answered(
    work: &mut Work,
    mut invitation: Invitation,
    registration: Option<RegistrationId>,
) -> Result<(), Problem> {
    let known = invitation.state == InvitationState::Registered;
    if known && (registration.is_none() || invitation.registration_id == registration) {
        return Ok(());
    }
    if !known {
        invitation.state = invitation.state.after(Event::Registered)?;
    }
    invitation.registration_id = registration.or(invitation.registration_id);
    write(work, &mut invitation, "invitation.registered")
}

/// Notes that the invited person wants no mail of this kind: as good as a no. No permission is asked.
pub fn unwanted(work: &mut Work, mut invitation: Invitation) -> Result<(), Problem> {
    invitation.state = invitation.state.after(Event::Declined)?;
    write(work, &mut invitation, "invitation.declined")
}

/// An invitation. No permission is asked.
pub fn load(work: &mut Work, id: InvitationId) -> Result<Invitation, Problem> {
    store::load(work.conn, id)
}

/// All invitations in one of these states, from a list or from any. No permission is asked.
pub fn in_states(
    work: &mut Work,
    consultation: ConsultationId,
    states: &[InvitationState],
    list: Option<&str>,
) -> Result<Vec<Invitation>, Problem> {
    store::in_states(work.conn, consultation, states, list)
}

/// A new token for each, in their order; only the hashes are kept. No permission is asked.
pub fn new_tokens(work: &mut Work, all: &[Invitation]) -> Result<Vec<String>, Problem> {
    let made: Vec<String> = all.iter().map(|_| work.ids.secret()).collect();
    let each = made.iter().zip(all);
    let hashes = each.map(|(token, one)| (tokens::secret_hash(token), one.id)).collect();
    store::insert_tokens(work.conn, hashes, work.now)?;
    Ok(made)
}

/// Notes that a first mail was made for these. No permission is asked.
pub fn invited(work: &mut Work, all: &[Invitation]) -> Result<(), Problem> {
    let ids: Vec<InvitationId> = all.iter().map(|one| one.id).collect();
    store::invited(work.conn, &ids, work.now)
}

/// Notes that a reminder was made for these. No permission is asked.
pub fn reminded(work: &mut Work, all: &[Invitation]) -> Result<(), Problem> {
    let ids: Vec<InvitationId> = all.iter().map(|one| one.id).collect();
    store::reminded(work.conn, &ids, work.now)
}

/// Notes that a mail about an invitation was given up: the address does not work, or nobody was invited by it.
pub fn mail_stopped(work: &mut Work, stopped: &MailStopped) -> Result<(), Problem> {
    let id = InvitationId::new(stopped.subject_id.uuid());
    match stopped.why {
        Stopped::Refused if stopped.subject_kind == "invitation" => {
            by_the_outbox(work, id, Event::Bounced, "invitation.bounced")
        }
        Stopped::Cancelled if stopped.template == Template::Invitation.as_str() => {
            by_the_outbox(work, id, Event::Unsent, "invitation.unsent")
        }
        Stopped::Refused | Stopped::Cancelled => Ok(()),
    }
}

fn by_the_outbox(
    work: &mut Work,
    id: InvitationId,
    event: Event,
    action: &'static str,
) -> Result<(), Problem> {
    // It may be gone, or answered meanwhile: then the mail does not matter any more.
    let found = Problem::or_refused(store::load(work.conn, id))?;
    let Some(mut invitation) = found else { return Ok(()) };
    let Ok(state) = invitation.state.after(event) else { return Ok(()) };
    if event == Event::Unsent {
        if invitation.reminders > 0 {
            return Ok(());
        }
        (invitation.invited_at, invitation.mailed_at) = (None, None);
    }
    invitation.state = state;
    write(work, &mut invitation, action)
}

fn write(
    work: &mut Work,
    invitation: &mut Invitation,
    action: &'static str,
) -> Result<(), Problem> {
    invitation.updated_at = work.now;
    store::update(work.conn, invitation)?;
    invitation.version += 1;
    let details = json!({ "consultation_id": invitation.consultation_id });
    work.audit_with(action, "invitation", invitation.id, details);
    Ok(())
}
