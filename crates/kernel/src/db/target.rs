//! Which database an instance is on, and how connections to it are opened.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use diesel::connection::{SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::r2d2::{self, ManageConnection};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Notify;

use super::{Conn, Database, patience};
use crate::modes;

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
    pub(super) fn lock_file(&self) -> Result<Option<File>, String> {
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

    pub(super) fn connect(&self, settings: &Database) -> Result<Conn, ConnectionError> {
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
pub(super) struct Connector {
    pub(super) target: Target,
    pub(super) settings: Database,
    /// Whether the last one could not be opened.
    pub(super) failing: Arc<AtomicBool>,
    /// Tells when one could be opened again.
    pub(super) reached: Arc<Notify>,
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

/// The file of SQLite with its folder, made or as it is. SQLite gives its log and its shared memory the modes of the file.
pub(super) fn keep_private(path: &Path) -> Result<(), String> {
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
