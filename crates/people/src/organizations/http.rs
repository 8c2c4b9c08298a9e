//! Operations on organizations, and the shapes of what they take and give. Knows no rule.

use super::merging::http::{MatchBody, list_merges, match_organizations, merge_organization};
use super::vetting::http::{list_vettings, vet_organization};
use super::vetting::service::Vetter;
use super::{
    Filter, NewOrganization, Organization, OrganizationChange, OrganizationId, Vetting, merging,
    normalized, service,
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
    /// Other names and short forms that it is found by, from entries that were merged into this one.
    #[schema(example = json!(["Migrants Forum Asia"]))]
    pub also_known_as: Vec<String>,
    /// The entry of the same organization that this one was merged into: use that one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<OrganizationId>,
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
    pub(super) fn of(work: &mut Work, organization: Organization) -> Result<Self, Problem> {
        let mut one = Self::all(work, vec![organization])?;
        one.pop().ok_or_else(|| Problem::internal("one organization makes one body"))
    }

    fn all(work: &mut Work, organizations: Vec<Organization>) -> Result<Vec<Self>, Problem> {
        let ids: Vec<OrganizationId> = organizations.iter().map(|one| one.id).collect();
        let mut aliases = merging::service::aliases(work, &ids)?;
        let vetter = Vetter::of(work)?;
        let body = |organization: Organization| {
            let allowed_actions = service::allowed_actions(work, &vetter, &organization);
            Self {
                id: organization.id,
                name: organization.name,
                acronym: organization.acronym,
                sector: organization.sector,
                country: organization.country,
                website: organization.website,
                also_known_as: aliases.remove(&organization.id).unwrap_or_default(),
                merged_into: organization.merged_into,
                vetting: organization.vetting,
                vetting_note: organization.vetting_note,
                version: organization.version,
                created_at: organization.created_at,
                updated_at: organization.updated_at,
                allowed_actions,
            }
        };
        Ok(organizations.into_iter().map(body).collect())
    }
}

/// Which organizations are listed.
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
    /// Whose name, or another name it is found by, begins so; case, punctuation and spacing do not matter.
    pub q: Option<String>,
}

/// Lists organizations by name: the vetted ones for everybody, all of them for who is signed in.
#[utoipa::path(
    tag = "organizations", params(ListOrganizations, PageQuery), security((), ("bearer" = [])),
    responses((status = 200, body = Page<OrganizationBody>), Refusals)
)]
#[get("/api/v1/organizations")]
pub async fn list_organizations(call: Call, query: Listed<ListOrganizations>) -> Answer {
    let Listed { filter: query, paging } = query;
    if query.q.as_deref().is_some_and(|prefix| normalized(prefix).is_empty()) {
        let detail = "must have a letter or a digit";
        return Err(Problem::new(Code::InvalidQuery, detail).at("?q", detail));
    }
    let filter = Filter {
        sector: query.sector,
        country: query.country,
        vetting: query.vetting,
        prefix: query.q,
    };
    let part = call
        .read(move |work| {
            let part = service::list(work, &filter, &paging)?;
            Ok(Listing { items: OrganizationBody::all(work, part.items)?, next: part.next })
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

/// An organization that was put forward.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProposedBody {
    /// As it is entered now.
    #[serde(flatten)]
    pub organization: OrganizationBody,
    /// Organizations that are entered already and may be the same: take that entry instead, or tell the secretariat.
    pub similar: Vec<MatchBody>,
}

/// Puts an organization forward to be vetted. 409 names the organization that has the name already, or had it before a
/// merge; those that only resemble it are told in `similar`.
#[utoipa::path(
    tag = "organizations", request_body = ProposeOrganization, security(("bearer" = [])),
    responses((status = 201, body = ProposedBody), Refusals)
)]
#[post("/api/v1/organizations")]
pub async fn propose_organization(call: Call, body: Body<ProposeOrganization>) -> Answer {
    call.post(body, |work, body| {
        let organization = service::propose(work, body.to_new())?;
        let (id, version) = (organization.id, organization.version);
        let similar =
            merging::service::similar(work, &organization)?.into_iter().map(MatchBody::from);
        let similar = similar.collect();
        let body =
            ProposedBody { organization: OrganizationBody::of(work, organization)?, similar };
        Ok(Reply::created(format!("/api/v1/organizations/{id}"), version, &body))
    })
    .await
}

/// Reads one organization. An entry that was merged into another says so in `merged_into`.
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
            OrganizationBody::of(work, organization)
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
    tag = "organizations", params(("organization_id" = OrganizationId, Path), IfMatch), request_body = UpdateOrganization,
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
        Ok(Reply::ok(organization.version, &OrganizationBody::of(work, organization)?))
    })
    .await
}

/// Adds these operations to the server.
pub fn mount(cfg: &mut Mounts) {
    // Before the one that takes any id.
    cfg.service(match_organizations)
        .service(list_organizations)
        .service(propose_organization)
        .service(read_organization)
        .service(update_organization)
        .service(vet_organization)
        .service(list_vettings)
        .service(merge_organization)
        .service(list_merges);
}
