//! What a party says: it agrees, it objects, it has comments, it takes an objection back. A body consolidates first: one of its members
//! proposes what it says, another one confirms it; until then its members alone see it. Pure.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Agreed;
use super::portions::{Whole, left_out, nothing};
use crate::accounts::AccountId;
use crate::consultations::programme::printed_names::PrintedName;
use crate::db::types::Timestamp;
use crate::problem::{At, Checks, Code, Problem};
use crate::reports::{ParagraphId, ReportId};
use crate::text_enum;
use crate::vocabulary::{ClearanceRoundId, PartyId, PositionId, ThingId};

pub(super) mod http;
pub mod service;
pub mod store;

const LONGEST_REASON: usize = 2_000;

text_enum! {
    /// What is said.
    pub enum PositionKind {
        /// It agrees to what it names.
        Agreement => "agreement",
        /// It objects, for a reason.
        Objection => "objection",
        /// It has comments, and nothing else to say yet.
        Comments => "comments",
        /// It takes an objection back.
        TakingBack => "taking_back",
    }
}

text_enum! {
    /// How far it has come.
    pub enum PositionState {
        /// A member of the body proposed it; another one confirms it.
        Proposed => "proposed",
        /// The party said it.
        Given => "given",
        /// Another member did not want the body to say it.
        Rejected => "rejected",
        /// Whoever proposed it took it back.
        Withdrawn => "withdrawn",
    }
}

text_enum! {
    /// What a member does about what was proposed.
    pub enum PositionDecision {
        /// The body says it.
        Confirm => "confirm",
        /// It does not.
        Reject => "reject",
        /// Whoever proposed it takes it back.
        Withdraw => "withdraw",
    }
}

/// A portion as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Read {
    /// Which one.
    pub id: ThingId,
    /// The SHA-256 of its text; of nothing where it is no more.
    pub sha256: String,
}

/// A text that was agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreedText {
    /// The text of the portion.
    pub text: String,
    /// Whom it prints by name; none of those who are erased.
    pub named: Vec<PrintedName>,
}

impl AgreedText {
    /// As it may be shown while the draft names these: everybody else whom it prints is left out of it.
    pub fn shown(&self, now: &[PrintedName]) -> String {
        left_out(&self.named, |one| !one.is_among(now)).in_text(&self.text)
    }
}

/// What a party says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// Its id.
    pub id: PositionId,
    /// The report.
    pub report_id: ReportId,
    /// The round.
    pub round_id: ClearanceRoundId,
    /// Who says it.
    pub party_id: PartyId,
    /// What it is.
    pub kind: PositionKind,
    /// How far it has come.
    pub state: PositionState,
    /// For `If-Match`.
    pub version: i64,
    /// What is agreed to.
    pub portions: Vec<Read>,
    /// The paragraph that is objected to; the draft as a whole when absent.
    pub paragraph_id: Option<ParagraphId>,
    /// Why, or what else there is to say.
    pub reason: Option<String>,
    /// The objection that is taken back.
    pub objection_id: Option<PositionId>,
    /// Who proposed it, or said it alone; nobody once they are erased.
    pub proposed_by: Option<AccountId>,
    /// When.
    pub proposed_at: Timestamp,
    /// Who confirmed or rejected it.
    pub decided_by: Option<AccountId>,
    /// When it was said, or was not.
    pub decided_at: Option<Timestamp>,
    /// Why it was rejected.
    pub note: Option<String>,
    /// When an objection was taken back.
    pub ended_at: Option<Timestamp>,
}

impl Position {
    /// Whether it is an objection that stands.
    pub fn stands(&self) -> bool {
        self.kind == PositionKind::Objection
            && self.state == PositionState::Given
            && self.ended_at.is_none()
    }

    /// 409 unless it is still to be decided.
    pub fn require_proposed(&self) -> Result<(), Problem> {
        if self.state == PositionState::Proposed {
            return Ok(());
        }
        let detail = format!("It is {} already; only what is proposed is decided.", self.state);
        Err(Problem::new(Code::InvalidTransition, detail))
    }
}

/// What somebody would have a party say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPosition {
    /// For whom they speak; may be left out where there is one only.
    pub party: Option<PartyId>,
    /// What is said.
    pub kind: PositionKind,
    /// Agreeing to all of it: the SHA-256 of the whole draft.
    pub whole: Option<String>,
    /// Agreeing to some of it.
    pub portions: Vec<Read>,
    /// The paragraph that is objected to.
    pub paragraph: Option<ParagraphId>,
    /// Why.
    pub reason: Option<String>,
    /// The objection that is taken back.
    pub objection: Option<PositionId>,
    /// Whether the party wants not to be named in what is published; as before when absent.
    pub unnamed: Option<bool>,
}

impl NewPosition {
    /// 422 naming everything that does not belong to what is said.
    pub fn check(&self) -> Result<(), Problem> {
        use PositionKind::{Agreement, Objection, TakingBack};
        let is = |kind| self.kind == kind;
        let named = self.whole.is_some() == self.portions.is_empty();
        let hash =
            "agreeing, send either the `sha256` of the whole draft or the portions that were read";
        let nothing = self.whole.is_none() && self.portions.is_empty();
        Checks::new()
            .require(!is(Agreement) || named, "/sha256", hash)
            .require(is(Agreement) || nothing, "/sha256", "belongs to an agreement")
            .require(
                is(Objection) || self.paragraph.is_none(),
                "/paragraph_id",
                "belongs to an objection",
            )
            .require(!is(Objection) || self.reason.is_some(), "/reason", "say why you object")
            .require(
                is(TakingBack) == self.objection.is_some(),
                "/objection_id",
                "is named when an objection is taken back, and then alone",
            )
            .optional_text(self.reason.as_deref(), LONGEST_REASON, "/reason")
            .finish()
    }
}

/// 422 unless a reason for rejecting is a text.
pub fn check_note(note: Option<&str>) -> Result<(), Problem> {
    Checks::new().optional_text(note, LONGEST_REASON, "/note").finish()
}

/// 422 for a portion that is named twice, or that is none of the draft and none that was agreed to before.
pub fn require_known(whole: &Whole, agreed: &Agreed, read: &[Read]) -> Result<(), Problem> {
    let (mut checks, mut seen) = (Checks::new(), BTreeSet::new());
    for (index, one) in read.iter().enumerate() {
        let pointer = format!("/portions/{index}/id");
        checks.require(seen.insert(one.id), &pointer, "is named twice");
        let known = whole.get(one.id).is_some() || agreed.contains_key(&one.id);
        checks.require(known, &pointer, "is no portion of the draft");
    }
    checks.finish()
}

/// 409 naming every portion that reads otherwise now than it was read.
pub fn require_current(whole: &Whole, read: &[Read]) -> Result<(), Problem> {
    let stale = |one: &Read| {
        let now = whole.get(one.id).map_or_else(nothing, |portion| portion.sha256.clone());
        now != one.sha256
    };
    let each = read.iter().enumerate().filter(|(_, one)| stale(one));
    let errors: Vec<At> = each
        .map(|(index, one)| changed(whole, one.id, format!("/portions/{index}/sha256")))
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(text_changed(errors)) }
}

/// 409 naming every portion that reads otherwise than what was agreed to last, where the whole is not what was read.
pub fn require_whole(whole: &Whole, read: &str, outstanding: &[ThingId]) -> Result<(), Problem> {
    if whole.sha256 == read {
        return Ok(());
    }
    let errors = outstanding.iter().map(|id| changed(whole, *id, "/sha256".to_owned())).collect();
    Err(text_changed(errors))
}

fn changed(whole: &Whole, id: ThingId, pointer: String) -> At {
    let what = match whole.get(id) {
        Some(portion) => match portion.number {
            Some(number) => format!("paragraph {number} ({id}) reads otherwise now"),
            None => format!("{} {id} reads otherwise now", portion.kind),
        },
        None => format!("{id} is not there any more"),
    };
    At { pointer, code: Code::TextChanged.kind().code.to_owned(), detail: what }
}

fn text_changed(errors: Vec<At>) -> Problem {
    let detail = "The draft reads otherwise than what you have read. Nothing was agreed to.";
    Problem::new(Code::TextChanged, detail).with_errors(errors)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(kind: PositionKind) -> NewPosition {
        let (party, whole, portions, paragraph) = (None, None, Vec::new(), None);
        let (reason, objection, unnamed) = (None, None, None);
        NewPosition { party, kind, whole, portions, paragraph, reason, objection, unnamed }
    }

    #[test]
    fn each_kind_takes_what_belongs_to_it() {
        let whole = Some("00".to_owned());
        let objection = Some(PositionId::new(uuid::Uuid::nil()));
        assert!(new(PositionKind::Comments).check().is_ok());
        assert!(new(PositionKind::Agreement).check().is_err());
        assert!(new(PositionKind::Objection).check().is_err());
        assert!(new(PositionKind::TakingBack).check().is_err());
        assert!(
            NewPosition { whole: whole.clone(), ..new(PositionKind::Agreement) }.check().is_ok()
        );
        assert!(NewPosition { whole, ..new(PositionKind::Comments) }.check().is_err());
        let taking_back = NewPosition { objection, ..new(PositionKind::TakingBack) };
        assert!(taking_back.check().is_ok());
        let reason = Some("It names somebody.".to_owned());
        assert!(NewPosition { reason, ..new(PositionKind::Objection) }.check().is_ok());
    }
}
