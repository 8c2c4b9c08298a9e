//! The table of purges. SQL and nothing else.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{Expired, Occasion, Purge, PurgeId};
use crate::accounts::AccountId;
use crate::db::schema::purges;
use crate::db::types::{Json, Timestamp};
use crate::db::{Conn, keyset};
use crate::http::page::Paging;
use crate::problem::Problem;
use crate::vocabulary::RetentionClass;

#[derive(Queryable, Insertable)]
#[diesel(table_name = purges, treat_none_as_default_value = false)]
struct Row {
    id: PurgeId,
    class: RetentionClass,
    kept_days: i32,
    before: NaiveDate,
    counts: Json<BTreeMap<String, u64>>,
    occasion: Occasion,
    account_id: Option<AccountId>,
    created_at: Timestamp,
}

impl From<Row> for Purge {
    fn from(row: Row) -> Self {
        let Row { class, kept_days, before, counts, .. } = row;
        Self {
            id: row.id,
            expired: Expired { class, kept_days, before, counts: counts.0 },
            occasion: row.occasion,
            account_id: row.account_id,
            created_at: row.created_at,
        }
    }
}

/// Notes what was purged.
pub fn insert(conn: &mut Conn, purge: &Purge) -> Result<(), Problem> {
    let Expired { class, kept_days, before, counts } = purge.expired.clone();
    let row = Row {
        id: purge.id,
        class,
        kept_days,
        before,
        counts: Json(counts),
        occasion: purge.occasion,
        account_id: purge.account_id,
        created_at: purge.created_at,
    };
    diesel::insert_into(purges::table).values(&row).execute(conn)?;
    Ok(())
}

/// What was purged, the oldest first.
pub fn list(conn: &mut Conn, paging: &Paging) -> Result<Vec<Purge>, Problem> {
    let query = purges::table.into_boxed();
    let part = keyset::after(query, (purges::id,), paging.after_one::<PurgeId>()?, paging.load());
    let rows: Vec<Row> = part.load(conn)?;
    Ok(rows.into_iter().map(Purge::from).collect())
}
