//! Proposing what two people do to voices.

use super::service;
use crate::consultations::ConsultationId;
use crate::http::prelude::*;
use crate::inputs::InputId;
use crate::proposals::http::{Answered, answered};

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(refuse_voice).service(destroy_voice_keys);
}

/// Proposes to take nothing any more of the voice that said an input, which abuses the channel: neither what it has waiting nor what it
/// sends from now on. What it said before stays as it is. Another person confirms it, and nobody is named, to neither of them.
/// 409 when nobody said the input by a receipt.
#[utoipa::path(tag = "inputs", params(("input_id" = InputId, Path)), responses(Answered, Refusals), security(("bearer" = [])))]
#[post("/api/v1/inputs/{input_id}/voice-refusal")]
pub async fn refuse_voice(call: Call, path: PathIds<InputId>) -> Answer {
    let id = path.id();
    call.post_empty(move |work| {
        let put = service::propose_refusal(work, id)?;
        answered(work, put)
    })
    .await
}

/// Proposes to destroy the key by which the voices of a consultation are counted, once it takes no contributions any more. Another
/// person confirms it. Voices are not counted from then on; receipts still find what was said by them. Without it the key goes when
/// the report is published.
#[utoipa::path(tag = "contributions", params(("consultation_id" = ConsultationId, Path)), responses(Answered, Refusals), security(("bearer" = [])))]
#[post("/api/v1/consultations/{consultation_id}/voice-keys/destruction")]
pub async fn destroy_voice_keys(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let id = path.id();
    call.post_empty(move |work| {
        let put = service::propose_destruction(work, id)?;
        answered(work, put)
    })
    .await
}
