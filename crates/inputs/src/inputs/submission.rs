//! Bringing inputs in by the team: notes of what was said in the room, and what lines of files are turned into. What people
//! contribute themselves comes in by [`super::contributed`], without anybody being asked for.

use super::history::{self, Before, Event, InputEventKind};
use super::service::open;
use super::{Input, InputState, NewInput, Origin, notes, store};
use crate::access::Permission;
use crate::consultations::{
    self, Activity, Consultation, ConsultationId, Round, RoundId, Session, SessionId, WorkingGroup,
    WorkingGroupId,
};
use crate::problem::{Checks, Problem};
use crate::reference::ObjectiveNumber;
use crate::reviews::{self, CategoryId};
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
    history::store::insert(work.conn, step_of(input, kind, before))
}

fn step_of(input: &Input, kind: InputEventKind, before: Option<&Input>) -> Event {
    Event {
        input_id: input.id,
        version: input.version,
        kind,
        actor: None,
        on_day: None,
        batch: None,
        before: Before::of(before.unwrap_or(input)),
    }
}

/// The parts of an input, cleaned, with its objectives in order; 422 naming everything that does not fit the consultation.
pub(super) fn checked(
    work: &mut Work,
    consultation: &Consultation,
    new: NewInput,
) -> Result<NewInput, Problem> {
    Venue::of(work, consultation)?.checked(new)
}

/// Notes what is not a place of this consultation.
pub(super) fn check_place(
    work: &mut Work,
    consultation: &Consultation,
    new: &NewInput,
    checks: &mut Checks,
) -> Result<(), Problem> {
    Venue::of(work, consultation)?.check_place(new, checks);
    Ok(())
}

/// What an input has to fit: what is asked in a consultation, and where it is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Venue {
    objectives: Vec<ObjectiveNumber>,
    categories: Vec<CategoryId>,
    groups: Vec<WorkingGroupId>,
    rounds: Vec<RoundId>,
    sessions: Vec<(SessionId, Option<RoundId>)>,
}

impl Venue {
    /// As it is now.
    pub(super) fn of(work: &mut Work, consultation: &Consultation) -> Result<Self, Problem> {
        use consultations::programme::service::all;
        let categories = reviews::service::categories(work, consultation.review_id)?;
        let groups = all::<WorkingGroup>(work, consultation.id)?;
        let rounds = all::<Round>(work, consultation.id)?;
        let sessions = all::<Session>(work, consultation.id)?;
        Ok(Self {
            objectives: consultation.objectives.clone(),
            categories: categories.iter().map(|category| category.id).collect(),
            groups: groups.iter().map(|group| group.id).collect(),
            rounds: rounds.iter().map(|round| round.id).collect(),
            sessions: sessions.iter().map(|session| (session.id, session.round_id)).collect(),
        })
    }

    /// As [`checked`], for one of many.
    pub(super) fn checked(&self, new: NewInput) -> Result<NewInput, Problem> {
        let mut new = new.cleaned();
        let mut checks = Checks::new();
        new.check(&self.objectives, &self.categories, &mut checks);
        self.check_place(&new, &mut checks);
        checks.finish()?;
        new.objectives.sort_unstable();
        Ok(new)
    }

    fn check_place(&self, new: &NewInput, checks: &mut Checks) {
        if let Some(group) = &new.working_group_id {
            let known = self.groups.contains(group);
            checks.require(
                known,
                "/working_group_id",
                "is not a working group of this consultation",
            );
        }
        if let Some(round) = &new.round_id {
            let known = self.rounds.contains(round);
            checks.require(known, "/round_id", "is not a round of this consultation");
        }
        if let Some(session) = new.session_id {
            let found = self.sessions.iter().find(|(known, _)| *known == session);
            checks.require(found.is_some(), "/session_id", "is not a session of this consultation");
            let round = found.and_then(|(_, round)| *round);
            let fits = new.round_id.is_none() || round.is_none() || round == new.round_id;
            checks.require(fits, "/session_id", "is the session of another round");
        }
    }
}

/// Writes new inputs of the consultation, which were checked, in the random order of their places. Their words are
/// found later ([`store::find_some`]).
pub(super) fn bring_in_many(
    work: &mut Work,
    consultation: &Consultation,
    all: &[NewInput],
) -> Result<(), Problem> {
    let mut made: Vec<(i64, Input)> = all
        .iter()
        .map(|new| (work.ids.place(), self::made(work, consultation, new.clone())))
        .collect();
    made.sort_unstable_by_key(|(place, _)| *place);
    store::insert_many(work.conn, &made)?;
    let event = |(_, input): &(i64, Input)| step_of(input, InputEventKind::BroughtIn, None);
    history::store::insert_many(work.conn, made.iter().map(event).collect())
}
