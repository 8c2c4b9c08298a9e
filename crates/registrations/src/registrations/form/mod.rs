//! The questions of a consultation's pre-questionnaire: their kinds, their wording in several languages, and what makes
//! a value an answer. Pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::consultations::{ConsultationId, is_language_tag};
use crate::db::types::Timestamp;
use crate::problem::{Checks, Problem};
use crate::text_enum;
use fields::{LegalBasis, RetentionClass};

pub use crate::vocabulary::QuestionId;

pub mod answers;
pub(super) mod checks;
pub mod fields;
pub(super) mod http;
pub mod service;
pub(super) mod store;

/// Questions of one consultation at most.
pub const MOST_QUESTIONS: usize = 100;
const MOST_OPTIONS: usize = 100;
const LONGEST_CODE: usize = 50;
const LONGEST_PROMPT: usize = 500;
const LONGEST_HELP: usize = 2000;
const LONGEST_LABEL: usize = 200;
const LONGEST_PURPOSE: usize = 500;
/// Characters of a short text at most, and of a long one.
const LONGEST_SHORT: f64 = 500.0;
const LONGEST_LONG: f64 = 10_000.0;

text_enum! {
    /// What kind of answer a question takes.
    pub enum QuestionKind {
        /// A text of one line.
        ShortText => "short_text",
        /// A text of any lines.
        LongText => "long_text",
        /// One of the options.
        OneOf => "one_of",
        /// Any of the options.
        ManyOf => "many_of",
        /// A number.
        Number => "number",
        /// A day.
        Date => "date",
        /// Yes or no; when it is required, yes.
        Consent => "consent",
    }
}

/// What a question says in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    /// The question.
    #[schema(example = "Which border crossing do you work at?")]
    pub prompt: String,
    /// What helps to answer it.
    #[serde(default)]
    pub help: Option<String>,
}

/// One of the answers to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What stands in the answer.
    #[schema(example = "land_border")]
    pub code: String,
    /// What people read, by language (BCP 47).
    #[schema(example = json!({ "en": "At a land border" }))]
    pub labels: BTreeMap<String, String>,
}

/// Between what an answer must lie.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Characters of a text, the number itself, or how many options, at least.
    pub min: Option<f64>,
    /// Characters of a text, the number itself, or how many options, at most.
    pub max: Option<f64>,
    /// Whether a number must be a whole one.
    pub whole: bool,
    /// The first day.
    pub earliest: Option<NaiveDate>,
    /// The last day.
    pub latest: Option<NaiveDate>,
}

/// One question.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Its id.
    pub id: QuestionId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// Its name in answers and in tables; it never changes.
    pub code: String,
    /// What kind of answer it takes.
    pub kind: QuestionKind,
    /// Where it stands in the form: lower ones first.
    pub position: i32,
    /// What it says, by language (BCP 47).
    pub wording: BTreeMap<String, Wording>,
    /// What there is to choose from.
    pub options: Vec<Choice>,
    /// Between what an answer must lie.
    pub limits: Limits,
    /// Whether it must be answered.
    pub required: bool,
    /// Whether only from then on.
    pub required_from: Option<Timestamp>,
    /// The answer does not change from then on.
    pub frozen_from: Option<Timestamp>,
    /// What it is asked for.
    pub purpose: String,
    /// On what ground the answer is held.
    pub legal_basis: LegalBasis,
    /// How long the answer is kept.
    pub retention: RetentionClass,
    /// Grows with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Question {
    /// Whether a registration is not complete without an answer.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.required && self.required_from.is_none_or(|from| now >= from)
    }

    /// Whether an answer that was given stays as it is.
    pub fn is_frozen(&self, now: Timestamp) -> bool {
        self.frozen_from.is_some_and(|from| now >= from)
    }

    /// Whether the value answers the question as one that must be answered.
    pub fn is_answered_by(&self, value: Option<&Value>) -> bool {
        match (self.kind, value) {
            (QuestionKind::Consent, value) => value == Some(&Value::Bool(true)),
            (_, value) => value.is_some(),
        }
    }

    /// The value as it is kept; none when it answers nothing (null, an empty text or list). The error says what to
    /// change.
    pub fn answer(&self, value: &Value) -> Result<Option<Value>, String> {
        match (self.kind, value) {
            (_, Value::Null) => Ok(None),
            (QuestionKind::ShortText | QuestionKind::LongText, Value::String(text)) => {
                self.text(text)
            }
            (QuestionKind::OneOf, Value::String(code)) if code.is_empty() => Ok(None),
            (QuestionKind::OneOf, Value::String(code)) => self.option(code).map(Some),
            (QuestionKind::ManyOf, Value::Array(codes)) => self.chosen(codes),
            (QuestionKind::Number, Value::Number(number)) => self.number(number).map(Some),
            (QuestionKind::Date, Value::String(day)) if day.is_empty() => Ok(None),
            (QuestionKind::Date, Value::String(day)) => self.day(day).map(Some),
            (QuestionKind::Consent, Value::Bool(_)) => Ok(Some(value.clone())),
            (kind, _) => Err(format!("must be {}", shape(kind))),
        }
    }

    fn text(&self, text: &str) -> Result<Option<Value>, String> {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let mut checks = Checks::new();
        match self.kind {
            QuestionKind::ShortText => checks.line(text, LONGEST_SHORT as usize, ""),
            _ => checks.text(text, LONGEST_LONG as usize, ""),
        };
        checks.finish().map_err(|problem| problem.detail().to_owned())?;
        let characters = text.chars().count();
        self.within(characters as f64, &format!("has {characters} characters"))?;
        Ok(Some(Value::String(text.to_owned())))
    }

    fn option(&self, code: &str) -> Result<Value, String> {
        if self.options.iter().any(|option| option.code == code) {
            return Ok(Value::String(code.to_owned()));
        }
        let codes: Vec<&str> = self.options.iter().map(|option| option.code.as_str()).collect();
        Err(format!("{code:?} is no option; the options are {}", codes.join(", ")))
    }

    fn chosen(&self, codes: &[Value]) -> Result<Option<Value>, String> {
        if codes.is_empty() {
            return Ok(None);
        }
        let mut seen = BTreeSet::new();
        for code in codes {
            let code = code.as_str().ok_or_else(|| format!("must be {}", shape(self.kind)))?;
            self.option(code)?;
            if !seen.insert(code) {
                return Err(format!("{code:?} is there twice"));
            }
        }
        self.within(seen.len() as f64, &format!("{} options are chosen", seen.len()))?;
        Ok(Some(Value::Array(codes.to_vec())))
    }

    fn number(&self, number: &serde_json::Number) -> Result<Value, String> {
        let value = number.as_f64().filter(|value| value.is_finite());
        let value = value.ok_or("is larger than a number can be")?;
        if self.limits.whole && value.fract() != 0.0 {
            return Err("must be a whole number".to_owned());
        }
        self.within(value, &format!("is {number}"))?;
        Ok(Value::Number(number.clone()))
    }

    fn day(&self, text: &str) -> Result<Value, String> {
        let day: NaiveDate =
            text.parse().map_err(|_| format!("must be {}", shape(QuestionKind::Date)))?;
        if let Some(earliest) = self.limits.earliest.filter(|earliest| day < *earliest) {
            return Err(format!("is before {earliest}, the first day that is taken"));
        }
        if let Some(latest) = self.limits.latest.filter(|latest| day > *latest) {
            return Err(format!("is after {latest}, the last day that is taken"));
        }
        Ok(Value::String(day.to_string()))
    }

    fn within(&self, value: f64, found: &str) -> Result<(), String> {
        match (self.limits.min, self.limits.max) {
            (Some(min), _) if value < min => Err(format!("{found}; at least {min} is asked for")),
            (_, Some(max)) if value > max => Err(format!("{found}; at most {max} is taken")),
            _ => Ok(()),
        }
    }

    /// 422 with everything that cannot stand in a question.
    pub fn check(&self) -> Result<(), Problem> {
        let mut checks = Checks::new();
        let detail =
            "must begin with a letter and have small letters, digits and _ only, at most 50";
        let letter = self.code.starts_with(|c: char| c.is_ascii_lowercase());
        checks.require(letter && is_code(&self.code), "/code", detail);
        checks.text(&self.purpose, LONGEST_PURPOSE, "/purpose");
        self.check_wording(&mut checks);
        self.check_options(&mut checks);
        self.check_limits(&mut checks);
        let detail = "means nothing for a question that need not be answered: set required too";
        checks.require(self.required || self.required_from.is_none(), "/required_from", detail);
        let in_order = match (self.required_from, self.frozen_from) {
            (Some(required), Some(frozen)) => required < frozen,
            _ => true,
        };
        let detail = "must be after required_from: nobody could answer any more when they have to";
        checks.require(in_order, "/frozen_from", detail).finish()
    }

    fn check_wording(&self, checks: &mut Checks) {
        checks.require(!self.wording.is_empty(), "/wording", "is needed in at least one language");
        for (tag, wording) in &self.wording {
            let pointer = format!("/wording/{tag}");
            let detail = "is under no language tag: write BCP 47, such as en or zh-Hant";
            checks.require(is_language_tag(tag), &pointer, detail);
            checks.line(&wording.prompt, LONGEST_PROMPT, &format!("{pointer}/prompt"));
            let help = wording.help.as_deref();
            checks.optional_text(help, LONGEST_HELP, &format!("{pointer}/help"));
        }
    }

    fn check_options(&self, checks: &mut Checks) {
        let count = self.options.len();
        let (fits, detail) = match self.kind {
            QuestionKind::OneOf => ((2..=MOST_OPTIONS).contains(&count), "must be 2 to 100"),
            QuestionKind::ManyOf => ((1..=MOST_OPTIONS).contains(&count), "must be 1 to 100"),
            _ => (count == 0, "are for one_of and many_of only: leave them out"),
        };
        checks.require(fits, "/options", detail);
        let mut seen = BTreeSet::new();
        for (at, option) in self.options.iter().enumerate() {
            let pointer = format!("/options/{at}/code");
            let detail = "must have small letters, digits and _ only, at most 50";
            checks.require(is_code(&option.code), &pointer, detail);
            checks.require(seen.insert(&option.code), &pointer, "is there twice");
            for label in &option.labels {
                checks.line(label.1, LONGEST_LABEL, &format!("/options/{at}/labels/{}", label.0));
            }
            let same = option.labels.keys().eq(self.wording.keys());
            let detail = "must be in the languages of the wording, each of them";
            checks.require(same, &format!("/options/{at}/labels"), detail);
        }
    }

    fn check_limits(&self, checks: &mut Checks) {
        let Limits { min, max, whole, earliest, latest } = &self.limits;
        let kind = self.kind;
        let counted =
            !matches!(kind, QuestionKind::OneOf | QuestionKind::Date | QuestionKind::Consent);
        let no_counts = min.is_none() && max.is_none();
        checks.require(counted || no_counts, "/limits", format!("{kind} has no min and max"));
        let no_days = earliest.is_none() && latest.is_none();
        let detail = "earliest and latest are for dates only";
        checks.require(kind == QuestionKind::Date || no_days, "/limits", detail);
        let detail = "whole is for numbers only";
        checks.require(kind == QuestionKind::Number || !whole, "/limits/whole", detail);
        let (lowest, largest) = match kind {
            QuestionKind::ShortText => (0.0, LONGEST_SHORT),
            QuestionKind::LongText => (0.0, LONGEST_LONG),
            QuestionKind::ManyOf => (0.0, self.options.len() as f64),
            _ => (f64::MIN, f64::MAX),
        };
        let count = kind != QuestionKind::Number;
        for (limit, pointer) in [(min, "/limits/min"), (max, "/limits/max")] {
            let Some(limit) = limit else { continue };
            let detail = format!("must be from {lowest} to {largest}");
            checks.require((lowest..=largest).contains(limit), pointer, detail);
            checks.require(!count || limit.fract() == 0.0, pointer, "must be a whole number");
        }
        let in_order = !matches!((min, max), (Some(min), Some(max)) if min > max);
        checks.require(in_order, "/limits/max", "must not be below min");
        let in_order = !matches!((earliest, latest), (Some(first), Some(last)) if first > last);
        checks.require(in_order, "/limits/latest", "must not be before earliest");
    }
}

fn is_code(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    (1..=LONGEST_CODE).contains(&text.len()) && text.chars().all(plain)
}

const fn shape(kind: QuestionKind) -> &'static str {
    match kind {
        QuestionKind::ShortText | QuestionKind::LongText => "a text",
        QuestionKind::OneOf => "the code of one option",
        QuestionKind::ManyOf => "a list of codes of options",
        QuestionKind::Number => "a number",
        QuestionKind::Date => "a day, written like 2020-11-19",
        QuestionKind::Consent => "true or false",
    }
}

#[cfg(test)]
mod tests;
