//! The operations on registration rules and access codes: what is sent, what is answered. No rules here.

use std::collections::BTreeMap;

use super::{Access, Rules, service};
use crate::consultations::{Consultation, ConsultationId};
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::reference::SectorCode;
use crate::registrations::access_codes::service::{self as codes, NewAccessCode};
use crate::registrations::access_codes::{AccessCode, AccessCodeId};

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(read_registration_rules)
        .service(replace_registration_rules)
        .service(create_access_code)
        .service(list_access_codes)
        .service(delete_access_code);
}

/// The registration rules of a consultation; what is left out has no limit.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "closes_at": "2020-11-12T17:00:00Z", "access": "open", "sector_capacities": { "private_sector": 10 } }))]
pub struct ReplaceRules {
    /// Nobody registers by themselves before.
    #[serde(default)]
    opens_at: Option<Timestamp>,
    /// Nobody registers by themselves from then on.
    #[serde(default)]
    closes_at: Option<Timestamp>,
    /// Who may register by themselves.
    #[serde(default = "everybody")]
    access: Access,
    /// Places of a sector at most; one that is not named has no limit of its own.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, i32>)]
    sector_capacities: BTreeMap<SectorCode, i32>,
    /// Places of one organization at most.
    #[serde(default)]
    organization_capacity: Option<i32>,
    /// Hours to accept a place that has become free; absent: it is had at once.
    #[serde(default)]
    acceptance_hours: Option<i32>,
    /// Nobody changes their own registration from then on.
    #[serde(default)]
    edit_until: Option<Timestamp>,
    /// Whether mail about the consultation waits in the outbox until somebody releases it.
    #[serde(default)]
    hold_mail: bool,
}

const fn everybody() -> Access {
    Access::Open
}

impl ReplaceRules {
    fn to_rules(&self, consultation_id: ConsultationId) -> Rules {
        Rules {
            consultation_id,
            opens_at: self.opens_at,
            closes_at: self.closes_at,
            access: self.access,
            sector_capacities: self.sector_capacities.clone(),
            organization_capacity: self.organization_capacity,
            acceptance_hours: self.acceptance_hours,
            edit_until: self.edit_until,
            hold_mail: self.hold_mail,
            version: 0,
        }
    }
}

/// Who may register for a consultation and when.
#[derive(Debug, Serialize, ToSchema)]
pub struct RulesBody {
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// Nobody registers by themselves before.
    pub opens_at: Option<Timestamp>,
    /// Nobody registers by themselves from then on.
    pub closes_at: Option<Timestamp>,
    /// Who may register by themselves.
    pub access: Access,
    /// Whether somebody may register by themselves now.
    pub is_open: bool,
    /// Nobody changes their own registration from then on.
    pub edit_until: Option<Timestamp>,
    /// Hours to accept a place that has become free.
    pub acceptance_hours: Option<i32>,
    /// Places of a sector at most; for those who read registrations.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<BTreeMap<String, i32>>)]
    pub sector_capacities: Option<BTreeMap<SectorCode, i32>>,
    /// Places of one organization at most; for those who read registrations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization_capacity: Option<i32>,
    /// Whether mail about the consultation is held; for those who read registrations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold_mail: Option<bool>,
    /// Grows with each change; also the `ETag`. 0 while nothing was set.
    pub version: i64,
}

impl RulesBody {
    /// All of the rules, or the part that everybody may know.
    pub fn new(consultation: &Consultation, rules: Rules, all: bool, now: Timestamp) -> Self {
        let is_open = rules.require_open(consultation, now).is_ok();
        Self {
            consultation_id: rules.consultation_id,
            opens_at: rules.opens_at,
            closes_at: rules.closes_at,
            access: rules.access,
            is_open,
            edit_until: rules.edit_until,
            acceptance_hours: rules.acceptance_hours,
            sector_capacities: all.then_some(rules.sector_capacities),
            organization_capacity: rules.organization_capacity.filter(|_| all),
            hold_mail: all.then_some(rules.hold_mail),
            version: rules.version,
        }
    }
}

/// An access code to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "label": "For members of the regional network", "most_uses": 40 }))]
pub struct CreateAccessCode {
    /// What it was made for.
    label: String,
    /// How many may register with it; absent: any number.
    #[serde(default)]
    most_uses: Option<i32>,
    /// It opens nothing from then on.
    #[serde(default)]
    expires_at: Option<Timestamp>,
}

/// An access code, without the code.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccessCodeBody {
    /// Its id.
    id: AccessCodeId,
    /// What it was made for.
    #[schema(example = "For members of the regional network")]
    label: String,
    /// How many may register with it.
    most_uses: Option<i32>,
    /// How many have registered with it.
    uses: i32,
    /// It opens nothing from then on.
    expires_at: Option<Timestamp>,
    /// Grows with each change and each use; also the `ETag`.
    version: i64,
    /// When it was made.
    created_at: Timestamp,
}

impl From<AccessCode> for AccessCodeBody {
    fn from(code: AccessCode) -> Self {
        Self {
            id: code.id,
            label: code.label,
            most_uses: code.most_uses,
            uses: code.uses,
            expires_at: code.expires_at,
            version: code.version,
            created_at: code.created_at,
        }
    }
}

/// A new access code.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewAccessCodeBody {
    /// The code. It is shown here and never again.
    #[schema(example = "K7QM-3XRT-9WBD")]
    code: String,
    /// What is known of it.
    access_code: AccessCodeBody,
}

/// Who may register and when. Everybody sees when and how; capacities are for those who read registrations.
#[utoipa::path(tag = "registrations", params(("consultation_id" = ConsultationId, Path)),
    responses((status = 200, body = RulesBody), Refusals), security((), ("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/registration-rules")]
pub async fn read_registration_rules(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let id = path.id();
    let body = call.read(move |work| {
        let (consultation, rules, all) = service::see(work, id)?;
        Ok(RulesBody::new(&consultation, rules, all, work.now))
    });
    let body = body.await?;
    Ok(call.ok(body.version, &body))
}

/// Sets the registration rules anew. Before anything was set, the version is "0".
#[utoipa::path(tag = "registrations", request_body = ReplaceRules, params(("consultation_id" = ConsultationId, Path), IfMatch),
    responses((status = 200, body = RulesBody), Refusals), security(("bearer" = [])))]
#[put("/api/v1/consultations/{consultation_id}/registration-rules")]
pub async fn replace_registration_rules(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<ReplaceRules>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        service::replace(work, version, body.to_rules(id))?;
        let (consultation, rules, all) = service::see(work, id)?;
        let body = RulesBody::new(&consultation, rules, all, work.now);
        Ok(Reply::ok(body.version, &body))
    })
    .await
}

/// Makes an access code. The code is in this answer only; nobody can read it again.
#[utoipa::path(tag = "registrations", request_body = CreateAccessCode, params(("consultation_id" = ConsultationId, Path)),
    responses((status = 201, body = NewAccessCodeBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/consultations/{consultation_id}/access-codes")]
pub async fn create_access_code(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<CreateAccessCode>,
) -> Answer {
    let consultation = path.id();
    call.post_secret(body, move |work, body| {
        let new = NewAccessCode {
            label: body.label.clone(),
            most_uses: body.most_uses,
            expires_at: body.expires_at,
        };
        let (code, access_code) = codes::create(work, consultation, new)?;
        let (id, version) = (access_code.id, access_code.version);
        let body = NewAccessCodeBody { code, access_code: access_code.into() };
        Ok(Reply::created(format!("/api/v1/access-codes/{id}"), version, &body))
    })
    .await
}

/// The access codes of a consultation, without the codes, in the order they were made.
#[utoipa::path(tag = "registrations", params(("consultation_id" = ConsultationId, Path), PageQuery),
    responses((status = 200, body = Page<AccessCodeBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/access-codes")]
pub async fn list_access_codes(call: Call, path: PathIds<ConsultationId>, query: Listed) -> Answer {
    let consultation = path.id();
    let paging = query.paging;
    let part = call.read(move |work| codes::list(work, consultation, &paging)).await?;
    Ok(call.page(part.map(AccessCodeBody::from)))
}

/// Deletes an access code: it opens nothing any more. Who registered with it stays registered.
#[utoipa::path(tag = "registrations", params(("access_code_id" = AccessCodeId, Path), IfMatch),
    responses((status = 204), Refusals), security(("bearer" = [])))]
#[delete("/api/v1/access-codes/{access_code_id}")]
pub async fn delete_access_code(call: Call, path: PathIds<AccessCodeId>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        codes::delete(work, id, version)?;
        Ok(Reply::no_content())
    })
    .await
}
