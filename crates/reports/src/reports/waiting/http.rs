//! What waits for whoever drafts, over HTTP. Knows no rule.

use super::{Waiting, WaitsFor, service};
use crate::http::prelude::*;
use crate::inputs::InputId;
use crate::reports::bodies::SourceBody;
use crate::reports::{ParagraphId, ReportId};

/// Mounts the operation.
pub fn mount(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(list_waiting);
}

/// Something that waits.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitingBody {
    /// Why.
    why: WaitsFor,
    /// In which paragraph.
    paragraph_id: Option<ParagraphId>,
    /// About which input.
    input_id: Option<InputId>,
    /// About which paragraph of an edition.
    source: Option<SourceBody>,
}

impl From<Waiting> for WaitingBody {
    fn from(one: Waiting) -> Self {
        let Waiting { why, paragraph_id, input_id, source } = one;
        Self { why, paragraph_id, input_id, source: source.map(SourceBody::from) }
    }
}

/// Everything that waits in a draft.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitingListBody {
    /// What waits: first what a paragraph rests on and is not accepted any more.
    items: Vec<WaitingBody>,
}

/// What waits for whoever drafts a report: paragraphs that rest on an input which was withdrawn, merged, returned or set aside since;
/// outcomes that rest on nothing; what nobody has used or left out.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), responses((status = 200, body = WaitingListBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/waiting")]
pub async fn list_waiting(call: Call, path: PathIds<ReportId>) -> Answer {
    let id = path.id();
    let items = call.read(move |work| service::list(work, id)).await?;
    let items = items.into_iter().map(WaitingBody::from).collect();
    Ok(call.ok_unversioned(&WaitingListBody { items }))
}
