//! Whether the server can do its work: that changes are saved, and that mail goes out. Everybody may ask, so it is looked at by one at a
//! time and no more often than it changes. Tells neither how much waits nor for how long.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel::prelude::*;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use crate::db::schema::readiness;
use crate::db::types::Timestamp;
use crate::db::{Conn, Db, Prepare};
use crate::outbox;
use crate::problem::{Code, Problem};

/// For how long nobody looks again.
const FRESH: Duration = Duration::from_secs(2);
/// For how long nobody looks again where something failed.
const FAILED: Duration = Duration::from_millis(500);
/// For how long anybody is kept waiting.
const PATIENCE: Duration = Duration::from_secs(3);

/// How ready the server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readiness {
    /// All is well.
    Ready,
    /// Requests are answered, and mail has been waiting for longer than it should (`mail.late_minutes`).
    MailIsLate,
}

/// Looks, and knows what was found last.
#[derive(Debug, Default)]
pub struct Lookout {
    last: Mutex<Option<Look>>,
    leaving: AtomicBool,
}

#[derive(Debug)]
struct Look {
    at: Instant,
    found: Result<Readiness, Code>,
}

impl Look {
    fn is_fresh(&self) -> bool {
        self.at.elapsed() < if self.found.is_ok() { FRESH } else { FAILED }
    }
}

impl Lookout {
    /// The server is about to be stopped: from now on it is not ready, whatever it can do.
    pub fn leave(&self) {
        self.leaving.store(true, Ordering::Relaxed);
    }

    /// Whether it is about to be stopped.
    pub fn is_leaving(&self) -> bool {
        self.leaving.load(Ordering::Relaxed)
    }

    /// Whether the server is ready, as it is or was a moment ago. Mail that has been waiting since before `due` is late.
    ///
    /// # Errors
    /// 503 when nothing can be saved, nobody can tell in time, or the server is about to be stopped; 507 when there is no room.
    pub async fn look(&self, db: &Db, due: Timestamp) -> Result<Readiness, Problem> {
        if self.is_leaving() {
            return Err(Problem::not_begun("The server is about to be stopped."));
        }
        let late = || Problem::not_begun("The database does not answer in time.");
        let mut last = timeout(PATIENCE, self.last.lock()).await.map_err(|_| late())?;
        let found = match last.as_ref().filter(|look| look.is_fresh()) {
            Some(look) => look.found,
            None => {
                let found = match timeout(PATIENCE, save(db, due)).await {
                    Ok(found) => found.map_err(|problem| problem.code()),
                    Err(_) => Err(Code::Unavailable),
                };
                *last = Some(Look { at: Instant::now(), found });
                found
            }
        };
        found.map_err(|code| match code {
            Code::DiskFull => Problem::new(code, "The disk of the database is full."),
            _ => Problem::not_begun("The database cannot be reached, or saves nothing."),
        })
    }
}

/// Saves a change, which counts nothing, of the one row that is there for it, and looks how long mail has been waiting.
async fn save(db: &Db, due: Timestamp) -> Result<Readiness, Problem> {
    let look = move |conn: &mut Conn| {
        let turned = readiness::turned.eq(readiness::turned * -1 + 1);
        diesel::update(readiness::table).set(turned).prepared().execute(conn)?;
        outbox::is_late(conn, due)
    };
    Ok(if db.write(look).await? { Readiness::MailIsLate } else { Readiness::Ready })
}
