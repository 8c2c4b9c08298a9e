//! What the pages say, in six languages: data in `config/i18n/pages/`. Nothing in it is evaluated.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::i18n::Language;

macro_rules! words {
    ($($name:ident)+) => {
        /// The words of one language; each stands in every file.
        #[derive(Debug, Default, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Words { $(pub $name: String),+ }
    };
}

words! {
    call registration when place languages groups group objectives round ask ask_text email access_code send sent
    paste paste_label open saved changed_elsewhere cannot errors draft about name organization organization_help
    organization_unknown position sector sector_help country gender woman man another age under_18 from_60 guardian
    guardian_help spoken other_languages preferences choice none rounds needs interpretation sign_language captioning
    accessibility questions consents processing listed recording named_attribution save submit withdraw accept
    calendar calendar_make calendar_address submitted confirmed offered waitlisted declined withdrawn
}

const fn source(language: Language) -> &'static str {
    match language {
        Language::Arabic => include_str!("../../config/i18n/pages/ar.toml"),
        Language::English => include_str!("../../config/i18n/pages/en.toml"),
        Language::Spanish => include_str!("../../config/i18n/pages/es.toml"),
        Language::French => include_str!("../../config/i18n/pages/fr.toml"),
        Language::Russian => include_str!("../../config/i18n/pages/ru.toml"),
        Language::Chinese => include_str!("../../config/i18n/pages/zh.toml"),
    }
}

static ALL: LazyLock<Result<BTreeMap<Language, Words>, String>> = LazyLock::new(|| {
    let read = |language: &Language| {
        let words = toml::from_str(source(*language));
        words.map(|words| (*language, words)).map_err(|error| format!("{language}: {error}"))
    };
    Language::ALL.iter().map(read).collect()
});
static NONE: LazyLock<Words> = LazyLock::new(Words::default);

/// The words of a language. That every language has all of them is tested: the files are part of the binary.
pub fn of(language: Language) -> &'static Words {
    let found = ALL.as_ref().ok().and_then(|all| all.get(&language));
    found.unwrap_or(&NONE)
}

/// What a language calls itself.
pub const fn own_name(language: Language) -> &'static str {
    match language {
        Language::Arabic => "العربية",
        Language::English => "English",
        Language::Spanish => "Español",
        Language::French => "Français",
        Language::Russian => "Русский",
        Language::Chinese => "中文",
    }
}

/// A text with its number filled in.
pub fn number(text: &str, number: impl std::fmt::Display) -> String {
    text.replace("{number}", &number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_word_and_its_number() {
        let all = ALL.as_ref().unwrap();
        assert_eq!(all.len(), Language::ALL.len());
        for (language, words) in all {
            for text in [&words.group, &words.round, &words.choice] {
                assert!(text.contains("{number}"), "{language}: {text}");
            }
            assert!(words.objectives.contains("{numbers}") && words.offered.contains("{until}"));
        }
    }
}
