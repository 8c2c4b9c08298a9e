//! What is decided about an input. Pure.

use crate::accounts::AccountId;
use crate::inputs::{Input, InputState, Step};
use crate::problem::{Checks, Code, Problem};
use crate::text_enum;

/// Longest question to a contributor and longest note, in characters.
pub const LONGEST_REMARK: usize = 2000;

text_enum! {
    /// Why an input will not be used.
    pub enum SetAsideReason {
        /// It is about something else.
        OffTopic => "off_topic",
        /// It is about objectives that this consultation does not address.
        OtherObjectives => "other_objectives",
        /// The same was said in another input, which is used.
        SaidElsewhere => "said_elsewhere",
        /// It is no contribution: a greeting, a technical remark.
        NoContribution => "no_contribution",
        /// Somebody can be recognized in it who must not be.
        IdentifiesSomebody => "identifies_somebody",
        /// It insults or incites.
        Abusive => "abusive",
        /// It cannot be understood, and nobody could be asked.
        Unclear => "unclear",
        /// Something else; the note says what.
        Other => "other",
    }
}

/// What is decided about an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It can be used.
    Accept,
    /// Its contributor is asked something.
    Return {
        /// What is asked.
        question: String,
    },
    /// It will not be used.
    SetAside {
        /// Why.
        reason: SetAsideReason,
        /// What there is to say to it.
        note: Option<String>,
    },
    /// The decision before is undone.
    Reopen,
}

impl Decision {
    /// The step of the state machine that this is.
    pub const fn step(&self) -> Step {
        match self {
            Self::Accept => Step::Accept,
            Self::Return { .. } => Step::Return,
            Self::SetAside { .. } => Step::SetAside,
            Self::Reopen => Step::Reopen,
        }
    }

    /// 422 unless its words can be kept.
    pub fn check(&self) -> Result<(), Problem> {
        let mut checks = Checks::new();
        match self {
            Self::Return { question } => {
                checks.text(question, LONGEST_REMARK, "/question");
            }
            Self::SetAside { reason, note } => {
                checks.optional_text(note.as_deref(), LONGEST_REMARK, "/note");
                let said = *reason != SetAsideReason::Other || note.is_some();
                checks.require(said, "/note", "must say why when the reason is other");
            }
            Self::Accept | Self::Reopen => {}
        }
        checks.finish()
    }

    /// The input after the decision of `reader`, or 409. A testimony that is accepted for the first time waits for a second
    /// reader (ARCHITECTURE.md, rule 7).
    pub fn taken(self, mut input: Input, reader: AccountId) -> Result<Input, Problem> {
        let state = input.state.step(self.step())?;
        input.version += 1;
        if self == Self::Accept && input.care.testimony {
            match input.first_reader {
                None => return Ok(Input { first_reader: Some(reader), ..input }),
                Some(first) if first == reader => return Err(needs_another_reader()),
                Some(_) => {}
            }
        }
        input.state = state;
        if state != InputState::Accepted {
            input.first_reader = None;
        }
        (input.question, input.reason_code, input.note) = match self {
            Self::Return { question } => (Some(question.trim().to_owned()), None, None),
            Self::SetAside { reason, note } => {
                (None, Some(reason), note.map(|note| note.trim().to_owned()))
            }
            Self::Accept | Self::Reopen => (None, None, None),
        };
        Ok(input)
    }
}

fn needs_another_reader() -> Problem {
    let detail = "You were the first to accept this testimony; somebody else must read it too.";
    Problem::new(Code::SecondReaderNeeded, detail)
}
