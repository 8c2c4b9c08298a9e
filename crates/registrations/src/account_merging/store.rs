//! The consents of those who hold the account that goes in a merge. SQL and nothing else.

use diesel::prelude::*;

use crate::accounts::AccountId;
use crate::db::Conn;
use crate::db::schema::merge_consents;
use crate::db::types::Timestamp;
use crate::problem::Problem;
use crate::proposals::ProposalId;

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
