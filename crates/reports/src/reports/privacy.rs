//! What reports hold about a person: what they did as one of the team. Of who contributed they hold nothing.

use serde_json::{Value, json};

use super::{checks, clearance, history, milestones, suggestions, translations};
use crate::accounts::{self, AccountId};
use crate::problem::Problem;
use crate::work::Work;

/// Everything that is held.
pub(super) fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    let steps = history::store::taken_by(work.conn, account)?.into_iter();
    let steps = steps
        .map(|(report, kind, at)| json!({ "report_id": report, "kind": kind, "at": at }))
        .collect::<Vec<Value>>();
    let made = suggestions::store::made_by(work.conn, account)?.into_iter();
    let made = made
        .map(|one| json!({ "id": one.id, "kind": one.kind, "text": one.text, "state": one.state, "at": one.made_at }))
        .collect::<Vec<Value>>();
    let said = suggestions::store::said_by(work.conn, account)?.into_iter();
    let said = said
        .map(|one| json!({ "suggestion_id": one.suggestion_id, "text": one.text, "at": one.said_at }))
        .collect::<Vec<Value>>();
    // What came in Word files under a name is told to nobody by that name: anybody can take one.
    let clearance = clearance::service::data_of(work, account)?;
    let translates = translations::store::translated_by(work.conn, account)?.into_iter();
    let translates = translates
        .map(|(report, language)| json!({ "report_id": report, "language": language }))
        .collect::<Vec<Value>>();
    Ok(json!({
        "translations": translates, "draft_steps": steps, "suggestions_made": made, "suggestion_comments": said, "clearance": clearance,
    }))
}

/// What they drafted, suggested and said about texts stays, as nobody's. Out of frozen texts that print them, as one who spoke or hosted,
/// they are left; what nobody is printed in is not touched, whatever they call themself.
pub(super) fn erase(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    let name = accounts::service::load(work, account)?.name;
    milestones::service::forget(work, account)?;
    clearance::positions::store::forget_name(work.conn, account)?;
    clearance::hearing::service::forget(work, account)?;
    translations::store::forget_name(work.conn, account)?;
    // A name in a Word file leads to nobody: whoever was never of a team takes none away by being called so.
    if was_of_a_team(work, account)? {
        suggestions::store::forget_author(work.conn, &name)?;
    }
    history::store::forget_account(work.conn, account)?;
    milestones::store::forget_account(work.conn, account)?;
    checks::store::forget_account(work.conn, account)?;
    checks::remembered::forget(work)?;
    translations::store::hand_over(work.conn, account, None)?;
    clearance::service::hand_over(work, account, None)?;
    suggestions::store::hand_over(work.conn, account, None)
}

/// Whether they were given a role, did anything in a draft, or were asked to clear one.
fn was_of_a_team(work: &mut Work, account: AccountId) -> Result<bool, Problem> {
    Ok(!accounts::roles::service::grants_of(work, account)?.is_empty()
        || !history::store::taken_by(work.conn, account)?.is_empty()
        || !suggestions::store::made_by(work.conn, account)?.is_empty()
        || !suggestions::store::said_by(work.conn, account)?.is_empty()
        || !clearance::asking::store::asked(work.conn, account)?.is_empty())
}
