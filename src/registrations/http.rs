//! The operations on registrations: what is sent, what is answered. No rules here.

use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    Cell, Change, Consents, Decision, Entry, Filter, Gender, NewRegistration, Person, ROUNDING,
    ReasonCode, RegistrationId, RegistrationState, Statistics, service,
};
use crate::accounts::{AccountId, Email};
use crate::consultations::{ConsultationId, WorkingGroupId};
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::organizations::OrganizationId;
use crate::reference::{CountryCode, SectorCode, SubregionCode};
use crate::text_enum;

/// Mounts the operations.
pub fn mount(cfg: &mut ServiceConfig) {
    cfg.service(create_registration)
        .service(list_registrations)
        .service(read_registration)
        .service(update_registration)
        .service(decide_registration)
        .service(withdraw_registration)
        .service(list_own_registrations)
        .service(read_statistics);
}

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
}

impl CreateRegistration {
    fn to_new(&self) -> NewRegistration {
        NewRegistration {
            person: self.person.as_ref().map(PersonBody::to_person),
            organization_id: self.organization_id,
            sector: self.sector,
            country: self.country,
            gender: self.gender,
            languages: self.languages.clone(),
            preferences: self.preferences.clone(),
            consents: self.consents,
        }
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
    /// All of them anew; only by the person themselves.
    #[serde(default, deserialize_with = "patch::value")]
    consents: Option<Consents>,
}

impl UpdateRegistration {
    fn to_change(&self) -> Change {
        Change {
            organization_id: self.organization_id,
            sector: self.sector,
            country: self.country,
            gender: self.gender,
            languages: self.languages.clone(),
            preferences: self.preferences.clone(),
            consents: self.consents,
        }
    }
}

text_enum! {
    /// What is decided on a registration.
    pub enum Verdict {
        /// Give it a place, or a waiting number when all are taken.
        Confirm => "confirm",
        /// Put it on the waiting list.
        Waitlist => "waitlist",
        /// Refuse it, with a reason and a note.
        Decline => "decline",
    }
}

/// A decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "decision": "decline", "reason_code": "out_of_scope", "note": "This consultation is about objectives 4 to 21." }))]
pub struct DecideRegistration {
    /// What is decided.
    decision: Verdict,
    /// Needed to decline.
    #[serde(default)]
    reason_code: Option<ReasonCode>,
    /// Told to the person; needed to decline.
    #[serde(default)]
    note: Option<String>,
}

impl DecideRegistration {
    fn to_decision(&self) -> Result<Decision, Problem> {
        let note = self.note.clone();
        let reason = self.reason_code;
        match self.decision {
            Verdict::Decline => Ok(Decision::Decline {
                reason: reason
                    .ok_or_else(|| Problem::invalid("/reason_code", "is needed to decline"))?,
                note: note.ok_or_else(|| Problem::invalid("/note", "is needed to decline"))?,
            }),
            _ if reason.is_some() => {
                Err(Problem::invalid("/reason_code", "is for declining only: leave it out"))
            }
            Verdict::Confirm => Ok(Decision::Confirm { note }),
            Verdict::Waitlist => Ok(Decision::Waitlist { note }),
        }
    }
}

/// The person of a registration.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegistrantBody {
    /// Their account.
    account_id: AccountId,
    /// Their name.
    name: String,
    /// Their address.
    email: String,
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
    /// How far it has come.
    state: RegistrationState,
    /// Why it was declined.
    reason_code: Option<ReasonCode>,
    /// What the secretariat wrote with its decision.
    note: Option<String>,
    /// Its turn on the waiting list: lower ones first.
    waiting_number: Option<i64>,
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
        let person =
            RegistrantBody { account_id: one.account_id, name: entry.name, email: entry.email };
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
            state: one.state,
            reason_code: one.reason_code,
            note: one.note,
            waiting_number: one.waiting_number,
            decided_at: one.decided_at,
            created_at: one.created_at,
            updated_at: one.updated_at,
            version: one.version,
            allowed_actions: entry.allowed_actions,
        }
    }
}

/// Which registrations are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListRegistrations {
    /// In this state.
    state: Option<RegistrationState>,
    /// Of this sector.
    sector: Option<SectorCode>,
    /// From this country.
    country: Option<CountryCode>,
    /// Of this organization.
    organization: Option<OrganizationId>,
    /// Rows of a page: 1 to 200, 50 when absent.
    limit: Option<u32>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// One figure of a breakdown.
#[derive(Debug, Serialize, ToSchema)]
pub struct SectorCellBody {
    /// The sector.
    sector: SectorCode,
    /// How many; null when suppressed.
    count: Option<u32>,
    /// Whether it is too small to be told, or would give such a one away.
    suppressed: bool,
}

/// One figure of a breakdown.
#[derive(Debug, Serialize, ToSchema)]
pub struct GenderCellBody {
    /// The gender; null for those who did not say.
    gender: Option<Gender>,
    /// How many; null when suppressed.
    count: Option<u32>,
    /// Whether it is too small to be told, or would give such a one away.
    suppressed: bool,
}

/// One figure of a breakdown.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubregionCellBody {
    /// The subregion.
    subregion: SubregionCode,
    /// Whether anybody comes from it.
    present: bool,
    /// How many; null when suppressed.
    count: Option<u32>,
    /// Whether it is too small to be told, or would give such a one away.
    suppressed: bool,
}

/// Who takes part, as far as it can be told without telling of anybody: confirmed registrations only.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatisticsBody {
    /// Participants, to the nearest `rounded_to`.
    #[schema(example = 80)]
    about: u32,
    /// What `about` is rounded to.
    #[schema(example = 5)]
    rounded_to: u32,
    /// Cells under this are suppressed.
    #[schema(example = 5)]
    smallest_cell: i64,
    /// Of UN entities; null when suppressed.
    un_representatives: Option<u32>,
    /// From how many countries.
    countries: u32,
    /// By sector, those present.
    sectors: Vec<SectorCellBody>,
    /// By gender, with those who did not say.
    genders: Vec<GenderCellBody>,
    /// By subregion, all of them.
    subregions: Vec<SubregionCellBody>,
}

impl StatisticsBody {
    fn new(statistics: Statistics, smallest_cell: i64) -> Self {
        let sector = |cell: Cell<SectorCode>| SectorCellBody {
            sector: cell.key,
            count: cell.count,
            suppressed: cell.count.is_none(),
        };
        let gender = |cell: Cell<Option<Gender>>| GenderCellBody {
            gender: cell.key,
            count: cell.count,
            suppressed: cell.count.is_none(),
        };
        let present = statistics.subregions.into_iter().map(|cell| (cell.key, true, cell.count));
        let missing = statistics.subregions_missing.into_iter().map(|code| (code, false, Some(0)));
        let subregion = |(subregion, present, count): (SubregionCode, bool, Option<u32>)| {
            SubregionCellBody { subregion, present, count, suppressed: count.is_none() }
        };
        Self {
            about: statistics.about,
            rounded_to: ROUNDING,
            smallest_cell,
            un_representatives: statistics.un_representatives,
            countries: statistics.countries,
            sectors: statistics.sectors.into_iter().map(sector).collect(),
            genders: statistics.genders.into_iter().map(gender).collect(),
            subregions: present.chain(missing).map(subregion).collect(),
        }
    }
}

/// Registers the caller, or for the secretariat somebody else. Where admission is automatic, the answer has a place or a waiting number.
#[utoipa::path(tag = "registrations", request_body = CreateRegistration, params(("consultation_id" = ConsultationId, Path)),
    responses((status = 201, body = RegistrationBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/consultations/{consultation_id}/registrations")]
pub async fn create_registration(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<CreateRegistration>,
) -> Answer {
    let consultation = path.id();
    call.post(body, move |work, body| {
        let registration = service::submit(work, consultation, body.to_new())?;
        let entry = service::entry(work, registration)?;
        let (id, version) = (entry.registration.id, entry.registration.version);
        let location = format!("/api/v1/registrations/{id}");
        Ok(Reply::created(location, version, &RegistrationBody::from(entry)))
    })
    .await
}

/// Registrations of a consultation, with names, in the order they were submitted.
#[utoipa::path(tag = "registrations", params(("consultation_id" = ConsultationId, Path), ListRegistrations),
    responses((status = 200, body = Page<RegistrationBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/registrations")]
pub async fn list_registrations(
    call: Call,
    path: PathIds<ConsultationId>,
    query: Params<ListRegistrations>,
) -> Answer {
    let consultation = path.id();
    let filter = Filter {
        state: query.state,
        sector: query.sector,
        country: query.country,
        organization: query.organization,
    };
    let shape = ("registrations", consultation, filter);
    let paging = Paging::new(query.limit, query.cursor.as_deref(), &shape)?;
    let part = call.read(move |work| service::list(work, consultation, &filter, &paging)).await?;
    Ok(call.page(part.map(RegistrationBody::from)))
}

/// One registration: one's own, or for those who read registrations.
#[utoipa::path(tag = "registrations", params(("registration_id" = RegistrationId, Path)),
    responses((status = 200, body = RegistrationBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/registrations/{registration_id}")]
pub async fn read_registration(call: Call, path: PathIds<RegistrationId>) -> Answer {
    let id = path.id();
    let entry = call
        .read(move |work| {
            let registration = service::see(work, id)?;
            service::entry(work, registration)
        })
        .await?;
    Ok(call.ok(entry.registration.version, &RegistrationBody::from(entry)))
}

/// Changes a registration. A changed organization, sector or country sends it back to review; it keeps its place meanwhile.
#[utoipa::path(tag = "registrations", request_body = UpdateRegistration, params(("registration_id" = RegistrationId, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = RegistrationBody), Refusals), security(("bearer" = [])))]
#[patch("/api/v1/registrations/{registration_id}")]
pub async fn update_registration(
    call: Call,
    path: PathIds<RegistrationId>,
    body: Body<UpdateRegistration>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        let registration = service::update(work, id, version, body.to_change())?;
        reply(service::entry(work, registration)?)
    })
    .await
}

/// Confirms, waitlists or declines. A confirmation when every place is taken gives a waiting number.
#[utoipa::path(tag = "registrations", request_body = DecideRegistration, params(("registration_id" = RegistrationId, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = RegistrationBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/registrations/{registration_id}/decision")]
pub async fn decide_registration(
    call: Call,
    path: PathIds<RegistrationId>,
    body: Body<DecideRegistration>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let registration = service::decide(work, id, version, body.to_decision()?)?;
        reply(service::entry(work, registration)?)
    })
    .await
}

/// Takes a registration back: one's own, or for the secretariat. A place goes to who waits with the lowest number.
#[utoipa::path(tag = "registrations", params(("registration_id" = RegistrationId, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = RegistrationBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/registrations/{registration_id}/withdrawal")]
pub async fn withdraw_registration(call: Call, path: PathIds<RegistrationId>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post_empty(move |work| {
        let registration = service::withdraw(work, id, version)?;
        reply(service::entry(work, registration)?)
    })
    .await
}

fn reply(entry: Entry) -> Result<Reply, Problem> {
    Ok(Reply::ok(entry.registration.version, &RegistrationBody::from(entry)))
}

/// The caller's own registrations, the oldest first.
#[utoipa::path(tag = "registrations", responses((status = 200, body = Page<RegistrationBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/me/registrations")]
pub async fn list_own_registrations(call: Call) -> Answer {
    let entries = call.read(service::own).await?;
    Ok(call.page(Part { items: entries, next: None }.map(RegistrationBody::from)))
}

/// Figures of participation, with small cells suppressed.
#[utoipa::path(tag = "registrations", params(("consultation_id" = ConsultationId, Path)),
    responses((status = 200, body = StatisticsBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/statistics")]
pub async fn read_statistics(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let consultation = path.id();
    let smallest_cell = call.app().settings.privacy.smallest_cell;
    let statistics = call.read(move |work| service::statistics(work, consultation)).await?;
    Ok(call.ok_unversioned(&StatisticsBody::new(statistics, smallest_cell)))
}
