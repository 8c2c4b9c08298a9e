//! SQL of who is working on an input at the moment.

use diesel::prelude::*;

use crate::accounts::AccountId;
use crate::db::Conn;
use crate::db::schema::input_claims;
use crate::db::types::Timestamp;
use crate::inputs::InputId;
use crate::problem::Problem;

/// Who is working on it, and until when.
pub type Claim = (AccountId, Timestamp);

/// The claims on these inputs that have not run out.
pub fn of(
    conn: &mut Conn,
    ids: &[InputId],
    now: Timestamp,
) -> Result<Vec<(InputId, Claim)>, Problem> {
    let rows: Vec<(InputId, AccountId, Timestamp)> = input_claims::table
        .filter(input_claims::input_id.eq_any(ids))
        .filter(input_claims::until.gt(now))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, account, until)| (id, (account, until))).collect())
}

/// Claims an input, whoever had it before.
pub fn put(conn: &mut Conn, id: InputId, claim: Claim) -> Result<(), Problem> {
    delete(conn, id)?;
    let (account, until) = claim;
    let row = (
        input_claims::input_id.eq(id),
        input_claims::account_id.eq(account),
        input_claims::until.eq(until),
    );
    diesel::insert_into(input_claims::table).values(row).execute(conn)?;
    Ok(())
}

/// Nobody is working on it any more.
pub fn delete(conn: &mut Conn, id: InputId) -> Result<(), Problem> {
    diesel::delete(input_claims::table.find(id)).execute(conn)?;
    Ok(())
}

/// Nothing is claimed by this account any more.
pub fn delete_of(conn: &mut Conn, account: AccountId) -> Result<(), Problem> {
    let own = input_claims::table.filter(input_claims::account_id.eq(account));
    diesel::delete(own).execute(conn)?;
    Ok(())
}
