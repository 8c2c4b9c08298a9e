//! The sealed link from an input to who brought it in (DOMAIN.md, rule 1): the only file that names its table. Private
//! to this slice: only the contributor's own view, one audited permission and the bands of voices can reach it.

use std::collections::HashSet;

use diesel::dsl::exists;
use diesel::prelude::*;

use super::{Capacity, InputId};
use crate::accounts::AccountId;
use crate::db::Conn;
use crate::db::schema::input_attributions;
use crate::problem::Problem;

/// Ids in one statement: far below what either database can bind.
const CHUNK: usize = 1000;

/// Seals who brought an input in, in the transaction that writes it.
pub(super) fn seal(
    conn: &mut Conn,
    input: InputId,
    account: AccountId,
    capacity: Capacity,
) -> Result<(), Problem> {
    let row = (
        input_attributions::input_id.eq(input),
        input_attributions::account_id.eq(account),
        input_attributions::capacity.eq(capacity),
    );
    diesel::insert_into(input_attributions::table).values(row).execute(conn)?;
    Ok(())
}

/// The inputs that an account brought in: for that account's own view.
pub(super) fn own(conn: &mut Conn, account: AccountId) -> Result<Vec<InputId>, Problem> {
    Ok(input_attributions::table
        .filter(input_attributions::account_id.eq(account))
        .select(input_attributions::input_id)
        .load(conn)?)
}

/// Whether the account that is asking brought this input in.
pub(super) fn is_own(conn: &mut Conn, account: AccountId, input: InputId) -> Result<bool, Problem> {
    let link =
        input_attributions::table.find(input).filter(input_attributions::account_id.eq(account));
    Ok(diesel::select(exists(link)).get_result(conn)?)
}

/// Opens the seal of one input. Every use of this is authorised and audited by the caller.
pub(super) fn open(conn: &mut Conn, input: InputId) -> Result<(AccountId, Capacity), Problem> {
    let link = input_attributions::table
        .find(input)
        .select((input_attributions::account_id, input_attributions::capacity))
        .first(conn)
        .optional()?;
    link.ok_or_else(|| Problem::internal("an input without attribution"))
}

/// What one account brought in was brought in by the other: both are the same person.
pub(super) fn account_merged(
    conn: &mut Conn,
    from: AccountId,
    into: AccountId,
) -> Result<(), Problem> {
    diesel::update(input_attributions::table.filter(input_attributions::account_id.eq(from)))
        .set(input_attributions::account_id.eq(into))
        .execute(conn)?;
    Ok(())
}

/// How many different people contributed these inputs, and which of them were recorded for a group instead. No identity leaves this function.
pub(super) fn voices(
    conn: &mut Conn,
    inputs: &[InputId],
) -> Result<(usize, Vec<InputId>), Problem> {
    let (mut people, mut recorded) = (HashSet::new(), Vec::new());
    for part in inputs.chunks(CHUNK) {
        let links: Vec<(InputId, AccountId, Capacity)> = input_attributions::table
            .filter(input_attributions::input_id.eq_any(part))
            .load(conn)?;
        for (input, account, capacity) in links {
            match capacity {
                Capacity::Contributor => {
                    people.insert(account);
                }
                Capacity::Recorder => recorded.push(input),
            }
        }
    }
    Ok((people.len(), recorded))
}
