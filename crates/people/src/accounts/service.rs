//! What may be done with accounts, roles and sign-ins. Knows no HTTP but the pages of lists.
//! Passwords come here checked and hashed: that is slow work, which has no place in a transaction.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::store::{self, Link, RefreshToken};
use super::{
    Account, AccountId, DeputiesMoved, Email, Grant, GrantId, OrganizationId, checked_name,
    checked_organization, checked_scope, passwords,
};
use crate::access::{Permission, Role, Scope, ScopeKind};
use crate::app::App;
use crate::db::types::{Id, Timestamp};
use crate::db::{self, errors};
use crate::events::AccountsMerged;
use crate::http::page::{Listing, Paging};
use crate::i18n::{Language, Placeholder, Template};
use crate::outbox::Letter;
use crate::problem::{Code, Problem, require_version};
use crate::proposals::service::{self as proposals, New, Put};
use crate::proposals::{Act, Carried};
use crate::tokens;
use crate::vocabulary::ReviewId;
use crate::work::{Credentials, Work};

/// The lock of whoever changes who the administrators are.
const ADMINISTRATORS: Uuid = Uuid::from_u128(0x6164_6d69_6e69_7374_7261_746f_7273);
/// Links that one address is sent in an hour (by the clock) at most: a mailbox must not be filled from here.
const LINKS_AN_HOUR: i64 = 5;
/// Sign-ins that the audit log is told of in one go.
const TOLD_AT_ONCE: i64 = 10_000;

// --- accounts -------------------------------------------------------------------------------------------------------

/// What a new account is made from.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Where mail reaches them.
    pub email: Email,
    /// What they are called.
    pub name: String,
}

/// What is to be changed of an account.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// A new name.
    pub name: Option<String>,
    /// Whether they may sign in.
    pub active: Option<bool>,
}

/// What somebody changes of their own account.
#[derive(Debug, Clone, Default)]
pub struct SelfChange {
    /// A new name.
    pub name: Option<String>,
    /// The hash of a new password.
    pub password_hash: Option<String>,
    /// Another language to be written to in; none: that of what is written about.
    pub language: Option<Option<Language>>,
}

/// Which accounts to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// The one with this address.
    pub email: Option<Email>,
    /// Those that may, or may not, sign in.
    pub active: Option<bool>,
}

/// One account, for other services: no permission is asked.
pub fn load(work: &mut Work, id: AccountId) -> Result<Account, Problem> {
    store::load(work.conn, id)
}

/// Every account with its name, for other services: no permission is asked.
pub fn everybody(work: &mut Work) -> Result<Vec<(AccountId, String)>, Problem> {
    store::everybody(work.conn)
}

/// These accounts by id, for other services: no permission is asked.
pub fn names(work: &mut Work, ids: &[AccountId]) -> Result<HashMap<AccountId, Account>, Problem> {
    store::load_many(work.conn, ids)
}

/// Whoever may sign in, with name and address, all or these, for other services: no permission is asked.
pub fn people(
    work: &mut Work,
    only: Option<&[AccountId]>,
) -> Result<Vec<(AccountId, String, Email)>, Problem> {
    store::people(work.conn, only)
}

/// The account of an address, made when there is none, for other services: no permission is asked. The address of an
/// account that was merged leads to the one it went into.
pub fn find_or_create(work: &mut Work, email: &Email, name: &str) -> Result<Account, Problem> {
    match by_email(work, email)? {
        Some(account) => Ok(account),
        // Somebody else made it since we looked: look again.
        None => add(work, email, name, Problem::contention),
    }
}

/// An account as it is when it is new; not written yet. 422 when the name cannot be one.
pub(super) fn made(work: &Work, email: &Email, name: &str) -> Result<Account, Problem> {
    Ok(Account {
        id: work.id(),
        email: email.clone(),
        name: checked_name(name, "/name")?,
        password_hash: None,
        active: true,
        language: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
        merged_into: None,
    })
}

fn add(
    work: &mut Work,
    email: &Email,
    name: &str,
    taken: impl FnOnce() -> Problem,
) -> Result<Account, Problem> {
    let account = made(work, email, name)?;
    store::insert(work.conn, &account, taken)?;
    work.audit("account.created", "account", account.id);
    Ok(account)
}

/// Makes an account; 409 when the address has one.
pub fn create(work: &mut Work, new: &NewAccount) -> Result<Account, Problem> {
    work.require(Permission::ManageAccounts, &Scope::INSTANCE)?;
    let taken = || errors::taken("/email", "this address has an account already");
    add(work, &new.email, &new.name, taken)
}

/// An account, for an administrator and for whose it is; others do not learn whether there is one.
pub fn see(work: &mut Work, id: AccountId) -> Result<Account, Problem> {
    let own = work.caller.signed_in().ok() == Some(id);
    if !own && !work.may(Permission::ManageAccounts, &Scope::INSTANCE) {
        work.caller.signed_in()?;
        return Err(Problem::not_found("account"));
    }
    store::load(work.conn, id)
}

/// All accounts, for an administrator, in the order they were made.
pub fn list(
    work: &mut Work,
    filter: &Filter,
    paging: &Paging,
) -> Result<Listing<Account>, Problem> {
    work.require(Permission::ManageAccounts, &Scope::INSTANCE)?;
    let (after, limit) = (paging.after_one()?, paging.load());
    let rows = store::list(work.conn, filter.email.as_ref(), filter.active, after, limit)?;
    Ok(paging.finish(rows, |account| vec![account.id.to_string()]))
}

/// Changes an account, for an administrator. Who is disabled is signed out everywhere.
pub fn update(
    work: &mut Work,
    id: AccountId,
    version: i64,
    change: &Change,
) -> Result<Account, Problem> {
    work.require(Permission::ManageAccounts, &Scope::INSTANCE)?;
    let mut account = store::load(work.conn, id)?;
    account.require_unmerged()?;
    if let Some(name) = &change.name {
        account.name = checked_name(name, "/name")?;
    }
    let was_active = account.active;
    account.active = change.active.unwrap_or(was_active);
    if was_active && !account.active {
        keep_an_administrator(work, id)?;
        end_sign_ins(work, id)?;
    }
    write(work, account, version, "account.updated")
}

/// Changes one's own name, language and password. The new password comes hashed, and the old one was checked.
pub fn update_self(work: &mut Work, version: i64, change: &SelfChange) -> Result<Account, Problem> {
    let id = work.caller.signed_in()?;
    let mut account = store::load(work.conn, id)?;
    if let Some(name) = &change.name {
        account.name = checked_name(name, "/name")?;
    }
    account.language = change.language.unwrap_or(account.language);
    if let Some(hash) = &change.password_hash {
        account.password_hash = Some(hash.clone());
        end_sign_ins(work, id)?;
    }
    write(work, account, version, "account.updated")
}

/// Sets somebody's password, which comes hashed, and signs them out everywhere; for the command line.
pub fn set_password(work: &mut Work, id: AccountId, hash: &str) -> Result<Account, Problem> {
    work.require(Permission::ManageAccounts, &Scope::INSTANCE)?;
    let mut account = store::load(work.conn, id)?;
    let version = account.version;
    account.password_hash = Some(hash.to_owned());
    end_sign_ins(work, id)?;
    write(work, account, version, "account.password_set")
}

fn write(
    work: &mut Work,
    mut account: Account,
    version: i64,
    action: &'static str,
) -> Result<Account, Problem> {
    require_version(account.version, version)?;
    // What somebody changes of their own account must not tell when they were signed in.
    account.updated_at = work.now.to_the_day();
    store::update(work.conn, &account, version)?;
    account.version += 1;
    work.audit(action, "account", account.id);
    Ok(account)
}

fn end_sign_ins(work: &mut Work, id: AccountId) -> Result<(), Problem> {
    db::lock(work.conn, id.uuid())?;
    store::revoke_account(work.conn, id, work.now.to_the_day())
}

/// 409 when nobody who may sign in would be left to administer the instance without this account.
pub(super) fn keep_an_administrator(work: &mut Work, without: AccountId) -> Result<(), Problem> {
    db::lock(work.conn, ADMINISTRATORS)?;
    let administrators = store::administrators(work.conn)?;
    if administrators == [without] {
        let detail = "This is the last administrator: give somebody else the role first.";
        return Err(Problem::new(Code::InUse, detail));
    }
    Ok(())
}

// --- roles ----------------------------------------------------------------------------------------------------------

/// A role that is to be given.
#[derive(Debug, Clone, Copy)]
pub struct NewGrant {
    /// Which role.
    pub role: Role,
    /// On what kind of thing.
    pub scope_kind: ScopeKind,
    /// On which one; none for the instance.
    pub scope_id: Option<Uuid>,
    /// For which organization; of a deputy only.
    pub organization_id: Option<OrganizationId>,
}

/// A role that was given, or proposed because it needs two people.
#[derive(Debug)]
pub enum Given {
    /// It was given.
    Now(Grant),
    /// It was proposed, and given if one person may act alone.
    Proposed(Put),
}

/// What is frozen of a role that is proposed.
#[derive(Debug, Serialize, Deserialize)]
struct Appointment {
    account_id: AccountId,
    role: Role,
    scope_kind: ScopeKind,
    scope_id: Option<Uuid>,
    organization_id: Option<OrganizationId>,
}

/// Gives a role on behalf of another service: no permission is asked. Whoever holds it already keeps it.
pub fn give_role(
    work: &mut Work,
    account: AccountId,
    role: Role,
    kind: ScopeKind,
    id: Uuid,
) -> Result<(), Problem> {
    give_role_as(work, account, role, kind, id, None)
}

/// As [`give_role`], to somebody whom whoever gives it knows by an address and a name: nothing else of the account is told with
/// the role.
pub fn give_role_as(
    work: &mut Work,
    account: AccountId,
    role: Role,
    kind: ScopeKind,
    id: Uuid,
    name: Option<String>,
) -> Result<(), Problem> {
    checked_scope(role, kind)?;
    if store::grant_of(work.conn, account, role, kind, id)?.is_some() {
        return Ok(());
    }
    // Somebody else gave it since we looked: look again.
    let new = NewGrant { role, scope_kind: kind, scope_id: Some(id), organization_id: None };
    give(work, account, &new, Confirmed { by: None, name }, Problem::contention).map(|_| ())
}

/// Takes a role on behalf of another service: no permission is asked.
pub fn take_role(work: &mut Work, grant: &Grant) -> Result<(), Problem> {
    take(work, grant)
}

/// The roles on one thing, in the order they were given, for other services: no permission is asked.
pub fn grants_on(work: &mut Work, kind: ScopeKind, id: Uuid) -> Result<Vec<Grant>, Problem> {
    store::grants_on(work.conn, kind, id)
}

/// Who holds which role on one thing, in the order they were given.
pub fn holders(
    work: &mut Work,
    kind: ScopeKind,
    id: Uuid,
) -> Result<Vec<(Role, AccountId)>, Problem> {
    let grants = store::grants_on(work.conn, kind, id)?;
    Ok(grants.into_iter().map(|grant| (grant.role, grant.account_id)).collect())
}

/// The roles of an account: all of them for an administrator and for whose they are, those in their own reviews
/// for a secretariat.
pub fn grants(work: &mut Work, account: AccountId) -> Result<Vec<Grant>, Problem> {
    let own = work.caller.signed_in()? == account;
    if !own {
        work.caller.require_somewhere(Permission::GrantRoles)?;
    }
    store::load(work.conn, account)?;
    let all = store::grants_of(work.conn, account)?;
    if own || work.may(Permission::ManageAccounts, &Scope::INSTANCE) {
        return Ok(all);
    }
    let mut seen = Vec::new();
    for grant in all {
        let scope = place(work, grant.scope_kind, grant.scope_id)?;
        if scope.is_some_and(|scope| work.may(Permission::GrantRoles, &scope)) {
            seen.push(grant);
        }
    }
    Ok(seen)
}

/// Gives a role: an administrator any, a secretariat those below the instance in their own review. What makes somebody staff
/// needs two people, unless the operator gives it.
pub fn grant(work: &mut Work, account: AccountId, new: NewGrant) -> Result<Given, Problem> {
    let review = grantable(work, account, &new)?;
    if work.caller.id().is_none() || !proposals::is_staff(new.scope_kind) {
        return give(work, account, &new, Confirmed::default(), taken).map(Given::Now);
    }
    let on = new.scope_id.unwrap_or_default();
    if store::grant_of(work.conn, account, new.role, new.scope_kind, on)?.is_some() {
        return Err(taken());
    }
    store::load(work.conn, account)?.require_unmerged()?;
    let what = Appointment {
        account_id: account,
        role: new.role,
        scope_kind: new.scope_kind,
        scope_id: new.scope_id,
        organization_id: new.organization_id,
    };
    let put = proposals::put(
        work,
        New {
            act: Act::GiveStaffRole,
            subject: format!("{account} {} {on}", new.role),
            review,
            about: Some(account),
            what: json!(what),
            sha256: None,
            at_once: true,
        },
    )?;
    Ok(Given::Proposed(put))
}

/// Gives a role as it was proposed.
pub(super) fn appoint(work: &mut Work, carried: &Carried) -> Result<Grant, Problem> {
    let what: Appointment = proposals::frozen(carried)?;
    let new = NewGrant {
        role: what.role,
        scope_kind: what.scope_kind,
        scope_id: what.scope_id,
        organization_id: what.organization_id,
    };
    grantable(work, what.account_id, &new)?;
    give(work, what.account_id, &new, Confirmed { by: carried.confirmed_by, name: None }, taken)
}

fn taken() -> Problem {
    errors::taken("/role", "the account holds this role already")
}

/// Whether the caller may give the role to the account; the review of a role on one.
fn grantable(
    work: &mut Work,
    account: AccountId,
    new: &NewGrant,
) -> Result<Option<ReviewId>, Problem> {
    if !work.may(Permission::ManageAccounts, &Scope::INSTANCE) {
        work.caller.require_somewhere(Permission::GrantRoles)?;
    }
    checked_scope(new.role, new.scope_kind)?;
    checked_organization(new.role, new.organization_id)?;
    let id = match (new.scope_kind, new.scope_id) {
        (ScopeKind::Instance, None) => Uuid::nil(),
        (ScopeKind::Instance, Some(_)) => {
            return Err(Problem::invalid("/scope_id", "leave it out: the instance has no id"));
        }
        (kind, None) => {
            return Err(Problem::invalid("/scope_id", format!("must be the id of a {kind}")));
        }
        (_, Some(id)) => id,
    };
    let scope = place(work, new.scope_kind, id)?.ok_or_else(|| {
        Problem::invalid("/scope_id", format!("there is no such {}", words(new.scope_kind)))
    })?;
    may_grant(work, new.scope_kind, &scope)?;
    if let Some(organization) = new.organization_id
        && !store::organization_exists(work.conn, organization)?
    {
        return Err(Problem::invalid("/organization_id", "there is no such organization"));
    }
    store::load(work.conn, account)?;
    Ok((new.scope_kind == ScopeKind::Review).then(|| Id::new(id)))
}

/// One organization is another's deputy's from now on. For the merging of organizations.
pub fn organization_merged(work: &mut Work, moved: DeputiesMoved) -> Result<(), Problem> {
    store::move_deputies(work.conn, moved)
}

/// Takes a role, by the rule of [`grant`].
pub fn revoke(work: &mut Work, account: AccountId, id: GrantId) -> Result<(), Problem> {
    work.caller.require_somewhere(Permission::GrantRoles)?;
    let grants = store::grants_of(work.conn, account)?;
    let grant = grants.into_iter().find(|grant| grant.id == id);
    let grant = grant.ok_or_else(|| Problem::not_found("grant"))?;
    // The thing may be gone while the grant is not: an administrator can still clear it away.
    let scope = place(work, grant.scope_kind, grant.scope_id)?.unwrap_or(Scope::INSTANCE);
    may_grant(work, grant.scope_kind, &scope)?;
    if grant.role == Role::Administrator {
        keep_an_administrator(work, account)?;
    }
    take(work, &grant)
}

/// The roles an account holds, in the order they were given, for other services: no permission is asked.
pub fn grants_of(work: &mut Work, account: AccountId) -> Result<Vec<Grant>, Problem> {
    store::grants_of(work.conn, account)
}

/// Roles that the account which is left does not hold yet go to it, the others go; how many it got. For the merging of
/// accounts: no permission is asked.
pub fn move_grants(work: &mut Work, merge: AccountsMerged) -> Result<u64, Problem> {
    let mut moved = 0;
    for grant in store::grants_of(work.conn, merge.from)? {
        let (role, kind, on) = (grant.role, grant.scope_kind, grant.scope_id);
        if store::grant_of(work.conn, merge.into, role, kind, on)?.is_some() {
            store::delete_grant(work.conn, grant.id)?;
            unseated(work, &grant)?;
            continue;
        }
        store::move_grant(work.conn, grant.id, merge.into)?;
        unseated(work, &grant)?;
        proposals::seated(work, merge.into, kind, on)?;
        let details =
            json!({ "account_id": merge.into, "role": role, "scope_kind": kind, "scope_id": on });
        work.audit_with("grant.moved", "grant", grant.id, details);
        moved += 1;
    }
    store::touch(work.conn, merge.into, work.now)?;
    Ok(moved)
}

/// The account stays, so that its address is known and leads to the other; nobody signs in as it. For the merging of
/// accounts: no permission is asked.
pub fn give_up(work: &mut Work, from: Account, into: AccountId) -> Result<Account, Problem> {
    let version = from.version;
    let mut account = Account {
        active: false,
        password_hash: None,
        merged_into: Some(into),
        updated_at: work.now,
        ..from
    };
    store::update(work.conn, &account, version)?;
    account.version += 1;
    store::follow(work.conn, AccountsMerged { from: account.id, into })?;
    store::revoke_account(work.conn, account.id, work.now.to_the_day())?;
    Ok(account)
}

/// 403 when the account holds a role that the caller could not give. For the merging of accounts: whoever joins them
/// gives their roles.
pub fn may_grant_all_of(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    for grant in store::grants_of(work.conn, account)? {
        let scope = place(work, grant.scope_kind, grant.scope_id)?.unwrap_or(Scope::INSTANCE);
        may_grant(work, grant.scope_kind, &scope).map_err(|problem| {
            let detail =
                "The person holds a role that you could not give: somebody who can must do this.";
            problem.refused_as(|_| Problem::new(Code::Forbidden, detail))
        })?;
    }
    Ok(())
}

/// The secretariat of a review and of the instance, or of every review: whoever of them may sign in.
pub fn secretariat(work: &mut Work, review: Option<Uuid>) -> Result<Vec<AccountId>, Problem> {
    let holders = store::holders_of(work.conn, Role::Secretariat)?;
    let theirs = |kind: ScopeKind, on: Uuid| {
        kind == ScopeKind::Instance || review.is_none_or(|review| review == on)
    };
    let own = holders.into_iter().filter(|(_, kind, on)| theirs(*kind, on.uuid()));
    let people: BTreeSet<AccountId> = own.map(|(account, ..)| account).collect();
    Ok(people.into_iter().collect())
}

/// What is given on the instance is the administrator's to give; the rest is given where it lies.
fn may_grant(work: &Work, kind: ScopeKind, scope: &Scope) -> Result<(), Problem> {
    match kind {
        ScopeKind::Instance => work.require(Permission::ManageAccounts, &Scope::INSTANCE),
        _ => work.require(Permission::GrantRoles, scope),
    }
}

/// What is kept of how a role was given.
#[derive(Default)]
struct Confirmed {
    /// Who confirmed it.
    by: Option<AccountId>,
    /// What the holder was called.
    name: Option<String>,
}

fn give(
    work: &mut Work,
    account: AccountId,
    new: &NewGrant,
    how: Confirmed,
    taken: impl FnOnce() -> Problem,
) -> Result<Grant, Problem> {
    // Whoever opens the old address would be let in as the other account, and find the role nowhere.
    store::load(work.conn, account)?.require_unmerged()?;
    let (kind, on) = (new.scope_kind, new.scope_id.unwrap_or_default());
    let grant = Grant {
        id: work.id(),
        account_id: account,
        role: new.role,
        scope_kind: kind,
        scope_id: on,
        granted_by: work.caller.id(),
        confirmed_by: how.by,
        made_by: proposals::answering_for(work, kind, on, how.by)?,
        organization_id: new.organization_id,
        name: how.name,
        created_at: work.now,
    };
    store::insert_grant(work.conn, &grant, taken)?;
    proposals::seated(work, account, kind, on)?;
    changed(work, "grant.given", &grant)?;
    Ok(grant)
}

pub(super) fn take(work: &mut Work, grant: &Grant) -> Result<(), Problem> {
    store::delete_grant(work.conn, grant.id)?;
    unseated(work, grant)?;
    changed(work, "grant.taken", grant)
}

/// Who held this role, if no other on the same thing is left.
fn unseated(work: &mut Work, grant: &Grant) -> Result<(), Problem> {
    let (kind, on) = (grant.scope_kind, grant.scope_id);
    let left = store::grants_on(work.conn, kind, on)?;
    if left.iter().any(|other| other.account_id == grant.account_id) {
        return Ok(());
    }
    proposals::left(work, grant.account_id, kind, on)
}

fn changed(work: &mut Work, action: &'static str, grant: &Grant) -> Result<(), Problem> {
    store::touch(work.conn, grant.account_id, work.now)?;
    let details = json!({
        "account_id": grant.account_id,
        "role": grant.role,
        "scope_kind": grant.scope_kind,
        "scope_id": grant.scope_id,
    });
    work.audit_with(action, "grant", grant.id, details);
    Ok(())
}

/// Where a thing stands; none when there is no such thing.
fn place(work: &mut Work, kind: ScopeKind, id: Uuid) -> Result<Option<Scope>, Problem> {
    let consultation = match kind {
        ScopeKind::Instance => return Ok(Some(Scope::INSTANCE)),
        ScopeKind::Review => {
            let there = store::review_exists(work.conn, id)?;
            return Ok(there.then(|| Scope::review(id)));
        }
        ScopeKind::Consultation => id,
        ScopeKind::WorkingGroup => match store::consultation_of_group(work.conn, id)? {
            Some(consultation) => consultation,
            None => return Ok(None),
        },
    };
    let review = store::review_of_consultation(work.conn, consultation)?;
    let scope = review.map(|review| Scope::consultation(Id::new(review), Id::new(consultation)));
    Ok(scope.map(|scope| if kind == ScopeKind::WorkingGroup { scope.group(id) } else { scope }))
}

fn words(kind: ScopeKind) -> &'static str {
    match kind {
        ScopeKind::WorkingGroup => "working group",
        other => other.as_str(),
    }
}

// --- signing in -----------------------------------------------------------------------------------------------------

/// What somebody gets who has signed in.
pub struct SignedIn {
    /// Who it is.
    pub account: Account,
    /// The secret of a refresh token; only its hash is kept.
    pub refresh_token: String,
    /// When the refresh token ends.
    pub refresh_expires_at: Timestamp,
}

/// 401 that does not tell what of it was wrong.
pub fn wrong_credentials(detail: &str) -> Problem {
    Problem::new(Code::InvalidCredentials, detail).with_header("WWW-Authenticate", "Bearer")
}

/// What a wrong address, a wrong password and a disabled account are all answered with.
pub fn wrong_password() -> Problem {
    wrong_credentials("The e-mail address and password do not belong together.")
}

/// The account that an address leads to, for the check of its password before [`sign_in`].
pub fn by_email(work: &mut Work, email: &Email) -> Result<Option<Account>, Problem> {
    let found = store::by_email(work.conn, email)?;
    found.map(|account| followed(work, account)).transpose()
}

/// The account, or the one that it was merged into.
fn followed(work: &mut Work, account: Account) -> Result<Account, Problem> {
    match account.merged_into {
        Some(into) => store::load(work.conn, into),
        None => Ok(account),
    }
}

/// Signs in whose password was found to be right for `checked`, as the account was then.
pub fn sign_in(work: &mut Work, checked: &Account) -> Result<SignedIn, Problem> {
    db::lock(work.conn, checked.id.uuid())?;
    let account = store::load(work.conn, checked.id)
        .map_err(|problem| problem.refused_as(|_| wrong_password()))?;
    // It may have been disabled, or the password changed, while the password was being checked.
    if !account.active || account.password_hash != checked.password_hash {
        return Err(wrong_password());
    }
    begin(work, account)
}

/// Mails a link with which whoever reads mail at the address can sign in once, in the account's language, else the one
/// asked for. Tells nobody whether there is an account.
pub fn request_link(
    work: &mut Work,
    email: &Email,
    language: Option<Language>,
) -> Result<(), Problem> {
    let hour = work.now.to_the_hour();
    let account = by_email(work, email)?;
    let disabled = account.as_ref().is_some_and(|account| !account.active);
    if disabled || store::links_since(work.conn, email, hour)? >= LINKS_AN_HOUR {
        return Ok(());
    }
    let (secret, minutes) = (work.ids.secret(), work.settings.accounts.sign_in_link_minutes);
    let link = Link {
        id: work.ids.unlinkable(),
        email: email.clone(),
        token_hash: tokens::secret_hash(&secret),
        created_at: hour,
        expires_at: work.now.plus(chrono::Duration::minutes(minutes)),
    };
    store::insert_link(work.conn, &link)?;
    let public_url = &work.settings.server.public_url;
    let own = account.and_then(|account| account.language);
    let mail = Letter {
        template: Template::SignInLink,
        language: Language::choose(own.or(language), &[]),
        recipient: email.as_str(),
        values: vec![(Placeholder::Minutes, minutes.to_string())],
        // After `#`, so that a browser sends it to no server and no log sees it. ASCII only, so that no mail program
        // breaks it.
        secret: Some(format!("{public_url}/sign-in#token={secret}")),
        about: None,
    };
    work.mail(mail.write()?)
}

/// Signs in with a mailed link, which is used up; the account is made when the address has none.
pub fn redeem_link(work: &mut Work, secret: &str, name: Option<&str>) -> Result<SignedIn, Problem> {
    let refused =
        || wrong_credentials("This link was used, has expired or never was. Ask for a new one.");
    let hash = tokens::secret_hash(secret);
    let email = store::use_link(work.conn, &hash, work.now)?.ok_or_else(refused)?;
    let account = find_or_create(work, &email, name.unwrap_or(email.local_part()))?;
    db::lock(work.conn, account.id.uuid())?;
    let account = store::load(work.conn, account.id)?;
    if !account.active {
        return Err(refused());
    }
    begin(work, account)
}

fn begin(work: &mut Work, account: Account) -> Result<SignedIn, Problem> {
    let family = work.ids.unlinkable();
    let at_once = holds_a_role(work, account.id)?;
    if at_once {
        work.audit_with("account.signed_in", "account", account.id, json!({ "family_id": family }));
    }
    next_token(work, account, family, !at_once)
}

/// Whether the audit log tells at once what the account does to its sign-ins. Of participants it tells only on which day they
/// signed in, so that it does not say who was here when something was contributed.
fn holds_a_role(work: &mut Work, account: AccountId) -> Result<bool, Problem> {
    Ok(!store::grants_of(work.conn, account)?.is_empty())
}

/// Tells the audit log who signed in on the days that are over and how often, in random order; says of how many sign-ins.
pub fn audit_days(work: &mut Work) -> Result<usize, Problem> {
    let today = work.now.to_the_day();
    let sign_ins = store::sign_ins_to_audit(work.conn, today, TOLD_AT_ONCE)?;
    let mut days: BTreeMap<(Timestamp, AccountId), usize> = BTreeMap::new();
    for (_, account, day) in &sign_ins {
        *days.entry((*day, *account)).or_default() += 1;
    }
    let mut told: Vec<_> = days.into_iter().map(|one| (work.ids.place(), one)).collect();
    told.sort_unstable_by_key(|(place, _)| *place);
    for (_, ((day, account), times)) in told {
        let details = json!({ "day": day.utc().date_naive(), "times": times });
        work.audit_with("account.signed_in", "account", account, details);
    }
    let tokens: Vec<_> = sign_ins.into_iter().map(|(token, ..)| token).collect();
    store::sign_ins_audited(work.conn, &tokens)?;
    Ok(tokens.len())
}

fn next_token(
    work: &mut Work,
    account: Account,
    family_id: Id<store::Family>,
    to_audit: bool,
) -> Result<SignedIn, Problem> {
    let refresh_token = work.ids.secret();
    let days = work.settings.accounts.refresh_token_days;
    let today = work.now.to_the_day();
    let token = RefreshToken {
        id: work.ids.unlinkable(),
        account_id: account.id,
        family_id,
        token_hash: tokens::secret_hash(&refresh_token),
        created_at: today,
        // To the end of its last day: a time of day here would be that of the sign-in.
        expires_at: today.plus(chrono::Duration::days(days + 1)),
        used_at: None,
        revoked_at: None,
        to_audit,
    };
    store::insert_refresh_token(work.conn, &token)?;
    Ok(SignedIn { account, refresh_token, refresh_expires_at: token.expires_at })
}

/// Exchanges a refresh token for the next one. One that was exchanged before has been copied: its whole family is
/// ended. That must be kept although the answer is a refusal, so the refusal stands inside `Ok`.
pub fn refresh(work: &mut Work, secret: &str) -> Result<Result<SignedIn, Problem>, Problem> {
    let refused = || wrong_credentials("This refresh token is not valid. Sign in again.");
    let Some(token) = locked_token(work, secret)? else { return Ok(Err(refused())) };
    if token.used_at.is_some() {
        end_family(work, &token, "account.refresh_token_reused")?;
        return Ok(Err(refused()));
    }
    let account = store::load(work.conn, token.account_id)?;
    if token.revoked_at.is_some() || token.expires_at <= work.now || !account.active {
        return Ok(Err(refused()));
    }
    store::use_refresh_token(work.conn, token.id, work.now.to_the_day())?;
    next_token(work, account, token.family_id, false).map(Ok)
}

/// Ends the sign-in that a refresh token belongs to. A token that is unknown has nothing to end. The audit log is told of those
/// who hold a role.
pub fn sign_out(work: &mut Work, secret: &str) -> Result<(), Problem> {
    let Some(token) = locked_token(work, secret)? else { return Ok(()) };
    if holds_a_role(work, token.account_id)? {
        return end_family(work, &token, "account.signed_out");
    }
    store::revoke_family(work.conn, token.family_id, work.now.to_the_day()).map(|_| ())
}

/// The token as it is once nobody else can change its account's sign-ins.
fn locked_token(work: &mut Work, secret: &str) -> Result<Option<RefreshToken>, Problem> {
    let hash = tokens::secret_hash(secret);
    let Some(token) = store::refresh_token(work.conn, &hash)? else { return Ok(None) };
    db::lock(work.conn, token.account_id.uuid())?;
    store::refresh_token(work.conn, &hash)
}

fn end_family(work: &mut Work, token: &RefreshToken, action: &'static str) -> Result<(), Problem> {
    if store::revoke_family(work.conn, token.family_id, work.now.to_the_day())? > 0 {
        let details = json!({ "family_id": token.family_id });
        work.audit_with(action, "account", token.account_id, details);
    }
    Ok(())
}

// --- the first administrator ----------------------------------------------------------------------------------------

/// Makes the administrator when no account holds that role. The password that was made for them, if it was not given
/// by the settings; it is nowhere else. However many processes start at once, one makes it.
pub fn ensure_administrator(app: &App) -> Result<Option<String>, Problem> {
    if app.db.read_blocking(store::any_administrator)? {
        return Ok(None);
    }
    let given = app.settings.secrets.admin_password.as_ref().map(ExposeSecret::expose_secret);
    let made = given.is_none().then(|| app.ids.secret());
    let password = given.or(made.as_deref()).unwrap_or_default();
    super::checked_password(password, "/admin_password").map_err(|problem| {
        let detail = format!("RAPPORTEUR_ADMIN_PASSWORD {}", problem.detail());
        problem.refused_as(|_| Problem::new(Code::InvalidValue, detail))
    })?;
    let hash = passwords::hash(password, &app.ids)?;
    let email: Email = app.settings.accounts.admin_email.parse().map_err(|why| {
        Problem::invalid("/accounts/admin_email", format!("accounts.admin_email is {why}"))
    })?;
    let was_made =
        app.write_blocking(&Credentials::Operator, |work| make_administrator(work, &email, &hash))?;
    Ok(made.filter(|_| was_made))
}

fn make_administrator(work: &mut Work, email: &Email, hash: &str) -> Result<bool, Problem> {
    db::lock(work.conn, ADMINISTRATORS)?;
    if store::any_administrator(work.conn)? {
        return Ok(false);
    }
    let account = find_or_create(work, email, "Administrator")?;
    set_password(work, account.id, hash)?;
    give_role(work, account.id, Role::Administrator, ScopeKind::Instance, Uuid::nil())?;
    Ok(true)
}
