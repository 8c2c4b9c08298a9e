//! Operations on the phases of a consultation, and the shapes of what they take and give. Knows no rule.

use super::{Blocker, BlockerCode, Next, Taken, Wanted, service};
use crate::access::{self, Role};
use crate::consultations::http::ConsultationBody;
use crate::consultations::{ConsultationId, Phase};
use crate::db::types::Timestamp;
use crate::http::prelude::*;

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(change_phase).service(list_steps);
}

/// Where a consultation goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "to": "open_call" }))]
pub struct ChangePhase {
    /// The phase.
    #[schema(example = "open_call")]
    to: Phase,
    /// Why: needed to go back, to cancel, and where something that stands in the way is waived.
    #[schema(example = "Two countries asked for more time.", max_length = 2000)]
    reason: Option<String>,
    /// What stands in the way and is waived, of what can be.
    #[serde(default)]
    #[schema(example = json!(["no_capacity"]))]
    despite: Vec<BlockerCode>,
}

/// Something that stands in the way of a step.
#[derive(Debug, Serialize, ToSchema)]
pub struct BlockerBody {
    /// Its stable name.
    code: BlockerCode,
    /// What it is.
    #[schema(example = "Its day is not set.")]
    what: String,
    /// Since when, or until when.
    since: Option<Timestamp>,
    /// The roles that can take it away.
    #[schema(value_type = Vec<Role>)]
    who_can: &'static [Role],
    /// Whether it can be waived for a reason.
    waivable: bool,
}

impl From<Blocker> for BlockerBody {
    fn from(one: Blocker) -> Self {
        Self {
            code: one.code,
            what: one.what,
            since: one.since,
            who_can: access::roles(one.who_can),
            waivable: one.code.is_waivable(),
        }
    }
}

/// A step that can be taken, and what stands in its way.
#[derive(Debug, Serialize, ToSchema)]
pub struct NextStepBody<S: ToSchema> {
    /// Where it leads.
    to: S,
    /// Whether it needs a reason in any case.
    needs_reason: bool,
    /// What stands in its way; it is taken once this is empty or waived.
    blocking: Vec<BlockerBody>,
}

impl<S: ToSchema> From<Next<S>> for NextStepBody<S> {
    fn from(next: Next<S>) -> Self {
        let blocking = next.blocking.into_iter().map(BlockerBody::from).collect();
        Self { to: next.to, needs_reason: next.needs_reason, blocking }
    }
}

/// A step that was taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct TakenStepBody<S: ToSchema> {
    /// From where.
    from: S,
    /// To where.
    to: S,
    /// Why, where it was said.
    reason: Option<String>,
    /// What stood in the way and was waived.
    despite: Vec<BlockerCode>,
    /// When.
    at: Timestamp,
}

impl<S: ToSchema> From<Taken<S>> for TakenStepBody<S> {
    fn from(taken: Taken<S>) -> Self {
        let Taken { from, to, reason, despite, at } = taken;
        Self { from, to, reason, despite, at }
    }
}

/// The steps of a consultation or a report.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepsBody<S: ToSchema> {
    /// Those that can be taken from where it stands.
    next: Vec<NextStepBody<S>>,
    /// Those that were taken, the latest first.
    taken: Vec<TakenStepBody<S>>,
}

impl<S: ToSchema> StepsBody<S> {
    /// Of those that were taken, and those that can be.
    pub fn new(taken: Vec<Taken<S>>, next: Vec<Next<S>>) -> Self {
        Self {
            next: next.into_iter().map(NextStepBody::from).collect(),
            taken: taken.into_iter().map(TakenStepBody::from).collect(),
        }
    }
}

/// Moves a consultation to another phase; needs `If-Match`. Steps back and cancelling need a reason. 409 `step_blocked` lists what stands
/// in the way; some of it can be waived, for a reason.
#[utoipa::path(
    tag = "consultations", params(("consultation_id" = ConsultationId, Path), IfMatch),
    request_body = ChangePhase, security(("bearer" = [])),
    responses((status = 200, body = ConsultationBody), Refusals)
)]
#[post("/api/v1/consultations/{consultation_id}/phase")]
pub async fn change_phase(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<ChangePhase>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let wanted = Wanted { reason: body.reason.clone(), despite: body.despite.clone() };
        let consultation = service::take(work, id, version, body.to, &wanted)?;
        Ok(Reply::ok(consultation.version, &ConsultationBody::new(work, consultation)?))
    })
    .await
}

/// The steps of a consultation: those that can be taken now, with what stands in the way of each, since when, and who can take it away;
/// and those that were taken, with their reasons.
#[utoipa::path(
    tag = "consultations", params(("consultation_id" = ConsultationId, Path)), security(("bearer" = [])),
    responses((status = 200, body = StepsBody<Phase>), Refusals)
)]
#[get("/api/v1/consultations/{consultation_id}/steps")]
pub async fn list_steps(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let id = path.id();
    let (taken, next) = call.read(move |work| service::steps(work, id)).await?;
    Ok(call.ok_unversioned(&StepsBody::new(taken, next)))
}
