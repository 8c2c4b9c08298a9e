//! What may be done with accounts. Knows no HTTP but the pages of lists.
//! Passwords come here checked and hashed: that is slow work, which has no place in a transaction.

use std::collections::HashMap;

use secrecy::ExposeSecret;
use uuid::Uuid;

use super::store::{self};
use super::{Account, AccountId, Email, SignInsEnded, checked_name, passwords, roles};
use crate::access::{Permission, Role, Scope, ScopeKind};
use crate::app::App;
use crate::db::errors;
use crate::http::page::{Listing, Paging};
use crate::i18n::Language;
use crate::problem::{Code, Problem, require_version};
use crate::work::{Credentials, Work};

/// The lock of whoever changes who the administrators are.
pub(super) const ADMINISTRATORS: Uuid = Uuid::from_u128(0x6164_6d69_6e69_7374_7261_746f_7273);

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
    found(work, id)?.ok_or_else(|| Problem::not_found("account"))
}

/// Loaded once in a unit of work: whoever writes an account has it forgotten.
fn found(work: &mut Work, id: AccountId) -> Result<Option<Account>, Problem> {
    work.once(id, |conn| store::find(conn, id))
}

/// Every account with its name, for other services: no permission is asked.
pub fn everybody(work: &mut Work) -> Result<Vec<(AccountId, String)>, Problem> {
    store::everybody(work.conn)
}

/// These accounts by id, for other services: no permission is asked.
pub fn names(work: &mut Work, ids: &[AccountId]) -> Result<HashMap<AccountId, Account>, Problem> {
    if let [id] = ids {
        return Ok(found(work, *id)?.map(|account| (*id, account)).into_iter().collect());
    }
    store::load_many(work.conn, ids)
}

/// Those of these accounts with which somebody may sign in, with name and address, for other services: no permission is asked.
pub fn people(
    work: &mut Work,
    ids: &[AccountId],
) -> Result<Vec<(AccountId, String, Email)>, Problem> {
    store::people(work.conn, ids)
}

/// The account of an address, made when there is none, for other services: no permission is asked. The address of an
/// account that was merged leads to the one it went into.
pub fn find_or_create(work: &mut Work, email: &Email, name: &str) -> Result<Account, Problem> {
    match by_email(work, email)? {
        Some(account) => Ok(account),
        // Somebody else made it since we looked: look again.
        None => create_new(work, email, name),
    }
}

/// An account for an address that was found to have none, for other services: no permission is asked.
pub fn create_new(work: &mut Work, email: &Email, name: &str) -> Result<Account, Problem> {
    add(work, email, name, Problem::contention)
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
        token_generation: 0,
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
    work.loaded(account.id, Some(account.clone()));
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

/// Calls an account as its person says, who has shown that it is theirs. For other services: it does not ask who asks.
pub fn call(work: &mut Work, mut account: Account, name: &str) -> Result<Account, Problem> {
    account.name = checked_name(name, "/name")?;
    let version = account.version;
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
    work.forget_loaded();
    account.version += 1;
    work.audit(action, "account", account.id);
    Ok(account)
}

/// Ends everything that lets somebody in as the account without a password: sign-ins, access tokens, mailed links, and, by the event,
/// what other features gave out.
pub(super) fn end_sign_ins(work: &mut Work, id: AccountId) -> Result<(), Problem> {
    work.lock(id.uuid())?;
    let today = work.now.to_the_day();
    store::revoke_account(work.conn, id, today)?;
    work.forget_loaded();
    store::end_links(work.conn, id, today)?;
    work.tell(&SignInsEnded { account: id }).map(drop)
}

/// 409 when nobody who may sign in would be left to administer the instance without this account.
pub(super) fn keep_an_administrator(work: &mut Work, without: AccountId) -> Result<(), Problem> {
    work.lock(ADMINISTRATORS)?;
    let administrators = store::administrators(work.conn)?;
    if administrators == [without] {
        let detail = "This is the last administrator: give somebody else the role first.";
        return Err(Problem::new(Code::InUse, detail));
    }
    Ok(())
}

/// The account that an address leads to, for the check of its password before they are signed in.
pub fn by_email(work: &mut Work, email: &Email) -> Result<Option<Account>, Problem> {
    let found = store::by_email(work.conn, email)?;
    found.map(|account| followed(work, account)).transpose()
}

/// The account, or the one that it was merged into.
pub(super) fn followed(work: &mut Work, account: Account) -> Result<Account, Problem> {
    match account.merged_into {
        Some(into) => store::load(work.conn, into),
        None => Ok(account),
    }
}

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
    work.lock(ADMINISTRATORS)?;
    if store::any_administrator(work.conn)? {
        return Ok(false);
    }
    let account = find_or_create(work, email, "Administrator")?;
    set_password(work, account.id, hash)?;
    roles::service::give_role(
        work,
        account.id,
        Role::Administrator,
        ScopeKind::Instance,
        Uuid::nil(),
    )?;
    Ok(true)
}
