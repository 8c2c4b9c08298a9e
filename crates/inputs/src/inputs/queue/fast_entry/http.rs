//! The operation of fast entry.

use super::{Note, Place};
use crate::consultations::{ConsultationId, RoundId, SessionId, WorkingGroupId};
use crate::http::prelude::*;
use crate::inputs::content::looks_like_naming;
use crate::inputs::queue::fast_entry;

use crate::inputs::{Care, InputId, ToldBy};
use crate::reference::ObjectiveNumber;
use crate::reviews::CategoryId;

/// Notes of one group and round.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeNotes {
    /// The working group.
    pub working_group_id: WorkingGroupId,
    /// The round.
    pub round_id: RoundId,
    /// The session.
    pub session_id: Option<SessionId>,
    /// Their language (BCP 47).
    #[serde(default = "crate::inputs::http::english")]
    #[schema(default = "en")]
    pub language: String,
    /// The notes.
    #[schema(min_items = 1, max_items = 200)]
    pub notes: Vec<NoteBody>,
}

/// A note.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteBody {
    /// What your program calls it: a note whose key was sent before is not taken again.
    #[schema(example = "2020-11-19-r1-017", max_length = 100)]
    pub key: String,
    /// What it is about.
    pub objectives: Vec<ObjectiveNumber>,
    /// What kind of contribution it is.
    pub category_id: CategoryId,
    /// What was said.
    #[schema(example = "Fees differ from one office to the next.", max_length = 5000)]
    pub body: String,
    /// By how many it was told.
    pub told_by: ToldBy,
    /// How carefully it must be handled.
    #[serde(default)]
    pub care: Care,
}

/// What became of a note.
#[derive(Debug, Serialize, ToSchema)]
pub struct TakenBody {
    /// What your program calls it.
    pub key: String,
    /// The input that it is.
    pub input_id: InputId,
    /// Whether it was taken by an earlier request.
    pub taken_before: bool,
    /// Whether something in it looks like somebody's name, to a program that knows nobody.
    pub looks_like_naming: bool,
}

/// What became of notes, in their order.
#[derive(Debug, Serialize, ToSchema)]
pub struct NotesBody {
    /// One for each note.
    pub items: Vec<TakenBody>,
}

/// Takes a rapporteur's notes, many at once, each with a key of its own: all of them or none, and each once however often it
/// is sent.
#[utoipa::path(
    tag = "inputs", params(("consultation_id" = ConsultationId, Path)), request_body = TakeNotes,
    security(("bearer" = [])), responses((status = 200, body = NotesBody), Refusals)
)]
#[post("/api/v1/consultations/{consultation_id}/inputs/notes")]
pub async fn take_input_notes(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<TakeNotes>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let place = Place {
            working_group_id: body.working_group_id,
            round_id: body.round_id,
            session_id: body.session_id,
            language: body.language.clone(),
        };
        let of = |note: &NoteBody| Note {
            key: note.key.clone(),
            objectives: note.objectives.clone(),
            category_id: note.category_id,
            body: note.body.clone(),
            told_by: note.told_by,
            care: note.care,
        };
        let wanted: Vec<Note> = body.notes.iter().map(of).collect();
        let taken = fast_entry::take(work, id, &place, &wanted)?;
        let items = taken
            .into_iter()
            .zip(&wanted)
            .map(|(one, note)| TakenBody {
                key: one.key,
                input_id: one.input_id,
                taken_before: one.before,
                looks_like_naming: looks_like_naming(&note.body),
            })
            .collect();
        Ok(Reply::unversioned(&NotesBody { items }))
    })
    .await
}
