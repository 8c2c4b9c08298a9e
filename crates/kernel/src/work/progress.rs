//! The figures of the jobs that this process is running. They are kept here beside the database, so that whoever asks sees them as
//! they are and nothing is written for each. Lost when the process ends, which loses nothing but figures.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use super::tasks::{Course, Figures, Job};
use crate::mutex::unpoisoned;
use crate::problem::{Code, Problem};
use crate::vocabulary::JobId;

/// The jobs that this process is running.
#[derive(Debug, Default)]
pub struct Live(Mutex<HashMap<JobId, Arc<Progress>>>);

impl Live {
    /// From now on this process runs the job.
    pub fn begin(&self, job: JobId) -> Arc<Progress> {
        let progress = Arc::new(Progress::default());
        unpoisoned(&self.0).insert(job, progress.clone());
        progress
    }

    /// This process no longer runs the job.
    pub fn end(&self, job: JobId) {
        unpoisoned(&self.0).remove(&job);
    }

    /// Tells the job to stop, if this process runs it.
    pub fn cancel(&self, job: JobId) {
        if let Some(progress) = unpoisoned(&self.0).get(&job) {
            progress.cancel();
        }
    }

    /// The job with the figures of this moment, if this process runs it.
    pub fn overlay(&self, mut job: Job) -> Job {
        let running = unpoisoned(&self.0).get(&job.id).cloned();
        if let (Some(progress), Course::Running { figures, cancel_requested, .. }) =
            (running, &mut job.course)
        {
            *figures = progress.figures();
            *cancel_requested |= progress.is_cancelled();
        }
        job
    }
}

/// How far one job is, told by who does it and read by who asks.
#[derive(Debug, Default)]
pub struct Progress {
    figures: Mutex<Figures>,
    cancelled: AtomicBool,
    decided: AtomicBool,
}

impl Progress {
    /// Tells that `done` of `total` is done, and what is being done. An error when the job is to stop: pass it on, so that
    /// the transaction ends without a trace.
    pub fn step(&self, done: usize, total: usize, message: &str) -> Result<(), Problem> {
        let (done, total) = (done as i64, Some(total as i64));
        *unpoisoned(&self.figures) = Figures { done, total, message: Some(message.to_owned()) };
        if self.is_cancelled() && !self.is_decided() {
            Err(Problem::new(Code::Unavailable, "The job was cancelled."))
        } else {
            Ok(())
        }
    }

    /// How far it is.
    pub fn figures(&self) -> Figures {
        unpoisoned(&self.figures).clone()
    }

    /// Tells it to stop at its next step.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::SeqCst);
    }

    /// From now on it is done, whatever somebody wishes: what was written follows for what is left.
    pub fn decide(&self) {
        self.decided.store(true, Ordering::SeqCst);
    }

    /// Whether nobody stops it any more.
    pub fn is_decided(&self) -> bool {
        self.decided.load(Ordering::SeqCst)
    }

    /// Whether it is to stop.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }
}
