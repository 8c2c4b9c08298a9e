//! Words and rules of a style, as data (`config/style/un.toml`): what is spelt otherwise, which words tell that somebody spoke, and
//! patterns that need no code. It must never know what a report is about.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use regex::{Regex, RegexSet};
use serde::Deserialize;

use crate::finding::{Level, Telling};

const UNITED_NATIONS: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/style/un.toml"));

/// Words and rules of a style. Made once, used for every report.
#[derive(Debug, Default)]
pub struct Style {
    pub(crate) words: Words,
    pub(crate) spelling: HashMap<String, String>,
    pub(crate) endings: Vec<Ending>,
    /// Acronyms that everybody knows.
    pub(crate) known: HashSet<String>,
    pub(crate) rules: Vec<Rule>,
    /// Which of the rules are worth looking for in a text.
    pub(crate) set: RegexSet,
}

/// Lists of words, all in small letters.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    /// “said”, “noted”.
    pub reporting: HashSet<String>,
    /// Words that begin sentences and stand beside names.
    pub openers: HashSet<String>,
    /// “had”, “also”: what stands between somebody and what that person said.
    pub between: HashSet<String>,
    /// “participant”, and “participants”.
    pub speaker: HashSet<String>,
    pub speakers: HashSet<String>,
    /// “Mr”, “Dr”.
    pub titles: HashSet<String>,
    /// What somebody does or is, as may tell who it is.
    pub roles: HashSet<String>,
    /// What somebody is beside that.
    pub traits: HashSet<String>,
    /// Countries, cities and regions that people are called after.
    pub places: HashSet<String>,
    /// Words of the language that people are called by.
    pub common: HashSet<String>,
    /// What makes a title of several words with capitals a thing and not a person.
    pub things: HashSet<String>,
    /// A number behind it is its name: “paragraph”, “November”.
    pub numbered: HashSet<String>,
    /// A number behind it may be its name: “day”, “level”.
    pub numbered_at_times: HashSet<String>,
}

/// The end of a word that is written otherwise.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ending {
    pub from: String,
    pub to: String,
    pub unless: HashSet<String>,
}

/// A rule that needs no code.
#[derive(Debug)]
pub(crate) struct Rule {
    pub code: String,
    pub pattern: Regex,
    /// Where this fits around the place, it is right.
    pub unless: Option<Regex>,
    pub sentence: Told,
    pub remedy: Told,
    pub level: Level,
    /// Footnotes have titles of publications, which keep their words.
    pub not_in_notes: bool,
}

/// What a rule tells: a text with a place for what was found, or the advice to write something certain.
#[derive(Debug)]
pub(crate) struct Told {
    text: String,
    with: Option<String>,
}

impl Told {
    fn read(text: String) -> Self {
        let wanted = text.strip_prefix("Write “").and_then(|rest| rest.strip_suffix("”."));
        match wanted.filter(|wanted| !wanted.contains(['“', '”'])).map(str::to_owned) {
            Some(with) => Self { text: "Write “{}”.".to_owned(), with: Some(with) },
            None => Self { text, with: None },
        }
    }

    /// It, around what was found.
    pub(crate) fn around(&self, found: &str) -> Telling {
        let places = self.text.matches("{}").count();
        let with = self.with.as_deref().unwrap_or(found);
        Telling::new(self.text.clone(), std::iter::repeat_n(with, places))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    words: Words,
    spelling: HashMap<String, String>,
    endings: Vec<Ending>,
    acronyms: Known,
    rules: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    known: HashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    code: String,
    pattern: String,
    unless: Option<String>,
    sentence: String,
    remedy: String,
    #[serde(default)]
    blocks: bool,
    #[serde(default)]
    not_in_notes: bool,
}

static MANUAL: LazyLock<Option<Style>> = LazyLock::new(|| Style::read(UNITED_NATIONS).ok());
static NOTHING: LazyLock<Style> = LazyLock::new(Style::default);

impl Style {
    /// That of the United Nations, in English.
    pub fn united_nations() -> &'static Self {
        // A test reads the file, which is compiled in.
        MANUAL.as_ref().unwrap_or(&NOTHING)
    }

    /// Reads a style from TOML.
    ///
    /// # Errors
    /// What the file says that it cannot.
    pub fn read(toml: &str) -> Result<Self, String> {
        let file: File = toml::from_str(toml).map_err(|error| error.to_string())?;
        let told = |code: &str| {
            let code = code.to_owned();
            move |error: regex::Error| format!("{code}: {error}")
        };
        let rules = file.rules.into_iter().map(|rule| {
            let unless = rule.unless.as_deref().map(pattern).transpose();
            Ok(Rule {
                pattern: pattern(&rule.pattern).map_err(told(&rule.code))?,
                unless: unless.map_err(told(&rule.code))?,
                code: rule.code,
                sentence: Told::read(rule.sentence),
                remedy: Told::read(rule.remedy),
                level: if rule.blocks { Level::Blocks } else { Level::Advises },
                not_in_notes: rule.not_in_notes,
            })
        });
        let rules: Vec<Rule> = rules.collect::<Result<_, String>>()?;
        let set = RegexSet::new(rules.iter().map(|rule| rule.pattern.as_str()));
        Ok(Self {
            words: file.words,
            spelling: file.spelling,
            endings: file.endings,
            known: file.acronyms.known,
            rules,
            set: set.map_err(|error| error.to_string())?,
        })
    }
}

/// A pattern whose `\b` knows ASCII letters only: at the borders of any letters each text beyond ASCII would be read far more slowly.
fn pattern(written: &str) -> Result<Regex, regex::Error> {
    Regex::new(&written.replace(r"\b", r"(?-u:\b)"))
}

#[cfg(test)]
mod tests {
    use super::Style;

    #[test]
    fn the_manual_can_be_read() {
        let style = Style::read(super::UNITED_NATIONS).unwrap();
        assert!(style.rules.len() > 20 && style.words.reporting.contains("said"));
    }
}
