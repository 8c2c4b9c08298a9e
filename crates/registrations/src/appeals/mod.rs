//! Appeals: an applicant's objection to a declined registration or organization, once for each decision, and the
//! recorded answer. Pure: knows no table, no HTTP and no clock.

use crate::access::Scope;
use crate::accounts::AccountId;
use crate::consultations::ConsultationId;
use crate::db::types::Timestamp;
use crate::organizations::OrganizationId;
use crate::problem::{Checks, Code, Problem};
use crate::registrations::RegistrationId;
use crate::reviews::ReviewId;
use crate::text_enum;

mod feature;
pub mod http;
mod personal;
pub mod privacy;
pub mod service;
mod store;

pub use crate::vocabulary::AppealId;
pub use feature::FEATURE;

/// Longest text of an appeal or an answer, in characters.
pub const LONGEST_TEXT: usize = 5000;

text_enum! {
    /// What was declined.
    pub enum AppealKind {
        /// A person's registration.
        Registration => "registration",
        /// An organization.
        Organization => "organization",
    }
}

text_enum! {
    /// How far an appeal has come.
    pub enum AppealState {
        /// Waits for an answer.
        Open => "open",
        /// The applicant was right: what was declined is looked at again.
        Upheld => "upheld",
        /// The decision stands.
        Dismissed => "dismissed",
    }
}

text_enum! {
    /// What an appeal is answered with.
    pub enum Outcome {
        /// The applicant was right: what was declined is looked at again.
        Upheld => "upheld",
        /// The decision stands.
        Dismissed => "dismissed",
    }
}

impl AppealState {
    /// The state after the answer; 409 when it was answered already.
    pub fn answered(self, outcome: Outcome) -> Result<Self, Problem> {
        match (self, outcome) {
            (Self::Open, Outcome::Upheld) => Ok(Self::Upheld),
            (Self::Open, Outcome::Dismissed) => Ok(Self::Dismissed),
            _ => {
                let detail = format!("It is {self}; only an appeal that is open is answered.");
                Err(Problem::new(Code::InvalidTransition, detail))
            }
        }
    }
}

/// What was declined, and where that belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A registration for a consultation.
    Registration {
        /// Which.
        id: RegistrationId,
        /// Its consultation.
        consultation_id: ConsultationId,
        /// The consultation's review.
        review_id: ReviewId,
    },
    /// An organization; it belongs to no review.
    Organization {
        /// Which.
        id: OrganizationId,
    },
}

impl Subject {
    /// What kind of thing it is.
    pub const fn kind(&self) -> AppealKind {
        match self {
            Self::Registration { .. } => AppealKind::Registration,
            Self::Organization { .. } => AppealKind::Organization,
        }
    }

    /// Where a registration was decided; none for an organization.
    pub fn scope(&self) -> Option<Scope> {
        match self {
            Self::Registration { consultation_id, review_id, .. } => {
                Some(Scope::consultation(*review_id, *consultation_id))
            }
            Self::Organization { .. } => None,
        }
    }
}

/// One objection to one decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appeal {
    /// Its id.
    pub id: AppealId,
    /// What was declined.
    pub subject: Subject,
    /// Who had decided so; none for the operator and where it was automatic.
    pub decided_by: Option<AccountId>,
    /// When that was; this tells one decision from another on the same thing.
    pub decided_at: Timestamp,
    /// Who objects.
    pub by: AccountId,
    /// Why.
    pub text: String,
    /// How far it has come.
    pub state: AppealState,
    /// What the secretariat answered.
    pub answer: Option<String>,
    /// Who did; none for the operator.
    pub answered_by: Option<AccountId>,
    /// When.
    pub answered_at: Option<Timestamp>,
    /// Counts changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// The decision that is objected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decided {
    /// What was declined.
    pub subject: Subject,
    /// By whom.
    pub by: Option<AccountId>,
    /// When.
    pub at: Timestamp,
}

impl Decided {
    /// 409 once the days in which an appeal is taken are over.
    pub fn require_in_time(&self, now: Timestamp, days: i64) -> Result<(), Problem> {
        if now <= self.at.plus(chrono::Duration::days(days)) {
            return Ok(());
        }
        let detail = format!("An appeal is taken within {days} days of the decision.");
        Err(Problem::new(Code::InvalidTransition, detail))
    }
}

/// Which appeals are listed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// In this state.
    pub state: Option<AppealState>,
    /// Against decisions on this kind of thing.
    pub kind: Option<AppealKind>,
    /// About registrations for this consultation.
    pub consultation: Option<ConsultationId>,
}

/// The text as it is kept; 422 when there is none or too much.
pub fn checked_text(text: &str, pointer: &str) -> Result<String, Problem> {
    Checks::new().text(text, LONGEST_TEXT, pointer).finish()?;
    Ok(text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Ids;

    #[test]
    fn an_appeal_is_answered_once() {
        assert_eq!(AppealState::Open.answered(Outcome::Upheld).unwrap(), AppealState::Upheld);
        for state in [AppealState::Upheld, AppealState::Dismissed] {
            for outcome in [Outcome::Upheld, Outcome::Dismissed] {
                let refusal = state.answered(outcome).unwrap_err();
                assert_eq!(refusal.code(), Code::InvalidTransition);
            }
        }
    }

    #[test]
    fn the_last_day_counts() {
        let at: Timestamp = "2020-10-01T12:00:00Z".parse().unwrap();
        let subject = Subject::Organization { id: Ids::sequence().next() };
        let decided = Decided { subject, by: None, at };
        let after = |hours| at.plus(chrono::Duration::hours(hours));
        assert!(decided.require_in_time(after(14 * 24), 14).is_ok());
        assert!(decided.require_in_time(after(14 * 24 + 1), 14).is_err());
    }
}
