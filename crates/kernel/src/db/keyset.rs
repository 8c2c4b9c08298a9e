//! Parts of lists: those after the last row of the part before, in one order, straight from an index. Order and condition are said at once,
//! and the condition compares rows, `(place, id) > (7, '…')`: for that both databases begin where the part before ended. The same in words,
//! `place > 7 OR (place = 7 AND id > '…')`, has them read the list from its start.

use diesel::backend::Backend;
use diesel::dsl::{AsExprOf, Desc};
use diesel::expression::{
    AsExpression, Expression, TypedExpressionType, ValidGrouping, is_aggregate,
};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::query_dsl::methods::{FilterDsl, LimitDsl, OrderDsl};
use diesel::sql_types::{Bool, SqlType};

/// What a list is in the order of: one column or two, which no two of its rows have alike. `L` is what they hold.
pub trait Key<L>: Expression + Copy {
    /// The columns, downwards.
    type Down: Expression;
    /// What they hold, as the database is asked for it.
    type Held: Expression;

    /// The columns, downwards.
    fn down(self) -> Self::Down;
    /// What they hold in one row.
    fn held(row: L) -> Self::Held;
}

impl<A, L> Key<L> for (A,)
where
    A: ExpressionMethods + Copy,
    A::SqlType: SqlType + TypedExpressionType,
    L: AsExpression<A::SqlType>,
{
    type Down = (Desc<A>,);
    type Held = (AsExprOf<L, A::SqlType>,);

    fn down(self) -> Self::Down {
        (self.0.desc(),)
    }

    fn held(row: L) -> Self::Held {
        (row.as_expression(),)
    }
}

impl<A, B, L, M> Key<(L, M)> for (A, B)
where
    A: ExpressionMethods + Copy,
    B: ExpressionMethods + Copy,
    A::SqlType: SqlType + TypedExpressionType,
    B::SqlType: SqlType + TypedExpressionType,
    L: AsExpression<A::SqlType>,
    M: AsExpression<B::SqlType>,
{
    type Down = (Desc<A>, Desc<B>);
    type Held = (AsExprOf<L, A::SqlType>, AsExprOf<M, B::SqlType>);

    fn down(self) -> Self::Down {
        (self.0.desc(), self.1.desc())
    }

    fn held((first, second): (L, M)) -> Self::Held {
        (first.as_expression(), second.as_expression())
    }
}

/// So many of a list in the order of `key`: the first, or those after a row that is known by what it holds there.
pub fn after<Q, K, L>(query: Q, key: K, row: Option<L>, most: i64) -> Q
where
    K: Key<L>,
    Q: OrderDsl<K, Output = Q> + FilterDsl<Beyond<K, K::Held>, Output = Q> + LimitDsl<Output = Q>,
{
    let query = query.order(key).limit(most);
    match row {
        Some(row) => query.filter(Beyond { key, side: " > ", row: K::held(row) }),
        None => query,
    }
}

/// As [`after`], from the last row of the list to its first.
pub fn before<Q, K, L>(query: Q, key: K, row: Option<L>, most: i64) -> Q
where
    K: Key<L>,
    Q: OrderDsl<K::Down, Output = Q>
        + FilterDsl<Beyond<K, K::Held>, Output = Q>
        + LimitDsl<Output = Q>,
{
    let query = query.order(key.down()).limit(most);
    match row {
        Some(row) => query.filter(Beyond { key, side: " < ", row: K::held(row) }),
        None => query,
    }
}

/// That a row lies beyond another one, in the order of a key.
#[derive(Debug, Clone, Copy)]
pub struct Beyond<K, H> {
    key: K,
    side: &'static str,
    row: H,
}

impl<K: Expression, H: Expression> Expression for Beyond<K, H> {
    type SqlType = Bool;
}

impl<T, K: AppearsOnTable<T>, H: AppearsOnTable<T>> AppearsOnTable<T> for Beyond<K, H> {}

impl<T, K: SelectableExpression<T>, H: SelectableExpression<T>> SelectableExpression<T>
    for Beyond<K, H>
{
}

impl<K, H, G> ValidGrouping<G> for Beyond<K, H> {
    type IsAggregate = is_aggregate::No;
}

/// Its two sides are written alike: no statement is kept under its type.
impl<K, H> QueryId for Beyond<K, H> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB: Backend, K: QueryFragment<DB>, H: QueryFragment<DB>> QueryFragment<DB> for Beyond<K, H> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("(");
        self.key.walk_ast(out.reborrow())?;
        out.push_sql(")");
        out.push_sql(self.side);
        out.push_sql("(");
        self.row.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}
