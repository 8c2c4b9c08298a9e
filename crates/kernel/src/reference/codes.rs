//! The codes by which everything else refers to the reference data: a code that exists is a code that means something,
//! and is refused at the edge otherwise.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Mutex;

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::{Reference, UnknownCode};
use crate::mutex::unpoisoned;

/// Keeps one copy of a text for the life of the process, so that codes are `Copy`. Called for compiled-in data only:
/// what it holds cannot grow with what callers send.
pub(super) fn intern(text: &str) -> &'static str {
    static KNOWN: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut known = unpoisoned(&KNOWN);
    if let Some(found) = known.get(text) {
        return found;
    }
    let kept: &'static str = Box::leak(text.to_owned().into_boxed_str());
    known.insert(kept);
    kept
}

/// Declares a code that points into the reference data: `Copy`, ordered by its text, a string in JSON and OpenAPI.
macro_rules! reference_code {
    ($(#[$doc:meta])* $name:ident, known: $known:expr, describe: $description:literal, refuse: $refuse:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
        #[diesel(sql_type = diesel::sql_types::Text)]
        pub struct $name(pub(super) &'static str);

        crate::text_column!($name);

        impl $name {
            /// The code as it is written in JSON, in the database and in the reference files.
            pub const fn as_str(&self) -> &'static str {
                self.0
            }
        }

        impl FromStr for $name {
            type Err = UnknownCode;

            fn from_str(text: &str) -> Result<Self, UnknownCode> {
                let known: fn(&'static Reference) -> Vec<$name> = $known;
                let refuse: fn(&str, &[$name]) -> String = $refuse;
                let codes = known(Reference::get());
                let found = codes.iter().find(|code| code.0 == text).copied();
                found.ok_or_else(|| UnknownCode(refuse(text, &codes)))
            }
        }

        impl TryFrom<String> for $name {
            type Error = UnknownCode;

            fn try_from(text: String) -> Result<Self, UnknownCode> {
                text.parse()
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(D::Error::custom)
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let known: fn(&'static Reference) -> Vec<$name> = $known;
                string_enum($description, known(Reference::get()).iter().map($name::as_str))
            }
        }

        impl ToSchema for $name {}
    };
}

fn string_enum<'a>(description: &str, codes: impl Iterator<Item = &'a str>) -> RefOr<Schema> {
    let codes: Vec<Value> = codes.map(Value::from).collect();
    let example = codes.first().cloned();
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description))
        .examples(example)
        .enum_values(Some(codes))
        .into()
}

fn listed<T: AsRef<str>>(codes: &[T]) -> String {
    codes.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(", ")
}

reference_code! {
    /// ISO 3166-1 alpha-2 code, in capitals, of a member or associate member of ESCAP.
    CountryCode,
    known: |reference| reference.countries.iter().map(|country| country.code).collect(),
    describe: "ISO 3166-1 alpha-2 code of a member or associate member of ESCAP, in capitals.",
    refuse: |text, codes| match codes.iter().find(|code| code.0.eq_ignore_ascii_case(text.trim())) {
        Some(code) => format!("country code {text:?} is not known: write {code}"),
        None => format!(
            "country code {text:?} is not known: write the two-letter ISO 3166-1 code, in capitals, of a member or \
             associate member of ESCAP, such as TH"
        ),
    }
}

reference_code! {
    /// Code of a subregion of ESCAP, such as `south_east_asia`.
    SubregionCode,
    known: |reference| reference.subregions.iter().map(|subregion| subregion.code).collect(),
    describe: "Code of a subregion of ESCAP.",
    refuse: |text, codes| format!("subregion {text:?} is not known: write one of {}", listed(codes))
}

reference_code! {
    /// Code of the sector of an organization (GCM para. 44, and `un_entity`).
    SectorCode,
    known: |reference| reference.sectors.iter().map(|sector| sector.code).collect(),
    describe: "Code of a stakeholder sector (GCM, para. 44), or un_entity.",
    refuse: |text, codes| format!("sector {text:?} is not known: write one of {}", listed(codes))
}

/// Code of an input category: a snake_case slug of 1 to 40 characters. Unlike the other codes it may be one that a
/// review made up itself.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    AsExpression,
    FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::Text)]
#[serde(try_from = "String", into = "String")]
pub struct CategoryCode(String);

crate::text_column!(CategoryCode);

impl CategoryCode {
    /// Longest code, in characters.
    pub const MAX_LENGTH: usize = 40;
    /// What a code looks like, beside its length.
    pub const PATTERN: &'static str = "^[a-z][a-z0-9]*(_[a-z0-9]+)*$";

    /// The code as it is written in JSON and in the database.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn is_well_formed(text: &str) -> bool {
        let word = |word: &str| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        text.len() <= Self::MAX_LENGTH
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.split('_').all(word)
    }
}

impl FromStr for CategoryCode {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        Self::try_from(text.to_owned())
    }
}

impl TryFrom<String> for CategoryCode {
    type Error = UnknownCode;

    fn try_from(text: String) -> Result<Self, UnknownCode> {
        if Self::is_well_formed(&text) {
            return Ok(Self(text));
        }
        Err(UnknownCode(format!(
            "category code {text:?} is not usable: write 1 to {} small letters, digits and single underscores, starting \
             with a letter, such as good_practices",
            Self::MAX_LENGTH
        )))
    }
}

impl From<CategoryCode> for String {
    fn from(code: CategoryCode) -> Self {
        code.0
    }
}

impl AsRef<str> for CategoryCode {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CategoryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl PartialSchema for CategoryCode {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("Code of an input category of the review."))
            .pattern(Some(Self::PATTERN))
            .min_length(Some(1))
            .max_length(Some(Self::MAX_LENGTH))
            .examples([Value::from("good_practices")])
            .into()
    }
}

impl ToSchema for CategoryCode {}
