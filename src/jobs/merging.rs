//! What happens to jobs when two accounts of a person are made one. SQL, and when to use it; it does not ask who asks.

use diesel::prelude::*;

use crate::accounts::AccountId;
use crate::db::schema::jobs;
use crate::problem::Problem;
use crate::work::Work;

/// What one account started is the other's: one that runs goes on as theirs.
pub fn account_merged(work: &mut Work, from: AccountId, into: AccountId) -> Result<(), Problem> {
    diesel::update(jobs::table.filter(jobs::account_id.eq(from)))
        .set(jobs::account_id.eq(into))
        .execute(work.conn)?;
    Ok(())
}
