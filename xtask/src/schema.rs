//! The tables as Diesel knows them, against the migrations of both databases.

use crate::commands::{cargo, run as tell_and_run};

/// In tests/api/contract.rs, where PostgreSQL's half prints each table that differs as `schema.rs` should have it.
const TEST: &str = "the_migrated_database_is_what_schema_rs_says";

pub fn run() -> Result<(), String> {
    let mut test =
        cargo(&["test", "--quiet", "--locked", "--no-default-features", "--test", "api", TEST]);
    tell_and_run(test.env("RAPPORTEUR_REQUIRE_POSTGRES", "1"))
}
