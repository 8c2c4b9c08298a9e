//! How often something is done again and again: as often as it should be, more and more seldom while it fails, and at once when the
//! database is back. That it fails is said when it begins, and not again.

use std::time::Duration;

use tokio::sync::watch;

use crate::db::Db;
use crate::problem::Problem;

/// The longest pause while it fails.
const LONGEST: Duration = Duration::from_secs(30);

/// How something goes that is done again and again.
#[derive(Debug)]
pub struct Pace {
    /// What is said when it begins to fail.
    what: String,
    failures: u32,
}

impl Pace {
    /// Of what says so when it begins to fail.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), failures: 0 }
    }

    /// How long to wait after it went so: `every`, or 1 s, 2 s, 4 s and so on, up to 30 s. A database that cannot be reached says so
    /// itself.
    pub fn after<T>(&mut self, db: &Db, done: &Result<T, Problem>, every: Duration) -> Duration {
        match done {
            Ok(_) if self.failures > 0 => {
                tracing::debug!("well again: {}", self.what);
                self.failures = 0;
                every
            }
            Ok(_) => every,
            Err(problem) => {
                if self.failures == 0 && !db.is_away() {
                    tracing::error!(%problem, "{}", self.what);
                } else {
                    tracing::debug!(%problem, "{}", self.what);
                }
                self.failures += 1;
                pause(self.failures)
            }
        }
    }
}

/// How long to wait after something failed so often in a row, from once on.
pub fn pause(failures: u32) -> Duration {
    Duration::from_secs(1 << failures.saturating_sub(1).min(5)).min(LONGEST)
}

/// Waits, but not when the database that could not be reached is back; whether it is time to stop.
pub async fn wait(db: &Db, pause: Duration, stopped: &mut watch::Receiver<bool>) -> bool {
    let pausing = async {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = db.reached() => {}
        }
    };
    tokio::select! {
        biased;
        // Its sender is gone, too, when all ends.
        _ = stopped.wait_for(|stop| *stop) => true,
        () = pausing => false,
    }
}
