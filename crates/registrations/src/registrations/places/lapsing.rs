//! Offers whose time has run out: the place goes to the next. The worker of any process does it; the consultation's lock
//! keeps two of them apart, and what one has done the other finds done.

use std::collections::BTreeSet;

use super::ledger::Ledger;
use super::store;
use crate::app::App;
use crate::consultations::{self, Activity, ConsultationId};
use crate::problem::Problem;
use crate::registrations::{Registration, RegistrationId, RegistrationState, history};
use crate::work::{Credentials, Work};

/// Offers of one look.
const AT_ONCE: i64 = 500;

/// Lets offers lapse that have run out, and says how many. A look costs nobody anything; only when there are some is
/// a write begun.
pub async fn sweep(app: &App) -> Result<usize, Problem> {
    let now = app.clock.now();
    let due = app.db.read(move |conn| store::lapsed(conn, now, AT_ONCE)).await?;
    let consultations: BTreeSet<ConsultationId> = due.iter().map(|(id, _)| *id).collect();
    let mut lapsed = 0;
    for consultation in consultations {
        let own = due.iter().filter(|(id, _)| *id == consultation);
        let ids: Vec<RegistrationId> = own.map(|(_, id)| *id).collect();
        let work = move |work: &mut Work| lapse(work, consultation, &ids);
        lapsed += app.write(Credentials::Operator, work).await?;
    }
    Ok(lapsed)
}

/// Lets those of the registrations lapse whose offer has run out, and offers their places to the next.
fn lapse(
    work: &mut Work,
    consultation: ConsultationId,
    ids: &[RegistrationId],
) -> Result<usize, Problem> {
    let consultation = consultations::service::locked(work, consultation)?;
    // Once nobody is decided on any more an offer is simply not taken.
    if !Activity::DecideRegistrations.phases().contains(&consultation.phase) {
        return Ok(0);
    }
    let is_due = |one: &Registration| {
        let over = one.accept_by.is_some_and(|until| until <= work.now);
        one.state == RegistrationState::Offered && over
    };
    let rows = store::some(work.conn, consultation.id, ids)?;
    let due: Vec<Registration> = rows.into_iter().filter(is_due).collect();
    let before = history::lapses(work, ids)?;
    let mut ledger = Ledger::open(work, &consultation)?;
    for one in &due {
        ledger.lapse(work, one, before.contains(&one.id))?;
    }
    ledger.promote(work, Some(due.len()))?;
    ledger.write(work)?;
    Ok(due.len())
}
