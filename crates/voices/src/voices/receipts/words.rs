//! What participants are told before they contribute: data in `config/i18n/receipts.toml`. Pure.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::i18n::{ByLanguage, Language};

/// The words of one language.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Plain sentences, in their order.
    pub sentences: Vec<String>,
}

static ALL: LazyLock<ByLanguage<Words>> = LazyLock::new(|| {
    ByLanguage::of_toml(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../config/i18n/receipts.toml"
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
    fn every_language_has_the_same_sentences() {
        let all = ALL.all().unwrap();
        assert_eq!(all.keys().copied().collect::<Vec<_>>(), Language::ALL);
        let english = of(Language::English).sentences.len();
        for (language, words) in all {
            assert_eq!(words.sentences.len(), english, "{language}");
            assert!(words.sentences.iter().all(|one| !one.trim().is_empty()), "{language}");
        }
    }
}
