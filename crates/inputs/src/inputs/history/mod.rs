//! What happened to an input, step by step. A step of the team has a day and a person, one of its contributor has neither. Pure.

use serde::{Deserialize, Serialize};

use super::{BatchId, Input, InputId, InputState, SetAsideReason};
use crate::accounts::AccountId;
use crate::text_enum;

pub(super) mod store;

text_enum! {
    /// What happened to an input.
    pub enum InputEventKind {
        /// It was brought in.
        BroughtIn => "brought_in",
        /// It was made of others.
        Derived => "derived",
        /// Its contributor changed it, or answered.
        Updated => "updated",
        /// Its contributor took it back.
        Withdrawn => "withdrawn",
        /// One of its origins was taken back: it has to be read again.
        OriginWithdrawn => "origin_withdrawn",
        /// A first reader accepted a testimony.
        ReadFirst => "read_first",
        /// It can be used.
        Accepted => "accepted",
        /// Its contributor was asked something.
        Returned => "returned",
        /// It will not be used.
        SetAside => "set_aside",
        /// A decision was undone.
        Reopened => "reopened",
        /// It went into another.
        Merged => "merged",
        /// It went into several.
        Split => "split",
        /// What was done before was undone.
        Undone => "undone",
        /// A translation was put beside it, or what it is about was corrected.
        Edited => "edited",
    }
}

/// How an input stood before a step: what undoing it brings back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    /// Its state.
    pub state: InputState,
    /// What its contributor had been asked.
    pub question: Option<String>,
    /// Why it was set aside.
    pub reason_code: Option<SetAsideReason>,
    /// What there was to say to that.
    pub note: Option<String>,
    /// Who had been the first reader.
    pub first_reader: Option<AccountId>,
}

impl Before {
    /// As the input stands.
    pub fn of(input: &Input) -> Self {
        Self {
            state: input.state,
            question: input.question.clone(),
            reason_code: input.reason_code,
            note: input.note.clone(),
            first_reader: input.first_reader,
        }
    }

    /// The input as it stood, as a new version.
    pub fn again(self, input: Input) -> Input {
        Input {
            state: self.state,
            question: self.question,
            reason_code: self.reason_code,
            note: self.note,
            first_reader: self.first_reader,
            version: input.version + 1,
            ..input
        }
    }
}

/// One step.
#[derive(Debug, Clone)]
pub struct Event {
    /// Which input.
    pub input_id: InputId,
    /// The version that the step led to.
    pub version: i64,
    /// What happened.
    pub kind: InputEventKind,
    /// Who of the team did it.
    pub actor: Option<AccountId>,
    /// The day on which the team did it, in the consultation's zone.
    pub on_day: Option<chrono::NaiveDate>,
    /// What it was done together with, and is undone by.
    pub batch: Option<BatchId>,
    /// How the input stood before.
    pub before: Before,
}
