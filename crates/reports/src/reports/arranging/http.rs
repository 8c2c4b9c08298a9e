//! The operation that arranges a paper, and the shapes of what it takes. Knows no rule.

use super::{Arrangement, RoundTable, service};
use crate::http::prelude::*;
use crate::reference::ObjectiveNumber;
use crate::reports::outline::http::OutlineBody;
use crate::reports::{ReportId, service as reports};

/// Mounts the operation.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(arrange_paper);
}

/// How a paper is arranged.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "arrangement": "by_round_table", "round_tables": [{ "heading": "Round table 2", "objectives": [4, 8, 9, 10, 11, 13, 21] }] }))]
pub struct ArrangePaper {
    /// By objective in numeric order, or by round table.
    pub arrangement: Arrangement,
    /// The round tables of the review meeting, in their order; for an arrangement by round table.
    #[serde(default)]
    #[schema(max_items = 30)]
    pub round_tables: Vec<ArrangeRoundTable>,
}

/// A round table.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArrangeRoundTable {
    /// Its heading in the paper.
    #[schema(max_length = 500)]
    pub heading: String,
    /// The objectives that it is about; each is at one round table only.
    pub objectives: Vec<ObjectiveNumber>,
}

/// Arranges a paper by objective in numeric order, or by round table of the review meeting and in each by objective. Paragraphs stay in their
/// sections, sections that were added stay, and the numbers of all follow. What is discussed at several round tables stands behind them.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path), IfMatch), request_body = ArrangePaper, responses((status = 200, body = OutlineBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/reports/{report_id}/arrangement")]
pub async fn arrange_paper(
    call: Call,
    path: PathIds<ReportId>,
    body: Body<ArrangePaper>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let tables = body.round_tables.iter().map(|table| RoundTable {
            heading: table.heading.clone(),
            objectives: table.objectives.iter().copied().collect(),
        });
        let tables: Vec<RoundTable> = tables.collect();
        service::arrange(work, id, version, body.arrangement, &tables)?;
        let outline = reports::outline(work, id)?;
        Ok(Reply::ok(outline.report.version, &OutlineBody::of(outline, false)))
    })
    .await
}
