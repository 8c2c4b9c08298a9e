//! Operations by receipt on a draft that participants are asked about. No shape here can hold a person.

use super::bodies::ObservationBody;
use super::service;
use crate::consultations::ConsultationId;
use crate::http::prelude::*;
use crate::inputs::hearings::Observed;
use crate::vocabulary::ContributionId;
use crate::voices::receipts::http::{ByReceipt, receipt};

/// Adds these operations to the server.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(observe_draft).service(change_observation).service(delete_observation);
}

/// Says something of the draft that participants are asked about: on a portion of it, or on some words of that. It waits, readable to
/// nobody but whoever holds the receipt, until it is mixed with what others said; then it stands among the comments on the draft, as a
/// participant's. With everything else of a receipt it is found in its contributions, and so is the answer. The same text on the same
/// portion by the same receipt is the same observation: a request whose answer was lost is simply repeated.
#[utoipa::path(
    tag = "contributions", params(("consultation_id" = ConsultationId, Path), ByReceipt), request_body = Observed,
    responses(
        (status = 201, body = ObservationBody), (status = 200, description = "It was said before", body = ObservationBody),
        Refusals
    )
)]
#[post("/api/v1/consultations/{consultation_id}/observations")]
pub async fn observe_draft(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<Observed>,
) -> Answer {
    let (id, receipt, said) = (path.id(), receipt(&call)?, body.value);
    call.change(move |work| {
        let (one, new) = service::observe(work, id, &receipt, said.clone())?;
        let body = ObservationBody::from(one);
        Ok(if new { Reply::made(&body) } else { Reply::unversioned(&body) })
    })
    .await
}

/// Changes an observation that waits to be mixed, at once. What was mixed stays as it is.
#[utoipa::path(
    tag = "contributions",
    params(("consultation_id" = ConsultationId, Path), ("observation_id" = ContributionId, Path), ByReceipt),
    request_body = Observed, responses((status = 200, body = ObservationBody), Refusals)
)]
#[put("/api/v1/consultations/{consultation_id}/observations/{observation_id}")]
pub async fn change_observation(
    call: Call,
    path: PathIds<(ConsultationId, ContributionId)>,
    body: Body<Observed>,
) -> Answer {
    let ((id, observation), receipt, said) = (path.ids(), receipt(&call)?, body.value);
    call.change(move |work| {
        let one = service::change(work, id, &receipt, observation, said.clone())?;
        Ok(Reply::unversioned(&ObservationBody::from(one)))
    })
    .await
}

/// Deletes an observation that waits to be mixed, at once.
#[utoipa::path(
    tag = "contributions",
    params(("consultation_id" = ConsultationId, Path), ("observation_id" = ContributionId, Path), ByReceipt),
    responses((status = 204), Refusals)
)]
#[delete("/api/v1/consultations/{consultation_id}/observations/{observation_id}")]
pub async fn delete_observation(
    call: Call,
    path: PathIds<(ConsultationId, ContributionId)>,
) -> Answer {
    let ((id, observation), receipt) = (path.ids(), receipt(&call)?);
    call.change(move |work| {
        service::delete(work, id, &receipt, observation)?;
        Ok(Reply::no_content())
    })
    .await
}
