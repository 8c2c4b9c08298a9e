//! What other features may read of inputs: their text, what it is about and what they were made of, and nothing of who said it.
//! Asks nobody's permission.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::lineage::Lineage;
use super::{Band, Input, InputId, InputState, ToldBy, lineage, seal, store};
use crate::consultations::ConsultationId;
use crate::db::Conn;
use crate::problem::Problem;
use crate::reference::ObjectiveNumber;
use crate::reviews::CategoryId;
use crate::vocabulary::ParagraphId;
use crate::work::Work;

/// An accepted input as it is counted: without its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    /// Which one.
    pub id: InputId,
    /// Its category.
    pub category_id: CategoryId,
    /// The objective that it names first; none where it names none.
    pub objective: Option<ObjectiveNumber>,
}

/// By how many an input was told, and whether that counts: without its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HowTold {
    /// What became of it.
    pub state: InputState,
    /// By how many it was told in the room.
    pub told_by: Option<ToldBy>,
    /// Whether it was made of others.
    pub derived: bool,
}

/// How each of these inputs was told.
pub fn how_told(conn: &mut Conn, ids: &[InputId]) -> Result<HashMap<InputId, HowTold>, Problem> {
    store::how_told(conn, ids)
}

/// The accepted inputs of a consultation, in their shuffled order.
pub fn accepted(conn: &mut Conn, consultation: ConsultationId) -> Result<Vec<Accepted>, Problem> {
    store::accepted(conn, consultation)
}

/// The ids of the accepted inputs of a consultation.
pub fn accepted_ids(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<Vec<InputId>, Problem> {
    store::accepted_ids(conn, consultation)
}

/// All inputs of a consultation, whatever became of them.
pub fn all_of(conn: &mut Conn, consultation: ConsultationId) -> Result<Vec<Input>, Problem> {
    store::all_of(conn, consultation)
}

/// The version of every input of a consultation, by id: whether any became another.
pub fn versions(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<Vec<(InputId, i64)>, Problem> {
    store::versions(conn, consultation)
}

/// What is known of the voices behind an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Behind {
    /// How many there are, with those of what it was made of.
    pub band: Band,
    /// Whether there is more than one; not told where something was merged into it.
    pub several: Option<bool>,
}

/// What is known of the voices behind each of these inputs, counted once; nothing where they cannot be counted any more. For a whole
/// report at once, which whoever asks audits (ARCHITECTURE.md, rule 3).
pub fn behind(
    work: &mut Work,
    consultation: ConsultationId,
    ids: &[InputId],
) -> Result<HashMap<InputId, Behind>, Problem> {
    let origins = lineage::store::origins(work.conn, ids)?;
    let sets = origins.iter().map(|(id, of)| of.iter().copied().chain([*id]).collect());
    let sets: Vec<BTreeSet<InputId>> = sets.collect();
    let counted = seal::several(work, consultation, &sets)?.unwrap_or_default();
    let behind = origins.into_iter().zip(counted).map(|((id, of), (band, several))| {
        let several = (of.len() < 2).then_some(several);
        (id, Behind { band, several })
    });
    Ok(behind.collect())
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

/// What paragraphs rest on and is not accepted, or not any more.
pub fn cited_and_not_accepted(
    conn: &mut Conn,
) -> Result<Vec<(ParagraphId, InputId, InputState)>, Problem> {
    store::cited_and_not_accepted(conn)
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

/// How an input goes on within inputs.
pub fn lineage(work: &mut Work, input: &Input) -> Result<Lineage, Problem> {
    lineage::of(work, input)
}

/// How many voices stand behind each of these sets of inputs together, their originals included, as a band; none where voices cannot be
/// counted any more. For a whole edition at once, as it is published.
pub fn bands_of_sets(
    work: &mut Work,
    consultation: ConsultationId,
    sets: &[BTreeSet<InputId>],
) -> Result<Option<Vec<Band>>, Problem> {
    let whole = with_origins(work, sets)?;
    let counted = seal::bands(work, consultation, &whole)?;
    Ok(counted.map(|counted| counted.bands))
}

/// Sets of inputs with the originals of each.
fn with_origins(
    work: &mut Work,
    sets: &[BTreeSet<InputId>],
) -> Result<Vec<BTreeSet<InputId>>, Problem> {
    let ids: BTreeSet<InputId> = sets.iter().flatten().copied().collect();
    let ids: Vec<InputId> = ids.into_iter().collect();
    let origins = lineage::store::origins(work.conn, &ids)?;
    let whole = |set: &BTreeSet<InputId>| {
        let of = |id| origins.get(id).into_iter().flatten().copied();
        set.iter().copied().chain(set.iter().flat_map(of)).collect()
    };
    Ok(sets.iter().map(whole).collect())
}

/// Whether no more voices speak by receipt in a consultation than receipts were given there.
pub fn is_sound(work: &mut Work, consultation: ConsultationId) -> Result<bool, Problem> {
    seal::is_sound(work, consultation)
}

/// The consultations with inputs that were returned with a question.
pub fn returned_in(conn: &mut Conn) -> Result<BTreeSet<ConsultationId>, Problem> {
    store::consultations_with(conn, InputState::Returned)
}
