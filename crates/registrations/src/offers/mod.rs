//! Offers to co-organize: "we would like to co-organize", a track of its own beside registering. Accepting one gives the
//! organization its part and the person the role. Pure.

use crate::accounts::AccountId;
use crate::consultations::{CoOrganizerId, CoOrganizerKind, ConsultationId};
use crate::db::types::Timestamp;
use crate::organizations::{NewOrganization, OrganizationId};
use crate::problem::{Checks, Code, Problem};
use crate::text_enum;

mod feature;
pub mod http;
mod mails;
pub mod merging;
mod personal;
pub mod privacy;
pub mod service;
mod store;

pub use crate::vocabulary::{DeclineReason, OfferId};
pub use feature::FEATURE;

/// Longest motivation, in characters.
const LONGEST_MOTIVATION: usize = 5000;
/// Longest note of a decision, in characters.
const LONGEST_NOTE: usize = 2000;

text_enum! {
    /// How far an offer has come.
    pub enum OfferState {
        /// Waits for a decision.
        Submitted => "submitted",
        /// The organization co-organizes.
        Accepted => "accepted",
        /// It does not.
        Declined => "declined",
        /// Taken back by who made it.
        Withdrawn => "withdrawn",
    }
}

impl OfferState {
    /// The state after a decision or a withdrawal, or 409: every one is possible from `submitted` only.
    pub fn to(self, next: Self) -> Result<Self, Problem> {
        if self == Self::Submitted && next != Self::Submitted {
            return Ok(next);
        }
        let detail = format!("Only an offer that is submitted can change; this one is {self}.");
        Err(Problem::new(Code::InvalidTransition, detail))
    }
}

/// "We would like to co-organize."
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Its id.
    pub id: OfferId,
    /// Which consultation.
    pub consultation_id: ConsultationId,
    /// Who made it, and gets the role when it is accepted.
    pub account_id: AccountId,
    /// The organization that offers.
    pub organization_id: OrganizationId,
    /// The part that it would like.
    pub kind: CoOrganizerKind,
    /// Why, and what it would contribute.
    pub motivation: String,
    /// How far it has come.
    pub state: OfferState,
    /// Why it was declined.
    pub reason: Option<DeclineReason>,
    /// What the secretariat told the person.
    pub note: Option<String>,
    /// Who decided.
    pub decided_by: Option<AccountId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// The part that it led to.
    pub co_organizer_id: Option<CoOrganizerId>,
    /// Counts changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// The organization of a new offer.
#[derive(Debug, Clone)]
pub enum Offering {
    /// One that is entered.
    Known(OrganizationId),
    /// One that is put forward with the offer.
    New(NewOrganization),
}

/// What a new offer is made of.
#[derive(Debug, Clone)]
pub struct NewOffer {
    /// Who offers.
    pub organization: Offering,
    /// The part that it would like.
    pub kind: CoOrganizerKind,
    /// Why, and what it would contribute.
    pub motivation: String,
}

impl NewOffer {
    /// 422 with every value that cannot be accepted.
    pub fn check(&self) -> Result<(), Problem> {
        Checks::new().text(&self.motivation, LONGEST_MOTIVATION, "/motivation").finish()
    }
}

/// What the secretariat decides.
#[derive(Debug, Clone)]
pub enum Decision {
    /// The organization co-organizes. The note is told to the person.
    Accept {
        /// Told to the person.
        note: Option<String>,
    },
    /// It does not.
    Decline {
        /// Why.
        reason: DeclineReason,
        /// Told to the person.
        note: String,
    },
}

impl Decision {
    /// 422 unless the note can be kept.
    pub fn check(&self) -> Result<(), Problem> {
        let note = match self {
            Self::Accept { note } => note.as_deref(),
            Self::Decline { note, .. } => Some(note.as_str()),
        };
        Checks::new().optional_text(note, LONGEST_NOTE, "/note").finish()
    }
}

/// An offer with whom it is from, for those who may see both.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The offer.
    pub offer: Offer,
    /// What the organization is called.
    pub organization: String,
    /// What the person is called.
    pub name: String,
    /// The person's address.
    pub email: String,
    /// What the caller may do with it now.
    pub allowed_actions: Vec<&'static str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_is_decided_or_withdrawn_once() {
        for end in [OfferState::Accepted, OfferState::Declined, OfferState::Withdrawn] {
            assert_eq!(OfferState::Submitted.to(end).unwrap(), end);
            for next in OfferState::ALL {
                assert!(end.to(*next).is_err());
            }
        }
        assert!(OfferState::Submitted.to(OfferState::Submitted).is_err());
    }
}
