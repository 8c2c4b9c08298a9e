//! Operations on the vetting of organizations, and the shapes of what they take and give. Knows no rule.

use super::service;
use crate::organizations::http::OrganizationBody;

use super::{Evidence, NewStep, VettingId, VettingReason, VettingStep};
use crate::accounts::AccountId;
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::organizations::{OrganizationId, Vetting};

/// A step of an organization's vetting.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "to": "vetted", "reason": "evidence_checked", "note": "Known from the first consultation.",
    "evidence": [{ "title": "Annual report 2019", "url": "https://mfasia.org/annual-report" }],
    "origins": ["vetted by the Regional Network"]
}))]
pub struct VetOrganization {
    /// The state it is to have: `proposed`, `vetted` or `declined`.
    pub to: Vetting,
    /// Why, in a word; needed to decline.
    pub reason: Option<VettingReason>,
    /// Why, in words; only those who vet see it. Needed with the reason `other`.
    #[schema(max_length = 2000)]
    pub note: Option<String>,
    /// What the step rests on.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub evidence: Vec<Evidence>,
    /// Lists that the organization stands on.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub origins: Vec<String>,
    /// What ties you to the organization. Who has such a tie does not decide, now or later; to declare it and do
    /// nothing else, let `to` be the present state.
    #[schema(max_length = 2000)]
    pub conflict_of_interest: Option<String>,
}

impl VetOrganization {
    fn to_step(&self) -> NewStep {
        NewStep {
            to: self.to,
            reason: self.reason,
            note: self.note.clone(),
            evidence: self.evidence.clone(),
            origins: self.origins.clone(),
            conflict_of_interest: self.conflict_of_interest.clone(),
        }
    }
}

/// Moves an organization through its vetting. Where two persons are needed, who proposed it does not decide; who comes
/// for it, or declared another tie to it, never does.
#[utoipa::path(
    tag = "organizations", params(("organization_id" = OrganizationId, Path), IfMatch), request_body = VetOrganization,
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
        let organization = service::vet(work, id, version, body.to_step())?;
        Ok(Reply::ok(organization.version, &OrganizationBody::of(work, organization)?))
    })
    .await
}

/// A step that was taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct VettingBody {
    /// Its id.
    pub id: VettingId,
    /// The organization it belongs to.
    pub organization_id: OrganizationId,
    /// The entry it was taken on, when that was merged into the organization since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded_for: Option<OrganizationId>,
    /// The state before.
    pub from: Vetting,
    /// The state after.
    pub to: Vetting,
    /// Why, in a word.
    pub reason: Option<VettingReason>,
    /// Why, in words.
    pub note: Option<String>,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// Lists that the organization stands on.
    pub origins: Vec<String>,
    /// What ties whoever took the step to the organization.
    pub conflict_of_interest: Option<String>,
    /// Who took it; absent when the operator did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<AccountId>,
    /// When.
    pub at: Timestamp,
}

impl From<VettingStep> for VettingBody {
    fn from(step: VettingStep) -> Self {
        let elsewhere = step.recorded_for != step.organization_id;
        Self {
            id: step.id,
            organization_id: step.organization_id,
            recorded_for: elsewhere.then_some(step.recorded_for),
            from: step.from,
            to: step.to,
            reason: step.reason,
            note: step.note,
            evidence: step.evidence,
            origins: step.origins,
            conflict_of_interest: step.conflict_of_interest,
            by: step.by,
            at: step.at,
        }
    }
}

/// Lists the steps of an organization's vetting in their order, over all consultations, for those who vet.
#[utoipa::path(
    tag = "organizations", params(("organization_id" = OrganizationId, Path), PageQuery), security(("bearer" = [])),
    responses((status = 200, body = Page<VettingBody>), Refusals)
)]
#[get("/api/v1/organizations/{organization_id}/vettings")]
pub async fn list_vettings(call: Call, path: PathIds<OrganizationId>, query: Listed) -> Answer {
    let id = path.id();
    let paging = query.paging;
    let part = call.read(move |work| service::list_vettings(work, id, &paging)).await?;
    Ok(call.page(part.map(VettingBody::from)))
}
