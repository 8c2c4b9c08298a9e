//! Words of all languages in one file of data, which is part of the binary.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::Language;

/// The words of each language.
#[derive(Debug)]
pub struct ByLanguage<T> {
    read: Result<BTreeMap<Language, T>, String>,
    none: T,
}

impl<T: DeserializeOwned + Default> ByLanguage<T> {
    /// Reads TOML with one table for each language.
    pub fn of_toml(text: &str) -> Self {
        Self { read: toml::from_str(text).map_err(|error| error.to_string()), none: T::default() }
    }
}

impl<T> ByLanguage<T> {
    /// As [`ByLanguage::of_toml`], of what `make` makes of each table, and of an empty one where there is none.
    pub fn of_tables(text: &str, make: impl Fn(toml::Table) -> (T, Result<(), String>)) -> Self {
        let made = |(language, table)| {
            let (words, right) = make(table);
            right.map(|()| (language, words)).map_err(|why| format!("{language}: {why}"))
        };
        let tables: Result<BTreeMap<Language, toml::Table>, _> = toml::from_str(text);
        let read = tables
            .map_err(|error| error.to_string())
            .and_then(|tables| tables.into_iter().map(made).collect());
        Self { read, none: make(toml::Table::new()).0 }
    }

    /// The words of a language; empty ones when the file has none, which a test of whoever owns the file excludes.
    pub fn of(&self, language: Language) -> &T {
        let found = self.read.as_ref().ok().and_then(|all| all.get(&language));
        found.unwrap_or(&self.none)
    }

    /// All of them, by language; else why the file cannot be read.
    ///
    /// # Errors
    /// When it is no such TOML.
    pub fn all(&self) -> Result<&BTreeMap<Language, T>, &str> {
        self.read.as_ref().map_err(String::as_str)
    }
}
