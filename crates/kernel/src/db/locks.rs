//! Locks that end with the transaction. SQLite, which has one writer, needs none.

use diesel::connection::SimpleConnection;
use uuid::Uuid;

use super::Conn;
use crate::problem::Problem;

/// Holds everybody else who would lock `id` until the transaction ends. SQLite's one writer needs no lock.
pub fn lock(conn: &mut Conn, id: Uuid) -> Result<(), Problem> {
    match conn {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(conn) => {
            conn.batch_execute(&format!("SELECT pg_advisory_xact_lock({})", key_of(id)))?;
            Ok(())
        }
    }
}

/// What PostgreSQL knows the lock by that [`lock`] takes, for functions of its own that take it.
pub fn key_of(id: Uuid) -> i64 {
    let (high, low) = id.as_u64_pair();
    (high ^ low) as i64
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
