//! Retention: what has been kept for as long as its class may be is counted, or forgotten. That is done in parts, from a place on, so
//! that nobody waits for it: what is forgotten is forgotten, also when the process dies in the middle.

use std::collections::BTreeMap;

use chrono::Days;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Expired, Occasion, PURGED, Purge, erasure, kept_days, store};
use crate::access::{Permission, Scope};
use crate::accounts::{self, AccountId};
use crate::app::App;
use crate::consultations::{ConsultationId, ended};
use crate::db::types::Timestamp;
use crate::http::idempotency;
use crate::http::page::{Listing, Paging};
use crate::jobs::{self, Advance, Job, JobKind, Spell, Task};
use crate::problem::{Code, Problem};
use crate::registrations;
use crate::registry::{self, Expiring, Found, Stretch};
use crate::vocabulary::RetentionClass;
use crate::work::{Credentials, Work};

/// The lock of whoever purges.
const PURGING: uuid::Uuid = uuid::Uuid::from_u128(0x70_7572_6769_6e67);
/// Rows that are looked at before it is asked whether it is others' turn.
const AT_ONCE: i64 = 10;
/// Rows that are looked at in one go where nothing is written.
const COUNTED_AT_ONCE: i64 = 500;

/// What a purge would forget now.
pub fn preview(work: &mut Work) -> Result<Vec<Expired>, Problem> {
    work.require(Permission::PurgeData, &Scope::INSTANCE)?;
    PURGED.into_iter().map(|class| expired(work, class)).collect()
}

/// Starts a job that purges every class.
pub fn start(work: &mut Work) -> Result<Job, Problem> {
    work.require(Permission::PurgeData, &Scope::INSTANCE)?;
    jobs::service::start(work, JobKind::Purge, Scope::INSTANCE, json!({}), Vec::new())
}

/// How far a purge has come. Holds how much of what, never whose.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Place {
    /// How many classes are done.
    classes: usize,
    /// How many tables of the class that comes next.
    tables: usize,
    /// The last id that was looked at in the table that comes next.
    after: Option<Uuid>,
    /// What was forgotten of this class.
    counts: BTreeMap<String, u64>,
    /// What was forgotten of those before.
    purged: Vec<Expired>,
}

/// Forgets for a while what has been kept for long enough, by class; what is found is told by class. The work of the job.
pub fn run(work: &mut Work, task: &Task, place: Option<&Value>) -> Result<Advance, Problem> {
    let read = |place: &Value| serde_json::from_value(place.clone()).map_err(Problem::internal);
    let mut place: Place = place.map(read).transpose()?.unwrap_or_default();
    let class = PURGED.get(place.classes).map_or("", |class| class.as_str());
    task.progress.step(place.classes, PURGED.len(), class)?;
    if go_on(work, &mut place, Occasion::Request)? {
        Ok(Advance::Done(json!({ "purged": place.purged })))
    } else {
        serde_json::to_value(&place).map(Advance::To).map_err(Problem::internal)
    }
}

/// Forgets from a place on until it is others' turn, and notes of each class that is done how much that was. Whether all is done.
fn go_on(work: &mut Work, place: &mut Place, occasion: Occasion) -> Result<bool, Problem> {
    work.require(Permission::PurgeData, &Scope::INSTANCE)?;
    work.lock(PURGING)?;
    let spell = Spell::begin();
    // What is looked through for whoever goes is no more than there has to be.
    if idempotency::purge(work.conn, work.now)?.more {
        return Ok(false);
    }
    while let Some(class) = PURGED.get(place.classes).copied() {
        let (expiring, expired) = expiring(work, class)?;
        for (table, purge) in kept(work, class).into_iter().skip(place.tables) {
            loop {
                if spell.is_over() {
                    return Ok(false);
                }
                let stretch = Stretch { forget: true, after: place.after, most: AT_ONCE };
                let found = purge(work, &expiring, stretch)?;
                add(&mut place.counts, table, found.count);
                place.after = found.last;
                if place.after.is_none() {
                    break;
                }
            }
            place.tables += 1;
        }
        let expired = Expired { counts: std::mem::take(&mut place.counts), ..expired };
        note(work, &expired, occasion)?;
        place.purged.push(expired);
        (place.classes, place.tables) = (place.classes + 1, 0);
    }
    Ok(true)
}

fn note(work: &mut Work, expired: &Expired, occasion: Occasion) -> Result<(), Problem> {
    if expired.is_empty() {
        return Ok(());
    }
    let purge = Purge {
        id: work.id(),
        expired: expired.clone(),
        occasion,
        account_id: work.caller.id(),
        created_at: work.now,
    };
    store::insert(work.conn, &purge)?;
    let details = json!({ "class": expired.class, "occasion": occasion });
    work.audit_with("data.purged", "purge", purge.id, details);
    Ok(())
}

/// Purges every class, in parts: for the command line and the daily run.
pub fn purge_all(app: &App, occasion: Occasion) -> Result<Vec<Expired>, Problem> {
    let mut place = Place::default();
    loop {
        let (all, next) = app.write_blocking(&Credentials::Operator, |work| {
            let mut place = place.clone();
            Ok((go_on(work, &mut place, occasion)?, place))
        })?;
        place = next;
        if all {
            return Ok(place.purged);
        }
    }
}

/// What was purged, the oldest first.
pub fn list(work: &mut Work, paging: &Paging) -> Result<Listing<Purge>, Problem> {
    work.require(Permission::PurgeData, &Scope::INSTANCE)?;
    let rows = store::list(work.conn, paging)?;
    Ok(paging.finish(rows, |purge| vec![purge.id.to_string()]))
}

/// What is meant of a class, and how that is told before anything is counted.
fn expiring(work: &mut Work, class: RetentionClass) -> Result<(Expiring, Expired), Problem> {
    let Some(kept_days) = kept_days(class, &work.settings.retention) else {
        return Err(Problem::internal("a class that is not purged"));
    };
    let today = work.now.utc().date_naive();
    let before = today.checked_sub_days(Days::new(u64::from(kept_days.unsigned_abs())));
    let before = before.ok_or_else(|| Problem::internal("a day before all days"))?;
    let held = ended::before(work.conn, before)?;
    let midnight = Timestamp::new(before.and_time(chrono::NaiveTime::MIN).and_utc());
    let expired = Expired { class, kept_days, before, counts: BTreeMap::new() };
    Ok((Expiring { class, held, before: midnight }, expired))
}

/// What is kept of a class, by table.
fn kept(work: &Work, class: RetentionClass) -> Vec<(&'static str, registry::Purge)> {
    let kept = work.registry.features().flat_map(|feature| feature.retention);
    let theirs = kept.filter(|(of, ..)| *of == class);
    theirs.map(|(_, table, purge)| (*table, *purge)).collect()
}

fn add(counts: &mut BTreeMap<String, u64>, table: &str, count: u64) {
    if count > 0 {
        *counts.entry(table.to_owned()).or_default() += count;
    }
}

/// Counts what is meant of a class.
fn expired(work: &mut Work, class: RetentionClass) -> Result<Expired, Problem> {
    let (expiring, mut expired) = expiring(work, class)?;
    for (table, purge) in kept(work, class) {
        let mut after = None;
        loop {
            let stretch = Stretch { forget: false, after, most: COUNTED_AT_ONCE };
            let found = purge(work, &expiring, stretch)?;
            add(&mut expired.counts, table, found.count);
            after = found.last;
            if after.is_none() {
                break;
            }
        }
    }
    Ok(expired)
}

/// People without a role who have not used their account since, and whose consultations are all long over.
pub fn people(work: &mut Work, expiring: &Expiring, stretch: Stretch) -> Result<Found, Problem> {
    let Expiring { held, before, .. } = expiring;
    let after = stretch.after.map(AccountId::new);
    let part = accounts::privacy::unused_since(work, *before, after, stretch.most)?;
    let (mut count, mut words) = (0, Vec::new());
    for account in &part {
        if is_long_over(work, *account, held)? {
            count += usize::from(gone(work, *account, stretch.forget, &mut words)?);
        }
    }
    idempotency::forget_mentions(work.conn, &words)?;
    Ok(stretch.found(count, &part))
}

fn is_long_over(
    work: &mut Work,
    account: AccountId,
    held: &[ConsultationId],
) -> Result<bool, Problem> {
    let all = registrations::service::all_of_person(work, account)?;
    Ok(all.iter().all(|registration| held.contains(&registration.consultation_id)))
}

/// Whether it is to go; somebody who still has to hand a role over stays. By the words, answers may mention who is gone.
fn gone(
    work: &mut Work,
    account: AccountId,
    forget: bool,
    words: &mut Vec<String>,
) -> Result<bool, Problem> {
    if !forget {
        return Ok(true);
    }
    match erasure::forget(work, account, "retention") {
        Ok(known_by) => {
            words.extend(known_by);
            Ok(true)
        }
        Err(problem) if problem.code() == Code::InUse => Ok(false),
        Err(problem) => Err(problem),
    }
}
