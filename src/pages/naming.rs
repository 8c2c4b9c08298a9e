//! Names by which people choose, in the language of the page: nobody has to know a code.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::i18n::{ByLanguage, Language};

/// Names by code.
type Codes = BTreeMap<String, String>;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    countries: Codes,
    languages: Codes,
    sign_languages: Codes,
    sectors: Codes,
    objectives: Codes,
    objectives_plain: Codes,
    category_questions: Codes,
}

/// Of what there are names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// ISO 3166-1 alpha-2.
    Country,
    /// BCP 47.
    Language,
    /// ISO 639-3.
    SignLanguage,
    /// Those of the reference.
    Sector,
    /// The number of an objective of the Compact: its title.
    Objective,
    /// The number of an objective: what it is about, in a few everyday words.
    ObjectiveInPlainWords,
    /// What a category that a review starts with asks, for somebody who has never seen one.
    CategoryQuestion,
}

static ALL: LazyLock<ByLanguage<Names>> =
    LazyLock::new(|| ByLanguage::of_toml(include_str!("../../config/i18n/names.toml")));
static OWN: LazyLock<BTreeMap<String, Codes>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../config/i18n/languages_own.toml")).unwrap_or_default()
});

fn codes(of: Of, language: Language) -> &'static Codes {
    let names = ALL.of(language);
    match of {
        Of::Country => &names.countries,
        Of::Language => &names.languages,
        Of::SignLanguage => &names.sign_languages,
        Of::Sector => &names.sectors,
        Of::Objective => &names.objectives,
        Of::ObjectiveInPlainWords => &names.objectives_plain,
        Of::CategoryQuestion => &names.category_questions,
    }
}

/// What a code is called; none when it has no name here.
pub fn find(of: Of, code: &str, language: Language) -> Option<&'static str> {
    codes(of, language).get(code).map(String::as_str)
}

/// What a code is called, or the code itself.
pub fn name(of: Of, code: &str, language: Language) -> &str {
    find(of, code, language).unwrap_or(code)
}

/// What a language is called in the language of the page, else in itself, else its tag.
pub fn language(tag: &str, language: Language) -> &str {
    let own = || OWN.get("names").and_then(|names| names.get(tag)).map(String::as_str);
    find(Of::Language, tag, language).or_else(own).unwrap_or(tag)
}

/// The tag of a language that somebody names: in the language of the page, in itself or in English, or by its tag. What is none of
/// these stays as it was typed.
pub fn tag(typed: &str, language: Language) -> String {
    let wanted = typed.trim().to_lowercase();
    let own = OWN.get("names");
    let lists =
        [Some(codes(Of::Language, language)), own, Some(codes(Of::Language, Language::English))];
    let mut all = lists.into_iter().flatten().flatten();
    let found =
        all.find(|(tag, name)| name.to_lowercase() == wanted || tag.to_lowercase() == wanted);
    found.map_or_else(|| typed.trim().to_owned(), |(tag, _)| tag.clone())
}

/// All of a kind, `(code, name)`, by name.
pub fn all(of: Of, language: Language) -> Vec<(&'static str, &'static str)> {
    let mut all: Vec<_> =
        codes(of, language).iter().map(|(code, name)| (code.as_str(), name.as_str())).collect();
    all.sort_by_key(|(_, name)| name.to_lowercase());
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::Reference;

    #[test]
    fn a_language_is_known_by_its_names() {
        for typed in ["tailandais", "thaï", "ไทย", "Thai", " TH ", "th"] {
            let known = tag(typed, Language::French);
            assert_eq!(known == "th", typed != "tailandais", "{typed}: {known}");
        }
    }

    #[test]
    fn whatever_can_be_chosen_has_a_name_in_every_language() {
        let all = ALL.all().unwrap();
        let reference = Reference::get();
        for language in Language::ALL {
            let names = &all[language];
            let has = |of: Of, code: &str| {
                assert!(find(of, code, *language).is_some(), "{language}: {of:?} {code}");
            };
            reference.countries.iter().for_each(|one| has(Of::Country, one.code.as_str()));
            reference.sectors.iter().for_each(|one| has(Of::Sector, one.code.as_str()));
            (1..=23).for_each(|number| has(Of::Objective, &number.to_string()));
            (1..=23).for_each(|number| has(Of::ObjectiveInPlainWords, &number.to_string()));
            let english = &all[&Language::English];
            assert!(names.languages.keys().eq(english.languages.keys()));
            assert!(names.sign_languages.keys().eq(english.sign_languages.keys()));
            assert!(names.category_questions.keys().eq(english.category_questions.keys()));
            assert!(names.languages.keys().all(|tag| OWN["names"].contains_key(tag)));
        }
    }
}
