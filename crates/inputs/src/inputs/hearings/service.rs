//! What is done about hearings, by who clears reports and by who mixes. Asks nobody's permission: that is for them.

use super::{HeardDraft, Hearing, Observation, ObservationAnswer, Observed, store};
use crate::consultations::{Consultation, ConsultationId, Phase};
use crate::inputs::seal;
use crate::problem::{Code, Problem};
use crate::vocabulary::{ClearanceCommentId, ClearanceRoundId, ReportId};
use crate::work::Work;

/// Asks participants about a draft; 409 where they are asked in this round already.
pub fn ask(work: &mut Work, hearing: Hearing, draft: HeardDraft) -> Result<(), Problem> {
    store::insert(work.conn, hearing, draft)
}

/// The hearing of a round.
pub fn of_round(work: &mut Work, id: ClearanceRoundId) -> Result<Option<Hearing>, Problem> {
    store::of_round(work.conn, id)
}

/// What participants read in a round; nothing where they are not asked.
pub fn draft(work: &mut Work, id: ClearanceRoundId) -> Result<Option<HeardDraft>, Problem> {
    store::draft(work.conn, id)
}

/// The hearing of a consultation that is open now.
pub fn open(work: &mut Work, consultation: &Consultation) -> Result<Option<Hearing>, Problem> {
    if consultation.phase == Phase::Cancelled {
        return Ok(None);
    }
    store::open(work.conn, consultation.id, work.now)
}

/// What is said of the draft that participants are asked about now, as it is kept, with the round; 409 when they are not asked, 422
/// naming everything that does not fit.
pub fn checked(
    work: &mut Work,
    consultation: &Consultation,
    said: Observed,
) -> Result<(ClearanceRoundId, Observed), Problem> {
    let closed = || {
        let detail = "Participants are not asked about a draft now.";
        Problem::new(Code::NotInThisPhase, detail)
    };
    let round = open(work, consultation)?.ok_or_else(closed)?.round_id;
    let draft = store::draft(work.conn, round)?.ok_or_else(closed)?;
    Ok((round, draft.checked(said)?))
}

/// The hearings of a consultation: what waits as one ends is let in at the next fixed time.
pub fn of_consultation(work: &mut Work, id: ConsultationId) -> Result<Vec<Hearing>, Problem> {
    store::of_consultation(work.conn, id)
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
    let quoted = match said.quote {
        Some(_) => store::draft(work.conn, hearing.round_id)?,
        None => None,
    };
    let said = match quoted {
        Some(draft) => draft.without_lost_quote(said),
        None => said,
    };
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

/// What participants read in every round in which they are asked, for who leaves somebody who is erased out of it.
pub fn drafts(work: &mut Work) -> Result<Vec<(ClearanceRoundId, HeardDraft)>, Problem> {
    store::drafts(work.conn)
}

/// Keeps what participants read with names left out. Who quoted one quotes nothing any more.
pub fn leave_out(work: &mut Work, id: ClearanceRoundId, draft: HeardDraft) -> Result<(), Problem> {
    for one in store::quoting(work.conn, id)? {
        if draft.without_lost_quote(one.said).quote.is_none() {
            store::forget_quote(work.conn, one.id)?;
        }
    }
    store::leave_out(work.conn, id, draft)
}
