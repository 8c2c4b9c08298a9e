//! The table of calendar feeds. SQL and nothing else.

use diesel::prelude::*;

use crate::accounts::AccountId;
use crate::db::Conn;
use crate::db::schema::calendar_feeds;
use crate::db::types::Timestamp;
use crate::problem::Problem;

/// Writes the one feed of an account.
pub fn insert(
    conn: &mut Conn,
    account: AccountId,
    hash: &str,
    now: Timestamp,
) -> Result<(), Problem> {
    diesel::insert_into(calendar_feeds::table)
        .values((
            calendar_feeds::account_id.eq(account),
            calendar_feeds::token_hash.eq(hash),
            calendar_feeds::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Forgets the feed of an account, and says whether there was one.
pub fn delete(conn: &mut Conn, account: AccountId) -> Result<bool, Problem> {
    Ok(diesel::delete(calendar_feeds::table.find(account)).execute(conn)? > 0)
}

/// Whose feed it is.
pub fn account(conn: &mut Conn, hash: &str) -> Result<Option<AccountId>, Problem> {
    let query = calendar_feeds::table.filter(calendar_feeds::token_hash.eq(hash));
    Ok(query.select(calendar_feeds::account_id).first(conn).optional()?)
}

/// Since when the account has a feed.
pub fn created_at(conn: &mut Conn, account: AccountId) -> Result<Option<Timestamp>, Problem> {
    let query = calendar_feeds::table.find(account);
    Ok(query.select(calendar_feeds::created_at).first(conn).optional()?)
}
