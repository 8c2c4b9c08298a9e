//! Runs jobs, in every process. A job is taken under a lease that is renewed while it runs; what it writes and that it is
//! done are one transaction, or, where it writes in parts, each part and the place from which it goes on. So of what a process that
//! dies in the middle had begun nothing is there, and another takes the job up where it stood; and one that lost its lease cannot
//! finish what somebody else has begun.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::sync::watch;
use tokio::time::sleep;

use super::progress::Progress;
use super::store::{self, Claimed};
use super::{Advance, Failure, Job, JobKind, KEPT_DAYS, MOST_ATTEMPTS, Task};
use crate::app::App;
use crate::db::types::Timestamp;
use crate::db::{Cleared, Conn};
use crate::pace::{self, Pace};
use crate::problem::{Code, Problem};
use crate::registry::{self, Doing, Part, Prepare};
use crate::vocabulary::LeaseId;
use crate::work::{Credentials, Work};

/// Between two looks for jobs.
const EVERY: Duration = Duration::from_millis(500);
/// Between two writings-down of how far a job is.
const BEAT: Duration = Duration::from_millis(500);

/// Runs what there is to run until `stopped` says so; a job that is running is finished first.
pub async fn run(app: App, mut stopped: watch::Receiver<bool>) {
    let mut pace = Pace::new("the jobs could not be worked on");
    loop {
        let ran = run_due(&app).await;
        let every = if ran.as_ref().is_ok_and(|ran| *ran) { Duration::ZERO } else { EVERY };
        let pause = pace.after(&app.db, &ran, every);
        if pace::wait(&app.db, pause, &mut stopped).await {
            return;
        }
    }
}

/// Runs one job, if one is queued or was abandoned, and says whether there was one.
pub async fn run_due(app: &App) -> Result<bool, Problem> {
    let now = app.clock.now();
    // A look costs nobody anything; only when there is a job is a write begun.
    if !app.db.read(move |conn| store::is_waiting(conn, now)).await? {
        return Ok(false);
    }
    let lease = app.ids.next();
    let Some(claimed) = app.db.write(move |conn| store::claim(conn, lease, now)).await? else {
        return Ok(true);
    };
    let progress = app.jobs.begin(claimed.job.id);
    let ended = carry_out(app, &claimed, lease, &progress).await;
    app.jobs.end(claimed.job.id);
    ended?;
    Ok(true)
}

async fn carry_out(
    app: &App,
    claimed: &Claimed,
    lease: LeaseId,
    progress: &Arc<Progress>,
) -> Result<(), Problem> {
    if claimed.cancel_requested {
        progress.cancel();
    }
    if claimed.place.is_some() && JobKind::IMPORTS.contains(&claimed.job.kind) {
        progress.decide();
    }
    if claimed.begun.attempts > MOST_ATTEMPTS {
        let problem =
            Problem::new(Code::Internal, "It was begun several times and never came to an end.");
        return end(app, claimed, lease, progress, problem).await;
    }
    match work_and_beat(app, claimed, lease, progress).await {
        Ok(()) => Ok(()),
        // It is done in any case: whoever comes when the lease is over goes on from its place.
        Err(problem) if progress.is_decided() && problem.may_pass() => Err(problem),
        Err(problem) => end(app, claimed, lease, progress, problem).await,
    }
}

/// The work, with its lease kept meanwhile. A function of its own, so that the beat is gone when it returns: a beat that
/// was just handed SQLite's one write permit and is never polled again would keep everybody from writing for ever.
async fn work_and_beat(
    app: &App,
    claimed: &Claimed,
    lease: LeaseId,
    progress: &Arc<Progress>,
) -> Result<(), Problem> {
    let work = pin!(transact(app, claimed, lease, progress));
    let beats = pin!(beat(app, &claimed.job, lease, progress));
    match select(work, beats).await {
        Either::Left((outcome, _)) => outcome,
        // The lease is lost: the work goes on, but it cannot be finished.
        Either::Right(((), work)) => work.await,
    }
}

/// The work and its being done. A job that only reads writes no more than its result; one that computes does not hold the database
/// before it writes; one that writes in parts gives up its turn after each.
async fn transact(
    app: &App,
    claimed: &Claimed,
    lease: LeaseId,
    progress: &Arc<Progress>,
) -> Result<(), Problem> {
    let (job, place) = (claimed.job.clone(), claimed.place.clone());
    let id = job.id;
    let payload = Arc::new(app.db.read(move |conn| store::payload(conn, id)).await?);
    let (app, progress) = (app.clone(), progress.clone());
    let run = Arc::new(Run { app, job, place, payload, lease, progress });
    match (run.app.registry.doing(&run.task())?, run.place.is_some()) {
        (Doing::Reads(work), _) => run.read(work).await,
        (Doing::Computes(work), _) => run.compute(work).await.map(|_| ()),
        (Doing::ComputesThen(work, then), false) => match run.clone().compute(work).await? {
            Some(place) => run.then(place).go_on(then.part).await,
            None => Ok(()),
        },
        (Doing::ComputesThen(_, then), true) => run.go_on(then.part).await,
        (Doing::InParts(part), _) => run.go_on(part).await,
    }
}

/// One run of one job.
struct Run {
    app: App,
    job: Job,
    /// How far it has come, where it goes on in parts.
    place: Option<serde_json::Value>,
    payload: Arc<Vec<u8>>,
    lease: LeaseId,
    progress: Arc<Progress>,
}

impl Run {
    fn task(&self) -> Task<'_> {
        let Self { app, job, payload, progress, .. } = self;
        Task { job, payload, app, progress }
    }

    /// The same job, when it has come so far. What it worked on before is not needed any more.
    fn then(&self, place: serde_json::Value) -> Arc<Self> {
        Arc::new(Self {
            app: self.app.clone(),
            job: self.job.clone(),
            place: Some(place),
            payload: Arc::default(),
            lease: self.lease,
            progress: self.progress.clone(),
        })
    }

    /// Whoever started it does it; where it is decided, whatever has become of them since.
    fn credentials(&self) -> Credentials {
        if self.progress.is_decided() {
            Credentials::Decided(self.job.account_id)
        } else {
            Credentials::Account(self.job.account_id)
        }
    }

    async fn read(self: Arc<Self>, how: registry::Run) -> Result<(), Problem> {
        let (app, credentials, run) = (self.app.clone(), self.credentials(), self);
        let reading = run.clone();
        let look = move |work: &mut Work| how(work, &reading.task());
        let result = app.read(credentials, look).await?;
        let now = app.clock.now();
        app.db.write(move |conn| run.finish(conn, result.clone(), now, false)).await
    }

    /// How far it has come, if all of it is not done.
    async fn compute(self: Arc<Self>, how: Prepare) -> Result<Option<serde_json::Value>, Problem> {
        let (app, run) = (self.app.clone(), self);
        let (reading, progress) = (run.clone(), run.progress.clone());
        let prepare = move |work: &mut Work| how(work, &reading.task());
        let computation = app.read(run.credentials(), prepare).await?;
        let computed = tokio::task::spawn_blocking(move || computation(&progress)).await;
        let mut computed = computed.map_err(Problem::internal)??;
        let (credentials, progress) = (run.credentials(), run.progress.clone());
        let write = move |work: &mut Work| {
            let advance = (computed.write)(work)?;
            run.keep(work, advance, computed.even_when_cancelled)
        };
        let reached = app.write(credentials, write).await?;
        if reached.is_some() {
            progress.decide();
        }
        Ok(reached)
    }

    /// Writes one part after the other. Others have their turn between two.
    async fn go_on(self: Arc<Self>, part: Part) -> Result<(), Problem> {
        let mut run = self;
        loop {
            let this = run.clone();
            let write = move |work: &mut Work| {
                let advance = part(work, &this.task(), this.place.as_ref())?;
                this.keep(work, advance, this.progress.is_decided())
            };
            let Some(reached) = run.app.write(run.credentials(), write).await? else {
                return Ok(());
            };
            run = run.then(reached);
        }
    }

    /// Writes down how far it came, if it is not done.
    fn keep(
        &self,
        work: &mut Work,
        advance: Advance,
        even_when_cancelled: bool,
    ) -> Result<Option<serde_json::Value>, Problem> {
        let (place, lots) = match advance {
            Advance::Done(result) => {
                self.finish(work.conn, result, work.now, even_when_cancelled)?;
                return Ok(None);
            }
            Advance::To(place) => (place, None),
            Advance::With { place, lots } => (place, Some(lots)),
        };
        let (conn, until) = (&mut *work.conn, store::lease_until(work.now));
        if !store::advance(conn, self.job.id, self.lease, &place, even_when_cancelled, until)? {
            return Err(taken_away());
        }
        if let Some(lots) = &lots {
            store::put_lots(conn, self.job.id, lots)?;
        }
        Ok(Some(place))
    }

    fn finish(
        &self,
        conn: &mut Conn,
        result: serde_json::Value,
        now: Timestamp,
        even_when_cancelled: bool,
    ) -> Result<(), Problem> {
        let figures = self.progress.figures();
        let end = store::End { result, figures: &figures, now, even_when_cancelled };
        if store::finish(conn, self.job.id, self.lease, end)? {
            return Ok(());
        }
        Err(taken_away())
    }
}

/// Somebody else has it or wishes that it stops: nothing of what is written now may stay.
fn taken_away() -> Problem {
    Problem::new(Code::Unavailable, "The job was taken away or cancelled.")
}

/// Keeps the lease and writes down how far the job is, until the lease is lost. It waits for its turn beside the job.
async fn beat(app: &App, job: &Job, lease: LeaseId, progress: &Arc<Progress>) {
    let id = job.id;
    loop {
        sleep(BEAT).await;
        let figures = progress.figures();
        let until = store::lease_until(app.clock.now());
        let kept = app.db.write(move |conn| store::beat(conn, id, lease, &figures, until)).await;
        match kept {
            Ok(Some(true)) => progress.cancel(),
            Ok(Some(false)) => {}
            Ok(None) => return,
            Err(problem) => tracing::warn!(%problem, job = %id, "progress could not be written"),
        }
    }
}

/// What becomes of a job whose work was not done: it was to stop, it is tried again, or it failed.
async fn end(
    app: &App,
    claimed: &Claimed,
    lease: LeaseId,
    progress: &Arc<Progress>,
    problem: Problem,
) -> Result<(), Problem> {
    let (id, decided) = (claimed.job.id, progress.is_decided());
    let cancelled = progress.is_cancelled() && !decided;
    let again = problem.may_pass() && claimed.begun.attempts < MOST_ATTEMPTS;
    // While it is still ours nothing of it was done, whatever was known of the last try.
    let undone = problem.code() == Code::OutcomeUnknown;
    let problem = if undone { Problem::cut_off() } else { problem };
    let (failure, job, whole) = (Failure::from(&problem), claimed.job.clone(), app.clone());
    let progress = progress.clone();
    let end = move |work: &mut Work| {
        let now = work.now;
        let ended = if cancelled {
            false
        } else if again {
            store::put_back(work.conn, id, lease)?
        } else {
            let task = Task { job: &job, payload: &[], app: &whole, progress: &progress };
            let left = if decided { left(work, &task)? } else { None };
            let failure = left.unwrap_or_else(|| failure.clone());
            store::fail(work.conn, id, lease, &failure, decided, now)?
        };
        // Otherwise somebody wishes that it stops, or it is no longer ours.
        if ended { Ok(()) } else { store::stop(work.conn, id, lease, now) }
    };
    app.write(Credentials::Decided(claimed.job.account_id), end).await
}

/// What is told of one that was decided and comes no farther; nothing where not even that can be read.
fn left(work: &mut Work, task: &Task) -> Result<Option<Failure>, Problem> {
    let place = store::place(work.conn, task.job.id)?.unwrap_or_default();
    let Doing::ComputesThen(_, then) = work.registry.doing(task)? else { return Ok(None) };
    match (then.left)(work, task, &place) {
        Ok(problem) => Ok(Some(Failure::from(&problem))),
        Err(problem) if problem.may_pass() => Err(problem),
        Err(problem) => {
            tracing::error!(%problem, job = %task.job.id, "what is left of a job could not be read");
            Ok(None)
        }
    }
}

/// Forgets jobs that ended a week ago, with what they found.
pub fn purge(conn: &mut Conn, now: Timestamp) -> Result<Cleared, Problem> {
    store::purge(conn, now.plus(chrono::Duration::days(-KEPT_DAYS)))
}
