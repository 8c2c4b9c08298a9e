//! The consents of those who hold the account that goes in a merge, and the keys by which accounts of one person are found. SQL and nothing
//! else.

use std::collections::BTreeSet;

use diesel::dsl::{count, count_star, exists};
use diesel::prelude::*;

use crate::accounts::AccountId;
use crate::db::Conn;
use crate::db::schema::{accounts, merge_consents, registrations};
use crate::db::types::Timestamp;
use crate::problem::Problem;
use crate::proposals::ProposalId;

/// Keys in one statement: far below what either database can bind.
const CHUNK: usize = 1000;

/// Adds the accounts that share a key, which they have themselves or were registered with.
macro_rules! alike_by {
    ($conn:ident, $found:ident, $own:expr, $given:expr) => {
        let own = accounts::table.filter($own.ne("")).group_by($own).having(count_star().gt(1));
        let mut keys: Vec<Option<String>> = own.select($own).load($conn)?;
        let given = registrations::table.filter($given.ne("")).group_by($given);
        let several = given.having(count(registrations::account_id).aggregate_distinct().gt(1));
        keys.extend(several.select($given).load::<Option<String>>($conn)?);
        let of_another = accounts::table
            .filter($own.eq($given).and(accounts::id.ne(registrations::account_id)))
            .select(accounts::id);
        let given = registrations::table.filter($given.ne("").and(exists(of_another)));
        keys.extend(given.select($given).distinct().load::<Option<String>>($conn)?);
        for part in keys.chunks(CHUNK) {
            let own = accounts::table.filter($own.eq_any(part)).select(accounts::id);
            $found.extend(own.load::<AccountId>($conn)?);
            let given = registrations::table.filter($given.eq_any(part));
            $found.extend(given.select(registrations::account_id).load::<AccountId>($conn)?);
        }
    };
}

/// Notes that the holder of an account is asked, by the hash of the secret that was mailed to them.
pub(super) fn insert(
    conn: &mut Conn,
    proposal: ProposalId,
    account: AccountId,
    token_hash: &str,
) -> Result<(), Problem> {
    diesel::insert_into(merge_consents::table)
        .values((
            merge_consents::proposal_id.eq(proposal),
            merge_consents::account_id.eq(account),
            merge_consents::token_hash.eq(token_hash),
        ))
        .execute(conn)?;
    Ok(())
}

/// The proposal that a secret is about, unless it was answered.
pub(super) fn asked(conn: &mut Conn, token_hash: &str) -> Result<Option<ProposalId>, Problem> {
    Ok(merge_consents::table
        .filter(merge_consents::token_hash.eq(token_hash))
        .filter(merge_consents::consented_at.is_null())
        .select(merge_consents::proposal_id)
        .first(conn)
        .optional()?)
}

/// Notes that the holder consents.
pub(super) fn consent(
    conn: &mut Conn,
    proposal: ProposalId,
    now: Timestamp,
) -> Result<(), Problem> {
    diesel::update(merge_consents::table.find(proposal))
        .set(merge_consents::consented_at.eq(Some(now)))
        .execute(conn)?;
    Ok(())
}

/// Forgets that the holder was asked.
pub(super) fn delete(conn: &mut Conn, proposal: ProposalId) -> Result<(), Problem> {
    diesel::delete(merge_consents::table.find(proposal)).execute(conn)?;
    Ok(())
}

/// When the holder consented.
pub(super) fn consented(
    conn: &mut Conn,
    proposal: ProposalId,
) -> Result<Option<Timestamp>, Problem> {
    let found: Option<Option<Timestamp>> = merge_consents::table
        .find(proposal)
        .select(merge_consents::consented_at)
        .first(conn)
        .optional()?;
    Ok(found.flatten())
}

/// What was asked of the holder of an account: about which proposal, and when they consented.
pub(super) fn of_account(
    conn: &mut Conn,
    account: AccountId,
) -> Result<Vec<(ProposalId, Option<Timestamp>)>, Problem> {
    Ok(merge_consents::table
        .filter(merge_consents::account_id.eq(account))
        .order(merge_consents::proposal_id)
        .select((merge_consents::proposal_id, merge_consents::consented_at))
        .load(conn)?)
}

/// Forgets what the holder of an account was asked.
pub(super) fn forget(conn: &mut Conn, account: AccountId) -> Result<(), Problem> {
    diesel::delete(merge_consents::table.filter(merge_consents::account_id.eq(account)))
        .execute(conn)?;
    Ok(())
}

/// The accounts that have a key which another one has too, as the person is called or was registered; and those whose keys are not worked out
/// yet. Which of them may be one person's is told by [`super::duplicates::pairs`].
pub(super) fn alike(conn: &mut Conn) -> Result<BTreeSet<AccountId>, Problem> {
    let mut found = BTreeSet::new();
    alike_by!(conn, found, accounts::name_key, registrations::person_name_key);
    alike_by!(conn, found, accounts::mailbox_key, registrations::person_mailbox_key);
    let unknown = accounts::table.filter(accounts::name_key.is_null());
    found.extend(unknown.select(accounts::id).load::<AccountId>(conn)?);
    let unknown = registrations::table
        .filter(registrations::person.is_not_null())
        .filter(registrations::person_name_key.is_null());
    found.extend(unknown.select(registrations::account_id).load::<AccountId>(conn)?);
    Ok(found)
}
