//! Inputs: what people contributed, and how far each has come. Pure types and rules. Nothing here can name a person: whose an input
//! is, nobody knows; which inputs are one voice, `voices` alone can count, of which only the port [`seal`] is known here
//! (ARCHITECTURE.md, rule 1).
//!
//! | to find | look in |
//! |---|---|
//! | what an input is made of, and what is refused | [`content`] |
//! | what is decided about it, and undone | [`triage`] |
//! | merging and splitting | `lineage` |
//! | files whose lines wait to become inputs | [`queue`], [`rapporteur_intake::channels`] |
//! | search words, near-duplicates | `search`, [`rapporteur_intake::similar`] |
//! | what contributors say and do by receipt, once it is mixed | [`contributed`] |
//! | what participants say of a draft that is cleared | [`hearings`] |
//! | what an organization says in its own name | `on_record` |
//! | the port to voices | [`seal`] |

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::AccountId;
use crate::consultations::{ConsultationId, RoundId, SessionId, WorkingGroupId};
use crate::organizations::OrganizationId;
use crate::problem::{Code, Problem};
use crate::reference::ObjectiveNumber;
use crate::reviews::CategoryId;
use crate::text_enum;

pub mod bodies;
pub mod content;
pub mod contributed;
pub mod exchange;
mod feature;
pub mod filter;
pub mod hearings;
mod history;
pub mod http;
pub mod lineage;
mod notes;
mod on_record;
mod personal;
pub mod privacy;
pub mod queue;
pub mod reading;
pub mod seal;
mod search;
pub mod service;
mod store;
pub mod submission;

pub use feature::FEATURE;
#[cfg(test)]
mod tests;
pub mod triage;
pub mod windows;
pub mod wishes;

pub use content::{Citation, NewInput};
pub use filter::Filter;
pub use triage::decisions::{Decision, SetAsideReason};

pub use crate::vocabulary::InputId;

pub use crate::vocabulary::LineId;

pub use crate::vocabulary::BatchId;

text_enum! {
    /// Where an input was made.
    pub enum Origin {
        /// Sent in writing.
        Written => "written",
        /// Said before everybody.
        Plenary => "plenary",
        /// Said in a working group, in one of its rounds.
        Group => "group",
        /// Written into the chat of a video call.
        Chat => "chat",
        /// Said in a video call, as its captions have it.
        Captions => "captions",
        /// Part of a document.
        Document => "document",
        /// Said by an organization in its own name, on record.
        OnRecord => "on_record",
        /// Put together from inputs of several of these.
        Several => "several",
    }
}

text_enum! {
    /// How far an input has come.
    pub enum InputState {
        /// Waits to be read.
        Submitted => "submitted",
        /// A paragraph may rest on it.
        Accepted => "accepted",
        /// Waits for its contributor to answer a question.
        Returned => "returned",
        /// Went into another input, together with others.
        Merged => "merged",
        /// Went into several inputs.
        Split => "split",
        /// Will not be used; the reason says why.
        SetAside => "set_aside",
        /// Taken back by its contributor; its text is gone.
        Withdrawn => "withdrawn",
    }
}

text_enum! {
    /// What happens to an input.
    pub enum Step {
        /// It can be used.
        Accept => "accept",
        /// Its contributor is asked something.
        Return => "return",
        /// It goes into another input.
        Merge => "merge",
        /// It goes into several inputs.
        Split => "split",
        /// It will not be used.
        SetAside => "set_aside",
        /// A decision is undone.
        Reopen => "reopen",
        /// Its contributor changes it, or answers.
        Update => "update",
        /// Its contributor, or the organization that said it, takes it back.
        Withdraw => "withdraw",
    }
}

use InputState::{Accepted, Merged, Returned, SetAside, Split, Submitted, Withdrawn};

impl Step {
    /// The states from which the step can be taken.
    pub const fn from(self) -> &'static [InputState] {
        match self {
            Self::Accept => &[Submitted],
            Self::Merge | Self::Split | Self::Return | Self::SetAside => &[Submitted, Accepted],
            Self::Reopen => &[Accepted, Returned, SetAside],
            // What was accepted is read again.
            Self::Update => &[Submitted, Returned, Accepted],
            Self::Withdraw => &[Submitted, Accepted, Returned, Merged, Split, SetAside],
        }
    }

    /// The state that the step leads to.
    pub const fn to(self) -> InputState {
        match self {
            Self::Accept => Accepted,
            Self::Return => Returned,
            Self::Merge => Merged,
            Self::Split => Split,
            Self::SetAside => SetAside,
            Self::Reopen | Self::Update => Submitted,
            Self::Withdraw => Withdrawn,
        }
    }
}

impl InputState {
    /// The state after a step, or 409 naming the states from which it could be taken.
    pub fn step(self, step: Step) -> Result<InputState, Problem> {
        if step.from().contains(&self) {
            return Ok(step.to());
        }
        let from: Vec<_> = step.from().iter().map(|state| state.as_str()).collect();
        let detail = format!("It is {self}; “{step}” is possible from {}.", from.join(", "));
        Err(Problem::new(Code::InvalidTransition, detail))
    }
}

text_enum! {
    /// To whom a recommendation is addressed.
    pub enum Addressee {
        /// Governments.
        Governments => "governments",
        /// The United Nations system.
        UnitedNations => "united_nations",
        /// Civil society.
        CivilSociety => "civil_society",
        /// Employers and the private sector.
        PrivateSector => "private_sector",
        /// Workers' organizations.
        TradeUnions => "trade_unions",
        /// Migrants' and diaspora organizations.
        Diaspora => "diaspora",
        /// Universities and research.
        Academia => "academia",
        /// Media.
        Media => "media",
        /// National human rights institutions.
        HumanRightsInstitutions => "human_rights_institutions",
        /// Donors and development partners.
        Donors => "donors",
        /// Everybody concerned.
        All => "all",
    }
}

/// How carefully an input must be handled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Care {
    /// Somebody tells what happened to them: it needs a second reader and is never quoted.
    pub testimony: bool,
    /// It could harm somebody who can be recognized in it: it is shown to nobody but who triages it.
    pub sensitive: bool,
    /// Its contributor does not want its words used.
    pub do_not_quote: bool,
}

impl Care {
    /// Whether other participants may be shown it.
    pub const fn may_be_shown(self) -> bool {
        !self.testimony && !self.sensitive && !self.do_not_quote
    }
}

/// One contribution. Says nothing of who made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its id.
    pub id: InputId,
    /// The consultation it was made to.
    pub consultation_id: ConsultationId,
    /// Where it was made.
    pub origin: Origin,
    /// In which window it was contributed: all that is kept of when.
    pub moment: Option<windows::Moment>,
    /// By how many it was told, of what was written down in the room.
    pub told_by: Option<ToldBy>,
    /// The organization that said it in its own name, on record.
    pub organization_id: Option<OrganizationId>,
    /// The working group it was made in.
    pub working_group_id: Option<WorkingGroupId>,
    /// The round it was made in.
    pub round_id: Option<RoundId>,
    /// The session it was made in.
    pub session_id: Option<SessionId>,
    /// What it is about, in numeric order.
    pub objectives: Vec<ObjectiveNumber>,
    /// What kind of contribution it is.
    pub category_id: CategoryId,
    /// Its text; empty once withdrawn.
    pub body: String,
    /// The text's language (BCP 47).
    pub language: String,
    /// Its text in another language.
    pub translation: Option<content::Translation>,
    /// What it refers to.
    pub citations: Vec<Citation>,
    /// To whom it is addressed.
    pub addressees: Vec<Addressee>,
    /// How carefully it must be handled.
    pub care: Care,
    /// How far it has come.
    pub state: InputState,
    /// What its contributor was asked last.
    pub question: Option<String>,
    /// Why it was set aside.
    pub reason_code: Option<SetAsideReason>,
    /// What there is to say to the reason.
    pub note: Option<String>,
    /// Who was the first to accept a testimony, which waits for a second reader.
    pub first_reader: Option<AccountId>,
    /// Whether it was merged or split from others, which are its origins.
    pub derived: bool,
    /// Counts changes.
    pub version: i64,
}

text_enum! {
    /// By how many something was told that was written down in the room, as far as whoever wrote it down can say.
    pub enum ToldBy {
        /// By one.
        One => "one",
        /// By more than one.
        Several => "several",
        /// By five or more.
        Many => "many",
    }
}

impl ToldBy {
    /// How many it were at least.
    pub const fn at_least(self) -> usize {
        match self {
            Self::One => 1,
            Self::Several => 2,
            Self::Many => FEWEST,
        }
    }
}

/// Fewer voices than these are not told apart (ARCHITECTURE.md, rule 3).
pub const FEWEST: usize = 5;

text_enum! {
    /// How many distinct voices stand behind some inputs at least: all that anybody is told (ARCHITECTURE.md, rule 3).
    pub enum Band {
        /// Fewer than five are known of.
        FewerThanFive => "fewer_than_five",
        /// Five or more.
        FiveOrMore => "five_or_more",
    }
}

impl Band {
    /// The band of a number of voices.
    pub const fn of(voices: usize) -> Self {
        if voices < FEWEST { Self::FewerThanFive } else { Self::FiveOrMore }
    }
}
