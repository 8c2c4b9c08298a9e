//! A review: the regional review as a whole, and the input categories into which its consultations' inputs fall.
//! Pure: no tables, no HTTP, no clock.

use chrono::NaiveDate;

use crate::access::Scope;
use crate::db::types::Timestamp;
use crate::problem::{Checks, Problem};
use crate::reference::{CategoryCode, Reference};

mod feature;
pub mod http;
pub mod service;
mod store;

pub use crate::vocabulary::{CategoryId, ReviewId};
pub use feature::FEATURE;

/// The highest position in an ordered list (categories, sessions, co-organizers).
pub const LAST_POSITION: i32 = 9_999;

/// A review with its mandates and its review meeting.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    /// Its id.
    pub id: ReviewId,
    /// Short code, unique in the instance, such as `apgcm-2021`.
    pub code: String,
    /// Code of the framework it reviews.
    pub framework: String,
    /// Its title.
    pub title: String,
    /// The organ whose documents carry it, such as "Economic and Social Commission for Asia and the Pacific".
    pub organ: String,
    /// Title of the review meeting.
    pub meeting_title: Option<String>,
    /// Where the meeting is held.
    pub meeting_place: Option<String>,
    /// Its first day.
    pub meeting_starts_on: Option<NaiveDate>,
    /// Its last day.
    pub meeting_ends_on: Option<NaiveDate>,
    /// The agenda items that its conference room paper comes under, as printed in the masthead.
    pub agenda_items: Option<String>,
    /// What the symbols of its documents begin with, such as `ESCAP/GCM/2021`.
    pub symbol_prefix: Option<String>,
    /// The resolutions and decisions that ask for the review.
    pub mandates: Vec<String>,
    /// Grows with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What a new review is made of; the fields are those of [`Review`].
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "as in Review")]
pub struct NewReview {
    pub code: String,
    pub framework: String,
    pub title: String,
    pub organ: String,
    pub meeting_title: Option<String>,
    pub meeting_place: Option<String>,
    pub meeting_starts_on: Option<NaiveDate>,
    pub meeting_ends_on: Option<NaiveDate>,
    pub agenda_items: Option<String>,
    pub symbol_prefix: Option<String>,
    pub mandates: Vec<String>,
}

impl Review {
    /// A review of version 1.
    pub fn new(id: ReviewId, new: NewReview, now: Timestamp) -> Self {
        Self {
            id,
            code: new.code,
            framework: new.framework,
            title: new.title,
            organ: new.organ,
            meeting_title: new.meeting_title,
            meeting_place: new.meeting_place,
            meeting_starts_on: new.meeting_starts_on,
            meeting_ends_on: new.meeting_ends_on,
            agenda_items: new.agenda_items,
            symbol_prefix: new.symbol_prefix,
            mandates: new.mandates,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }

    /// Where roles in this review hold.
    pub fn scope(&self) -> Scope {
        Scope::review(self.id.uuid())
    }

    /// 422 with every value that cannot be accepted.
    pub fn check(&self) -> Result<(), Problem> {
        let framework = &Reference::get().framework.code;
        let mut checks = Checks::new();
        checks
            .require(is_slug(&self.code), "/code", SLUG)
            .require(
                self.framework == *framework,
                "/framework",
                format!("framework {:?} is not known: write {framework}", self.framework),
            )
            .text(&self.title, 300, "/title")
            .text(&self.organ, 200, "/organ")
            .optional_text(self.meeting_title.as_deref(), 300, "/meeting_title")
            .optional_text(self.meeting_place.as_deref(), 200, "/meeting_place")
            .optional_text(self.agenda_items.as_deref(), 500, "/agenda_items")
            .optional_text(self.symbol_prefix.as_deref(), 60, "/symbol_prefix")
            .require(self.mandates.len() <= 50, "/mandates", "at most 50 are taken");
        for (place, mandate) in self.mandates.iter().enumerate() {
            checks.text(mandate, 300, &format!("/mandates/{place}"));
        }
        let in_order = match (self.meeting_starts_on, self.meeting_ends_on) {
            (Some(starts), Some(ends)) => starts <= ends,
            (starts, ends) => starts.is_some() || ends.is_none(),
        };
        let detail = "the meeting's last day needs a first day that is not after it";
        checks.require(in_order, "/meeting_ends_on", detail).finish()
    }
}

/// What is wrong with a code that is no slug.
const SLUG: &str = "write 1 to 60 small letters, digits and single hyphens, such as apgcm-2021";

fn is_slug(text: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    text.len() <= 60 && text.split('-').all(word)
}

/// An ordered kind of contribution, with its heading in reports.
#[derive(Debug, Clone, PartialEq)]
pub struct InputCategory {
    /// Its id.
    pub id: CategoryId,
    /// The review it belongs to.
    pub review_id: ReviewId,
    /// Its code, unique in the review.
    pub code: CategoryCode,
    /// Its heading in reports.
    pub heading: String,
    /// Its place in the order of the review, from 1.
    pub position: i32,
    /// Stands apart from the clusters of objectives, in a section of its own before them.
    pub overall: bool,
    /// Under a joint heading its paragraphs are grouped by objective.
    pub splits_by_objective: bool,
    /// Grows with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What a new category is made of; the fields are those of [`InputCategory`].
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "as in InputCategory")]
pub struct NewCategory {
    pub code: CategoryCode,
    pub heading: String,
    /// `None` puts it at the end.
    pub position: Option<i32>,
    pub overall: bool,
    pub splits_by_objective: bool,
}

impl InputCategory {
    /// 422 with every value that cannot be accepted.
    pub fn check(&self) -> Result<(), Problem> {
        let position = (1..=LAST_POSITION).contains(&self.position);
        let both = self.overall && self.splits_by_objective;
        Checks::new()
            .text(&self.heading, 200, "/heading")
            .require(position, "/position", format!("must be from 1 to {LAST_POSITION}"))
            .require(
                !both,
                "/splits_by_objective",
                "an overall category stands apart from the objectives and cannot be split by them",
            )
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Ids;

    fn at() -> Timestamp {
        "2020-11-19T04:00:00Z".parse().unwrap()
    }

    fn review() -> Review {
        let new = NewReview {
            code: "apgcm-2021".into(),
            framework: "gcm".into(),
            title: "Asia-Pacific Regional Review".into(),
            organ: "ESCAP".into(),
            ..NewReview::default()
        };
        Review::new(Ids::sequence().next(), new, at())
    }

    fn pointers(result: Result<(), Problem>) -> Vec<String> {
        let problem = result.unwrap_err();
        problem.errors().iter().map(|error| error.pointer.clone()).collect()
    }

    #[test]
    fn a_review_with_what_is_needed_is_accepted() {
        review().check().unwrap();
    }

    #[test]
    fn everything_that_is_wrong_is_reported_at_once() {
        let day = NaiveDate::from_ymd_opt(2021, 3, 10);
        let wrong = Review {
            code: "AP GCM".into(),
            framework: "sdg".into(),
            title: " ".into(),
            mandates: vec!["A/RES/73/195".into(), String::new()],
            meeting_ends_on: day,
            ..review()
        };
        let expected = ["/code", "/framework", "/title", "/mandates/1", "/meeting_ends_on"];
        assert_eq!(pointers(wrong.check()), expected);
    }

    #[test]
    fn a_meeting_ends_on_or_after_its_first_day() {
        let day = |day| NaiveDate::from_ymd_opt(2021, 3, day);
        let mut review = review();
        (review.meeting_starts_on, review.meeting_ends_on) = (day(10), day(12));
        review.check().unwrap();
        (review.meeting_starts_on, review.meeting_ends_on) = (day(10), day(10));
        review.check().unwrap();
        (review.meeting_starts_on, review.meeting_ends_on) = (day(12), day(10));
        assert_eq!(pointers(review.check()), ["/meeting_ends_on"]);
    }

    #[test]
    fn a_code_is_a_slug() {
        for good in ["a", "gcm", "apgcm-2021", "2021"] {
            assert!(is_slug(good), "{good}");
        }
        for bad in ["", "-", "a-", "-a", "a--b", "A", "a_b", "é", "a b"] {
            assert!(!is_slug(bad), "{bad}");
        }
    }
}
