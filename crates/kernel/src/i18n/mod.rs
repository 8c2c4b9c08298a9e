//! What mails say, in six languages: data in `config/i18n/`, checked at start against the closed lists in
//! `templates`. Nothing in it is evaluated: a placeholder is replaced by its value and that is all.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use serde::Deserialize;

use crate::db::types::Timestamp;
use crate::text_enum;
use crate::vocabulary::{DeclineReason, ReasonCode};

mod by_language;
mod templates;

pub use by_language::ByLanguage;
pub use templates::{Placeholder, Template};

text_enum! {
    /// The languages that mails are written in: the official ones of the United Nations.
    pub enum Language {
        /// Arabic, written from right to left.
        Arabic => "ar",
        /// English.
        English => "en",
        /// Spanish.
        Spanish => "es",
        /// French.
        French => "fr",
        /// Russian.
        Russian => "ru",
        /// Chinese.
        Chinese => "zh",
    }
}

impl Language {
    /// The one that a BCP 47 tag names, whatever its script or region.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or("").to_ascii_lowercase();
        primary.parse().ok()
    }

    /// The one that a tag names, or its name in English or in itself.
    pub fn of_name(text: &str) -> Option<Self> {
        let name = text.trim().to_lowercase();
        let is = |names: &[&str]| names.iter().any(|known| name.starts_with(known));
        match () {
            () if is(&["arabic", "العربية", "عربي"]) => Some(Self::Arabic),
            () if is(&["english"]) => Some(Self::English),
            () if is(&["spanish", "español", "espanol", "castellano"]) => Some(Self::Spanish),
            () if is(&["french", "français", "francais"]) => Some(Self::French),
            () if is(&["russian", "русский"]) => Some(Self::Russian),
            () if is(&["chinese", "mandarin", "中文", "汉语", "漢語"]) => Some(Self::Chinese),
            () => Self::of_tag(&name),
        }
    }

    /// `rtl` or `ltr`.
    pub const fn direction(self) -> &'static str {
        match self {
            Self::Arabic => "rtl",
            _ => "ltr",
        }
    }

    /// The language to write to somebody in: their own, else the first of a consultation's languages (BCP 47) that mails are
    /// written in, else English.
    pub fn choose(own: Option<Self>, tags: &[String]) -> Self {
        let of_consultation = || tags.iter().find_map(|tag| Self::of_tag(tag));
        own.or_else(of_consultation).unwrap_or(Self::English)
    }

    const fn source(self) -> &'static str {
        match self {
            Self::Arabic => {
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/i18n/ar.toml"))
            }
            Self::English => {
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/i18n/en.toml"))
            }
            Self::Spanish => {
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/i18n/es.toml"))
            }
            Self::French => {
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/i18n/fr.toml"))
            }
            Self::Russian => {
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/i18n/ru.toml"))
            }
            Self::Chinese => {
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/i18n/zh.toml"))
            }
        }
    }
}

/// When something is held, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventTime {
    /// The day.
    pub on: Option<NaiveDate>,
    /// The zone in which its times are told.
    pub zone: Tz,
    /// When it begins.
    pub starts_at: Option<Timestamp>,
    /// When it ends.
    pub ends_at: Option<Timestamp>,
}

/// The words of one mail.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MailWords {
    pub(crate) subject: String,
    pub(crate) paragraphs: Vec<String>,
    pub(crate) button: Option<String>,
}

/// How days and times are written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DateWords {
    months: Vec<String>,
    date: String,
    time: String,
    span: String,
    date_and_time: String,
}

/// Words that stand in more than one mail.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CommonWords {
    nameless: String,
    separator: String,
    pub(crate) open: String,
    working_group: String,
    working_group_at: String,
}

/// All words of one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub(crate) common: CommonWords,
    dates: DateWords,
    reasons: BTreeMap<String, String>,
    offer_reasons: BTreeMap<String, String>,
    pub(crate) mails: BTreeMap<String, MailWords>,
}

static ALL: LazyLock<Result<BTreeMap<Language, Words>, String>> = LazyLock::new(load);
/// What is left when the words cannot be read; the server does not start then.
static NONE: LazyLock<Words> = LazyLock::new(|| Words {
    common: CommonWords {
        nameless: String::new(),
        separator: ", ".into(),
        open: "Open".into(),
        working_group: String::new(),
        working_group_at: String::new(),
    },
    dates: DateWords {
        months: Vec::new(),
        date: String::new(),
        time: String::new(),
        span: String::new(),
        date_and_time: String::new(),
    },
    reasons: BTreeMap::new(),
    offer_reasons: BTreeMap::new(),
    mails: BTreeMap::new(),
});

fn load() -> Result<BTreeMap<Language, Words>, String> {
    let read = |language: &Language| {
        let words: Words = toml::from_str(language.source())
            .map_err(|error| format!("config/i18n/{language}.toml: {error}"))?;
        Ok((*language, words))
    };
    let all: BTreeMap<Language, Words> =
        Language::ALL.iter().map(read).collect::<Result<_, String>>()?;
    for (language, words) in &all {
        words.check().map_err(|why| format!("config/i18n/{language}.toml: {why}"))?;
    }
    Ok(all)
}

/// Whether every language has every mail, with the placeholders it must have and no others; asked at start.
pub fn check() -> Result<(), String> {
    ALL.as_ref().map(|_| ()).map_err(Clone::clone)
}

/// The words of a language.
pub fn mails(language: Language) -> &'static Words {
    let found = ALL.as_ref().ok().and_then(|all| all.get(&language));
    found.unwrap_or(&NONE)
}

/// The mails that their recipients wait for.
pub fn asked_for() -> Vec<&'static str> {
    let all = Template::ALL.iter().filter(|template| template.is_asked_for());
    all.map(|template| template.as_str()).collect()
}

/// Whether a mail about a consultation that holds its mail is held.
pub fn is_held_back(template: &str) -> bool {
    !template.parse().is_ok_and(Template::is_asked_for)
}

impl Words {
    fn check(&self) -> Result<(), String> {
        let known: BTreeSet<&str> =
            Template::ALL.iter().map(|template| template.as_str()).collect();
        if let Some(other) = self.mails.keys().find(|name| !known.contains(name.as_str())) {
            return Err(format!("there is no mail {other}"));
        }
        for template in Template::ALL {
            let words = self.mails.get(template.as_str());
            let words = words.ok_or_else(|| format!("the mail {template} is missing"))?;
            check_mail(*template, words).map_err(|why| format!("{template}: {why}"))?;
        }
        let reasons = ReasonCode::ALL.iter().map(|code| (code.as_str(), &self.reasons));
        let offers = DeclineReason::ALL.iter().map(|code| (code.as_str(), &self.offer_reasons));
        for (code, words) in reasons.chain(offers) {
            if !words.contains_key(code) {
                return Err(format!("the reason {code} is missing"));
            }
        }
        let patterns: [(&str, &[&str]); 6] = [
            (&self.dates.date, &["day", "month", "year"]),
            (&self.dates.time, &["time", "place"]),
            (&self.dates.span, &["starts", "ends", "place"]),
            (&self.dates.date_and_time, &["date", "time"]),
            (&self.common.working_group, &["round", "group", "objectives"]),
            (&self.common.working_group_at, &["round", "group", "objectives", "time"]),
        ];
        if self.dates.months.len() != 12 {
            return Err("a year has twelve months".into());
        }
        for (pattern, expected) in patterns {
            let (found, expected) = (names(pattern)?, expected.iter().copied().collect());
            if found != expected {
                return Err(format!("{pattern:?} must name {expected:?}"));
            }
        }
        Ok(())
    }

    /// What somebody is called whose name is not known.
    pub fn nameless(&self) -> &str {
        &self.common.nameless
    }

    /// Why a registration was declined.
    pub fn reason(&self, code: ReasonCode) -> &str {
        self.reasons.get(code.as_str()).map_or("", String::as_str)
    }

    /// Why an offer was declined.
    pub fn offer_reason(&self, code: DeclineReason) -> &str {
        self.offer_reasons.get(code.as_str()).map_or("", String::as_str)
    }

    /// Several things after one another.
    pub fn list(&self, things: &[String]) -> String {
        things.join(&self.common.separator)
    }

    /// "19 November 2020".
    pub fn date(&self, day: NaiveDate) -> String {
        let month = self.dates.months.get(day.month0() as usize).map_or("", String::as_str);
        let (number, year) = (day.day().to_string(), day.year().to_string());
        put(&self.dates.date, &[("day", &number), ("month", month), ("year", &year)])
    }

    /// "11:00–14:30 hrs. (Bangkok time)", when the beginning is known.
    pub fn span(
        &self,
        zone: Tz,
        starts: Option<Timestamp>,
        ends: Option<Timestamp>,
    ) -> Option<String> {
        let (starts, place) = (clock(zone, starts?), place(zone));
        Some(match ends {
            None => put(&self.dates.time, &[("time", &starts), ("place", &place)]),
            Some(ends) => {
                let values =
                    [("starts", starts.as_str()), ("ends", &clock(zone, ends)), ("place", &place)];
                put(&self.dates.span, &values)
            }
        })
    }

    /// "19 November 2020, 18:00 hrs. (Bangkok time)": a moment in a zone.
    pub fn moment(&self, zone: Tz, at: Timestamp) -> String {
        let day = self.date(at.utc().with_timezone(&zone).date_naive());
        let time = self.span(zone, Some(at), None).unwrap_or_default();
        put(&self.dates.date_and_time, &[("date", &day), ("time", &time)])
    }

    /// When a consultation is held, as far as it is known; empty when nothing is.
    pub fn when(&self, held: EventTime) -> String {
        let day = held.on.map(|day| self.date(day));
        let time = self.span(held.zone, held.starts_at, held.ends_at);
        match (day, time) {
            (Some(day), Some(time)) => {
                put(&self.dates.date_and_time, &[("date", &day), ("time", &time)])
            }
            (day, time) => day.or(time).unwrap_or_default(),
        }
    }

    /// "Round 1, 11:30–12:35 hrs. (Bangkok time): working group 2 (objectives 9, 10)".
    pub fn working_group(
        &self,
        round: i32,
        group: i32,
        objectives: &[String],
        time: Option<&str>,
    ) -> String {
        let (round, group, objectives) =
            (round.to_string(), group.to_string(), self.list(objectives));
        let mut values =
            vec![("round", round.as_str()), ("group", &group), ("objectives", &objectives)];
        match time {
            Some(time) => {
                values.push(("time", time));
                put(&self.common.working_group_at, &values)
            }
            None => put(&self.common.working_group, &values),
        }
    }
}

/// "11:00": a moment in a zone.
pub fn clock(zone: Tz, at: Timestamp) -> String {
    at.utc().with_timezone(&zone).format("%H:%M").to_string()
}

/// After what a zone is called: "Bangkok".
pub fn place(zone: Tz) -> String {
    zone.name().rsplit('/').next().unwrap_or("UTC").replace('_', " ")
}

fn check_mail(template: Template, words: &MailWords) -> Result<(), String> {
    let mut found = names(&words.subject)?;
    if found.contains(Placeholder::Link.as_str()) || words.subject.contains('\n') {
        return Err("the subject must be one line without a link".into());
    }
    for paragraph in &words.paragraphs {
        found.extend(names(paragraph)?);
    }
    let expected: BTreeSet<&str> =
        template.placeholders().iter().map(|placeholder| placeholder.as_str()).collect();
    if found != expected {
        return Err(format!("it names {found:?} and must name {expected:?}"));
    }
    let links = words.paragraphs.iter().filter(|paragraph| paragraph.as_str() == "{link}").count();
    let has_link = expected.contains(Placeholder::Link.as_str());
    match (has_link, links, words.button.is_some()) {
        (true, 1, true) | (false, 0, false) => Ok(()),
        _ => Err("{link} is a paragraph of its own, once, with a button".into()),
    }
}

/// What stands in braces.
pub(crate) fn names(pattern: &str) -> Result<BTreeSet<&str>, String> {
    let mut found = BTreeSet::new();
    for part in pattern.split('{').skip(1) {
        let (name, _) =
            part.split_once('}').ok_or_else(|| format!("{pattern:?} has a lone brace"))?;
        found.insert(name);
    }
    Ok(found)
}

/// The pattern with each name in braces replaced by its value: one pass, so that values are not read again.
pub fn put(pattern: &str, values: &[(&str, &str)]) -> String {
    let mut parts = pattern.split('{');
    let mut text = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or(("", part));
        let value = values.iter().find(|(known, _)| *known == name);
        text.push_str(value.map_or("", |(_, value)| value));
        text.push_str(rest);
    }
    text
}
