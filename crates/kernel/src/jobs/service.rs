//! What a caller may do with jobs: start one, look at their own, stop one. The work itself is not here.

use uuid::Uuid;

use super::store::{self, Lot};
use super::{Course, Job, JobId, JobKind, JobState, UnderWay};
use crate::access::{Permission, Scope};
use crate::http::page::{Listing, Paging};
use crate::problem::Problem;
use crate::work::Work;

/// Queues work for the caller. Whether they may do it is for the caller of this to ask, and for the work itself again when
/// it is done. `payload` is what it works on and is deleted when it ends; `params` must hold no personal data.
pub fn start(
    work: &mut Work,
    kind: JobKind,
    scope: Scope,
    params: serde_json::Value,
    payload: Vec<u8>,
) -> Result<Job, Problem> {
    let job = Job {
        id: work.id(),
        kind,
        account_id: work.caller.signed_in()?,
        scope,
        params,
        created_at: work.now,
        course: Course::Queued { earlier: None },
    };
    store::insert(work.conn, &job, &payload)?;
    let details = serde_json::json!({ "kind": kind, "consultation": scope.consultation.map(|id: Uuid| id.to_string()) });
    work.audit_with("job.started", "job", job.id, details);
    Ok(job)
}

/// A job that the caller started; for an administrator anybody's, without what it found. 404 for others.
pub fn see(work: &mut Work, id: JobId) -> Result<Job, Problem> {
    let account = work.caller.signed_in()?;
    let job = store::find(work.conn, id)?.ok_or_else(|| Problem::not_found("job"))?;
    if job.account_id == account {
        return Ok(job);
    }
    if !work.may(Permission::ReadAudit, &Scope::INSTANCE) {
        return Err(Problem::not_found("job"));
    }
    Ok(Job { course: job.course.without_findings(), ..job })
}

/// Imports that were decided and are not through, in the order of their consultations; for other services: no permission is asked.
pub fn under_way(work: &mut Work) -> Result<Vec<UnderWay>, Problem> {
    store::under_way(work.conn)
}

/// The next lot of a job, which is forgotten with it, if any is left. Needs the lock of whoever changes lots.
pub fn take_lot(work: &mut Work, id: JobId) -> Result<Option<Vec<u8>>, Problem> {
    let Some((number, lot)) = store::next_lot(work.conn, id)? else { return Ok(None) };
    store::delete_lot(work.conn, id, number)?;
    Ok(Some(lot))
}

/// The lots that a job still has to take, in their order.
pub fn lots(work: &mut Work, id: JobId) -> Result<Vec<Lot>, Problem> {
    store::lots(work.conn, id)
}

/// Writes another lot in place of one. Needs the lock under which the job takes it.
pub fn replace_lot(work: &mut Work, id: JobId, lot: &Lot) -> Result<(), Problem> {
    store::replace_lot(work.conn, id, lot)
}

/// The caller's own jobs, the newest first.
pub fn list(work: &mut Work, paging: &Paging) -> Result<Listing<Job>, Problem> {
    let account = work.caller.signed_in()?;
    let rows = store::of_account(work.conn, account, paging)?;
    Ok(paging.finish(rows, |job| vec![job.id.to_string()]))
}

/// Stops a job: at once when nobody has begun it, else at its next step. 409 when it has ended.
pub fn cancel(work: &mut Work, id: JobId) -> Result<Job, Problem> {
    let job = see(work, id)?;
    if job.course.state() == JobState::Cancelled {
        return Ok(job);
    }
    job.course.require_cancellable()?;
    store::cancel(work.conn, id, work.now)?;
    work.audit("job.cancelled", "job", id);
    see(work, id)
}
