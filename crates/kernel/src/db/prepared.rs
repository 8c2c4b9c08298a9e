//! Statements that a connection keeps prepared.

use diesel::internal::derives::multiconnection::AstPassHelper;
use diesel::pg::{Pg, PgQueryBuilder};
use diesel::query_builder::{AstPass, Query, QueryBuilder, QueryFragment, QueryId};
use diesel::query_dsl::RunQueryDsl;
use diesel::sqlite::{Sqlite, SqliteQueryBuilder};
use diesel::{PgConnection, QueryResult, SqliteConnection};

use super::Conn;

/// A statement whose text is always the same, or one of a few: each connection has the database parse it once and keeps it.
///
/// Diesel keeps no UPDATE and no INSERT with a column that may be NULL, since it cannot know how many texts there will be. What is
/// written with each request takes the database longer to understand than to do.
#[derive(Debug, Clone, Copy)]
pub struct Prepared<Q>(Q);

/// What can be kept so.
pub trait Prepare: Sized {
    /// The same statement, kept prepared by each connection that it was sent on. Its text must not depend on how many values it has.
    fn prepared(self) -> Prepared<Self> {
        Prepared(self)
    }
}

impl<Q> Prepare for Q {}

#[expect(
    clippy::same_name_method,
    reason = "as Diesel calls it, which cannot do it on a connection to either database"
)]
impl<Q> Prepared<Q> {
    /// Sends it; how many rows it changed.
    ///
    /// # Errors
    /// What the database says.
    pub fn execute<C: Executes<Q>>(self, conn: &mut C) -> QueryResult<usize> {
        conn.execute_prepared(self)
    }
}

/// What a prepared statement can be sent on.
pub trait Executes<Q> {
    /// Sends it; how many rows it changed.
    ///
    /// # Errors
    /// What the database says.
    fn execute_prepared(&mut self, statement: Prepared<Q>) -> QueryResult<usize>;
}

impl<Q: QueryFragment<Pg>> Executes<Q> for PgConnection {
    fn execute_prepared(&mut self, statement: Prepared<Q>) -> QueryResult<usize> {
        RunQueryDsl::execute(statement, self)
    }
}

impl<Q: QueryFragment<Sqlite>> Executes<Q> for SqliteConnection {
    fn execute_prepared(&mut self, statement: Prepared<Q>) -> QueryResult<usize> {
        RunQueryDsl::execute(statement, self)
    }
}

impl<Q: QueryFragment<Pg> + QueryFragment<Sqlite>> Executes<Q> for Conn {
    fn execute_prepared(&mut self, statement: Prepared<Q>) -> QueryResult<usize> {
        match self {
            Self::Postgres(conn) => conn.execute_prepared(statement),
            Self::Sqlite(conn) => conn.execute_prepared(statement),
        }
    }
}

/// What is in the statement says that it must not be kept whenever it is asked, and it is asked by being walked through, which is also
/// how its text and its values are asked for: it gives only these.
macro_rules! walked {
    ($backend:ident, $builder:ty) => {
        impl<Q: QueryFragment<$backend>> QueryFragment<$backend> for Prepared<Q> {
            fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, $backend>) -> QueryResult<()> {
                if pass.bind_collector().is_some() || pass.debug_binds().is_some() {
                    return self.0.walk_ast(pass);
                }
                let mut text = <$builder>::default();
                self.0.to_sql(&mut text, &$backend)?;
                pass.push_sql(&text.finish());
                Ok(())
            }
        }
    };
}

walked!(Pg, PgQueryBuilder);
walked!(Sqlite, SqliteQueryBuilder);

/// Known by its text.
impl<Q> QueryId for Prepared<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for Prepared<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, C> RunQueryDsl<C> for Prepared<Q> {}
