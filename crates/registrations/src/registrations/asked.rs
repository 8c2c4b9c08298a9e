//! What is asked for: a new registration, and changes to one. Pure.

use serde::{Deserialize, Serialize};

use super::{
    AgeBand, Answers, Consents, ConsentsChange, Gender, Guardian, InvitationRef, Needs, Source,
};
use crate::consultations::{RoundId, WorkingGroupId};
use crate::organizations::OrganizationId;
use crate::reference::{CountryCode, SectorCode};

/// What is asked for with a registration.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct NewRegistration {
    /// For whom, when it is not for the caller.
    pub person: Option<Person>,
    /// Whom they come for, if not for themselves.
    pub organization_id: Option<OrganizationId>,
    /// Needed without an organization; with one it is the organization's.
    pub sector: Option<SectorCode>,
    /// Where they work or live; of the organization when absent.
    pub country: Option<CountryCode>,
    /// As stated, if stated.
    pub gender: Option<Gender>,
    /// BCP 47, the preferred first.
    pub languages: Vec<String>,
    /// Working groups of the consultation, the dearest first.
    pub preferences: Vec<WorkingGroupId>,
    /// What they agreed to.
    pub consents: Consents,
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
    /// What was typed to be let into a closed consultation.
    pub access_code: Option<String>,
}

/// Somebody whom the secretariat registers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their address.
    pub email: crate::accounts::Email,
    /// Their name.
    pub name: String,
}

/// A change to a registration; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Vetted.
    pub organization_id: Option<Option<OrganizationId>>,
    /// Vetted.
    pub sector: Option<SectorCode>,
    /// Vetted.
    pub country: Option<CountryCode>,
    /// As stated.
    pub gender: Option<Option<Gender>>,
    /// BCP 47, the preferred first.
    pub languages: Option<Vec<String>>,
    /// Working groups of the consultation, the dearest first.
    pub preferences: Option<Vec<WorkingGroupId>>,
    /// Each by itself.
    pub consents: Option<ConsentsChange>,
    /// What they do where they come from.
    pub position: Option<Option<String>>,
    /// The rounds they are available in; none stands for all.
    pub rounds: Option<Option<Vec<RoundId>>>,
    /// All of them anew.
    pub needs: Option<Needs>,
    /// As stated.
    pub age_band: Option<Option<AgeBand>>,
    /// Who consents for somebody under 18.
    pub guardian: Option<Option<Guardian>>,
    /// Those that change; null takes one back.
    pub answers: Option<Answers>,
}

impl Change {
    /// Whether nothing is to change.
    pub fn is_empty(&self) -> bool {
        let Self {
            organization_id,
            sector,
            country,
            gender,
            languages,
            preferences,
            consents,
            position,
            rounds,
            needs,
            age_band,
            guardian,
            answers,
        } = self;
        organization_id.is_none()
            && sector.is_none()
            && country.is_none()
            && gender.is_none()
            && languages.is_none()
            && preferences.is_none()
            && consents.is_none()
            && position.is_none()
            && rounds.is_none()
            && needs.is_none()
            && age_band.is_none()
            && guardian.is_none()
            && answers.is_none()
    }
}
