//! A rapporteur's notes: many short inputs of one group and round in one request, each with a key of its own, so that what
//! is sent twice over a bad line is taken once.

use crate::consultations::{ConsultationId, RoundId, SessionId, WorkingGroupId};
use crate::inputs::submission::record;
use crate::inputs::{Care, InputId, NewInput, Origin, ToldBy, notes};
use crate::problem::{Checks, Problem};
use crate::reference::ObjectiveNumber;
use crate::reviews::CategoryId;
use crate::work::Work;

pub(super) mod http;

/// Notes in one request at most.
pub const MOST: usize = 200;
const LONGEST_KEY: usize = 100;

/// Where notes were taken.
#[derive(Debug, Clone)]
pub struct Place {
    /// The working group.
    pub working_group_id: WorkingGroupId,
    /// The round.
    pub round_id: RoundId,
    /// The session.
    pub session_id: Option<SessionId>,
    /// Their language (BCP 47).
    pub language: String,
}

/// A note.
#[derive(Debug, Clone)]
pub struct Note {
    /// What the rapporteur's program calls it.
    pub key: String,
    /// What it is about.
    pub objectives: Vec<ObjectiveNumber>,
    /// What kind of contribution it is.
    pub category_id: CategoryId,
    /// What was said.
    pub body: String,
    /// By how many.
    pub told_by: ToldBy,
    /// How carefully it must be handled.
    pub care: Care,
}

/// What became of a note.
#[derive(Debug, Clone)]
pub struct Taken {
    /// What the rapporteur's program calls it.
    pub key: String,
    /// The input that it is.
    pub input_id: InputId,
    /// Whether it was taken by an earlier request.
    pub before: bool,
}

/// Takes notes, all of them or none; one whose key was sent before stays what it was then.
pub fn take(
    work: &mut Work,
    id: ConsultationId,
    place: &Place,
    wanted: &[Note],
) -> Result<Vec<Taken>, Problem> {
    let account = work.caller.signed_in()?;
    check(wanted)?;
    let mut taken = Vec::new();
    for (index, note) in wanted.iter().enumerate() {
        let key_hash = work.keyed_hash(&format!("note {account} {id} {}", note.key));
        if let Some(input_id) = notes::store::find(work.conn, &key_hash)? {
            taken.push(Taken { key: note.key.clone(), input_id, before: true });
            continue;
        }
        let new = NewInput {
            origin: Origin::Group,
            working_group_id: Some(place.working_group_id),
            round_id: Some(place.round_id),
            session_id: place.session_id,
            language: place.language.clone(),
            care: note.care,
            told_by: Some(note.told_by),
            ..NewInput::written(note.objectives.clone(), note.category_id, note.body.clone())
        };
        let input = record(work, id, new, key_hash)
            .map_err(|problem| problem.below(&format!("/notes/{index}")))?;
        taken.push(Taken { key: note.key.clone(), input_id: input.id, before: false });
    }
    Ok(taken)
}

fn check(notes: &[Note]) -> Result<(), Problem> {
    let mut checks = Checks::new();
    let some = (1..=MOST).contains(&notes.len());
    checks.require(some, "/notes", format!("must be from 1 to {MOST} notes"));
    for (index, note) in notes.iter().enumerate() {
        let pointer = format!("/notes/{index}/key");
        checks.line(&note.key, LONGEST_KEY, &pointer);
        let twice = notes[..index].iter().any(|other| other.key == note.key);
        checks.require(!twice, &pointer, "is the key of another note here");
    }
    checks.finish()
}
