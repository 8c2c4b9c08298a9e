//! Announcements: what everybody confirmed in a consultation is told by mail, in the same words for all who read a language, so that no
//! mail tells anything of who gets it. What the secretariat writes, that questions about inputs
//! are open, and that a draft can be commented on. Pure.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, LocalResult, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::AccountId;
use crate::consultations::ConsultationId;
use crate::db::types::Timestamp;
use crate::i18n::Language;
use crate::problem::{Checks, Problem};
use crate::text_enum;

mod feature;
pub mod http;
mod mails;
mod personal;
mod privacy;
pub mod service;
mod store;

pub use crate::vocabulary::AnnouncementId;
pub use feature::FEATURE;

/// Longest title, in characters.
pub const LONGEST_TITLE: usize = 200;
/// Longest text, in characters.
pub const LONGEST_TEXT: usize = 5_000;
/// When announcements go out that do not go at once, in the consultation's zone.
pub const HOUR: u32 = 8;

text_enum! {
    /// What an announcement is.
    pub enum AnnouncementKind {
        /// The secretariat wrote it.
        Written => "written",
        /// Questions about inputs are open. Not which, and not how many.
        QuestionsOpen => "questions_open",
        /// A draft can be read and commented on.
        DraftOpen => "draft_open",
    }
}

/// What is said in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnnouncementText {
    /// What it is called: the subject of the mail.
    #[schema(example = "The programme has changed", max_length = 200)]
    pub title: String,
    /// What it says: plain text, in paragraphs.
    #[schema(example = "The opening begins half an hour later, at 11:30.", max_length = 5000)]
    pub text: String,
}

/// What is said, by language. Who reads none of them gets the first of the consultation's languages that there is, else the first.
pub type Texts = BTreeMap<Language, AnnouncementText>;

/// What is to be announced.
#[derive(Debug, Clone)]
pub enum What {
    /// What the secretariat wrote.
    Written {
        /// In at least one language.
        texts: Texts,
        /// Whether it goes at once, not at the next fixed hour.
        at_once: bool,
    },
    /// Questions about inputs are open: at the next fixed hour, once for that hour, and again each day while any is open.
    QuestionsOpen,
    /// A draft can be read and commented on until a day: at the next fixed hour.
    DraftOpen {
        /// The last day.
        until: NaiveDate,
    },
}

/// Something that everybody confirmed in a consultation is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// Its id; random.
    pub id: AnnouncementId,
    /// Which consultation.
    pub consultation_id: ConsultationId,
    /// What it is.
    pub kind: AnnouncementKind,
    /// What it says; of our own words none.
    pub texts: Texts,
    /// Who wrote it.
    pub made_by: Option<AccountId>,
    /// When it goes out.
    pub due_at: Timestamp,
    /// When it went.
    pub sent_at: Option<Timestamp>,
    /// The last day for what it asks for.
    pub until: Option<NaiveDate>,
}

impl Announcement {
    /// The language to write to somebody in, of those there are: their own, else the first of the consultation's, else the first.
    pub fn language(&self, own: Option<Language>, tags: &[String]) -> Language {
        let wished = Language::choose(own, tags);
        let shared = Language::choose(None, tags);
        let there = |one: &Language| self.texts.is_empty() || self.texts.contains_key(one);
        let found = [wished, shared].into_iter().find(there);
        found.or_else(|| self.texts.keys().next().copied()).unwrap_or(wished)
    }
}

/// 422 unless there is something to say.
pub fn check(texts: &Texts) -> Result<(), Problem> {
    let mut checks = Checks::new();
    checks.require(!texts.is_empty(), "/texts", "must say something in at least one language");
    for (language, wording) in texts {
        checks.line(&wording.title, LONGEST_TITLE, &format!("/texts/{language}/title"));
        checks.text(&wording.text, LONGEST_TEXT, &format!("/texts/{language}/text"));
    }
    checks.finish()
}

/// The next fixed hour after a moment in a zone. Where that hour is skipped by a change of clocks, the first moment after it.
pub fn next_hour(after: Timestamp, zone: Tz) -> Timestamp {
    let local = after.utc().with_timezone(&zone);
    let at = |days: u64| -> Option<DateTime<Tz>> {
        let day = local.date_naive().checked_add_days(Days::new(days))?;
        // A change of clocks skips no more than some hours.
        (HOUR..24).find_map(|hour| {
            let time = day.and_time(NaiveTime::from_hms_opt(hour, 0, 0)?);
            match zone.from_local_datetime(&time) {
                LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at),
                LocalResult::None => None,
            }
        })
    };
    let next = (0..=2).filter_map(at).find(|at| *at > local);
    next.map_or(after, |at| Timestamp::new(at.to_utc()))
}

#[cfg(test)]
mod tests;
