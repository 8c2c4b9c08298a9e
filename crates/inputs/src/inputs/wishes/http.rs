//! Operations on late wishes to take something back. No shape here can hold whose they are.

use chrono::NaiveDate;

use super::{Wish, WishState, service};
use crate::accounts::AccountId;
use crate::consultations::ConsultationId;
use crate::http::prelude::*;
use crate::inputs::InputId;

/// Adds these operations to the server.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_withdrawal_wishes).service(keep_despite_wish);
}

/// A late wish to take something back.
#[derive(Debug, Serialize, ToSchema)]
pub struct WithdrawalWishBody {
    /// What is to be taken back.
    pub input_id: InputId,
    /// The day on which the wish was let in; when it was made is not known.
    pub wished_on: NaiveDate,
    /// What came of it.
    pub state: WishState,
    /// Why it stays in the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who of the team said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_by: Option<AccountId>,
    /// For `If-Match`.
    pub version: i64,
}

impl From<Wish> for WithdrawalWishBody {
    fn from(wish: Wish) -> Self {
        let Wish { input_id, wished_on, state, reason, settled_by, version, .. } = wish;
        Self { input_id, wished_on, state, reason, settled_by, version }
    }
}

/// The late wishes of a consultation.
#[derive(Debug, Serialize, ToSchema)]
pub struct WithdrawalWishesBody {
    /// All of them, in no order that tells anything.
    pub items: Vec<WithdrawalWishBody>,
}

/// Why something stays in the report that was to be taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepDespiteWish {
    /// Whoever wants to take it back reads this, and nobody knows who they are.
    #[schema(
        example = "Three others said the same: nobody can be recognized in it.",
        min_length = 1,
        max_length = 2000
    )]
    pub reason: String,
}

/// Lists the inputs that whoever said them wants to take back, though a published edition rests on them. An edition that does not rest
/// on it any more takes it back; or it is kept, for a reason. For the team.
#[utoipa::path(
    tag = "inputs", params(("consultation_id" = ConsultationId, Path)), security(("bearer" = [])),
    responses((status = 200, body = WithdrawalWishesBody), Refusals)
)]
#[get("/api/v1/consultations/{consultation_id}/withdrawal-wishes")]
pub async fn list_withdrawal_wishes(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let id = path.id();
    let wishes = call.read(move |work| service::list(work, id)).await?;
    let items = wishes.into_iter().map(WithdrawalWishBody::from).collect();
    Ok(call.ok_unversioned(&WithdrawalWishesBody { items }))
}

/// Keeps in the report what was to be taken back, for a reason that whoever said it reads. For who publishes.
#[utoipa::path(
    tag = "inputs", params(("input_id" = InputId, Path), IfMatch), request_body = KeepDespiteWish,
    security(("bearer" = [])), responses((status = 200, body = WithdrawalWishBody), Refusals)
)]
#[post("/api/v1/inputs/{input_id}/withdrawal-wish/keeping")]
pub async fn keep_despite_wish(
    call: Call,
    path: PathIds<InputId>,
    body: Body<KeepDespiteWish>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let body = WithdrawalWishBody::from(service::keep(work, id, version, &body.reason)?);
        Ok(Reply::ok(body.version, &body))
    })
    .await
}
