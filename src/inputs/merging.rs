//! What happens to inputs when two accounts of one person are made one: the sealed links follow, and their voices count
//! as one. How many there were is told to nobody: that would be a count by contributor.

use super::{attribution, claims_store, filters_store, history_store};
use crate::accounts::AccountId;
use crate::problem::Problem;
use crate::work::Work;

/// Seals what one account brought in for the other. For `accounts`: it does not ask who asks.
pub fn account_merged(work: &mut Work, from: AccountId, into: AccountId) -> Result<(), Problem> {
    attribution::account_merged(work, from, into)?;
    history_store::account_merged(work.conn, from, into)?;
    claims_store::delete_of(work.conn, from)?;
    filters_store::account_merged(work.conn, from, into)
}
