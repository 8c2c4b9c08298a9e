//! Suggested wording: what somebody of the team would have a paragraph say instead, or that it should go, or what should follow it, or
//! something to be thought of. A thread with a state, decided by whoever drafts the paragraph; several may be open on one. What a member of
//! a body suggests that is asked in a round of clearance, its members alone see until the body says something. Pure.

use super::{ParagraphId, ReportId};
use crate::accounts::AccountId;
use crate::db::types::Timestamp;
use crate::document::clean;
use crate::problem::{Code, Problem};
use crate::text_enum;
use crate::threeway::BETWEEN_AUTHORS;
use crate::vocabulary::{CommentId, PartyId, SuggestionId};

pub(super) mod http;
pub mod service;
pub mod store;

text_enum! {
    /// What is suggested.
    pub enum SuggestionKind {
        /// Another text in place of the paragraph's.
        Replace => "replace",
        /// That the paragraph goes.
        Delete => "delete",
        /// A new paragraph after it.
        InsertAfter => "insert_after",
        /// No wording: something was said about it, as comments in a Word file do.
        Remark => "remark",
    }
}

text_enum! {
    /// What came of a suggestion.
    pub enum SuggestionState {
        /// Nothing yet.
        Open => "open",
        /// It was taken over, as it was or otherwise.
        Accepted => "accepted",
        /// It was not taken over.
        Rejected => "rejected",
        /// Whoever made it took it back.
        Withdrawn => "withdrawn",
    }
}

text_enum! {
    /// What is decided of a suggestion.
    pub enum SuggestionDecision {
        /// Take it over.
        Accept => "accept",
        /// Do not take it over.
        Reject => "reject",
        /// Take it back, by whoever made it.
        Withdraw => "withdraw",
    }
}

/// A suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Its id.
    pub id: SuggestionId,
    /// The report.
    pub report_id: ReportId,
    /// The paragraph.
    pub paragraph_id: ParagraphId,
    /// What is suggested.
    pub kind: SuggestionKind,
    /// The version of the paragraph that it was made from.
    pub made_from: i64,
    /// The text, as inline Markdown; none where the paragraph should go. Of a remark, the words that it is about.
    pub text: Option<String>,
    /// What came of it.
    pub state: SuggestionState,
    /// For `If-Match`.
    pub version: i64,
    /// Whose it is by the Word file in which it came; nobody where whoever made it says so themselves.
    pub author: Option<String>,
    /// Who made it; nobody once they are erased.
    pub made_by: Option<AccountId>,
    /// When.
    pub made_at: Timestamp,
    /// Who decided it.
    pub decided_by: Option<AccountId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// For whom it was made; nobody where whoever made it was not asked.
    pub party: Option<PartyId>,
    /// From when all of the team see it.
    pub released_at: Option<Timestamp>,
}

impl Suggestion {
    /// 409 while members of the body alone see it.
    pub fn require_released(&self) -> Result<(), Problem> {
        if self.released_at.is_some() {
            return Ok(());
        }
        let detail = "The body that it was made for has not said anything yet.";
        Err(Problem::new(Code::InvalidTransition, detail))
    }

    /// 409 unless it is still to be decided.
    pub fn require_open(&self) -> Result<(), Problem> {
        if self.state == SuggestionState::Open {
            return Ok(());
        }
        let detail = format!("It is {} already; only an open suggestion is decided.", self.state);
        Err(Problem::new(Code::InvalidTransition, detail))
    }

    /// 409 with the three texts, where the paragraph does not say any more what it said when the suggestion was made. A new
    /// paragraph after it is no matter of its text, nor is a remark.
    pub fn require_current(
        &self,
        made_from: &str,
        here: &str,
        version: i64,
    ) -> Result<(), Problem> {
        let is_of_text = matches!(self.kind, SuggestionKind::Replace | SuggestionKind::Delete);
        if !is_of_text || made_from == here {
            return Ok(());
        }
        let detail = format!(
            "The paragraph has another text since this was suggested. Send in `text` what shall stand, and in `paragraph_version` \
             the version that you have seen: {version}."
        );
        let suggested = self.text.as_deref().unwrap_or_default();
        Err(Problem::new(Code::SuggestionOvertaken, detail)
            .at("/made_from", made_from)
            .at("/here", here)
            .at("/suggested", suggested))
    }
}

/// A suggestion to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSuggestion {
    /// What is suggested.
    pub kind: SuggestionKind,
    /// The version of the paragraph that was read.
    pub made_from: i64,
    /// The text.
    pub text: Option<String>,
    /// Why, as the first comment of the thread.
    pub comment: Option<String>,
    /// Whose it is, where it came in a Word file.
    pub author: Option<String>,
}

/// What is decided, and what goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deciding {
    /// What is decided.
    pub decision: SuggestionDecision,
    /// The text that shall stand in place of the suggested one.
    pub text: Option<String>,
    /// The version of the paragraph that was seen.
    pub paragraph_version: Option<i64>,
    /// Why it is rejected.
    pub reason: Option<String>,
}

/// Something that was said about a suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Its id.
    pub id: CommentId,
    /// The suggestion.
    pub suggestion_id: SuggestionId,
    /// What was said.
    pub text: String,
    /// Who said it by the Word file in which it came; nobody where whoever said it did so here.
    pub author: Option<String>,
    /// Who said it, or brought it in; nobody once they are erased.
    pub said_by: Option<AccountId>,
    /// When.
    pub said_at: Timestamp,
}

/// The authors of whom one has this name, whatever its case, and who is left of them.
pub(super) fn without_author(
    authors: Vec<Option<String>>,
    name: &str,
) -> Vec<(String, Option<String>)> {
    let wanted = clean(name).trim().to_lowercase();
    let is_other = |one: &&str| one.trim().to_lowercase() != wanted;
    let others = |author: String| {
        if !is_other(&author.as_str()) {
            return Some((author, None));
        }
        let all: Vec<&str> = author.split(BETWEEN_AUTHORS).collect();
        let others: Vec<&str> = all.iter().copied().filter(is_other).collect();
        if others.len() == all.len() {
            return None;
        }
        let left = Some(others.join(BETWEEN_AUTHORS)).filter(|names| !names.is_empty());
        Some((author, left))
    };
    authors.into_iter().flatten().filter_map(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suggestion(kind: SuggestionKind, state: SuggestionState) -> Suggestion {
        Suggestion {
            id: SuggestionId::new(uuid::Uuid::nil()),
            report_id: ReportId::new(uuid::Uuid::nil()),
            paragraph_id: ParagraphId::new(uuid::Uuid::nil()),
            kind,
            made_from: 1,
            text: Some("Fees vary.".to_owned()),
            state,
            version: 1,
            author: None,
            made_by: None,
            made_at: Timestamp::new(chrono::DateTime::UNIX_EPOCH),
            decided_by: None,
            decided_at: None,
            reason: None,
            party: None,
            released_at: None,
        }
    }

    #[test]
    fn only_what_is_open_is_decided() {
        for state in SuggestionState::ALL {
            let decided = suggestion(SuggestionKind::Replace, *state).require_open();
            assert_eq!(decided.is_ok(), *state == SuggestionState::Open, "{state}");
        }
    }

    #[test]
    fn a_changed_text_is_told_with_the_two_others() {
        let of = |kind| suggestion(kind, SuggestionState::Open);
        let told = of(SuggestionKind::Replace).require_current("Fees differ.", "Fees rose.", 3);
        let told = told.err().map(|problem| {
            problem.errors().iter().map(|error| error.detail.clone()).collect::<Vec<_>>()
        });
        assert_eq!(told.unwrap_or_default(), ["Fees differ.", "Fees rose.", "Fees vary."]);
        assert!(of(SuggestionKind::Delete).require_current("One.", "Two.", 2).is_err());
        assert!(of(SuggestionKind::Replace).require_current("One.", "One.", 2).is_ok());
        assert!(of(SuggestionKind::Remark).require_current("One.", "Two.", 2).is_ok());
        assert!(of(SuggestionKind::InsertAfter).require_current("One.", "Two.", 2).is_ok());
    }

    #[test]
    fn who_is_forgotten_is_forgotten_beside_others_too() {
        let left = |author: &str, name: &str| {
            without_author(vec![Some(author.to_owned()), None], name).pop().map(|(_, left)| left)
        };
        let of = |name: &str| Some(Some(name.to_owned()));
        assert_eq!(left("Ana Example", "Ana Example"), Some(None));
        assert_eq!(left("ana example", "Ana Example"), Some(None));
        assert_eq!(left("Bo; Ana Example; Cy", "Ana Example"), of("Bo; Cy"));
        assert_eq!(left("Ana Example; Ana Example", "Ana Example"), Some(None));
        assert_eq!(
            left("Ana; Example", "Ana; Example"),
            Some(None),
            "a name with a semicolon in it"
        );
        assert_eq!(left("Ana Examples", "Ana Example"), None);
    }
}
