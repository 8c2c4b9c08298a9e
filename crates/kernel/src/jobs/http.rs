//! The operations on jobs: what is asked and answered. No rules here.

use super::{Course, Failure, Figures, Job, JobId, JobKind, JobState, service};
use crate::db::types::{Id, Timestamp};
use crate::http::prelude::*;
use crate::vocabulary::{AccountId, ConsultationId};

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_jobs).service(read_job).service(cancel_job);
}

/// Long work and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobBody {
    /// Its id.
    id: JobId,
    /// What it does.
    kind: JobKind,
    /// How far it has come.
    state: JobState,
    /// Who started it.
    account_id: AccountId,
    /// The consultation it is about.
    consultation_id: Option<ConsultationId>,
    /// How much of it is done.
    progress: Figures,
    /// What it found or did, once it is done: for who started it. An import's is an `ImportReport`.
    result: Option<serde_json::Value>,
    /// Why it failed: for who started it.
    problem: Option<Failure>,
    /// Whether somebody wishes that it stops.
    cancel_requested: bool,
    /// When it was asked for.
    created_at: Timestamp,
    /// When it was last begun.
    started_at: Option<Timestamp>,
    /// When it ended. A week later it is forgotten.
    ended_at: Option<Timestamp>,
    /// What the caller may do with it.
    allowed_actions: Vec<&'static str>,
}

impl From<Job> for JobBody {
    fn from(job: Job) -> Self {
        let (state, cancel_requested) = (job.course.state(), job.course.cancel_requested());
        let stoppable = !state.has_ended() && !cancel_requested;
        let progress = job.course.figures();
        let started_at = job.course.begun().map(|begun| begun.at);
        let ended_at = job.course.reached().map(|reached| reached.at);
        let (result, problem) = match job.course {
            Course::Done { result, .. } => (result, None),
            Course::Failed { problem, .. } => (None, problem),
            _ => (None, None),
        };
        Self {
            id: job.id,
            kind: job.kind,
            state,
            account_id: job.account_id,
            consultation_id: job.scope.consultation.map(Id::new),
            progress,
            result,
            problem,
            cancel_requested,
            created_at: job.created_at,
            started_at,
            ended_at,
            allowed_actions: if stoppable { vec!["cancel"] } else { vec![] },
        }
    }
}

/// The answer that [`accepted`] gives, for the OpenAPI document.
#[derive(utoipa::IntoResponses)]
#[response(
    status = 202,
    description = "Taken; it will be done",
    headers(
        ("Location" = String, description = "Where the job is to be looked at."),
        ("Retry-After" = i32, description = "After how many seconds it is worth looking."),
    )
)]
#[allow(dead_code, reason = "it describes an answer, it is never made")]
pub struct Accepted(JobBody);

/// 202: the job was queued; where to look and when.
pub fn accepted(job: Job) -> Reply {
    let location = format!("/api/v1/jobs/{}", job.id);
    let mut reply = Reply::accepted(&JobBody::from(job));
    reply.headers =
        vec![("Location".to_owned(), location), ("Retry-After".to_owned(), "1".to_owned())];
    reply
}

/// The caller's own jobs, the newest first.
#[utoipa::path(tag = "jobs", params(PageQuery), responses((status = 200, body = Page<JobBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/jobs")]
pub async fn list_jobs(call: Call, query: Listed) -> Answer {
    let paging = query.paging;
    let part = call.read(move |work| service::list(work, &paging)).await?;
    let live = call.app().jobs.clone();
    Ok(call.page(part.map(|job| JobBody::from(live.overlay(job)))))
}

/// One job: the caller's own, or for an administrator anybody's, without what it found. While the process that is asked
/// runs the job itself, the figures are those of this moment; of a job elsewhere they may be some seconds old, or stand
/// still while it writes.
#[utoipa::path(tag = "jobs", params(("job_id" = JobId, Path)), responses((status = 200, body = JobBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/jobs/{job_id}")]
pub async fn read_job(call: Call, path: PathIds<JobId>) -> Answer {
    let id = path.id();
    let job = call.read(move |work| service::see(work, id)).await?;
    let job = call.app().jobs.overlay(job);
    Ok(call.ok_unversioned(&JobBody::from(job)))
}

/// Stops a job: at once when nobody has begun it, else at its next step. Nothing of it stays, unless it is done in parts (a purge). What
/// is written already and only followed up is done all the same. 409 when it has ended.
#[utoipa::path(tag = "jobs", params(("job_id" = JobId, Path)), responses((status = 200, body = JobBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/jobs/{job_id}/cancel")]
pub async fn cancel_job(call: Call, path: PathIds<JobId>) -> Answer {
    let id = path.id();
    let job = call.read(move |work| service::see(work, id)).await?;
    if !job.course.state().has_ended() {
        // A job that writes may keep others from writing: it is told here first, so that it lets them.
        call.app().jobs.cancel(id);
    }
    let live = call.app().jobs.clone();
    call.post_empty(move |work| {
        let job = live.overlay(service::cancel(work, id)?);
        Ok(Reply::unversioned(&JobBody::from(job)))
    })
    .await
}
