//! What may be done with feedback: given once by who took part, read as counts by the team. Knows no HTTP.

use super::{Answers, FEWEST, SCALE, Told, check, store};
use crate::access::Permission;
use crate::consultations::{self, Consultation, ConsultationId, Phase};
use crate::db;
use crate::problem::{Code, Problem};
use crate::registrations::{self, Registration, RegistrationState};
use crate::work::Work;

/// Whether the caller can answer now: confirmed, after the event and before the report is published, and has not yet.
pub fn may_give(work: &mut Work, consultation: &Consultation) -> Result<bool, Problem> {
    let Some(own) = confirmed(work, consultation)? else { return Ok(false) };
    Ok(is_after(work, consultation) && !store::is_given(work.conn, own.id)?)
}

fn confirmed(
    work: &mut Work,
    consultation: &Consultation,
) -> Result<Option<Registration>, Problem> {
    let caller = work.caller.signed_in()?;
    let own = registrations::service::of_account(work, consultation.id, caller)?;
    Ok(own.filter(|own| own.state == RegistrationState::Confirmed))
}

/// From the end of the event on, as long as the report is written.
fn is_after(work: &Work, consultation: &Consultation) -> bool {
    match consultation.phase {
        Phase::InSession => consultation.ends_at.is_some_and(|at| at <= work.now),
        Phase::Synthesis | Phase::Clearance => true,
        _ => false,
    }
}

/// Takes what the caller answers, as one more in counts.
///
/// # Errors
/// 403 for who is not confirmed, 409 before the event, after publication and a second time, 422 off the scale.
pub fn give(work: &mut Work, id: ConsultationId, answers: &Answers) -> Result<(), Problem> {
    check(answers)?;
    let consultation = consultations::service::see(work, id)?;
    let own = confirmed(work, &consultation)?.ok_or_else(|| {
        Problem::new(Code::Forbidden, "Feedback is given by those who are confirmed.")
    })?;
    if !is_after(work, &consultation) {
        let detail = "Feedback is given after the event and until the report is published.";
        return Err(Problem::new(Code::NotInThisPhase, detail));
    }
    db::lock(work.conn, id.uuid())?;
    store::give(work.conn, own.id, || {
        Problem::new(Code::AlreadyExists, "You have given your feedback already.")
    })?;
    store::count_person(work.conn, id)?;
    for (statement, answer) in answers {
        store::count_answer(work.conn, id, *statement, *answer)?;
    }
    Ok(())
}

/// Tells, once a day, what at least five people have answered since: whoever looks often learns from no change who answered what.
/// Says of how many consultations.
pub fn tell_due(work: &mut Work) -> Result<usize, Problem> {
    let due = store::due(work.conn, FEWEST)?;
    for id in &due {
        store::tell(work.conn, *id)?;
    }
    Ok(due.len())
}

/// The counts as they were last told; for the team.
pub fn read(work: &mut Work, id: ConsultationId) -> Result<Told, Problem> {
    let consultation = consultations::service::see(work, id)?;
    work.require(Permission::ReadRegistrations, &consultation.scope())?;
    let (people, rows) = store::told(work.conn, id)?;
    let mut told = Told { people, ..Told::default() };
    for (statement, answer, count) in rows.into_iter().filter(|row| SCALE.contains(&row.1)) {
        let place = usize::try_from(answer - SCALE.start()).unwrap_or_default();
        if let Some(known) = told.counts.entry(statement).or_default().get_mut(place) {
            *known = count;
        }
    }
    told.counts.retain(|_, counts| counts.iter().any(|count| *count > 0));
    Ok(told)
}

/// Forgets that somebody has answered. What they answered is a count and nobody's.
pub(super) fn forget(work: &mut Work, account: crate::accounts::AccountId) -> Result<(), Problem> {
    for registration in registrations::service::all_of_person(work, account)? {
        store::forget(work.conn, registration.id)?;
    }
    Ok(())
}
