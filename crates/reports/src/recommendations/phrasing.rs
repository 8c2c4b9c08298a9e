//! Reads from a recommendation's words how strongly it is put and to whom. What is read is a proposal, with the words that it was read from;
//! a person confirms it. The words are data, `config/recommendations/phrasing.toml`. Pure.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Strength;
use crate::i18n::{ByLanguage, Language};
use crate::inputs::Addressee;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lexicon {
    strengths: BTreeMap<Strength, Vec<String>>,
    addressees: BTreeMap<Addressee, Vec<String>>,
}

static LEXICON: LazyLock<ByLanguage<Lexicon>> = LazyLock::new(|| {
    ByLanguage::of_toml(include_str!("../../../../config/recommendations/phrasing.toml"))
});

/// What was read from a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadFromText {
    /// How strongly it is put, and the word that says so; none where no word does.
    pub strength: Option<(Strength, String)>,
    /// To whom it is addressed, each with the word that says so, in the order of the text.
    pub addressees: Vec<(Addressee, String)>,
}

/// What a recommendation's text says of its strength, by the first word that does, and of its addressees.
pub fn read(text: &str, language: Language) -> ReadFromText {
    let lexicon = LEXICON.of(language);
    // Chinese has no spaces around its words.
    let whole = language != Language::Chinese;
    let folded = text.to_lowercase();
    // Where lower case is of another length, places would be wrong.
    let original = if folded.len() == text.len() { text } else { &folded };
    let mut strengths = found(&lexicon.strengths, &folded, whole);
    strengths.sort_by_key(|one| (one.at, std::cmp::Reverse(one.length)));
    let mut addressees = found(&lexicon.addressees, &folded, whole);
    addressees.sort_by_key(|one| (std::cmp::Reverse(one.length), one.at));
    let mut kept: Vec<Found<Addressee>> = Vec::new();
    for one in addressees {
        // "Migrants' organizations" are no organizations of another kind, and whoever is named twice is addressed once.
        let covered = kept.iter().any(|other| one.at < other.end() && other.at < one.end());
        if !covered {
            kept.push(one);
        }
    }
    kept.sort_by_key(|one| one.at);
    let mut read = ReadFromText::default();
    let said = |at: usize, end: usize| original.get(at..end).unwrap_or_default().to_owned();
    read.strength = strengths.first().map(|one| (one.what, said(one.at, one.end())));
    for one in kept {
        if !read.addressees.iter().any(|(known, _)| *known == one.what) {
            read.addressees.push((one.what, said(one.at, one.end())));
        }
    }
    read
}

struct Found<T> {
    what: T,
    at: usize,
    length: usize,
}

impl<T> Found<T> {
    fn end(&self) -> usize {
        self.at + self.length
    }
}

/// Every place of a text in which one of the words stands.
fn found<T: Copy>(words: &BTreeMap<T, Vec<String>>, text: &str, whole: bool) -> Vec<Found<T>> {
    let is_free = |at: usize, end: usize| {
        let before = text[..at].chars().next_back();
        let after = text[end..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    };
    let mut all = Vec::new();
    for (what, words) in words {
        for word in words {
            let places = text.match_indices(word.as_str()).map(|(at, _)| at);
            let places = places.filter(|at| !whole || is_free(*at, at + word.len()));
            all.extend(places.map(|at| Found { what: *what, at, length: word.len() }));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english(text: &str) -> ReadFromText {
        read(text, Language::English)
    }

    #[test]
    fn the_first_word_says_how_strongly_it_is_put() {
        let strength = |text| english(text).strength;
        let of = |strength, word: &str| Some((strength, word.to_owned()));
        assert_eq!(
            strength("Fees should be waived so that migrants could renew them."),
            of(Strength::Should, "should")
        );
        assert_eq!(strength("States MUST end it."), of(Strength::Must, "MUST"));
        assert_eq!(strength("Cities may wish to open desks."), of(Strength::Could, "may wish to"));
        assert_eq!(strength("A mustering of shoulders."), None);
    }

    #[test]
    fn whoever_is_addressed_is_named_once_by_the_longest_words() {
        let addressees = |text| -> Vec<(Addressee, String)> { english(text).addressees };
        assert_eq!(
            addressees(
                "Governments should help local governments; Governments should pay, with trade unions."
            ),
            [
                (Addressee::Governments, "Governments".to_owned()),
                (Addressee::TradeUnions, "trade unions".to_owned()),
            ]
        );
        assert!(addressees("Fees should be waived.").is_empty());
    }

    #[test]
    fn words_are_there_in_every_language() {
        let samples = [
            (Language::French, "Les États devraient agir.", Strength::Should),
            (Language::Spanish, "Los Estados deben actuar.", Strength::Must),
            (Language::Russian, "Государства могли бы помочь.", Strength::Could),
            (Language::Arabic, "ينبغي أن تعمل الدول على ذلك.", Strength::Should),
            (Language::Chinese, "各国必须采取行动。", Strength::Must),
        ];
        for (language, text, strength) in samples {
            let read = read(text, language);
            assert_eq!(read.strength.map(|(found, _)| found), Some(strength), "{text}");
            let found: Vec<Addressee> = read.addressees.iter().map(|(found, _)| *found).collect();
            assert_eq!(found, [Addressee::Governments], "{text}");
        }
    }
}
