//! What an administrator may see of the instance itself: the audit log and its check.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::{Permission, Scope};
use crate::audit;
use crate::db::types::{Id, Timestamp};
use crate::http::prelude::*;
use crate::vocabulary::{AccountId, ThingId};

/// Mounts the operations.
pub fn mount(cfg: &mut ServiceConfig) {
    cfg.service(list_audit_entries).service(verify_audit_log);
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
    /// SHA-256 over all the above.
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

/// What a check of the whole audit log found.
#[derive(Serialize, ToSchema)]
pub struct VerificationBody {
    /// Whether every row fits the one before.
    intact: bool,
    /// How many rows were checked and fit.
    #[schema(example = 1204)]
    rows: i64,
    /// The first row that does not fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    broken_at: Option<i64>,
}

/// The audit log, oldest first.
#[utoipa::path(tag = "audit", params(PageQuery), responses((status = 200, body = Page<AuditEntryBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/audit")]
pub async fn list_audit_entries(call: Call, query: Listed) -> Answer {
    let paging = query.paging;
    let part = call.read(move |work| {
        work.require(Permission::ReadAudit, &Scope::INSTANCE)?;
        let after = paging.after_one()?.unwrap_or(0);
        let rows = audit::list(work.conn, after, paging.load())?;
        Ok(paging.finish(rows, |row| vec![row.sequence.to_string()]))
    });
    Ok(call.page(part.await?.map(AuditEntryBody::from)))
}

/// Check that nobody has changed the audit log: every row's hash covers the row before it. Changes nothing.
#[utoipa::path(tag = "audit", responses((status = 200, body = VerificationBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/audit/verify")]
pub async fn verify_audit_log(call: Call) -> Answer {
    // A read, not a write: checking a long log must not hold up everybody's changes.
    let found = call.read(|work| {
        work.require(Permission::ReadAudit, &Scope::INSTANCE)?;
        audit::verify(work.conn)
    });
    let audit::Verification { rows, broken_at } = found.await?;
    let body = VerificationBody { intact: broken_at.is_none(), rows, broken_at };
    Ok(Reply::unversioned(&body).into_response())
}
