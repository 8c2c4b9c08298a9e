//! Comments on a draft by those who were asked: on a paragraph, on some characters of it, or on the draft as a whole. Members of a body
//! see each other's; all others of the team once the body says something. What participants say of it stands among them, of whom nothing
//! is known and nothing asked. Whoever drafts answers every one. Pure.

use crate::accounts::AccountId;
use crate::db::types::Timestamp;
use crate::inputs::hearings::{HeardPortion, Observation};
use crate::problem::{Checks, Code, Problem};
use crate::reports::{ParagraphId, ReportId};
use crate::text_enum;
use crate::vocabulary::{ClearanceCommentId, PartyId};

use super::Passage;

pub(super) mod http;
pub mod service;
pub mod store;

const LONGEST_COMMENT: usize = 5_000;

text_enum! {
    /// What came of a comment.
    pub enum CommentState {
        /// Nothing yet.
        Open => "open",
        /// It was taken into account.
        Accepted => "accepted",
        /// It was not.
        NotTaken => "not_taken",
        /// Whoever made it took it back.
        Withdrawn => "withdrawn",
    }
}

text_enum! {
    /// How a comment is answered.
    pub enum CommentAnswer {
        /// It is taken into account.
        Accepted => "accepted",
        /// It is not.
        NotTaken => "not_taken",
    }
}

impl From<CommentAnswer> for CommentState {
    fn from(answer: CommentAnswer) -> Self {
        match answer {
            CommentAnswer::Accepted => Self::Accepted,
            CommentAnswer::NotTaken => Self::NotTaken,
        }
    }
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftComment {
    /// Its id.
    pub id: ClearanceCommentId,
    /// The report.
    pub report_id: ReportId,
    /// For whom it was made; none for a participant's.
    pub party_id: Option<PartyId>,
    /// On what; on the draft as a whole when absent.
    pub on: Option<Passage>,
    /// The words that a participant quotes of it.
    pub quote: Option<String>,
    /// What was said.
    pub text: String,
    /// What came of it.
    pub state: CommentState,
    /// For `If-Match`.
    pub version: i64,
    /// Who made it; nobody once they are erased.
    pub said_by: Option<AccountId>,
    /// When; of a participant's that is not known.
    pub said_at: Option<Timestamp>,
    /// From when all of the team see it.
    pub released_at: Option<Timestamp>,
    /// What was answered.
    pub answer: Option<String>,
    /// Who answered.
    pub answered_by: Option<AccountId>,
    /// When.
    pub answered_at: Option<Timestamp>,
}

impl DraftComment {
    /// What a participant said of a portion that they read. A heading or title is quoted of what is no paragraph, so that it is known
    /// on what it is.
    pub fn of_participant(one: Observation, portion: Option<&HeardPortion>) -> Self {
        let paragraph =
            portion.and_then(|one| Some((ParagraphId::new(one.id.uuid()), one.version?)));
        let on = paragraph.map(|(paragraph, version)| Passage { paragraph, version, range: None });
        let title =
            || portion.and_then(|one| one.headings().pop().or_else(|| one.words().lines().next()));
        let quote = one.said.quote.or_else(|| match on {
            None => title().map(str::to_owned),
            Some(_) => None,
        });
        let state = match &one.answer {
            None => CommentState::Open,
            Some(answer) if answer.taken => CommentState::Accepted,
            Some(_) => CommentState::NotTaken,
        };
        let (answered_by, answered_at) = (
            one.answer.as_ref().and_then(|answer| answer.by),
            one.answer.as_ref().map(|answer| answer.at),
        );
        Self {
            id: one.id,
            report_id: one.report_id,
            party_id: None,
            on,
            quote,
            text: one.said.body,
            state,
            version: one.version,
            said_by: None,
            said_at: None,
            released_at: None,
            answer: one.answer.map(|answer| answer.text),
            answered_by,
            answered_at,
        }
    }

    /// Whether a participant said it.
    pub const fn is_participants(&self) -> bool {
        self.party_id.is_none()
    }

    /// 409 unless it is still to be answered.
    pub fn require_open(&self) -> Result<(), Problem> {
        if self.state == CommentState::Open {
            return Ok(());
        }
        let detail = format!("It is {} already; only an open comment is answered.", self.state);
        Err(Problem::new(Code::InvalidTransition, detail))
    }
}

/// 422 unless a text can be a comment, or its answer.
pub fn check_text(text: &str) -> Result<(), Problem> {
    Checks::new().text(text, LONGEST_COMMENT, "/text").finish()
}

/// 422 unless these are characters of a text.
pub fn check_range(range: Option<(u32, u32)>, text: &str) -> Result<(), Problem> {
    let Some((start, end)) = range else { return Ok(()) };
    let length = text.chars().count();
    let detail =
        format!("must begin before it ends, within the {length} characters of that version");
    Checks::new().require(start < end && end as usize <= length, "/range", detail).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_counted_in_characters() {
        assert!(check_range(Some((0, 4)), "移民工人").is_ok());
        assert!(check_range(Some((0, 5)), "移民工人").is_err());
        assert!(check_range(Some((2, 2)), "移民工人").is_err());
        assert!(check_range(None, "").is_ok());
    }
}
