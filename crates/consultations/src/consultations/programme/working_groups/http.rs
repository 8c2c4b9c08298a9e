//! Operations on working groups, and the shapes of what they take and give. Knows no rule, and not who hosts a group.

use super::{NewWorkingGroup, WorkingGroup, WorkingGroupId};
use crate::consultations::programme::http::{Shown, create, delete, list, read, update};
use crate::consultations::programme::service::allowed_actions;
use crate::consultations::{Consultation, ConsultationId};
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::reference::{ObjectiveNumber, Reference};

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_working_groups)
        .service(create_working_group)
        .service(read_working_group)
        .service(update_working_group)
        .service(delete_working_group);
}

/// Objectives that are discussed together, and their heading from reference data.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClusterBody {
    /// The objectives.
    #[schema(example = json!([9, 10]))]
    pub objectives: Vec<ObjectiveNumber>,
    /// Their heading in a report.
    #[schema(
        example = "GCM Objective 9: Strengthen the transnational response to smuggling of migrants; …"
    )]
    pub heading: String,
}

impl ClusterBody {
    /// The clusters of a group, in order.
    pub fn all(group: &WorkingGroup) -> Vec<Self> {
        let cluster = |objectives: &Vec<ObjectiveNumber>| Self {
            heading: Reference::get().joint_heading(objectives),
            objectives: objectives.clone(),
        };
        group.clusters.iter().map(cluster).collect()
    }
}

/// A group that discusses clusters of objectives.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkingGroupBody {
    /// Its id.
    pub id: WorkingGroupId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// Its number, from 1.
    #[schema(example = 1)]
    pub number: i32,
    /// What it discusses: each becomes one lettered section of the report.
    #[schema(example = json!([[4], [8], [21]]))]
    pub clusters: Vec<Vec<ObjectiveNumber>>,
    /// The headings of the clusters, in the same order.
    pub headings: Vec<String>,
    /// How few may be in it in a round.
    #[schema(example = 20)]
    pub min_size: i32,
    /// How many may be in it in a round.
    #[schema(example = 35)]
    pub max_size: i32,
    /// Its languages (BCP 47), the main one first.
    #[schema(example = json!(["en"]))]
    pub languages: Vec<String>,
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

impl WorkingGroupBody {
    fn new(work: &Work, row: WorkingGroup, consultation: &Consultation) -> Self {
        let headings = ClusterBody::all(&row).into_iter().map(|cluster| cluster.heading).collect();
        Self {
            id: row.id,
            consultation_id: row.consultation_id,
            number: row.number,
            clusters: row.clusters,
            headings,
            min_size: row.min_size,
            max_size: row.max_size,
            languages: row.languages,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            allowed_actions: allowed_actions(work, consultation),
        }
    }
}

/// A new working group.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateWorkingGroup {
    /// Its number, from 1; unique in the consultation.
    #[schema(example = 1)]
    pub number: i32,
    /// What it discusses: objectives of the consultation that no other group has. Each inner list becomes one lettered
    /// section of the report; several objectives in one get a joint heading.
    #[schema(example = json!([[4], [8], [21]]))]
    pub clusters: Vec<Vec<ObjectiveNumber>>,
    /// How few may be in it in a round.
    #[schema(example = 20, minimum = 1)]
    pub min_size: i32,
    /// How many may be in it in a round.
    #[schema(example = 35)]
    pub max_size: i32,
    /// Its languages (BCP 47), the main one first.
    #[schema(example = json!(["en"]))]
    pub languages: Vec<String>,
}

/// Changes of a working group.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "min_size": 20, "max_size": 35 }))]
pub struct UpdateWorkingGroup {
    /// Another number.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub number: Option<i32>,
    /// Other clusters: the whole list.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub clusters: Option<Vec<Vec<ObjectiveNumber>>>,
    /// Another lower limit.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub min_size: Option<i32>,
    /// Another upper limit.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub max_size: Option<i32>,
    /// Other languages: the whole list.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub languages: Option<Vec<String>>,
}

impl Shown for WorkingGroup {
    type Body = WorkingGroupBody;
    type Create = CreateWorkingGroup;
    type Update = UpdateWorkingGroup;
    const ADDRESS: &'static str = "/api/v1/working-groups";

    fn shown(
        work: &mut Work,
        rows: Vec<Self>,
        consultation: &Consultation,
    ) -> Result<Vec<WorkingGroupBody>, Problem> {
        Ok(rows.into_iter().map(|row| WorkingGroupBody::new(work, row, consultation)).collect())
    }

    fn to_new(body: &CreateWorkingGroup) -> NewWorkingGroup {
        NewWorkingGroup {
            number: body.number,
            clusters: body.clusters.clone(),
            min_size: body.min_size,
            max_size: body.max_size,
            languages: body.languages.clone(),
        }
    }

    fn apply(body: &UpdateWorkingGroup, row: &mut Self) {
        patch::set(&mut row.number, &body.number);
        patch::set(&mut row.clusters, &body.clusters);
        patch::set(&mut row.min_size, &body.min_size);
        patch::set(&mut row.max_size, &body.max_size);
        patch::set(&mut row.languages, &body.languages);
    }
}

/// The working groups of a consultation, by number.
#[utoipa::path(
    tag = "programme", params(("consultation_id" = ConsultationId, Path), PageQuery),
    security((), ("bearer" = [])),
    responses((status = 200, body = Page<WorkingGroupBody>), Refusals)
)]
#[get("/api/v1/consultations/{consultation_id}/working-groups")]
pub async fn list_working_groups(
    call: Call,
    path: PathIds<ConsultationId>,
    query: Listed,
) -> Answer {
    list::<WorkingGroup>(call, path, query).await
}

/// Adds a working group to a consultation.
#[utoipa::path(
    tag = "programme", params(("consultation_id" = ConsultationId, Path)),
    request_body = CreateWorkingGroup, security(("bearer" = [])),
    responses((status = 201, body = WorkingGroupBody), Refusals)
)]
#[post("/api/v1/consultations/{consultation_id}/working-groups")]
pub async fn create_working_group(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<CreateWorkingGroup>,
) -> Answer {
    create::<WorkingGroup>(call, path, body).await
}

/// One working group.
#[utoipa::path(
    tag = "programme", params(("working_group_id" = WorkingGroupId, Path)),
    security((), ("bearer" = [])),
    responses((status = 200, body = WorkingGroupBody), Refusals)
)]
#[get("/api/v1/working-groups/{working_group_id}")]
pub async fn read_working_group(call: Call, path: PathIds<WorkingGroupId>) -> Answer {
    read::<WorkingGroup>(call, path).await
}

/// Changes a working group.
#[utoipa::path(
    tag = "programme", params(("working_group_id" = WorkingGroupId, Path), IfMatch),
    request_body = UpdateWorkingGroup, security(("bearer" = [])),
    responses((status = 200, body = WorkingGroupBody), Refusals)
)]
#[patch("/api/v1/working-groups/{working_group_id}")]
pub async fn update_working_group(
    call: Call,
    path: PathIds<WorkingGroupId>,
    body: Body<UpdateWorkingGroup>,
) -> Answer {
    update::<WorkingGroup>(call, path, body).await
}

/// Removes a working group that nobody hosts and nothing refers to.
#[utoipa::path(
    tag = "programme", params(("working_group_id" = WorkingGroupId, Path), IfMatch),
    security(("bearer" = [])), responses((status = 204), Refusals)
)]
#[delete("/api/v1/working-groups/{working_group_id}")]
pub async fn delete_working_group(call: Call, path: PathIds<WorkingGroupId>) -> Answer {
    delete::<WorkingGroup>(call, path).await
}
