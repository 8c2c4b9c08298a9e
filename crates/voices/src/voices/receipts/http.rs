//! The operations that give receipts and say what they are worth, and how one is sent.

use super::{service, words};
use crate::consultations::ConsultationId;
use crate::http::prelude::*;
use crate::i18n::Language;

/// Adds these operations to the server.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(give_receipt).service(read_receipt_words);
}

/// What an operation takes that is done by receipt.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code, reason = "it describes a header, it is never made")]
pub struct ByReceipt {
    /// The receipt, as it was given. Nothing else that says who you are may be sent with it: `Authorization` beside it is refused.
    #[param(rename = "Receipt", example = "4RS7K-0G8QM-…")]
    receipt: String,
}

/// The receipt that was sent; 404 when none was, as for a wrong one.
pub fn receipt(call: &Call) -> Result<String, Problem> {
    let name = actix_web::http::header::HeaderName::from_static("receipt");
    call.header(name).map(str::to_owned).ok_or_else(|| Problem::not_found("receipt"))
}

/// A receipt.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptBody {
    /// It, in eight groups of five characters. Keep it: it is told this once, and nobody can tell it again.
    #[schema(example = "4RS7K-0G8QM-XV2ND-9WJ3T-H6B5C-ZP1EA-Y7FKS-2M4QR")]
    pub receipt: String,
    /// How many more you can be given, for when this one is lost. The old one stays valid.
    #[schema(example = 1)]
    pub left: i32,
}

/// Gives a receipt: the secret by which somebody contributes without anybody knowing who they are. For those whose registration is
/// confirmed; one, and one more when it is lost. The answer is kept nowhere, so a repeated request is given another.
#[utoipa::path(
    tag = "contributions", params(("consultation_id" = ConsultationId, Path)), security(("bearer" = [])),
    responses((status = 201, body = ReceiptBody), Refusals)
)]
#[post("/api/v1/consultations/{consultation_id}/receipts")]
pub async fn give_receipt(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let id = path.id();
    call.change(move |work| {
        let given = service::give(work, id)?;
        let body = ReceiptBody { receipt: given.receipt.text(), left: given.left };
        Ok(Reply::made(&body))
    })
    .await
}

/// In which language they are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReadReceiptWords {
    /// One of the official languages of the United Nations; English when absent.
    #[param(inline)]
    language: Option<Language>,
}

/// What participants are to be told before they contribute.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptWordsBody {
    /// The language.
    pub language: Language,
    /// `ltr` or `rtl`.
    #[schema(example = "ltr")]
    pub direction: &'static str,
    /// Plain sentences, in their order.
    #[schema(example = json!(["Nobody here knows who said what.", "Keep the receipt."]))]
    pub sentences: &'static [String],
}

/// Reads what can be known of those who contribute by a receipt, and what not, in plain sentences: to be shown before the first text is
/// sent.
#[utoipa::path(
    tag = "contributions", params(ReadReceiptWords), security((), ("bearer" = [])),
    responses((status = 200, body = ReceiptWordsBody), Refusals)
)]
#[get("/api/v1/receipt-words")]
pub async fn read_receipt_words(call: Call, query: Params<ReadReceiptWords>) -> Answer {
    let language = query.language.unwrap_or(Language::English);
    let sentences = words::of(language).sentences.as_slice();
    let body = ReceiptWordsBody { language, direction: language.direction(), sentences };
    Ok(call.ok_unversioned(&body))
}
