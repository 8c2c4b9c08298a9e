//! The database: one connection type over SQLite and PostgreSQL, and `Db::{read, write}`, the only ways to it.
//! Knows no table and no rule of the domain.

#![expect(
    clippy::disallowed_methods,
    reason = "an advisory lock is a function of PostgreSQL that Diesel does not know"
)]

use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel::r2d2::{self, ManageConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::Notify;

use self::turn::Line;
use crate::modes;
use crate::problem::Problem;

mod damage;
pub mod errors;
pub mod keyset;
mod login;
mod patience;
pub mod schema;
mod turn;
pub mod types;

pub use turn::in_time;

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");
/// Any number will do, as long as every process of every version takes the same one.
const MIGRATION_LOCK: i64 = 0x7261_7070;
/// How long the pool is asked for a connection before it is looked whether the database can be reached at all.
const LOOK: Duration = Duration::from_millis(100);
/// How a transaction of PostgreSQL begins.
const BEGIN: &str = "BEGIN";
/// How one begins for which nobody waits: it lets others work for long before it.
const BEGIN_PATIENTLY: &str = "BEGIN; SET LOCAL lock_timeout = '600s'";
/// A unit of work that lost against another is tried this often in all.
const ATTEMPTS: u32 = 4;

/// How SQLite says that a file cannot be one of its own, or is no more.
const DAMAGED: [&str; 2] = ["file is not a database", "malformed"];

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

/// How the database is used, as it is set.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// `sqlite:…`, `postgres://…` or empty.
    pub url: SecretString,
    /// Connections.
    pub pool: u32,
    /// Requests that may wait for their turn.
    pub queue: usize,
    /// Seconds that a request waits for its turn.
    pub wait_seconds: u64,
    /// Seconds.
    pub connect_seconds: u64,
    /// Seconds that a statement waits for somebody else's lock.
    pub lock_seconds: u64,
    /// Seconds that a statement may take.
    pub statement_seconds: u64,
    /// Seconds that a transaction may do nothing.
    pub idle_seconds: u64,
    /// Whether a login to PostgreSQL may be a superuser.
    pub allow_superuser: bool,
}

#[cfg(test)]
impl Database {
    /// For tests of what knows no settings.
    fn sample() -> Self {
        Self {
            url: String::new().into(),
            pool: 2,
            queue: 1,
            wait_seconds: 0,
            connect_seconds: 3,
            lock_seconds: 10,
            statement_seconds: 60,
            idle_seconds: 120,
            allow_superuser: false,
        }
    }
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
    fn lock_file(&self) -> Result<Option<File>, String> {
        let Self::Sqlite(path) = self else { return Ok(None) };
        let path = path.with_extension("lock");
        let told = |error| format!("cannot lock {}: {error}", path.display());
        let file = modes::private_file(&path).map_err(told)?;
        file.lock().map_err(told)?;
        Ok(Some(file))
    }

    /// Keeps every other server from the same SQLite file until it is dropped or the process is gone. (Commands that may run beside a
    /// server do not ask.)
    ///
    /// # Errors
    /// When another server has it.
    pub fn serve_alone(&self) -> Result<Option<File>, String> {
        let Self::Sqlite(path) = self else { return Ok(None) };
        keep_private(path)?;
        let told = |error| format!("cannot lock {}: {error}", path.display());
        // By whatever way it is come to, it is the same.
        let lock = path.canonicalize().map_err(told)?.with_extension("serving");
        let file = modes::private_file(&lock).map_err(told)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::Error(error)) => Err(told(error)),
            Err(TryLockError::WouldBlock) => Err(format!(
                "another server is running on {}: stop that one, or give this one a folder of its own (data.folder), or let both share a \
                 PostgreSQL (DATABASE_URL)",
                path.display()
            )),
        }
    }

    fn connect(&self, settings: &Database) -> Result<Conn, ConnectionError> {
        match self {
            Self::Sqlite(path) => {
                let mut conn = SqliteConnection::establish(&path.to_string_lossy())?;
                let set_up = format!(
                    "PRAGMA busy_timeout = {}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                     PRAGMA foreign_keys = ON; PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY; \
                     PRAGMA secure_delete = ON;",
                    settings.lock_seconds * 1000
                );
                conn.batch_execute(&set_up).map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(Conn::Sqlite(conn))
            }
            Self::Postgres(url) => {
                let mut conn =
                    PgConnection::establish(&patience::url(url.expose_secret(), settings))?;
                patience::set(&mut conn, settings)
                    .map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(Conn::Postgres(conn))
            }
        }
    }
}

/// Opens connections for the pool.
struct Connector {
    target: Target,
    settings: Database,
    /// Whether the last one could not be opened.
    failing: Arc<AtomicBool>,
    /// Tells when one could be opened again.
    reached: Arc<Notify>,
}

impl ManageConnection for Connector {
    type Connection = Conn;
    type Error = r2d2::Error;

    fn connect(&self) -> Result<Conn, r2d2::Error> {
        let opened = self.target.connect(&self.settings);
        match (&opened, self.failing.swap(opened.is_err(), Ordering::Relaxed)) {
            (Err(error), false) => tracing::error!(%error, "the database cannot be reached"),
            (Ok(_), true) => {
                tracing::info!("the database is reached again");
                self.reached.notify_waiters();
            }
            _ => {}
        }
        opened.map_err(r2d2::Error::ConnectionError)
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
    readers: Line,
    writers: Line,
    target: Target,
    settings: Arc<Database>,
    /// Whether the database could not be reached when it was last tried.
    failing: Arc<AtomicBool>,
    /// Tells when it is reached again.
    reached: Arc<Notify>,
}

impl Db {
    /// Opens the pool. SQLite's file is made when it is missing, for the account of the server alone, with its folder; nothing is
    /// migrated.
    pub fn open(target: Target, settings: &Database) -> Result<Self, String> {
        if let Target::Sqlite(path) = &target {
            keep_private(path)?;
        }
        // A first connection says why it failed; the pool would only say that it timed out.
        target.connect(settings).map_err(|error| match (&target, error.to_string()) {
            (Target::Sqlite(path), said) if DAMAGED.iter().any(|sign| said.contains(sign)) => {
                damage::advice(path, &said)
            }
            (_, said) => format!("cannot open the {} database: {said}", target.name()),
        })?;
        let size = settings.pool.max(2);
        let (failing, reached) = (Arc::<AtomicBool>::default(), Arc::<Notify>::default());
        let connector = Connector {
            target: target.clone(),
            settings: settings.clone(),
            failing: failing.clone(),
            reached: reached.clone(),
        };
        let pool = r2d2::Pool::builder()
            .max_size(size)
            .min_idle(Some(1))
            .test_on_check_out(matches!(target, Target::Postgres(_)))
            // Also how often it is tried anew while there is none.
            .connection_timeout(Duration::from_secs(settings.connect_seconds))
            .build(connector)
            .map_err(|error| format!("cannot open the {} database: {error}", target.name()))?;
        // SQLite has one writer: waiters wait here, where they hold no thread and no connection.
        let writers = match target {
            Target::Sqlite(_) => 1,
            Target::Postgres(_) => size as usize - 1,
        };
        Ok(Self {
            pool,
            readers: Line::new(size as usize - 1, settings),
            writers: Line::new(writers, settings),
            target,
            settings: Arc::new(settings.clone()),
            failing,
            reached,
        })
    }

    /// Whether the database could not be reached when it was last tried.
    pub fn is_away(&self) -> bool {
        self.failing.load(Ordering::Relaxed)
    }

    /// Waits until the database, which could not be reached, is reached again.
    pub async fn reached(&self) {
        self.reached.notified().await;
    }

    /// A connection, or 503: at once where the database cannot be reached.
    fn connection(&self) -> Result<r2d2::PooledConnection<Connector>, Problem> {
        let begun = Instant::now();
        loop {
            match self.pool.get_timeout(LOOK) {
                Ok(conn) => return Ok(conn),
                Err(error) => {
                    let waited = begun.elapsed().as_secs() >= self.settings.wait_seconds;
                    if waited || self.is_away() {
                        tracing::debug!(%error, "no database connection");
                        let detail = "The database cannot be reached. Nothing was changed.";
                        return Err(Problem::not_begun(detail));
                    }
                }
            }
        }
    }

    /// Refuses a login to PostgreSQL that is a superuser or can become one: it reads and changes everything in the whole cluster,
    /// and the files of its machine. The error says what to do instead.
    ///
    /// # Errors
    /// That it is one, or that the database cannot be asked.
    pub fn refuse_superuser(&self) -> Result<(), String> {
        let mut conn = self.connection().map_err(|problem| problem.to_string())?;
        match &mut *conn {
            Conn::Sqlite(_) => Ok(()),
            Conn::Postgres(conn) => login::refuse_superuser(conn),
        }
    }

    /// Refuses a file of SQLite that is damaged, as far as that shows in how it is built; not in what stands in it.
    ///
    /// # Errors
    /// That it is damaged, and what to do.
    pub fn refuse_damage(&self) -> Result<(), String> {
        let mut conn = self.connection().map_err(|problem| problem.to_string())?;
        match (&mut *conn, &self.target) {
            (Conn::Sqlite(conn), Target::Sqlite(path)) => damage::refuse(conn, path),
            _ => Ok(()),
        }
    }

    /// Whether several processes of an instance may be on it.
    pub const fn is_shared(&self) -> bool {
        matches!(self.target, Target::Postgres(_))
    }

    /// A connection to PostgreSQL beside those that requests take turns with.
    ///
    /// # Errors
    /// When it cannot be had, or the database is another.
    pub fn apart(&self) -> Result<PgConnection, ConnectionError> {
        match self.target.connect(&self.settings)? {
            Conn::Postgres(conn) => Ok(conn),
            Conn::Sqlite(_) => Err(ConnectionError::BadConnection("not PostgreSQL".to_owned())),
        }
    }

    /// Which database this is.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Runs pending migrations under a lock, so that several processes may start at once.
    pub fn migrate(&self) -> Result<usize, String> {
        let mut conn = self.connection().map_err(|problem| problem.to_string())?;
        match &mut *conn {
            Conn::Sqlite(conn) => {
                let _held = self.target.lock_file()?;
                run(conn, SQLITE)
            }
            Conn::Postgres(conn) => {
                let lock = |verb: &str| format!("SELECT pg_advisory_{verb}({MIGRATION_LOCK})");
                let told = |error: diesel::result::Error| error.to_string();
                // Another process may be at it for long, and so may be a migration.
                patience::without_end(conn).map_err(told)?;
                conn.batch_execute(&lock("lock")).map_err(told)?;
                let result = run(conn, POSTGRES).or_else(|why| Err(login::advice(conn, why)?));
                conn.batch_execute(&lock("unlock")).map_err(told)?;
                patience::set(conn, &self.settings).map_err(told)?;
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
        // Held by the thread, not by the request: a client that hangs up does not let two writers in.
        let permit = self.writers.turn().await?;
        let begin = if turn::is_of_a_request() { BEGIN } else { BEGIN_PATIENTLY };
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
        let mut conn = self.connection()?;
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

    /// [`Db::write`] for the command line and the worker, which have a thread of their own. It waits for its turn like all others.
    pub fn write_blocking<T>(
        &self,
        work: impl FnMut(&mut Conn) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let _held = self.writers.turn_of_thread()?;
        self.write_since(BEGIN_PATIENTLY, work)
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
    fn may_pass(&self, problem: &Problem) -> bool {
        let says_when_busy = matches!(self.target, Target::Sqlite(_));
        problem.is_contention() || problem.is_unexplained() && !says_when_busy
    }

    fn attempt<T>(
        &self,
        begin: &str,
        work: &mut impl FnMut(&mut Conn) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let mut conn = self.connection()?;
        match &mut *conn {
            // A deferred transaction that reads, then writes, fails at once in spite of busy_timeout.
            Conn::Sqlite(conn) => {
                AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE")?;
            }
            Conn::Postgres(conn) => AnsiTransactionManager::begin_transaction_sql(conn, begin)?,
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
    let told = |error| format!("the database could not be migrated: {error}");
    let known: Vec<Box<dyn Migration<C::Backend>>> = migrations.migrations().map_err(told)?;
    let known: BTreeSet<String> =
        known.iter().map(|migration| migration.name().version().to_string()).collect();
    let done = conn.applied_migrations().map_err(told)?;
    // The newest comes first.
    if let Some(newer) = done.iter().map(ToString::to_string).find(|one| !known.contains(one)) {
        return Err(format!(
            "the database is of a newer version of this program: it has the migration {newer}, which this one does not know. Start the \
             version that made it, or put back a backup of before"
        ));
    }
    conn.run_pending_migrations(migrations).map(|done| done.len()).map_err(told)
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
            "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '{CLUSTER_PATIENCE}'; CLUSTER \"{table}\" USING \"{index}\""
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
