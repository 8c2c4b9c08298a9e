//! Locks that end with the transaction. SQLite, which has one writer, needs none.

#![expect(
    clippy::disallowed_methods,
    reason = "an advisory lock is a function of PostgreSQL that Diesel does not know"
)]

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::Conn;
use crate::problem::Problem;

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
