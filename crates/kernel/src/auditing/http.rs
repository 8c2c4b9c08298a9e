//! What an administrator may see of the instance itself: the audit log and its check.

use super::service;
use crate::audit;
use crate::audit::chain::{Checkpoint, Finding, Verification};
use crate::db::types::{Id, Timestamp};
use crate::http::extract::OptionalBody;
use crate::http::prelude::*;
use crate::vocabulary::{AccountId, ThingId};

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_audit_entries).service(read_audit_checkpoint).service(verify_audit_log);
}

/// One row of the audit log.
#[derive(Serialize, ToSchema)]
pub struct AuditEntryBody {
    /// 1, 2, 3, … without gap.
    sequence: i64,
    /// When.
    at: Timestamp,
    /// Who; absent for the operator, for jobs, and where the person must not be linked to the act.
    #[serde(skip_serializing_if = "Option::is_none")]
    actor_id: Option<AccountId>,
    /// What was done.
    #[schema(example = "review.created")]
    action: String,
    /// To what kind of thing.
    #[schema(example = "review")]
    subject_kind: String,
    /// To which one.
    #[serde(skip_serializing_if = "Option::is_none")]
    subject_id: Option<ThingId>,
    /// Anything more; ids only.
    details: serde_json::Value,
    /// The hash of the row before.
    previous_hash: String,
    /// HMAC-SHA-256 over all the above, under the instance's key.
    hash: String,
}

impl From<audit::Row> for AuditEntryBody {
    fn from(row: audit::Row) -> Self {
        Self {
            sequence: row.sequence,
            at: row.at,
            actor_id: row.actor_id,
            action: row.action,
            subject_kind: row.subject_kind,
            subject_id: row.subject_id.map(|id| Id::new(id.uuid())),
            details: row.details.0,
            previous_hash: row.previous_hash,
            hash: row.hash,
        }
    }
}

/// What the log is held against, besides the checkpoints that the instance keeps itself.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerificationRequest {
    /// One that was exported or mailed before.
    checkpoint: Option<Checkpoint>,
}

/// What a check of the whole audit log found.
#[derive(Serialize, ToSchema)]
pub struct VerificationBody {
    /// Whether every row is as it was written, and none is missing that a checkpoint knows of.
    intact: bool,
    /// How many rows fit, from the first on.
    #[schema(example = 1204)]
    rows: i64,
    /// The first row that was changed, moved, put in or taken out.
    #[serde(skip_serializing_if = "Option::is_none")]
    altered_at: Option<i64>,
    /// How many rows there were: the last ones were deleted, or an older state of the database was put back.
    #[serde(skip_serializing_if = "Option::is_none")]
    truncated_from: Option<i64>,
    /// Whether a checkpoint that the instance kept is worth nothing, so that rows may be missing at the end.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unanchored: bool,
}

impl From<Verification> for VerificationBody {
    fn from(found: Verification) -> Self {
        let (altered_at, truncated_from) = match found.finding {
            Finding::Intact | Finding::Unanchored => (None, None),
            Finding::Altered(row) => (Some(row), None),
            Finding::Truncated(were) => (None, Some(were)),
        };
        let intact = found.finding == Finding::Intact;
        let unanchored = found.finding == Finding::Unanchored;
        Self { intact, rows: found.rows, altered_at, truncated_from, unanchored }
    }
}

/// The audit log, oldest first.
#[utoipa::path(tag = "audit", params(PageQuery), responses((status = 200, body = Page<AuditEntryBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/audit")]
pub async fn list_audit_entries(call: Call, query: Listed) -> Answer {
    let paging = query.paging;
    let part = call.read(move |work| service::list(work, &paging));
    Ok(call.page(part.await?.map(AuditEntryBody::from)))
}

/// A checkpoint of where the audit log ends now. Keep it where nobody who runs the instance can change it: with it, a check tells later
/// whether anything that was there is missing or was changed.
#[utoipa::path(tag = "audit", responses((status = 200, body = Checkpoint), Refusals), security(("bearer" = [])))]
#[get("/api/v1/audit/checkpoint")]
pub async fn read_audit_checkpoint(call: Call) -> Answer {
    let chain = call.app().chain.clone();
    let made = call.read(move |work| service::checkpoint(work, &chain)).await?;
    Ok(call.ok_unversioned(&made))
}

/// Check that nobody has changed the audit log: every row's hash covers the row before it, under a key that is not in the database, and
/// checkpoints tell when rows are missing at its end. Changes nothing.
#[utoipa::path(tag = "audit", request_body = Option<VerificationRequest>, responses((status = 200, body = VerificationBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/audit/verify")]
pub async fn verify_audit_log(call: Call, body: OptionalBody<VerificationRequest>) -> Answer {
    let (app, given) = (call.app().clone(), body.0.value.checkpoint);
    // A read, not a write: checking a long log must not hold up everybody's changes.
    let found = call.read(move |work| service::verify(work, &app, given)).await?;
    Ok(Reply::unversioned(&VerificationBody::from(found)).into_response())
}
