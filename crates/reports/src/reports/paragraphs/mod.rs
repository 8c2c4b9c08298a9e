//! Paragraphs of a draft, many at once: added together, and listed with their texts. Must never learn who said what.

use crate::reference::ObjectiveNumber;
use crate::reports::SectionId;

pub(super) mod http;
pub mod service;

/// How many are added in one request.
pub(super) const MOST_AT_ONCE: usize = 500;

/// A part that a paragraph is split into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitInto {
    /// What it says.
    pub text: String,
    /// The section that it goes into; where the paragraph stood when absent.
    pub section: Option<SectionId>,
    /// The one objective of a joint cluster that it is about.
    pub objective: Option<ObjectiveNumber>,
}
