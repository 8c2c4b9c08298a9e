//! The number of an objective, which is all that anything else knows of one: it is written as a number, read from one,
//! and refused when there is no such objective. It must never know what an objective is called.

use std::fmt;
use std::str::FromStr;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{KnownFormat, RefOr, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

use super::UnknownCode;

/// Number of an objective of the GCM, 1 to 23. Objectives are referred to by number, never by title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectiveNumber(u8);

impl ObjectiveNumber {
    /// How many objectives the GCM has (A/RES/73/195, annex, para. 16).
    pub const COUNT: u8 = 23;

    /// Every number in order.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=Self::COUNT).map(Self)
    }

    /// The number itself, 1 to 23.
    pub const fn get(self) -> u8 {
        self.0
    }

    fn refuse(number: impl fmt::Display) -> UnknownCode {
        UnknownCode(format!(
            "objective {number} does not exist: the GCM has {} objectives",
            Self::COUNT
        ))
    }
}

impl TryFrom<i64> for ObjectiveNumber {
    type Error = UnknownCode;

    fn try_from(number: i64) -> Result<Self, UnknownCode> {
        match u8::try_from(number) {
            Ok(small @ 1..=Self::COUNT) => Ok(Self(small)),
            _ => Err(Self::refuse(number)),
        }
    }
}

impl TryFrom<i32> for ObjectiveNumber {
    type Error = UnknownCode;

    fn try_from(number: i32) -> Result<Self, UnknownCode> {
        Self::try_from(i64::from(number))
    }
}

impl TryFrom<u8> for ObjectiveNumber {
    type Error = UnknownCode;

    fn try_from(number: u8) -> Result<Self, UnknownCode> {
        Self::try_from(i64::from(number))
    }
}

impl FromStr for ObjectiveNumber {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let number: i64 = text.parse().map_err(|_| {
            UnknownCode(format!(
                "{text:?} is not an objective number: write a number from 1 to {}",
                Self::COUNT
            ))
        })?;
        Self::try_from(number)
    }
}

impl From<ObjectiveNumber> for u8 {
    fn from(number: ObjectiveNumber) -> Self {
        number.0
    }
}

impl From<ObjectiveNumber> for i32 {
    fn from(number: ObjectiveNumber) -> Self {
        Self::from(number.0)
    }
}

impl From<ObjectiveNumber> for i64 {
    fn from(number: ObjectiveNumber) -> Self {
        Self::from(number.0)
    }
}

impl fmt::Display for ObjectiveNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Serialize for ObjectiveNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.0)
    }
}

impl<'de> Deserialize<'de> for ObjectiveNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_i64(ObjectiveNumberVisitor)
    }
}

struct ObjectiveNumberVisitor;

impl Visitor<'_> for ObjectiveNumberVisitor {
    type Value = ObjectiveNumber;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an objective number from 1 to {}", ObjectiveNumber::COUNT)
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<ObjectiveNumber, E> {
        ObjectiveNumber::try_from(number).map_err(E::custom)
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<ObjectiveNumber, E> {
        let small =
            i64::try_from(number).map_err(|_| E::custom(ObjectiveNumber::refuse(number)))?;
        self.visit_i64(small)
    }
}

impl PartialSchema for ObjectiveNumber {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
            .minimum(Some(1))
            .maximum(Some(i32::from(Self::COUNT)))
            .description(Some("Number of an objective of the GCM (A/RES/73/195)."))
            .examples([Value::from(4)])
            .into()
    }
}

impl ToSchema for ObjectiveNumber {}
