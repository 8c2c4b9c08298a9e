//! Whether a file of SQLite is whole, and what whoever runs the program does about one that is not. Knows no table.

#![expect(
    clippy::disallowed_methods,
    reason = "Diesel does not know what SQLite can be asked about its file"
)]

use std::path::Path;

use diesel::prelude::*;
use diesel::sql_types::Text;

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    quick_check: String,
}

/// An error where the file is damaged (<https://www.sqlite.org/pragma.html#pragma_quick_check>). It reads every page once.
pub(super) fn refuse(conn: &mut SqliteConnection, path: &Path) -> Result<(), String> {
    let found: Found = diesel::sql_query("PRAGMA quick_check(1)")
        .get_result(conn)
        .map_err(|error: diesel::result::Error| advice(path, &error.to_string()))?;
    // What it says goes on over several lines.
    let said = found.quick_check.lines().next().unwrap_or_default();
    if said == "ok" { Ok(()) } else { Err(advice(path, said)) }
}

/// What to do about a file that is damaged or is none of SQLite.
pub(super) fn advice(path: &Path, said: &str) -> String {
    format!(
        "the database {} is damaged ({said}): nothing was changed in it. Keep a copy of it, and put back the last backup \
         (docs/operations.md, Backups)",
        path.display()
    )
}
