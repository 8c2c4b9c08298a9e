//! What somebody has filled in so far: kept under a personal link, incomplete until it is submitted. Pure.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::access_codes::AccessCodeId;
use super::bodies::NamedGuardian;
use super::{
    AgeBand, Answers, Consents, Gender, InvitationRef, Needs, NewRegistration, RegistrationId,
    Source,
};
use crate::accounts::Email;
use crate::consultations::{ConsultationId, RoundId, WorkingGroupId};
use crate::db::types::Timestamp;
use crate::organizations::OrganizationId;
use crate::problem::{Code, Problem};
use crate::reference::{CountryCode, SectorCode};

pub use crate::vocabulary::DraftId;

pub(super) mod http;
pub mod service;
pub mod store;

/// Largest form that is kept, in bytes of JSON.
const LARGEST_FORM: usize = 64 * 1024;

/// The form as far as it is filled in: every field may be missing, and only the shape of what is there is checked.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({ "name": "Asha Example", "country": "TH", "languages": ["th", "en"] }))]
pub struct Form {
    /// What the person is called; needed unless they have an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whom they come for, if not for themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<OrganizationId>,
    /// What they do where they come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    /// Needed without an organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sector: Option<SectorCode>,
    /// Needed without an organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<CountryCode>,
    /// Nobody has to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// Nobody has to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_band: Option<AgeBand>,
    /// Needed for somebody under 18.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guardian: Option<NamedGuardian>,
    /// BCP 47, the preferred first.
    pub languages: Vec<String>,
    /// Working groups of the consultation, the dearest first.
    pub preferences: Vec<WorkingGroupId>,
    /// The rounds they are available in; absent: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rounds: Option<Vec<RoundId>>,
    /// What they need to take part.
    pub needs: Needs,
    /// What they agree to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consents: Option<Consents>,
    /// Answers to the questions of the consultation, by their codes.
    pub answers: BTreeMap<String, Value>,
}

// Written by hand so that nothing personal gets into a log.
impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Form(…)")
    }
}

impl Form {
    /// 422 when it is larger than a form that people fill in can be.
    pub fn check_size(&self) -> Result<(), Problem> {
        let size = serde_json::to_vec(self).map_err(Problem::internal)?.len();
        if size <= LARGEST_FORM {
            Ok(())
        } else {
            let detail = format!("has {size} bytes; at most {LARGEST_FORM} are kept");
            Err(Problem::invalid("/form", detail))
        }
    }

    /// The registration that it asks for.
    pub fn to_new(&self, answers: Answers, invitation: Option<InvitationRef>) -> NewRegistration {
        NewRegistration {
            person: None,
            organization_id: self.organization_id,
            sector: self.sector,
            country: self.country,
            gender: self.gender,
            languages: self.languages.clone(),
            preferences: self.preferences.clone(),
            consents: self.consents.unwrap_or_default(),
            position: self.position.clone(),
            rounds: self.rounds.clone(),
            needs: self.needs.clone(),
            age_band: self.age_band,
            guardian: self.guardian.as_ref().map(NamedGuardian::to_guardian),
            answers,
            source: invitation.map_or(Source::OpenLink, |_| Source::Invitation),
            invitation_id: invitation,
            access_code: None,
        }
    }
}

/// A form that somebody fills in under a personal link, or the result of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Its id.
    pub id: DraftId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// The address that the link proves.
    pub email: Email,
    /// As far as it is filled in; empty once it is submitted.
    pub form: Form,
    /// The access code that was right when the link was asked for.
    pub access_code_id: Option<AccessCodeId>,
    /// The invitation whose link opened it.
    pub invitation_id: Option<InvitationRef>,
    /// What was made of it.
    pub registration_id: Option<RegistrationId>,
    /// Counts changes.
    pub version: i64,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// It is forgotten from then on.
    pub expires_at: Timestamp,
}

impl Draft {
    /// Nothing while it can be changed; 409 once it was submitted, 412 unless `version` is the current one.
    pub fn require_open(&self, version: i64) -> Result<(), Problem> {
        if self.registration_id.is_some() {
            let detail = "This form was submitted: open it to see what has become of it.";
            return Err(Problem::new(Code::InvalidTransition, detail));
        }
        if self.version == version { Ok(()) } else { Err(Problem::stale(self.version)) }
    }
}
