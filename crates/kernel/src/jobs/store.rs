//! The tables of jobs and of what they work on. SQL and nothing else.

use diesel::prelude::*;

use super::{Failure, Figures, Job, JobId, JobKind, JobState};
use crate::access::Scope;
use crate::db::Conn;
use crate::db::schema::{job_payloads, jobs};
use crate::db::types::{Id, Json, Timestamp};
use crate::http::page::Paging;
use crate::problem::Problem;
use crate::vocabulary::AccountId;

pub use crate::vocabulary::LeaseId;

#[derive(Queryable, Insertable)]
#[diesel(table_name = jobs)]
struct Row {
    id: JobId,
    kind: JobKind,
    state: JobState,
    account_id: AccountId,
    review_id: Option<Id<Scope>>,
    consultation_id: Option<Id<Scope>>,
    params: Json<serde_json::Value>,
    done: i64,
    total: Option<i64>,
    message: Option<String>,
    result: Option<Json<serde_json::Value>>,
    problem: Option<Json<Failure>>,
    attempts: i32,
    lease: Option<LeaseId>,
    lease_until: Option<Timestamp>,
    cancel_requested: bool,
    created_at: Timestamp,
    started_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
}

impl From<Row> for Job {
    fn from(row: Row) -> Self {
        let scope = Scope {
            review: row.review_id.map(Id::uuid),
            consultation: row.consultation_id.map(Id::uuid),
            group: None,
        };
        Self {
            id: row.id,
            kind: row.kind,
            state: row.state,
            account_id: row.account_id,
            scope,
            params: row.params.0,
            figures: Figures { done: row.done, total: row.total, message: row.message },
            result: row.result.map(|result| result.0),
            problem: row.problem.map(|problem| problem.0),
            attempts: row.attempts,
            cancel_requested: row.cancel_requested,
            created_at: row.created_at,
            started_at: row.started_at,
            ended_at: row.ended_at,
        }
    }
}

/// Writes a new one and what it works on.
pub fn insert(conn: &mut Conn, job: &Job, payload: &[u8]) -> Result<(), Problem> {
    let row = Row {
        id: job.id,
        kind: job.kind,
        state: job.state,
        account_id: job.account_id,
        review_id: job.scope.review.map(Id::new),
        consultation_id: job.scope.consultation.map(Id::new),
        params: Json(job.params.clone()),
        done: job.figures.done,
        total: job.figures.total,
        message: job.figures.message.clone(),
        result: None,
        problem: None,
        attempts: job.attempts,
        lease: None,
        lease_until: None,
        cancel_requested: false,
        created_at: job.created_at,
        started_at: None,
        ended_at: None,
    };
    diesel::insert_into(jobs::table).values(&row).execute(conn)?;
    let content = (job_payloads::job_id.eq(job.id), job_payloads::content.eq(payload));
    diesel::insert_into(job_payloads::table).values(content).execute(conn)?;
    Ok(())
}

/// One, if there is one.
pub fn find(conn: &mut Conn, id: JobId) -> Result<Option<Job>, Problem> {
    let row: Option<Row> = jobs::table.find(id).first(conn).optional()?;
    Ok(row.map(Job::from))
}

/// Those that an account started, the newest first.
pub fn of_account(
    conn: &mut Conn,
    account: AccountId,
    paging: &Paging,
) -> Result<Vec<Job>, Problem> {
    let mut query = jobs::table.filter(jobs::account_id.eq(account)).into_boxed();
    if let Some(after) = paging.after_one::<JobId>()? {
        query = query.filter(jobs::id.lt(after));
    }
    let rows: Vec<Row> = query.order(jobs::id.desc()).limit(paging.load()).load(conn)?;
    Ok(rows.into_iter().map(Job::from).collect())
}

/// Whether anything is queued or was abandoned.
pub fn is_waiting(conn: &mut Conn, now: Timestamp) -> Result<bool, Problem> {
    Ok(next(conn, now)?.is_some())
}

/// The oldest that is queued, else the oldest that was abandoned.
fn next(conn: &mut Conn, now: Timestamp) -> Result<Option<Row>, Problem> {
    let queued: Option<Row> = jobs::table
        .filter(jobs::state.eq(JobState::Queued))
        .order(jobs::id)
        .first(conn)
        .optional()?;
    if queued.is_some() {
        return Ok(queued);
    }
    let abandoned =
        jobs::table.filter(jobs::state.eq(JobState::Running)).filter(jobs::lease_until.lt(now));
    Ok(abandoned.order(jobs::id).first(conn).optional()?)
}

/// Takes the next job until `until`; none when there is none or somebody else was faster.
pub fn claim(
    conn: &mut Conn,
    lease: LeaseId,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<Job>, Problem> {
    let Some(row) = next(conn, now)? else { return Ok(None) };
    // Each claim counts an attempt: whoever saw another count was too late.
    let same = jobs::table
        .find(row.id)
        .filter(jobs::attempts.eq(row.attempts))
        .filter(jobs::state.eq(row.state));
    let claimed = diesel::update(same)
        .set((
            jobs::state.eq(JobState::Running),
            jobs::attempts.eq(row.attempts + 1),
            jobs::lease.eq(Some(lease)),
            jobs::lease_until.eq(Some(until)),
            jobs::started_at.eq(Some(now)),
        ))
        .execute(conn)?;
    let job = Job {
        attempts: row.attempts + 1,
        state: JobState::Running,
        started_at: Some(now),
        ..Job::from(row)
    };
    Ok((claimed == 1).then_some(job))
}

/// What a job works on.
pub fn payload(conn: &mut Conn, id: JobId) -> Result<Vec<u8>, Problem> {
    Ok(job_payloads::table.find(id).select(job_payloads::content).first(conn)?)
}

/// Writes down how far it is and keeps it until `until`. None when it is no longer this lease's; else whether somebody
/// wishes that it stops.
pub fn beat(
    conn: &mut Conn,
    id: JobId,
    lease: LeaseId,
    figures: &Figures,
    until: Timestamp,
) -> Result<Option<bool>, Problem> {
    let rows = diesel::update(jobs::table.find(id).filter(jobs::lease.eq(lease)))
        .set((
            jobs::done.eq(figures.done),
            jobs::total.eq(figures.total),
            jobs::message.eq(&figures.message),
            jobs::lease_until.eq(Some(until)),
        ))
        .execute(conn)?;
    if rows == 0 {
        return Ok(None);
    }
    Ok(Some(jobs::table.find(id).select(jobs::cancel_requested).first(conn)?))
}

/// How a job ends that is done.
pub struct End<'a> {
    /// What it found.
    pub result: serde_json::Value,
    /// How far it came.
    pub figures: &'a Figures,
    /// When.
    pub now: Timestamp,
    /// Whether it is done although somebody wished that it stops.
    pub even_when_cancelled: bool,
}

/// It is done. False when it is no longer this lease's or somebody wishes that it stops: then nothing of it may stay.
pub fn finish(conn: &mut Conn, id: JobId, lease: LeaseId, end: End) -> Result<bool, Problem> {
    let End { result, figures, now, even_when_cancelled } = end;
    let wished =
        jobs::cancel_requested.eq(false).or(jobs::cancel_requested.eq(even_when_cancelled));
    let mine = jobs::table.find(id).filter(jobs::lease.eq(lease)).filter(wished);
    let rows = diesel::update(mine)
        .set((
            jobs::state.eq(JobState::Done),
            jobs::result.eq(Some(Json(result))),
            jobs::done.eq(figures.done),
            jobs::total.eq(figures.total),
            jobs::message.eq(None::<String>),
            jobs::lease.eq(None::<LeaseId>),
            jobs::lease_until.eq(None::<Timestamp>),
            jobs::ended_at.eq(Some(now)),
        ))
        .execute(conn)?;
    forget_payload(conn, id)?;
    Ok(rows == 1)
}

/// It ended without being done, if it is still this lease's.
pub fn give_up(
    conn: &mut Conn,
    id: JobId,
    lease: LeaseId,
    failure: Option<Failure>,
    now: Timestamp,
) -> Result<(), Problem> {
    let state = if failure.is_some() { JobState::Failed } else { JobState::Cancelled };
    let rows = diesel::update(jobs::table.find(id).filter(jobs::lease.eq(lease)))
        .set((
            jobs::state.eq(state),
            jobs::problem.eq(failure.map(Json)),
            jobs::message.eq(None::<String>),
            jobs::lease.eq(None::<LeaseId>),
            jobs::lease_until.eq(None::<Timestamp>),
            jobs::ended_at.eq(Some(now)),
        ))
        .execute(conn)?;
    match rows {
        0 => Ok(()),
        _ => forget_payload(conn, id),
    }
}

/// Puts it back for another attempt, if it is still this lease's.
pub fn put_back(conn: &mut Conn, id: JobId, lease: LeaseId) -> Result<(), Problem> {
    diesel::update(jobs::table.find(id).filter(jobs::lease.eq(lease)))
        .set((
            jobs::state.eq(JobState::Queued),
            jobs::lease.eq(None::<LeaseId>),
            jobs::lease_until.eq(None::<Timestamp>),
        ))
        .execute(conn)?;
    Ok(())
}

/// Notes that it is to stop; one that nobody has begun ends here.
pub fn cancel(conn: &mut Conn, id: JobId, now: Timestamp) -> Result<(), Problem> {
    let queued = jobs::table.find(id).filter(jobs::state.eq(JobState::Queued));
    let rows = diesel::update(queued)
        .set((
            jobs::state.eq(JobState::Cancelled),
            jobs::cancel_requested.eq(true),
            jobs::ended_at.eq(Some(now)),
        ))
        .execute(conn)?;
    if rows == 1 {
        return forget_payload(conn, id);
    }
    let running = jobs::table.find(id).filter(jobs::state.eq(JobState::Running));
    diesel::update(running).set(jobs::cancel_requested.eq(true)).execute(conn)?;
    Ok(())
}

fn forget_payload(conn: &mut Conn, id: JobId) -> Result<(), Problem> {
    diesel::delete(job_payloads::table.find(id)).execute(conn)?;
    Ok(())
}

/// Forgets jobs that ended before `before`.
pub fn purge(conn: &mut Conn, before: Timestamp) -> Result<usize, Problem> {
    Ok(diesel::delete(jobs::table.filter(jobs::ended_at.lt(before))).execute(conn)?)
}

/// What one account started is the other's: one that runs goes on as theirs.
pub fn account_merged(conn: &mut Conn, from: AccountId, into: AccountId) -> Result<(), Problem> {
    diesel::update(jobs::table.filter(jobs::account_id.eq(from)))
        .set(jobs::account_id.eq(into))
        .execute(conn)?;
    Ok(())
}
