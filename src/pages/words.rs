//! What pages say, in six languages: data in `config/i18n/pages/`, a file for each folder of pages. Nothing in it is evaluated.

use std::str::FromStr;

use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules};
use serde::Deserialize;

use crate::i18n::Language;

/// The words of a folder of pages: a type with a field for each, read from its file, which must have them all in every language.
/// (Fields that own their texts, and a derived reader, are minutes of compiling for a folder of hundreds: each may be the one that was
/// read before another is missing.)
macro_rules! words {
    ($file:literal: $($name:ident)+ $(; $($plural:ident)+)?) => {
        /// The words of one language.
        #[derive(Debug)]
        pub struct Words {
            $(pub $name: &'static str,)+
            $($(pub $plural: &'static crate::pages::words::Plural,)+)?
        }

        fn made(table: toml::Table) -> (Words, Result<(), String>) {
            let mut said = crate::pages::words::Said::of(table);
            let words = Words {
                $($name: said.text(stringify!($name)),)+
                $($($plural: said.plural(stringify!($plural)),)+)?
            };
            (words, said.finish())
        }

        static ALL: std::sync::LazyLock<crate::i18n::ByLanguage<Words>> = std::sync::LazyLock::new(|| {
            let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/config/i18n/pages/", $file));
            crate::i18n::ByLanguage::of_tables(text, made)
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

/// What a file says in one language, taken word by word and kept for as long as the program runs, which has one of each.
pub struct Said {
    table: toml::Table,
    wrong: Vec<String>,
}

impl Said {
    /// All of the language's table.
    pub fn of(table: toml::Table) -> Self {
        Self { table, wrong: Vec::new() }
    }

    /// A text.
    pub fn text(&mut self, name: &str) -> &'static str {
        match self.table.remove(name) {
            Some(toml::Value::String(text)) => text.leak(),
            _ => {
                self.wrong.push(format!("{name} is not there as a text"));
                ""
            }
        }
    }

    /// A text that counts something.
    pub fn plural(&mut self, name: &str) -> &'static Plural {
        let forms = self.table.remove(name).map(toml::Value::try_into);
        match forms {
            Some(Ok(plural)) => Box::leak(Box::new(plural)),
            _ => {
                self.wrong.push(format!("{name} is not there with its forms"));
                &NONE
            }
        }
    }

    /// What is wrong, if anything: also what nobody took.
    pub fn finish(self) -> Result<(), String> {
        let unknown = self.table.keys().map(|name| format!("{name} is unknown"));
        let wrong: Vec<String> = self.wrong.into_iter().chain(unknown).collect();
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
    }
}

/// A text that counts something, in the forms that its language has (CLDR); `{n}` is the number.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plural {
    zero: Option<String>,
    one: Option<String>,
    two: Option<String>,
    few: Option<String>,
    many: Option<String>,
    other: String,
}

static NONE: Plural =
    Plural { zero: None, one: None, two: None, few: None, many: None, other: String::new() };

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
    fn a_file_says_all_that_is_asked_and_nothing_else() {
        let said = |text: &str| {
            let mut said = Said::of(text.parse().unwrap());
            let words = (said.text("title"), said.plural("people").other.clone());
            (words, said.finish())
        };
        let (words, right) = said("title = 'Start'\npeople = { other = '{n} people' }");
        assert_eq!((words, right), (("Start", "{n} people".to_owned()), Ok(())));
        let (words, wrong) = said("people = 'people'\nfurther = ''");
        assert_eq!(words, ("", String::new()));
        let why =
            "title is not there as a text; people is not there with its forms; further is unknown";
        assert_eq!(wrong, Err(why.to_owned()));
    }

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
