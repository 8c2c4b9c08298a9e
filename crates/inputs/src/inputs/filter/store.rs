//! SQL of the filters that people saved for themselves.

use diesel::prelude::*;

use super::{Filter, Saved, SavedId};
use crate::accounts::AccountId;
use crate::consultations::ConsultationId;
use crate::db::Conn;
use crate::db::errors::Meaning;
use crate::db::schema::input_filters;
use crate::db::types::Json;
use crate::events::AccountsMerged;
use crate::problem::Problem;

type Row = (SavedId, ConsultationId, AccountId, String, Json<Filter>);

fn saved((id, consultation_id, _, name, filter): Row) -> Saved {
    Saved { id, consultation_id, name, filter: filter.0 }
}

/// Keeps a filter; 409 when the account has one of this name.
pub fn insert(conn: &mut Conn, account: AccountId, one: &Saved) -> Result<(), Problem> {
    let row = (
        input_filters::id.eq(one.id),
        input_filters::consultation_id.eq(one.consultation_id),
        input_filters::account_id.eq(account),
        input_filters::name.eq(&one.name),
        input_filters::filter.eq(Json(one.filter.clone())),
    );
    diesel::insert_into(input_filters::table).values(row).execute(conn).on_unique(|| {
        crate::db::errors::taken("/name", "You have a filter of this name here already.")
    })?;
    Ok(())
}

/// The filters of an account in a consultation, by name.
pub fn of(
    conn: &mut Conn,
    account: AccountId,
    consultation: ConsultationId,
) -> Result<Vec<Saved>, Problem> {
    let rows: Vec<Row> = input_filters::table
        .filter(input_filters::account_id.eq(account))
        .filter(input_filters::consultation_id.eq(consultation))
        .order((input_filters::name, input_filters::id))
        .load(conn)?;
    Ok(rows.into_iter().map(saved).collect())
}

/// All filters of an account.
pub fn all_of(conn: &mut Conn, account: AccountId) -> Result<Vec<Saved>, Problem> {
    let rows: Vec<Row> = input_filters::table
        .filter(input_filters::account_id.eq(account))
        .order(input_filters::id)
        .load(conn)?;
    Ok(rows.into_iter().map(saved).collect())
}

/// Forgets a filter of the account; whether there was one.
pub fn delete(conn: &mut Conn, account: AccountId, id: SavedId) -> Result<bool, Problem> {
    let own = input_filters::table.find(id).filter(input_filters::account_id.eq(account));
    Ok(diesel::delete(own).execute(conn)? > 0)
}

/// Forgets all of an account.
pub fn delete_of(conn: &mut Conn, account: AccountId) -> Result<(), Problem> {
    let own = input_filters::table.filter(input_filters::account_id.eq(account));
    diesel::delete(own).execute(conn)?;
    Ok(())
}

/// One account's filters are the other's now; of two with the same name that of the other stays.
pub fn account_merged(conn: &mut Conn, merged: AccountsMerged) -> Result<(), Problem> {
    let AccountsMerged { from, into } = merged;
    let theirs = all_of(conn, into)?;
    for one in all_of(conn, from)? {
        let taken = theirs
            .iter()
            .any(|other| other.name == one.name && other.consultation_id == one.consultation_id);
        if taken {
            delete(conn, from, one.id)?;
        } else {
            diesel::update(input_filters::table.find(one.id))
                .set(input_filters::account_id.eq(into))
                .execute(conn)?;
        }
    }
    Ok(())
}
