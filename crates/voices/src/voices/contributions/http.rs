//! Operations that are done by receipt. No shape here can hold a person.

use super::bodies::{ContributionBody, ContributionsBody};
use super::service;
use crate::consultations::ConsultationId;
use crate::http::prelude::*;
use crate::inputs::InputId;
use crate::inputs::contributed::Said;
use crate::inputs::lineage::http::SimilarsBody;
use crate::vocabulary::ContributionId;
use crate::voices::receipts::http::{ByReceipt, receipt};

/// Adds these operations to the server.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(find_similar_contributions)
        .service(list_contributions)
        .service(contribute)
        .service(read_contribution)
        .service(change_contribution)
        .service(take_contribution_back)
        .service(support_input)
        .service(withdraw_support);
}

/// Lists everything that was done by a receipt, with what became of it.
#[utoipa::path(
    tag = "contributions", params(("consultation_id" = ConsultationId, Path), ByReceipt),
    responses((status = 200, body = ContributionsBody), Refusals)
)]
#[get("/api/v1/consultations/{consultation_id}/contributions")]
pub async fn list_contributions(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let (id, receipt) = (path.id(), receipt(&call)?);
    let body = call
        .read(move |work| {
            let own = service::own(work, id, &receipt)?;
            Ok(ContributionsBody::of(own, service::schedule(work, id)?))
        })
        .await?;
    Ok(call.ok_unversioned(&body))
}

/// Contributes something. It waits, readable to nobody but whoever holds the receipt, until it is mixed with what others said. The same
/// text by the same receipt is the same contribution: a request whose answer was lost is simply repeated.
#[utoipa::path(
    tag = "contributions", params(("consultation_id" = ConsultationId, Path), ByReceipt), request_body = Said,
    responses(
        (status = 201, body = ContributionBody), (status = 200, description = "It was contributed before", body = ContributionBody),
        Refusals
    )
)]
#[post("/api/v1/consultations/{consultation_id}/contributions")]
pub async fn contribute(call: Call, path: PathIds<ConsultationId>, body: Body<Said>) -> Answer {
    let (id, receipt, said) = (path.id(), receipt(&call)?, body.value);
    call.change(move |work| {
        let (one, new) = service::contribute(work, id, &receipt, &said)?;
        let body = ContributionBody::from(one);
        Ok(if new { Reply::made(&body) } else { Reply::unversioned(&body) })
    })
    .await
}

/// Reads one contribution of a receipt.
#[utoipa::path(
    tag = "contributions",
    params(("consultation_id" = ConsultationId, Path), ("contribution_id" = ContributionId, Path), ByReceipt),
    responses((status = 200, body = ContributionBody), Refusals)
)]
#[get("/api/v1/consultations/{consultation_id}/contributions/{contribution_id}")]
pub async fn read_contribution(
    call: Call,
    path: PathIds<(ConsultationId, ContributionId)>,
) -> Answer {
    let ((id, contribution), receipt) = (path.ids(), receipt(&call)?);
    let one = call.read(move |work| service::see(work, id, &receipt, contribution)).await?;
    Ok(call.ok_unversioned(&ContributionBody::from(one)))
}

/// Changes a contribution, or answers the question about it: what waits at once, what was mixed at the next mixing.
#[utoipa::path(
    tag = "contributions",
    params(("consultation_id" = ConsultationId, Path), ("contribution_id" = ContributionId, Path), ByReceipt),
    request_body = Said, responses((status = 200, body = ContributionBody), Refusals)
)]
#[put("/api/v1/consultations/{consultation_id}/contributions/{contribution_id}")]
pub async fn change_contribution(
    call: Call,
    path: PathIds<(ConsultationId, ContributionId)>,
    body: Body<Said>,
) -> Answer {
    let ((id, contribution), receipt, said) = (path.ids(), receipt(&call)?, body.value);
    call.change(move |work| {
        let one = service::change(work, id, &receipt, contribution, &said)?;
        Ok(Reply::unversioned(&ContributionBody::from(one)))
    })
    .await
}

/// Takes a contribution back: what waits is gone at once (204), what was mixed goes at the next mixing (200), until the report is
/// published; after that the wish is noted.
#[utoipa::path(
    tag = "contributions",
    params(("consultation_id" = ConsultationId, Path), ("contribution_id" = ContributionId, Path), ByReceipt),
    responses(
        (status = 200, body = ContributionBody), (status = 204, description = "It was still waiting, and is gone"), Refusals
    )
)]
#[delete("/api/v1/consultations/{consultation_id}/contributions/{contribution_id}")]
pub async fn take_contribution_back(
    call: Call,
    path: PathIds<(ConsultationId, ContributionId)>,
) -> Answer {
    let ((id, contribution), receipt) = (path.ids(), receipt(&call)?);
    call.change(move |work| {
        let left = service::take_back(work, id, &receipt, contribution)?;
        Ok(match left {
            Some(one) => Reply::unversioned(&ContributionBody::from(one)),
            None => Reply::no_content(),
        })
    })
    .await
}

/// A text that is about to be contributed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FindSimilar {
    /// The text.
    #[schema(example = "Consulates are far from where most migrants work.", max_length = 5000)]
    pub body: String,
    /// Its language (BCP 47).
    #[serde(default = "english")]
    #[schema(default = "en")]
    pub language: String,
}

fn english() -> String {
    "en".to_owned()
}

/// What was accepted already that says about the same as a text: instead of saying it once more it can be supported. Nothing that is
/// flagged as testimony, sensitive or not to be quoted is shown. Nothing is kept.
#[utoipa::path(
    tag = "contributions", params(("consultation_id" = ConsultationId, Path), ByReceipt), request_body = FindSimilar,
    responses((status = 200, body = SimilarsBody), Refusals)
)]
#[post("/api/v1/consultations/{consultation_id}/contributions/similar")]
pub async fn find_similar_contributions(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<FindSimilar>,
) -> Answer {
    let (id, receipt, body) = (path.id(), receipt(&call)?, body.value);
    let found = call
        .read(move |work| service::similar_to(work, id, &receipt, &body.body, &body.language))
        .await?;
    Ok(call.ok_unversioned(&SimilarsBody::of(found, false)))
}

/// Says the same as an accepted input: one more voice, of nobody who is named, from the next mixing on.
#[utoipa::path(
    tag = "contributions",
    params(("consultation_id" = ConsultationId, Path), ("input_id" = InputId, Path), ByReceipt),
    responses((status = 204), Refusals)
)]
#[put("/api/v1/consultations/{consultation_id}/supports/{input_id}")]
pub async fn support_input(call: Call, path: PathIds<(ConsultationId, InputId)>) -> Answer {
    let ((id, input), receipt) = (path.ids(), receipt(&call)?);
    call.change(move |work| {
        service::support(work, id, &receipt, input)?;
        Ok(Reply::no_content())
    })
    .await
}

/// Takes support back, from the next mixing on.
#[utoipa::path(
    tag = "contributions",
    params(("consultation_id" = ConsultationId, Path), ("input_id" = InputId, Path), ByReceipt),
    responses((status = 204), Refusals)
)]
#[delete("/api/v1/consultations/{consultation_id}/supports/{input_id}")]
pub async fn withdraw_support(call: Call, path: PathIds<(ConsultationId, InputId)>) -> Answer {
    let ((id, input), receipt) = (path.ids(), receipt(&call)?);
    call.change(move |work| {
        service::unsupport(work, id, &receipt, input)?;
        Ok(Reply::no_content())
    })
    .await
}
