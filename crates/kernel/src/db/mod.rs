//! The database: one connection type over SQLite and PostgreSQL, and `Db::{read, write}`, the only ways to it.
//! Knows no table and no rule of the domain.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use diesel::connection::TransactionManager;
use diesel::prelude::*;
use diesel::r2d2;
use secrecy::SecretString;
use serde::Deserialize;
use tokio::sync::Notify;

use self::grouping::Group;
use self::target::{Connector, keep_private};
use self::turn::Line;
use crate::problem::Problem;

mod cleared;
mod damage;
pub mod errors;
mod grouping;
mod insertion;
pub mod keyset;
mod locks;
mod login;
mod migrating;
mod patience;
mod prepared;
pub mod schema;
mod target;
mod transactions;
mod turn;
pub mod types;

pub use cleared::Cleared;
pub use insertion::{Insertion, together};
pub use locks::{cluster, key_of, lock};
pub use prepared::Prepare;
pub use target::Target;
pub use turn::in_time;

/// How long the pool is asked for a connection before it is looked whether the database can be reached at all.
const LOOK: Duration = Duration::from_millis(100);
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

/// Inserts rows, many at once; few of them by a statement that is kept.
#[macro_export]
macro_rules! insert_rows {
    ($conn:expr, $table:expr, $rows:expr) => {
        $crate::db::in_parts($rows, |part| match &mut *$conn {
            $crate::db::Conn::Postgres(conn) if part.len() <= $crate::db::FEW => {
                let insert = diesel::insert_into($table).values(part);
                diesel::RunQueryDsl::execute($crate::db::Prepare::prepared(insert), conn)
                    .map(|_| ())
            }
            $crate::db::Conn::Postgres(conn) => {
                let insert = diesel::insert_into($table).values(part);
                diesel::RunQueryDsl::execute(insert, conn).map(|_| ())
            }
            // Nothing is on the way to it: one by one is as fast.
            $crate::db::Conn::Sqlite(conn) => part.iter().try_for_each(|row| {
                let insert = diesel::insert_into($table).values(row);
                diesel::RunQueryDsl::execute($crate::db::Prepare::prepared(insert), conn)
                    .map(|_| ())
            }),
        })
    };
}

/// Few rows to be inserted with others ([`together`]); many, which one statement of their own takes better, are inserted at once, and
/// nothing is left of them.
#[macro_export]
macro_rules! insertions {
    ($conn:expr, $table:expr, $rows:expr) => {{
        let rows = $rows;
        if rows.len() > $crate::db::FEW {
            $crate::insert_rows!($conn, $table, &rows).map(|()| Vec::new())
        } else {
            let insertion =
                |row| $crate::db::Insertion::of(diesel::insert_into($table).values(row));
            Ok(rows.into_iter().map(insertion).collect())
        }
    }};
}

/// Rows of which an INSERT is kept, one for each number of them.
#[doc(hidden)]
pub const FEW: usize = 4;

/// Rows that one INSERT takes: PostgreSQL binds 65,535 values.
const AT_ONCE: usize = 500;

/// Hands rows on in parts that one statement takes.
#[doc(hidden)]
pub fn in_parts<T>(
    rows: &[T],
    insert: impl FnMut(&[T]) -> diesel::QueryResult<()>,
) -> diesel::QueryResult<()> {
    rows.chunks(AT_ONCE).try_for_each(insert)
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
    /// Milliseconds that the last of them may have to wait, as the line moves.
    pub bearable_ms: u64,
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
            bearable_ms: 1000,
            wait_seconds: 0,
            connect_seconds: 3,
            lock_seconds: 10,
            statement_seconds: 60,
            idle_seconds: 120,
            allow_superuser: false,
        }
    }
}

/// The way to the database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: r2d2::Pool<Connector>,
    readers: Line,
    writers: Line,
    /// Requests that wait for the one writer of SQLite.
    group: Group,
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
            // Whether it is still there shows when its next transaction begins.
            .test_on_check_out(false)
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
            group: Group::default(),
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

    /// A connection whose transaction has begun. One that was lost while nobody used it begins none: then another is taken, of as many as
    /// there may be.
    fn begun(
        &self,
        begin: impl Fn(&mut Conn) -> diesel::QueryResult<()>,
    ) -> Result<r2d2::PooledConnection<Connector>, Problem> {
        let mut others = if self.is_shared() { self.settings.pool.max(2) } else { 0 };
        loop {
            let mut conn = self.connection()?;
            let Err(error) = begin(&mut conn) else { return Ok(conn) };
            if others == 0 {
                return Err(error.into());
            }
            tracing::debug!(%error, "a connection was lost");
            others -= 1;
            // The pool keeps none that says so.
            <Conn as Connection>::TransactionManager::transaction_manager_status_mut(&mut *conn)
                .set_in_error();
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
}
