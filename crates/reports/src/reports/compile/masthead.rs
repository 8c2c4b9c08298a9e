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

    /// What was typed of a line of distribution that is printed in words of its own.
    pub fn distributed(&self, printed: &str) -> Option<&str> {
        let mut lines = self.distributions.iter();
        lines.find(|(_, words)| *words == printed).map(|(line, _)| line.as_str())
    }

    /// The name of the meeting in a line that says what the series informs.
    pub fn meeting_in<'l>(&self, printed: &'l str) -> Option<&'l str> {
        taken(&self.series, printed)?.remove("meeting")
    }

    /// Theme and objectives in a line that names both.
    pub fn theme_in<'l>(
        &self,
        printed: &'l str,
        abbreviation: &str,
    ) -> Option<(&'l str, Vec<ObjectiveNumber>)> {
        let pattern = self.theme.replace("{abbreviation}", abbreviation);
        let found = taken(&pattern, printed)?;
        let (theme, said) = (*found.get("theme")?, *found.get("objectives")?);
        let Objectives { one, several, and } = &self.objectives;
        let listed = [one, several].into_iter().find_map(|pattern| taken(pattern, said));
        let listed = listed?.remove("list")?.replace(and.as_str(), ", ");
        let numbers: Option<Vec<ObjectiveNumber>> =
            listed.split(", ").map(|number| number.parse().ok()).collect();
        let numbers = numbers?;
        (self.theme(theme, abbreviation, &numbers) == printed).then_some((theme, numbers))
    }

    /// A line that says when and where people met, in the words of another language.
    pub fn held(&self, printed: &str, day: Option<NaiveDate>, other: &Self) -> Option<String> {
        let date = day.map_or_else(|| self.unknown_date.clone(), |day| self.day_in_text(day));
        self.modes.iter().find_map(|(mode, words)| {
            let with = |pattern: &str| pattern.replace("{date}", &date).replace("{mode}", words);
            if with(&self.day) == printed {
                return Some(other.time_and_place(day, None, "", *mode));
            }
            let pattern = with(&self.hours);
            let found = taken(&pattern, printed)?;
            let (hours, place) = (*found.get("hours")?, *found.get("place")?);
            Some(other.time_and_place(day, Some(hours), place, *mode))
        })
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

/// What stands in a line in the places of a pattern, such as `{theme}`; nothing where the line is not of that pattern.
fn taken<'p, 'l>(pattern: &'p str, line: &'l str) -> Option<BTreeMap<&'p str, &'l str>> {
    let mut places = pattern.split('{');
    let mut rest = line.strip_prefix(places.next()?)?;
    let mut places: Vec<(&str, &str)> =
        places.map(|place| place.split_once('}')).collect::<Option<_>>()?;
    let (last, behind) = places.pop()?;
    rest = rest.strip_suffix(behind)?;
    let (mut found, mut name) = (BTreeMap::new(), last);
    // From behind: what was typed may have the fixed words in it.
    for (before, between) in places.into_iter().rev() {
        let (left, right) = rest.rsplit_once(between).filter(|_| !between.is_empty())?;
        found.insert(name, right);
        (rest, name) = (left, before);
    }
    found.insert(name, rest);
    Some(found)
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
    fn lines_are_said_in_another_language_by_what_they_print() {
        let day = NaiveDate::from_ymd_opt(2020, 11, 19);
        let theme = "Borders (addressing GCM objectives) and rights";
        let objectives: Vec<ObjectiveNumber> =
            [4, 8, 21].map(|number: u8| number.to_string().parse().unwrap()).to_vec();
        for from in Language::ALL.iter().map(|language| Masthead::of(*language)) {
            for several in [&objectives[..], &objectives[..1]] {
                let line = from.theme(theme, "GCM", several);
                assert_eq!(from.theme_in(&line, "GCM"), Some((theme, several.to_vec())), "{line}");
            }
            let series = from.series("Review (2021)");
            assert_eq!(from.meeting_in(&series), Some("Review (2021)"));
            assert_eq!(from.distributed(&from.distribution("General")), Some("General"));
            for to in Language::ALL.iter().map(|language| Masthead::of(*language)) {
                for hours in [None, Some("11:00–14:30")] {
                    let said = |words: &Masthead| {
                        words.time_and_place(day, hours, "Bangkok", Mode::Hybrid)
                    };
                    assert_eq!(from.held(&said(from), day, to), Some(said(to)));
                }
                let unknown =
                    |words: &Masthead| words.time_and_place(None, None, "", Mode::Virtual);
                assert_eq!(from.held(&unknown(from), None, to), Some(unknown(to)));
            }
            assert_eq!(from.held("Another line", day, from), None);
            assert_eq!(from.theme_in("Another line", "GCM"), None);
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
