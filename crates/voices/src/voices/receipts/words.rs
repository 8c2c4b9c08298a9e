//! What participants are told before they contribute: data in `config/i18n/receipts.toml`. Pure.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::i18n::Language;

/// The words of one language.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Plain sentences, in their order.
    pub sentences: Vec<String>,
}

static ALL: LazyLock<Result<BTreeMap<Language, Words>, String>> = LazyLock::new(|| {
    toml::from_str(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../config/i18n/receipts.toml"
    )))
    .map_err(|error| error.to_string())
});
static NONE: LazyLock<Words> = LazyLock::new(Words::default);

/// The words of a language. That all languages are there is tested: the file is part of the binary.
pub fn of(language: Language) -> &'static Words {
    let found = ALL.as_ref().ok().and_then(|all| all.get(&language));
    found.unwrap_or(&NONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_the_same_sentences() {
        let all = ALL.as_ref().unwrap();
        assert_eq!(all.keys().copied().collect::<Vec<_>>(), Language::ALL);
        let english = of(Language::English).sentences.len();
        for (language, words) in all {
            assert_eq!(words.sentences.len(), english, "{language}");
            assert!(words.sentences.iter().all(|one| !one.trim().is_empty()), "{language}");
        }
    }
}
