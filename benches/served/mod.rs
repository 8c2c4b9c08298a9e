//! What benchmarks over HTTP have in common: a server on each database, the people in it, and the median of what is asked of it.

use std::future::Future;
use std::time::{Duration, Instant};

use rapporteur::settings::Settings;

use crate::measure;
use harness::Database;

#[allow(dead_code, reason = "some compare with nothing")]
pub mod bare;
#[allow(dead_code, reason = "some need no report")]
pub mod drafted;
#[path = "../../tests/api/harness.rs"]
#[allow(dead_code, unused_macros, reason = "the tests use the rest of it")]
pub mod harness;
#[allow(dead_code, reason = "some ask one after the other")]
pub mod load;
#[path = "../../tests/api/postgres.rs"]
#[allow(dead_code, reason = "the tests use the rest of it")]
pub mod postgres;
#[allow(dead_code, reason = "some fill their database otherwise")]
pub mod registered;
#[path = "../../tests/api/statements.rs"]
#[allow(dead_code, reason = "some count no statements")]
pub mod statements;

/// Prints what the columns are, and measures on each database that is to be had here, or on the one that `RAPPORTEUR_BENCH_DATABASE` names
/// (`sqlite`, `postgres`).
pub fn on_each<F: Future<Output = ()>>(columns: &str, run: impl Fn(Database) -> F) {
    if measure::asks_for_tests() {
        return;
    }
    println!("{columns}");
    let only = std::env::var("RAPPORTEUR_BENCH_DATABASE").ok();
    for database in [Database::Sqlite, Database::Postgres] {
        let name = format!("{database:?}").to_lowercase();
        if only.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        actix_web::rt::System::new().block_on(run(database));
    }
}

/// The way to the database as it is where nothing else is set; `RAPPORTEUR_BENCH_POOL` says how many connections instead.
#[allow(dead_code, reason = "some have no crowd")]
pub fn as_installed(settings: &mut Settings) {
    let installed = Settings::defaults().unwrap().database;
    let wanted = std::env::var("RAPPORTEUR_BENCH_POOL").ok().and_then(|pool| pool.parse().ok());
    settings.database.pool = wanted.unwrap_or(installed.pool);
    settings.database.bearable_ms = installed.bearable_ms;
}

/// The middle one of the times that something takes.
#[allow(dead_code, reason = "some measure otherwise")]
pub async fn median<F: Future<Output = ()>>(times: usize, ask: impl Fn() -> F) -> Duration {
    let mut all = Vec::with_capacity(times);
    for _ in 0..times {
        let begun = Instant::now();
        ask().await;
        all.push(begun.elapsed());
    }
    all.sort();
    all[times / 2]
}
