//! Everything that is held about a person, for that person. Asked of each slice by the account; what a slice keeps by address
//! it finds by the account's.

use serde_json::{Map, Value, json};

use crate::accounts::{self, AccountId};
use crate::problem::Problem;
use crate::work::Work;
use crate::{
    appeals, attendance, audit, calendars, groups, inputs, invitations, jobs, offers,
    organizations, outbox, registrations,
};

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

fn of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    let slices = [
        accounts::privacy::data_of(work, account)?,
        registrations::privacy::data_of(work, account)?,
        groups::privacy::data_of(work, account)?,
        inputs::privacy::data_of(work, account)?,
        attendance::privacy::data_of(work, account)?,
        invitations::privacy::data_of(work, account)?,
        offers::privacy::data_of(work, account)?,
        appeals::privacy::data_of(work, account)?,
        organizations::privacy::data_of(work, account)?,
        outbox::privacy::data_of(work, account)?,
        calendars::privacy::data_of(work, account)?,
        jobs::privacy::data_of(work, account)?,
        acts(work, account)?,
    ];
    let mut all = Map::new();
    for slice in slices {
        let Value::Object(sections) = slice else {
            return Err(Problem::internal("a slice told something that has no name"));
        };
        all.extend(sections);
    }
    Ok(Value::Object(all))
}

/// What the log says that the person did, and what was done to their account.
fn acts(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    let rows = audit::concerning(work.conn, account.uuid())?;
    let act = |row: audit::Row| {
        json!({
            "at": row.at, "by_you": row.actor_id == Some(account), "action": row.action,
            "subject_kind": row.subject_kind, "subject_id": row.subject_id, "details": row.details.0,
        })
    };
    Ok(json!({ "audit_log": rows.into_iter().map(act).collect::<Vec<Value>>() }))
}
