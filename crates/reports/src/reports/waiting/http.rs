//! Operations on what waits. Knows no rule; nothing it gives has room for a contributor.

use super::service;
use super::{WaitingCode, Waits, Whom};
use crate::access::{self, Role};
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::reports::clearance::asking::http::PartyBody;
use crate::reports::clearance::service::Names;
use crate::reports::{ParagraphId, ReportId};
use crate::reviews::ReviewId;

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_waiting_of_report).service(list_waiting_of_review);
}

/// Something that waits.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitsBody {
    /// Its stable name.
    pub code: WaitingCode,
    /// What it is.
    #[schema(example = "A comment is not answered.")]
    pub what: String,
    /// In which report.
    pub report_id: ReportId,
    /// At which paragraph.
    pub paragraph_id: Option<ParagraphId>,
    /// The number that the paragraph is printed with.
    #[schema(example = 34)]
    pub number: Option<u32>,
    /// The body or person that it waits for; absent where it waits for whoever holds a role.
    pub party: Option<PartyBody>,
    /// The roles of those that it waits for; empty where it waits for a body or a person.
    #[schema(value_type = Vec<Role>)]
    pub roles: &'static [Role],
    /// Since when, where that is known and may be told.
    pub since: Option<Timestamp>,
}

/// What waits.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitingBody {
    /// Report by report: what agreements, objections, comments, suggestions, citations, coverage and proposals wait for.
    pub waiting: Vec<WaitsBody>,
}

impl WaitingBody {
    fn new(work: &mut Work, waits: Vec<Waits>) -> Result<Self, Problem> {
        let parties = waits.iter().filter_map(|one| match &one.whom {
            Whom::Party(party) => Some(party),
            Whom::May(_) => None,
        });
        let names = Names::of(work, parties, [])?;
        let body = |one: Waits| {
            let (party, roles) = match &one.whom {
                Whom::Party(party) => (Some(PartyBody::new(&names, party)), &[][..]),
                Whom::May(permission) => (None, access::roles(*permission)),
            };
            let Waits { code, what, report_id, paragraph_id, number, since, .. } = one;
            WaitsBody { code, what, report_id, paragraph_id, number, party, roles, since }
        };
        Ok(Self { waiting: waits.into_iter().map(body).collect() })
    }
}

/// What waits in a report, for whom, and since when.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), responses((status = 200, body = WaitingBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/waiting")]
pub async fn list_waiting_of_report(call: Call, path: PathIds<ReportId>) -> Answer {
    let id = path.id();
    let waiting = call.read(move |work| {
        let waits = service::of_report(work, id)?;
        WaitingBody::new(work, waits)
    });
    Ok(call.ok_unversioned(&waiting.await?))
}

/// What waits in the reports of a review, for whom, and since when: as far as you may read their drafts.
#[utoipa::path(tag = "reports", params(("review_id" = ReviewId, Path)), responses((status = 200, body = WaitingBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/reviews/{review_id}/waiting")]
pub async fn list_waiting_of_review(call: Call, path: PathIds<ReviewId>) -> Answer {
    let id = path.id();
    let waiting = call.read(move |work| {
        let waits = service::of_review(work, id)?;
        WaitingBody::new(work, waits)
    });
    Ok(call.ok_unversioned(&waiting.await?))
}
