//! Values as both databases keep them: native `uuid`, `timestamptz` and `jsonb` on PostgreSQL, text on SQLite.
//! Typed ids, instants, JSON columns and text enums. Knows no table.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use chrono::{DateTime, SecondsFormat, SubsecRound, Utc};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types as st;
use diesel::sqlite::Sqlite;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use uuid::Uuid;

use super::MultiBackend;

/// SQL types that differ by database.
pub mod sql {
    use diesel::query_builder::QueryId;
    use diesel::sql_types::{SqlOrd, SqlType};

    /// `uuid`, or its hyphenated text.
    #[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
    #[diesel(postgres_type(name = "uuid"), sqlite_type(name = "Text"))]
    pub struct Uid;

    /// `timestamptz`, or fixed-width RFC 3339 text in UTC, which sorts.
    #[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
    #[diesel(postgres_type(name = "timestamptz"), sqlite_type(name = "Text"))]
    pub struct Instant;

    /// `jsonb`, or JSON text.
    #[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
    #[diesel(postgres_type(name = "jsonb"), sqlite_type(name = "Text"))]
    pub struct Doc;

    impl SqlOrd for Instant {}
    impl SqlOrd for Uid {}
}

macro_rules! on_multi_backend {
    ($($sql:ty),*) => {$(
        impl st::HasSqlType<$sql> for MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                MultiBackend::lookup_sql_type::<$sql>(lookup)
            }
        }
    )*};
}
on_multi_backend!(sql::Uid, sql::Instant, sql::Doc);

/// The id of a `K`. Made by [`crate::ids::Ids`], never by hand; ids of different kinds do not mix.
#[derive(AsExpression, FromSqlRow)]
#[diesel(sql_type = sql::Uid)]
pub struct Id<K: 'static>(Uuid, PhantomData<fn() -> K>);

impl<K> Id<K> {
    /// Wraps an id that was made or parsed elsewhere.
    pub const fn new(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// The bare UUID.
    pub const fn uuid(self) -> Uuid {
        self.0
    }
}
impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<K> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl<K> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl<K> FromStr for Id<K> {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::from_str(text).map(Self::new)
    }
}
impl<K> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
impl<'de, K> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| {
            serde::de::Error::custom("not an id: write it as the API gave it (a UUID)")
        })
    }
}
impl<K> utoipa::PartialSchema for Id<K> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)))
            .into()
    }
}
impl<K> utoipa::ToSchema for Id<K> {
    fn name() -> std::borrow::Cow<'static, str> {
        "Id".into()
    }
}
impl<K> ToSql<sql::Uid, Pg> for Id<K> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <Uuid as ToSql<st::Uuid, Pg>>::to_sql(&self.0, out)
    }
}
impl<K> FromSql<sql::Uid, Pg> for Id<K> {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        <Uuid as FromSql<st::Uuid, Pg>>::from_sql(bytes).map(Self::new)
    }
}
impl<K> ToSql<sql::Uid, Sqlite> for Id<K> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.to_string());
        Ok(IsNull::No)
    }
}
impl<K> FromSql<sql::Uid, Sqlite> for Id<K> {
    fn from_sql(bytes: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<st::Text, Sqlite>>::from_sql(bytes)?;
        Ok(text.parse()?)
    }
}
impl<K> FromSql<sql::Uid, MultiBackend> for Id<K> {
    fn from_sql(bytes: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        bytes.from_sql::<Self, sql::Uid>()
    }
}
impl<K> ToSql<sql::Uid, MultiBackend> for Id<K> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((sql::Uid, self));
        Ok(IsNull::No)
    }
}

/// A moment in UTC, to the microsecond (what both databases keep). RFC 3339 with `Z` outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql::Instant)]
pub struct Timestamp(DateTime<Utc>);

impl Timestamp {
    /// Truncates to microseconds.
    pub fn new(at: DateTime<Utc>) -> Self {
        Self(at.trunc_subsecs(6))
    }

    /// As chrono has it.
    pub fn utc(self) -> DateTime<Utc> {
        self.0
    }

    /// The hour that this moment is in, for what must not tell more exactly when it was.
    pub fn to_the_hour(self) -> Self {
        let past = self.0.timestamp_micros().rem_euclid(3_600_000_000);
        self.plus(chrono::Duration::microseconds(-past))
    }

    /// The day (in UTC) that this moment is in, for what must not tell when somebody was here.
    pub fn to_the_day(self) -> Self {
        let past = self.0.timestamp_micros().rem_euclid(24 * 3_600_000_000);
        self.plus(chrono::Duration::microseconds(-past))
    }

    /// This moment and so much later (or earlier).
    pub fn plus(self, duration: chrono::Duration) -> Self {
        Self(self.0 + duration)
    }
}
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}
impl FromStr for Timestamp {
    type Err = chrono::ParseError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        DateTime::parse_from_rfc3339(text).map(|at| Self::new(at.with_timezone(&Utc)))
    }
}
impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}
impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| {
            serde::de::Error::custom(
                "not a time with a zone: write RFC 3339, such as 2020-11-19T04:00:00Z",
            )
        })
    }
}
impl utoipa::PartialSchema for Timestamp {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .examples([serde_json::json!("2020-11-19T04:00:00Z")])
            .into()
    }
}
impl utoipa::ToSchema for Timestamp {}
impl ToSql<sql::Instant, Pg> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <DateTime<Utc> as ToSql<st::Timestamptz, Pg>>::to_sql(&self.0, out)
    }
}
impl FromSql<sql::Instant, Pg> for Timestamp {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        <DateTime<Utc> as FromSql<st::Timestamptz, Pg>>::from_sql(bytes).map(Self::new)
    }
}
impl ToSql<sql::Instant, Sqlite> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.to_string());
        Ok(IsNull::No)
    }
}
impl FromSql<sql::Instant, Sqlite> for Timestamp {
    fn from_sql(bytes: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<st::Text, Sqlite>>::from_sql(bytes)?;
        Ok(text.parse()?)
    }
}
impl FromSql<sql::Instant, MultiBackend> for Timestamp {
    fn from_sql(bytes: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        bytes.from_sql::<Self, sql::Instant>()
    }
}
impl ToSql<sql::Instant, MultiBackend> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((sql::Instant, self));
        Ok(IsNull::No)
    }
}

/// A typed value in a JSON column.
#[derive(Debug, Clone, PartialEq, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql::Doc)]
pub struct Json<T: fmt::Debug + 'static>(pub T);

impl<T: fmt::Debug + Serialize> ToSql<sql::Doc, Pg> for Json<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        use std::io::Write;
        // jsonb on the wire: its version, then the text.
        out.write_all(&[1])?;
        serde_json::to_writer(out, &self.0)?;
        Ok(IsNull::No)
    }
}
impl<T: fmt::Debug + DeserializeOwned> FromSql<sql::Doc, Pg> for Json<T> {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        let value = <serde_json::Value as FromSql<st::Jsonb, Pg>>::from_sql(bytes)?;
        Ok(Self(serde_json::from_value(value)?))
    }
}
impl<T: fmt::Debug + Serialize> ToSql<sql::Doc, Sqlite> for Json<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(serde_json::to_string(&self.0)?);
        Ok(IsNull::No)
    }
}
impl<T: fmt::Debug + DeserializeOwned> FromSql<sql::Doc, Sqlite> for Json<T> {
    fn from_sql(bytes: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<st::Text, Sqlite>>::from_sql(bytes)?;
        Ok(Self(serde_json::from_str(&text)?))
    }
}
impl<T: fmt::Debug + DeserializeOwned> FromSql<sql::Doc, MultiBackend> for Json<T> {
    fn from_sql(bytes: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        bytes.from_sql::<Self, sql::Doc>()
    }
}
impl<T: fmt::Debug + Serialize + Send + Sync> ToSql<sql::Doc, MultiBackend> for Json<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((sql::Doc, self));
        Ok(IsNull::No)
    }
}

/// Keeps a parsed value in a text column: anything with `as_str` and `FromStr`.
/// A value that no longer parses is an error of the read, never a default.
#[macro_export]
macro_rules! text_column {
    ($type:ty) => {
        impl<DB: diesel::backend::Backend> diesel::serialize::ToSql<diesel::sql_types::Text, DB>
            for $type
        where
            str: diesel::serialize::ToSql<diesel::sql_types::Text, DB>,
        {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, DB>,
            ) -> diesel::serialize::Result {
                <str as diesel::serialize::ToSql<diesel::sql_types::Text, DB>>::to_sql(
                    self.as_str(),
                    out,
                )
            }
        }
        impl<DB: diesel::backend::Backend> diesel::deserialize::FromSql<diesel::sql_types::Text, DB>
            for $type
        where
            String: diesel::deserialize::FromSql<diesel::sql_types::Text, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                use diesel::deserialize::FromSql;
                let text = <String as FromSql<diesel::sql_types::Text, DB>>::from_sql(bytes)?;
                text.parse::<Self>().map_err(|error| error.to_string().into())
            }
        }
    };
}

/// Declares a closed list of words: the enum, its words (`as_str`, `FromStr`, serde, OpenAPI) and its text column.
#[macro_export]
macro_rules! text_enum {
    ($(#[$meta:meta])* $visibility:vis enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident => $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
                 diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
        #[diesel(sql_type = diesel::sql_types::Text)]
        $visibility enum $name { $($(#[$variant_meta])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every word of the list, in its order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word as it stands in the API and in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
        }
        // By hand: utoipa's derive does not see the words through a macro.
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some([$($word),+]))
                    .into()
            }
        }
        impl utoipa::ToSchema for $name {}
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok($name::$variant),)+
                    other => Err(format!("unknown {} “{other}”: it is one of {}", stringify!($name), [$($word),+].join(", "))),
                }
            }
        }
        $crate::text_column!($name);
    };
}
