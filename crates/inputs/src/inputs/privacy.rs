//! What inputs hold about a person: what they did as one of the team, and the filters they saved. What they contributed is held of
//! nobody: their receipt finds it, and the server does not.

use serde_json::{Value, json};

use super::triage::claims;
use super::{filter, hearings, history, store, wishes};
use crate::accounts::AccountId;
use crate::problem::Problem;
use crate::work::Work;

/// Everything that is held.
pub fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    let filters = filter::store::all_of(work.conn, account)?;
    let asked = hearings::store::asked_by(work.conn, account)?.into_iter();
    let asked = asked.map(|(report, at)| json!({ "report_id": report, "at": at }));
    let answered = hearings::store::answered_by(work.conn, account)?.into_iter();
    let answered = answered.filter_map(|one| one.answer.map(|answer| (one.report_id, answer)));
    let answered = answered.map(
        |(report, answer)| json!({ "report_id": report, "text": answer.text, "at": answer.at }),
    );
    Ok(json!({
        "saved_filters": filters, "participants_asked": asked.collect::<Vec<_>>(),
        "observations_answered": answered.collect::<Vec<_>>(),
    }))
}

/// Forgets who of the team did what.
pub fn erase(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    history::store::forget_actor(work.conn, account)?;
    claims::delete_of(work.conn, account)?;
    store::forget_reader(work.conn, account)?;
    wishes::store::forget_account(work.conn, account)?;
    hearings::store::hand_over(work.conn, account, None)?;
    filter::store::delete_of(work.conn, account)
}
