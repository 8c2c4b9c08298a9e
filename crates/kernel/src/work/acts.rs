//! The acts that need two people: a closed list, as there is one of jobs. Which feature does an act, and how, it says itself
//! (`Feature::acts`); who proposes, confirms and objects is known to [`crate::proposals`]. Pure.

use serde_json::Value;

use super::Work;
use crate::access::Permission;
use crate::problem::Problem;
use crate::text_enum;
use crate::vocabulary::{AccountId, ProposalId, ReviewId};

text_enum! {
    /// An act that one person proposes and another one confirms.
    pub enum Act {
        /// A report or paper is published.
        PublishReport => "publish_report",
        /// The translation of an edition is published.
        PublishTranslation => "publish_translation",
        /// Two accounts of one person become one.
        MergeAccounts => "merge_accounts",
        /// The keys of a consultation are destroyed.
        DestroyKeys => "destroy_keys",
        /// Somebody gets a role on the instance or on a review.
        GiveStaffRole => "give_staff_role",
        /// Somebody else is erased.
        ErasePerson => "erase_person",
        /// What a voice said or says is not taken any more.
        RefuseVoice => "refuse_voice",
        /// Whether two people are needed is chosen.
        ChangeTwoPeopleRule => "change_two_people_rule",
    }
}

impl Act {
    /// What somebody must be allowed to propose it, and to confirm it who is no deputy; on the instance or on a review.
    pub const fn permission(self, review: Option<ReviewId>) -> Permission {
        match self {
            Self::PublishReport | Self::PublishTranslation => Permission::PublishReports,
            Self::MergeAccounts => Permission::MergeRecords,
            Self::DestroyKeys => Permission::PurgeData,
            Self::GiveStaffRole | Self::ChangeTwoPeopleRule => match review {
                Some(_) => Permission::GrantRoles,
                None => Permission::ManageAccounts,
            },
            Self::ErasePerson => Permission::ErasePersons,
            Self::RefuseVoice => Permission::TriageInputs,
        }
    }
}

/// What is carried out, and for whom.
#[derive(Debug)]
pub struct Carried<'a> {
    /// The proposal.
    pub proposal: ProposalId,
    /// What was proposed, as the feature that owns the act wrote it.
    pub what: &'a Value,
    /// The SHA-256 of the contents that were seen, where there are any.
    pub sha256: Option<&'a str>,
    /// Who proposed it; the caller while it is carried out.
    pub proposed_by: AccountId,
    /// Who confirmed it; none where one person acts alone, or after notice.
    pub confirmed_by: Option<AccountId>,
}

/// Reads and computes, before anything is written, what carrying out such an act will need. It decides nothing: whatever it found is
/// held against what is there in the write.
pub type Foresee = fn(&mut Work, &Value) -> Result<(), Problem>;

/// Does an act that was proposed, with everything checked again as if it were asked for now; what came of it.
pub type CarryOut = fn(&mut Work, &Carried) -> Result<Value, Problem>;
