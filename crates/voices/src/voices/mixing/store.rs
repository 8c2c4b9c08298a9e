//! SQL of how the mixing of consultations stands.

use diesel::prelude::*;

use crate::consultations::ConsultationId;
use crate::db::Conn;
use crate::db::types::{Json, Timestamp};
use crate::problem::Problem;
use crate::voices::schema::mixings;

/// How the mixing of a consultation stands.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = mixings, treat_none_as_default_value = false)]
pub struct Row {
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// The times of day at which it is mixed.
    pub times: Json<Vec<String>>,
    /// The name of the key that new entries take; none until there is one.
    pub key_name: Option<String>,
    /// The fixed time that was last looked at.
    pub seen_to: Option<Timestamp>,
    /// How many of its closings have been come to.
    pub closings: i32,
    /// How many receipts had been replaced when it was mixed last.
    pub replaced: i32,
    /// Whether voices cannot be counted any more.
    pub keys_destroyed: bool,
}

/// How it stands in a consultation; none before anything was set or given.
pub fn get(conn: &mut Conn, id: ConsultationId) -> Result<Option<Row>, Problem> {
    Ok(mixings::table.find(id).first(conn).optional()?)
}

/// How it stands in all of them.
pub fn all(conn: &mut Conn) -> Result<Vec<Row>, Problem> {
    Ok(mixings::table.order(mixings::consultation_id).load(conn)?)
}

/// Writes how it stands from now on.
pub fn put(conn: &mut Conn, row: &Row) -> Result<(), Problem> {
    diesel::delete(mixings::table.find(row.consultation_id)).execute(conn)?;
    diesel::insert_into(mixings::table).values(row).execute(conn)?;
    Ok(())
}
