//! Rapporteurs' notes once their round is over: the keys by which they were recognized are forgotten, and their rows are written anew
//! in random order, so that nothing tells any more in which order they were taken (ARCHITECTURE.md, rule 1).

use std::collections::{BTreeMap, BTreeSet};

use super::InputId;
use crate::consultations::{self, ConsultationId, Phase, Round, RoundId};
use crate::db::Cleared;
use crate::db::types::Timestamp;
use crate::problem::Problem;
use crate::work::Work;
use crate::{db, http};

pub(super) mod store;

/// Notes that one write lays anew at most: each is a dozen statements.
const AT_ONCE: usize = 100;

/// Settles the notes of rounds that are over, in two goes some minutes apart. At first their rows are written anew. Then, when hardly
/// anybody reads from before that any more, the tables are written anew whole, one after the other, and the keys are forgotten: whatever
/// cannot be done now is done at the next go.
pub fn settle(work: &mut Work) -> Result<Cleared, Problem> {
    let laid = lay_anew(work)?;
    if laid.rows > 0 {
        return Ok(laid);
    }
    let Some(step) = store::least_laid(work.conn)? else { return Ok(Cleared::default()) };
    let table =
        usize::try_from(step - store::LAID_ANEW).ok().and_then(|done| store::LAID.get(done));
    match table {
        Some((table, index)) => {
            db::cluster(work.conn, table, index)?;
            store::step_on(work.conn, step)?;
            Ok(Cleared { rows: 0, more: true })
        }
        None => Ok(Cleared::all(store::forget(work.conn, step)?)),
    }
}

/// Writes notes of rounds that are over anew, in random order, a part of them: one that is as likely to be any other.
fn lay_anew(work: &mut Work) -> Result<Cleared, Problem> {
    let mut by_consultation: BTreeMap<ConsultationId, Vec<(InputId, Option<RoundId>)>> =
        BTreeMap::new();
    for (consultation, note, round) in store::as_taken(work.conn)? {
        by_consultation.entry(consultation).or_default().push((note, round));
    }
    let mut laid = Cleared::default();
    for (id, notes) in by_consultation {
        work.lock(id.uuid())?;
        let over = rounds_over(work, id)?;
        let mut notes: Vec<(i64, InputId)> = notes
            .into_iter()
            .filter(|(_, round)| over.contains(round))
            .map(|(note, _)| (work.ids.place(), note))
            .collect();
        if notes.is_empty() {
            continue;
        }
        if laid.rows > 0 {
            return Ok(Cleared { more: true, ..laid });
        }
        notes.sort_unstable();
        // None of a few: these would lie nearly as before.
        let parts = notes.len().div_ceil(AT_ONCE);
        notes.truncate(notes.len().div_ceil(parts));
        let notes: Vec<InputId> = notes.into_iter().map(|(_, note)| note).collect();
        store::lay_rows_anew(work.conn, &notes)?;
        store::lay_keys_anew(work.conn, &notes)?;
        if parts == 1 {
            // Answers that are kept for retries tell when each was taken.
            let all = store::laid_anew(work.conn, id)?;
            let words: Vec<String> = all.iter().map(ToString::to_string).collect();
            http::idempotency::forget_mentions(work.conn, &words)?;
        }
        laid.rows = notes.len();
        if parts > 1 {
            return Ok(Cleared { more: true, ..laid });
        }
    }
    Ok(laid)
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
