//! Rapporteurs' notes once their round is over: the keys by which they were recognized are forgotten, and their rows are written anew
//! in random order, so that nothing tells any more in which order they were taken (ARCHITECTURE.md, rule 1).

use std::collections::{BTreeMap, BTreeSet};

use super::{InputId, store as inputs};
use crate::consultations::{self, ConsultationId, Phase, Round, RoundId};
use crate::db::types::Timestamp;
use crate::problem::Problem;
use crate::work::Work;
use crate::{db, http};

pub(super) mod store;

/// Settles the notes of rounds that are over, in two goes some minutes apart; how many they were. At first their rows are written anew.
/// Then, when hardly anybody reads from before that any more, the tables are written anew whole, and the keys are forgotten: whatever
/// cannot be done now is done at the next go.
pub fn settle(work: &mut Work) -> Result<usize, Problem> {
    let count = lay_anew(work)?;
    let laid = store::all(work.conn, true)?;
    if count > 0 || laid.is_empty() {
        return Ok(count);
    }
    for (table, index) in inputs::LAID {
        db::cluster(work.conn, table, index)?;
    }
    store::forget(work.conn, &laid)?;
    Ok(laid.len())
}

/// Writes the notes of rounds that are over anew, in random order; how many they were.
fn lay_anew(work: &mut Work) -> Result<usize, Problem> {
    let waiting = store::all(work.conn, false)?;
    let mut by_consultation: BTreeMap<ConsultationId, Vec<(InputId, Option<RoundId>)>> =
        BTreeMap::new();
    for (_, input) in inputs::by_ids(work.conn, &waiting)? {
        let of = by_consultation.entry(input.consultation_id).or_default();
        of.push((input.id, input.round_id));
    }
    let mut count = 0;
    for (id, notes) in by_consultation {
        work.lock(id.uuid())?;
        let over = rounds_over(work, id)?;
        let mut notes: Vec<(i64, InputId)> = notes
            .into_iter()
            .filter(|(_, round)| over.contains(round))
            .map(|(note, _)| (work.ids.place(), note))
            .collect();
        notes.sort_unstable();
        let notes: Vec<InputId> = notes.into_iter().map(|(_, note)| note).collect();
        inputs::lay_anew(work.conn, &notes)?;
        store::lay_anew(work.conn, &notes)?;
        // Answers that are kept for retries tell when each was taken.
        let words: Vec<String> = notes.iter().map(ToString::to_string).collect();
        http::idempotency::forget_mentions(work.conn, &words)?;
        count += notes.len();
    }
    Ok(count)
}

/// The rounds of a consultation that are over; none stands for what was said before everybody.
fn rounds_over(work: &mut Work, id: ConsultationId) -> Result<BTreeSet<Option<RoundId>>, Problem> {
    let consultation = consultations::service::load(work, id)?;
    let held = !matches!(
        consultation.phase,
        Phase::Planning | Phase::OpenCall | Phase::RegistrationClosed | Phase::InSession
    );
    let now = work.now;
    let past = |ends_at: Option<Timestamp>| held || ends_at.is_some_and(|at| at <= now);
    let rounds = consultations::programme::service::all::<Round>(work, id)?;
    let mut over: BTreeSet<Option<RoundId>> =
        rounds.iter().filter(|round| past(round.ends_at)).map(|round| Some(round.id)).collect();
    if past(consultation.ends_at) {
        over.insert(None);
    }
    Ok(over)
}
