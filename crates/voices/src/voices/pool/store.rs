//! SQL of what waits. Every row is ciphertext.

use diesel::prelude::*;

use crate::consultations::ConsultationId;
use crate::db::{Conn, Prepare};
use crate::problem::Problem;
use crate::vocabulary::ContributionId;
use crate::voices::schema::pool_entries;

/// Ids of one statement.
const CHUNK: usize = 1000;

/// A row of what waits.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = pool_entries)]
pub struct Row {
    /// Its id, random.
    pub id: ContributionId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// The name of the key that opens it.
    pub key_name: String,
    /// By what only its doer knows it.
    pub mark: Vec<u8>,
    /// It.
    pub sealed: Vec<u8>,
}

/// Writes a row.
pub fn insert(conn: &mut Conn, row: &Row) -> Result<(), Problem> {
    diesel::insert_into(pool_entries::table).values(row).prepared().execute(conn)?;
    Ok(())
}

/// Puts another text in the place of one that waits.
pub fn replace(conn: &mut Conn, row: &Row) -> Result<(), Problem> {
    diesel::update(pool_entries::table.find(row.id))
        .set((pool_entries::key_name.eq(&row.key_name), pool_entries::sealed.eq(&row.sealed)))
        .prepared()
        .execute(conn)?;
    Ok(())
}

/// Deletes a row.
pub fn delete(conn: &mut Conn, id: ContributionId) -> Result<(), Problem> {
    diesel::delete(pool_entries::table.find(id)).execute(conn)?;
    Ok(())
}

/// Deletes entries.
pub fn delete_many(conn: &mut Conn, ids: &[ContributionId]) -> Result<(), Problem> {
    for part in ids.chunks(CHUNK) {
        diesel::delete(pool_entries::table.filter(pool_entries::id.eq_any(part))).execute(conn)?;
    }
    Ok(())
}

/// Everything that waits in a consultation.
pub fn all(conn: &mut Conn, consultation: ConsultationId) -> Result<Vec<Row>, Problem> {
    let waiting = pool_entries::table.filter(pool_entries::consultation_id.eq(consultation));
    Ok(waiting.order(pool_entries::id).load(conn)?)
}

/// The marks of everything that waits in a consultation.
pub fn marks(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<Vec<(ContributionId, Vec<u8>)>, Problem> {
    Ok(pool_entries::table
        .filter(pool_entries::consultation_id.eq(consultation))
        .select((pool_entries::id, pool_entries::mark))
        .load(conn)?)
}

/// Some of what waits.
pub fn some(conn: &mut Conn, ids: &[ContributionId]) -> Result<Vec<Row>, Problem> {
    let some = pool_entries::table.filter(pool_entries::id.eq_any(ids));
    Ok(some.order(pool_entries::id).load(conn)?)
}

/// The names of the keys by which something waits.
pub fn key_names(conn: &mut Conn, consultation: ConsultationId) -> Result<Vec<String>, Problem> {
    Ok(pool_entries::table
        .filter(pool_entries::consultation_id.eq(consultation))
        .select(pool_entries::key_name)
        .distinct()
        .load(conn)?)
}
