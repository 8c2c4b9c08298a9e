//! Registrations: one person's application to one consultation, its states and its place. Pure: knows no table, no HTTP
//! and no clock.

use std::collections::BTreeMap;

use crate::accounts::{Account, AccountId};
use crate::consultations::{ConsultationId, RoundId, WorkingGroupId};
use crate::db::types::Timestamp;
use crate::organizations::OrganizationId;
use crate::problem::{Code, Problem};
use crate::reference::{CountryCode, SectorCode};
use crate::text_enum;

pub mod access_codes;
pub mod asked;
pub mod attended;
pub mod bodies;
pub mod changes;
pub mod consents;
pub mod decisions;
pub mod drafts;
pub mod events;
pub mod exchange;
mod feature;
pub mod form;
pub mod history;
pub mod http;
pub mod invited;
pub mod listing;
pub mod mails;
pub mod merging;
pub mod needs;
mod personal;
pub mod places;
pub mod privacy;
mod removed;
pub mod roll;
pub mod rules;
#[doc(hidden)]
pub mod sample;
pub mod service;
pub mod store;
pub mod submission;

pub use asked::{Change, NewRegistration, Person};
pub use consents::{ConsentVersion, Consents, ConsentsChange};
pub use feature::FEATURE;
pub use form::QuestionId;
pub use needs::{AgeBand, Guardian, InvitationRef, Needs, Source};

/// What was answered to the questions of the consultation.
pub type Answers = BTreeMap<QuestionId, serde_json::Value>;

pub use crate::vocabulary::{ReasonCode, RegistrationId};

/// The sector whose people count as representatives of the United Nations.
pub const UN_ENTITY: &str = "un_entity";

text_enum! {
    /// How far a registration has come.
    pub enum RegistrationState {
        /// Waits for the secretariat.
        Submitted => "submitted",
        /// A place is kept for it until it is accepted or the time for that has run out.
        Offered => "offered",
        /// Has a place.
        Confirmed => "confirmed",
        /// Waits for a place, by its waiting number.
        Waitlisted => "waitlisted",
        /// Was refused, with a reason.
        Declined => "declined",
        /// Was taken back.
        Withdrawn => "withdrawn",
    }
}

/// What can happen to a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It gets a place.
    Confirm,
    /// A place that has become free is kept for it.
    Offer,
    /// The kept place is taken.
    Accept,
    /// The kept place was not taken in time: back to the end of the waiting list.
    Lapse,
    /// It is put on the waiting list.
    Waitlist,
    /// It is refused.
    Decline,
    /// It is taken back.
    Withdraw,
    /// A fact that was vetted has changed: back to review.
    Resubmit,
    /// An appeal against its refusal was upheld: back to review, without a place.
    Reopen,
}

impl Step {
    /// Every step there is.
    pub const ALL: &'static [Step] = &[
        Self::Confirm,
        Self::Offer,
        Self::Accept,
        Self::Lapse,
        Self::Waitlist,
        Self::Decline,
        Self::Withdraw,
        Self::Resubmit,
        Self::Reopen,
    ];

    /// The states it may be taken from.
    pub const fn from(self) -> &'static [RegistrationState] {
        use RegistrationState::*;
        match self {
            Self::Confirm => &[Submitted, Waitlisted],
            Self::Waitlist => &[Submitted],
            Self::Offer => &[Waitlisted],
            Self::Accept | Self::Lapse => &[Offered],
            Self::Decline | Self::Withdraw | Self::Resubmit => {
                &[Submitted, Offered, Confirmed, Waitlisted]
            }
            Self::Reopen => &[Declined],
        }
    }

    /// The state it leads to.
    pub const fn to(self) -> RegistrationState {
        match self {
            Self::Confirm | Self::Accept => RegistrationState::Confirmed,
            Self::Offer => RegistrationState::Offered,
            Self::Lapse | Self::Waitlist => RegistrationState::Waitlisted,
            Self::Decline => RegistrationState::Declined,
            Self::Withdraw => RegistrationState::Withdrawn,
            Self::Resubmit | Self::Reopen => RegistrationState::Submitted,
        }
    }

    /// For refusals: "be confirmed", "be withdrawn".
    const fn words(self) -> &'static str {
        match self {
            Self::Confirm => "be confirmed",
            Self::Offer => "be offered a place",
            Self::Accept => "be accepted",
            Self::Lapse => "lose its offered place",
            Self::Waitlist => "be put on the waiting list",
            Self::Decline => "be declined",
            Self::Withdraw => "be withdrawn",
            Self::Resubmit => "be changed",
            Self::Reopen => "be taken up again",
        }
    }
}

impl RegistrationState {
    /// Whether it still counts as the person's one registration for the consultation.
    pub const fn is_active(self) -> bool {
        !matches!(self, Self::Declined | Self::Withdrawn)
    }

    /// Whether the step may be taken.
    pub fn allows(self, step: Step) -> bool {
        step.from().contains(&self)
    }

    /// The state after the step; 409 naming the states it could be taken from.
    pub fn after(self, step: Step) -> Result<Self, Problem> {
        if self.allows(step) {
            return Ok(step.to());
        }
        let from: Vec<&str> = step.from().iter().map(|state| state.as_str()).collect();
        let detail = format!(
            "A registration that is {self} cannot {}; one that is {} can.",
            step.words(),
            from.join(" or ")
        );
        Err(Problem::new(Code::InvalidTransition, detail))
    }
}

text_enum! {
    /// Gender as the person stated it; nobody has to.
    pub enum Gender {
        /// A woman.
        Woman => "woman",
        /// A man.
        Man => "man",
        /// Another gender.
        Another => "another",
    }
}

/// One person's application to one consultation.
#[derive(Debug, Clone, PartialEq)]
pub struct Registration {
    /// Its id.
    pub id: RegistrationId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// The person.
    pub account_id: AccountId,
    /// Whom they come for, if not for themselves.
    pub organization_id: Option<OrganizationId>,
    /// Of the organization, or of the person.
    pub sector: SectorCode,
    /// Where they work or live.
    pub country: CountryCode,
    /// As stated, if stated.
    pub gender: Option<Gender>,
    /// BCP 47, the preferred first.
    pub languages: Vec<String>,
    /// Working groups they would like, the dearest first.
    pub preferences: Vec<WorkingGroupId>,
    /// What they agreed to.
    pub consents: Consents,
    /// How far it has come.
    pub state: RegistrationState,
    /// Why it was declined.
    pub reason_code: Option<ReasonCode>,
    /// What the secretariat told the person with its decision.
    pub note: Option<String>,
    /// Its turn on the waiting list: lower ones first.
    pub waiting_number: Option<i64>,
    /// Who decided; none for an automatic decision.
    pub decided_by: Option<AccountId>,
    /// When it was last decided.
    pub decided_at: Option<Timestamp>,
    /// Counts changes.
    pub version: i64,
    /// When it was submitted.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// What they do where they come from.
    pub position: Option<String>,
    /// The rounds they are available in; none stands for all.
    pub rounds: Option<Vec<RoundId>>,
    /// What they need to take part.
    pub needs: Needs,
    /// As stated, if stated.
    pub age_band: Option<AgeBand>,
    /// Who consents for somebody under 18.
    pub guardian: Option<Guardian>,
    /// What they answered to the questions of the consultation.
    pub answers: Answers,
    /// By which way it came.
    pub source: Source,
    /// The invitation it came by.
    pub invitation_id: Option<InvitationRef>,
    /// Until when an offered place is kept.
    pub accept_by: Option<Timestamp>,
    /// As whom somebody else registered them. It stays what it was given as, whoever the address turns out to belong to: what else
    /// the instance knows of an address is nothing to whoever writes it down. None for who registered themselves.
    pub person: Option<Person>,
}

impl Registration {
    /// The person as those who deal with this registration may know them: as they were registered, else as their account is.
    pub fn known_as(&self, account: &Account) -> Account {
        match &self.person {
            Some(person) => Account {
                name: person.name.clone(),
                email: person.email.clone(),
                language: None,
                ..account.clone()
            },
            None => account.clone(),
        }
    }

    /// Whether it takes one of the consultation's places: confirmed, offered, or one of these before and under review
    /// again. (Editing a fact does not cost the place; `places::store::holds_place` is the same rule in SQL.)
    pub fn holds_place(&self) -> bool {
        match self.state {
            RegistrationState::Confirmed | RegistrationState::Offered => true,
            RegistrationState::Submitted => {
                self.decided_at.is_some() && self.waiting_number.is_none()
            }
            _ => false,
        }
    }

    /// Whether its person said that they are under 18.
    pub fn is_under_18(&self) -> bool {
        self.age_band == Some(AgeBand::Under18)
    }

    /// Takes the step; whether it needs the next waiting number now. A number is kept while it waits or is under review.
    pub fn enter(&mut self, step: Step) -> Result<bool, Problem> {
        self.state = self.state.after(step)?;
        if !matches!(self.state, RegistrationState::Waitlisted | RegistrationState::Submitted) {
            self.waiting_number = None;
        }
        self.accept_by = None;
        Ok(self.state == RegistrationState::Waitlisted && self.waiting_number.is_none())
    }

    /// Nothing when it may be confirmed; 409 while the guardian of somebody under 18 has not consented.
    pub fn ready_to_confirm(&self) -> Result<(), Problem> {
        let consented =
            self.guardian.as_ref().is_some_and(|guardian| guardian.consented_at.is_some());
        if !self.is_under_18() || consented {
            return Ok(());
        }
        let detail = "The guardian was asked by mail and has not consented yet.";
        Err(Problem::new(Code::GuardianConsentMissing, detail))
    }

    /// Whether a report or the public may read the person's name where they host or co-organize. Never under 18.
    pub fn may_be_named(&self) -> bool {
        self.state == RegistrationState::Confirmed
            && self.consents.named_attribution
            && !self.is_under_18()
    }

    /// Whether its person represents the United Nations.
    pub fn is_un_representative(&self) -> bool {
        self.sector.as_str() == UN_ENTITY
    }
}

/// What the secretariat decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Give it a place, or a waiting number when all are taken. The note is told to the person.
    Confirm {
        /// Told to the person.
        note: Option<String>,
    },
    /// Put it on the waiting list.
    Waitlist {
        /// Told to the person.
        note: Option<String>,
    },
    /// Refuse it.
    Decline {
        /// Why.
        reason: ReasonCode,
        /// Told to the person.
        note: String,
    },
}

/// A registration with the person it belongs to, for those who may see both.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The registration.
    pub registration: Registration,
    /// The person's name.
    pub name: String,
    /// The person's address; empty for those who may not see it.
    pub email: String,
    /// What they answered, by the code of the question.
    pub answers: BTreeMap<String, serde_json::Value>,
    /// Whether the caller sees whose account it is: they do of their own, and administrators, who see accounts.
    pub shows_account: bool,
    /// What the caller may do with it.
    pub allowed_actions: Vec<&'static str>,
}

/// Which registrations of a consultation are listed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// In this state.
    pub state: Option<RegistrationState>,
    /// Of this sector.
    pub sector: Option<SectorCode>,
    /// From this country.
    pub country: Option<CountryCode>,
    /// Of this organization.
    pub organization: Option<OrganizationId>,
    /// Which came in this way.
    pub source: Option<Source>,
    /// The waiting list only, in its order.
    pub by_waiting_number: bool,
}

#[cfg(test)]
mod tests;
