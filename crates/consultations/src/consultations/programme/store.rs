//! SQL of what is in a consultation's programme, written once for every kind of row. A kind says in its own `store` which
//! columns it has.

use crate::consultations::ConsultationId;
use crate::db::Conn;
use crate::db::types::Id;
use crate::problem::{Code, Problem};

/// A kind of row of a programme, in its table. Lists are in the order of its position or number.
pub trait Stored: Sized {
    /// What its ids are of.
    type Tag: 'static;

    /// The row, or none.
    fn find(conn: &mut Conn, id: Id<Self::Tag>) -> Result<Option<Self>, Problem>;
    /// All of a consultation, in order.
    fn all(conn: &mut Conn, consultation: ConsultationId) -> Result<Vec<Self>, Problem>;
    /// Those of a consultation after a place in the order and an id.
    fn after(
        conn: &mut Conn,
        consultation: ConsultationId,
        after: Option<(i32, Id<Self::Tag>)>,
        limit: i64,
    ) -> Result<Vec<Self>, Problem>;
    /// Adds it. 409 when something unique of it is taken.
    fn insert(&self, conn: &mut Conn) -> Result<(), Problem>;
    /// Writes it over the version that was read, as the next version. 409 when something unique of it is taken, 412 when
    /// the version is gone.
    fn update(&self, conn: &mut Conn) -> Result<(), Problem>;
    /// Takes it away. 409 while something refers to it, 412 when the version is gone.
    fn delete(&self, conn: &mut Conn) -> Result<(), Problem>;
}

/// 409: something refers to the row.
pub fn in_use(detail: &str) -> Problem {
    Problem::new(Code::InUse, detail)
}

/// Makes a kind of row [`Stored`]: its table, the column that its lists are in the order of, its columns beside those that
/// every row of a programme has (those kept as JSON apart), what a taken value is refused with, and what may refer to it.
macro_rules! stored {
    (
        $item:ident of $tag:ident in $table:ident by $order:ident,
        columns { $($column:ident: $kind:ty,)* },
        json { $($json:ident: $json_kind:ty,)* },
        $(unique $taken:expr,)?
        in_use $in_use:literal
    ) => {
        use diesel::prelude::*;

        use crate::consultations::programme::store::{Stored, in_use};
        use crate::db::Conn;
        use crate::db::errors::{Meaning, written};
        use crate::db::schema::$table;
        #[allow(unused_imports, reason = "not every kind of row has JSON")]
        use crate::db::types::Json;
        use crate::db::types::{Id, Timestamp};
        use crate::problem::Problem;

        #[derive(Queryable, Selectable, Insertable, AsChangeset)]
        #[diesel(table_name = $table, treat_none_as_null = true)]
        struct Row {
            id: Id<crate::vocabulary::tags::$tag>,
            consultation_id: crate::consultations::ConsultationId,
            $($column: $kind,)*
            $($json: Json<$json_kind>,)*
            version: i64,
            created_at: Timestamp,
            updated_at: Timestamp,
        }

        impl From<Row> for $item {
            fn from(row: Row) -> Self {
                Self {
                    id: row.id,
                    consultation_id: row.consultation_id,
                    $($column: row.$column,)*
                    $($json: row.$json.0,)*
                    version: row.version,
                    created_at: row.created_at,
                    updated_at: row.updated_at,
                }
            }
        }

        impl From<$item> for Row {
            fn from(item: $item) -> Self {
                Self {
                    id: item.id,
                    consultation_id: item.consultation_id,
                    $($column: item.$column,)*
                    $($json: Json(item.$json),)*
                    version: item.version,
                    created_at: item.created_at,
                    updated_at: item.updated_at,
                }
            }
        }

        impl Stored for $item {
            type Tag = crate::vocabulary::tags::$tag;

            fn find(conn: &mut Conn, id: Id<Self::Tag>) -> Result<Option<Self>, Problem> {
                let query = $table::table.filter($table::id.eq(id)).select(Row::as_select());
                Ok(query.first(conn).optional()?.map(Self::from))
            }

            fn all(
                conn: &mut Conn,
                consultation: crate::consultations::ConsultationId,
            ) -> Result<Vec<Self>, Problem> {
                let query = $table::table
                    .filter($table::consultation_id.eq(consultation))
                    .order(($table::$order, $table::id))
                    .select(Row::as_select());
                Ok(query.load(conn)?.into_iter().map(Self::from).collect())
            }

            fn after(
                conn: &mut Conn,
                consultation: crate::consultations::ConsultationId,
                after: Option<(i32, Id<Self::Tag>)>,
                limit: i64,
            ) -> Result<Vec<Self>, Problem> {
                let all = $table::table
                    .filter($table::consultation_id.eq(consultation))
                    .select(Row::as_select())
                    .into_boxed();
                let order = ($table::$order, $table::id);
                let part = crate::db::keyset::after(all, order, after, limit);
                Ok(part.load(conn)?.into_iter().map(Self::from).collect())
            }

            fn insert(&self, conn: &mut Conn) -> Result<(), Problem> {
                let insert = diesel::insert_into($table::table).values(Row::from(self.clone()));
                insert.execute(conn)$(.on_unique(|| $taken))? ?;
                Ok(())
            }

            fn update(&self, conn: &mut Conn) -> Result<(), Problem> {
                let row = Row { version: self.version + 1, ..Row::from(self.clone()) };
                let current = $table::id.eq(self.id).and($table::version.eq(self.version));
                let update = diesel::update($table::table.filter(current)).set(row);
                let rows = update.execute(conn)$(.on_unique(|| $taken))? ?;
                written(rows, self.version)
            }

            fn delete(&self, conn: &mut Conn) -> Result<(), Problem> {
                let current = $table::id.eq(self.id).and($table::version.eq(self.version));
                let delete = diesel::delete($table::table.filter(current));
                written(delete.execute(conn).on_foreign_key(|| in_use($in_use))?, self.version)
            }
        }
    };
}
pub(super) use stored;
