//! The draft as one agrees to it. Knows no rule; nothing it gives has room for a contributor.

use super::service;
use super::{Portion, PortionKind, Whole};
use crate::http::prelude::*;
use crate::reports::{Report, ReportId};
use crate::vocabulary::ThingId;

/// Mounts the operation.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(read_clearance_text);
}

/// A portion of a draft.
#[derive(Debug, Serialize, ToSchema)]
pub struct PortionBody {
    /// The paragraph, the section, or the report whose first page it is.
    pub id: ThingId,
    /// What it is.
    pub kind: PortionKind,
    /// The number that the paragraph is printed with.
    pub number: Option<u32>,
    /// What one agrees to: a line for each heading that it stands under, an empty line, and its words as inline Markdown with its
    /// footnotes. What only stands in an order is a reference on a line of its own: `[](#id)`.
    #[schema(example = "# Challenges\n\nFees differ widely.")]
    pub text: String,
    /// SHA-256 of `text` (UTF-8), in lower-case hexadecimal digits.
    pub sha256: String,
}

impl From<Portion> for PortionBody {
    fn from(portion: Portion) -> Self {
        let Portion { id, kind, number, text, sha256 } = portion;
        Self { id, kind, number, text, sha256 }
    }
}

/// A draft as one agrees to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClearanceTextBody {
    /// The report.
    pub report_id: ReportId,
    /// Its version.
    pub report_version: i64,
    /// SHA-256 over a line for each portion, in order: its id, a space, its SHA-256. Who agrees to all of it sends this.
    pub sha256: String,
    /// The portions, in the order in which they are printed.
    pub portions: Vec<PortionBody>,
}

impl ClearanceTextBody {
    fn new(report: &Report, whole: Whole) -> Self {
        Self {
            report_id: report.id,
            report_version: report.version,
            sha256: whole.sha256,
            portions: whole.portions.into_iter().map(PortionBody::from).collect(),
        }
    }
}

/// The draft as one agrees to it: in portions, each with the SHA-256 of its text, and one over all of them. An agreement names the ones
/// that were read.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), responses((status = 200, body = ClearanceTextBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/clearance/text")]
pub async fn read_clearance_text(call: Call, path: PathIds<ReportId>) -> Answer {
    let id = path.id();
    let (report, whole) = call.read(move |work| service::read(work, id)).await?;
    Ok(call.ok_unversioned(&ClearanceTextBody::new(&report, whole)))
}
