//! What a failed statement means, and what is known of what it was to do. A store says what a broken unique rule means where it
//! knows it; everything else is classified here, and nowhere else.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::Text;

use super::Conn;
use crate::problem::{Code, Problem};

/// Why the database did not do what it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// There is no such row.
    Missing,
    /// Another transaction won: begun anew, it may succeed.
    Contention,
    /// Somebody else held a lock for longer than anybody waits for one.
    Locked,
    /// The connection is gone, and with it whatever was not committed.
    Lost,
    /// The database takes no writes for now: a standby, to which there was a failover.
    ReadOnly,
    /// The disk is full.
    Full,
    /// A statement took longer than it may.
    TooLong,
    /// The disk did not do what it was told.
    Disk,
    /// The database did not say anything that is known here.
    Unexplained,
    /// The statement is wrong, or breaks a rule that nobody gave a meaning.
    Fault,
}

/// What SQLite says. Diesel hides its codes, but the library is built in and knows no other language.
const OF_SQLITE: &[(&str, Cause)] = &[
    ("database is locked", Cause::Contention),
    ("database or disk is full", Cause::Full),
    ("disk I/O error", Cause::Disk),
];

/// What PostgreSQL says first of what Diesel has no kind for (it keeps SQLSTATE to itself). In a server that speaks another language with
/// us, since the login may not choose it, it is [`Cause::Unexplained`]: true as well, and less is told. Whoever starts the program is
/// told ([`are_understood`]).
const OF_POSTGRES: &[(&str, Cause)] = &[
    // 40P01
    ("deadlock detected", Cause::Contention),
    // 55P03
    ("canceling statement due to lock timeout", Cause::Locked),
    // 57014
    ("canceling statement due to statement timeout", Cause::TooLong),
    // 53100, of tables and of temporary files
    ("could not extend file", Cause::Full),
    ("could not write to file", Cause::Full),
    ("could not write block", Cause::Full),
];

/// How the operating system says that a disk is full (ENOSPC) or that somebody has used up what they may (EDQUOT), at the end of what
/// PostgreSQL says.
const NO_ROOM: [&str; 2] = ["No space left on device", "Disk quota exceeded"];

/// Has PostgreSQL say something that everybody knows what it means, without a line in its log.
const SAY: &str = "DO $$ BEGIN PERFORM 1 / 0; EXCEPTION WHEN division_by_zero THEN \
    PERFORM set_config('rapporteur.said', SQLERRM, true); END $$";

/// Whether what the database says of a failure is known here.
#[expect(clippy::disallowed_methods, reason = "Diesel does not know what PostgreSQL says")]
pub fn are_understood(conn: &mut Conn) -> Result<bool, Problem> {
    let Conn::Postgres(conn) = conn else { return Ok(true) };
    conn.batch_execute(SAY)?;
    let said = diesel::dsl::sql::<Text>("current_setting('rapporteur.said')");
    let said: String = diesel::select(said).get_result(conn)?;
    Ok(said == "division by zero")
}

fn cause(error: &Error) -> Cause {
    use DatabaseErrorKind::{
        ClosedConnection, ReadOnlyTransaction, SerializationFailure, UnableToSendCommand, Unknown,
    };
    match error {
        Error::NotFound => Cause::Missing,
        Error::BrokenTransactionManager => Cause::Lost,
        Error::RollbackErrorOnCommit { commit_error, .. } => cause(commit_error),
        Error::DatabaseError(SerializationFailure, _) => Cause::Contention,
        Error::DatabaseError(ClosedConnection | UnableToSendCommand, _) => Cause::Lost,
        Error::DatabaseError(ReadOnlyTransaction, _) => Cause::ReadOnly,
        Error::DatabaseError(Unknown, told) => said(told.message()),
        _ => Cause::Fault,
    }
}

fn said(message: &str) -> Cause {
    if let Some((_, cause)) = OF_SQLITE.iter().find(|(known, _)| *known == message) {
        return *cause;
    }
    match OF_POSTGRES.iter().find(|(known, _)| message.starts_with(known)) {
        Some((_, Cause::Full)) if !NO_ROOM.iter().any(|end| message.ends_with(end)) => Cause::Disk,
        Some((_, cause)) => *cause,
        None => Cause::Unexplained,
    }
}

/// A statement before COMMIT: whatever became of it, nothing was changed.
impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match cause(&error) {
            Cause::Missing => Self::not_found("resource"),
            Cause::Contention => Self::contention(),
            Cause::Locked => {
                Self::not_begun("Somebody else's work is in the way. Nothing was changed.")
            }
            Cause::Lost => {
                tracing::warn!(%error, "a connection to the database was lost");
                Self::cut_off()
            }
            Cause::ReadOnly => Self::not_begun(
                "The database takes no changes for the moment. Nothing was changed.",
            ),
            Cause::Full => Self::disk_full(error),
            Cause::TooLong => Self::took_too_long(error),
            Cause::Unexplained => Self::unexplained(error),
            Cause::Disk | Cause::Fault => Self::internal(error),
        }
    }
}

/// COMMIT: what was said in answer was not done, and where nothing was said it is not known. SQLite whose disk fails may have written
/// enough of it that it is there after the next start.
pub(super) fn at_commit(error: Error) -> Problem {
    match cause(&error) {
        Cause::Lost | Cause::Disk => Problem::outcome_unknown(error),
        _ => Problem::from(error),
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

/// One row was written, or somebody changed it since it was `seen` (`UPDATE … WHERE id AND version`).
pub fn written(rows: usize, seen: i64) -> Result<(), Problem> {
    match rows {
        0 => Err(Problem::overtaken(seen)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown(message: &str) -> Error {
        Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(message.to_owned()))
    }

    fn gone() -> Error {
        let told = "server closed the connection unexpectedly".to_owned();
        Error::DatabaseError(DatabaseErrorKind::ClosedConnection, Box::new(told))
    }

    #[test]
    fn every_failure_says_what_is_known_before_and_at_commit() {
        let full = "could not extend file \"base/16384/2619\": No space left on device";
        for (error, before, at) in [
            (gone as fn() -> Error, Code::Unavailable, Code::OutcomeUnknown),
            (|| Error::BrokenTransactionManager, Code::Unavailable, Code::OutcomeUnknown),
            (|| unknown("database is locked"), Code::Unavailable, Code::Unavailable),
            (|| unknown("deadlock detected"), Code::Unavailable, Code::Unavailable),
            (
                || unknown("canceling statement due to lock timeout"),
                Code::Unavailable,
                Code::Unavailable,
            ),
            (
                || unknown("canceling statement due to statement timeout"),
                Code::TookTooLong,
                Code::TookTooLong,
            ),
            (|| unknown("database or disk is full"), Code::DiskFull, Code::DiskFull),
            (|| unknown("disk I/O error"), Code::Internal, Code::OutcomeUnknown),
            (|| unknown("Verklemmung entdeckt"), Code::Internal, Code::Internal),
        ] {
            assert_eq!(Problem::from(error()).code(), before, "{:?}", error());
            assert_eq!(at_commit(error()).code(), at, "{:?}", error());
            assert!(at_commit(error()).is_failure(), "{:?}", error());
        }
        assert_eq!(Problem::from(unknown(full)).code(), Code::DiskFull);
        let failing = "could not write block 7 of relation base/16384/2619: Input/output error";
        assert_eq!(at_commit(unknown(failing)).code(), Code::OutcomeUnknown);
    }

    #[test]
    fn what_a_lost_rollback_hides_is_what_became_of_the_commit() {
        let error = Error::RollbackErrorOnCommit {
            rollback_error: Box::new(Error::BrokenTransactionManager),
            commit_error: Box::new(gone()),
        };
        assert_eq!(at_commit(error).code(), Code::OutcomeUnknown);
    }

    #[test]
    fn a_connection_that_was_lost_before_commit_is_begun_anew() {
        assert!(Problem::from(gone()).is_contention());
        assert!(!at_commit(gone()).is_contention());
    }
}
