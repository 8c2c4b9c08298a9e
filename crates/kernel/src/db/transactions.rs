//! Work in a transaction: reading in a snapshot, and writing whole or not at all.

use std::time::{Duration, Instant};

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::prelude::*;

use super::{Conn, Db, Prepare, Target, errors, turn};
use crate::problem::Problem;

/// How a transaction of PostgreSQL begins that others wait for: its locks end with COMMIT, and the disk is waited for after that (early
/// lock release: DeWitt et al., "Implementation techniques for main memory database systems", SIGMOD 1984).
pub(super) const BEGIN: &str = "BEGIN; SET LOCAL synchronous_commit = off";
/// How one begins for which nobody waits: it lets others work for long before it.
const BEGIN_PATIENTLY: &str = "BEGIN; SET LOCAL lock_timeout = '600s'";
/// Writes a record of the log that nobody reads, and waits until the log is on the disk up to it, with all that was committed before:
/// also on standbys, where the server is set to wait for them.
const KEEP: &str = "SELECT pg_logical_emit_message(true, 'rapporteur', '')";
/// A unit of work that lost against another is tried this often in all.
const ATTEMPTS: u32 = 4;

impl Db {
    /// Reads in one consistent snapshot, on a blocking thread.
    pub async fn read<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T, Problem> + Send + 'static,
    {
        let permit = self.readers.turn().await?;
        let db = self.clone();
        on_blocking_thread(move || {
            let _held = permit;
            db.read_blocking(work)
        })
        .await
    }

    /// Writes in one transaction, on a blocking thread. What the closure refuses leaves no trace.
    /// The closure runs again when another transaction stood in its way, so it must do nothing but use the connection.
    pub async fn write<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T, Problem> + Send + 'static,
    {
        let of_a_request = turn::is_of_a_request();
        if of_a_request && matches!(self.target, Target::Sqlite(_)) {
            return self.write_together(work).await;
        }
        // Held by the thread, not by the request: a client that hangs up does not let two writers in.
        let permit = self.writers.turn().await?;
        let begin = if of_a_request { BEGIN } else { BEGIN_PATIENTLY };
        let db = self.clone();
        turn::changing(on_blocking_thread(move || {
            let _held = permit;
            db.write_since(begin, work)
        }))
        .await
    }

    /// [`Db::read`] for the command line and the worker, which have a thread of their own.
    pub fn read_blocking<T>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.look(work).map_err(Problem::given_up)
    }

    fn look<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T, Problem>) -> Result<T, Problem> {
        let mut conn = self.begun(begin_reading)?;
        let result = work(&mut conn);
        roll_back(&mut conn);
        result
    }

    /// [`Db::write`] for the command line and the worker, which have a thread of their own. It waits for its turn like all others.
    pub fn write_blocking<T>(
        &self,
        work: impl FnMut(&mut Conn) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let _held = self.writers.turn_of_thread()?;
        self.write_since(BEGIN_PATIENTLY, work)
    }

    /// As [`Db::write_blocking`], by who has the turn of a request.
    pub(super) fn write_alone<T>(
        &self,
        work: impl FnMut(&mut Conn) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.write_since(BEGIN, work)
    }

    fn write_since<T>(
        &self,
        begin: &str,
        mut work: impl FnMut(&mut Conn) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let (mut attempt, begun) = (1, Instant::now());
        let patience = Duration::from_secs(self.settings.lock_seconds);
        loop {
            match self.attempt(begin, &mut work) {
                Err(problem)
                    if self.may_pass(&problem)
                        && attempt < ATTEMPTS
                        && begun.elapsed() < patience =>
                {
                    std::thread::sleep(Duration::from_millis(5 << attempt));
                    attempt += 1;
                }
                result => return result.map_err(Problem::given_up),
            }
        }
    }

    /// Whether the same work may succeed when it is begun anew. SQLite says when it is busy; PostgreSQL says of a deadlock
    /// nothing that could be told from any other failure.
    pub(super) fn may_pass(&self, problem: &Problem) -> bool {
        let says_when_busy = matches!(self.target, Target::Sqlite(_));
        problem.is_contention() || problem.is_unexplained() && !says_when_busy
    }

    fn attempt<T>(
        &self,
        begin: &str,
        work: &mut impl FnMut(&mut Conn) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let mut conn = self.begun(|conn| begin_writing(conn, begin))?;
        match work(&mut conn) {
            Ok(value) => {
                commit(&mut conn, begin)?;
                Ok(value)
            }
            Err(problem) => {
                roll_back(&mut conn);
                Err(problem)
            }
        }
    }
}

fn begin_reading(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(conn) => AnsiTransactionManager::begin_transaction(conn),
        Conn::Postgres(conn) => AnsiTransactionManager::begin_transaction_sql(
            conn,
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        ),
    }
}

/// Begins to write; on PostgreSQL as `begin` says.
pub(super) fn begin_writing(conn: &mut Conn, begin: &str) -> QueryResult<()> {
    match conn {
        // A deferred transaction that reads, then writes, fails at once in spite of busy_timeout.
        Conn::Sqlite(conn) => {
            AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE")
        }
        Conn::Postgres(conn) => AnsiTransactionManager::begin_transaction_sql(conn, begin),
    }
}

#[expect(clippy::disallowed_methods, reason = "Diesel does not know this function")]
fn keep(conn: &mut PgConnection) -> QueryResult<()> {
    diesel::sql_query(KEEP).prepared().execute(conn).map(|_| ())
}

/// Ends a transaction that began so, and returns when it is on the disk. What fails here is not begun anew: that would seldom help.
fn commit(conn: &mut Conn, begin: &str) -> Result<(), Problem> {
    end(conn).map_err(|error| errors::at_commit(error).given_up())?;
    match conn {
        // By the same connection, which would not have outlived a crash of the server in between.
        Conn::Postgres(conn) if begin == BEGIN => keep(conn).map_err(Problem::outcome_unknown),
        _ => Ok(()),
    }
}

/// Commits the transaction, or what was done since its last savepoint.
pub(super) fn end(conn: &mut Conn) -> QueryResult<()> {
    <Conn as Connection>::TransactionManager::commit_transaction(conn)
}

/// Ends a transaction of which nothing stays. Where that cannot be said the connection is gone, or is thrown away: either way the
/// database forgets it.
pub(super) fn roll_back(conn: &mut Conn) {
    if let Err(error) = <Conn as Connection>::TransactionManager::rollback_transaction(conn) {
        tracing::debug!(%error, "a transaction ended with its connection");
    }
}

async fn on_blocking_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(Problem::internal(error)),
    }
}
