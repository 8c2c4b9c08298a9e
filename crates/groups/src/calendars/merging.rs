//! What happens to the secret address of a calendar when two accounts of a person are made one. SQL, and when to use
//! it; it does not ask who asks.

use diesel::prelude::*;

use super::{service, store};
use crate::db::schema::calendar_feeds;
use crate::events::AccountsMerged;
use crate::problem::Problem;
use crate::work::Work;

/// The address goes on, for the other account; where that has one of its own, the first ends.
pub fn account_merged(work: &mut Work, merged: AccountsMerged) -> Result<(), Problem> {
    let AccountsMerged { from, into } = merged;
    if store::created_at(work.conn, into)?.is_some() {
        return service::end_feed(work, from);
    }
    diesel::update(calendar_feeds::table.find(from))
        .set(calendar_feeds::account_id.eq(into))
        .execute(work.conn)?;
    Ok(())
}
