//! Finds plans: as a job with progress that can be cancelled, or while somebody waits. What is needed is read at once, then
//! searched without any hold on the database, then written. It must never know who anybody is.

use std::ops::ControlFlow;
use std::time::{Duration, Instant as Moment};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::applying::for_assigning;
use crate::access::Permission;
use crate::app::App;
use crate::consultations::{self, Activity, Consultation, ConsultationId, Round, WorkingGroup};
use crate::groups::rules::{self, AssignmentRules};
use crate::groups::solver::{self, Instance, Limits, Stage};
use crate::groups::{self, AssignmentPlan, BasedOn, PlanOrigin, PlanState, Search, instances};
use crate::jobs::progress::Progress;
use crate::jobs::{self, Advance, Computation, Computed, Job, JobKind, Task};
use crate::problem::{Checks, Code, Problem};
use crate::work::{Credentials, Work};

/// Most steps that a search may be asked for.
pub const MOST_WORK: u64 = 100_000_000_000;
/// Most seconds that a search may be asked for.
pub const MOST_SECONDS: u32 = 4 * 3600;
/// As much as is searched while somebody waits for the answer: a second or two. The best plan for a hundred people is found in a
/// fifth of it; the rest is for the proof.
const WHILE_WAITING: u64 = 50_000_000;

/// A plan that is asked for. It goes along with the job and holds no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// Decides between equals.
    pub seed: i64,
    /// The most steps.
    pub work: u64,
    /// The most seconds.
    pub seconds: Option<u32>,
    /// Whether changes to the plan in force cost something.
    pub keep_announced: bool,
    /// Whether the best plan so far is kept when the job is cancelled.
    pub keep_best: bool,
}

impl Default for Wanted {
    fn default() -> Self {
        let work = Limits::USUAL.work;
        Self { seed: 1, work, seconds: None, keep_announced: true, keep_best: false }
    }
}

impl Wanted {
    fn check(&self) -> Result<(), Problem> {
        let mut checks = Checks::new();
        let detail = format!("must be from 1 to {MOST_WORK}");
        checks.require((1..=MOST_WORK).contains(&self.work), "/work", detail);
        let detail = format!("must be from 1 to {MOST_SECONDS}");
        let some = self.seconds.is_none_or(|seconds| (1..=MOST_SECONDS).contains(&seconds));
        checks.require(some, "/seconds", detail).finish()
    }
}

/// Everything that a search needs.
struct Prepared {
    consultation: ConsultationId,
    wanted: Wanted,
    rules: AssignmentRules,
    instance: Instance,
    based_on: Option<BasedOn>,
}

/// What a search has found.
struct Found {
    plan: solver::Plan,
    clashes: Vec<solver::Clash>,
    stopped: bool,
}

/// Queues a search. What can be told at once is told at once: whether the caller may, and whether there is anything to plan.
pub fn start(
    work: &mut Work,
    consultation: ConsultationId,
    wanted: &Wanted,
) -> Result<Job, Problem> {
    let consultation = allowed(work, consultation)?;
    wanted.check()?;
    is_plannable(work, &consultation)?;
    let params = serde_json::to_value(wanted).map_err(Problem::internal)?;
    let kind = JobKind::ProposeAssignmentPlan;
    jobs::service::start(work, kind, consultation.scope(), params, Vec::new())
}

/// A consultation for somebody who may assign now. Without its lock: for who only looks.
pub fn allowed(work: &mut Work, id: ConsultationId) -> Result<Consultation, Problem> {
    let consultation = consultations::service::see(work, id)?;
    work.require(Permission::Assign, &consultation.scope())?;
    consultation.require(Activity::Assign)?;
    Ok(consultation)
}

pub(in crate::groups) fn is_plannable(
    work: &mut Work,
    consultation: &Consultation,
) -> Result<(), Problem> {
    let groups = consultations::programme::service::all::<WorkingGroup>(work, consultation.id)?;
    let rounds = consultations::programme::service::all::<Round>(work, consultation.id)?;
    if !groups.is_empty() && !rounds.is_empty() {
        return Ok(());
    }
    let detail = "There must be at least one round and one working group to assign people to.";
    Err(Problem::new(Code::InvalidTransition, detail))
}

/// What the job reads before it computes, as who started it: they may have lost the right to in the meantime.
pub fn prepare(work: &mut Work, task: &Task) -> Result<Computation, Problem> {
    let wanted: Wanted = task.params()?;
    let id = task.job.scope.consultation.map(ConsultationId::new);
    let id = id.ok_or_else(|| Problem::internal("a plan belongs to a consultation"))?;
    let prepared = read(work, id, wanted)?;
    Ok(Box::new(move |progress| {
        let found = search(&prepared, Some(progress));
        if progress.is_cancelled() && !prepared.wanted.keep_best {
            return Err(Problem::new(Code::Unavailable, "The job was cancelled."));
        }
        let write = move |work: &mut Work| {
            let plan = keep(work, &prepared, &found)?;
            Ok(Advance::Done(json!({
                "plan_id": plan.id, "seed": plan.seed, "value": plan.quality.value,
                "bound": plan.quality.bound, "gap": plan.quality.gap(),
                "unavoidable": plan.quality.unavoidable(), "is_optimal": plan.quality.is_optimal(),
                "work": plan.quality.work, "unmet": plan.unmet.len(), "stopped": plan.search.stopped,
            })))
        };
        Ok(Computed { write: Box::new(write), even_when_cancelled: true })
    }))
}

/// Finds a plan while somebody waits, and keeps it as a proposal. The database is not held while it searches. Not for
/// handlers: a request is one unit of work.
pub fn propose(
    app: &App,
    credentials: &Credentials,
    consultation: ConsultationId,
    seed: i64,
) -> Result<AssignmentPlan, Problem> {
    let wanted = Wanted { seed, work: WHILE_WAITING, ..Wanted::default() };
    let prepared = app.read_blocking(credentials, |work| read(work, consultation, wanted))?;
    let found = search(&prepared, None);
    app.write_blocking(credentials, |work| keep(work, &prepared, &found))
}

fn read(work: &mut Work, id: ConsultationId, wanted: Wanted) -> Result<Prepared, Problem> {
    let consultation = allowed(work, id)?;
    is_plannable(work, &consultation)?;
    let rules = rules::service::load(work, id)?;
    let announced =
        if wanted.keep_announced { instances::in_force(work, &consultation)? } else { Vec::new() };
    let instance = instances::instance(work, &consultation, &rules, wanted.seed, announced)?;
    let based_on = based_on(work, id)?;
    Ok(Prepared { consultation: id, wanted, rules, instance, based_on })
}

/// The plan in force now.
pub(in crate::groups) fn based_on(
    work: &mut Work,
    id: ConsultationId,
) -> Result<Option<BasedOn>, Problem> {
    let in_force = groups::store::applied(work.conn, id)?;
    Ok(in_force.map(|plan| BasedOn { plan: plan.id, version: plan.version }))
}

fn search(prepared: &Prepared, progress: Option<&Progress>) -> Found {
    let (began, wanted) = (Moment::now(), &prepared.wanted);
    let most = wanted.seconds.map(|seconds| Duration::from_secs(u64::from(seconds)));
    let mut stopped = false;
    let mut told = |at: &solver::Progress| {
        let cancelled = progress.is_some_and(|progress| tell(progress, at, wanted.work).is_err());
        stopped |= cancelled || most.is_some_and(|most| began.elapsed() >= most);
        if stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let plan = solver::solve(&prepared.instance, &Limits { work: wanted.work }, &mut told);
    let clashes = clashes(&prepared.instance, &plan);
    Found { plan, clashes, stopped }
}

/// Which rules cannot hold together; only asked where something is not met.
pub(in crate::groups) fn clashes(instance: &Instance, plan: &solver::Plan) -> Vec<solver::Clash> {
    if plan.unmet.is_empty() { Vec::new() } else { solver::clashes(instance) }
}

fn tell(progress: &Progress, at: &solver::Progress, most: u64) -> Result<(), Problem> {
    let stage = match at.stage {
        Stage::Start => "Making a first plan",
        Stage::Bound => "Looking for what no plan can go under",
        Stage::Search => "Looking for better plans",
        Stage::Proof => "Trying what is left",
    };
    let (value, bound) = (at.value, at.bound);
    let message = match value {
        i64::MAX => stage.to_owned(),
        _ => format!("{stage}: value {value}, bound {bound}, gap {}", (value - bound).max(0)),
    };
    progress.step(at.work.min(most) as usize, most as usize, &message)
}

/// Keeps what was found as a proposal.
fn keep(work: &mut Work, prepared: &Prepared, found: &Found) -> Result<AssignmentPlan, Problem> {
    for_assigning(work, prepared.consultation)?;
    let (wanted, solver_plan) = (&prepared.wanted, found.plan.clone());
    let plan = AssignmentPlan {
        id: work.id(),
        consultation_id: prepared.consultation,
        state: PlanState::Proposed,
        seed: wanted.seed,
        placements: solver_plan.placements,
        unmet: solver_plan.unmet,
        quality: solver_plan.quality,
        origin: PlanOrigin::Solved,
        rules: prepared.rules.clone(),
        search: Search {
            work: wanted.work,
            seconds: wanted.seconds,
            keep_announced: wanted.keep_announced,
            stopped: found.stopped,
            instance: instances::fingerprint(&prepared.instance)?,
        },
        clashes: found.clashes.clone(),
        edits: 0,
        based_on: prepared.based_on,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    groups::store::insert_plan(work.conn, &plan)?;
    work.audit("assignment_plan.proposed", "assignment_plan", plan.id);
    Ok(plan)
}
