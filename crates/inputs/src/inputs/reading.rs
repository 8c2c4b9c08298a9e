//! What other features may read of inputs: their text, what it is about and what they were made of, and nothing of who said it.
//! Asks nobody's permission.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use super::{CategoryId, Input, InputId, InputState, lineage, store};
use crate::consultations::ConsultationId;
use crate::db::Conn;
use crate::problem::Problem;

/// The accepted inputs of a consultation, by their first objective, then by category in the review's order, then shuffled (once and for all).
pub fn accepted(conn: &mut Conn, consultation: ConsultationId) -> Result<Vec<Input>, Problem> {
    let positions = store::category_positions(conn, consultation)?;
    let mut inputs = store::all_in_state(conn, consultation, InputState::Accepted)?;
    // Stable: what is equal here stays in its shuffled order.
    inputs.sort_by_key(|input| {
        (input.objectives.first().copied(), positions.get(&input.category_id).copied())
    });
    Ok(inputs)
}

/// These inputs, in the order of the ids; ids of no input are left out. In any state: a withdrawn one has no text.
pub fn load(conn: &mut Conn, ids: &[InputId]) -> Result<Vec<Input>, Problem> {
    let found = store::by_ids(conn, ids)?;
    let mut found: HashMap<InputId, Input> =
        found.into_iter().map(|(_, input)| (input.id, input)).collect();
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// Whether there is such an input, in whatever state.
pub fn exists(conn: &mut Conn, id: InputId) -> Result<bool, Problem> {
    store::exists(conn, id)
}

/// These inputs with their places in the shuffled order, in that order.
pub fn by_ids(conn: &mut Conn, ids: &[InputId]) -> Result<Vec<(i64, Input)>, Problem> {
    store::by_ids(conn, ids)
}

/// The originals of each of these inputs; of an original, itself.
pub fn origins(
    conn: &mut Conn,
    ids: &[InputId],
) -> Result<BTreeMap<InputId, BTreeSet<InputId>>, Problem> {
    lineage::store::origins(conn, ids)
}

/// The consultations with inputs that were returned with a question.
pub fn returned_in(conn: &mut Conn) -> Result<BTreeSet<ConsultationId>, Problem> {
    store::consultations_with(conn, InputState::Returned)
}

/// The originals of a consultation that came before a day: each once for each of its objectives, with its category.
pub fn originals_before(
    conn: &mut Conn,
    consultation: ConsultationId,
    day: NaiveDate,
) -> Result<Vec<(InputId, i32, CategoryId)>, Problem> {
    store::originals_before(conn, consultation, day)
}
