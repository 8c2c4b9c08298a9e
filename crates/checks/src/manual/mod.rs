//! The UN Editorial Manual, as far as a machine can hold a text to it: rules that are data (`config/style/un.toml`), and those that
//! need code. It must never know what a report is about.

mod acronyms;
mod enumeration;
mod headed;
mod numerals;
mod spelling;

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use regex::{Regex, RegexSet};
use serde::Deserialize;

use crate::checker::{Checker, Passage};
use crate::drafted::Draft;
use crate::finding::{Check, Level};
use crate::findings::{Findings, Spot};
use crate::strand::{Reading, Strand};

const UNITED_NATIONS: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/style/un.toml"));

/// Words and rules of a style. Made once, used for every report.
#[derive(Debug)]
pub struct Style {
    pub(crate) words: Words,
    spelling: HashMap<String, String>,
    endings: Vec<Ending>,
    /// Acronyms that everybody knows.
    known: HashSet<String>,
    rules: Vec<Rule>,
    set: RegexSet,
}

/// Lists of words, all in small letters.
#[derive(Debug, Deserialize)]
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
}

/// The end of a word that is written otherwise.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ending {
    from: String,
    to: String,
    unless: HashSet<String>,
}

/// A rule that needs no code.
#[derive(Debug)]
struct Rule {
    code: String,
    pattern: Regex,
    /// Where this fits around the place, it is right.
    unless: Option<Regex>,
    sentence: String,
    remedy: String,
    level: Level,
    /// Footnotes have titles of publications, which keep their words.
    not_in_notes: bool,
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
static NOTHING: LazyLock<Style> = LazyLock::new(Style::empty);

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
                sentence: rule.sentence,
                remedy: rule.remedy,
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

    fn empty() -> Self {
        let none = HashSet::new;
        let words = Words {
            reporting: none(),
            openers: none(),
            between: none(),
            speaker: none(),
            speakers: none(),
            titles: none(),
            roles: none(),
            traits: none(),
            places: none(),
            common: none(),
            things: none(),
        };
        Self {
            words,
            spelling: HashMap::new(),
            endings: Vec::new(),
            known: none(),
            rules: Vec::new(),
            set: RegexSet::empty(),
        }
    }
}

/// A pattern whose `\b` knows ASCII letters only: at the borders of any letters each text beyond ASCII would be read far more slowly.
fn pattern(written: &str) -> Result<Regex, regex::Error> {
    Regex::new(&written.replace(r"\b", r"(?-u:\b)"))
}

/// Whether a match begins or ends within a word, since `\b` stands before and behind letters beyond ASCII.
fn is_torn(text: &str, place: &Range<usize>) -> bool {
    let beyond = |c: char| c.is_alphabetic() && !c.is_ascii();
    let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    let found = &text[place.clone()];
    letter(found.chars().next()) && text[..place.start].ends_with(beyond)
        || letter(found.chars().next_back()) && text[place.end..].starts_with(beyond)
}

/// Holds a paragraph or a heading to the manual.
pub(crate) fn check(
    checker: &Checker<'_>,
    reading: &Reading,
    spot: &Spot<'_>,
    found: &mut Findings,
) {
    if !checker.is_english {
        return;
    }
    for strand in reading.strands() {
        rules(checker, reading, strand, spot, found);
        spelling::check(checker, reading, strand, spot, found);
        numerals::check(strand, spot, found);
    }
    enumeration::check(reading, spot, found);
}

/// What shows only in a whole draft: acronyms at their first use, headings beside each other.
pub(crate) fn check_whole(
    checker: &Checker<'_>,
    draft: &Draft,
    passages: &[Passage<'_>],
    found: &mut Findings,
) {
    if checker.is_english {
        acronyms::check(checker, passages, found);
    }
    headed::check(draft, found);
}

fn rules(
    checker: &Checker<'_>,
    reading: &Reading,
    strand: &Strand,
    spot: &Spot<'_>,
    found: &mut Findings,
) {
    let style = checker.style;
    for at in &style.set.matches(&strand.text) {
        let rule = &style.rules[at];
        if rule.not_in_notes && strand.is_note {
            continue;
        }
        for place in rule.pattern.find_iter(&strand.text).map(|one| one.range()) {
            let sentence = strand.sentence_at(place.start).map(|one| one.place.clone());
            let around = sentence.map_or("", |sentence| &strand.text[sentence]);
            let right = rule.unless.as_ref().is_some_and(|unless| unless.is_match(around));
            if right
                || place.is_empty()
                || is_torn(&strand.text, &place)
                || is_foreign(reading, strand, place.start)
            {
                continue;
            }
            let written = strand.text[place.clone()].trim();
            found.add(
                Check::Style,
                &rule.code,
                rule.level,
                spot.at(strand.source(&place)),
                rule.sentence.replace("{}", written),
                rule.remedy.replace("{}", written),
            );
        }
    }
}

/// Whether something of the paragraph stands in another language.
fn is_foreign(reading: &Reading, strand: &Strand, byte: usize) -> bool {
    !strand.is_note && reading.languages.iter().any(|place| place.contains(&byte))
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
