//! What a failed statement means. A store says what a broken unique rule means where it knows it; the rest is classified here.

use diesel::result::{DatabaseErrorKind, Error};

use crate::problem::{Code, Problem};

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        if stood_in_the_way(&error) {
            return Problem::contention();
        }
        match error {
            Error::NotFound => Problem::not_found("resource"),
            other => Problem::internal(other),
        }
    }
}

/// Deadlocks, failed serialization and a busy SQLite: the other transaction won.
fn stood_in_the_way(error: &Error) -> bool {
    match error {
        Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        Error::DatabaseError(_, information) => {
            let message = information.message();
            message.contains("deadlock detected") || message.contains("database is locked")
        }
        _ => false,
    }
}

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

/// One row was written, or somebody changed it since it was read (`UPDATE … WHERE id AND version`).
pub fn written(rows: usize, version: i64) -> Result<(), Problem> {
    match rows {
        0 => Err(Problem::stale(version + 1)),
        _ => Ok(()),
    }
}
