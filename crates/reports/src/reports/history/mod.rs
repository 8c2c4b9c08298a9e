//! What became of a draft, save by save: every paragraph and section in every version that it had, who saved it and when. Pure.
//!
//! A version holds what drafters wrote, and the ids of the inputs that it rests on; never an input's own text. Words that a drafter
//! took from an input stay in old versions when the input is withdrawn: they are the drafter's text by then, and shown to the team
//! alone. Who drafted what is an act of the team, and is named to the team only.

use crate::accounts::AccountId;
use crate::db::types::Timestamp;
use crate::text_enum;
use crate::vocabulary::SuggestionId;

use super::{Paragraph, ParagraphId, Section, SectionId};

pub mod difference;
pub(crate) mod http;
pub mod service;
pub mod store;

text_enum! {
    /// What was done to a draft by one save.
    pub enum DraftStepKind {
        /// It was there when the report was opened.
        Opened => "opened",
        /// It was added.
        Added => "added",
        /// Its text was changed, or what it rests on.
        Changed => "changed",
        /// It was put elsewhere.
        Moved => "moved",
        /// Others were joined to it.
        Merged => "merged",
        /// It was joined to another, which keeps what it rested on.
        MergedAway => "merged_away",
        /// Its cross-references follow what was joined.
        Redirected => "redirected",
        /// It was removed.
        Deleted => "deleted",
        /// Its words were taken over from a Word file that came back.
        Returned => "returned",
        /// What it rests on follows newer editions, in which it is the same.
        Recompiled => "recompiled",
        /// It was settled what a newer edition changes in it.
        Settled => "settled",
        /// An earlier version was brought back.
        Restored => "restored",
        /// Wording that was suggested for it was accepted.
        Suggested => "suggested",
        /// Another section was joined to it.
        Joined => "joined",
        /// Its end became a section of its own, or it became several paragraphs.
        Split => "split",
        /// The section was headed otherwise.
        HeadingSet => "heading_set",
        /// The masthead was changed.
        MastheadChanged => "masthead_changed",
        /// The report went on, or back, on its way to the public.
        StateChanged => "state_changed",
        /// The draft was frozen under a name.
        MilestoneSet => "milestone_set",
        /// An edition was published.
        Published => "published",
    }
}

impl DraftStepKind {
    /// What the audit log calls a step by which a paragraph, or the report itself, is saved.
    pub const fn audited(self) -> &'static str {
        match self {
            Self::MastheadChanged => "report.updated",
            Self::StateChanged => "report.state_changed",
            Self::Published => "report.published",
            Self::Added => "paragraph.added",
            Self::Moved => "paragraph.moved",
            Self::Merged => "paragraph.merged",
            Self::Deleted | Self::MergedAway => "paragraph.deleted",
            Self::Restored => "paragraph.restored",
            _ => "paragraph.updated",
        }
    }
}

/// What is noted beside what is saved. Nothing of a draft is stored without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What is done.
    pub kind: DraftStepKind,
    /// Who does it; nobody once they are erased.
    pub by: Option<AccountId>,
    /// When.
    pub at: Timestamp,
    /// The version that is brought back.
    pub restored: Option<i64>,
    /// The paragraph that it is joined to.
    pub into: Option<ParagraphId>,
    /// The suggestion that is accepted by it.
    pub suggestion: Option<SuggestionId>,
}

/// A step that was taken, and on what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Its number in the report, from 1.
    pub serial: i64,
    /// The step.
    pub step: Step,
    /// The section, or the one in which the paragraph stood then.
    pub section: Option<SectionId>,
    /// The paragraph.
    pub paragraph: Option<ParagraphId>,
    /// The version that was made by it.
    pub number: Option<i64>,
}

/// A paragraph as it was after a step; of one that was deleted, as it was last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParagraphVersion {
    /// The paragraph; its `version` is the number of this one.
    pub paragraph: Paragraph,
    /// Its place in its section, from 1.
    pub place: i32,
    /// The step that made it.
    pub step: Step,
}

impl ParagraphVersion {
    /// Whether the paragraph was no more from here on.
    pub fn is_gone(&self) -> bool {
        matches!(self.step.kind, DraftStepKind::Deleted | DraftStepKind::MergedAway)
    }

    /// Its text; nothing for a computed paragraph that nobody wrote over.
    pub fn text(&self) -> &str {
        self.paragraph.text.as_deref().unwrap_or_default()
    }
}

/// A section as it was after a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionVersion {
    /// The section; its `version` is the number of this one.
    pub section: Section,
    /// The step that made it.
    pub step: Step,
}
