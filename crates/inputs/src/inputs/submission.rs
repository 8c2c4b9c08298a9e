//! Bringing inputs in: by a contributor, without a link, or recorded by somebody of a working group. Here, and where lines come
//! in and are turned into inputs, a voice is sealed; nothing is unsealed.

use super::history::{self, Before, Event, InputEventKind};
use super::seal::{self, Who};
use super::service::open;
use super::{Capacity, Input, InputState, NewInput, store, windows};
use crate::access::Permission;
use crate::accounts::AccountId;
use crate::consultations::{
    self, Activity, Consultation, ConsultationId, Round, Session, WorkingGroup,
};
use crate::problem::{Checks, Code, Problem};
use crate::registrations::{self, RegistrationState};
use crate::reviews;
use crate::work::Work;

/// [`record`] for who may record in the working group that is named, else [`submit`].
pub fn receive(
    work: &mut Work,
    consultation: ConsultationId,
    new: NewInput,
    anonymous: bool,
) -> Result<Input, Problem> {
    let found = open(work, consultation)?;
    let group = new.working_group_id.map(|group| found.scope().group(group.uuid()));
    match group {
        Some(group) if !anonymous && work.may(Permission::RecordInputs, &group) => {
            record(work, consultation, new)
        }
        _ if anonymous => submit_anonymously(work, consultation, new),
        _ => submit(work, consultation, new),
    }
}

/// The caller contributes an input: with a confirmed registration, or with a role that may without one.
pub fn submit(
    work: &mut Work,
    consultation: ConsultationId,
    new: NewInput,
) -> Result<Input, Problem> {
    let (consultation, account) = contributing(work, consultation)?;
    bring_in(work, &consultation, new, Some((Who::Account(account), Capacity::Contributor)))
}

/// As [`submit`], and nothing is kept of who it was: not even the contributor can follow it or take it back.
pub fn submit_anonymously(
    work: &mut Work,
    consultation: ConsultationId,
    new: NewInput,
) -> Result<Input, Problem> {
    let (consultation, _) = contributing(work, consultation)?;
    bring_in(work, &consultation, new, None)
}

/// The consultation, and the caller who may contribute to it at this moment.
fn contributing(
    work: &mut Work,
    consultation: ConsultationId,
) -> Result<(Consultation, AccountId), Problem> {
    let consultation = open(work, consultation)?;
    let account = work.caller.signed_in()?;
    if !work.may(Permission::SubmitInputs, &consultation.scope()) {
        require_confirmed(work, consultation.id, account)?;
        consultation.require(Activity::SubmitInputs)?;
        windows::require_open(work, &consultation)?;
    }
    Ok((consultation, account))
}

/// The caller writes down what was said in a working group's round. Who said it is not asked.
pub fn record(
    work: &mut Work,
    consultation: ConsultationId,
    new: NewInput,
) -> Result<Input, Problem> {
    let consultation = open(work, consultation)?;
    let account = work.caller.signed_in()?;
    let Some(group) = new.working_group_id else {
        let detail = "must be given: inputs are recorded for a working group";
        return Err(Problem::invalid("/working_group_id", detail));
    };
    work.require(Permission::RecordInputs, &consultation.scope().group(group.uuid()))?;
    bring_in(work, &consultation, new, Some((Who::Account(account), Capacity::Recorder)))
}

/// Nothing when the account has a confirmed registration for the consultation; else 403.
pub fn require_confirmed(
    work: &mut Work,
    consultation: ConsultationId,
    account: AccountId,
) -> Result<(), Problem> {
    let registration = registrations::service::of_account(work, consultation, account)?;
    let confirmed = registration.is_some_and(|found| found.state == RegistrationState::Confirmed);
    if confirmed {
        return Ok(());
    }
    let detail =
        "Inputs are taken from those whose registration for this consultation is confirmed.";
    Err(Problem::new(Code::Forbidden, detail))
}

/// Writes a new input of the consultation, with whose voice is in it.
pub(super) fn bring_in(
    work: &mut Work,
    consultation: &Consultation,
    new: NewInput,
    who: Option<(Who, Capacity)>,
) -> Result<Input, Problem> {
    consultation.require(Activity::SubmitInputs)?;
    let new = checked(work, consultation, new)?;
    let input = made(work, consultation, new);
    store::insert(work.conn, &input, work.ids.place())?;
    note(work, consultation, &input, InputEventKind::BroughtIn, None)?;
    let action = match who {
        Some((_, Capacity::Recorder)) => "input.recorded",
        _ => "input.submitted",
    };
    if let Some((who, capacity)) = who {
        seal::seal(work, consultation.id, input.id, &who, capacity)?;
    }
    work.audit_unattributed(action, "consultation", consultation.id);
    Ok(input)
}

/// An input of these parts, as it is when it comes.
pub(super) fn made(work: &Work, consultation: &Consultation, new: NewInput) -> Input {
    Input {
        id: work.ids.unlinkable(),
        consultation_id: consultation.id,
        origin: new.origin,
        working_group_id: new.working_group_id,
        round_id: new.round_id,
        session_id: new.session_id,
        objectives: new.objectives,
        category_id: new.category_id,
        body: new.body,
        language: new.language,
        translation: new.translation,
        citations: new.citations,
        addressees: new.addressees,
        care: new.care,
        state: InputState::Submitted,
        question: None,
        reason_code: None,
        note: None,
        first_reader: None,
        derived: false,
        submitted_on: today(work, consultation),
        version: 1,
    }
}

/// The day it is, in the consultation's zone.
pub fn today(work: &Work, consultation: &Consultation) -> chrono::NaiveDate {
    work.now.utc().with_timezone(&consultation.zone).date_naive()
}

/// Notes a step that its contributor took: without a person.
pub(super) fn note(
    work: &mut Work,
    consultation: &Consultation,
    input: &Input,
    kind: InputEventKind,
    before: Option<&Input>,
) -> Result<(), Problem> {
    let event = Event {
        input_id: input.id,
        version: input.version,
        kind,
        actor: None,
        on_day: today(work, consultation),
        batch: None,
        before: Before::of(before.unwrap_or(input)),
    };
    history::store::insert(work.conn, event)
}

/// The parts of an input, cleaned, with its objectives in order; 422 naming everything that does not fit the consultation.
pub(super) fn checked(
    work: &mut Work,
    consultation: &Consultation,
    new: NewInput,
) -> Result<NewInput, Problem> {
    let mut new = new.cleaned();
    let categories = reviews::service::categories(work, consultation.review_id)?;
    let categories: Vec<_> = categories.iter().map(|category| category.id).collect();
    let mut checks = Checks::new();
    new.check(&consultation.objectives, &categories, &mut checks);
    check_place(work, consultation, &new, &mut checks)?;
    checks.finish()?;
    new.objectives.sort_unstable();
    Ok(new)
}

/// Notes what is not a place of this consultation.
pub(super) fn check_place(
    work: &mut Work,
    consultation: &Consultation,
    new: &NewInput,
    checks: &mut Checks,
) -> Result<(), Problem> {
    if let Some(group) = new.working_group_id {
        let groups = consultations::programme::service::all::<WorkingGroup>(work, consultation.id)?;
        let known = groups.iter().any(|known| known.id == group);
        let detail = "is not a working group of this consultation";
        checks.require(known, "/working_group_id", detail);
    }
    if let Some(round) = new.round_id {
        let rounds = consultations::programme::service::all::<Round>(work, consultation.id)?;
        let known = rounds.iter().any(|known| known.id == round);
        checks.require(known, "/round_id", "is not a round of this consultation");
    }
    if let Some(session) = new.session_id {
        let sessions = consultations::programme::service::all::<Session>(work, consultation.id)?;
        let found = sessions.iter().find(|known| known.id == session);
        checks.require(found.is_some(), "/session_id", "is not a session of this consultation");
        let round = found.and_then(|session| session.round_id);
        let fits = new.round_id.is_none() || round.is_none() || round == new.round_id;
        checks.require(fits, "/session_id", "is the session of another round");
    }
    Ok(())
}
