//! What a failed statement means. A store says what a broken unique rule means where it knows it; the rest is classified here.

use diesel::result::{DatabaseErrorKind, Error};

use crate::problem::{Code, Problem};

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match &error {
            Error::NotFound => Problem::not_found("resource"),
            Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => {
                Problem::contention()
            }
            Error::DatabaseError(DatabaseErrorKind::Unknown, told) if told.message() == BUSY => {
                Problem::contention()
            }
            // A deadlock of PostgreSQL is one of these (Diesel keeps its SQLSTATE 40P01 to itself), and what it says is in the
            // language that the server is set to.
            Error::DatabaseError(DatabaseErrorKind::Unknown, _) => Problem::unexplained(error),
            _ => Problem::internal(error),
        }
    }
}

/// What SQLite calls SQLITE_BUSY. Diesel hides its code, but the library is built in and knows no other language.
const BUSY: &str = "database is locked";

/// Gives a broken rule of the database its meaning, at the statement that knows it.
pub trait Meaning<T> {
    /// What a broken unique rule means here. (SQLite does not name the constraint, so only the statement can tell.)
    fn on_unique(self, problem: impl FnOnce() -> Problem) -> Result<T, Problem>;
    /// What a broken foreign key means here.
    fn on_foreign_key(self, problem: impl FnOnce() -> Problem) -> Result<T, Problem>;
}

impl<T> Meaning<T> for Result<T, Error> {
    fn on_unique(self, problem: impl FnOnce() -> Problem) -> Result<T, Problem> {
        self.map_err(|error| match error {
            Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => problem(),
            other => other.into(),
        })
    }

    fn on_foreign_key(self, problem: impl FnOnce() -> Problem) -> Result<T, Problem> {
        self.map_err(|error| match error {
            Error::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => problem(),
            other => other.into(),
        })
    }
}

/// 409 for a value that something else already has.
pub fn taken(pointer: &str, detail: &str) -> Problem {
    Problem::new(Code::AlreadyExists, detail).at(pointer, detail)
}

/// One row was written, or somebody changed it since it was `seen` (`UPDATE … WHERE id AND version`).
pub fn written(rows: usize, seen: i64) -> Result<(), Problem> {
    match rows {
        0 => Err(Problem::overtaken(seen)),
        _ => Ok(()),
    }
}
