//! The one way in: a registration is submitted by a person themselves, by the link that was mailed to them, or by the
//! secretariat for somebody else.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::access_codes::{self, AccessCode, AccessCodeId};
use super::decisions::{self, decision};
use super::form::checks::{self, Checked};
use super::history::{self, EventKind};
use super::mails::Occasion;
use super::places::{self, Waiting, admit};
use super::rules::{self, Access, Rules};
use super::{
    NewRegistration, Person, Registration, RegistrationState, Source, consents, invited, store,
};
use crate::access::Permission;
use crate::accounts::{self, Account, AccountId, Email};
use crate::consultations::{self, Activity, Admission, Consultation, ConsultationId};
use crate::db::Insertion;
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
        let account = accounts::service::load(work, id)?;
        let turn = Turn::wait(work, &consultation, &account.email, None)?;
        let code = new.access_code.take();
        return register(work, consultation, turn, account, Way::SignedIn(code), new);
    };
    work.require(Permission::DecideRegistrations, &consultation.scope())?;
    consultation.require(Activity::DecideRegistrations)?;
    let name = accounts::checked_name(&person.name, "/person/name")?;
    let account = accounts::service::find_or_create(work, &person.email, &name)?;
    // What the address leads to elsewhere is nothing to whoever wrote it down.
    let address = person.email.clone();
    new.person = Some(Person { name, ..person });
    if new.source == Source::OpenLink {
        new.source = Source::Secretariat;
    }
    let turn = Turn::wait(work, &consultation, &address, None)?;
    register(work, consultation, turn, account, Way::Secretariat, new)
}

/// The turn of somebody with an address to register, and what is known of them.
pub(super) struct Turn {
    rules: Rules,
    address: Email,
    invited: Option<InvitationId>,
    waiting: Waiting,
}

impl Turn {
    /// Waits for it; `own` as [`places::turn`] says.
    pub fn wait(
        work: &mut Work,
        consultation: &Consultation,
        address: &Email,
        own: Option<Uuid>,
    ) -> Result<Self, Problem> {
        let rules = rules::service::load(work, consultation.id)?;
        let (waiting, invited) = places::turn(work, consultation, &rules, address, own)?;
        Ok(Self { rules, address: address.clone(), invited, waiting })
    }

    /// Of whoever has the consultation's lock.
    pub fn under_lock(
        work: &mut Work,
        consultation: &Consultation,
        address: &Email,
    ) -> Result<Self, Problem> {
        let rules = rules::service::load(work, consultation.id)?;
        let invited = invitations::service::by_address(work, consultation.id, address)?;
        let invited = invited.map(|invitation| invitation.id);
        Ok(Self { rules, address: address.clone(), invited, waiting: Waiting::Perhaps })
    }
}

/// Registers the person of the account, whom nobody needs to be asked about any more and whose turn it is.
pub(super) fn register(
    work: &mut Work,
    consultation: Consultation,
    turn: Turn,
    account: Account,
    way: Way,
    new: NewRegistration,
) -> Result<Registration, Problem> {
    let Turn { rules, address, invited, waiting } = turn;
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
        admit(work, &consultation, waiting, &mut registration)?;
    }
    let decision = if automatic { decision(work, &consultation, &registration)? } else { None };
    let is_decided = decision.is_some();
    let steps: Vec<_> = std::iter::once(arrived(&registration)).chain(decision).collect();
    let mut with = consents::service::insertions(work, &registration);
    with.extend(history::insertions(work, &steps));
    with.extend(told(work, &consultation, &registration, &steps, is_decided, &way)?);
    store::insert(work.conn, &registration, with)?;
    let answered: BTreeSet<_> = invitation_id.into_iter().chain(invited).collect();
    follow(work, &consultation, &registration, answered, code)?;
    if is_decided {
        decisions::seated(work, &consultation, &steps)?;
    }
    Ok(registration)
}

/// It is audited; what the person is told, to be written with it.
fn told(
    work: &mut Work,
    consultation: &Consultation,
    registration: &Registration,
    steps: &[history::Step],
    is_decided: bool,
    way: &Way,
) -> Result<Vec<Insertion>, Problem> {
    if is_decided {
        return decisions::told(work, consultation, steps);
    }
    work.audit("registration.submitted", "registration", registration.id);
    match way {
        // Who is signed in sees that it has arrived.
        Way::SignedIn(_) => Ok(Vec::new()),
        // Who came by a link may have lost the answer on the way, and whom the secretariat registers must hear of it.
        Way::Link { .. } | Way::Secretariat => {
            decisions::letters(work, consultation, &[(registration, Occasion::Submitted)])
        }
    }
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
