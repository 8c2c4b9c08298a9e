//! Publishing all the same: whoever may publish goes on despite an agreement that is missing or an objection, and says why, by name. It
//! lapses with the text that it was about. Pure.

use super::portions::{Whole, nothing};
use crate::accounts::AccountId;
use crate::db::types::Timestamp;
use crate::problem::{Checks, Problem};
use crate::reports::{ParagraphId, ReportId};
use crate::vocabulary::{OverrideId, PartyId, PositionId, ThingId};

pub(super) mod http;
pub mod service;
pub mod store;

const LONGEST_REASON: usize = 2_000;

/// A decision to publish all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// Its id.
    pub id: OverrideId,
    /// The report.
    pub report_id: ReportId,
    /// Whose agreement is missing, or who objects.
    pub party_id: PartyId,
    /// The objection; none for an agreement that is missing.
    pub objection_id: Option<PositionId>,
    /// Why.
    pub reason: String,
    /// The SHA-256 of the text that it is about.
    pub sha256: String,
    /// Who decided; nobody once they are erased.
    pub made_by: Option<AccountId>,
    /// When.
    pub made_at: Timestamp,
}

impl Override {
    /// Whether it holds for the missing agreement of a party, over a draft that reads so.
    pub fn holds_for(&self, party: PartyId, sha256: &str) -> bool {
        self.objection_id.is_none() && self.party_id == party && self.sha256 == sha256
    }

    /// Whether it holds against an objection to a text that reads so.
    pub fn holds_against(&self, objection: PositionId, sha256: &str) -> bool {
        self.objection_id == Some(objection) && self.sha256 == sha256
    }
}

/// The SHA-256 of what an objection is about: a paragraph as it reads, or the draft as a whole.
pub fn about(whole: &Whole, paragraph: Option<ParagraphId>) -> String {
    let Some(paragraph) = paragraph else { return whole.sha256.clone() };
    let portion = whole.get(ThingId::new(paragraph.uuid()));
    portion.map_or_else(nothing, |portion| portion.sha256.clone())
}

/// 422 unless a reason is a text.
pub fn check_reason(reason: &str) -> Result<(), Problem> {
    Checks::new().text(reason, LONGEST_REASON, "/reason").finish()
}
