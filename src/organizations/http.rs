//! Operations on organizations, and the shapes of what they take and give. Knows no rule.

use super::service;
use super::{
    Filter, NewOrganization, Organization, OrganizationChange, OrganizationId, Vetting, normalized,
};
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::problem::Code;
use crate::reference::{CountryCode, SectorCode};

/// An organization.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganizationBody {
    /// Its id.
    pub id: OrganizationId,
    /// Its name as it writes it.
    #[schema(example = "Migrant Forum in Asia")]
    pub name: String,
    /// The short form of its name.
    #[schema(example = "MFA")]
    pub acronym: Option<String>,
    /// Its sector.
    pub sector: SectorCode,
    /// Where it is based.
    pub country: CountryCode,
    /// Its web address.
    #[schema(example = "https://mfasia.org")]
    pub website: Option<String>,
    /// How far its vetting has come.
    pub vetting: Vetting,
    /// Why; only for those who vet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vetting_note: Option<String>,
    /// Counts changes; also the `ETag`.
    pub version: i64,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// What the caller may do with it now.
    pub allowed_actions: Vec<&'static str>,
}

impl OrganizationBody {
    fn of(work: &Work, organization: Organization) -> Self {
        let allowed_actions = service::allowed_actions(work, &organization);
        Self {
            id: organization.id,
            name: organization.name,
            acronym: organization.acronym,
            sector: organization.sector,
            country: organization.country,
            website: organization.website,
            vetting: organization.vetting,
            vetting_note: organization.vetting_note,
            version: organization.version,
            created_at: organization.created_at,
            updated_at: organization.updated_at,
            allowed_actions,
        }
    }
}

/// Which organizations, and which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListOrganizations {
    /// Of this sector.
    pub sector: Option<SectorCode>,
    /// Based in this country.
    pub country: Option<CountryCode>,
    /// In this state of vetting.
    pub vetting: Option<Vetting>,
    /// Whose name begins so; case, punctuation and spacing do not matter.
    pub q: Option<String>,
    /// Rows of the page, at most 200.
    pub limit: Option<u32>,
    /// Where the page before said that this one begins.
    pub cursor: Option<String>,
}

/// Lists organizations by name: the vetted ones for everybody, all of them for who is signed in.
#[utoipa::path(
    tag = "organizations", params(ListOrganizations), security((), ("bearer" = [])),
    responses((status = 200, body = Page<OrganizationBody>), Refusals)
)]
#[get("/api/v1/organizations")]
pub async fn list_organizations(call: Call, query: Params<ListOrganizations>) -> Answer {
    let query = query.0;
    if query.q.as_deref().is_some_and(|prefix| normalized(prefix).is_empty()) {
        let detail = "must have a letter or a digit";
        return Err(Problem::new(Code::InvalidQuery, detail).at("?q", detail));
    }
    let shape = ("organizations", query.sector, query.country, query.vetting, &query.q);
    let paging = Paging::new(query.limit, query.cursor.as_deref(), &shape)?;
    let filter = Filter {
        sector: query.sector,
        country: query.country,
        vetting: query.vetting,
        prefix: query.q,
    };
    let part = call
        .read(move |work| {
            let part = service::list(work, &filter, &paging)?;
            Ok(part.map(|organization| OrganizationBody::of(work, organization)))
        })
        .await?;
    Ok(call.page(part))
}

/// An organization to be put forward.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeOrganization {
    /// Its name as it writes it.
    #[schema(example = "Migrant Forum in Asia", min_length = 1, max_length = 300)]
    pub name: String,
    /// The short form of its name.
    #[schema(example = "MFA", max_length = 40)]
    pub acronym: Option<String>,
    /// Its sector.
    pub sector: SectorCode,
    /// Where it is based.
    pub country: CountryCode,
    /// Its web address.
    #[schema(example = "https://mfasia.org", max_length = 500)]
    pub website: Option<String>,
}

impl ProposeOrganization {
    fn to_new(&self) -> NewOrganization {
        NewOrganization {
            name: self.name.clone(),
            acronym: self.acronym.clone(),
            sector: self.sector,
            country: self.country,
            website: self.website.clone(),
        }
    }
}

/// Puts an organization forward to be vetted.
#[utoipa::path(
    tag = "organizations", request_body = ProposeOrganization, security(("bearer" = [])),
    responses((status = 201, body = OrganizationBody), Refusals)
)]
#[post("/api/v1/organizations")]
pub async fn propose_organization(call: Call, body: Body<ProposeOrganization>) -> Answer {
    call.post(body, |work, body| {
        let organization = service::propose(work, body.to_new())?;
        let (id, version) = (organization.id, organization.version);
        let body = OrganizationBody::of(work, organization);
        Ok(Reply::created(format!("/api/v1/organizations/{id}"), version, &body))
    })
    .await
}

/// Reads one organization.
#[utoipa::path(
    tag = "organizations", params(("organization_id" = OrganizationId, Path)), security((), ("bearer" = [])),
    responses((status = 200, body = OrganizationBody), Refusals)
)]
#[get("/api/v1/organizations/{organization_id}")]
pub async fn read_organization(call: Call, path: PathIds<OrganizationId>) -> Answer {
    let id = path.id();
    let body = call
        .read(move |work| {
            let organization = service::see(work, id)?;
            Ok(OrganizationBody::of(work, organization))
        })
        .await?;
    Ok(call.ok(body.version, &body))
}

/// A change of an organization's entry (JSON Merge Patch).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "acronym": "IDC", "website": null }))]
pub struct UpdateOrganization {
    /// Another name.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false, max_length = 300)]
    pub name: Option<String>,
    /// Another short form; null removes it.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<String>)]
    pub acronym: Option<Option<String>>,
    /// Another sector.
    #[serde(default, deserialize_with = "patch::value")]
    pub sector: Option<SectorCode>,
    /// Another country.
    #[serde(default, deserialize_with = "patch::value")]
    pub country: Option<CountryCode>,
    /// Another web address; null removes it.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<String>)]
    pub website: Option<Option<String>>,
}

/// Changes an organization's entry.
#[utoipa::path(
    tag = "organizations", params(("organization_id" = OrganizationId, Path)), request_body = UpdateOrganization,
    security(("bearer" = [])), responses((status = 200, body = OrganizationBody), Refusals)
)]
#[patch("/api/v1/organizations/{organization_id}")]
pub async fn update_organization(
    call: Call,
    path: PathIds<OrganizationId>,
    body: Body<UpdateOrganization>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    let body = body.value;
    let change = OrganizationChange {
        name: body.name,
        acronym: body.acronym,
        sector: body.sector,
        country: body.country,
        website: body.website,
    };
    call.change(move |work| {
        let organization = service::update(work, id, version, &change)?;
        Ok(Reply::ok(organization.version, &OrganizationBody::of(work, organization)))
    })
    .await
}

/// A step of an organization's vetting.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VetOrganization {
    /// The state it is to have: `proposed`, `vetted` or `declined`.
    pub to: Vetting,
    /// Why; only those who vet see it.
    #[schema(example = "Known from the first consultation.", max_length = 2000)]
    pub note: Option<String>,
}

/// Moves an organization through its vetting. Who proposed it does not decide.
#[utoipa::path(
    tag = "organizations", params(("organization_id" = OrganizationId, Path)), request_body = VetOrganization,
    security(("bearer" = [])), responses((status = 200, body = OrganizationBody), Refusals)
)]
#[post("/api/v1/organizations/{organization_id}/vetting")]
pub async fn vet_organization(
    call: Call,
    path: PathIds<OrganizationId>,
    body: Body<VetOrganization>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let organization = service::vet(work, id, version, body.to, body.note.clone())?;
        Ok(Reply::ok(organization.version, &OrganizationBody::of(work, organization)))
    })
    .await
}

/// Adds these operations to the server.
pub fn mount(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(list_organizations)
        .service(propose_organization)
        .service(read_organization)
        .service(update_organization)
        .service(vet_organization);
}
