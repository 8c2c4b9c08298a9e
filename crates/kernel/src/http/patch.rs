//! Fields of a JSON Merge Patch (RFC 7396): absent is not null.
//! `#[serde(default, deserialize_with = "patch::value")]` for a field that cannot be null, `"patch::nullable"` for one that can.

use serde::{Deserialize, Deserializer};

/// Absent → `None`; a value → `Some`; null is refused.
pub fn value<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    match Option::deserialize(deserializer)? {
        Some(value) => Ok(Some(value)),
        None => Err(serde::de::Error::custom(
            "cannot be null: leave the field out to keep what is there",
        )),
    }
}

/// Absent → `None`; null → `Some(None)`; a value → `Some(Some(value))`.
pub fn nullable<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// Puts a patch's value into the field it is for, when there is one.
pub fn set<T: Clone>(field: &mut T, value: &Option<T>) {
    if let Some(value) = value {
        field.clone_from(value);
    }
}
