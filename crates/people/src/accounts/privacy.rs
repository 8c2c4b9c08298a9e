//! What accounts hold about a person, and how they forget it. The row stays, so that what refers to it does: a tombstone
//! with an address that no mail can reach and no name, under which nobody can sign in.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::sign_ins::Way;
use super::{Account, AccountId, Email, roles, service, store};
use crate::access::{Role, ScopeKind};
use crate::db::keyset;
use crate::db::schema::{accounts, refresh_tokens, sign_in_links};
use crate::db::types::{Id, Timestamp};
use crate::problem::{Code, Problem};
use crate::work::Work;

/// The name of everybody who was erased.
pub const ERASED_NAME: &str = "(erased)";
/// A domain that never reaches anybody (RFC 2606).
const NOWHERE: &str = "erased.invalid";

/// The account and those that were merged into it: everything a person may be held under.
pub fn accounts_of(work: &mut Work, account: AccountId) -> Result<Vec<AccountId>, Problem> {
    let mut all = vec![account];
    all.extend(store::merged_into(work.conn, account)?);
    Ok(all)
}

/// The address of an account. For the features that keep addresses and not accounts.
pub fn address_of(work: &mut Work, account: AccountId) -> Result<Email, Problem> {
    Ok(store::load(work.conn, account)?.email)
}

/// An address that stands for an erased one.
pub fn erased_address<K>(of: Id<K>) -> Result<Email, Problem> {
    format!("erased-{of}@{NOWHERE}").parse().map_err(Problem::internal)
}

/// Everything that is held.
pub fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    let one = store::load(work.conn, account)?;
    let grants = store::grants_of(work.conn, account)?;
    let grant = |grant: super::Grant| {
        json!({
            "role": grant.role, "scope_kind": grant.scope_kind, "scope_id": grant.scope_id,
            "granted_by": grant.granted_by, "confirmed_by": grant.confirmed_by, "organization_id": grant.organization_id, "name": grant.name,
            "created_at": grant.created_at,
        })
    };
    type SignIn = (Way, Timestamp, Timestamp, Option<Timestamp>, Option<Timestamp>);
    let sign_ins: Vec<SignIn> = refresh_tokens::table
        .filter(refresh_tokens::account_id.eq(account))
        .select((
            refresh_tokens::way,
            refresh_tokens::created_at,
            refresh_tokens::expires_at,
            refresh_tokens::used_at,
            refresh_tokens::revoked_at,
        ))
        .order(refresh_tokens::id)
        .load(work.conn)?;
    let sign_in = |(way, created_at, expires_at, used_at, revoked_at): SignIn| {
        json!({
            "way": way, "created_at": created_at, "expires_at": expires_at, "used_at": used_at, "revoked_at": revoked_at,
        })
    };
    let links: Vec<(Timestamp, Timestamp, Option<String>)> = sign_in_links::table
        .filter(sign_in_links::email.eq(&one.email))
        .select((sign_in_links::created_at, sign_in_links::expires_at, sign_in_links::leads_to))
        .order(sign_in_links::id)
        .load(work.conn)?;
    let link = |(created_at, expires_at, leads_to): (Timestamp, Timestamp, Option<String>)| json!({ "created_at": created_at, "expires_at": expires_at, "leads_to": leads_to });
    Ok(json!({
        "account": {
            "id": one.id, "email": one.email, "name": one.name, "language": one.language, "active": one.active,
            "has_password": one.password_hash.is_some(), "merged_into": one.merged_into,
            "created_at": one.created_at, "updated_at": one.updated_at,
        },
        "roles": grants.into_iter().map(grant).collect::<Vec<Value>>(),
        "sign_ins": sign_ins.into_iter().map(sign_in).collect::<Vec<Value>>(),
        "sign_in_links": links.into_iter().map(link).collect::<Vec<Value>>(),
    }))
}

/// 409 when somebody else must take over a role first: the last administrator, the only secretariat of a review.
pub fn require_dispensable(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    service::keep_an_administrator(work, account)?;
    for grant in store::grants_of(work.conn, account)? {
        if grant.role != Role::Secretariat {
            continue;
        }
        let mut others = store::grants_on(work.conn, grant.scope_kind, &[grant.scope_id])?;
        others.extend(store::grants_on(work.conn, ScopeKind::Instance, &[uuid::Uuid::nil()])?);
        let ids: Vec<AccountId> = others
            .iter()
            .filter(|other| other.role == Role::Secretariat && other.account_id != account)
            .map(|other| other.account_id)
            .collect();
        let active = store::load_many(work.conn, &ids)?.into_values().any(|other| other.active);
        if !active {
            let detail =
                "This is the only secretariat of a review: give somebody else the role first.";
            return Err(Problem::new(Code::InUse, detail));
        }
    }
    Ok(())
}

/// Forgets who it was. Comes last: others still ask for the address.
pub fn erase(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    let one = store::load(work.conn, account)?;
    for grant in store::grants_of(work.conn, account)? {
        roles::service::take(work, &grant)?;
    }
    diesel::delete(sign_in_links::table.filter(sign_in_links::email.eq(&one.email)))
        .execute(work.conn)?;
    diesel::delete(refresh_tokens::table.filter(refresh_tokens::account_id.eq(account)))
        .execute(work.conn)?;
    let address = erased_address(account)?;
    diesel::update(accounts::table.find(account))
        .set((
            accounts::email.eq(address),
            accounts::name.eq(ERASED_NAME),
            accounts::name_key.eq(""),
            accounts::mailbox_key.eq(""),
            accounts::password_hash.eq(None::<String>),
            accounts::language.eq(None::<String>),
            accounts::active.eq(false),
            accounts::version.eq(accounts::version + 1),
            accounts::updated_at.eq(work.now),
        ))
        .execute(work.conn)?;
    work.forget_loaded();
    Ok(())
}

/// An account that stands for somebody whose identity is gone, so that they stay one voice among others: nothing links it to
/// the account they had, not even when it was made.
pub fn nobody(work: &mut Work) -> Result<AccountId, Problem> {
    let id: AccountId = work.ids.unlinkable();
    let long_ago: Timestamp = "1970-01-01T00:00:00Z".parse().map_err(Problem::internal)?;
    let account = Account {
        id,
        email: erased_address(id)?,
        name: ERASED_NAME.to_owned(),
        password_hash: None,
        active: false,
        language: None,
        version: 1,
        created_at: long_ago,
        updated_at: long_ago,
        merged_into: None,
        token_generation: 0,
    };
    store::insert(work.conn, &account, Problem::contention)?;
    Ok(account.id)
}

/// Those who may be forgotten for being out of use: they hold no role, and have not signed in or changed anything since.
pub fn unused_since(
    work: &mut Work,
    before: Timestamp,
    after: Option<AccountId>,
    limit: i64,
) -> Result<Vec<AccountId>, Problem> {
    use crate::db::schema::grants;
    let unused = accounts::table
        .filter(accounts::updated_at.lt(before))
        .filter(accounts::merged_into.is_null())
        .filter(accounts::email.not_like(format!("%@{NOWHERE}")))
        .filter(accounts::id.ne_all(grants::table.select(grants::account_id)))
        .filter(
            accounts::id.ne_all(
                refresh_tokens::table
                    .filter(refresh_tokens::created_at.ge(before))
                    .select(refresh_tokens::account_id),
            ),
        )
        .select(accounts::id)
        .into_boxed();
    Ok(keyset::after(unused, (accounts::id,), after, limit).load(work.conn)?)
}
