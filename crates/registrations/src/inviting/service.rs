//! Sends invitations and reminders: each mail with a token of its own, of which only the hash is kept, so that the
//! links in earlier mails keep working.

use std::collections::BTreeSet;

use serde_json::json;

use super::mails::Call;
use crate::access::Permission;
use crate::accounts::{self, Email};
use crate::consultations::{self, Activity, Consultation, ConsultationId};
use crate::i18n::Template;
use crate::invitations::{self, Invitation, InvitationState};
use crate::problem::Problem;
use crate::registrations;
use crate::unsubscribing;
use crate::work::Work;

/// What a sending did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sending {
    /// Mails put into the outbox.
    pub mails: usize,
    /// Addresses left out because the person has registered meanwhile.
    pub registered: usize,
    /// Addresses left out because they were written to a short while ago.
    pub too_early: usize,
}

/// Invites everybody who is prepared, or those from one list.
pub fn send(
    work: &mut Work,
    consultation: ConsultationId,
    list: Option<&str>,
) -> Result<Sending, Problem> {
    let consultation = open(work, consultation)?;
    let states = [InvitationState::Prepared];
    let prepared = invitations::service::in_states(work, consultation.id, &states, list)?;
    let (prepared, registered) = not_registered(work, &consultation, prepared)?;
    let prepared = wanting(work, &consultation, prepared)?;
    mail_to(work, &consultation, &prepared, Template::Invitation)?;
    invitations::service::invited(work, &prepared)?;
    let done = Sending { mails: prepared.len(), registered, too_early: 0 };
    noted(work, "invitations.sent", &consultation, done);
    Ok(done)
}

/// Reminds everybody who was invited and has not answered, or those from one list; nobody more often than once in the
/// days that the settings say.
pub fn remind(
    work: &mut Work,
    consultation: ConsultationId,
    list: Option<&str>,
) -> Result<Sending, Problem> {
    let consultation = open(work, consultation)?;
    let states = [InvitationState::Invited, InvitationState::Opened];
    let waiting = invitations::service::in_states(work, consultation.id, &states, list)?;
    let (waiting, registered) = not_registered(work, &consultation, waiting)?;
    let since = work.now.plus(chrono::Duration::days(-work.settings.mail.reminder_days));
    let waiting = wanting(work, &consultation, waiting)?;
    let all = waiting.len();
    let due: Vec<Invitation> = waiting
        .into_iter()
        .filter(|one| one.mailed_at.is_none_or(|mailed| mailed <= since))
        .collect();
    mail_to(work, &consultation, &due, Template::InvitationReminder)?;
    invitations::service::reminded(work, &due)?;
    let done = Sending { mails: due.len(), registered, too_early: all - due.len() };
    noted(work, "invitations.reminded", &consultation, done);
    Ok(done)
}

/// The consultation, when the caller may invite to it and people can register. Two who send at once do so one after
/// the other, so that nobody gets two mails.
fn open(work: &mut Work, id: ConsultationId) -> Result<Consultation, Problem> {
    let consultation = consultations::service::see(work, id)?;
    work.require(Permission::DecideRegistrations, &consultation.scope())?;
    consultation.require(Activity::Register)?;
    crate::db::lock(work.conn, id.uuid())?;
    Ok(consultation)
}

/// Those who have not registered; for the others that is noted.
fn not_registered(
    work: &mut Work,
    consultation: &Consultation,
    all: Vec<Invitation>,
) -> Result<(Vec<Invitation>, usize), Problem> {
    let known = registered_addresses(work, consultation.id)?;
    let (there, rest): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|one| known.contains(&one.email));
    for one in &there {
        registrations::invited::registered(work, one.id)?;
    }
    Ok((rest, there.len()))
}

/// Those who want mail about the review; for the others it is noted that they say no.
fn wanting(
    work: &mut Work,
    consultation: &Consultation,
    all: Vec<Invitation>,
) -> Result<Vec<Invitation>, Problem> {
    let emails = all.iter().map(|one| &one.email);
    let wanting = unsubscribing::service::wanting(work, consultation, emails)?;
    let (rest, unwanted): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|one| wanting.contains(&one.email));
    for one in unwanted {
        invitations::service::unwanted(work, one)?;
    }
    Ok(rest)
}

fn registered_addresses(
    work: &mut Work,
    consultation: ConsultationId,
) -> Result<BTreeSet<Email>, Problem> {
    let people = registrations::service::active_people(work, consultation)?;
    let accounts = accounts::service::names(work, &people)?;
    Ok(accounts.into_values().map(|account| account.email).collect())
}

fn mail_to(
    work: &mut Work,
    consultation: &Consultation,
    invited: &[Invitation],
    template: Template,
) -> Result<(), Problem> {
    let closes_at = registrations::rules::service::load(work, consultation.id)?.closes_at;
    let public_url = work.settings.server.public_url.as_str();
    let call = Call { consultation, closes_at, public_url };
    let tokens = invitations::service::new_tokens(work, invited)?;
    let each = invited.iter().zip(&tokens);
    let mails: Result<Vec<_>, _> =
        each.map(|(one, token)| call.mail(one, template, token)).collect();
    work.mails(mails?)
}

fn noted(work: &mut Work, action: &'static str, consultation: &Consultation, done: Sending) {
    let details = json!({ "mails": done.mails });
    work.audit_with(action, "consultation", consultation.id, details);
}
