//! Operations on people who have more than one account, and the shapes of what they take and give. Knows no rule.

use super::duplicates::DuplicateReason;
use super::service::{self, Duplicate, Merged};
use crate::accounts::{Account, AccountId, Email};
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::proposals::http::{Answered, answered};
use crate::registrations::RegistrationId;

/// Mounts the operations: before the one that takes any id of an account.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_account_duplicates).service(merge_account).service(give_merge_consent);
}

/// One of two accounts that may be the same person's.
#[derive(Debug, Serialize, ToSchema)]
pub struct LikeAccountBody {
    /// Its id.
    pub id: AccountId,
    /// What the person is called there.
    #[schema(example = "Asha Example")]
    pub name: String,
    /// Where mail reaches them.
    pub email: Email,
    /// Counts changes; the `If-Match` of a merge.
    #[schema(example = 1)]
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

impl From<Account> for LikeAccountBody {
    fn from(account: Account) -> Self {
        Self {
            id: account.id,
            name: account.name,
            email: account.email,
            version: account.version,
            created_at: account.created_at,
        }
    }
}

/// Two accounts that may be the same person's.
#[derive(Debug, Serialize, ToSchema)]
pub struct DuplicateBody {
    /// The one that was made first.
    pub older: LikeAccountBody,
    /// The other.
    pub newer: LikeAccountBody,
    /// Why.
    pub reasons: Vec<DuplicateReason>,
}

impl From<Duplicate> for DuplicateBody {
    fn from(pair: Duplicate) -> Self {
        Self { older: pair.older.into(), newer: pair.newer.into(), reasons: pair.reasons }
    }
}

/// Lists pairs of accounts that may be one person's: a secretariat those of people who registered in its own reviews, an
/// administrator all. Of several that are alike each is paired with the oldest. Nothing is decided by it.
#[utoipa::path(
    tag = "accounts", params(PageQuery), security(("bearer" = [])),
    responses((status = 200, body = Page<DuplicateBody>), Refusals)
)]
#[get("/api/v1/account-duplicates")]
pub async fn list_account_duplicates(call: Call, query: Listed) -> Answer {
    let paging = query.paging;
    let part = call.read(move |work| service::list_duplicates(work, &paging)).await?;
    Ok(call.page(part.map(DuplicateBody::from)))
}

/// Which account is left.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "into": "01754d2a-5a00-7000-8000-000000000001", "withdraw_duplicates": true
}))]
pub struct MergeAccount {
    /// The account that is left.
    pub into: AccountId,
    /// Where both are registered for the same consultation, the registration without a place, or the later one, may be
    /// withdrawn. Otherwise such a merge is refused, naming them.
    #[serde(default)]
    pub withdraw_duplicates: bool,
}

/// What came of a merge.
#[derive(Debug, Serialize, ToSchema)]
pub struct MergedAccountBody {
    /// The account that was given up.
    pub id: AccountId,
    /// The account that is left.
    pub merged_into: AccountId,
    /// Registrations that went along, whatever their state.
    #[schema(example = 2)]
    pub registrations: u64,
    /// Roles that went along.
    #[schema(example = 0)]
    pub grants: u64,
    /// Registrations that were withdrawn.
    pub withdrawn: Vec<RegistrationId>,
    /// The version of the account that was given up.
    #[schema(example = 2)]
    pub version: i64,
}

impl From<Merged> for MergedAccountBody {
    fn from(merged: Merged) -> Self {
        Self {
            id: merged.account.id,
            merged_into: merged.into,
            registrations: merged.registrations,
            grants: merged.grants,
            withdrawn: merged.withdrawn,
            version: merged.account.version,
        }
    }
}

/// Proposes to make one of two accounts of the same person; its `outcome` is a `MergedAccountBody`. Whoever holds the address of this
/// one is mailed a link and must consent, then another person confirms. Everything of this account belongs to the other then, its
/// sign-ins end, and its address leads to the other. Both addresses are told. Nobody merges an account of their own, or one with
/// a role that they could not give; a secretariat merges people who registered in its own reviews and in no other.
#[utoipa::path(
    tag = "accounts", params(("account_id" = AccountId, Path), IfMatch), request_body = MergeAccount,
    security(("bearer" = [])), responses(Answered, Refusals)
)]
#[post("/api/v1/accounts/{account_id}/merge")]
pub async fn merge_account(
    call: Call,
    path: PathIds<AccountId>,
    body: Body<MergeAccount>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let put = service::propose(work, id, version, body.into, body.withdraw_duplicates)?;
        answered(work, put)
    })
    .await
}

/// What whoever holds an address answers.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveMergeConsent {
    /// What stands after `/in/` in the link.
    #[schema(example = "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    token: String,
    /// Whether the address may lead to another account of theirs.
    consent: bool,
}

/// That the answer was taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct MergeConsentTaken {
    /// For people; it tells nothing of any account.
    #[schema(example = "Thank you: your answer was taken.")]
    message: &'static str,
}

/// Consents that an address leads to another account of the same person, or refuses, by the link that was mailed to it. The answer
/// tells nothing of either account.
#[utoipa::path(
    tag = "accounts", request_body = GiveMergeConsent, security(()),
    responses((status = 200, body = MergeConsentTaken), Refusals)
)]
#[post("/api/v1/merge-consents")]
pub async fn give_merge_consent(call: Call, body: Body<GiveMergeConsent>) -> Answer {
    call.post_secret(body, |work, body| {
        service::answer(work, &body.token, body.consent)?;
        let message = "Thank you: your answer was taken.";
        Ok(Reply::unversioned(&MergeConsentTaken { message }))
    })
    .await
}
