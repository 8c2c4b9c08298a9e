//! The words that stand in calendars beside what people wrote: data in `config/i18n/calendars.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::i18n::{ByLanguage, Language};

/// The words of one language.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Before the moderator.
    pub moderator: String,
    /// Before the speakers.
    pub speakers: String,
    working_group: String,
    objectives: String,
    /// What the rule says.
    pub chatham_house: String,
    /// What one's own calendar is called.
    pub own: String,
}

impl Words {
    /// "working group 2"
    pub fn working_group(&self, number: i32) -> String {
        self.working_group.replace("{number}", &number.to_string())
    }

    /// "objectives 4, 8"
    pub fn objectives(&self, numbers: &[String]) -> String {
        self.objectives.replace("{numbers}", &numbers.join(", "))
    }
}

static ALL: LazyLock<ByLanguage<Words>> = LazyLock::new(|| {
    ByLanguage::of_toml(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../config/i18n/calendars.toml"
    )))
});

/// The words of a language. That all languages are there is tested: the file is part of the binary.
pub fn of(language: Language) -> &'static Words {
    ALL.of(language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_word() {
        let all = ALL.all().unwrap();
        assert_eq!(all.keys().copied().collect::<Vec<_>>(), Language::ALL);
        for (language, words) in all {
            assert!(words.working_group.contains("{number}"), "{language}");
            assert!(words.objectives.contains("{numbers}"), "{language}");
            assert!(!words.chatham_house.is_empty() && !words.own.is_empty(), "{language}");
        }
    }
}
