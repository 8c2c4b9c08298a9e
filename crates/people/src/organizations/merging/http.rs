//! Operations on organizations that are entered more than once, and the shapes of what they take and give. Knows no rule.

use super::service::{self, Suggestion};
use super::{Merge, MergeId, Moved};
use crate::accounts::AccountId;
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::organizations::http::OrganizationBody;
use crate::organizations::matching::{MatchReason, Typed};
use crate::organizations::{OrganizationId, Vetting};
use crate::problem::Code;
use crate::reference::{CountryCode, SectorCode};

/// What somebody has typed so far.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MatchOrganizations {
    /// A name or its beginning.
    pub name: Option<String>,
    /// A short form.
    pub acronym: Option<String>,
    /// A web address.
    pub website: Option<String>,
}

/// An organization that may be meant.
#[derive(Debug, Serialize, ToSchema)]
pub struct MatchBody {
    /// Its id.
    pub id: OrganizationId,
    /// Its name.
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
    /// From 0 to 1: how sure it is that this one is meant.
    #[schema(example = 0.97)]
    pub score: f64,
    /// Why, the weightiest first.
    pub reasons: Vec<MatchReason>,
}

impl From<Suggestion> for MatchBody {
    fn from(suggestion: Suggestion) -> Self {
        let organization = suggestion.organization;
        Self {
            id: organization.id,
            name: organization.name,
            acronym: organization.acronym,
            sector: organization.sector,
            country: organization.country,
            website: organization.website,
            vetting: organization.vetting,
            score: (suggestion.score * 100.0).round() / 100.0,
            reasons: suggestion.reasons,
        }
    }
}

/// The organizations that may be meant.
#[derive(Debug, Serialize, ToSchema)]
pub struct Matches {
    /// The likeliest first, ten at most.
    pub items: Vec<MatchBody>,
}

/// Suggests organizations for a name, short form or web address that is being typed. Nothing is decided by that; who is
/// not signed in is told of vetted ones only.
#[utoipa::path(
    tag = "organizations", params(MatchOrganizations), security((), ("bearer" = [])),
    responses((status = 200, body = Matches), Refusals)
)]
#[get("/api/v1/organization-matches")]
pub async fn match_organizations(call: Call, query: Params<MatchOrganizations>) -> Answer {
    let query = query.0;
    let given =
        [("?name", &query.name), ("?acronym", &query.acronym), ("?website", &query.website)];
    for (pointer, text) in given {
        if text
            .as_ref()
            .is_some_and(|text| text.chars().count() > crate::organizations::LONGEST_WEBSITE)
        {
            let detail =
                format!("at most {} characters are taken", crate::organizations::LONGEST_WEBSITE);
            return Err(Problem::new(Code::InvalidQuery, detail.clone()).at(pointer, detail));
        }
    }
    let typed = Typed { name: query.name, acronym: query.acronym, website: query.website };
    let found = call.read(move |work| service::suggest(work, &typed)).await?;
    let items = found.into_iter().map(MatchBody::from).collect();
    Ok(call.ok_unversioned(&Matches { items }))
}

/// Which entry is the one to keep.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeOrganization {
    /// The entry that is kept.
    pub into: OrganizationId,
    /// Why; only those who merge see it.
    #[schema(example = "Registered twice, with and without its full name.", max_length = 2000)]
    pub note: Option<String>,
}

/// Makes one of two entries of the same organization, and answers the one that is kept. Everything that named the other
/// names it then, and it is found by the other's name, short form and web address. If one was declined (but not as a
/// duplicate) and the other vetted, it is proposed again; a decline stands against what was not decided.
#[utoipa::path(
    tag = "organizations", params(("organization_id" = OrganizationId, Path), IfMatch), request_body = MergeOrganization,
    security(("bearer" = [])), responses((status = 200, body = OrganizationBody), Refusals)
)]
#[post("/api/v1/organizations/{organization_id}/merge")]
pub async fn merge_organization(
    call: Call,
    path: PathIds<OrganizationId>,
    body: Body<MergeOrganization>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let kept = service::merge(work, id, version, body.into, body.note.clone())?;
        Ok(Reply::ok(kept.version, &OrganizationBody::of(work, kept)?))
    })
    .await
}

/// A merge that was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct MergeBody {
    /// Its id.
    pub id: MergeId,
    /// The entry that was given up.
    pub from_id: OrganizationId,
    /// The entry it went into.
    pub into_id: OrganizationId,
    /// The name of the entry that was given up.
    #[schema(example = "Migrants Forum Asia")]
    pub name: String,
    /// How far the vetting of the one that was given up had come.
    pub from_vetting: Vetting,
    /// How far that of the other had come.
    pub into_vetting: Vetting,
    /// How far the vetting of the one that was kept had come after it.
    pub vetting: Vetting,
    /// What went along; for those who see the registrations of every review.
    pub moved: Option<Moved>,
    /// Why.
    pub note: Option<String>,
    /// Who did it; absent when the operator did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<AccountId>,
    /// When.
    pub at: Timestamp,
}

impl MergeBody {
    /// `counts`: whether the caller sees the registrations of every review.
    fn new(merge: Merge, counts: bool) -> Self {
        Self {
            id: merge.id,
            from_id: merge.from_id,
            into_id: merge.into_id,
            name: merge.name,
            from_vetting: merge.from_vetting,
            into_vetting: merge.into_vetting,
            vetting: merge.vetting,
            moved: counts.then_some(merge.moved),
            note: merge.note,
            by: merge.by,
            at: merge.at,
        }
    }
}

/// Lists the merges that led to an organization as it is, or away from it, for those who merge.
#[utoipa::path(
    tag = "organizations", params(("organization_id" = OrganizationId, Path), PageQuery), security(("bearer" = [])),
    responses((status = 200, body = Page<MergeBody>), Refusals)
)]
#[get("/api/v1/organizations/{organization_id}/merges")]
pub async fn list_merges(call: Call, path: PathIds<OrganizationId>, query: Listed) -> Answer {
    let id = path.id();
    let paging = query.paging;
    let (part, counts) = call.read(move |work| service::list_merges(work, id, &paging)).await?;
    Ok(call.page(part.map(|merge| MergeBody::new(merge, counts))))
}
