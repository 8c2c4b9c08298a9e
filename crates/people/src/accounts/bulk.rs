//! Many accounts at once, for other services: no permission is asked. One statement for many where
//! [`super::service::find_or_create`] needs some for each.

use std::collections::HashMap;
use std::hash::BuildHasher;

use super::{Account, AccountId, Email, service, store};
use crate::problem::Problem;
use crate::work::Work;

/// The accounts that these addresses lead to; of one that was merged, the one it went into.
pub fn by_emails(work: &mut Work, emails: &[Email]) -> Result<HashMap<Email, Account>, Problem> {
    let mut found = store::by_emails(work.conn, emails)?;
    let merged: Vec<AccountId> = found.values().filter_map(|account| account.merged_into).collect();
    let survivors = store::load_many(work.conn, &merged)?;
    for account in found.values_mut() {
        if let Some(into) = account.merged_into.and_then(|id| survivors.get(&id)) {
            *account = into.clone();
        }
    }
    Ok(found)
}

/// The accounts of these addresses, made with the name beside it when there is none among those that were just found. Addresses must
/// not be there twice. Those who have an account keep their name.
pub fn create_missing<S: BuildHasher>(
    work: &mut Work,
    mut found: HashMap<Email, Account, S>,
    people: &[(Email, String)],
) -> Result<HashMap<Email, Account, S>, Problem> {
    let mut new = Vec::new();
    for (email, name) in people.iter().filter(|(email, _)| !found.contains_key(email)) {
        new.push(service::made(work, email, name)?);
    }
    // Somebody else made one since we looked: look again.
    store::insert_many(work.conn, &new, Problem::contention)?;
    for account in new {
        work.audit("account.created", "account", account.id);
        found.insert(account.email.clone(), account);
    }
    Ok(found)
}
