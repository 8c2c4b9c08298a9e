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
    let found = match diesel::sql_query("PRAGMA quick_check(1)").get_result::<Found>(conn) {
        Ok(Found { quick_check }) => quick_check,
        Err(error) => error.to_string(),
    };
    // What it says goes on over several lines.
    match found.lines().next() {
        Some("ok") => Ok(()),
        said => Err(advice(path, said.unwrap_or_default())),
    }
}

/// What to do about a file that is damaged or is none of SQLite.
pub(super) fn advice(path: &Path, said: &str) -> String {
    format!(
        "the database {} is damaged ({said}): nothing was changed in it. Keep a copy of it, and put back the last backup \
         (docs/operations.md, Backups)",
        path.display()
    )
}
