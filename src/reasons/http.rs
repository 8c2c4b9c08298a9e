//! The operation that publishes the lists of reasons, and the shape of what it gives. Knows no rule.

use std::collections::BTreeMap;

use super::{Reason, Reasoned};
use crate::http::prelude::*;

/// Adds the operation to the server.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_reason_codes);
}

/// The reasons of one decision: no other code is taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReasonListBody {
    /// The decision.
    pub decision: Reasoned,
    /// Its reasons, in order.
    pub reasons: Vec<ReasonBody>,
}

/// A reason.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReasonBody {
    /// Its code, as it is sent with the decision.
    #[schema(example = "full")]
    pub code: &'static str,
    /// What whom it concerns reads, by language.
    #[schema(value_type = BTreeMap<String, String>, example = json!({ "en": "all places are taken" }))]
    pub titles: BTreeMap<&'static str, &'static str>,
}

impl From<Reason> for ReasonBody {
    fn from(Reason { code, titles }: Reason) -> Self {
        Self { code, titles }
    }
}

/// The closed lists of reasons that are given with decisions, in six languages. Why a text rests on no input, or why something is left
/// out of a report, is said in words of one's own and has no list.
#[utoipa::path(tag = "reference", security(()), responses((status = 200, body = Page<ReasonListBody>), Refusals))]
#[get("/api/v1/reason-codes")]
pub async fn list_reason_codes(call: Call) -> Answer {
    let list = |decision: &Reasoned| {
        let reasons = decision.reasons().into_iter().map(ReasonBody::from).collect();
        ReasonListBody { decision: *decision, reasons }
    };
    Ok(call.page(Listing { items: Reasoned::ALL.iter().map(list).collect(), next: None }))
}
