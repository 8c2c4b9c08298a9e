//! Brings the tables of a database to what this version of the program knows.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{Conn, Db, login, patience};

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");
/// Any number will do, as long as every process of every version takes the same one.
const MIGRATION_LOCK: i64 = 0x7261_7070;

impl Db {
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
