//! Everything that is held about a person, for that person. Asked of each feature by the account; what a feature keeps by address
//! it finds by the account's.

use serde_json::{Map, Value};

use crate::accounts::{self, AccountId};
use crate::personal::PersonalField;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::work::Work;

/// Everything about the caller, the accounts included that were merged into theirs. Audited.
pub fn read(work: &mut Work) -> Result<Value, Problem> {
    let account = work.caller.signed_in()?;
    let mut data = of(work, account)?;
    let mut merged = Vec::new();
    for other in accounts::privacy::accounts_of(work, account)? {
        if other != account {
            merged.push(of(work, other)?);
        }
    }
    data["merged_accounts"] = Value::Array(merged);
    work.audit("account.data_exported", "account", account);
    Ok(data)
}

/// Every column that holds something about a person or leads to one, as its feature declares it. `tests/api/own_data.rs` holds it
/// against the database: a column that could hold a person and is not declared fails. What people answer to the form is declared
/// field by field in `registrations::fields`; here is where it is kept.
pub fn about(registry: Registry) -> Vec<PersonalField> {
    registry.features().flat_map(|feature| feature.personal).copied().collect()
}

fn of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    let mut all = Map::new();
    for data_of in work.registry.features().filter_map(|feature| feature.data_of) {
        let Value::Object(sections) = data_of(work, account)? else {
            return Err(Problem::internal("a feature told something that has no name"));
        };
        all.extend(sections);
    }
    Ok(Value::Object(all))
}
