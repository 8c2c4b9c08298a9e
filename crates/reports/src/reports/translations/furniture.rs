//! What is printed around the text of a report and is never translated by hand: the fixed words of the first page, dates, and what has no
//! letters. It is known by what the original prints, so that a frozen edition needs nothing else. Pure.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::tag;
use crate::document::{Document, WorkKind};
use crate::i18n::{Language, mails};
use crate::portions::{PortionPlace, TextPortion};
use crate::reference::{ObjectiveNumber, Reference};
use crate::reports::compile::masthead::Masthead;

/// What becomes of a portion that has fixed words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Furnished {
    /// All of it is said by these words.
    Whole(String),
    /// Around a free part stand fixed words.
    Around { free: String, around: FixedWords },
}

/// Fixed words around a free part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FixedWords {
    /// Of the series of consultations, around the name of the meeting.
    Series,
    /// Around the theme, with the objectives.
    Theme(Vec<ObjectiveNumber>),
}

impl FixedWords {
    /// The line in a language.
    pub fn put(&self, language: Language, free: &str) -> String {
        let words = Masthead::of(language);
        match self {
            Self::Series => words.series(free),
            Self::Theme(objectives) => words.theme(free, &abbreviation(), objectives),
        }
    }
}

fn abbreviation() -> String {
    Reference::get().framework.abbreviation()
}

/// What is fixed in a document, by the portions in which it stands.
#[derive(Debug, Clone)]
pub struct Furniture {
    language: Language,
    original: Option<Language>,
    lines: BTreeMap<String, Furnished>,
    /// What has no words, or is said in the other language already.
    same: BTreeMap<String, Furnished>,
}

impl Furniture {
    /// Of a document, in another language.
    pub fn of(document: &Document, language: Language) -> Self {
        let original = Language::of_tag(document.meta.lang.as_str());
        let mut furniture =
            Self { language, original, lines: BTreeMap::new(), same: BTreeMap::new() };
        if let Some(from) = original {
            furniture.first_page(document, Masthead::of(from), Masthead::of(language));
        }
        let lang = tag(language);
        for portion in document.portions() {
            let is_said = portion.lang.as_ref().is_some_and(|own| own.primary() == lang.primary());
            let fixed = if is_said || !has_letters(&portion.text) {
                Some(portion.text.clone())
            } else {
                furniture.day(&portion)
            };
            if let Some(fixed) = fixed {
                furniture.same.insert(portion.name, Furnished::Whole(fixed));
            }
        }
        furniture
    }

    /// What is fixed in a portion.
    pub fn of_portion(&self, portion: &TextPortion) -> Option<&Furnished> {
        self.lines.get(&portion.name).or_else(|| self.same.get(&portion.name))
    }

    fn first_page(&mut self, document: &Document, from: &Masthead, to: &Masthead) {
        let meta = &document.meta;
        let work = meta.work.as_ref();
        let mut whole = |name: &str, words: Option<String>| {
            self.lines.extend(words.map(|words| (name.to_owned(), Furnished::Whole(words))));
        };
        whole(
            "first-page-release-1",
            from.distributed(meta.distribution.as_str()).map(|line| to.distribution(line)),
        );
        let issued = work.and_then(|work| work.issued_on);
        let day = issued.filter(|day| from.date(*day) == meta.date.as_str());
        whole("first-page-release-2", day.map(|day| to.date(day)));
        let line = meta.original_language.as_str();
        let original = Language::ALL.iter().find(|language| from.original(**language) == line);
        whole("first-page-release-3", original.map(|language| to.original(*language)));
        if meta.subtitle.as_str() == from.summary_report {
            whole("first-page-subtitle-1", Some(to.summary_report.clone()));
        }
        if work.is_none_or(|work| work.kind != WorkKind::SummaryReport) {
            return;
        }
        let held = meta.meeting.get(1).map(|line| line.as_str()).unwrap_or_default();
        whole("first-page-meeting-2", from.held(held, work.and_then(|work| work.dated_on), to));
        let mut around = |name: &str, free: &str, around: FixedWords| {
            let furnished = Furnished::Around { free: free.to_owned(), around };
            self.lines.insert(name.to_owned(), furnished);
        };
        let series = meta.meeting.first().map(|line| line.as_str()).unwrap_or_default();
        if let Some(meeting) = from.meeting_in(series) {
            around("first-page-meeting-1", meeting, FixedWords::Series);
        }
        if let Some((theme, objectives)) = from.theme_in(meta.title.as_str(), &abbreviation()) {
            around("first-page-title-1", theme, FixedWords::Theme(objectives));
        }
    }

    /// A day that stands alone in a cell.
    fn day(&self, portion: &TextPortion) -> Option<String> {
        let is_english = self.original == Some(Language::English);
        let day = (is_english && portion.place == PortionPlace::Cell)
            .then(|| NaiveDate::parse_from_str(&portion.text, "%d %B %Y").ok())
            .flatten()?;
        // As it is printed, and nothing that can be read as a day as well.
        let printed = mails(Language::English).date(day) == portion.text;
        printed.then(|| mails(self.language).date(day))
    }
}

fn has_letters(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}
