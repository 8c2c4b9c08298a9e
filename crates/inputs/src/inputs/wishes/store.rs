//! SQL of late wishes to take something back.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{Wish, WishState};
use crate::accounts::AccountId;
use crate::consultations::ConsultationId;
use crate::db::Conn;
use crate::db::schema::withdrawal_wishes;
use crate::events::AccountsMerged;
use crate::inputs::InputId;
use crate::problem::Problem;

/// Ids in one statement: far below what either database can bind.
const CHUNK: usize = 1000;

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = withdrawal_wishes, treat_none_as_null = true)]
struct Row {
    input_id: InputId,
    consultation_id: ConsultationId,
    wished_on: NaiveDate,
    state: WishState,
    reason: Option<String>,
    settled_by: Option<AccountId>,
    version: i64,
}

impl From<Row> for Wish {
    fn from(row: Row) -> Self {
        let Row { input_id, consultation_id, wished_on, state, reason, settled_by, version } = row;
        Self { input_id, consultation_id, wished_on, state, reason, settled_by, version }
    }
}

impl From<Wish> for Row {
    fn from(wish: Wish) -> Self {
        let Wish { input_id, consultation_id, wished_on, state, reason, settled_by, version } =
            wish;
        Self { input_id, consultation_id, wished_on, state, reason, settled_by, version }
    }
}

/// Writes a new wish; one that is there stays as it is.
pub fn insert(conn: &mut Conn, wish: Wish) -> Result<(), Problem> {
    if find(conn, wish.input_id)?.is_none() {
        diesel::insert_into(withdrawal_wishes::table).values(&Row::from(wish)).execute(conn)?;
    }
    Ok(())
}

/// The wish to take this back, if there is one.
pub fn find(conn: &mut Conn, input: InputId) -> Result<Option<Wish>, Problem> {
    let row: Option<Row> = withdrawal_wishes::table.find(input).first(conn).optional()?;
    Ok(row.map(Wish::from))
}

/// The wishes to take these back, of those that there are.
pub fn some(conn: &mut Conn, inputs: &[InputId]) -> Result<Vec<Wish>, Problem> {
    let mut found = Vec::new();
    for part in inputs.chunks(CHUNK) {
        let own = withdrawal_wishes::table.filter(withdrawal_wishes::input_id.eq_any(part));
        found.extend(own.load::<Row>(conn)?.into_iter().map(Wish::from));
    }
    Ok(found)
}

/// All of a consultation, by what they are about, which is random.
pub fn all(conn: &mut Conn, consultation: ConsultationId) -> Result<Vec<Wish>, Problem> {
    let rows: Vec<Row> = withdrawal_wishes::table
        .filter(withdrawal_wishes::consultation_id.eq(consultation))
        .order(withdrawal_wishes::input_id)
        .load(conn)?;
    Ok(rows.into_iter().map(Wish::from).collect())
}

/// All that nobody has answered.
pub fn open(conn: &mut Conn) -> Result<Vec<Wish>, Problem> {
    let rows: Vec<Row> = withdrawal_wishes::table
        .filter(withdrawal_wishes::state.eq(WishState::Open))
        .order(withdrawal_wishes::input_id)
        .load(conn)?;
    Ok(rows.into_iter().map(Wish::from).collect())
}

/// Writes what came of a wish.
pub fn update(conn: &mut Conn, wish: Wish) -> Result<(), Problem> {
    let row = Row::from(wish);
    diesel::update(withdrawal_wishes::table.find(row.input_id)).set(&row).execute(conn)?;
    Ok(())
}

/// What an account answered, nobody answered.
pub fn forget_account(conn: &mut Conn, account: AccountId) -> Result<(), Problem> {
    let own = withdrawal_wishes::table.filter(withdrawal_wishes::settled_by.eq(account));
    diesel::update(own).set(withdrawal_wishes::settled_by.eq(None::<AccountId>)).execute(conn)?;
    Ok(())
}

/// What one account answered, the other did: both are the same person.
pub fn account_merged(conn: &mut Conn, merged: AccountsMerged) -> Result<(), Problem> {
    let own = withdrawal_wishes::table.filter(withdrawal_wishes::settled_by.eq(merged.from));
    diesel::update(own).set(withdrawal_wishes::settled_by.eq(Some(merged.into))).execute(conn)?;
    Ok(())
}
