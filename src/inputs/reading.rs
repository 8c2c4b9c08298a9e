//! What reports may read of inputs: their text and what it is about, and nothing of who said it. Must never import
//! `attribution` or `service` (a test reads the imports).

use std::collections::HashMap;

use super::{Input, InputId, InputState, store};
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
