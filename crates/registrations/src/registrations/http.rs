//! The operations on registrations: what is sent, what is answered. No rules here.

use super::bodies::{CreateRegistration, RegistrationBody, UpdateRegistration};
use super::{
    Decision, Entry, Filter, ReasonCode, RegistrationId, RegistrationState, Source, changes,
    decisions, listing, service, submission,
};
use crate::consultations::ConsultationId;
use crate::http::prelude::*;
use crate::organizations::OrganizationId;
use crate::reference::{CountryCode, SectorCode};
use crate::text_enum;

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(create_registration)
        .service(list_registrations)
        .service(read_registration)
        .service(update_registration)
        .service(decide_registration)
        .service(super::decisions::http::decide_registrations)
        .service(super::decisions::http::accept_place)
        .service(super::decisions::http::read_balance)
        .service(super::decisions::http::list_registration_history)
        .service(withdraw_registration)
        .service(list_own_registrations);
    super::exchange::http::mount(cfg);
    super::rules::http::mount(cfg);
    super::form::http::mount(cfg);
    super::consents::http::mount(cfg);
    super::drafts::http::mount(cfg);
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
    pub(super) const fn new(
        decision: Verdict,
        reason_code: Option<ReasonCode>,
        note: Option<String>,
    ) -> Self {
        Self { decision, reason_code, note }
    }

    pub(super) fn to_decision(&self) -> Result<Decision, Problem> {
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

text_enum! {
    /// The order of a list of registrations.
    pub enum ListOrder {
        /// As they were submitted.
        Submitted => "submitted",
        /// The waiting list only, whoever is next first.
        Waiting => "waiting",
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
    /// Which came in this way.
    source: Option<Source>,
    /// `submitted` (when absent): in the order they were submitted; `waiting`: the waiting list, in its order.
    #[param(inline)]
    sort: Option<ListOrder>,
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
        let new = body.to_new(work, consultation)?;
        let registration = submission::submit(work, consultation, new)?;
        let entry = service::entry(work, registration)?;
        let (id, version) = (entry.registration.id, entry.registration.version);
        let location = format!("/api/v1/registrations/{id}");
        Ok(Reply::created(location, version, &RegistrationBody::from(entry)))
    })
    .await
}

/// Registrations of a consultation, with names, in the order they were submitted or of the waiting list. A co-organizer
/// sees the people of its own organization, without contact data and what they said about themselves.
#[utoipa::path(tag = "registrations", params(("consultation_id" = ConsultationId, Path), ListRegistrations, PageQuery),
    responses((status = 200, body = Page<RegistrationBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/registrations")]
pub async fn list_registrations(
    call: Call,
    path: PathIds<ConsultationId>,
    query: Listed<ListRegistrations>,
) -> Answer {
    let consultation = path.id();
    let Listed { filter: query, paging } = query;
    let filter = Filter {
        state: query.state,
        sector: query.sector,
        country: query.country,
        organization: query.organization,
        source: query.source,
        by_waiting_number: query.sort == Some(ListOrder::Waiting),
    };
    let part = call.read(move |work| listing::list(work, consultation, &filter, &paging)).await?;
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
#[utoipa::path(tag = "registrations", request_body = UpdateRegistration, params(("registration_id" = RegistrationId, Path), IfMatch),
    responses((status = 200, body = RegistrationBody), Refusals), security(("bearer" = [])))]
#[patch("/api/v1/registrations/{registration_id}")]
pub async fn update_registration(
    call: Call,
    path: PathIds<RegistrationId>,
    body: Body<UpdateRegistration>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        let change = body.to_change(work, id)?;
        let registration = changes::update(work, id, version, change)?;
        reply(service::entry(work, registration)?)
    })
    .await
}

/// Confirms, waitlists or declines. A confirmation when every place is taken gives a waiting number.
#[utoipa::path(tag = "registrations", request_body = DecideRegistration, params(("registration_id" = RegistrationId, Path), IfMatch),
    responses((status = 200, body = RegistrationBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/registrations/{registration_id}/decision")]
pub async fn decide_registration(
    call: Call,
    path: PathIds<RegistrationId>,
    body: Body<DecideRegistration>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let registration = decisions::decide(work, id, version, body.to_decision()?)?;
        reply(service::entry(work, registration)?)
    })
    .await
}

/// Takes a registration back: one's own, or for the secretariat. A place goes to who waits with the lowest number.
#[utoipa::path(tag = "registrations", params(("registration_id" = RegistrationId, Path), IfMatch),
    responses((status = 200, body = RegistrationBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/registrations/{registration_id}/withdrawal")]
pub async fn withdraw_registration(call: Call, path: PathIds<RegistrationId>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post_empty(move |work| {
        let registration = decisions::withdraw(work, id, version)?;
        reply(service::entry(work, registration)?)
    })
    .await
}

pub(super) fn reply(entry: Entry) -> Result<Reply, Problem> {
    Ok(Reply::ok(entry.registration.version, &RegistrationBody::from(entry)))
}

/// The caller's own registrations, the oldest first.
#[utoipa::path(tag = "registrations", params(PageQuery),
    responses((status = 200, body = Page<RegistrationBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/me/registrations")]
pub async fn list_own_registrations(call: Call, query: Listed) -> Answer {
    let paging = query.paging;
    let part = call.read(move |work| listing::own(work, &paging)).await?;
    Ok(call.page(part.map(RegistrationBody::from)))
}
