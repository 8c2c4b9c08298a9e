//! The operations on sign-ins, accounts and roles.

use super::roles::service::{Given, NewGrant};
use super::service::{self, Change, Filter, NewAccount, SelfChange};
use super::sign_ins::service::SignedIn;
use super::sign_ins::{Family, Way};
use super::{
    Account, AccountId, Email, Grant, GrantId, OrganizationId, ThingId, checked_password,
    passwords, roles, sign_ins,
};
use crate::access::{Permission, Role, Scope, ScopeKind};
use crate::db::types::{Id, Timestamp};
use crate::http::prelude::*;
use crate::i18n::Language;
use crate::problem::require_version;
use crate::proposals::http::{Answered, answered};
use crate::tokens::Tokens;

/// Mounts the operations of this feature.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(sign_in)
        .service(request_link)
        .service(redeem_link)
        .service(refresh_tokens)
        .service(sign_out)
        .service(read_me)
        .service(update_me)
        .service(list_sign_ins)
        .service(end_sign_in)
        .service(list_accounts)
        .service(create_account)
        .service(read_account)
        .service(update_account)
        .service(list_grants)
        .service(create_grant)
        .service(delete_grant);
}

/// An address and its password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The address of the account.
    email: Email,
    /// Its password.
    #[schema(format = Password, example = "correct horse battery staple")]
    password: String,
}

/// Where a sign-in link is to be mailed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "email": "asha.example@example.org" }))]
pub struct RequestLink {
    /// The address; an account is made for it when the link is opened and there is none.
    email: Email,
    /// The language to write in, unless the account has chosen another.
    language: Option<Language>,
}

/// That a link is on its way, if it is.
#[derive(Serialize, ToSchema)]
pub struct LinkRequested {
    /// For people; the same whether or not the address has an account.
    #[schema(example = "If this address may sign in, a link is on its way to it.")]
    message: &'static str,
}

/// A mailed link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedeemLink {
    /// What stands after `/in/` in the link.
    #[schema(example = "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    token: String,
    /// What the person is called, for an address that has no account yet.
    #[schema(example = "Asha Example")]
    name: Option<String>,
}

/// A refresh token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshToken {
    /// As it was given last; it works once.
    #[schema(example = "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    refresh_token: String,
}

/// What somebody gets who has signed in.
#[derive(Serialize, ToSchema)]
pub struct TokensBody {
    /// For `Authorization: Bearer …`.
    access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds that the access token is valid.
    #[schema(example = 900)]
    expires_in: i64,
    /// Exchanges for new tokens, once.
    refresh_token: String,
    /// When the refresh token ends.
    refresh_expires_at: Timestamp,
    /// Who signed in.
    account_id: AccountId,
}

impl TokensBody {
    fn of(signed_in: SignedIn, tokens: &Tokens, now: Timestamp) -> Self {
        let account_id = signed_in.account.id;
        let (access_token, expires_in) = tokens.issue(signed_in.account.holder(), now);
        Self {
            access_token,
            token_type: "Bearer",
            expires_in,
            refresh_token: signed_in.refresh_token,
            refresh_expires_at: signed_in.refresh_expires_at,
            account_id,
        }
    }
}

/// An account.
#[derive(Serialize, ToSchema)]
pub struct AccountBody {
    /// Its id.
    id: AccountId,
    /// Where mail reaches them.
    email: Email,
    /// What they are called.
    #[schema(example = "Asha Example")]
    name: String,
    /// Whether they may sign in.
    active: bool,
    /// The language they chose to be written to in.
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<Language>,
    /// Whether they have a password, or sign in by mailed links only.
    has_password: bool,
    /// Counts changes to the account and to its roles.
    #[schema(example = 1)]
    version: i64,
    /// When it was made.
    created_at: Timestamp,
    /// When it was last changed.
    updated_at: Timestamp,
    /// What the caller may do with it.
    #[schema(example = json!(["update_account", "create_grant"]))]
    allowed_actions: Vec<&'static str>,
}

impl AccountBody {
    fn of(work: &Work, account: Account) -> Self {
        let rules = [
            ("update_me", work.caller.id() == Some(account.id)),
            ("update_account", work.may(Permission::ManageAccounts, &Scope::INSTANCE)),
            ("create_grant", work.caller.may_somewhere(Permission::GrantRoles)),
        ];
        let allowed = rules.into_iter().filter(|(_, may)| *may).map(|(action, _)| action);
        Self {
            id: account.id,
            email: account.email,
            name: account.name,
            active: account.active,
            language: account.language,
            has_password: account.password_hash.is_some(),
            version: account.version,
            created_at: account.created_at,
            updated_at: account.updated_at,
            allowed_actions: allowed.collect(),
        }
    }
}

/// A sign-in. Which device it was and at what time nobody keeps.
#[derive(Serialize, ToSchema)]
pub struct SignInBody {
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    id: Id<Family>,
    /// With what.
    way: Way,
    /// The day it was begun, or last renewed by a program.
    day: chrono::NaiveDate,
    /// When it ends by itself.
    expires_at: Timestamp,
}

impl From<sign_ins::SignIn> for SignInBody {
    fn from(one: sign_ins::SignIn) -> Self {
        let sign_ins::SignIn { id, way, day, expires_at } = one;
        Self { id, way, day: day.utc().date_naive(), expires_at }
    }
}

/// Who is asking, and what they may do.
#[derive(Serialize, ToSchema)]
pub struct MeBody {
    /// The account.
    account: AccountBody,
    /// The roles it holds now.
    roles: Vec<RoleBody>,
}

/// A role that the caller holds.
#[derive(Serialize, ToSchema)]
pub struct RoleBody {
    /// Which role.
    role: Role,
    /// On what kind of thing.
    scope_kind: ScopeKind,
    /// On which one; absent for the instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope_id: Option<ThingId>,
    /// The consultation of a working group's role.
    #[serde(skip_serializing_if = "Option::is_none")]
    consultation_id: Option<ThingId>,
}

impl MeBody {
    fn of(work: &Work, account: Account) -> Self {
        let roles = work.caller.roles().iter().map(|held| RoleBody {
            role: held.role,
            scope_kind: held.scope_kind,
            scope_id: scope_id(held.scope_kind, held.scope_id),
            consultation_id: held.consultation.map(Id::new),
        });
        Self { roles: roles.collect(), account: AccountBody::of(work, account) }
    }
}

fn scope_id(kind: ScopeKind, id: uuid::Uuid) -> Option<ThingId> {
    (kind != ScopeKind::Instance).then(|| Id::new(id))
}

/// What is to be changed of one's own account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateMe {
    /// What one is called.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false, example = "Asha Example")]
    name: Option<String>,
    /// The language to be written to in; null: that of the consultation.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<Language>)]
    language: Option<Option<Language>>,
    /// A new password, of 12 characters or more. Whoever is signed in elsewhere is signed out.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false, format = Password)]
    password: Option<String>,
    /// The password that is replaced, if there is one.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false, format = Password)]
    current_password: Option<String>,
}

/// A new account. Its owner signs in by a mailed link, and may then choose a password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateAccount {
    /// Where mail reaches them.
    email: Email,
    /// What they are called.
    #[schema(example = "Asha Example")]
    name: String,
}

/// What is to be changed of an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateAccount {
    /// What they are called.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false, example = "Asha Example")]
    name: Option<String>,
    /// Whether they may sign in. Who is disabled is signed out everywhere, at once.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    active: Option<bool>,
}

/// Which accounts to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListAccounts {
    /// The one with this address.
    email: Option<Email>,
    /// Those that may, or may not, sign in.
    active: Option<bool>,
}

/// A role of an account.
#[derive(Serialize, ToSchema)]
pub struct GrantBody {
    /// Its id.
    id: GrantId,
    /// Who holds the role.
    account_id: AccountId,
    /// Which role.
    role: Role,
    /// On what kind of thing.
    scope_kind: ScopeKind,
    /// On which one; absent for the instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope_id: Option<ThingId>,
    /// Who gave it; absent when nobody in particular did.
    #[serde(skip_serializing_if = "Option::is_none")]
    granted_by: Option<AccountId>,
    /// Who confirmed it, of a role that needs two people.
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmed_by: Option<AccountId>,
    /// For which organization, of a deputy.
    #[serde(skip_serializing_if = "Option::is_none")]
    organization_id: Option<OrganizationId>,
    /// When.
    created_at: Timestamp,
}

impl From<Grant> for GrantBody {
    fn from(grant: Grant) -> Self {
        Self {
            id: grant.id,
            account_id: grant.account_id,
            role: grant.role,
            scope_kind: grant.scope_kind,
            scope_id: scope_id(grant.scope_kind, grant.scope_id),
            granted_by: grant.granted_by,
            confirmed_by: grant.confirmed_by,
            organization_id: grant.organization_id,
            created_at: grant.created_at,
        }
    }
}

/// What came of giving a role.
pub(super) fn outcome(grant: Grant) -> serde_json::Value {
    serde_json::json!(GrantBody::from(grant))
}

/// A role that is to be given.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"role": "administrator", "scope_kind": "instance"}))]
pub struct CreateGrant {
    /// Which role.
    role: Role,
    /// On what kind of thing; each role has kinds it can be held on.
    scope_kind: ScopeKind,
    /// On which one; left out for the instance.
    scope_id: Option<ThingId>,
    /// For which organization; of a deputy only.
    organization_id: Option<OrganizationId>,
}

/// Sign in with a password.
#[utoipa::path(tag = "auth", request_body = SignIn, responses((status = 200, body = TokensBody), Refusals), security(()))]
#[post("/api/v1/auth/sign-in")]
pub async fn sign_in(call: Call, body: Body<SignIn>) -> Answer {
    let found = passwords::found(call.app(), call.address(), &body.email, body.password.clone());
    let account = found.await?.ok_or_else(sign_ins::service::wrong_password)?;
    let tokens = call.app().tokens.clone();
    call.post_secret(body, move |work, _| {
        let signed_in = sign_ins::service::sign_in(work, &account, Way::Program)?;
        Ok(Reply::unversioned(&TokensBody::of(signed_in, &tokens, work.now)))
    })
    .await
}

/// Have a sign-in link mailed. The answer is the same whether or not the address has an account.
#[utoipa::path(tag = "auth", request_body = RequestLink, responses((status = 202, body = LinkRequested), Refusals), security(()))]
#[post("/api/v1/auth/links")]
pub async fn request_link(call: Call, body: Body<RequestLink>) -> Answer {
    call.post_secret(body, |work, body| {
        sign_ins::service::request_link(work, &body.email, body.language, None)?;
        let message = "If this address may sign in, a link is on its way to it.";
        Ok(Reply::accepted(&LinkRequested { message }))
    })
    .await
}

/// Sign in with a mailed link, which works once. An address without an account gets one.
#[utoipa::path(tag = "auth", request_body = RedeemLink, responses((status = 200, body = TokensBody), Refusals), security(()))]
#[post("/api/v1/auth/links/redeem")]
pub async fn redeem_link(call: Call, body: Body<RedeemLink>) -> Answer {
    let tokens = call.app().tokens.clone();
    call.post_secret(body, move |work, body| {
        let name = body.name.as_deref();
        let (signed_in, _) = sign_ins::service::redeem_link(work, &body.token, name, Way::Program)?;
        Ok(Reply::unversioned(&TokensBody::of(signed_in, &tokens, work.now)))
    })
    .await
}

/// Exchange a refresh token for new tokens. One that is presented again ends its whole sign-in.
#[utoipa::path(tag = "auth", request_body = RefreshToken, responses((status = 200, body = TokensBody), Refusals), security(()))]
#[post("/api/v1/auth/refresh")]
pub async fn refresh_tokens(call: Call, body: Body<RefreshToken>) -> Answer {
    let tokens = call.app().tokens.clone();
    // Not by `post_secret`: what a reused token sets off is kept although the answer is a refusal.
    let outcome = call.app().write(call.credentials().clone(), move |work| {
        let signed_in = match sign_ins::service::refresh(work, &body.refresh_token)? {
            Ok(signed_in) => signed_in,
            Err(refused) => return Ok(Err(refused)),
        };
        Ok(Ok(Reply::unversioned(&TokensBody::of(signed_in, &tokens, work.now))))
    });
    Ok(outcome.await??.into_response())
}

/// Sign out: the refresh token and all that came from the same sign-in end. Access tokens run out by themselves.
#[utoipa::path(tag = "auth", request_body = RefreshToken, responses((status = 204), Refusals), security(()))]
#[post("/api/v1/auth/sign-out")]
pub async fn sign_out(call: Call, body: Body<RefreshToken>) -> Answer {
    call.post_secret(body, |work, body| {
        sign_ins::service::sign_out(work, &body.refresh_token)?;
        Ok(Reply::no_content())
    })
    .await
}

/// Who am I, and what may I do.
#[utoipa::path(tag = "me", responses((status = 200, body = MeBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/me")]
pub async fn read_me(call: Call) -> Answer {
    let me = call.read(|work| {
        let account = me(work)?;
        Ok(MeBody::of(work, account))
    });
    let me = me.await?;
    Ok(call.ok(me.account.version, &me))
}

fn me(work: &mut Work) -> Result<Account, Problem> {
    let id = work.caller.signed_in()?;
    service::load(work, id)
}

/// Change one's own name, language or password.
#[utoipa::path(tag = "me", params(IfMatch), request_body = UpdateMe, responses((status = 200, body = MeBody), Refusals), security(("bearer" = [])))]
#[patch("/api/v1/me")]
pub async fn update_me(call: Call, body: Body<UpdateMe>) -> Answer {
    let account = call.read(me).await?;
    let version = call.if_match()?;
    require_version(account.version, version)?;
    let hash = match &body.password {
        Some(password) => Some(new_password(&call, &account, password, &body).await?),
        None => None,
    };
    call.change(move |work| {
        let change = SelfChange {
            name: body.name.clone(),
            password_hash: hash.clone(),
            language: body.language,
        };
        let account = service::update_self(work, version, &change)?;
        Ok(Reply::ok(account.version, &MeBody::of(work, account)))
    })
    .await
}

/// The hash of a new password, once the current one was found right. That nobody changed it meanwhile, the version tells.
async fn new_password(
    call: &Call,
    account: &Account,
    password: &str,
    body: &UpdateMe,
) -> Result<String, Problem> {
    checked_password(password, "/password")?;
    if account.password_hash.is_some() {
        let current = body.current_password.clone().ok_or_else(|| {
            Problem::invalid("/current_password", "needed to change the password")
        })?;
        let found = passwords::found(call.app(), call.address(), &account.email, current);
        if found.await?.is_none() {
            return Err(Problem::invalid("/current_password", "is not the current password"));
        }
    }
    passwords::hash_apart(password.to_owned(), &call.app().ids).await
}

/// One's own sign-ins that have not ended, the latest first.
#[utoipa::path(tag = "me", responses((status = 200, body = Page<SignInBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/me/sign-ins")]
pub async fn list_sign_ins(call: Call) -> Answer {
    let own = call.read(sign_ins::service::own).await?;
    let items = own.into_iter().map(SignInBody::from).collect();
    Ok(call.page(Listing { items, next: None }))
}

/// End one of one's own sign-ins: whoever uses it has to sign in again, a program once its access token runs out.
#[utoipa::path(tag = "me", responses((status = 204), Refusals), security(("bearer" = [])))]
#[delete("/api/v1/me/sign-ins/{sign_in_id}")]
pub async fn end_sign_in(call: Call, path: PathIds<Id<Family>>) -> Answer {
    let id = path.id();
    call.change(move |work| {
        sign_ins::service::end(work, id)?;
        Ok(Reply::no_content())
    })
    .await
}

/// All accounts.
#[utoipa::path(tag = "accounts", params(ListAccounts, PageQuery), responses((status = 200, body = Page<AccountBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/accounts")]
pub async fn list_accounts(call: Call, query: Listed<ListAccounts>) -> Answer {
    let Listed { filter: ListAccounts { email, active }, paging } = query;
    let filter = Filter { email, active };
    let part = call.read(move |work| {
        let part = service::list(work, &filter, &paging)?;
        Ok(part.map(|account| AccountBody::of(work, account)))
    });
    Ok(call.page(part.await?))
}

/// Make an account.
#[utoipa::path(tag = "accounts", request_body = CreateAccount, responses((status = 201, body = AccountBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/accounts")]
pub async fn create_account(call: Call, body: Body<CreateAccount>) -> Answer {
    call.post(body, |work, body| {
        let new = NewAccount { email: body.email.clone(), name: body.name.clone() };
        let account = service::create(work, &new)?;
        let location = format!("/api/v1/accounts/{}", account.id);
        Ok(Reply::created(location, account.version, &AccountBody::of(work, account)))
    })
    .await
}

/// One account.
#[utoipa::path(tag = "accounts", responses((status = 200, body = AccountBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/accounts/{account_id}")]
pub async fn read_account(call: Call, path: PathIds<AccountId>) -> Answer {
    let id = path.id();
    let body = call.read(move |work| {
        let account = service::see(work, id)?;
        Ok(AccountBody::of(work, account))
    });
    let body = body.await?;
    // What the caller may do with it can change without the account: the ETag for `If-Match` is the version all the same.
    Ok(call.ok(body.version, &body))
}

/// Change an account.
#[utoipa::path(tag = "accounts", params(("account_id" = String, Path), IfMatch), request_body = UpdateAccount, responses((status = 200, body = AccountBody), Refusals), security(("bearer" = [])))]
#[patch("/api/v1/accounts/{account_id}")]
pub async fn update_account(
    call: Call,
    path: PathIds<AccountId>,
    body: Body<UpdateAccount>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        let change = Change { name: body.name.clone(), active: body.active };
        let account = service::update(work, id, version, &change)?;
        Ok(Reply::ok(account.version, &AccountBody::of(work, account)))
    })
    .await
}

/// The roles of an account: all for an administrator and for whose they are, those in their reviews for a secretariat.
#[utoipa::path(tag = "accounts", responses((status = 200, body = Page<GrantBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/accounts/{account_id}/grants")]
pub async fn list_grants(call: Call, path: PathIds<AccountId>) -> Answer {
    let id = path.id();
    let grants = call.read(move |work| roles::service::grants(work, id)).await?;
    let items = grants.into_iter().map(GrantBody::from).collect();
    Ok(call.page(Listing { items, next: None }))
}

/// Give a role: an administrator any, a secretariat those in their own review. A role on the instance or on a review needs two
/// people: it is answered with its proposal, whose `outcome` is the grant. Others are given at once.
#[utoipa::path(tag = "accounts", request_body = CreateGrant, responses((status = 201, body = GrantBody), Answered, Refusals), security(("bearer" = [])))]
#[post("/api/v1/accounts/{account_id}/grants")]
pub async fn create_grant(call: Call, path: PathIds<AccountId>, body: Body<CreateGrant>) -> Answer {
    let account = path.id();
    call.post(body, move |work, body| {
        let (role, scope_kind) = (body.role, body.scope_kind);
        let scope_id = body.scope_id.map(Id::uuid);
        let new = NewGrant { role, scope_kind, scope_id, organization_id: body.organization_id };
        let grant = match roles::service::grant(work, account, new)? {
            Given::Now(grant) => grant,
            Given::Proposed(put) => return answered(work, put),
        };
        let location = format!("/api/v1/accounts/{account}/grants/{}", grant.id);
        // A grant never changes: it is always in its first version.
        Ok(Reply::created(location, 1, &GrantBody::from(grant)))
    })
    .await
}

/// Take a role away. A grant has no versions, so no `If-Match` is needed.
#[utoipa::path(tag = "accounts", responses((status = 204), Refusals), security(("bearer" = [])))]
#[delete("/api/v1/accounts/{account_id}/grants/{grant_id}")]
pub async fn delete_grant(call: Call, path: PathIds<(AccountId, GrantId)>) -> Answer {
    let (account, grant) = path.ids();
    call.change(move |work| {
        roles::service::revoke(work, account, grant)?;
        Ok(Reply::no_content())
    })
    .await
}
