//! The operation that tells the minutes of a clearance. Knows no rule.

use super::service;
use super::{Minute, MinuteKind};
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::reports::clearance::asking::http::PartyBody;
use crate::reports::clearance::service::Names;
use crate::reports::history::http::TeamMemberBody;
use crate::reports::{ParagraphId, ReportId};

/// Mounts the operation.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(read_clearance_minutes);
}

/// Something that was done about a report on its way to the public.
#[derive(Debug, Serialize, ToSchema)]
pub struct MinuteBody {
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: MinuteKind,
    /// The body or person that did it, or that was asked.
    pub party: Option<PartyBody>,
    /// Who of the team did it; absent once they are erased.
    pub by: Option<TeamMemberBody>,
    /// At which paragraph.
    pub paragraph_id: Option<ParagraphId>,
    /// What was said: a reason, an answer, or the symbol of an edition.
    pub text: Option<String>,
}

/// The minutes of a clearance.
#[derive(Debug, Serialize, ToSchema)]
pub struct MinutesBody {
    /// Everything that was done, in the order in which it was done.
    pub minutes: Vec<MinuteBody>,
}

impl MinutesBody {
    fn new(work: &mut Work, minutes: Vec<Minute>) -> Result<Self, Problem> {
        let parties = minutes.iter().filter_map(|one| one.party.as_ref());
        let names = Names::of(work, parties, minutes.iter().map(|one| one.by))?;
        let body = |one: Minute| MinuteBody {
            at: one.at,
            kind: one.kind,
            party: one.party.as_ref().map(|party| PartyBody::new(&names, party)),
            by: names.team.member(one.by),
            paragraph_id: one.paragraph_id,
            text: one.text,
        };
        Ok(Self { minutes: minutes.into_iter().map(body).collect() })
    }
}

/// The minutes of a report's clearance: rounds, who was asked, what they said, what was answered and overridden, steps back with their
/// reasons, and editions, in order.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), responses((status = 200, body = MinutesBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/clearance/minutes")]
pub async fn read_clearance_minutes(call: Call, path: PathIds<ReportId>) -> Answer {
    let id = path.id();
    let minutes = call.read(move |work| {
        let minutes = service::read(work, id)?;
        MinutesBody::new(work, minutes)
    });
    Ok(call.ok_unversioned(&minutes.await?))
}
