//! Why a document could not be printed, as the child process tells it and as people read it. Must never tell more of a document
//! than the characters at fault and where they stand.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The exit code of a child that says why it made nothing.
pub const REFUSED: u8 = 3;

/// Why there is no PDF.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// No font has these characters: boxes are never printed instead.
    MissingGlyphs(Vec<Missing>),
    /// It took longer, or more memory, than it may.
    Limit(String),
    /// The program that sets it said no.
    Refused(String),
}

/// A character that no font has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// The character.
    pub character: char,
    /// Where it stands: "masthead", "paragraph 12", "footnote 3".
    pub places: Vec<String>,
}

/// How many characters or places a message names.
const NAMED: usize = 8;

/// Characters as a message names them: "“ก” (U+0E01), “ข” (U+0E02) and 3 more".
pub fn listed(characters: impl IntoIterator<Item = char>) -> String {
    let mut all: Vec<String> =
        characters.into_iter().map(|c| format!("“{c}” (U+{:04X})", u32::from(c))).collect();
    let more = all.len().saturating_sub(NAMED);
    all.truncate(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", all.join(", "))
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingGlyphs(missing) => {
                let characters: BTreeSet<char> = missing.iter().map(|one| one.character).collect();
                let packages: BTreeSet<_> = characters.iter().copied().map(package).collect();
                let places: BTreeSet<&str> =
                    missing.iter().flat_map(|one| &one.places).map(String::as_str).collect();
                let places: Vec<&str> = places.into_iter().take(NAMED).collect();
                write!(
                    formatter,
                    "No font has {} ({}). Install {} (Debian), or name a folder with such fonts in the setting documents.fonts; \
                     or take another format.",
                    listed(characters),
                    places.join(", "),
                    packages.into_iter().collect::<Vec<_>>().join(" and "),
                )
            }
            Self::Limit(what) => write!(
                formatter,
                "{what} Take it as docx or html, or raise the limit in the settings under [documents]."
            ),
            Self::Refused(why) => write!(formatter, "The PDF could not be made: {why}"),
        }
    }
}

impl std::error::Error for Failure {}

/// The package of Debian that has a font for a character.
fn package(c: char) -> &'static str {
    match c {
        '\u{1100}'..='\u{11ff}'
        | '\u{3130}'..='\u{318f}'
        | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7ff}' => "fonts-nanum",
        '\u{2e80}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{ff00}'..='\u{ffef}'
        | '\u{20000}'..='\u{323af}' => "fonts-droid-fallback",
        '\u{1f000}'..='\u{1faff}' => "fonts-symbola",
        _ => "fonts-noto-core",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_characters_are_told_with_their_places_and_a_package() {
        let missing = |character, places: &[&str]| Missing {
            character,
            places: places.iter().map(ToString::to_string).collect(),
        };
        let failure = Failure::MissingGlyphs(vec![
            missing('ก', &["paragraph 3"]),
            missing('中', &["footnote 2", "paragraph 3"]),
        ]);
        let said = failure.to_string();
        for part in [
            "“ก” (U+0E01)",
            "“中” (U+4E2D)",
            "footnote 2, paragraph 3",
            "fonts-droid-fallback and fonts-noto-core",
        ] {
            assert!(said.contains(part), "{said}");
        }
    }
}
