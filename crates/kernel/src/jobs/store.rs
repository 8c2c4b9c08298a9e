//! The tables of jobs and of what they work on. SQL and nothing else.

use diesel::prelude::*;

use super::{
    Begun, Course, Failure, Figures, Job, JobId, JobKind, JobState, LEASE_SECONDS, Reached,
    UnderWay,
};
use crate::access::Scope;
use crate::db::schema::{job_lots, job_payloads, jobs};
use crate::db::types::{Id, Json, Timestamp};
use crate::db::{Cleared, Conn, Prepare, keyset};
use crate::events::AccountsMerged;
use crate::http::page::Paging;
use crate::problem::Problem;
use crate::vocabulary::{AccountId, ConsultationId, LeaseId};

/// A lot with its number.
pub type Lot = (i64, Vec<u8>);

#[derive(Queryable, Insertable)]
#[diesel(table_name = jobs, treat_none_as_default_value = false)]
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
    place: Option<Json<serde_json::Value>>,
}

impl Row {
    fn begun(&self) -> Option<Begun> {
        self.started_at.map(|at| Begun { attempts: self.attempts, at })
    }

    /// Nothing when the row holds what its state cannot have; the rules of the table keep that out.
    fn course(&mut self) -> Option<Course> {
        let (begun, cancel_requested) = (self.begun(), self.cancel_requested);
        let reached = self.ended_at.map(|at| Reached { done: self.done, total: self.total, at });
        Some(match self.state {
            JobState::Queued => Course::Queued { earlier: begun },
            JobState::Running => {
                let message = self.message.take();
                let figures = Figures { done: self.done, total: self.total, message };
                Course::Running { begun: begun?, figures, cancel_requested }
            }
            JobState::Done => {
                let result = self.result.take().map(|result| result.0);
                Course::Done { begun: begun?, reached: reached?, result, cancel_requested }
            }
            JobState::Failed => {
                let problem = self.problem.take().map(|problem| problem.0);
                Course::Failed { begun: begun?, reached: reached?, problem }
            }
            JobState::Cancelled => Course::Cancelled { begun, reached: reached? },
        })
    }
}

impl TryFrom<Row> for Job {
    type Error = Problem;

    fn try_from(mut row: Row) -> Result<Self, Problem> {
        let course = row.course();
        let course = course.ok_or_else(|| Problem::internal("a job lacks what its state has"))?;
        let scope = Scope {
            review: row.review_id.map(Id::uuid),
            consultation: row.consultation_id.map(Id::uuid),
            group: None,
        };
        Ok(Self {
            id: row.id,
            kind: row.kind,
            account_id: row.account_id,
            scope,
            params: row.params.0,
            created_at: row.created_at,
            course,
        })
    }
}

/// Writes a new one, which is queued, and what it works on.
pub fn insert(conn: &mut Conn, job: &Job, payload: &[u8]) -> Result<(), Problem> {
    let row = Row {
        id: job.id,
        kind: job.kind,
        state: JobState::Queued,
        account_id: job.account_id,
        review_id: job.scope.review.map(Id::new),
        consultation_id: job.scope.consultation.map(Id::new),
        params: Json(job.params.clone()),
        done: 0,
        total: None,
        message: None,
        result: None,
        problem: None,
        attempts: 0,
        lease: None,
        lease_until: None,
        cancel_requested: false,
        created_at: job.created_at,
        started_at: None,
        ended_at: None,
        place: None,
    };
    diesel::insert_into(jobs::table).values(&row).prepared().execute(conn)?;
    let content = (job_payloads::job_id.eq(job.id), job_payloads::content.eq(payload));
    diesel::insert_into(job_payloads::table).values(content).prepared().execute(conn)?;
    Ok(())
}

/// One, if there is one.
pub fn find(conn: &mut Conn, id: JobId) -> Result<Option<Job>, Problem> {
    let row: Option<Row> = jobs::table.find(id).first(conn).optional()?;
    row.map(Job::try_from).transpose()
}

/// Those that an account started, the newest first.
pub fn of_account(
    conn: &mut Conn,
    account: AccountId,
    paging: &Paging,
) -> Result<Vec<Job>, Problem> {
    let own = jobs::table.filter(jobs::account_id.eq(account)).into_boxed();
    let part = keyset::before(own, (jobs::id,), paging.after_one::<JobId>()?, paging.load());
    let rows: Vec<Row> = part.load(conn)?;
    rows.into_iter().map(Job::try_from).collect()
}

/// Imports that were decided and are not through, with their consultations.
pub fn under_way(conn: &mut Conn) -> Result<Vec<UnderWay>, Problem> {
    let rows: Vec<(JobId, JobKind, Option<Id<Scope>>)> = jobs::table
        .filter(jobs::state.eq_any([JobState::Queued, JobState::Running]))
        .filter(jobs::kind.eq_any(JobKind::IMPORTS))
        .filter(jobs::place.is_not_null())
        .order((jobs::consultation_id, jobs::id))
        .select((jobs::id, jobs::kind, jobs::consultation_id))
        .load(conn)?;
    let one = |(job, kind, consultation): (JobId, JobKind, Option<Id<Scope>>)| {
        let consultation = ConsultationId::new(consultation?.uuid());
        Some(UnderWay { job, kind, consultation })
    };
    Ok(rows.into_iter().filter_map(one).collect())
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

/// A job that was taken, and how it runs.
pub struct Claimed {
    /// The job.
    pub job: Job,
    /// When it was begun, and how often.
    pub begun: Begun,
    /// Whether somebody wished before that it stops.
    pub cancel_requested: bool,
    /// The place that it has reached, where it goes on in parts.
    pub place: Option<serde_json::Value>,
}

/// Until when a lease that is given or renewed now holds.
pub fn lease_until(now: Timestamp) -> Timestamp {
    now.plus(chrono::Duration::seconds(LEASE_SECONDS))
}

/// Takes the next job under a lease; none when there is none or somebody else was faster.
pub fn claim(conn: &mut Conn, lease: LeaseId, now: Timestamp) -> Result<Option<Claimed>, Problem> {
    let Some(row) = next(conn, now)? else { return Ok(None) };
    // Each claim counts an attempt and has a lease of its own: whoever saw another was too late. (One that nobody works on has none.)
    let same = jobs::table
        .find(row.id)
        .filter(jobs::attempts.eq(row.attempts))
        .filter(jobs::state.eq(row.state))
        .filter(jobs::lease.is_null().or(jobs::lease.eq(row.lease)));
    let begun = Begun { attempts: row.attempts + 1, at: now };
    let figures = Figures::default();
    let claimed = diesel::update(same)
        .set((
            jobs::state.eq(JobState::Running),
            jobs::attempts.eq(begun.attempts),
            jobs::done.eq(figures.done),
            jobs::total.eq(figures.total),
            jobs::message.eq(&figures.message),
            jobs::lease.eq(Some(lease)),
            jobs::lease_until.eq(Some(lease_until(now))),
            jobs::started_at.eq(Some(now)),
        ))
        .prepared()
        .execute(conn)?;
    if claimed == 0 {
        return Ok(None);
    }
    let (cancel_requested, place) = (row.cancel_requested, row.place.clone());
    let course = Course::Running { begun, figures, cancel_requested };
    let job = Job { course, ..Job::try_from(row)? };
    Ok(Some(Claimed { job, begun, cancel_requested, place: place.map(|place| place.0) }))
}

/// A job while it is this lease's.
#[diesel::dsl::auto_type]
fn held(id: JobId, lease: LeaseId) -> _ {
    jobs::table.find(id).filter(jobs::lease.eq(lease))
}

/// The same while nobody wishes that it stops, or it goes on all the same.
#[diesel::dsl::auto_type]
fn going_on(id: JobId, lease: LeaseId, even_when_cancelled: bool) -> _ {
    let mine: held = held(id, lease);
    let not_wished: bool = false;
    mine.filter(
        jobs::cancel_requested.eq(not_wished).or(jobs::cancel_requested.eq(even_when_cancelled)),
    )
}

/// What a job has no more that nobody works on.
#[derive(AsChangeset, Default)]
#[diesel(table_name = jobs, treat_none_as_null = true)]
struct GivenUp {
    message: Option<String>,
    lease: Option<LeaseId>,
    lease_until: Option<Timestamp>,
}

/// What a job has no more, and has, that ended.
#[derive(AsChangeset)]
#[diesel(table_name = jobs, treat_none_as_null = true)]
struct Ended {
    state: JobState,
    place: Option<Json<serde_json::Value>>,
    ended_at: Option<Timestamp>,
    #[diesel(embed)]
    given_up: GivenUp,
}

impl Ended {
    fn with(state: JobState, now: Timestamp) -> Self {
        Self { state, place: None, ended_at: Some(now), given_up: GivenUp::default() }
    }
}

/// What a job works on; nothing where that was forgotten, or lots took its place.
pub fn payload(conn: &mut Conn, id: JobId) -> Result<Vec<u8>, Problem> {
    let content = job_payloads::table.find(id).select(job_payloads::content);
    Ok(content.first(conn).optional()?.unwrap_or_default())
}

/// How far a job has come that goes on in parts.
pub fn place(conn: &mut Conn, id: JobId) -> Result<Option<serde_json::Value>, Problem> {
    let place: Option<Json<serde_json::Value>> =
        jobs::table.find(id).select(jobs::place).first(conn)?;
    Ok(place.map(|place| place.0))
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
    let rows = diesel::update(held(id, lease))
        .set((
            jobs::done.eq(figures.done),
            jobs::total.eq(figures.total),
            jobs::message.eq(&figures.message),
            jobs::lease_until.eq(Some(until)),
        ))
        .prepared()
        .execute(conn)?;
    if rows == 0 {
        return Ok(None);
    }
    Ok(Some(jobs::table.find(id).select(jobs::cancel_requested).first(conn)?))
}

/// It has come so far, and is kept until `until`: that it was begun anew counts no more, since it goes on. False when it is no longer this lease's or somebody wishes that it stops and it may:
/// then nothing of this part may stay.
pub fn advance(
    conn: &mut Conn,
    id: JobId,
    lease: LeaseId,
    place: &serde_json::Value,
    even_when_cancelled: bool,
    until: Timestamp,
) -> Result<bool, Problem> {
    let mine = going_on(id, lease, even_when_cancelled);
    let set = (
        jobs::place.eq(Some(Json(place.clone()))),
        jobs::attempts.eq(1),
        jobs::lease_until.eq(Some(until)),
    );
    Ok(diesel::update(mine).set(set).prepared().execute(conn)? == 1)
}

/// It works on these lots from now on.
pub fn put_lots(conn: &mut Conn, id: JobId, lots: &[Vec<u8>]) -> Result<(), Problem> {
    forget_payload(conn, id)?;
    for (number, lot) in (0_i64..).zip(lots) {
        let row = (job_lots::job_id.eq(id), job_lots::number.eq(number), job_lots::content.eq(lot));
        diesel::insert_into(job_lots::table).values(row).prepared().execute(conn)?;
    }
    Ok(())
}

/// The lots that it still has to take, in their order.
pub fn lots(conn: &mut Conn, id: JobId) -> Result<Vec<Lot>, Problem> {
    let lots = job_lots::table.filter(job_lots::job_id.eq(id)).order(job_lots::number);
    Ok(lots.select((job_lots::number, job_lots::content)).load(conn)?)
}

/// The lot that it takes next, if any is left.
pub fn next_lot(conn: &mut Conn, id: JobId) -> Result<Option<Lot>, Problem> {
    let lots = job_lots::table.filter(job_lots::job_id.eq(id)).order(job_lots::number);
    Ok(lots.select((job_lots::number, job_lots::content)).first(conn).optional()?)
}

/// This is in the lot in place of what was.
pub fn replace_lot(conn: &mut Conn, id: JobId, lot: &Lot) -> Result<(), Problem> {
    let content = job_lots::content.eq(&lot.1);
    diesel::update(job_lots::table.find((id, lot.0))).set(content).prepared().execute(conn)?;
    Ok(())
}

/// It was taken.
pub fn delete_lot(conn: &mut Conn, id: JobId, number: i64) -> Result<(), Problem> {
    diesel::delete(job_lots::table.find((id, number))).execute(conn)?;
    Ok(())
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
    let mine = going_on(id, lease, even_when_cancelled);
    let rows = diesel::update(mine)
        .set((
            Ended::with(JobState::Done, now),
            jobs::result.eq(Some(Json(result))),
            jobs::done.eq(figures.done),
            jobs::total.eq(figures.total),
        ))
        .prepared()
        .execute(conn)?;
    forget_payload(conn, id)?;
    Ok(rows == 1)
}

/// It ended without being done, because somebody wished so, if it is still this lease's.
pub fn stop(conn: &mut Conn, id: JobId, lease: LeaseId, now: Timestamp) -> Result<(), Problem> {
    let rows = diesel::update(held(id, lease))
        .set((Ended::with(JobState::Cancelled, now), jobs::cancel_requested.eq(true)))
        .prepared()
        .execute(conn)?;
    if rows == 1 { forget_payload(conn, id) } else { Ok(()) }
}

/// It failed, if it is still this lease's. False when it is not, or somebody wishes that it stops and it may.
pub fn fail(
    conn: &mut Conn,
    id: JobId,
    lease: LeaseId,
    failure: &Failure,
    even_when_cancelled: bool,
    now: Timestamp,
) -> Result<bool, Problem> {
    let rows = diesel::update(going_on(id, lease, even_when_cancelled))
        .set((
            Ended::with(JobState::Failed, now),
            jobs::problem.eq(Some(Json(failure.clone()))),
            jobs::cancel_requested.eq(false),
        ))
        .prepared()
        .execute(conn)?;
    if rows == 1 {
        forget_payload(conn, id)?;
    }
    Ok(rows == 1)
}

/// Puts it back for another attempt, if it is still this lease's. False when it is not, or somebody wishes that it stops.
pub fn put_back(conn: &mut Conn, id: JobId, lease: LeaseId) -> Result<bool, Problem> {
    let rows = diesel::update(held(id, lease))
        .filter(jobs::cancel_requested.eq(false))
        .set((
            GivenUp::default(),
            jobs::state.eq(JobState::Queued),
            jobs::done.eq(0),
            jobs::total.eq(None::<i64>),
        ))
        .prepared()
        .execute(conn)?;
    Ok(rows == 1)
}

/// Notes that it is to stop; one that nobody has begun ends here.
pub fn cancel(conn: &mut Conn, id: JobId, now: Timestamp) -> Result<(), Problem> {
    let queued = jobs::table.find(id).filter(jobs::state.eq(JobState::Queued));
    let rows = diesel::update(queued)
        .set((Ended::with(JobState::Cancelled, now), jobs::cancel_requested.eq(true)))
        .prepared()
        .execute(conn)?;
    if rows == 1 {
        return forget_payload(conn, id);
    }
    let running = jobs::table.find(id).filter(jobs::state.eq(JobState::Running));
    diesel::update(running).set(jobs::cancel_requested.eq(true)).prepared().execute(conn)?;
    Ok(())
}

/// Forgets what it works on.
pub fn forget_payload(conn: &mut Conn, id: JobId) -> Result<(), Problem> {
    diesel::delete(job_payloads::table.find(id)).execute(conn)?;
    diesel::delete(job_lots::table.filter(job_lots::job_id.eq(id))).execute(conn)?;
    Ok(())
}

/// Forgets jobs that ended before `before`, a part of them.
pub fn purge(conn: &mut Conn, before: Timestamp) -> Result<Cleared, Problem> {
    let old = jobs::table.filter(jobs::ended_at.lt(before)).select(jobs::id);
    let old: Vec<JobId> = old.limit(Cleared::MOST).load(conn)?;
    let old = jobs::table.filter(jobs::id.eq_any(old));
    Ok(Cleared::part(diesel::delete(old).execute(conn)?))
}

/// What one account started is the other's: one that runs goes on as theirs.
pub fn account_merged(conn: &mut Conn, merged: AccountsMerged) -> Result<(), Problem> {
    let AccountsMerged { from, into } = merged;
    diesel::update(jobs::table.filter(jobs::account_id.eq(from)))
        .set(jobs::account_id.eq(into))
        .prepared()
        .execute(conn)?;
    Ok(())
}
