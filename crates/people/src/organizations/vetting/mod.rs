//! The steps of an organization's vetting: what is recorded with each, and which state an organization has after a
//! merge. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{LONGEST_NOTE, NOT_A_WEB_ADDRESS, OrganizationId, Vetting, is_web_address};
use crate::accounts::AccountId;
use crate::db::types::Timestamp;
use crate::problem::{Checks, Problem};
use crate::text_enum;

pub use crate::vocabulary::VettingId;

pub mod http;
pub mod service;
pub(super) mod store;

const LONGEST_TITLE: usize = 300;
const LONGEST_ADDRESS: usize = 500;
/// Pieces of evidence, or lists, of one step.
const MOST_NAMED: usize = 20;

text_enum! {
    /// Why a step of a vetting was taken.
    pub enum VettingReason {
        /// It took part before and is known.
        KnownBefore => "known_before",
        /// It stands on a list that is trusted; `origins` says which.
        OnOriginList => "on_origin_list",
        /// The evidence was looked at.
        EvidenceChecked => "evidence_checked",
        /// Nothing shows that there is such an organization.
        NotFound => "not_found",
        /// It does not work on what the consultations are about.
        OutOfScope => "out_of_scope",
        /// It acts against the principles of the consultations.
        Principles => "principles",
        /// Something that is needed is missing.
        Incomplete => "incomplete",
        /// It is entered already under another name.
        Duplicate => "duplicate",
        /// What was decided is looked at again.
        Reconsidered => "reconsidered",
        /// The applicant appealed and was right.
        AppealUpheld => "appeal_upheld",
        /// Another entry of the same organization was merged into this one.
        Merged => "merged",
        /// Something else: see the note.
        Other => "other",
    }
}

impl VettingReason {
    /// Whether somebody who vets may give it for a step to this state. What the system records itself is not given.
    pub const fn fits(self, to: Vetting) -> bool {
        match self {
            Self::KnownBefore | Self::OnOriginList | Self::EvidenceChecked => {
                matches!(to, Vetting::Vetted | Vetting::Proposed)
            }
            Self::NotFound
            | Self::OutOfScope
            | Self::Principles
            | Self::Incomplete
            | Self::Duplicate => matches!(to, Vetting::Declined),
            Self::Reconsidered => matches!(to, Vetting::Proposed),
            Self::AppealUpheld | Self::Merged => false,
            Self::Other => true,
        }
    }
}

/// Something that a decision rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// What it is.
    #[schema(example = "Annual report 2019", max_length = 300)]
    pub title: String,
    /// Where it is.
    #[schema(example = "https://mfasia.org/annual-report", max_length = 500)]
    pub url: String,
}

/// A step that somebody wants to take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStep {
    /// The state it leads to.
    pub to: Vetting,
    /// Why, in a word; needed to decline.
    pub reason: Option<VettingReason>,
    /// Why, in words; needed with the reason `other`.
    pub note: Option<String>,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// Lists that the organization stands on, such as "vetted by the Regional Network".
    pub origins: Vec<String>,
    /// What ties whoever takes the step to the organization; who has such a tie does not decide.
    pub conflict_of_interest: Option<String>,
}

impl NewStep {
    /// A step with nothing said about it.
    pub const fn to(to: Vetting) -> Self {
        Self {
            to,
            reason: None,
            note: None,
            evidence: Vec::new(),
            origins: Vec::new(),
            conflict_of_interest: None,
        }
    }

    /// Only says that whoever takes it has a conflict of interest: the organization stays as it is.
    pub fn declares_only(&self, from: Vetting) -> bool {
        self.conflict_of_interest.is_some() && self.to == from
    }

    /// 422 naming every value that cannot be kept.
    pub fn check(&self) -> Result<(), Problem> {
        let mut checks = Checks::new();
        checks.optional_text(self.note.as_deref(), LONGEST_NOTE, "/note");
        let conflict = self.conflict_of_interest.as_deref();
        checks.optional_text(conflict, LONGEST_NOTE, "/conflict_of_interest");
        let too_many = format!("at most {MOST_NAMED} are taken");
        checks.require(self.evidence.len() <= MOST_NAMED, "/evidence", &*too_many);
        checks.require(self.origins.len() <= MOST_NAMED, "/origins", too_many);
        for (at, evidence) in self.evidence.iter().enumerate() {
            let pointer = format!("/evidence/{at}/url");
            checks.text(&evidence.title, LONGEST_TITLE, &format!("/evidence/{at}/title"));
            checks.text(&evidence.url, LONGEST_ADDRESS, &pointer);
            checks.require(is_web_address(&evidence.url), &pointer, NOT_A_WEB_ADDRESS);
        }
        for (at, origin) in self.origins.iter().enumerate() {
            checks.text(origin, LONGEST_TITLE, &format!("/origins/{at}"));
        }
        checks.finish()
    }

    /// 422 unless the reason is one for this step, and there is one where one is needed.
    pub fn check_reason(&self) -> Result<(), Problem> {
        let mut checks = Checks::new();
        let needed = self.to == Vetting::Declined;
        checks.require(self.reason.is_some() || !needed, "/reason", "is needed to decline");
        let words: Vec<&str> = VettingReason::ALL
            .iter()
            .filter(|reason| reason.fits(self.to))
            .map(|reason| reason.as_str())
            .collect();
        let detail = format!("for {} it is one of {}", self.to, words.join(", "));
        let fits = self.reason.is_none_or(|reason| reason.fits(self.to));
        checks.require(fits, "/reason", detail);
        let silent = self.note.is_none() && self.reason == Some(VettingReason::Other);
        checks.require(!silent, "/note", "is needed with the reason other");
        checks.finish()
    }
}

/// A step that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VettingStep {
    /// Its id.
    pub id: VettingId,
    /// The organization it belongs to.
    pub organization_id: OrganizationId,
    /// The entry it was taken on; another one when that was merged into the organization since.
    pub recorded_for: OrganizationId,
    /// The state before.
    pub from: Vetting,
    /// The state after.
    pub to: Vetting,
    /// Why, in a word.
    pub reason: Option<VettingReason>,
    /// Why, in words.
    pub note: Option<String>,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// Lists that the organization stands on.
    pub origins: Vec<String>,
    /// What ties whoever took it to the organization.
    pub conflict_of_interest: Option<String>,
    /// Who took it; none when the operator did.
    pub by: Option<AccountId>,
    /// When.
    pub at: Timestamp,
}

/// Where an entry stands when it is merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VettingBefore {
    /// Its state.
    pub vetting: Vetting,
    /// Whether it was declined only because it was entered twice, which says nothing of the organization.
    pub as_duplicate: bool,
}

impl VettingBefore {
    /// What was found out about the organization itself.
    fn found(self) -> Vetting {
        match self.vetting {
            Vetting::Declined if self.as_duplicate => Vetting::Unvetted,
            vetting => vetting,
        }
    }
}

/// The state of an organization after another entry of it was merged into its own. Declined stands against what was
/// not decided; against vetted nobody has decided yet, so it is proposed again; a decline as a duplicate is none. What
/// only the other entry was, the survivor becomes only when whoever merges might have decided so.
pub fn after_merge(survivor: VettingBefore, merged: VettingBefore, may_decide: bool) -> Vetting {
    use Vetting::*;
    match (survivor.found(), merged.found()) {
        (Declined, Vetted) | (Vetted, Declined) => Proposed,
        (Declined, _) | (_, Declined) => Declined,
        (Vetted, _) => Vetted,
        (_, Vetted) if may_decide => Vetted,
        (Proposed, _) | (_, Proposed | Vetted) => Proposed,
        // Both were only duplicates: of each other, or of a third entry.
        (Unvetted, Unvetted) => survivor.vetting,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn vetting_before() -> impl Strategy<Value = VettingBefore> {
        (proptest::sample::select(Vetting::ALL), any::<bool>())
            .prop_map(|(vetting, as_duplicate)| VettingBefore { vetting, as_duplicate })
    }

    #[test]
    fn to_decline_takes_a_reason_that_fits() {
        let step = NewStep::to(Vetting::Declined);
        assert!(step.check_reason().is_err());
        let because = |reason| NewStep { reason: Some(reason), ..step.clone() }.check_reason();
        assert!(because(VettingReason::NotFound).is_ok());
        for reason in [VettingReason::KnownBefore, VettingReason::Merged, VettingReason::Other] {
            assert!(because(reason).is_err(), "{reason}");
        }
        assert!(NewStep::to(Vetting::Vetted).check_reason().is_ok());
    }

    #[test]
    fn every_state_can_be_given_a_reason() {
        for to in [Vetting::Proposed, Vetting::Vetted, Vetting::Declined] {
            assert!(VettingReason::ALL.iter().filter(|reason| reason.fits(to)).count() > 2, "{to}");
        }
    }

    proptest! {
        #[test]
        fn a_decline_of_either_is_never_lost(one in vetting_before(), other in vetting_before(), may in any::<bool>()) {
            let declined = [one, other].iter().any(|side| side.found() == Vetting::Declined);
            let after = after_merge(one, other, may);
            prop_assert!(!declined || matches!(after, Vetting::Declined | Vetting::Proposed));
            prop_assert_eq!(after, after_merge(one, other, may));
        }

        #[test]
        fn nobody_is_vetted_by_a_merge_who_was_not_before(one in vetting_before(), other in vetting_before(), may in any::<bool>()) {
            if after_merge(one, other, may) == Vetting::Vetted {
                prop_assert!(one.vetting == Vetting::Vetted || (other.vetting == Vetting::Vetted && may));
            }
        }

        #[test]
        fn two_that_stand_alike_stay_so(one in vetting_before(), may in any::<bool>()) {
            prop_assert_eq!(after_merge(one, one, may), one.vetting);
        }
    }
}
