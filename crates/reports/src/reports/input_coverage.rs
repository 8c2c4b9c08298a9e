//! What was said on what, beside how many sit where: inputs by objective and category, and the people assigned to each working group
//! as they were released. It counts inputs and groups, and knows nothing of who contributed.

use crate::consultations::{self, ConsultationId, Round, RoundId, WorkingGroup, WorkingGroupId};
use crate::figures::{self, ReleaseOccasion};
use crate::http::prelude::*;
use crate::inputs::{self, InputState};
use crate::reviews::CategoryId;

/// Mounts the operation.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(read_input_coverage);
}

/// The inputs on an objective in a category.
#[derive(Debug, Serialize, ToSchema)]
pub struct InputCoverageCell {
    /// The objective.
    #[schema(example = 4)]
    objective: i32,
    /// The category.
    category_id: CategoryId,
    /// `submitted` or `accepted`.
    state: InputState,
    /// How many inputs. One about two objectives is in two cells.
    #[schema(example = 12)]
    inputs: i64,
}

/// The people assigned to a working group in a round.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupCoverageCell {
    /// The round.
    round_id: RoundId,
    /// The group.
    working_group_id: WorkingGroupId,
    /// As of which release; null when none tells of this round.
    as_of: Option<ReleaseOccasion>,
    /// How many people, to the nearest five, as it was released; null for fewer than five, for one that would tell how many have no
    /// group, and while nothing is released.
    #[schema(example = 25)]
    about: Option<u32>,
}

/// Coverage of a consultation.
#[derive(Debug, Serialize, ToSchema)]
pub struct InputCoverageBody {
    /// Inputs by objective and category. Where there are none, there is no cell.
    cells: Vec<InputCoverageCell>,
    /// Every working group in every round.
    groups: Vec<GroupCoverageCell>,
}

/// Coverage: how many inputs there are on which objective in which category, so that silence is seen while people can still be
/// asked; and beside them how many people sit in each working group, as it was released. Nothing tells who contributed.
#[utoipa::path(
    tag = "inputs", params(("consultation_id" = ConsultationId, Path)), security(("bearer" = [])),
    responses((status = 200, body = InputCoverageBody), Refusals)
)]
#[get("/api/v1/consultations/{consultation_id}/inputs/coverage")]
pub async fn read_input_coverage(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let id = path.id();
    let body = call.read(move |work| coverage(work, id)).await?;
    Ok(call.ok_unversioned(&body))
}

fn coverage(work: &mut Work, id: ConsultationId) -> Result<InputCoverageBody, Problem> {
    let board = inputs::service::board(work, id, None)?;
    let counts = |state| matches!(state, InputState::Submitted | InputState::Accepted);
    let cells = board.into_iter().filter(|cell| counts(cell.state)).map(|cell| InputCoverageCell {
        objective: cell.objective,
        category_id: cell.category_id,
        state: cell.state,
        inputs: cell.inputs,
    });
    Ok(InputCoverageBody { cells: cells.collect(), groups: groups(work, id)? })
}

fn groups(work: &mut Work, id: ConsultationId) -> Result<Vec<GroupCoverageCell>, Problem> {
    let told = figures::service::told(work, id)?;
    let rounds = consultations::programme::service::all::<Round>(work, id)?;
    let groups = consultations::programme::service::all::<WorkingGroup>(work, id)?;
    let mut cells = Vec::new();
    for round in &rounds {
        let told = told.as_ref().and_then(|told| told.round(round.id));
        cells.extend(groups.iter().map(|group| GroupCoverageCell {
            round_id: round.id,
            working_group_id: group.id,
            as_of: told.map(|told| told.as_of),
            about: told.and_then(|told| told.about(group.id)),
        }));
    }
    Ok(cells)
}
