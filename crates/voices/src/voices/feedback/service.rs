//! What may be done with feedback: given once by each receipt, read as counts by the team. Knows no HTTP.

use super::{Answers, FEWEST, SCALE, Told, check, store};
use crate::access::Permission;
use crate::consultations::{self, Consultation, ConsultationId, Phase};
use crate::db::Cleared;
use crate::problem::{Code, Problem};
use crate::voices::receipts::service as receipts;
use crate::work::Work;

/// What its mark is made of.
const FEEDBACK: &[u8] = b"feedback";

/// Whether it can be given now by a receipt: after the event and before the report is published, once; 404 for whatever is no receipt.
pub fn may_give(work: &mut Work, id: ConsultationId, receipt: &str) -> Result<bool, Problem> {
    let (consultation, holder) = receipts::holder(work, id, receipt)?;
    Ok(is_after(work, &consultation) && !store::is_given(work.conn, id, &holder.once(FEEDBACK))?)
}

/// From the end of the event on, as long as the report is written.
fn is_after(work: &Work, consultation: &Consultation) -> bool {
    match consultation.phase {
        Phase::InSession => consultation.ends_at.is_some_and(|at| at <= work.now),
        Phase::Synthesis | Phase::Clearance => true,
        _ => false,
    }
}

/// Takes what somebody answers by their receipt, as one more in counts. There is nobody in this transaction: what a database keeps of
/// the order and the neighbours of its rows leads to a mark that only the receipt makes.
///
/// # Errors
/// 404 for whatever is no receipt, 409 before the event, after publication and a second time, 422 off the scale.
pub fn give(
    work: &mut Work,
    id: ConsultationId,
    receipt: &str,
    answers: &Answers,
) -> Result<(), Problem> {
    let (consultation, holder) = receipts::holder(work, id, receipt)?;
    check(answers)?;
    if !is_after(work, &consultation) {
        let detail = "Feedback is given after the event and until the report is published.";
        return Err(Problem::new(Code::NotInThisPhase, detail));
    }
    work.lock(id.uuid())?;
    store::give(work.conn, id, &holder.once(FEEDBACK), || {
        Problem::new(Code::AlreadyExists, "Feedback was given by this receipt already.")
    })?;
    store::count_voice(work.conn, id)?;
    for (statement, answer) in answers {
        store::count_answer(work.conn, id, *statement, *answer)?;
    }
    Ok(())
}

/// Tells, once a day, what at least five voices have answered since: whoever looks often learns from no change when somebody
/// answered, nor what.
pub fn tell_due(work: &mut Work) -> Result<Cleared, Problem> {
    let due = store::due(work.conn, FEWEST)?;
    for id in &due {
        store::tell(work.conn, *id)?;
        store::shuffle(work.conn, *id)?;
    }
    Ok(Cleared::all(due.len()))
}

/// The counts as they were last told; for the team.
pub fn read(work: &mut Work, id: ConsultationId) -> Result<Told, Problem> {
    let consultation = consultations::service::see(work, id)?;
    work.require(Permission::ReadRegistrations, &consultation.scope())?;
    let (voices, rows) = store::told(work.conn, id)?;
    let mut told = Told { voices, ..Told::default() };
    for (statement, answer, count) in rows.into_iter().filter(|row| SCALE.contains(&row.1)) {
        let place = usize::try_from(answer - SCALE.start()).unwrap_or_default();
        if let Some(known) = told.counts.entry(statement).or_default().get_mut(place) {
            *known = count;
        }
    }
    told.counts.retain(|_, counts| counts.iter().any(|count| *count > 0));
    Ok(told)
}
