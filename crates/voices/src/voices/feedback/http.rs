//! The operations on feedback, and the shapes of what they take and give. Knows no rule.

use std::collections::BTreeMap;

use super::{Answers, Statement, Told, service};
use crate::consultations::ConsultationId;
use crate::http::prelude::*;
use crate::voices::receipts::http::{ByReceipt, receipt};

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(give_feedback).service(read_feedback);
}

/// What somebody thought of a consultation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "answers": { "organized": 4, "heard": 5 } }))]
pub struct GiveFeedback {
    /// How far each statement holds, from 1 (not at all) to 5 (fully): `organized`, `followed`, `heard`, `again`. Any may be left out.
    #[schema(value_type = Object)]
    answers: Answers,
}

/// What people thought of a consultation, as it was last told.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeedbackBody {
    /// How many voices had answered: people, but for those who used two receipts; none while fewer than five have.
    #[schema(example = 41)]
    voices: i64,
    /// Of each statement how many said 1, 2, 3, 4 and 5.
    #[schema(value_type = Object, example = json!({ "organized": [0, 1, 4, 16, 20] }))]
    counts: BTreeMap<Statement, [i64; 5]>,
}

impl From<Told> for FeedbackBody {
    fn from(told: Told) -> Self {
        Self { voices: told.voices, counts: told.counts }
    }
}

/// Says what one thought of a consultation: once by a receipt, after the event and until the report is published. Only counts are kept.
#[utoipa::path(tag = "contributions", params(("consultation_id" = ConsultationId, Path), ByReceipt), request_body = GiveFeedback,
    responses((status = 204), Refusals))]
#[post("/api/v1/consultations/{consultation_id}/feedback")]
pub async fn give_feedback(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<GiveFeedback>,
) -> Answer {
    let (id, receipt) = (path.id(), receipt(&call)?);
    call.change(move |work| {
        service::give(work, id, &receipt, &body.answers)?;
        Ok(Reply::no_content())
    })
    .await
}

/// What people thought of a consultation, as counts: told once a day, when five more voices have answered.
#[utoipa::path(tag = "contributions", params(("consultation_id" = ConsultationId, Path)),
    responses((status = 200, body = FeedbackBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/feedback")]
pub async fn read_feedback(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let id = path.id();
    let told = call.read(move |work| service::read(work, id)).await?;
    Ok(call.ok_unversioned(&FeedbackBody::from(told)))
}
