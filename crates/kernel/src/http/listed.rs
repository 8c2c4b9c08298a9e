//! The query of a list: which part of it is wanted, beside the list's own filters. What is neither is refused.
//! A cursor belongs to the path and the filters of the list that gave it, without any list saying so.

use std::fmt;
use std::future::{Ready, ready};
use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::value::StringDeserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::extract::query;
use super::page::Paging;
use crate::problem::Problem;
use crate::tokens::KeyedHash;

/// Which part of a list is asked for: every list takes it, and declares it by `params(PageQuery)`.
#[derive(Debug, Default, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Rows of a page: 1 to 200, 50 when absent.
    pub limit: Option<u32>,
    /// Where the page begins: `next` of the page before.
    pub cursor: Option<String>,
}

/// The query of a list: [`PageQuery`] read into `paging`, and all else into `filter`, a struct of the list's own filters.
/// A list that has none takes `Listed`.
#[derive(Debug)]
pub struct Listed<F = ()> {
    /// Which rows are listed.
    pub filter: F,
    /// Which part of them is asked for.
    pub paging: Paging,
}

impl<F: DeserializeOwned> FromRequest for Listed<F> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let key = super::extract::app(request).map(|app| app.tokens.begin_hash());
        ready(key.and_then(|key| Self::of(request.path(), request.query_string(), key)))
    }
}

impl<F: DeserializeOwned> Listed<F> {
    fn of(path: &str, text: &str, key: KeyedHash) -> Result<Self, Problem> {
        let Query { filter, page } = query(text)?;
        let mut filters: Vec<(String, String)> = query(text)?;
        filters.retain(|(name, _)| name != "limit" && name != "cursor");
        filters.sort();
        let paging = Paging::new(page.limit, page.cursor.as_deref(), &(path, filters), key)?;
        Ok(Self { filter, paging })
    }
}

/// What a list's query says. Serde's `flatten` would take in what is neither: `deny_unknown_fields` cannot be used with it.
struct Query<F> {
    filter: F,
    page: PageQuery,
}

impl<'de, F: Deserialize<'de>> Deserialize<'de> for Query<F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Parameters(PhantomData))
    }
}

struct Parameters<F>(PhantomData<F>);

impl<'de, F: Deserialize<'de>> Visitor<'de> for Parameters<F> {
    type Value = Query<F>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the parameters of a list")
    }

    fn visit_map<A: MapAccess<'de>>(self, parameters: A) -> Result<Query<F>, A::Error> {
        let mut page = PageQuery::default();
        let filter = F::deserialize(Filters { parameters, page: &mut page, known: &[] })?;
        Ok(Query { filter, page })
    }
}

/// The parameters without `limit` and `cursor`, which are put aside when they come by.
struct Filters<'p, A> {
    parameters: A,
    page: &'p mut PageQuery,
    /// The names of the filters.
    known: &'static [&'static str],
}

impl<'de, A: MapAccess<'de>> Deserializer<'de> for Filters<'_, A> {
    type Error = A::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.known = fields;
        visitor.visit_map(self)
    }

    /// Without filters, whatever is left is unknown.
    fn deserialize_unit<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, A::Error> {
        self.next_key::<IgnoredAny>()?;
        visitor.visit_unit()
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, A::Error> {
        Err(A::Error::custom("the filters of a list are a struct with named fields"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Filters<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        while let Some(name) = self.parameters.next_key::<String>()? {
            match name.as_str() {
                "limit" if self.page.limit.is_some() => {
                    return Err(A::Error::duplicate_field("limit"));
                }
                "cursor" if self.page.cursor.is_some() => {
                    return Err(A::Error::duplicate_field("cursor"));
                }
                "limit" => self.page.limit = self.parameters.next_value()?,
                "cursor" => self.page.cursor = self.parameters.next_value()?,
                known if self.known.contains(&known) => {
                    return seed.deserialize(StringDeserializer::new(name)).map(Some);
                }
                unknown => return Err(A::Error::custom(self.refusal(unknown))),
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.parameters.next_value_seed(seed)
    }
}

impl<A> Filters<'_, A> {
    /// As serde words it, of all that the list takes.
    fn refusal(&self, unknown: &str) -> String {
        let names = self.known.iter().chain(&["limit", "cursor"]);
        let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
        let expected = match names.as_slice() {
            [limit, cursor] => format!("{limit} or {cursor}"),
            names => format!("one of {}", names.join(", ")),
        };
        format!("unknown field `{unknown}`, expected {expected}")
    }
}
