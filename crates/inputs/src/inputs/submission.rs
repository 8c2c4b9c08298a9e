//! Bringing inputs in by the team: notes of what was said in the room, and what lines of files are turned into. What people
//! contribute themselves comes in by [`super::contributed`], without anybody being asked for.

use super::history::{self, Before, Event, InputEventKind};
use super::service::open;
use super::{Input, InputState, NewInput, Origin, notes, store};
use crate::access::Permission;
use crate::consultations::{
    self, Activity, Consultation, ConsultationId, Round, Session, WorkingGroup,
};
use crate::problem::{Checks, Problem};
use crate::reviews;
use crate::work::Work;

/// The caller writes down what was said in a working group's round, or before everybody. Who said it is not asked; by how many it was
/// said is.
/// It is a note with this key, by which it is recognized when it is sent twice, until the round is over (`notes`).
pub fn record(
    work: &mut Work,
    consultation: ConsultationId,
    new: NewInput,
    key: String,
) -> Result<Input, Problem> {
    let consultation = open(work, consultation)?;
    work.caller.signed_in()?;
    let place = match new.working_group_id {
        Some(group) => consultation.scope().group(group.uuid()),
        None => consultation.scope().outside_groups(),
    };
    work.require(Permission::RecordInputs, &place)?;
    let mut checks = Checks::new();
    let detail = "must be group or plenary: what was said in the room is recorded here";
    let room = matches!(new.origin, Origin::Group | Origin::Plenary);
    checks.require(room, "/origin", detail);
    let detail = "must say by how many it was told: one, several or many";
    checks.require(new.told_by.is_some(), "/told_by", detail);
    checks.finish()?;
    let input = bring_in(work, &consultation, new)?;
    notes::store::insert(work.conn, key, input.id)?;
    work.audit("input.recorded", "consultation", consultation.id);
    Ok(input)
}

/// Writes a new input of the consultation.
pub(super) fn bring_in(
    work: &mut Work,
    consultation: &Consultation,
    new: NewInput,
) -> Result<Input, Problem> {
    consultation.require(Activity::SubmitInputs)?;
    let new = checked(work, consultation, new)?;
    let input = made(work, consultation, new);
    store::insert(work.conn, &input, work.ids.place())?;
    note(work, &input, InputEventKind::BroughtIn, None)?;
    Ok(input)
}

/// An input of these parts, as it is when it comes.
pub(super) fn made(work: &Work, consultation: &Consultation, new: NewInput) -> Input {
    Input {
        id: work.ids.unlinkable(),
        consultation_id: consultation.id,
        origin: new.origin,
        moment: None,
        told_by: new.told_by,
        organization_id: new.organization_id,
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
        version: 1,
    }
}

/// The day it is, in the consultation's zone.
pub fn today(work: &Work, consultation: &Consultation) -> chrono::NaiveDate {
    work.now.utc().with_timezone(&consultation.zone).date_naive()
}

/// Notes a step that nobody of the team took: without a person and without a day.
pub(super) fn note(
    work: &mut Work,
    input: &Input,
    kind: InputEventKind,
    before: Option<&Input>,
) -> Result<(), Problem> {
    let event = Event {
        input_id: input.id,
        version: input.version,
        kind,
        actor: None,
        on_day: None,
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
