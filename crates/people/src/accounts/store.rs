//! The tables of accounts, grants, refresh tokens and sign-in links. SQL and nothing else.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use uuid::Uuid;

use super::likeness::{mailbox_key, name_key};
use super::sign_ins::{Family, SignIn, Way};
use super::{Account, AccountId, DeputiesMoved, Email, Grant, GrantId, OrganizationId};
use crate::access::{Role, ScopeKind, caller};
use crate::db::errors::{self, Meaning};
use crate::db::schema::{
    accounts, consultations, grants, organizations, refresh_tokens, reviews, sign_in_links,
};
use crate::db::types::{Id, Json, Timestamp};
use crate::db::{Cleared, Conn, Insertion, Prepare, keyset};
use crate::events::AccountsMerged;
use crate::i18n::Language;
use crate::problem::Problem;
use crate::{insert_rows, insertions};

/// Ids in one `IN (…)` at most: a statement takes no more than about 32,000 values.
const CHUNK: usize = 1000;

#[derive(Queryable, Insertable)]
#[diesel(table_name = accounts, treat_none_as_default_value = false)]
struct Row {
    id: AccountId,
    email: Email,
    name: String,
    password_hash: Option<String>,
    active: bool,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
    language: Option<Language>,
    merged_into: Option<AccountId>,
    token_generation: i64,
    name_key: Option<String>,
    mailbox_key: Option<String>,
}

/// By what the account is found as one that may be a person's second: nothing once nobody can sign in to it.
fn keys(account: &Account) -> (String, String) {
    if account.active {
        (name_key(&account.name), mailbox_key(&account.email))
    } else {
        (String::new(), String::new())
    }
}

impl From<Row> for Account {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            email: row.email,
            name: row.name,
            password_hash: row.password_hash,
            active: row.active,
            language: row.language,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            merged_into: row.merged_into,
            token_generation: row.token_generation,
        }
    }
}

impl From<Account> for Row {
    fn from(account: Account) -> Self {
        let (name_key, mailbox_key) = keys(&account);
        Self {
            name_key: Some(name_key),
            mailbox_key: Some(mailbox_key),
            id: account.id,
            email: account.email,
            name: account.name,
            password_hash: account.password_hash,
            active: account.active,
            version: account.version,
            created_at: account.created_at,
            updated_at: account.updated_at,
            merged_into: account.merged_into,
            language: account.language,
            token_generation: account.token_generation,
        }
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = grants, treat_none_as_default_value = false)]
struct GrantRow {
    id: GrantId,
    account_id: AccountId,
    role: Role,
    scope_kind: ScopeKind,
    scope_id: Id<()>,
    granted_by: Option<AccountId>,
    created_at: Timestamp,
    confirmed_by: Option<AccountId>,
    made_by: Json<BTreeSet<AccountId>>,
    organization_id: Option<OrganizationId>,
    name: Option<String>,
}

impl From<GrantRow> for Grant {
    fn from(row: GrantRow) -> Self {
        Self {
            id: row.id,
            account_id: row.account_id,
            role: row.role,
            scope_kind: row.scope_kind,
            scope_id: row.scope_id.uuid(),
            granted_by: row.granted_by,
            confirmed_by: row.confirmed_by,
            made_by: row.made_by.0,
            organization_id: row.organization_id,
            name: row.name,
            created_at: row.created_at,
        }
    }
}

/// A refresh token as it is kept: its hash, and the family of tokens that came from one sign-in.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = refresh_tokens, treat_none_as_default_value = false)]
pub struct RefreshToken {
    /// Its id.
    pub id: Id<RefreshToken>,
    /// Whose it is.
    pub account_id: AccountId,
    /// The sign-in it descends from.
    pub family_id: Id<Family>,
    /// SHA-256 of the secret, as hex.
    pub token_hash: String,
    /// The day it was made.
    pub created_at: Timestamp,
    /// When it ends, at the end of a day.
    pub expires_at: Timestamp,
    /// The day it was exchanged for the next one.
    pub used_at: Option<Timestamp>,
    /// The day its family was ended.
    pub revoked_at: Option<Timestamp>,
    /// Whether it began a sign-in that the audit log is still to be told of.
    pub to_audit: bool,
    /// With what.
    pub way: Way,
}

/// A mailed sign-in link as it is kept.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = sign_in_links, treat_none_as_default_value = false)]
pub struct Link {
    /// Its id.
    pub id: Id<Link>,
    /// Where it was mailed.
    pub email: Email,
    /// SHA-256 of the secret, as hex.
    pub token_hash: String,
    /// The hour it was made in.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// The page it leads to, if not to one's own first one.
    pub leads_to: Option<String>,
    /// Whether it works until it ends, and not only once. For mails about somebody who holds no role.
    pub lasts: bool,
}

/// The account, if there is one.
pub fn find(conn: &mut Conn, id: AccountId) -> Result<Option<Account>, Problem> {
    let row: Option<Row> = accounts::table.find(id).first(conn).optional()?;
    Ok(row.map(Account::from))
}

/// The account, or 404.
pub fn load(conn: &mut Conn, id: AccountId) -> Result<Account, Problem> {
    find(conn, id)?.ok_or_else(|| Problem::not_found("account"))
}

/// Every account with its name.
pub fn everybody(conn: &mut Conn) -> Result<Vec<(AccountId, String)>, Problem> {
    Ok(accounts::table.select((accounts::id, accounts::name)).order(accounts::id).load(conn)?)
}

/// The accounts of these ids that there are.
pub fn load_many(
    conn: &mut Conn,
    ids: &[AccountId],
) -> Result<HashMap<AccountId, Account>, Problem> {
    let mut found = HashMap::with_capacity(ids.len());
    for part in ids.chunks(CHUNK) {
        let rows: Vec<Row> = accounts::table.filter(accounts::id.eq_any(part)).load(conn)?;
        found.extend(rows.into_iter().map(|row| (row.id, row.into())));
    }
    Ok(found)
}

/// The account of an address, if it has one.
pub fn by_email(conn: &mut Conn, email: &Email) -> Result<Option<Account>, Problem> {
    let row: Option<Row> =
        accounts::table.filter(accounts::email.eq(email)).first(conn).optional()?;
    Ok(row.map(Account::from))
}

/// The accounts of these addresses that there are.
pub fn by_emails(conn: &mut Conn, emails: &[Email]) -> Result<HashMap<Email, Account>, Problem> {
    let mut found = HashMap::with_capacity(emails.len());
    for part in emails.chunks(CHUNK) {
        let rows: Vec<Row> = accounts::table.filter(accounts::email.eq_any(part)).load(conn)?;
        found.extend(rows.into_iter().map(|row| (row.email.clone(), row.into())));
    }
    Ok(found)
}

/// Adds accounts; `taken` is what it means that one of the addresses has one already.
pub fn insert_many(
    conn: &mut Conn,
    new: &[Account],
    taken: impl Fn() -> Problem,
) -> Result<(), Problem> {
    let rows: Vec<Row> = new.iter().cloned().map(Row::from).collect();
    insert_rows!(conn, accounts::table, &rows).on_unique(taken)
}

/// Adds an account; `taken` is what it means that the address has one already.
pub fn insert(
    conn: &mut Conn,
    account: &Account,
    taken: impl FnOnce() -> Problem,
) -> Result<(), Problem> {
    let row = Row::from(account.clone());
    diesel::insert_into(accounts::table).values(&row).prepared().execute(conn).on_unique(taken)?;
    Ok(())
}

/// Writes what can change of an account, if it still has the version; it then has the next.
pub fn update(conn: &mut Conn, account: &Account, version: i64) -> Result<(), Problem> {
    let (name_key, mailbox_key) = keys(account);
    let rows = diesel::update(accounts::table.find(account.id))
        .filter(accounts::version.eq(version))
        .set((
            accounts::name.eq(&account.name),
            accounts::name_key.eq(name_key),
            accounts::mailbox_key.eq(mailbox_key),
            accounts::password_hash.eq(&account.password_hash),
            accounts::active.eq(account.active),
            accounts::merged_into.eq(account.merged_into),
            accounts::language.eq(account.language),
            accounts::version.eq(version + 1),
            accounts::updated_at.eq(account.updated_at),
        ))
        .prepared()
        .execute(conn)?;
    errors::written(rows, version)
}

/// Counts a change to what the account may do, so that nobody is shown old roles as unchanged.
pub fn touch(conn: &mut Conn, id: AccountId, now: Timestamp) -> Result<(), Problem> {
    diesel::update(accounts::table.find(id))
        .set((accounts::version.eq(accounts::version + 1), accounts::updated_at.eq(now)))
        .prepared()
        .execute(conn)?;
    Ok(())
}

/// Accounts in the order they were made, after an id.
pub fn list(
    conn: &mut Conn,
    email: Option<&Email>,
    active: Option<bool>,
    after: Option<AccountId>,
    limit: i64,
) -> Result<Vec<Account>, Problem> {
    let mut query = accounts::table.into_boxed();
    if let Some(email) = email {
        query = query.filter(accounts::email.eq(email.clone()));
    }
    if let Some(active) = active {
        query = query.filter(accounts::active.eq(active));
    }
    let part = keyset::after(query, (accounts::id,), after, limit);
    let rows: Vec<Row> = part.load(conn)?;
    Ok(rows.into_iter().map(Account::from).collect())
}

/// Those of these accounts with which somebody may sign in, with name and address.
pub fn people(
    conn: &mut Conn,
    ids: &[AccountId],
) -> Result<Vec<(AccountId, String, Email)>, Problem> {
    let mut found = Vec::with_capacity(ids.len());
    for part in ids.chunks(CHUNK) {
        let active = accounts::table
            .filter(accounts::active.eq(true))
            .filter(accounts::id.eq_any(part))
            .select((accounts::id, accounts::name, accounts::email));
        found.extend(active.load::<(AccountId, String, Email)>(conn)?);
    }
    Ok(found)
}

/// Works out keys that are not there yet, of accounts that were made by an earlier version of the program, a part of them.
pub fn add_keys(conn: &mut Conn) -> Result<Cleared, Problem> {
    let without = accounts::table.filter(accounts::name_key.is_null());
    let rows: Vec<Row> = without.order(accounts::id).limit(Cleared::MOST).load(conn)?;
    let found: Vec<Account> = rows.into_iter().map(Account::from).collect();
    for account in &found {
        let (name_key, mailbox_key) = keys(account);
        diesel::update(accounts::table.find(account.id))
            .set((accounts::name_key.eq(name_key), accounts::mailbox_key.eq(mailbox_key)))
            .prepared()
            .execute(conn)?;
    }
    Ok(Cleared::part(found.len()))
}

/// Lets everything that was merged into the one lead to the other.
pub fn follow(conn: &mut Conn, merge: AccountsMerged) -> Result<(), Problem> {
    diesel::update(accounts::table.filter(accounts::merged_into.eq(merge.from)))
        .set(accounts::merged_into.eq(merge.into))
        .prepared()
        .execute(conn)?;
    Ok(())
}

/// Gives a role to another account.
pub fn move_grant(conn: &mut Conn, grant: GrantId, into: AccountId) -> Result<(), Problem> {
    diesel::update(grants::table.find(grant))
        .set(grants::account_id.eq(into))
        .prepared()
        .execute(conn)?;
    Ok(())
}

/// The roles an account holds, in the order they were given.
pub fn grants_of(conn: &mut Conn, account: AccountId) -> Result<Vec<Grant>, Problem> {
    let rows: Vec<GrantRow> =
        grants::table.filter(grants::account_id.eq(account)).order(grants::id).load(conn)?;
    Ok(rows.into_iter().map(Grant::from).collect())
}

/// The roles held on things of one kind, in the order they were given.
pub fn grants_on(conn: &mut Conn, kind: ScopeKind, ids: &[Uuid]) -> Result<Vec<Grant>, Problem> {
    let mut found = Vec::new();
    for part in ids.chunks(CHUNK) {
        let on = part.iter().map(|id| Id::<()>::new(*id));
        let rows: Vec<GrantRow> = grants::table
            .filter(grants::scope_kind.eq(kind))
            .filter(grants::scope_id.eq_any(on))
            .order(grants::id)
            .load(conn)?;
        found.extend(rows.into_iter().map(Grant::from));
    }
    Ok(found)
}

/// This very role of the account, if it holds it.
pub fn grant_of(
    conn: &mut Conn,
    account: AccountId,
    role: Role,
    kind: ScopeKind,
    id: Uuid,
) -> Result<Option<Grant>, Problem> {
    let row: Option<GrantRow> = grants::table
        .filter(grants::account_id.eq(account))
        .filter(grants::role.eq(role))
        .filter(grants::scope_kind.eq(kind))
        .filter(grants::scope_id.eq(Id::<()>::new(id)))
        .first(conn)
        .optional()?;
    Ok(row.map(Grant::from))
}

/// Adds a role; `taken` is what it means that the account holds it already.
pub fn insert_grant(
    conn: &mut Conn,
    grant: &Grant,
    taken: impl FnOnce() -> Problem,
) -> Result<(), Problem> {
    let row = GrantRow {
        id: grant.id,
        account_id: grant.account_id,
        role: grant.role,
        scope_kind: grant.scope_kind,
        scope_id: Id::new(grant.scope_id),
        granted_by: grant.granted_by,
        created_at: grant.created_at,
        confirmed_by: grant.confirmed_by,
        made_by: Json(grant.made_by.clone()),
        organization_id: grant.organization_id,
        name: grant.name.clone(),
    };
    diesel::insert_into(grants::table).values(&row).prepared().execute(conn).on_unique(taken)?;
    Ok(())
}

/// Lets the deputies of one organization be those of another.
pub fn move_deputies(conn: &mut Conn, moved: DeputiesMoved) -> Result<(), Problem> {
    diesel::update(grants::table.filter(grants::organization_id.eq(Some(moved.from))))
        .set(grants::organization_id.eq(Some(moved.into)))
        .prepared()
        .execute(conn)?;
    Ok(())
}

/// Takes a role away.
pub fn delete_grant(conn: &mut Conn, id: GrantId) -> Result<(), Problem> {
    diesel::delete(grants::table.find(id)).execute(conn)?;
    Ok(())
}

/// The accounts that may sign in and administer the instance.
pub fn administrators(conn: &mut Conn) -> Result<Vec<AccountId>, Problem> {
    Ok(grants::table
        .inner_join(accounts::table.on(accounts::id.eq(grants::account_id)))
        .filter(grants::role.eq(Role::Administrator))
        .filter(accounts::active.eq(true))
        .select(grants::account_id)
        .load(conn)?)
}

/// Who of those who may sign in holds a role, and on what.
pub fn holders_of(
    conn: &mut Conn,
    role: Role,
) -> Result<Vec<(AccountId, ScopeKind, Id<()>)>, Problem> {
    Ok(grants::table
        .inner_join(accounts::table.on(accounts::id.eq(grants::account_id)))
        .filter(grants::role.eq(role))
        .filter(accounts::active.eq(true))
        .select((grants::account_id, grants::scope_kind, grants::scope_id))
        .load(conn)?)
}

/// Whether any account, active or not, holds the administrator's role.
pub fn any_administrator(conn: &mut Conn) -> Result<bool, Problem> {
    let count: i64 =
        grants::table.filter(grants::role.eq(Role::Administrator)).count().get_result(conn)?;
    Ok(count > 0)
}

/// Whether there is such an organization.
pub fn organization_exists(conn: &mut Conn, id: OrganizationId) -> Result<bool, Problem> {
    let found: Option<OrganizationId> = organizations::table
        .filter(organizations::id.eq(id))
        .select(organizations::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Whether there is such a review.
pub fn review_exists(conn: &mut Conn, id: Uuid) -> Result<bool, Problem> {
    let found: Option<Id<()>> = reviews::table
        .filter(reviews::id.eq(Id::<()>::new(id)))
        .select(reviews::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// The review of a consultation.
pub fn review_of_consultation(conn: &mut Conn, id: Uuid) -> Result<Option<Uuid>, Problem> {
    let found: Option<Id<()>> = consultations::table
        .filter(consultations::id.eq(Id::<()>::new(id)))
        .select(consultations::review_id)
        .first(conn)
        .optional()?;
    Ok(found.map(Id::uuid))
}

/// The consultation of a working group.
pub fn consultation_of_group(conn: &mut Conn, id: Uuid) -> Result<Option<Uuid>, Problem> {
    Ok(caller::consultations_of(conn, &[Id::new(id)])?.into_values().next())
}

/// Keeps a refresh token.
pub fn insert_refresh_token(conn: &mut Conn, token: &RefreshToken) -> Result<(), Problem> {
    diesel::insert_into(refresh_tokens::table).values(token).prepared().execute(conn)?;
    Ok(())
}

/// The refresh token of this hash.
pub fn refresh_token(conn: &mut Conn, hash: &str) -> Result<Option<RefreshToken>, Problem> {
    Ok(refresh_tokens::table.filter(refresh_tokens::token_hash.eq(hash)).first(conn).optional()?)
}

/// Notes that a refresh token was exchanged, and on which day.
pub fn use_refresh_token(
    conn: &mut Conn,
    id: Id<RefreshToken>,
    day: Timestamp,
) -> Result<(), Problem> {
    diesel::update(refresh_tokens::table.find(id))
        .set(refresh_tokens::used_at.eq(Some(day)))
        .prepared()
        .execute(conn)?;
    Ok(())
}

/// Ends one sign-in: none of its refresh tokens works any more; on which day. Says how many did.
pub fn revoke_family(
    conn: &mut Conn,
    family: Id<Family>,
    day: Timestamp,
) -> Result<usize, Problem> {
    Ok(diesel::update(refresh_tokens::table)
        .filter(refresh_tokens::family_id.eq(family))
        .filter(refresh_tokens::revoked_at.is_null())
        .set(refresh_tokens::revoked_at.eq(Some(day)))
        .prepared()
        .execute(conn)?)
}

/// The sign-ins of an account that have not ended, the latest first.
pub fn sign_ins(
    conn: &mut Conn,
    account: AccountId,
    now: Timestamp,
) -> Result<Vec<SignIn>, Problem> {
    let rows: Vec<(Id<Family>, Way, Timestamp, Timestamp)> = refresh_tokens::table
        .filter(refresh_tokens::account_id.eq(account))
        .filter(refresh_tokens::used_at.is_null())
        .filter(refresh_tokens::revoked_at.is_null())
        .filter(refresh_tokens::expires_at.gt(now))
        .order((refresh_tokens::created_at.desc(), refresh_tokens::id))
        .select((
            refresh_tokens::family_id,
            refresh_tokens::way,
            refresh_tokens::created_at,
            refresh_tokens::expires_at,
        ))
        .load(conn)?;
    let sign_in = |(id, way, day, expires_at)| SignIn { id, way, day, expires_at };
    Ok(rows.into_iter().map(sign_in).collect())
}

/// Ends every sign-in of an account, on which day.
pub fn revoke_account(conn: &mut Conn, account: AccountId, day: Timestamp) -> Result<(), Problem> {
    diesel::update(refresh_tokens::table)
        .filter(refresh_tokens::account_id.eq(account))
        .filter(refresh_tokens::revoked_at.is_null())
        .set(refresh_tokens::revoked_at.eq(Some(day)))
        .prepared()
        .execute(conn)?;
    diesel::update(accounts::table.find(account))
        .set(accounts::token_generation.eq(accounts::token_generation + 1))
        .prepared()
        .execute(conn)?;
    Ok(())
}

/// Lets the links that were mailed to the account, or to one that was merged into it, be out of date since the beginning of a day.
pub fn end_links(conn: &mut Conn, account: AccountId, day: Timestamp) -> Result<(), Problem> {
    let own = accounts::id.eq(account).or(accounts::merged_into.eq(account));
    let emails: Vec<Email> = accounts::table.filter(own).select(accounts::email).load(conn)?;
    diesel::update(sign_in_links::table)
        .filter(sign_in_links::email.eq_any(emails))
        .filter(sign_in_links::expires_at.gt(day))
        .set(sign_in_links::expires_at.eq(day))
        .execute(conn)?;
    Ok(())
}

/// Sign-ins of before a day that the audit log was not told of, a part of them: the token that began each, whose it is, and its day.
pub fn sign_ins_to_audit(
    conn: &mut Conn,
    before: Timestamp,
) -> Result<Vec<(Id<RefreshToken>, AccountId, Timestamp)>, Problem> {
    Ok(refresh_tokens::table
        .filter(refresh_tokens::to_audit.eq(true))
        .filter(refresh_tokens::created_at.lt(before))
        .order((refresh_tokens::created_at, refresh_tokens::account_id, refresh_tokens::id))
        .limit(Cleared::MOST)
        .select((refresh_tokens::id, refresh_tokens::account_id, refresh_tokens::created_at))
        .load(conn)?)
}

/// Notes that the audit log was told of the sign-ins that these tokens began.
pub fn sign_ins_audited(conn: &mut Conn, tokens: &[Id<RefreshToken>]) -> Result<(), Problem> {
    for part in tokens.chunks(CHUNK) {
        diesel::update(refresh_tokens::table.filter(refresh_tokens::id.eq_any(part)))
            .set(refresh_tokens::to_audit.eq(false))
            .execute(conn)?;
    }
    Ok(())
}

/// Keeps a sign-in link.
pub fn insert_link(conn: &mut Conn, link: Link) -> Result<(), Problem> {
    diesel::insert_into(sign_in_links::table).values(link).prepared().execute(conn)?;
    Ok(())
}

/// Sign-in links, to be kept with what else is written then; many are kept already.
pub fn link_insertions(conn: &mut Conn, links: Vec<Link>) -> Result<Vec<Insertion>, Problem> {
    let rows: QueryResult<Vec<Insertion>> = insertions!(conn, sign_in_links::table, links);
    Ok(rows?)
}

/// How many links that were asked for and not used the mailbox of this address was sent since.
pub fn links_since(conn: &mut Conn, email: &Email, since: Timestamp) -> Result<usize, Problem> {
    let mailbox = email.mailbox();
    let sent: Vec<Email> = sign_in_links::table
        .filter(sign_in_links::email.like(email.mailbox_pattern()))
        .filter(sign_in_links::lasts.eq(false))
        .filter(sign_in_links::created_at.ge(since))
        .select(sign_in_links::email)
        .load(conn)?;
    Ok(sent.iter().filter(|one| one.mailbox() == mailbox).count())
}

/// The link of this hash, also one that is out of date.
pub fn link(conn: &mut Conn, hash: &str) -> Result<Option<Link>, Problem> {
    Ok(sign_in_links::table.filter(sign_in_links::token_hash.eq(hash)).first(conn).optional()?)
}

/// Uses up a link, which is gone then. Of two who use it at once, one takes it away: says whether it was this one.
pub fn use_link(conn: &mut Conn, id: Id<Link>) -> Result<bool, Problem> {
    Ok(diesel::delete(sign_in_links::table.find(id)).execute(conn)? == 1)
}

/// Forgets links and refresh tokens that are out of date, a part of them.
pub fn purge(conn: &mut Conn, now: Timestamp) -> Result<Cleared, Problem> {
    let mut links = |lasts: bool, ago: chrono::Duration| {
        let ended = sign_in_links::table
            .filter(sign_in_links::lasts.eq(lasts))
            .filter(sign_in_links::expires_at.le(now.plus(-ago)))
            .select(sign_in_links::id)
            .limit(Cleared::MOST);
        let ended: Vec<Id<Link>> = ended.load(conn)?;
        let ended = sign_in_links::table.filter(sign_in_links::id.eq_any(ended));
        diesel::delete(ended).execute(conn).map(Cleared::part)
    };
    let asked_for = links(false, chrono::Duration::hours(1))?;
    // For a while longer it is known to whom a new one can be sent.
    let lasting = links(true, chrono::Duration::days(60))?;
    let ended = refresh_tokens::table
        .filter(refresh_tokens::expires_at.le(now))
        .select(refresh_tokens::id)
        .limit(Cleared::MOST);
    let ended: Vec<Id<RefreshToken>> = ended.load(conn)?;
    let ended = refresh_tokens::table.filter(refresh_tokens::id.eq_any(ended));
    let tokens = Cleared::part(diesel::delete(ended).execute(conn)?);
    Ok(asked_for.and(lasting).and(tokens))
}

/// The accounts that were merged into this one.
pub fn merged_into(conn: &mut Conn, id: AccountId) -> Result<Vec<AccountId>, Problem> {
    Ok(accounts::table
        .filter(accounts::merged_into.eq(id))
        .order(accounts::id)
        .select(accounts::id)
        .load(conn)?)
}
