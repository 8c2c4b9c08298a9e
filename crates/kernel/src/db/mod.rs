//! The database: one connection type over SQLite and PostgreSQL, and `Db::{read, write}`, the only ways to it.
//! Knows no table and no rule of the domain.

#![expect(
    clippy::disallowed_methods,
    reason = "an advisory lock is a function of PostgreSQL that Diesel does not know"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::r2d2::{self, ManageConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use crate::modes;
use crate::problem::Problem;

pub mod errors;
mod login;
pub mod schema;
pub mod types;

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");
/// Any number will do, as long as every process of every version takes the same one.
const MIGRATION_LOCK: i64 = 0x7261_7070;
/// A unit of work that lost against another is tried this often in all.
const ATTEMPTS: u32 = 4;

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// PostgreSQL 15 or newer.
    Postgres(PgConnection),
    /// The embedded SQLite.
    Sqlite(SqliteConnection),
}

/// Compiles the same body once for each database, with all of Diesel in it (batch inserts, `on_conflict`, …).
#[macro_export]
macro_rules! on_backend {
    ($conn:expr, $inner:ident => $body:expr) => {
        match $conn {
            $crate::db::Conn::Postgres($inner) => $body,
            $crate::db::Conn::Sqlite($inner) => $body,
        }
    };
}

/// Which database, chosen by the URL's scheme. An unknown scheme is refused rather than taken for a file name.
#[derive(Debug, Clone)]
pub enum Target {
    /// `sqlite:PATH`
    Sqlite(PathBuf),
    /// `postgres://…`
    Postgres(SecretString),
}

impl Target {
    /// Reads a database URL.
    pub fn parse(url: &str) -> Result<Self, String> {
        let scheme = url.split_once(':').map(|(scheme, _)| scheme);
        match (scheme, url.strip_prefix("sqlite:")) {
            (_, Some("" | ":memory:")) => {
                Err("sqlite: needs a file, such as sqlite:data/rapporteur.sqlite".into())
            }
            (_, Some(path)) => Ok(Self::Sqlite(path.trim_start_matches("//").into())),
            (Some("postgres" | "postgresql"), _) => Ok(Self::Postgres(url.to_owned().into())),
            _ => Err("the database URL must begin with sqlite: or postgres://".into()),
        }
    }

    /// `sqlite` or `postgresql`, for logs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgresql",
        }
    }

    /// Holds other processes that start on the same SQLite file until it is dropped.
    fn lock_file(&self) -> Result<Option<std::fs::File>, String> {
        let Self::Sqlite(path) = self else { return Ok(None) };
        let path = path.with_extension("lock");
        let told = |error| format!("cannot lock {}: {error}", path.display());
        let file = modes::private_file(&path).map_err(told)?;
        file.lock().map_err(told)?;
        Ok(Some(file))
    }

    fn connect(&self) -> Result<Conn, ConnectionError> {
        match self {
            Self::Sqlite(path) => {
                let mut conn = SqliteConnection::establish(&path.to_string_lossy())?;
                conn.batch_execute(
                    "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                     PRAGMA foreign_keys = ON; PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY; \
                     PRAGMA secure_delete = ON;",
                )
                .map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(Conn::Sqlite(conn))
            }
            Self::Postgres(url) => PgConnection::establish(url.expose_secret()).map(Conn::Postgres),
        }
    }
}

/// Opens connections for the pool.
struct Connector(Target);

impl ManageConnection for Connector {
    type Connection = Conn;
    type Error = r2d2::Error;

    fn connect(&self) -> Result<Conn, r2d2::Error> {
        self.0.connect().map_err(r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), r2d2::Error> {
        conn.batch_execute("SELECT 1").map_err(r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        std::thread::panicking()
            || <Conn as Connection>::TransactionManager::is_broken_transaction_manager(conn)
    }
}

/// The way to the database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: r2d2::Pool<Connector>,
    readers: Arc<Semaphore>,
    writers: Arc<Semaphore>,
    target: Target,
}

impl Db {
    /// Opens the pool. SQLite's file is made when it is missing, for the account of the server alone, with its folder; nothing is
    /// migrated.
    pub fn open(target: Target, size: u32) -> Result<Self, String> {
        if let Target::Sqlite(path) = &target {
            keep_private(path)?;
        }
        // A first connection says why it failed; the pool would only say that it timed out.
        target
            .connect()
            .map_err(|error| format!("cannot open the {} database: {error}", target.name()))?;
        let size = size.max(2);
        let pool = r2d2::Pool::builder()
            .max_size(size)
            .min_idle(Some(1))
            .test_on_check_out(matches!(target, Target::Postgres(_)))
            .connection_timeout(Duration::from_secs(10))
            .build(Connector(target.clone()))
            .map_err(|error| format!("cannot open the {} database: {error}", target.name()))?;
        // SQLite has one writer: waiters wait here, where they hold no thread and no connection.
        let writers = match target {
            Target::Sqlite(_) => 1,
            Target::Postgres(_) => size as usize - 1,
        };
        Ok(Self {
            pool,
            readers: Arc::new(Semaphore::new(size as usize - 1)),
            writers: Arc::new(Semaphore::new(writers)),
            target,
        })
    }

    /// Refuses a login to PostgreSQL that is a superuser or can become one: it reads and changes everything in the whole cluster,
    /// and the files of its machine. The error says what to do instead.
    ///
    /// # Errors
    /// That it is one, or that the database cannot be asked.
    pub fn refuse_superuser(&self) -> Result<(), String> {
        let mut conn = self.pool.get().map_err(|error| error.to_string())?;
        match &mut *conn {
            Conn::Sqlite(_) => Ok(()),
            Conn::Postgres(conn) => login::refuse_superuser(conn),
        }
    }

    /// Which database this is.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Runs pending migrations under a lock, so that several processes may start at once.
    pub fn migrate(&self) -> Result<usize, String> {
        let mut conn = self.pool.get().map_err(|error| error.to_string())?;
        match &mut *conn {
            Conn::Sqlite(conn) => {
                let _held = self.target.lock_file()?;
                run(conn, SQLITE)
            }
            Conn::Postgres(conn) => {
                let lock = |verb: &str| format!("SELECT pg_advisory_{verb}({MIGRATION_LOCK})");
                conn.batch_execute(&lock("lock")).map_err(|error| error.to_string())?;
                let result = run(conn, POSTGRES).or_else(|why| Err(login::advice(conn, why)?));
                conn.batch_execute(&lock("unlock")).map_err(|error| error.to_string())?;
                result
            }
        }
    }

    /// Reads in one consistent snapshot, on a blocking thread.
    pub async fn read<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T, Problem> + Send + 'static,
    {
        let permit = permit(&self.readers).await?;
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
        // Held by the thread, not by the request: a client that hangs up does not let two writers in.
        let permit = permit(&self.writers).await?;
        let db = self.clone();
        on_blocking_thread(move || {
            let _held = permit;
            db.write_blocking(work)
        })
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
        let mut conn = self.pool.get().map_err(unavailable)?;
        match &mut *conn {
            Conn::Sqlite(conn) => AnsiTransactionManager::begin_transaction(conn)?,
            Conn::Postgres(conn) => AnsiTransactionManager::begin_transaction_sql(
                conn,
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            )?,
        }
        let result = work(&mut conn);
        roll_back(&mut conn);
        result
    }

    /// [`Db::write`] for the command line and the worker, which have a thread of their own.
    pub fn write_blocking<T>(
        &self,
        mut work: impl FnMut(&mut Conn) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let mut attempt = 1;
        loop {
            match self.attempt(&mut work) {
                Err(problem) if self.may_pass(&problem) && attempt < ATTEMPTS => {
                    std::thread::sleep(Duration::from_millis(5 << attempt));
                    attempt += 1;
                }
                result => return result.map_err(Problem::given_up),
            }
        }
    }

    /// Whether the same work may succeed when it is begun anew. SQLite says when it is busy; PostgreSQL says of a deadlock
    /// nothing that could be told from any other failure.
    fn may_pass(&self, problem: &Problem) -> bool {
        let says_when_busy = matches!(self.target, Target::Sqlite(_));
        problem.is_contention() || problem.is_unexplained() && !says_when_busy
    }

    fn attempt<T>(
        &self,
        work: &mut impl FnMut(&mut Conn) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let mut conn = self.pool.get().map_err(unavailable)?;
        match &mut *conn {
            // A deferred transaction that reads, then writes, fails at once in spite of busy_timeout.
            Conn::Sqlite(conn) => {
                AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE")?;
            }
            Conn::Postgres(conn) => AnsiTransactionManager::begin_transaction(conn)?,
        }
        match work(&mut conn) {
            Ok(value) => {
                // A COMMIT that failed for a reason which is not known is not begun anew: that would seldom help.
                <Conn as Connection>::TransactionManager::commit_transaction(&mut conn)
                    .map_err(|error| errors::at_commit(error).given_up())?;
                Ok(value)
            }
            Err(problem) => {
                roll_back(&mut conn);
                Err(problem)
            }
        }
    }
}

fn run<C>(conn: &mut C, migrations: EmbeddedMigrations) -> Result<usize, String>
where
    C: MigrationHarness<C::Backend> + diesel::migration::MigrationConnection,
{
    conn.run_pending_migrations(migrations)
        .map(|done| done.len())
        .map_err(|error| format!("the database could not be migrated: {error}"))
}

/// Ends a transaction of which nothing stays. Where that cannot be said the connection is gone, or is thrown away: either way the
/// database forgets it.
fn roll_back(conn: &mut Conn) {
    if let Err(error) = <Conn as Connection>::TransactionManager::rollback_transaction(conn) {
        tracing::debug!(%error, "a transaction ended with its connection");
    }
}

/// The file of SQLite with its folder, made or as it is. SQLite gives its log and its shared memory the modes of the file.
fn keep_private(path: &Path) -> Result<(), String> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        modes::private_folder(folder)
            .map_err(|error| format!("cannot make the folder {}: {error}", folder.display()))?;
    }
    // Not opened when it is there: to close it would give up the locks that this process holds on it.
    let made = if path.exists() { Ok(()) } else { modes::private_file(path).map(|_| ()) };
    made.and_then(|()| modes::mend(path))
        .map(|_| ())
        .map_err(|error| format!("cannot open {}: {error}", path.display()))
}

fn unavailable(error: impl std::fmt::Display) -> Problem {
    tracing::error!(%error, "no database connection");
    Problem::not_begun("The database cannot be reached. Nothing was changed.")
}

async fn permit(semaphore: &Arc<Semaphore>) -> Result<tokio::sync::OwnedSemaphorePermit, Problem> {
    semaphore.clone().acquire_owned().await.map_err(unavailable)
}

async fn on_blocking_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(Problem::internal(error)),
    }
}

/// Holds everybody else who would lock `id` until the transaction ends. SQLite's one writer needs no lock.
pub fn lock(conn: &mut Conn, id: uuid::Uuid) -> Result<(), Problem> {
    match conn {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(conn) => {
            let (high, low) = id.as_u64_pair();
            let key = (high ^ low) as i64;
            conn.batch_execute(&format!("SELECT pg_advisory_xact_lock({key})"))?;
            Ok(())
        }
    }
}

/// How long [`cluster`] waits for those who are in a table: whoever comes meanwhile waits with it.
const CLUSTER_PATIENCE: &str = "200ms";

/// Writes a table anew in the order of one of its indexes, so that neither where its rows lay nor what stood in those that are gone can
/// be read in its file (<https://www.postgresql.org/docs/current/sql-cluster.html>). Nobody is in the table meanwhile. SQLite
/// overwrites what is deleted, and does nothing here.
///
/// # Errors
/// When others are in the table for longer than it waits.
pub fn cluster(conn: &mut Conn, table: &str, index: &str) -> Result<(), Problem> {
    if let Conn::Postgres(conn) = conn {
        conn.batch_execute(&format!(
            "SET LOCAL lock_timeout = '{CLUSTER_PATIENCE}'; CLUSTER \"{table}\" USING \"{index}\""
        ))?;
    }
    Ok(())
}

/// As [`lock`], but says no at once when somebody else holds it. Always yes on SQLite.
pub fn try_lock(conn: &mut Conn, key: i64) -> Result<bool, Problem> {
    match conn {
        Conn::Sqlite(_) => Ok(true),
        Conn::Postgres(conn) => {
            let query = diesel::select(diesel::dsl::sql::<diesel::sql_types::Bool>(&format!(
                "pg_try_advisory_xact_lock({key})"
            )));
            Ok(query.get_result(conn)?)
        }
    }
}
