//! Operations of triage: the board, decisions, claims, undoing, history; and filters that somebody saves for themselves.

use super::decisions::{Decision, SetAsideReason};
use super::{Bulk, Sorting};
use crate::consultations::{ConsultationId, WorkingGroupId};
use crate::http::prelude::*;
use crate::inputs::bodies::{EventBody, InputBody};
use crate::inputs::content::Translation;
use crate::inputs::filter::{Filter, Saved, SavedId, saved};
use crate::inputs::{self, Addressee, BatchId, Care, InputId, InputState, Step, triage};
use crate::reference::ObjectiveNumber;
use crate::reviews::CategoryId;
use crate::vocabulary::Versioned;

/// Adds these operations to the server.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(read_input_board)
        .service(decide_input)
        .service(decide_inputs)
        .service(undo_input_decisions)
        .service(claim_input)
        .service(release_input)
        .service(sort_input)
        .service(list_input_history)
        .service(list_input_filters)
        .service(save_input_filter)
        .service(delete_input_filter);
}

/// Which decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecisionWord {
    /// It can be used.
    Accept,
    /// Its contributor is asked the question.
    Return,
    /// It will not be used, for the reason.
    SetAside,
    /// The decision before is undone.
    Reopen,
}

/// A decision about an input.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideInput {
    /// Which one.
    pub decision: DecisionWord,
    /// What its contributor is asked; with `return`.
    #[schema(example = "Which year is this?", max_length = 2000)]
    pub question: Option<String>,
    /// Why it is set aside; with `set_aside`.
    pub reason_code: Option<SetAsideReason>,
    /// What there is to say to the reason; needed for `other`.
    #[schema(example = "It was said at the third consultation.", max_length = 2000)]
    pub note: Option<String>,
}

impl DecideInput {
    fn to_decision(&self) -> Result<Decision, Problem> {
        let only = |given: bool, pointer: &str, with: Step| {
            if given {
                Err(Problem::invalid(pointer, format!("goes only with the decision {with}")))
            } else {
                Ok(())
            }
        };
        if self.decision != DecisionWord::Return {
            only(self.question.is_some(), "/question", Step::Return)?;
        }
        if self.decision != DecisionWord::SetAside {
            only(self.reason_code.is_some(), "/reason_code", Step::SetAside)?;
            only(self.note.is_some(), "/note", Step::SetAside)?;
        }
        Ok(match self.decision {
            DecisionWord::Accept => Decision::Accept,
            // Missing words are refused as empty ones are.
            DecisionWord::Return => {
                Decision::Return { question: self.question.clone().unwrap_or_default() }
            }
            DecisionWord::SetAside => {
                let missing = || Problem::invalid("/reason_code", "must say why it is set aside");
                let reason = self.reason_code.ok_or_else(missing)?;
                Decision::SetAside { reason, note: self.note.clone() }
            }
            DecisionWord::Reopen => Decision::Reopen,
        })
    }
}

/// Accepts an input, returns it with a question, sets it aside with a reason, or undoes that.
#[utoipa::path(
    tag = "inputs", params(("input_id" = InputId, Path), IfMatch), request_body = DecideInput,
    security(("bearer" = [])), responses((status = 200, body = InputBody), Refusals)
)]
#[post("/api/v1/inputs/{input_id}/decision")]
pub async fn decide_input(call: Call, path: PathIds<InputId>, body: Body<DecideInput>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let input = triage::decide(work, id, version, body.to_decision()?)?;
        InputBody::reply(work, input)
    })
    .await
}

/// A decision about many inputs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideInputs {
    /// Which, each in the version that was seen.
    #[schema(min_items = 1, max_items = 500)]
    pub inputs: Vec<Versioned<InputId>>,
    /// What is decided on each.
    #[schema(example = json!({ "decision": "set_aside", "reason_code": "no_contribution" }))]
    pub decision: DecideInput,
}

/// What was decided on many.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecidedInputsBody {
    /// By which it is undone.
    pub batch_id: BatchId,
    /// The inputs as they are now.
    pub inputs: Vec<InputBody>,
}

/// Decides on many inputs at once: all of them or none; the problem names every one that is in the way.
#[utoipa::path(
    tag = "inputs", params(("consultation_id" = ConsultationId, Path)), request_body = DecideInputs,
    security(("bearer" = [])), responses((status = 200, body = DecidedInputsBody), Refusals)
)]
#[post("/api/v1/consultations/{consultation_id}/inputs/decisions")]
pub async fn decide_inputs(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<DecideInputs>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let decision = body.decision.to_decision()?;
        let inputs = body.inputs.clone();
        let (batch_id, inputs) = triage::decide_many(work, id, &Bulk { inputs, decision })?;
        let inputs = InputBody::several(work, inputs)?;
        Ok(Reply::unversioned(&DecidedInputsBody { batch_id, inputs }))
    })
    .await
}

/// What is undone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoInputDecisions {
    /// What was done together; the history of an input names it.
    pub batch_id: BatchId,
}

/// Inputs as they are now.
#[derive(Debug, Serialize, ToSchema)]
pub struct InputsBody {
    /// The inputs.
    pub items: Vec<InputBody>,
}

/// Undoes what was done in one go: decisions, a merging or a splitting. Each input stands as before; refused whole when one of
/// them has changed since, or when what was made is used in a report.
#[utoipa::path(
    tag = "inputs", params(("consultation_id" = ConsultationId, Path)), request_body = UndoInputDecisions,
    security(("bearer" = [])), responses((status = 200, body = InputsBody), Refusals)
)]
#[post("/api/v1/consultations/{consultation_id}/inputs/undo")]
pub async fn undo_input_decisions(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<UndoInputDecisions>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let inputs = triage::undo(work, id, body.batch_id)?;
        Ok(Reply::unversioned(&InputsBody { items: InputBody::several(work, inputs)? }))
    })
    .await
}

/// Claims an input for a quarter of an hour: nobody else decides on it meanwhile. Again prolongs it; a decision ends it.
#[utoipa::path(
    tag = "inputs", params(("input_id" = InputId, Path)), security(("bearer" = [])),
    responses((status = 200, body = InputBody), Refusals)
)]
#[post("/api/v1/inputs/{input_id}/claim")]
pub async fn claim_input(call: Call, path: PathIds<InputId>) -> Answer {
    let id = path.id();
    call.post_empty(move |work| {
        let input = triage::claim(work, id)?;
        InputBody::reply(work, input)
    })
    .await
}

/// Gives an input free that the caller had claimed.
#[utoipa::path(
    tag = "inputs", params(("input_id" = InputId, Path)), security(("bearer" = [])),
    responses((status = 200, body = InputBody), Refusals)
)]
#[delete("/api/v1/inputs/{input_id}/claim")]
pub async fn release_input(call: Call, path: PathIds<InputId>) -> Answer {
    let id = path.id();
    call.change(move |work| {
        let input = triage::release(work, id)?;
        InputBody::reply(work, input)
    })
    .await
}

/// What the team corrects without touching its contributor's words (JSON Merge Patch).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "objectives": [4], "translation": { "body": "Offices are far away.", "language": "en" } }))]
pub struct SortInput {
    /// Other objectives.
    #[serde(default, deserialize_with = "patch::value")]
    pub objectives: Option<Vec<ObjectiveNumber>>,
    /// Another kind of contribution.
    #[serde(default, deserialize_with = "patch::value")]
    pub category_id: Option<CategoryId>,
    /// A translation beside the original; null takes it away.
    #[serde(default, deserialize_with = "patch::nullable")]
    pub translation: Option<Option<Translation>>,
    /// To whom it is addressed.
    #[serde(default, deserialize_with = "patch::value")]
    pub addressees: Option<Vec<Addressee>>,
    /// Flags to be added; those that are set stay.
    #[serde(default, deserialize_with = "patch::value")]
    pub care: Option<Care>,
}

/// Sorts an input anew: objective, category, translation, addressees, flags. Its contributor's words stay.
#[utoipa::path(
    tag = "inputs", params(("input_id" = InputId, Path), IfMatch), request_body = SortInput,
    security(("bearer" = [])), responses((status = 200, body = InputBody), Refusals)
)]
#[patch("/api/v1/inputs/{input_id}/sorting")]
pub async fn sort_input(call: Call, path: PathIds<InputId>, body: Body<SortInput>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    let body = body.value;
    let sorting = Sorting {
        objectives: body.objectives,
        category_id: body.category_id,
        translation: body.translation,
        addressees: body.addressees,
        care: body.care,
    };
    call.change(move |work| {
        let input = triage::sort(work, id, version, &sorting)?;
        InputBody::reply(work, input)
    })
    .await
}

/// The steps of an input, the first one first.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryBody {
    /// The steps.
    pub items: Vec<EventBody>,
}

/// Everything that happened to an input, and by what each step is undone. Who brought it in is not in it.
#[utoipa::path(
    tag = "inputs", params(("input_id" = InputId, Path)), security(("bearer" = [])),
    responses((status = 200, body = HistoryBody), Refusals)
)]
#[get("/api/v1/inputs/{input_id}/history")]
pub async fn list_input_history(call: Call, path: PathIds<InputId>) -> Answer {
    let id = path.id();
    let items = call
        .read(move |work| {
            let events = triage::history(work, id)?;
            EventBody::all(work, events)
        })
        .await?;
    Ok(call.ok_unversioned(&HistoryBody { items }))
}

/// Which part of the board.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReadInputBoard {
    /// Of this working group only.
    pub working_group_id: Option<WorkingGroupId>,
}

/// Inputs of one objective and category in one state.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardCell {
    /// The objective.
    #[schema(example = 4)]
    pub objective: i32,
    /// The category.
    pub category_id: CategoryId,
    /// The state.
    pub state: InputState,
    /// How many. An input about two objectives is in two cells.
    #[schema(example = 12)]
    pub inputs: i64,
}

/// The board: how many inputs wait where. Cells that are empty are left out.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardBody {
    /// The cells, by objective.
    pub cells: Vec<BoardCell>,
}

/// The board of a consultation, objective × category, with how many inputs are in each state. It counts inputs, never people.
#[utoipa::path(
    tag = "inputs", params(("consultation_id" = ConsultationId, Path), ReadInputBoard), security(("bearer" = [])),
    responses((status = 200, body = BoardBody), Refusals)
)]
#[get("/api/v1/consultations/{consultation_id}/inputs/board")]
pub async fn read_input_board(
    call: Call,
    path: PathIds<ConsultationId>,
    query: Params<ReadInputBoard>,
) -> Answer {
    let (id, group) = (path.id(), query.working_group_id);
    let cells = call.read(move |work| inputs::service::board(work, id, group)).await?;
    let cells = cells
        .into_iter()
        .map(|cell| BoardCell {
            objective: cell.objective,
            category_id: cell.category_id,
            state: cell.state,
            inputs: cell.inputs,
        })
        .collect();
    Ok(call.ok_unversioned(&BoardBody { cells }))
}

/// Filters that somebody saved.
#[derive(Debug, Serialize, ToSchema)]
pub struct FiltersBody {
    /// The filters, by name.
    pub items: Vec<Saved>,
}

/// The filters that the caller saved for a consultation's inputs.
#[utoipa::path(
    tag = "inputs", params(("consultation_id" = ConsultationId, Path)), security(("bearer" = [])),
    responses((status = 200, body = FiltersBody), Refusals)
)]
#[get("/api/v1/consultations/{consultation_id}/input-filters")]
pub async fn list_input_filters(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let id = path.id();
    let items = call.read(move |work| saved::list(work, id)).await?;
    Ok(call.ok_unversioned(&FiltersBody { items }))
}

/// A filter to be saved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveInputFilter {
    /// What the caller calls it.
    #[schema(example = "To read tonight", max_length = 100)]
    pub name: String,
    /// The filter.
    #[schema(example = json!({ "objective": 4, "state": "submitted" }))]
    pub filter: Filter,
}

/// Saves a filter for the caller alone.
#[utoipa::path(
    tag = "inputs", params(("consultation_id" = ConsultationId, Path)), request_body = SaveInputFilter,
    security(("bearer" = [])), responses((status = 201, body = Saved), Refusals)
)]
#[post("/api/v1/consultations/{consultation_id}/input-filters")]
pub async fn save_input_filter(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<SaveInputFilter>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let saved = saved::save(work, id, &body.name, &body.filter)?;
        Ok(Reply::created(format!("/api/v1/input-filters/{}", saved.id), 1, &saved))
    })
    .await
}

/// Forgets a filter that the caller saved.
#[utoipa::path(
    tag = "inputs", params(("input_filter_id" = SavedId, Path)), security(("bearer" = [])),
    responses((status = 204), Refusals)
)]
#[delete("/api/v1/input-filters/{input_filter_id}")]
pub async fn delete_input_filter(call: Call, path: PathIds<SavedId>) -> Answer {
    let id = path.id();
    call.change(move |work| {
        saved::forget(work, id)?;
        Ok(Reply::no_content())
    })
    .await
}
