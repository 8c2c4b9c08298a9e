//! The one table of what jobs do: each kind and the service that does it. Only the runner may know it, so that a slice
//! which starts jobs does not reach all the others through them.

use super::{JobKind, Task};
use crate::privacy;
use crate::problem::Problem;
use crate::registrations;
use crate::work::Work;

/// Whether the job writes nothing but its result: then it does not hold up those who write.
pub fn only_reads(task: &Task) -> bool {
    match task.job.kind {
        JobKind::ImportRegistrations => registrations::imports::only_reads(task),
        JobKind::Purge => false,
    }
}

/// Does the work of a job and says what it found.
pub fn run(work: &mut Work, task: &Task) -> Result<serde_json::Value, Problem> {
    match task.job.kind {
        JobKind::ImportRegistrations => registrations::imports::run(work, task),
        JobKind::Purge => privacy::retention::run(work, task),
    }
}
