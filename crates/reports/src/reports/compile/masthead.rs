//! The fixed words of the first page in the six official languages, as data (`MASTHEADS`). A placeholder is replaced by what
//! stands there and that is all. Must never evaluate anything in it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::Deserialize;

use super::style;
use crate::consultations::Mode;
use crate::document::{LanguageTag, Meta};
use crate::i18n::{self as mail_words, Language};
use crate::reference::ObjectiveNumber;

const MASTHEADS: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/i18n/mastheads.toml"));

/// The words of one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Masthead {
    distributions: BTreeMap<String, String>,
    original: String,
    languages: BTreeMap<Language, String>,
    /// In which language dates are printed.
    dates: Language,
    /// What kind of document it is.
    pub summary_report: String,
    series: String,
    theme: String,
    objectives: Objectives,
    modes: BTreeMap<Mode, String>,
    hours: String,
    day: String,
    unknown_date: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Objectives {
    one: String,
    several: String,
    and: String,
}

static ALL: LazyLock<BTreeMap<Language, Masthead>> =
    LazyLock::new(|| toml::from_str(MASTHEADS).expect("mastheads.toml is read by a test"));

impl Masthead {
    /// The words of a language.
    pub fn of(language: Language) -> &'static Self {
        &ALL[&language]
    }

    /// "Distr.: General"; a line that has no words of its own stands as it was typed.
    pub fn distribution(&self, line: &str) -> String {
        self.distributions.get(line).cloned().unwrap_or_else(|| line.to_owned())
    }

    /// "Original: English".
    pub fn original(&self, language: Language) -> String {
        let name = self.languages.get(&language).map_or("", String::as_str);
        mail_words::put(&self.original, &[("language", name)])
    }

    /// "24 February 2021"; among lines that run the other way kept together, or its day would stand behind it (UAX 9).
    pub fn date(&self, day: NaiveDate) -> String {
        let date = mail_words::mails(self.dates).date(day);
        if self.language().direction() == self.dates.direction() {
            date
        } else {
            format!("\u{2066}{date}\u{2069}")
        }
    }

    /// "Stakeholder consultations to inform the …".
    pub fn series(&self, meeting: &str) -> String {
        mail_words::put(&self.series, &[("meeting", meeting)])
    }

    /// "… (addressing GCM objectives 4 and 8)".
    pub fn theme(&self, theme: &str, abbreviation: &str, objectives: &[ObjectiveNumber]) -> String {
        let Objectives { one, several, and } = &self.objectives;
        let numbers: Vec<String> = objectives.iter().map(ToString::to_string).collect();
        let list = match numbers.as_slice() {
            [first @ .., last] if !first.is_empty() => format!("{}{and}{last}", first.join(", ")),
            all => all.concat(),
        };
        let pattern = style::plural(objectives.len(), one, several);
        let objectives = mail_words::put(pattern, &[("list", &list)]);
        let values =
            [("theme", theme), ("abbreviation", abbreviation), ("objectives", &objectives)];
        mail_words::put(&self.theme, &values)
    }

    /// "19 November 2020, 11:00–14:30 hrs. (Bangkok time) – Virtual".
    pub fn time_and_place(
        &self,
        day: Option<NaiveDate>,
        hours: Option<&str>,
        place: &str,
        mode: Mode,
    ) -> String {
        let date = day.map_or_else(|| self.unknown_date.clone(), |day| self.day_in_text(day));
        let mode = self.modes.get(&mode).map_or("", String::as_str);
        match hours {
            Some(hours) => {
                let values =
                    [("date", date.as_str()), ("hours", hours), ("place", place), ("mode", mode)];
                mail_words::put(&self.hours, &values)
            }
            None => mail_words::put(&self.day, &[("date", &date), ("mode", mode)]),
        }
    }

    /// A date among words of this language.
    fn day_in_text(&self, day: NaiveDate) -> String {
        mail_words::mails(self.language()).date(day)
    }

    fn language(&self) -> Language {
        let own = ALL.iter().find(|(_, masthead)| std::ptr::eq(*masthead, self));
        own.map_or(self.dates, |(language, _)| *language)
    }
}

/// A masthead in this language: also the direction of the document.
pub fn meta(language: Language) -> Meta {
    // Every word of the list is a tag.
    let lang = LanguageTag::parse(language.as_str()).unwrap_or_default();
    Meta { dir: lang.direction(), lang, ..Meta::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_all_its_words() {
        for language in Language::ALL {
            let masthead = Masthead::of(*language);
            for mode in [Mode::Virtual, Mode::InPerson, Mode::Hybrid] {
                assert!(masthead.modes.contains_key(&mode), "{language} {mode:?}");
            }
            for original in Language::ALL {
                assert!(masthead.languages.contains_key(original), "{language} {original}");
            }
            for line in ["General", "Limited", "Restricted"] {
                assert!(masthead.distributions.contains_key(line), "{language} {line}");
            }
        }
    }

    #[test]
    fn the_first_page_speaks_its_language() {
        let day = NaiveDate::from_ymd_opt(2020, 11, 19).unwrap();
        let french = Masthead::of(Language::French);
        assert_eq!(french.original(Language::English), "Original : anglais");
        assert_eq!(french.distribution("General"), "Distr. générale");
        assert_eq!(french.distribution("Ad hoc"), "Ad hoc");
        let held = french.time_and_place(Some(day), Some("11:00–14:30"), "Bangkok", Mode::Virtual);
        assert_eq!(held, "19 novembre 2020, 11:00–14:30 (heure de Bangkok) – En ligne");
        let english = Masthead::of(Language::English);
        let held = english.time_and_place(Some(day), Some("11:00–14:30"), "Bangkok", Mode::Virtual);
        assert_eq!(held, "19 November 2020, 11:00–14:30 hrs. (Bangkok time) – Virtual");
        assert_eq!(meta(Language::Arabic).dir.as_str(), "rtl");
        let arabic = Masthead::of(Language::Arabic);
        assert_eq!(arabic.date(day), "\u{2066}19 November 2020\u{2069}");
        assert_eq!(french.date(day), "19 novembre 2020");
    }
}
