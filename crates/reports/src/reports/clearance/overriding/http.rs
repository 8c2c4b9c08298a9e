//! Operations on decisions to publish all the same. Knows no rule.

use super::Override;
use super::service::{self, Despite};
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::reports::ReportId;
use crate::reports::clearance::Party;
use crate::reports::clearance::asking;
use crate::reports::clearance::asking::http::PartyBody;
use crate::reports::clearance::service::Names;
use crate::reports::history::http::TeamMemberBody;
use crate::vocabulary::{OverrideId, PartyId, PositionId};

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(override_clearance).service(list_clearance_overrides);
}

/// Despite what an edition is published, and why: an agreement or an objection, one of the two.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OverrideClearance {
    /// Whose needed agreement is missing.
    #[serde(default)]
    pub party_id: Option<PartyId>,
    /// The objection that stands.
    #[serde(default)]
    pub objection_id: Option<PositionId>,
    /// Why; kept with your name.
    #[schema(example = "They were asked three times and did not answer.", max_length = 2000)]
    pub reason: String,
}

impl OverrideClearance {
    fn despite(&self) -> Result<Despite, Problem> {
        match (self.party_id, self.objection_id) {
            (Some(party), None) => Ok(Despite::Missing(party)),
            (None, Some(objection)) => Ok(Despite::Objection(objection)),
            _ => Err(Problem::invalid("/party_id", "name either party_id or objection_id")),
        }
    }
}

/// A decision to publish all the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClearanceOverrideBody {
    /// Its id.
    pub id: OverrideId,
    /// The report.
    pub report_id: ReportId,
    /// Whose agreement is missing, or who objects.
    pub party: Option<PartyBody>,
    /// The objection; absent for an agreement that is missing.
    pub objection_id: Option<PositionId>,
    /// Why.
    pub reason: String,
    /// Whether it holds still: it lapses when the text changes that it is about.
    pub holds: bool,
    /// Who decided; absent once they are erased.
    pub by: Option<TeamMemberBody>,
    /// When.
    pub at: Timestamp,
}

impl ClearanceOverrideBody {
    fn several(
        work: &mut Work,
        report: ReportId,
        overrides: Vec<(Override, bool)>,
    ) -> Result<Vec<Self>, Problem> {
        let parties = asking::service::parties(work, report)?;
        let names = Names::of(work, &parties, overrides.iter().map(|(one, _)| one.made_by))?;
        let new = |(one, holds)| Self::new(&names, &parties, one, holds);
        Ok(overrides.into_iter().map(new).collect())
    }

    fn new(names: &Names, parties: &[Party], one: Override, holds: bool) -> Self {
        let party = parties.iter().find(|party| party.id == one.party_id);
        Self {
            id: one.id,
            report_id: one.report_id,
            party: party.map(|party| PartyBody::new(names, party)),
            objection_id: one.objection_id,
            reason: one.reason,
            holds,
            by: names.team.member(one.made_by),
            at: one.made_at,
        }
    }
}

/// Goes on despite a needed agreement that is missing, or despite an objection, for a reason that is kept by name: for whoever may
/// publish. It lapses when the text changes that it is about.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), request_body = OverrideClearance, responses((status = 201, body = ClearanceOverrideBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/reports/{report_id}/clearance/overrides")]
pub async fn override_clearance(
    call: Call,
    path: PathIds<ReportId>,
    body: Body<OverrideClearance>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let made = service::decide(work, id, body.despite()?, body.reason.clone())?;
        let one = ClearanceOverrideBody::several(work, id, vec![(made, true)])?.pop();
        let one = one.ok_or_else(|| Problem::internal("one decision has one answer"))?;
        Ok(Reply::made(&one))
    })
    .await
}

/// What was decided to be published all the same, in the order in which that was decided, and whether it holds still.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path), PageQuery), responses((status = 200, body = Page<ClearanceOverrideBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/clearance/overrides")]
pub async fn list_clearance_overrides(
    call: Call,
    path: PathIds<ReportId>,
    query: Listed,
) -> Answer {
    let (id, paging) = (path.id(), query.paging);
    let part = call.read(move |work| {
        let part = service::list(work, id, &paging)?;
        let items = ClearanceOverrideBody::several(work, id, part.items)?;
        Ok(Listing { items, next: part.next })
    });
    Ok(call.page(part.await?))
}
