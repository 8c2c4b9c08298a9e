//! Acts that need two people: somebody proposes, somebody else confirms, and only then it is done. The rule of two is here, pure:
//! two are two accounts for which no single person answers. What an act does is known to the feature that owns it.

use std::collections::BTreeSet;

use chrono::Duration;
use serde_json::Value;

use crate::access::Scope;
use crate::db::types::Timestamp;
use crate::problem::{Code, Problem};
use crate::text_enum;
use crate::vocabulary::{AccountId, OrganizationId, ReviewId};

mod feature;
pub mod http;
mod mails;
mod personal;
mod privacy;
pub mod service;
mod store;

pub use crate::vocabulary::ProposalId;
pub use crate::work::acts::{Act, Carried, CarryOut};
pub use feature::FEATURE;

/// For how long a proposal waits.
pub const LAPSES_AFTER: Duration = Duration::days(7);
/// How long all staff have to object where nobody can confirm.
pub const NOTICE: Duration = Duration::hours(72);
/// Who lost a staff role within this time is told of what nobody can confirm, too: else whoever takes roles away would be alone.
pub const STILL_TOLD: Duration = Duration::days(30);

text_enum! {
    /// What it takes that a proposal is carried out, as it was when it was made.
    pub enum Needed {
        /// Nobody else: there has been one person only.
        Nobody => "nobody",
        /// Somebody who confirms it.
        SecondPerson => "second_person",
        /// Nobody can confirm it: 72 hours' notice to all staff, in which nobody objects.
        Notice => "notice",
    }
}

text_enum! {
    /// How far a proposal has come.
    pub enum ProposalState {
        /// It waits.
        Waiting => "waiting",
        /// It was done.
        CarriedOut => "carried_out",
        /// Somebody objected.
        Rejected => "rejected",
        /// Whoever proposed it took it back.
        TakenBack => "taken_back",
        /// Nobody decided it in time.
        Lapsed => "lapsed",
    }
}

text_enum! {
    /// What is done about a proposal.
    pub enum ProposalDecision {
        /// A second person confirms it: it is done at once.
        Confirm => "confirm",
        /// Somebody objects: it will not be done.
        Reject => "reject",
        /// Whoever proposed it takes it back.
        TakeBack => "take_back",
        /// Whoever proposed it does it: alone where there is one person only, else once the notice has ended.
        CarryOut => "carry_out",
    }
}

/// An act that was proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its id.
    pub id: ProposalId,
    /// Which act.
    pub act: Act,
    /// What it is done to, as one word: the same is proposed once at a time.
    pub subject: String,
    /// The review it is about; none for the instance.
    pub review_id: Option<ReviewId>,
    /// Whose account it is about; they confirm nothing of it.
    pub about: Option<AccountId>,
    /// What it takes.
    pub needs: Needed,
    /// What exactly is proposed: ids and versions, no personal data.
    pub what: Value,
    /// The SHA-256 of the contents that were seen, where there are any.
    pub sha256: Option<String>,
    /// How far it has come.
    pub state: ProposalState,
    /// Who proposed it.
    pub proposed_by: AccountId,
    /// When.
    pub proposed_at: Timestamp,
    /// From when it may be done where nobody can confirm it.
    pub notice_ends_at: Option<Timestamp>,
    /// From when it cannot be decided any more.
    pub lapses_at: Timestamp,
    /// Who decided it last.
    pub decided_by: Option<AccountId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Why it was rejected.
    pub note: Option<String>,
}

impl Proposal {
    /// Where roles for it hold.
    pub fn scope(&self) -> Scope {
        scope_of(self.review_id)
    }

    /// The state at a moment: what waits for too long has lapsed, whether or not that was noted.
    pub fn state_at(&self, now: Timestamp) -> ProposalState {
        match self.state {
            ProposalState::Waiting if self.lapses_at <= now => ProposalState::Lapsed,
            state => state,
        }
    }

    /// 409 unless it waits.
    pub fn require_waiting(&self, now: Timestamp) -> Result<(), Problem> {
        match self.state_at(now) {
            ProposalState::Waiting => Ok(()),
            other => {
                let detail = format!("It is decided while it waits; it is {other}.");
                Err(Problem::new(Code::InvalidTransition, detail))
            }
        }
    }

    /// 409 unless whoever proposed it may do it without anybody else by now.
    pub fn require_due(&self, now: Timestamp) -> Result<(), Problem> {
        let detail = match (self.needs, self.notice_ends_at) {
            (Needed::Nobody, _) => return Ok(()),
            (Needed::Notice, Some(end)) if end <= now => return Ok(()),
            (Needed::Notice, Some(end)) => {
                format!(
                    "Notice was given to all staff until {end}: it may be done then, if nobody objects."
                )
            }
            _ => "Somebody else must confirm it.".to_owned(),
        };
        Err(Problem::new(Code::SecondPersonNeeded, detail))
    }
}

/// The review as a whole, or the instance.
pub fn scope_of(review: Option<ReviewId>) -> Scope {
    review.map_or(Scope::INSTANCE, |review| Scope::review(review.uuid()))
}

/// Somebody in the place where an act is done: who could have put them there alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The account.
    pub id: AccountId,
    /// Those who answer for them: each could have given them alone whatever lets them propose or confirm. Nobody does for
    /// whom the operator appointed, or two people did.
    pub made_by: BTreeSet<AccountId>,
    /// The organizations whose deputy they are; none for who confirms because they could propose it themselves.
    pub deputy_of: Option<BTreeSet<OrganizationId>>,
}

impl Standing {
    /// Everybody who could act through this account: themselves, and those who answer for them.
    pub fn answered_for_by(&self) -> BTreeSet<AccountId> {
        let mut all = self.made_by.clone();
        all.insert(self.id);
        all
    }

    /// Whether these are two people: no single person answers for both.
    pub fn is_another_than(&self, other: &Self) -> bool {
        self.answered_for_by().is_disjoint(&other.answered_for_by())
    }

    /// Whether they can confirm what the other one proposes. A deputy does only who is of another organization than the
    /// proposer and for whom nobody answers alone.
    pub fn may_confirm_for(&self, proposer: &Self, ties: &BTreeSet<OrganizationId>) -> bool {
        let deputy = self.deputy_of.as_ref();
        let apart = deputy
            .is_none_or(|of| self.made_by.is_empty() && !of.is_empty() && of.is_disjoint(ties));
        apart && self.is_another_than(proposer)
    }
}

/// Who answers for an account by the roles that count, each with those who answer for it: only who answers for all of them,
/// since one role that came in another way is enough to be somebody else.
pub fn made_by<'a>(
    roles: impl IntoIterator<Item = &'a BTreeSet<AccountId>>,
) -> BTreeSet<AccountId> {
    let mut roles = roles.into_iter();
    let Some(first) = roles.next() else { return BTreeSet::new() };
    roles.fold(first.clone(), |common, role| common.intersection(role).copied().collect())
}

/// Who answers for a role that is given now: with a second person nobody can who does not answer for both.
pub fn answering(proposer: &Standing, second: Option<&Standing>) -> BTreeSet<AccountId> {
    let all = proposer.answered_for_by();
    match second {
        Some(second) => all.intersection(&second.answered_for_by()).copied().collect(),
        None => all,
    }
}

/// What it takes that something is done now.
pub fn needs(chosen: Option<bool>, only_one_ever: bool, seconds: usize) -> Needed {
    match (chosen, only_one_ever, seconds) {
        (Some(false), ..) | (None, true, _) => Needed::Nobody,
        (_, _, 0) => Needed::Notice,
        _ => Needed::SecondPerson,
    }
}

#[cfg(test)]
mod tests;
