//! Erasure: who somebody is goes, what was published about a consultation stays. Each feature forgets its own; the account is
//! last, as a tombstone that ids in the audit log and in decisions still lead to. The log is not touched: it holds ids only,
//! so that its chain stays whole.
//!
//! What stays, and why:
//! - figures: who took part counts on, as sector, country and organization of nobody, and as counts of answers;
//! - inputs: reports rest on them; they were given without a name, and no row leads from them to anybody any more;
//! - published editions, with the names of those who spoke on record and agreed to it: an edition never changes;
//! - who decided what, as an id that leads to nobody.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::access::{Permission, Scope};
use crate::accounts::{self, Account, AccountId};
use crate::http::idempotency;
use crate::problem::{Code, Problem, require_version};
use crate::proposals::service::{self as proposals, New, Put};
use crate::proposals::{Act, Carried};
use crate::work::Work;

/// Erases the caller, who names their address to say that they mean it.
pub fn erase_self(work: &mut Work, version: i64, address: &accounts::Email) -> Result<(), Problem> {
    let account = work.caller.signed_in()?;
    work.lock(account.uuid())?;
    meant(work, account, version, Some(address))?;
    erase(work, account, "own_request")
}

/// What is frozen of an erasure that is proposed.
#[derive(Debug, Serialize, Deserialize)]
struct Erasure {
    account_id: AccountId,
    version: i64,
}

/// Proposes to erase somebody who asked for it: another person confirms it.
pub fn propose(
    work: &mut Work,
    account: AccountId,
    version: i64,
    address: &accounts::Email,
) -> Result<Put, Problem> {
    work.require(Permission::ErasePersons, &Scope::INSTANCE)?;
    meant(work, account, version, Some(address))?;
    accounts::privacy::require_dispensable(work, account)?;
    proposals::put(
        work,
        New {
            act: Act::ErasePerson,
            subject: account.to_string(),
            review: None,
            about: Some(account),
            what: json!(Erasure { account_id: account, version }),
            sha256: None,
            at_once: true,
        },
    )
}

/// Erases somebody as it was proposed.
pub(super) fn erase_other(work: &mut Work, carried: &Carried) -> Result<Value, Problem> {
    let what: Erasure = proposals::frozen(carried)?;
    work.require(Permission::ErasePersons, &Scope::INSTANCE)?;
    work.lock(what.account_id.uuid())?;
    meant(work, what.account_id, what.version, None)?;
    erase(work, what.account_id, "request")?;
    Ok(json!({ "account_id": what.account_id }))
}

/// 412 when it changed since it was seen, 409 when it was erased or merged already, 422 when another address is named.
fn meant(
    work: &mut Work,
    account: AccountId,
    version: i64,
    address: Option<&accounts::Email>,
) -> Result<Account, Problem> {
    let one = accounts::service::load(work, account)?;
    require_version(one.version, version)?;
    one.require_unmerged()?;
    if one.email == accounts::privacy::erased_address(account)? {
        let detail = "This account was erased already.";
        return Err(Problem::new(Code::InvalidTransition, detail));
    }
    if address.is_some_and(|address| one.email != *address) {
        let detail = "must be the address of the account: this cannot be undone";
        return Err(Problem::invalid("/email", detail));
    }
    Ok(one)
}

/// Erases a person whom nobody needs any more; 409 when somebody must take over a role first.
pub fn erase(work: &mut Work, account: AccountId, why: &'static str) -> Result<(), Problem> {
    let words = forget(work, account, why)?;
    idempotency::forget_mentions(work.conn, &words)
}

/// All of [`erase`] but that answers which are kept for retries may still mention the person, by the words that this gives.
pub(super) fn forget(
    work: &mut Work,
    account: AccountId,
    why: &'static str,
) -> Result<Vec<String>, Problem> {
    accounts::privacy::require_dispensable(work, account)?;
    let all = accounts::privacy::accounts_of(work, account)?;
    let erasers = work.registry.erasers();
    let mut words = Vec::new();
    for one in &all {
        words.extend(words_of(work, *one)?);
    }
    for one in &all {
        for erase in &erasers {
            erase(work, *one)?;
        }
    }
    work.forget_kept();
    work.audit_with("account.erased", "account", account, json!({ "why": why }));
    Ok(words)
}

/// What an answer that is kept for a retry may know the person by.
fn words_of(work: &mut Work, account: AccountId) -> Result<Vec<String>, Problem> {
    let one = accounts::service::load(work, account)?;
    // Address and name as an answer tells them, whole: people choose what they are called, and nobody chooses what is forgotten of others.
    let (email, name) = (json!(one.email), format!("\"name\":{}", json!(one.name)));
    let mut words = vec![account.to_string(), email.to_string(), name];
    for known_by in work.registry.features().filter_map(|feature| feature.known_by) {
        words.extend(known_by(work, account)?);
    }
    Ok(words)
}
