//! A numbered paragraph of a published edition: what it says, what it rests on, and what rests on it. Must never learn who said what.

use super::{EditionId, ParagraphRecord, ReportId};
use crate::inputs::InputId;

pub(crate) mod http;
pub mod service;

/// Where a paragraph of an edition stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitedPlace {
    /// The report.
    pub report: ReportId,
    /// The edition.
    pub edition: EditionId,
    /// The edition's number.
    pub number: i32,
    /// The symbol under which it was published.
    pub symbol: Option<String>,
    /// The paragraph's number.
    pub paragraph: u32,
}

/// A paragraph of an edition.
#[derive(Debug, Clone)]
pub struct CitedParagraph {
    /// Where it stands.
    pub place: CitedPlace,
    /// What it says, and of what.
    pub record: ParagraphRecord,
    /// The paragraphs of other editions that it rests on.
    pub rests_on: Vec<CitedPlace>,
    /// The paragraphs of papers that rest on it.
    pub taken_up_in: Vec<CitedPlace>,
    /// The inputs that it rests on, for who may read drafts of the report; none for others.
    pub inputs: Option<Vec<InputId>>,
}
