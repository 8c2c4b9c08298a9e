//! What is done about hearings, by who clears reports and by who mixes. Asks nobody's permission: that is for them.

use super::{Hearing, Observation, ObservationAnswer, Observed, store};
use crate::consultations::{Consultation, ConsultationId, Phase};
use crate::db::types::Timestamp;
use crate::inputs::seal;
use crate::problem::{Code, Problem};
use crate::vocabulary::{ClearanceCommentId, ClearanceRoundId, ReportId};
use crate::work::Work;

/// Asks participants; 409 where they are asked in this round already.
pub fn ask(work: &mut Work, hearing: Hearing) -> Result<(), Problem> {
    store::insert(work.conn, hearing)
}

/// The hearing of a round.
pub fn of_round(work: &mut Work, id: ClearanceRoundId) -> Result<Option<Hearing>, Problem> {
    store::of_round(work.conn, id)
}

/// The hearing of a consultation that is open now.
pub fn open(work: &mut Work, consultation: &Consultation) -> Result<Option<Hearing>, Problem> {
    if consultation.phase == Phase::Cancelled {
        return Ok(None);
    }
    store::open(work.conn, consultation.id, work.now)
}

/// The hearing that is open now; 409 when none is.
pub fn require_open(work: &mut Work, consultation: &Consultation) -> Result<Hearing, Problem> {
    open(work, consultation)?.ok_or_else(|| {
        let detail = "Participants are not asked about a draft now.";
        Problem::new(Code::NotInThisPhase, detail)
    })
}

/// The moments at which hearings of a consultation end: what waits then is let in at the next fixed time.
pub fn ends(work: &mut Work, id: ConsultationId) -> Result<Vec<Timestamp>, Problem> {
    store::ends(work.conn, id)
}

/// Whether a hearing is over and everything that was said in it has been let in.
pub fn is_settled(work: &mut Work, hearing: &Hearing) -> Result<bool, Problem> {
    if hearing.is_open(work.now) {
        return Ok(false);
    }
    seal::is_let_in(work, hearing.consultation_id, hearing.ends_at)
}

/// Makes an observation of what was said, as it was checked. For who mixes alone.
pub fn bring_in(
    work: &mut Work,
    hearing: &Hearing,
    said: Observed,
) -> Result<ClearanceCommentId, Problem> {
    let id = work.ids.unlinkable();
    let said = hearing.without_lost_quote(said);
    let one = Observation {
        id,
        round_id: hearing.round_id,
        report_id: hearing.report_id,
        said,
        answer: None,
        version: 1,
    };
    store::insert_observation(work.conn, one)?;
    Ok(id)
}

/// An observation, or 404.
pub fn load(work: &mut Work, id: ClearanceCommentId) -> Result<Observation, Problem> {
    store::observation(work.conn, id)
}

/// Those of these observations that there are.
pub fn some(work: &mut Work, ids: &[ClearanceCommentId]) -> Result<Vec<Observation>, Problem> {
    store::some(work.conn, ids)
}

/// All on a report, in an order that tells nothing.
pub fn of_report(work: &mut Work, id: ReportId) -> Result<Vec<Observation>, Problem> {
    store::of_report(work.conn, id)
}

/// Writes what the caller answers.
pub fn answer(
    work: &mut Work,
    id: ClearanceCommentId,
    taken: bool,
    text: String,
) -> Result<Observation, Problem> {
    let before = store::observation(work.conn, id)?;
    let answer = ObservationAnswer { taken, text, by: work.caller.id(), at: work.now };
    let answered = Observation { answer: Some(answer), version: before.version + 1, ..before };
    store::update_observation(work.conn, answered.clone())?;
    Ok(answered)
}

/// All hearings, for who leaves somebody who is erased out of them.
pub fn all(work: &mut Work) -> Result<Vec<Hearing>, Problem> {
    store::all(work.conn)
}

/// Keeps what participants read with names left out. Who quoted one quotes nothing any more.
pub fn leave_out(work: &mut Work, hearing: Hearing) -> Result<(), Problem> {
    for one in store::quoting(work.conn, hearing.round_id)? {
        if hearing.without_lost_quote(one.said).quote.is_none() {
            store::forget_quote(work.conn, one.id)?;
        }
    }
    store::leave_out(work.conn, hearing)
}
