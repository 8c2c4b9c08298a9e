//! SQL of accounts that are one person's, and nothing else.

use diesel::prelude::*;

use crate::accounts::{AccountId, Email, GrantId};
use crate::db::Conn;
use crate::db::schema::{accounts, grants};
use crate::problem::Problem;

/// Ids in one `IN (…)` at most: a statement takes no more than about 32,000 values.
const CHUNK: usize = 1000;

/// Whoever may sign in, with name and address: all, or these.
pub fn people(
    conn: &mut Conn,
    only: Option<&[AccountId]>,
) -> Result<Vec<(AccountId, String, Email)>, Problem> {
    let mut found = Vec::new();
    let parts: Vec<Option<&[AccountId]>> = match only {
        Some(ids) => ids.chunks(CHUNK).map(Some).collect(),
        None => vec![None],
    };
    for part in parts {
        let mut query = accounts::table
            .filter(accounts::active.eq(true))
            .select((accounts::id, accounts::name, accounts::email))
            .into_boxed();
        if let Some(ids) = part {
            query = query.filter(accounts::id.eq_any(ids));
        }
        found.extend(query.load::<(AccountId, String, Email)>(conn)?);
    }
    Ok(found)
}

/// Lets everything that was merged into `from` lead to `into`.
pub fn follow(conn: &mut Conn, from: AccountId, into: AccountId) -> Result<(), Problem> {
    diesel::update(accounts::table.filter(accounts::merged_into.eq(from)))
        .set(accounts::merged_into.eq(into))
        .execute(conn)?;
    Ok(())
}

/// Gives a role to another account.
pub fn move_grant(conn: &mut Conn, grant: GrantId, into: AccountId) -> Result<(), Problem> {
    diesel::update(grants::table.find(grant)).set(grants::account_id.eq(into)).execute(conn)?;
    Ok(())
}
