//! The one way in: a registration is submitted by a person themselves, by the link that was mailed to them, or by the
//! secretariat for somebody else.

use std::collections::BTreeSet;

use super::access_codes::{self, AccessCode, AccessCodeId};
use super::decisions::{decision, settled, tell};
use super::form::checks::{self, Checked};
use super::history::{self, EventKind};
use super::mails::Occasion;
use super::places::admit;
use super::rules::{self, Access, Rules};
use super::{
    NewRegistration, Person, Registration, RegistrationState, Source, consents, invited, store,
};
use crate::access::Permission;
use crate::accounts::{self, Account, AccountId};
use crate::consultations::{self, Activity, Admission, Consultation, ConsultationId};
use crate::invitations::{self, InvitationId};
use crate::problem::{Code, Problem};
use crate::work::Work;

/// By which way somebody comes in.
#[derive(Debug)]
pub(super) enum Way {
    /// Signed in, with the access code that was typed.
    SignedIn(Option<String>),
    /// By the personal link of a draft, with the access code that was typed when it was asked for or since.
    Link {
        /// The code that was right when the link was asked for.
        kept: Option<AccessCodeId>,
        /// Typed since.
        typed: Option<String>,
    },
    /// The secretariat, or a file of theirs, brings them in.
    Secretariat,
}

/// Registers the caller, or somebody else for the secretariat. Where admission is automatic it is decided at once.
pub fn submit(
    work: &mut Work,
    consultation: ConsultationId,
    mut new: NewRegistration,
) -> Result<Registration, Problem> {
    let consultation = consultations::service::see(work, consultation)?;
    let Some(person) = new.person.clone() else {
        let id = work.caller.signed_in()?;
        let consultation = held(work, consultation)?;
        let account = accounts::service::load(work, id)?;
        let code = new.access_code.take();
        return register(work, consultation, account, Way::SignedIn(code), new);
    };
    work.require(Permission::DecideRegistrations, &consultation.scope())?;
    consultation.require(Activity::DecideRegistrations)?;
    let name = accounts::checked_name(&person.name, "/person/name")?;
    let account = accounts::service::find_or_create(work, &person.email, &name)?;
    new.person = Some(Person { name, ..person });
    if new.source == Source::OpenLink {
        new.source = Source::Secretariat;
    }
    let consultation = held(work, consultation)?;
    register(work, consultation, account, Way::Secretariat, new)
}

/// The consultation, under its lock where a registration takes a place or a use of a code from others.
fn held(work: &mut Work, consultation: Consultation) -> Result<Consultation, Problem> {
    let rules = rules::service::load(work, consultation.id)?;
    if consultation.admission == Admission::Automatic || rules.access == Access::Code {
        return consultations::service::locked(work, consultation.id);
    }
    Ok(consultation)
}

/// Registers the person of the account, whom nobody needs to be asked about any more. Needs the consultation as [`held`] gives it.
pub(super) fn register(
    work: &mut Work,
    consultation: Consultation,
    account: Account,
    way: Way,
    new: NewRegistration,
) -> Result<Registration, Problem> {
    let rules = rules::service::load(work, consultation.id)?;
    // What the address leads to elsewhere is nothing to whoever wrote it down.
    let address = new.person.as_ref().map_or(&account.email, |person| &person.email).clone();
    let invited = invitations::service::by_address(work, consultation.id, &address)?;
    let invited = invited.map(|invitation| invitation.id);
    let invitation_id = new.invitation_id.or(invited);
    let code = let_in(work, &consultation, &rules, &way, invitation_id.is_some())?;
    let complete = !matches!(way, Way::Secretariat);
    let checked = checks::form(work, &consultation, &address, &new, complete)?;
    let declined = checked.facts.declined;
    let mut registration = made(work, &consultation, account.id, checked, new);
    registration.invitation_id = invitation_id;
    let automatic = consultation.admission == Admission::Automatic
        && !declined
        && registration.ready_to_confirm().is_ok();
    if automatic {
        admit(work, &consultation, &mut registration)?;
    }
    let decision = if automatic { decision(work, &consultation, &registration)? } else { None };
    let is_decided = decision.is_some();
    let steps: Vec<_> = std::iter::once(arrived(&registration)).chain(decision).collect();
    let consents = consents::service::insertions(work, &registration);
    let with = consents.into_iter().chain(history::insertions(work, &steps)).collect();
    store::insert(work.conn, &registration, with)?;
    let answered: BTreeSet<_> = invitation_id.into_iter().chain(invited).collect();
    follow(work, &consultation, &registration, answered, code)?;
    if is_decided {
        settled(work, &consultation, &steps)?;
        return Ok(registration);
    }
    work.audit("registration.submitted", "registration", registration.id);
    if !matches!(way, Way::SignedIn(_)) {
        // Who is signed in sees that it has arrived; who came by a link may have lost the answer on the way, and whom
        // the secretariat registers must hear of it.
        tell(work, &consultation, &registration, Occasion::Submitted)?;
    }
    Ok(registration)
}

/// The registration that a form that was checked comes to, before anything is decided.
pub(super) fn made(
    work: &Work,
    consultation: &Consultation,
    account_id: AccountId,
    checked: Checked,
    new: NewRegistration,
) -> Registration {
    Registration {
        id: work.id(),
        consultation_id: consultation.id,
        account_id,
        organization_id: checked.facts.organization_id,
        sector: checked.facts.sector,
        country: checked.facts.country,
        gender: new.gender,
        languages: new.languages,
        preferences: new.preferences,
        consents: new.consents,
        state: RegistrationState::Submitted,
        reason_code: None,
        note: None,
        waiting_number: None,
        decided_by: None,
        decided_at: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
        position: checked.position,
        rounds: new.rounds,
        needs: new.needs,
        age_band: new.age_band,
        guardian: checked.guardian,
        answers: checked.answers,
        source: new.source,
        invitation_id: new.invitation_id,
        accept_by: None,
        person: new.person,
    }
}

/// It arrived, whatever was decided on it at once.
fn arrived(registration: &Registration) -> history::Step {
    let state = RegistrationState::Submitted;
    let after = Registration { state, waiting_number: None, ..registration.clone() };
    history::Step { after, kind: EventKind::Submitted, full: None, by_rule: false }
}

/// The access code to be counted, when whoever comes this way may come in now.
fn let_in(
    work: &mut Work,
    consultation: &Consultation,
    rules: &Rules,
    way: &Way,
    invited: bool,
) -> Result<Option<AccessCode>, Problem> {
    if matches!(way, Way::Secretariat) {
        return Ok(None);
    }
    rules.require_open(consultation, work.now)?;
    match rules.access {
        Access::Open => Ok(None),
        Access::Code | Access::Invitation if invited => Ok(None),
        Access::Invitation => Err(by_invitation_only()),
        Access::Code => right_code(work, consultation.id, way).map(Some),
    }
}

fn right_code(
    work: &mut Work,
    consultation: ConsultationId,
    way: &Way,
) -> Result<AccessCode, Problem> {
    let (kept, typed) = match way {
        Way::SignedIn(typed) => (None, typed.as_deref()),
        Way::Link { kept, typed } => (*kept, typed.as_deref()),
        Way::Secretariat => (None, None),
    };
    match (typed, kept) {
        (None, Some(kept)) => access_codes::service::still_opening(work, kept),
        (typed, _) => access_codes::service::opening(work, consultation, typed),
    }
}

/// What whoever was not invited is told.
pub(super) fn by_invitation_only() -> Problem {
    let detail = "Registration for this consultation is by invitation only: use the link in your invitation, or the address that it was sent to.";
    Problem::new(Code::Forbidden, detail)
}

/// What follows from a registration that was made: what [`follow_up`] does, other invitations of the person that are answered
/// by it, an access code that is used.
fn follow(
    work: &mut Work,
    consultation: &Consultation,
    registration: &Registration,
    answered: BTreeSet<InvitationId>,
    code: Option<AccessCode>,
) -> Result<(), Problem> {
    follow_up(work, consultation, registration)?;
    for other in answered.into_iter().filter(|one| registration.invitation_id != Some(*one)) {
        invited::registered(work, other)?;
    }
    match code {
        Some(code) => access_codes::service::used(work, &code, registration.id),
        None => Ok(()),
    }
}

/// A guardian who has to consent is asked, and the invitation that it came by is answered.
pub(super) fn follow_up(
    work: &mut Work,
    consultation: &Consultation,
    registration: &Registration,
) -> Result<(), Problem> {
    let waits = registration.guardian.as_ref().filter(|guardian| guardian.consented_at.is_none());
    if let Some(guardian) = waits {
        consents::service::ask_guardian(work, consultation, registration, guardian)?;
    }
    match registration.invitation_id {
        Some(invitation) => invited::registered(work, invitation),
        None => Ok(()),
    }
}
