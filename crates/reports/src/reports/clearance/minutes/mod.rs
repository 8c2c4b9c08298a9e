//! The minutes of a clearance: what was done about a report on its way to the public, in the order in which it was done, as the team reads
//! it. What a body has not said yet is no part of it. Pure.

use super::Party;
use crate::accounts::AccountId;
use crate::db::types::Timestamp;
use crate::reports::ParagraphId;
use crate::text_enum;

pub(super) mod http;
pub mod service;

text_enum! {
    /// What was done.
    pub enum MinuteKind {
        /// The report went to clearance.
        ToClearance => "to_clearance",
        /// It went back to drafting.
        BackToDrafting => "back_to_drafting",
        /// A round was opened.
        RoundOpened => "round_opened",
        /// Somebody was asked.
        Asked => "asked",
        /// Participants were asked.
        ParticipantsAsked => "participants_asked",
        /// Somebody agreed.
        Agreed => "agreed",
        /// Somebody objected.
        Objected => "objected",
        /// Somebody had comments.
        Commented => "commented",
        /// An objection was taken back.
        TookBack => "took_back",
        /// A comment was answered.
        CommentAnswered => "comment_answered",
        /// It was decided to publish all the same.
        Overridden => "overridden",
        /// A round was closed.
        RoundClosed => "round_closed",
        /// An edition was published.
        Published => "published",
    }
}

/// One line of the minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minute {
    /// When.
    pub at: Timestamp,
    /// What was done.
    pub kind: MinuteKind,
    /// Who did it, or who was asked.
    pub party: Option<Party>,
    /// Who of the team did it; nobody once they are erased.
    pub by: Option<AccountId>,
    /// At which paragraph.
    pub paragraph_id: Option<ParagraphId>,
    /// What was said.
    pub text: Option<String>,
}

impl Minute {
    /// Something that was done, of which nothing else is known.
    pub(super) const fn new(at: Timestamp, kind: MinuteKind) -> Self {
        Self { at, kind, party: None, by: None, paragraph_id: None, text: None }
    }
}

/// In the order in which it was done; what was done in one moment, in the order of the list of kinds.
pub(super) fn in_order(mut minutes: Vec<Minute>) -> Vec<Minute> {
    minutes.sort_by_key(|one| (one.at, one.kind));
    minutes
}
