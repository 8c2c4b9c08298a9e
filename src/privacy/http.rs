//! The operations on personal data: what is asked and answered. No rules here.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Expired, Occasion, Purge, PurgeId, erasure, own_data, retention};
use crate::accounts::{AccountId, Email};
use crate::app::App;
use crate::db::types::Timestamp;
use crate::http::attachment::attachment;
use crate::http::prelude::*;
use crate::jobs::http::{Accepted, accepted};
use crate::personal::PersonalField;
use crate::proposals::http::{Answered, answered};
use crate::vocabulary::RetentionClass;
use crate::work::Credentials;

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(read_own_data)
        .service(erase_me)
        .service(erase_account)
        .service(create_purge)
        .service(list_purges);
}

/// Everything that is held about the caller, as `own_data::write` writes it.
#[derive(Debug, Serialize, ToSchema)]
#[allow(dead_code, reason = "it describes an answer, it is never made")]
pub struct OwnDataBody {
    /// When it was put together.
    told_at: Timestamp,
    /// By what it is: account, roles, registrations, inputs, mails and so on, each as it is kept. Nothing is left out but
    /// secrets, of which only hashes are kept.
    #[schema(value_type = Object, example = json!({ "account": { "name": "Asha Example" }, "registrations": [] }))]
    data: serde_json::Value,
    /// What each kind of it is for, on what legal basis it is held, how long, and who may see it.
    about: Vec<PersonalField>,
}

/// Everything that is held about the caller, in all tables, as a file. That it was asked for is audited.
#[utoipa::path(tag = "me", responses((status = 200, body = OwnDataBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/me/data")]
pub async fn read_own_data(call: Call) -> Answer {
    my_data(call.app(), call.credentials().clone()).await
}

/// The file of everything that is held about somebody, for the page too.
pub async fn my_data(app: &App, credentials: Credentials) -> Answer {
    let folder = app.settings.data.folder.clone();
    let file = app.read(credentials.clone(), move |work| own_data::write(work, &folder)).await?;
    // Nobody gets it who is not in the audit log.
    app.write(credentials, own_data::note).await?;
    attachment(file, "application/json", "my-data.json")
}

/// That somebody is to be erased.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "email": "asha.example@example.org" }))]
pub struct ErasePerson {
    /// The address of the account, to say that it is meant: this cannot be undone.
    email: Email,
}

/// Erases the caller: identity, answers, mails and sign-ins go; active registrations are withdrawn; what was published and
/// what was contributed stays, linked to nobody. `If-Match` names the version of `/me`. 409 when somebody must take over a
/// role first (the last administrator, the only secretariat of a review).
#[utoipa::path(tag = "me", params(IfMatch), request_body = ErasePerson, responses((status = 204), Refusals), security(("bearer" = [])))]
#[delete("/api/v1/me")]
pub async fn erase_me(call: Call, body: Body<ErasePerson>) -> Answer {
    let version = call.if_match()?;
    call.change(move |work| {
        erasure::erase_self(work, version, &body.email)?;
        Ok(Reply::no_content())
    })
    .await
}

/// Proposes to erase somebody who asked for it, as they could themselves; another person confirms it. `If-Match` names the version
/// of the account.
#[utoipa::path(tag = "accounts", params(("account_id" = AccountId, Path), IfMatch), request_body = ErasePerson,
    responses(Answered, Refusals), security(("bearer" = [])))]
#[post("/api/v1/accounts/{account_id}/erasure")]
pub async fn erase_account(
    call: Call,
    path: PathIds<AccountId>,
    body: Body<ErasePerson>,
) -> Answer {
    let (account, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let put = erasure::propose(work, account, version, &body.email)?;
        answered(work, put)
    })
    .await
}

/// That what has been kept for long enough is to be forgotten.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "dry_run": true }))]
pub struct CreatePurge {
    /// Only say what would be forgotten.
    dry_run: bool,
}

/// What would be forgotten.
#[derive(Debug, Serialize, ToSchema)]
pub struct PurgePreviewBody {
    /// By class; without counts, of which there is nothing.
    classes: Vec<Expired>,
}

/// With `dry_run`, what has been kept for long enough, counted by class and table. Without, a job that forgets it: its result
/// and `list_purges` say how much of what that was, never whose.
#[utoipa::path(tag = "retention", request_body = CreatePurge,
    responses((status = 200, body = PurgePreviewBody), Accepted, Refusals), security(("bearer" = [])))]
#[post("/api/v1/retention/purges")]
pub async fn create_purge(call: Call, body: Body<CreatePurge>) -> Answer {
    call.post(body, |work, body| {
        if body.dry_run {
            let classes = retention::preview(work)?;
            return Ok(Reply::unversioned(&PurgePreviewBody { classes }));
        }
        retention::start(work).map(accepted)
    })
    .await
}

/// What was purged of one class at one time.
#[derive(Debug, Serialize, ToSchema)]
pub struct PurgeBody {
    /// Its id.
    id: PurgeId,
    /// The class.
    class: RetentionClass,
    /// For how many days it was kept.
    #[schema(example = 180)]
    kept_days: i32,
    /// Consultations that were held before this day were meant.
    before: NaiveDate,
    /// How many of what, by table.
    #[schema(example = json!({ "registrations": 120 }))]
    counts: BTreeMap<String, u64>,
    /// Why.
    occasion: Occasion,
    /// Who asked for it.
    account_id: Option<AccountId>,
    /// When.
    created_at: Timestamp,
}

impl From<Purge> for PurgeBody {
    fn from(purge: Purge) -> Self {
        let Expired { class, kept_days, before, counts } = purge.expired;
        Self {
            id: purge.id,
            class,
            kept_days,
            before,
            counts,
            occasion: purge.occasion,
            account_id: purge.account_id,
            created_at: purge.created_at,
        }
    }
}

/// What was purged and when, the oldest first.
#[utoipa::path(tag = "retention", params(PageQuery),
    responses((status = 200, body = Page<PurgeBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/retention/purges")]
pub async fn list_purges(call: Call, query: Listed) -> Answer {
    let paging = query.paging;
    let part = call.read(move |work| retention::list(work, &paging)).await?;
    Ok(call.page(part.map(PurgeBody::from)))
}
