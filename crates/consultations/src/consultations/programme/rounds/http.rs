//! Operations on rounds, and the shapes of what they take and give. Knows no rule.

use super::{NewRound, Round, RoundId};
use crate::consultations::programme::http::{Shown, create, delete, list, read, update};
use crate::consultations::programme::service::allowed_actions;
use crate::consultations::{Consultation, ConsultationId, local_time};
use crate::db::types::Timestamp;
use crate::http::prelude::*;

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_rounds)
        .service(create_round)
        .service(read_round)
        .service(update_round)
        .service(delete_round);
}

/// One holding of all working groups in parallel.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoundBody {
    /// Its id.
    pub id: RoundId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// Its number, from 1.
    #[schema(example = 1)]
    pub number: i32,
    /// When it begins.
    pub starts_at: Option<Timestamp>,
    /// When it ends.
    pub ends_at: Option<Timestamp>,
    /// Both in the consultation's zone.
    #[schema(example = "11:30–12:35 hrs. (Bangkok time)")]
    pub local_time: Option<String>,
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

impl RoundBody {
    fn new(work: &Work, row: Round, consultation: &Consultation) -> Self {
        Self {
            id: row.id,
            consultation_id: row.consultation_id,
            number: row.number,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            local_time: local_time(consultation.zone, row.starts_at, row.ends_at),
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            allowed_actions: allowed_actions(work, consultation),
        }
    }
}

/// A new round.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateRound {
    /// Its number, from 1; unique in the consultation.
    #[schema(example = 1)]
    pub number: i32,
    /// When it begins, on the day of the consultation.
    pub starts_at: Option<Timestamp>,
    /// When it ends, on the day of the consultation.
    #[schema(example = "2020-11-19T05:35:00Z")]
    pub ends_at: Option<Timestamp>,
}

/// Changes of a round.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "starts_at": "2020-11-19T04:30:00Z" }))]
pub struct UpdateRound {
    /// Another number.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub number: Option<i32>,
    /// Another beginning; null: not known.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<Timestamp>)]
    pub starts_at: Option<Option<Timestamp>>,
    /// Another end; null: not known.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<Timestamp>)]
    pub ends_at: Option<Option<Timestamp>>,
}

impl Shown for Round {
    type Body = RoundBody;
    type Create = CreateRound;
    type Update = UpdateRound;
    const ADDRESS: &'static str = "/api/v1/rounds";

    fn shown(
        work: &mut Work,
        rows: Vec<Self>,
        consultation: &Consultation,
    ) -> Result<Vec<RoundBody>, Problem> {
        Ok(rows.into_iter().map(|row| RoundBody::new(work, row, consultation)).collect())
    }

    fn to_new(body: &CreateRound) -> NewRound {
        NewRound { number: body.number, starts_at: body.starts_at, ends_at: body.ends_at }
    }

    fn apply(body: &UpdateRound, row: &mut Self) {
        patch::set(&mut row.number, &body.number);
        patch::set(&mut row.starts_at, &body.starts_at);
        patch::set(&mut row.ends_at, &body.ends_at);
    }
}

/// The rounds of a consultation, by number.
#[utoipa::path(
    tag = "programme", params(("consultation_id" = ConsultationId, Path), PageQuery),
    security((), ("bearer" = [])), responses((status = 200, body = Page<RoundBody>), Refusals)
)]
#[get("/api/v1/consultations/{consultation_id}/rounds")]
pub async fn list_rounds(call: Call, path: PathIds<ConsultationId>, query: Listed) -> Answer {
    list::<Round>(call, path, query).await
}

/// Adds a round to a consultation.
#[utoipa::path(
    tag = "programme", params(("consultation_id" = ConsultationId, Path)),
    request_body = CreateRound, security(("bearer" = [])),
    responses((status = 201, body = RoundBody), Refusals)
)]
#[post("/api/v1/consultations/{consultation_id}/rounds")]
pub async fn create_round(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<CreateRound>,
) -> Answer {
    create::<Round>(call, path, body).await
}

/// One round.
#[utoipa::path(
    tag = "programme", params(("round_id" = RoundId, Path)), security((), ("bearer" = [])),
    responses((status = 200, body = RoundBody), Refusals)
)]
#[get("/api/v1/rounds/{round_id}")]
pub async fn read_round(call: Call, path: PathIds<RoundId>) -> Answer {
    read::<Round>(call, path).await
}

/// Changes a round.
#[utoipa::path(
    tag = "programme", params(("round_id" = RoundId, Path), IfMatch), request_body = UpdateRound,
    security(("bearer" = [])), responses((status = 200, body = RoundBody), Refusals)
)]
#[patch("/api/v1/rounds/{round_id}")]
pub async fn update_round(call: Call, path: PathIds<RoundId>, body: Body<UpdateRound>) -> Answer {
    update::<Round>(call, path, body).await
}

/// Removes a round that nothing refers to.
#[utoipa::path(
    tag = "programme", params(("round_id" = RoundId, Path), IfMatch), security(("bearer" = [])),
    responses((status = 204), Refusals)
)]
#[delete("/api/v1/rounds/{round_id}")]
pub async fn delete_round(call: Call, path: PathIds<RoundId>) -> Answer {
    delete::<Round>(call, path).await
}
