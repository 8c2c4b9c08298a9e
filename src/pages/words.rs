//! What pages say, in six languages: data in `config/i18n/pages/`, a file for each folder of pages. Nothing in it is evaluated.

use std::str::FromStr;

use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules};
use serde::Deserialize;

use crate::i18n::Language;

/// The words of a folder of pages: a type with a field for each, read from its file, which must have them all in every language.
macro_rules! words {
    ($file:literal: $($name:ident)+ $(; $($plural:ident)+)?) => {
        /// The words of one language.
        #[derive(Debug, Default, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Words { $(pub $name: String,)+ $($(pub $plural: crate::pages::words::Plural,)+)? }

        static ALL: std::sync::LazyLock<crate::i18n::ByLanguage<Words>> = std::sync::LazyLock::new(|| {
            crate::i18n::ByLanguage::of_toml(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/config/i18n/pages/", $file)))
        });

        /// The words of a language.
        pub fn of(language: crate::i18n::Language) -> &'static Words {
            ALL.of(language)
        }

        #[cfg(test)]
        mod tests {
            #[test]
            fn every_language_has_every_word() {
                let all = super::ALL.all().unwrap_or_else(|why| panic!("{}: {why}", $file));
                assert_eq!(all.len(), crate::i18n::Language::ALL.len());
                for (language, words) in all {
                    $(assert!(!words.$name.trim().is_empty(), "{language}: {}", stringify!($name));)+
                    $($(words.$plural.check(*language, stringify!($plural));)+)?
                }
            }
        }
    };
}

pub(super) use words;

/// A text that counts something, in the forms that its language has (CLDR); `{n}` is the number.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plural {
    zero: Option<String>,
    one: Option<String>,
    two: Option<String>,
    few: Option<String>,
    many: Option<String>,
    other: String,
}

impl Plural {
    /// The text for a number.
    pub fn of(&self, language: Language, n: usize) -> String {
        let rules = rules(language);
        let category = rules.map_or(PluralCategory::Other, |rules| rules.category_for(n));
        let form = self.form(category).unwrap_or(&self.other);
        form.replace("{n}", &n.to_string())
    }

    fn form(&self, category: PluralCategory) -> Option<&String> {
        match category {
            PluralCategory::Zero => self.zero.as_ref(),
            PluralCategory::One => self.one.as_ref(),
            PluralCategory::Two => self.two.as_ref(),
            PluralCategory::Few => self.few.as_ref(),
            PluralCategory::Many => self.many.as_ref(),
            PluralCategory::Other => Some(&self.other),
        }
    }

    /// Fails when a form is missing that whole numbers of the language take.
    #[cfg(test)]
    pub fn check(&self, language: Language, name: &str) {
        for n in 0..=200 {
            let category = rules(language).unwrap().category_for(n);
            assert!(self.form(category).is_some(), "{language}: {name} has no form for {n}");
        }
    }
}

/// The rules of a language: data that is compiled in.
fn rules(language: Language) -> Option<PluralRules> {
    let locale = Locale::from_str(language.as_str()).ok()?;
    PluralRules::try_new_cardinal(locale.into()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_takes_the_form_of_its_language() {
        let plural: Plural = toml::from_str(
            "one = '{n} место'\nfew = '{n} места'\nmany = '{n} мест'\nother = '{n} места'",
        )
        .unwrap();
        let said = |n| plural.of(Language::Russian, n);
        assert_eq!(
            [said(1), said(3), said(11), said(21)],
            ["1 место", "3 места", "11 мест", "21 место"]
        );
    }
}
