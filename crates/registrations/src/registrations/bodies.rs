//! What is sent and answered about registrations. No rules here.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    AgeBand, Change, Consents, ConsentsChange, Entry, Gender, Guardian, InvitationRef, Needs,
    NewRegistration, Person, ReasonCode, RegistrationId, RegistrationState, Source, form, service,
};
use crate::accounts::{AccountId, Email};
use crate::consultations::{ConsultationId, RoundId, WorkingGroupId};
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::organizations::OrganizationId;
use crate::reference::{CountryCode, SectorCode};

/// Somebody whom the secretariat registers or makes a host; an account is made when there is none for the address.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonBody {
    /// Their address.
    pub email: Email,
    /// Their name.
    #[schema(example = "Asha Example")]
    pub name: String,
}

impl PersonBody {
    /// As the services take it.
    pub fn to_person(&self) -> Person {
        Person { email: self.email.clone(), name: self.name.clone() }
    }
}

/// Who consents for somebody under 18. They are asked by mail.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedGuardian {
    /// Their name.
    #[schema(example = "Ravi Example")]
    pub name: String,
    /// Where they are asked.
    pub email: Email,
}

impl NamedGuardian {
    /// As the services take it: nothing is consented to yet.
    pub fn to_guardian(&self) -> Guardian {
        Guardian { name: self.name.clone(), email: self.email.clone(), consented_at: None }
    }
}

/// A registration that is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "sector": "migrants", "country": "TH", "gender": "woman", "languages": ["en", "th"],
    "consents": { "version": "2026-11", "processing": true, "listed": false }
}))]
pub struct CreateRegistration {
    /// For the secretariat: whom it registers. Absent: the caller registers themselves.
    #[serde(default)]
    person: Option<PersonBody>,
    /// Whom they come for; absent for somebody who comes for themselves.
    #[serde(default)]
    organization_id: Option<OrganizationId>,
    /// Needed without an organization; with one it is the organization's.
    #[serde(default)]
    sector: Option<SectorCode>,
    /// Needed without an organization; with one it is the organization's unless given.
    #[serde(default)]
    country: Option<CountryCode>,
    /// Nobody has to say.
    #[serde(default)]
    gender: Option<Gender>,
    /// BCP 47, the preferred first.
    #[serde(default)]
    languages: Vec<String>,
    /// Working groups of the consultation, the dearest first.
    #[serde(default)]
    preferences: Vec<WorkingGroupId>,
    /// What the person agrees to. `processing` must be true.
    consents: Consents,
    /// What they do where they come from.
    #[serde(default)]
    #[schema(example = "Programme officer")]
    position: Option<String>,
    /// The rounds they are available in; absent: all.
    #[serde(default)]
    rounds: Option<Vec<RoundId>>,
    /// What they need to take part.
    #[serde(default)]
    needs: Needs,
    /// Nobody has to say.
    #[serde(default)]
    age_band: Option<AgeBand>,
    /// Needed for somebody under 18.
    #[serde(default)]
    guardian: Option<NamedGuardian>,
    /// Answers to the questions of the consultation, by their codes.
    #[serde(default)]
    answers: BTreeMap<String, Value>,
    /// Needed where the registration rules say so.
    #[serde(default)]
    #[schema(example = "K7QM-3XRT-9WBD")]
    access_code: Option<String>,
}

impl CreateRegistration {
    /// As the services take it; 422 for answers to questions that there are not.
    pub fn to_new(
        &self,
        work: &mut Work,
        consultation: ConsultationId,
    ) -> Result<NewRegistration, Problem> {
        Ok(NewRegistration {
            person: self.person.as_ref().map(PersonBody::to_person),
            organization_id: self.organization_id,
            sector: self.sector,
            country: self.country,
            gender: self.gender,
            languages: self.languages.clone(),
            preferences: self.preferences.clone(),
            consents: self.consents,
            position: self.position.clone(),
            rounds: self.rounds.clone(),
            needs: self.needs.clone(),
            age_band: self.age_band,
            guardian: self.guardian.as_ref().map(NamedGuardian::to_guardian),
            answers: form::service::by_id(work, consultation, &self.answers)?,
            source: Source::OpenLink,
            invitation_id: None,
            access_code: self.access_code.clone(),
        })
    }
}

/// A change to a registration (JSON Merge Patch).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "languages": ["en"], "preferences": [] }))]
pub struct UpdateRegistration {
    /// Vetted: a change sends the registration back to review.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<OrganizationId>)]
    organization_id: Option<Option<OrganizationId>>,
    /// Vetted.
    #[serde(default, deserialize_with = "patch::value")]
    sector: Option<SectorCode>,
    /// Vetted.
    #[serde(default, deserialize_with = "patch::value")]
    country: Option<CountryCode>,
    /// Null: rather not said.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<Gender>)]
    gender: Option<Option<Gender>>,
    /// BCP 47, the preferred first.
    #[serde(default, deserialize_with = "patch::value")]
    languages: Option<Vec<String>>,
    /// Working groups of the consultation, the dearest first.
    #[serde(default, deserialize_with = "patch::value")]
    preferences: Option<Vec<WorkingGroupId>>,
    /// Each by itself; only by the person themselves. Without `processing` the registration is withdrawn.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    consents: Option<ConsentsChange>,
    /// What they do where they come from.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<String>)]
    position: Option<Option<String>>,
    /// The rounds they are available in; null: all.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<Vec<RoundId>>)]
    rounds: Option<Option<Vec<RoundId>>>,
    /// All of them anew.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    needs: Option<Needs>,
    /// Null: rather not said.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<AgeBand>)]
    age_band: Option<Option<AgeBand>>,
    /// Another guardian is asked anew.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<NamedGuardian>)]
    guardian: Option<Option<NamedGuardian>>,
    /// Answers by the codes of questions: those that change. Null takes one back.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    answers: Option<BTreeMap<String, Value>>,
}

impl UpdateRegistration {
    /// As the services take it; 422 for answers to questions that there are not.
    pub fn to_change(&self, work: &mut Work, id: RegistrationId) -> Result<Change, Problem> {
        let answers = match &self.answers {
            Some(answers) => {
                let consultation = service::see(work, id)?.consultation_id;
                Some(form::service::by_id(work, consultation, answers)?)
            }
            None => None,
        };
        let guardian = self.guardian.as_ref();
        Ok(Change {
            organization_id: self.organization_id,
            sector: self.sector,
            country: self.country,
            gender: self.gender,
            languages: self.languages.clone(),
            preferences: self.preferences.clone(),
            consents: self.consents,
            position: self.position.clone(),
            rounds: self.rounds.clone(),
            needs: self.needs.clone(),
            age_band: self.age_band,
            guardian: guardian.map(|one| one.as_ref().map(NamedGuardian::to_guardian)),
            answers,
        })
    }
}

/// The person of a registration.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegistrantBody {
    /// Their account: of oneself, and for administrators.
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<AccountId>,
    /// Their name, as they were registered.
    name: String,
    /// Their address; null for a co-organizer.
    email: Option<String>,
}

/// One registration: for its person, and for those who read registrations.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegistrationBody {
    /// Its id.
    id: RegistrationId,
    /// The consultation.
    consultation_id: ConsultationId,
    /// Whose it is.
    person: RegistrantBody,
    /// Whom they come for.
    organization_id: Option<OrganizationId>,
    /// Their sector.
    sector: SectorCode,
    /// Their country.
    country: CountryCode,
    /// As stated.
    gender: Option<Gender>,
    /// BCP 47, the preferred first.
    languages: Vec<String>,
    /// Working groups, the dearest first.
    preferences: Vec<WorkingGroupId>,
    /// What they agreed to.
    consents: Consents,
    /// What they do where they come from.
    position: Option<String>,
    /// The rounds they are available in; null: all.
    rounds: Option<Vec<RoundId>>,
    /// What they need to take part.
    needs: Needs,
    /// As stated.
    age_band: Option<AgeBand>,
    /// Who consents for somebody under 18, and since when.
    guardian: Option<Guardian>,
    /// Answers to the questions of the consultation, by their codes.
    answers: BTreeMap<String, Value>,
    /// By which way it came.
    source: Source,
    /// The invitation it came by.
    invitation_id: Option<InvitationRef>,
    /// How far it has come.
    state: RegistrationState,
    /// Why it was declined.
    reason_code: Option<ReasonCode>,
    /// What the secretariat wrote with its decision.
    note: Option<String>,
    /// Its turn on the waiting list: lower ones first.
    waiting_number: Option<i64>,
    /// Until when an offered place is kept.
    accept_by: Option<Timestamp>,
    /// When it was last decided.
    decided_at: Option<Timestamp>,
    /// When it was submitted.
    created_at: Timestamp,
    /// When it last changed.
    updated_at: Timestamp,
    /// Grows with each change; also the `ETag`.
    version: i64,
    /// What the caller may do with it.
    allowed_actions: Vec<&'static str>,
}

impl From<Entry> for RegistrationBody {
    fn from(entry: Entry) -> Self {
        let one = entry.registration;
        let email = Some(entry.email).filter(|email| !email.is_empty());
        let account_id = entry.shows_account.then_some(one.account_id);
        let person = RegistrantBody { account_id, name: entry.name, email };
        Self {
            id: one.id,
            consultation_id: one.consultation_id,
            person,
            organization_id: one.organization_id,
            sector: one.sector,
            country: one.country,
            gender: one.gender,
            languages: one.languages,
            preferences: one.preferences,
            consents: one.consents,
            position: one.position,
            rounds: one.rounds,
            needs: one.needs,
            age_band: one.age_band,
            guardian: one.guardian,
            answers: entry.answers,
            source: one.source,
            invitation_id: one.invitation_id,
            state: one.state,
            reason_code: one.reason_code,
            note: one.note,
            waiting_number: one.waiting_number,
            accept_by: one.accept_by,
            decided_at: one.decided_at,
            created_at: one.created_at,
            updated_at: one.updated_at,
            version: one.version,
            allowed_actions: entry.allowed_actions,
        }
    }
}
