//! Small values that name things in a document: ids, languages, directions, heading levels. Must never know what is named.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A stable name of a section, paragraph or table, unique in its document. Letters, digits, `-` and `_` only, so that
/// every format can use it in an anchor or bookmark (with a prefix of its own).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String")]
pub struct Id(String);

impl Id {
    /// Every character that an id cannot hold becomes `-`; an empty name becomes `-` too. The same name always gives the
    /// same id, so a reference finds its target; two names that fall together are a duplicate, which numbering reports.
    #[must_use]
    pub fn new(raw: &str) -> Self {
        let allowed =
            |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '-' };
        if raw.is_empty() { Self("-".to_owned()) } else { Self(raw.chars().map(allowed).collect()) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<&str> for Id {
    fn from(raw: &str) -> Self {
        Self::new(raw)
    }
}

impl From<String> for Id {
    fn from(raw: String) -> Self {
        Self::new(&raw)
    }
}

/// A language by its BCP 47 tag, such as `en`, `ar` or `zh-Hans`; checked for form, not against the registry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct LanguageTag(String);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a language tag (BCP 47), such as en, ar or zh-Hans: {0:?}")]
pub struct LanguageTagError(String);

impl LanguageTag {
    /// Reads a tag.
    ///
    /// # Errors
    /// When it does not begin with two or three letters, or a later part is not one to eight letters and digits.
    pub fn parse(raw: &str) -> Result<Self, LanguageTagError> {
        let mut parts = raw.split('-');
        let primary = parts.next().unwrap_or_default();
        let is_primary = matches!(primary.len(), 2 | 3)
            && primary.bytes().all(|byte| byte.is_ascii_alphabetic());
        let is_subtag = |part: &str| {
            matches!(part.len(), 1..=8) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        if is_primary && parts.all(is_subtag) {
            Ok(Self(raw.to_owned()))
        } else {
            Err(LanguageTagError(raw.to_owned()))
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language without script or region, in lower case: `zh` for `zh-Hans`.
    #[must_use]
    pub fn primary(&self) -> String {
        self.0.split('-').next().unwrap_or_default().to_ascii_lowercase()
    }

    /// The direction in which the language is written, by its script if the tag names one.
    #[must_use]
    pub fn direction(&self) -> Direction {
        const SCRIPTS: [&str; 8] = ["adlm", "arab", "hebr", "mand", "nkoo", "rohg", "syrc", "thaa"];
        const LANGUAGES: [&str; 13] =
            ["ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "ps", "sd", "ug", "ur", "yi"];
        let script =
            self.0.split('-').skip(1).find(|part| {
                part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_alphabetic())
            });
        let right_to_left = match script {
            Some(script) => SCRIPTS.contains(&script.to_ascii_lowercase().as_str()),
            None => LANGUAGES.contains(&self.primary().as_str()),
        };
        if right_to_left { Direction::RightToLeft } else { Direction::LeftToRight }
    }
}

impl Default for LanguageTag {
    /// English.
    fn default() -> Self {
        Self("en".to_owned())
    }
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for LanguageTag {
    type Error = LanguageTagError;

    fn try_from(raw: String) -> Result<Self, LanguageTagError> {
        Self::parse(&raw)
    }
}

/// The direction of lines; right-to-left documents mirror their pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Direction {
    #[default]
    #[serde(rename = "ltr")]
    LeftToRight,
    #[serde(rename = "rtl")]
    RightToLeft,
}

impl Direction {
    /// `ltr` or `rtl`, as HTML writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }
}

/// The depth of a heading, 1 to 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Level(u8);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a heading has level 1 to 4, not {0}")]
pub struct LevelError(u8);

impl Level {
    pub const ONE: Self = Self(1);
    pub const TWO: Self = Self(2);
    pub const THREE: Self = Self(3);
    pub const FOUR: Self = Self(4);

    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Level {
    type Error = LevelError;

    fn try_from(level: u8) -> Result<Self, LevelError> {
        if (1..=4).contains(&level) { Ok(Self(level)) } else { Err(LevelError(level)) }
    }
}

impl From<Level> for u8 {
    fn from(level: Level) -> Self {
        level.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_holds_only_what_every_format_can_carry() {
        assert_eq!(Id::new("cluster 9/10\"><x").as_str(), "cluster-9-10---x");
        assert_eq!(Id::new(""), Id::new("-"));
    }

    #[test]
    fn direction_follows_script_before_language() {
        let direction = |tag: &str| LanguageTag::parse(tag).map(|tag| tag.direction());
        assert_eq!(direction("ar"), Ok(Direction::RightToLeft));
        assert_eq!(direction("pa-Arab-PK"), Ok(Direction::RightToLeft));
        assert_eq!(direction("ar-Latn"), Ok(Direction::LeftToRight));
        assert!(LanguageTag::parse("en\" onload=").is_err());
        assert!(LanguageTag::parse("x").is_err());
    }
}
