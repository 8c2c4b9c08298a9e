//! What the rest of the program knows of the audit log.

use serde_json::{Value, json};

use super::{http, service};
use crate::app::App;
use crate::audit::{Row, concerning};
use crate::i18n::Template;
use crate::personal::prelude::*;
use crate::problem::Problem;
use crate::registry::Feature;
use crate::vocabulary::AccountId;
use crate::work::Work;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    start: service::anchor,
    stop: service::anchor,
    sweep: Some(|app| Box::pin(tend(app))),
    mails: &[Template::AuditCheckpoint],
    personal: FIELDS,
    data_of: Some(acts),
    ..Feature::named("audit")
};

/// Beside the requests: it waits for a lock of files.
async fn tend(app: App) -> Result<usize, Problem> {
    let tending = tokio::task::spawn_blocking(move || service::tend(&app));
    tending.await.map_err(Problem::internal)?
}

/// The columns that hold something about a person.
#[rustfmt::skip]
const FIELDS: &[PersonalField] = &[
    field("audit_log", "actor_id", "To know who did what", Mandate, Accountability, ADMINISTRATOR, Unlinked),
    field("audit_log", "subject_id", "To know to what it was done", Mandate, Accountability, ADMINISTRATOR, Unlinked),
    field("audit_log", "details", "To know how it was done; ids and codes only", Mandate, Accountability, ADMINISTRATOR, Unlinked),
];

/// What the log says that the person did, and what was done to their account.
fn acts(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    let rows = concerning(work.conn, account.uuid())?;
    let act = |row: Row| {
        json!({
            "at": row.at, "by_you": row.actor_id == Some(account), "action": row.action,
            "subject_kind": row.subject_kind, "subject_id": row.subject_id, "details": row.details.0,
        })
    };
    Ok(json!({ "audit_log": rows.into_iter().map(act).collect::<Vec<Value>>() }))
}
