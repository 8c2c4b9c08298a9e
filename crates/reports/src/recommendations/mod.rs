//! The register of recommendations: what was recommended in published reports and papers, to whom and how strongly, and what came of it. Pure.
//!
//! A recommendation is a paragraph of a report that stands under the category `recommendations`, whatever editions it is in: it keeps its
//! reference for ever, over corrigenda that move, reword or drop it. A paragraph of a paper that rests on one recommendation is another
//! place of that one; one that rests on several is a recommendation of its own, into which those are joined.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::accounts::AccountId;
use crate::consultations::ConsultationId;
use crate::db::types::Timestamp;
use crate::i18n::Language;
use crate::inputs::{Addressee, Band};
use crate::reference::ObjectiveNumber;
use crate::reports::{EditionId, ParagraphId, ReportId};
use crate::reviews::ReviewId;
use crate::text_enum;

pub mod enrolling;
mod exports;
mod feature;
mod feed;
mod http;
mod personal;
pub mod phrasing;
pub mod service;
pub mod store;

pub use crate::vocabulary::{FollowUpId, RecommendationId};
pub use feature::FEATURE;

/// The category whose paragraphs are recommendations.
pub const CATEGORY: &str = "recommendations";

text_enum! {
    /// How strongly a recommendation is put.
    pub enum Strength {
        /// It must be done.
        Must => "must",
        /// It should be done.
        Should => "should",
        /// It could be done.
        Could => "could",
    }
}

text_enum! {
    /// Whether a recommendation still stands by itself.
    pub enum RecommendationState {
        /// It stands in the newest edition.
        Standing => "standing",
        /// It was joined into another one, which stands for it.
        Joined => "joined",
        /// The newest edition does not have it any more.
        Dropped => "dropped",
    }
}

/// A recommendation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recommendation {
    /// Its id.
    pub id: RecommendationId,
    /// The review.
    pub review_id: ReviewId,
    /// Its number in the review, from 1.
    pub number: i32,
    /// What it is called, for ever: "apgcm-2021/R12".
    pub reference: String,
    /// The report in which it was made.
    pub report_id: ReportId,
    /// The paragraph of that report.
    pub paragraph_id: ParagraphId,
    /// The language of that report.
    pub language: Language,
    /// Whether it still stands.
    pub state: RecommendationState,
    /// The recommendation that it was joined into.
    pub joined_into: Option<RecommendationId>,
    /// How strongly it is put and to whom it is addressed, once somebody confirmed it.
    pub confirmed: Option<Confirmation>,
    /// For `If-Match`.
    pub version: i64,
    /// When it was published first.
    pub created_at: Timestamp,
    /// When anything of it last changed.
    pub updated_at: Timestamp,
}

/// What somebody confirmed of a recommendation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// How strongly it is put.
    pub strength: Strength,
    /// To whom it is addressed.
    pub addressees: Vec<Addressee>,
    /// The words that it had then.
    pub text: String,
    /// Who confirmed it; nobody once they are erased.
    pub by: Option<AccountId>,
    /// When.
    pub at: Timestamp,
}

/// A recommendation in an edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecommendationText {
    /// The recommendation.
    pub recommendation_id: RecommendationId,
    /// The edition.
    pub edition_id: EditionId,
    /// The number of the paragraph in it.
    pub paragraph: u32,
    /// What it says there, as inline Markdown.
    pub text: String,
    /// The objectives that it is about.
    pub objectives: Vec<ObjectiveNumber>,
    /// The consultations that it comes from, each with the band of voices behind it, as it was counted when the edition was published.
    pub heard_in: Vec<HeardIn>,
    /// When the edition was published.
    pub published_at: Timestamp,
}

/// A consultation that a recommendation comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeardIn {
    /// The consultation.
    pub consultation: ConsultationId,
    /// How many voices stand behind it there; none where they cannot be counted.
    pub voices: Option<Band>,
}

/// What came of a recommendation, as far as somebody noted it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    /// Its id.
    pub id: FollowUpId,
    /// The recommendation.
    pub recommendation_id: RecommendationId,
    /// The day of what it tells.
    pub dated_on: NaiveDate,
    /// What came of it.
    pub text: String,
    /// From where that is known.
    pub source: String,
    /// Where that can be read.
    pub source_url: Option<String>,
    /// Who noted it; nobody once they are erased.
    pub made_by: Option<AccountId>,
    /// When.
    pub made_at: Timestamp,
    /// For `If-Match`.
    pub version: i64,
}
