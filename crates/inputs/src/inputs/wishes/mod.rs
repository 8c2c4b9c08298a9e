//! Late wishes to take something back: a published edition rests on it, so that it is not taken out of it in silence. The team sees
//! that there is a wish, of nobody knows whom, and answers it: by an edition that does not rest on it any more, or by keeping it, for a
//! reason that whoever said it can read. Pure.

use chrono::NaiveDate;

use super::InputId;
use crate::accounts::AccountId;
use crate::consultations::ConsultationId;
use crate::problem::{Checks, Code, Problem};
use crate::text_enum;

pub(super) mod http;
pub mod service;
pub(super) mod store;

/// Longest reason why something is kept, in characters.
const LONGEST_REASON: usize = 2_000;

text_enum! {
    /// What came of a late wish to take something back.
    pub enum WishState {
        /// Nothing yet.
        Open => "open",
        /// It stays in the report, for a reason.
        Kept => "kept",
        /// An edition does not rest on it any more: it is taken back.
        Granted => "granted",
    }
}

text_enum! {
    /// What came too late to be done.
    pub enum Late {
        /// A change: a report rests on the input already, or it became something else.
        Change => "change",
        /// The wish to take it back: a published edition rests on it.
        Withdrawal => "withdrawal",
    }
}

/// A late wish to take something back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// What is to be taken back.
    pub input_id: InputId,
    /// Said in which consultation.
    pub consultation_id: ConsultationId,
    /// The day on which the wish was let in, in the consultation's zone.
    pub wished_on: NaiveDate,
    /// What came of it.
    pub state: WishState,
    /// Why it is kept.
    pub reason: Option<String>,
    /// Who of the team keeps it.
    pub settled_by: Option<AccountId>,
    /// For `If-Match`.
    pub version: i64,
}

impl Wish {
    /// Whether it waits, or was not followed: then what it is about stands, and whoever wished it is told that it came too late.
    pub const fn came_late(&self) -> bool {
        matches!(self.state, WishState::Open | WishState::Kept)
    }

    /// It stays in the report, as somebody of the team says why.
    ///
    /// # Errors
    /// 422 where there is no reason to read, 409 where the wish is answered.
    fn kept(self, by: AccountId, reason: &str) -> Result<Self, Problem> {
        let mut checks = Checks::new();
        checks.text(reason, LONGEST_REASON, "/reason");
        checks.finish()?;
        if self.state != WishState::Open {
            let detail = format!("This wish was answered: it is {}.", self.state);
            return Err(Problem::new(Code::InvalidTransition, detail));
        }
        Ok(Self {
            state: WishState::Kept,
            reason: Some(reason.trim().to_owned()),
            settled_by: Some(by),
            version: self.version + 1,
            ..self
        })
    }

    /// No edition rests on it any more: it is taken back.
    fn granted(self) -> Self {
        let version = self.version + 1;
        Self { state: WishState::Granted, reason: None, settled_by: None, version, ..self }
    }
}
