//! Operations on co-organizers, and the shapes of what they take and give. Knows no rule.

use std::collections::HashMap;

use super::{CoOrganizer, CoOrganizerId, CoOrganizerKind, NewCoOrganizer};
use crate::consultations::programme::http::{Shown, create, delete, list, read, update};
use crate::consultations::programme::service::allowed_actions;
use crate::consultations::{Consultation, ConsultationId};
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::organizations::{self, Organization, OrganizationId};

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_co_organizers)
        .service(create_co_organizer)
        .service(read_co_organizer)
        .service(update_co_organizer)
        .service(delete_co_organizer);
}

/// An organization's part in organizing a consultation.
#[derive(Debug, Serialize, ToSchema)]
pub struct CoOrganizerBody {
    /// Its id.
    pub id: CoOrganizerId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// The organization.
    pub organization_id: OrganizationId,
    /// The organization's name.
    #[schema(example = "Migrant Forum in Asia")]
    pub name: String,
    /// The short form of its name.
    #[schema(example = "MFA")]
    pub acronym: Option<String>,
    /// Its part.
    pub kind: CoOrganizerKind,
    /// Its place in the order in which they are named, from 1.
    #[schema(example = 1)]
    pub position: i32,
    /// Counts changes; also the `ETag`.
    pub version: i64,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// What you may do with it.
    #[schema(example = json!(["update", "delete"]))]
    pub allowed_actions: Vec<&'static str>,
}

impl CoOrganizerBody {
    fn new(
        row: CoOrganizer,
        organization: Option<&Organization>,
        actions: &[&'static str],
    ) -> Self {
        Self {
            id: row.id,
            consultation_id: row.consultation_id,
            organization_id: row.organization_id,
            name: organization.map(|found| found.name.clone()).unwrap_or_default(),
            acronym: organization.and_then(|found| found.acronym.clone()),
            kind: row.kind,
            position: row.position,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            allowed_actions: actions.to_vec(),
        }
    }
}

/// A new co-organizer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateCoOrganizer {
    /// The organization.
    pub organization_id: OrganizationId,
    /// Its part. An organization may have several.
    pub kind: CoOrganizerKind,
    /// Its place in the order in which they are named, from 1; at the end when left out.
    #[schema(example = 1)]
    pub position: Option<i32>,
}

/// Changes of a co-organizer. The organization stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "kind": "un_network" }))]
pub struct UpdateCoOrganizer {
    /// Another part.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub kind: Option<CoOrganizerKind>,
    /// Another place in the order.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub position: Option<i32>,
}

impl Shown for CoOrganizer {
    type Body = CoOrganizerBody;
    type Create = CreateCoOrganizer;
    type Update = UpdateCoOrganizer;
    const ADDRESS: &'static str = "/api/v1/co-organizers";

    fn shown(
        work: &mut Work,
        rows: Vec<Self>,
        consultation: &Consultation,
    ) -> Result<Vec<CoOrganizerBody>, Problem> {
        let ids: Vec<_> = rows.iter().map(|row| row.organization_id).collect();
        let known: HashMap<_, _> = organizations::service::load_many(work, &ids)?;
        let actions = allowed_actions(work, consultation);
        let body = |row: Self| {
            let organization = known.get(&row.organization_id);
            CoOrganizerBody::new(row, organization, &actions)
        };
        Ok(rows.into_iter().map(body).collect())
    }

    fn to_new(body: &CreateCoOrganizer) -> NewCoOrganizer {
        NewCoOrganizer {
            organization_id: body.organization_id,
            kind: body.kind,
            position: body.position,
        }
    }

    fn apply(body: &UpdateCoOrganizer, row: &mut Self) {
        patch::set(&mut row.kind, &body.kind);
        patch::set(&mut row.position, &body.position);
    }
}

/// The co-organizers of a consultation, in the order in which they are named.
#[utoipa::path(
    tag = "programme", params(("consultation_id" = ConsultationId, Path), PageQuery),
    security((), ("bearer" = [])),
    responses((status = 200, body = Page<CoOrganizerBody>), Refusals)
)]
#[get("/api/v1/consultations/{consultation_id}/co-organizers")]
pub async fn list_co_organizers(
    call: Call,
    path: PathIds<ConsultationId>,
    query: Listed,
) -> Answer {
    list::<CoOrganizer>(call, path, query).await
}

/// Adds an organization to the co-organizers of a consultation.
#[utoipa::path(
    tag = "programme", params(("consultation_id" = ConsultationId, Path)),
    request_body = CreateCoOrganizer, security(("bearer" = [])),
    responses((status = 201, body = CoOrganizerBody), Refusals)
)]
#[post("/api/v1/consultations/{consultation_id}/co-organizers")]
pub async fn create_co_organizer(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<CreateCoOrganizer>,
) -> Answer {
    create::<CoOrganizer>(call, path, body).await
}

/// One co-organizer.
#[utoipa::path(
    tag = "programme", params(("co_organizer_id" = CoOrganizerId, Path)),
    security((), ("bearer" = [])),
    responses((status = 200, body = CoOrganizerBody), Refusals)
)]
#[get("/api/v1/co-organizers/{co_organizer_id}")]
pub async fn read_co_organizer(call: Call, path: PathIds<CoOrganizerId>) -> Answer {
    read::<CoOrganizer>(call, path).await
}

/// Changes a co-organizer's part or place.
#[utoipa::path(
    tag = "programme", params(("co_organizer_id" = CoOrganizerId, Path), IfMatch),
    request_body = UpdateCoOrganizer, security(("bearer" = [])),
    responses((status = 200, body = CoOrganizerBody), Refusals)
)]
#[patch("/api/v1/co-organizers/{co_organizer_id}")]
pub async fn update_co_organizer(
    call: Call,
    path: PathIds<CoOrganizerId>,
    body: Body<UpdateCoOrganizer>,
) -> Answer {
    update::<CoOrganizer>(call, path, body).await
}

/// Removes a co-organizer.
#[utoipa::path(
    tag = "programme", params(("co_organizer_id" = CoOrganizerId, Path), IfMatch),
    security(("bearer" = [])), responses((status = 204), Refusals)
)]
#[delete("/api/v1/co-organizers/{co_organizer_id}")]
pub async fn delete_co_organizer(call: Call, path: PathIds<CoOrganizerId>) -> Answer {
    delete::<CoOrganizer>(call, path).await
}
