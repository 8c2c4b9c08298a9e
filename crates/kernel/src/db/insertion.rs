//! Rows of several tables in one statement: each statement is a way to PostgreSQL and back, while locks are held.

use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sqlite::Sqlite;

use super::{Conn, Prepare};

/// Rows in one statement at most.
const MOST: usize = 12;

/// An INSERT of one row, not yet sent. Its text is always the same, or one of a few.
pub struct Insertion(Box<dyn Inserts>);

trait Inserts: QueryFragment<Pg> + QueryFragment<Sqlite> {}

impl<S: QueryFragment<Pg> + QueryFragment<Sqlite>> Inserts for S {}

impl Insertion {
    /// Of this statement.
    pub fn of(statement: impl QueryFragment<Pg> + QueryFragment<Sqlite> + 'static) -> Self {
        Self(Box::new(statement))
    }
}

/// Inserts rows, of whatever tables, where none needs another of them to be there before it. Of many rows of one table
/// [`insert_rows`](crate::insert_rows) makes less of a statement.
///
/// # Errors
/// What the database says; then none is there.
pub fn together(conn: &mut Conn, rows: Vec<Insertion>) -> QueryResult<()> {
    match conn {
        Conn::Postgres(conn) => {
            let mut rows = rows.into_iter().map(|row| row.0).peekable();
            while rows.peek().is_some() {
                let part = Together(rows.by_ref().take(MOST).collect());
                part.prepared().execute(conn)?;
            }
            Ok(())
        }
        // Nothing is on the way to it.
        Conn::Sqlite(conn) => {
            rows.into_iter().try_for_each(|row| row.0.prepared().execute(conn).map(|_| ()))
        }
    }
}

/// One statement (PostgreSQL, 7.8.4): its parts are done with one another, and its references are looked at when all are there.
struct Together(Vec<Box<dyn Inserts>>);

impl QueryFragment<Pg> for Together {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        if let [only] = self.0.as_slice() {
            return only.walk_ast(out);
        }
        for (number, insert) in self.0.iter().enumerate() {
            let before = if number == 0 { "WITH" } else { "," };
            out.push_sql(&format!("{before} row_{number} AS ("));
            insert.walk_ast(out.reborrow())?;
            out.push_sql(")");
        }
        out.push_sql(" SELECT");
        Ok(())
    }
}
