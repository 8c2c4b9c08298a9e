//! What waits for whoever drafts a report: what its paragraphs rest on and is not accepted any more, what nobody has used, and what is
//! proposed. It tells what is, and of nothing when it came. Pure.

use crate::inputs::{Input, InputId, InputState};
use crate::reports::checks::coverage::Coverage;
use crate::reports::{ParagraphId, Source};
use crate::text_enum;

pub(super) mod http;
pub mod service;

text_enum! {
    /// Why something waits.
    pub enum WaitsFor {
        /// A paragraph rests on an input that was withdrawn.
        InputWithdrawn => "input_withdrawn",
        /// A paragraph rests on an input that went into another one.
        InputMerged => "input_merged",
        /// A paragraph rests on an input that went into several.
        InputSplit => "input_split",
        /// A paragraph rests on an input about which its contributor is asked.
        InputReturned => "input_returned",
        /// A paragraph rests on an input that was set aside.
        InputSetAside => "input_set_aside",
        /// A paragraph rests on an input that has to be read again.
        InputToRead => "input_to_read",
        /// An outcome rests on nothing and does not say why.
        Unsupported => "unsupported",
        /// An accepted input is neither used nor left out with a reason.
        InputUnused => "input_unused",
        /// A paragraph of an edition is neither used nor left out with a reason.
        SourceUnused => "source_unused",
    }
}

/// Something that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Why.
    pub why: WaitsFor,
    /// In which paragraph.
    pub paragraph_id: Option<ParagraphId>,
    /// About which input.
    pub input_id: Option<InputId>,
    /// About which paragraph of an edition.
    pub source: Option<Source>,
}

/// What an input in this state means for a paragraph that rests on it; nothing where it is accepted.
const fn of_state(state: InputState) -> Option<WaitsFor> {
    match state {
        InputState::Accepted => None,
        InputState::Submitted => Some(WaitsFor::InputToRead),
        InputState::Returned => Some(WaitsFor::InputReturned),
        InputState::Merged => Some(WaitsFor::InputMerged),
        InputState::Split => Some(WaitsFor::InputSplit),
        InputState::SetAside => Some(WaitsFor::InputSetAside),
        InputState::Withdrawn => Some(WaitsFor::InputWithdrawn),
    }
}

/// What waits, of what is not covered; `cited` are the inputs that are cited and not accepted.
pub fn waiting(coverage: &Coverage, cited: &[Input]) -> Vec<Waiting> {
    let state = |id: InputId| cited.iter().find(|one| one.id == id).map(|one| one.state);
    let nothing =
        Waiting { why: WaitsFor::Unsupported, paragraph_id: None, input_id: None, source: None };
    let changed = coverage.unaccepted_citations.iter().filter_map(|(paragraph, input)| {
        let why = of_state(state(*input)?)?;
        Some(Waiting { why, paragraph_id: Some(*paragraph), input_id: Some(*input), ..nothing })
    });
    let unsupported = coverage
        .unsupported_paragraphs
        .iter()
        .map(|paragraph| Waiting { paragraph_id: Some(*paragraph), ..nothing });
    let unused = coverage.uncovered_inputs.iter().map(|input| Waiting {
        why: WaitsFor::InputUnused,
        input_id: Some(*input),
        ..nothing
    });
    let sources = coverage.uncovered_sources.iter().map(|source| Waiting {
        why: WaitsFor::SourceUnused,
        source: Some(*source),
        ..nothing
    });
    changed.chain(unsupported).chain(unused).chain(sources).collect()
}
