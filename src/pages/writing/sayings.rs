//! What the checks say, in the language of the page: data in `config/i18n/checks.toml`, known by its English. Nothing in it is evaluated.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::i18n::Language;
use crate::reports::checks::Telling;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    said: Vec<Said>,
}

/// A text in each language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    en: String,
    fr: String,
    es: String,
    ru: String,
    ar: String,
    zh: String,
}

impl Said {
    fn of(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::French => &self.fr,
            Language::Spanish => &self.es,
            Language::Russian => &self.ru,
            Language::Arabic => &self.ar,
            Language::Chinese => &self.zh,
        }
    }
}

static ALL: LazyLock<HashMap<String, Said>> = LazyLock::new(|| {
    let file = toml::from_str::<File>(include_str!("../../../config/i18n/checks.toml"));
    let said = file.map(|file| file.said).unwrap_or_default();
    said.into_iter().map(|said| (said.en.clone(), said)).collect()
});

/// What is told, in a language; nothing where it is known in English alone.
pub fn told(telling: &Telling, language: Language) -> Option<String> {
    let said = ALL.get(telling.text.as_ref())?;
    Some(telling.in_words(said.of(language)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_text_with_as_many_places() {
        assert!(ALL.len() > 150, "{}", ALL.len());
        let places = |text: &str| text.matches("{}").count();
        for said in ALL.values() {
            for language in Language::ALL {
                let text = said.of(*language);
                assert!(!text.trim().is_empty(), "{language}: {}", said.en);
                assert_eq!(places(text), places(&said.en), "{language}: {}", said.en);
            }
        }
    }

    #[test]
    fn what_was_found_stands_in_its_place() {
        let telling = Telling::new("“{}” may name somebody.", ["Asha"]);
        let told = told(&telling, Language::French);
        assert_eq!(told.as_deref(), Some("« Asha » nomme peut-être quelqu’un."));
        assert_eq!(super::told(&Telling::from("Nobody says that."), Language::French), None);
    }
}
