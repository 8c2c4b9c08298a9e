//! The one table of what jobs do: each kind and the service that does it. Only the runner may know it, so that a slice
//! which starts jobs does not reach all the others through them.

use super::{Computation, JobKind, Manner, Task};
use crate::groups;
use crate::inputs;
use crate::privacy;
use crate::problem::Problem;
use crate::registrations;
use crate::reports;
use crate::work::Work;

/// How the job stands to the database.
pub fn manner(task: &Task) -> Manner {
    match task.job.kind {
        JobKind::ImportRegistrations if registrations::imports::only_reads(task) => Manner::Reads,
        JobKind::ImportInputs if inputs::tables::imports::only_reads(task) => Manner::Reads,
        JobKind::ImportRegistrations | JobKind::ImportInputs | JobKind::Purge => Manner::Writes,
        JobKind::ProposeAssignmentPlan | JobKind::RenderDocument => Manner::Computes,
    }
}

/// Does the work of a job that reads or writes, and says what it found.
pub fn run(work: &mut Work, task: &Task) -> Result<serde_json::Value, Problem> {
    match task.job.kind {
        JobKind::ImportRegistrations => registrations::imports::run(work, task),
        JobKind::ImportInputs => inputs::tables::imports::run(work, task),
        JobKind::Purge => privacy::retention::run(work, task),
        JobKind::ProposeAssignmentPlan | JobKind::RenderDocument => {
            Err(Problem::internal("it computes"))
        }
    }
}

/// Reads what a job needs that computes.
pub fn prepare(work: &mut Work, task: &Task) -> Result<Computation, Problem> {
    match task.job.kind {
        JobKind::ProposeAssignmentPlan => groups::proposals::prepare(work, task),
        JobKind::RenderDocument => reports::documents::prepare(work, task),
        JobKind::ImportRegistrations | JobKind::ImportInputs | JobKind::Purge => {
            Err(Problem::internal("it does not compute"))
        }
    }
}
