//! Retention: what has been kept for as long as its class may be is counted, or forgotten. Each class is one transaction on
//! its own where nobody waits for all of them (command line, daily run), and all are one where it is a job.

use std::collections::BTreeMap;

use chrono::Days;
use serde_json::{Value, json};

use super::{Expired, Occasion, PURGED, Purge, erasure, kept_days, store};
use crate::access::{Permission, Scope};
use crate::accounts::{self, AccountId};
use crate::app::App;
use crate::consultations::{ConsultationId, ended};
use crate::db::types::Timestamp;
use crate::http::page::{Listing, Paging};
use crate::jobs::{self, Job, JobKind, Task};
use crate::problem::{Code, Problem};
use crate::registry::Expiring;
use crate::vocabulary::RetentionClass;
use crate::work::{Credentials, Work};
use crate::{db, registrations};

/// The lock of whoever purges.
const PURGING: uuid::Uuid = uuid::Uuid::from_u128(0x70_7572_6769_6e67);
/// Accounts that are looked at in one go.
const ACCOUNTS: i64 = 500;

/// What a purge would forget now.
pub fn preview(work: &mut Work) -> Result<Vec<Expired>, Problem> {
    work.require(Permission::PurgeData, &Scope::INSTANCE)?;
    PURGED.into_iter().map(|class| expired(work, class, false)).collect()
}

/// Starts a job that purges every class.
pub fn start(work: &mut Work) -> Result<Job, Problem> {
    work.require(Permission::PurgeData, &Scope::INSTANCE)?;
    jobs::service::start(work, JobKind::Purge, Scope::INSTANCE, json!({}), Vec::new())
}

/// Purges every class; what is found is told by class. The work of the job.
pub fn run(work: &mut Work, task: &Task) -> Result<Value, Problem> {
    let mut done = Vec::new();
    for (at, class) in PURGED.into_iter().enumerate() {
        task.progress.step(at, PURGED.len(), class.as_str())?;
        done.push(purge(work, class, Occasion::Request)?);
    }
    Ok(json!({ "purged": done }))
}

/// Forgets what has been kept for long enough of a class, and notes how much of what.
pub fn purge(
    work: &mut Work,
    class: RetentionClass,
    occasion: Occasion,
) -> Result<Expired, Problem> {
    work.require(Permission::PurgeData, &Scope::INSTANCE)?;
    db::lock(work.conn, PURGING)?;
    let expired = expired(work, class, true)?;
    if expired.is_empty() {
        return Ok(expired);
    }
    let purge = Purge {
        id: work.id(),
        expired,
        occasion,
        account_id: work.caller.id(),
        created_at: work.now,
    };
    store::insert(work.conn, &purge)?;
    let details = json!({ "class": class, "occasion": occasion });
    work.audit_with("data.purged", "purge", purge.id, details);
    Ok(purge.expired)
}

/// Purges every class, each in a transaction of its own: for the command line and the daily run.
pub fn purge_all(app: &App, occasion: Occasion) -> Result<Vec<Expired>, Problem> {
    let one =
        |class| app.write_blocking(&Credentials::Operator, |work| purge(work, class, occasion));
    PURGED.into_iter().map(one).collect()
}

/// What was purged, the oldest first.
pub fn list(work: &mut Work, paging: &Paging) -> Result<Listing<Purge>, Problem> {
    work.require(Permission::PurgeData, &Scope::INSTANCE)?;
    let rows = store::list(work.conn, paging)?;
    Ok(paging.finish(rows, |purge| vec![purge.id.to_string()]))
}

/// Counts what is meant, and forgets it if asked to.
fn expired(work: &mut Work, class: RetentionClass, forget: bool) -> Result<Expired, Problem> {
    let Some(kept_days) = kept_days(class, &work.settings.retention) else {
        return Err(Problem::internal("a class that is not purged"));
    };
    let today = work.now.utc().date_naive();
    let before = today.checked_sub_days(Days::new(u64::from(kept_days.unsigned_abs())));
    let before = before.ok_or_else(|| Problem::internal("a day before all days"))?;
    let held = ended::before(work.conn, before)?;
    let midnight = Timestamp::new(before.and_time(chrono::NaiveTime::MIN).and_utc());
    let expiring = Expiring { class, held, before: midnight };
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let kept = work.registry.features().flat_map(|feature| feature.retention);
    for (_, table, purge) in kept.filter(|(kept, ..)| *kept == class) {
        let count = purge(work, &expiring, forget)?;
        if count > 0 {
            *counts.entry((*table).to_owned()).or_default() += count;
        }
    }
    Ok(Expired { class, kept_days, before, counts })
}

/// People without a role who have not used their account since, and whose consultations are all long over.
pub fn people(work: &mut Work, expiring: &Expiring, forget: bool) -> Result<u64, Problem> {
    let Expiring { held, before, .. } = expiring;
    let (mut found, mut after) = (0, None);
    loop {
        let part = accounts::privacy::unused_since(work, *before, after, ACCOUNTS)?;
        let Some(last) = part.last().copied() else { return Ok(found) };
        for account in part {
            if !is_long_over(work, account, held)? {
                continue;
            }
            found += u64::from(gone(work, account, forget)?);
        }
        after = Some(last);
    }
}

fn is_long_over(
    work: &mut Work,
    account: AccountId,
    held: &[ConsultationId],
) -> Result<bool, Problem> {
    let all = registrations::service::all_of_person(work, account)?;
    Ok(all.iter().all(|registration| held.contains(&registration.consultation_id)))
}

/// Whether it is to go; somebody who still has to hand a role over stays.
fn gone(work: &mut Work, account: AccountId, forget: bool) -> Result<bool, Problem> {
    if !forget {
        return Ok(true);
    }
    match erasure::erase(work, account, "retention") {
        Ok(()) => Ok(true),
        Err(problem) if problem.code() == Code::InUse => Ok(false),
        Err(problem) => Err(problem),
    }
}
