//! SQL of the keys by which notes are recognized.

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::schema::input_notes;
use crate::inputs::InputId;
use crate::problem::Problem;

/// Ids in one statement: far below what either database can bind.
const CHUNK: usize = 1000;

/// Keeps the key of a note.
pub fn insert(conn: &mut Conn, key: String, note: InputId) -> Result<(), Problem> {
    let row = (input_notes::key_hash.eq(key), input_notes::input_id.eq(note));
    diesel::insert_into(input_notes::table).values(row).execute(conn)?;
    Ok(())
}

/// The note with this key.
pub fn find(conn: &mut Conn, key: &str) -> Result<Option<InputId>, Problem> {
    Ok(input_notes::table.find(key).select(input_notes::input_id).first(conn).optional()?)
}

/// The notes whose keys are still kept.
pub fn all(conn: &mut Conn) -> Result<Vec<InputId>, Problem> {
    Ok(input_notes::table.select(input_notes::input_id).distinct().load(conn)?)
}

/// Forgets the keys of these notes.
pub fn forget(conn: &mut Conn, notes: &[InputId]) -> Result<(), Problem> {
    for part in notes.chunks(CHUNK) {
        let own = input_notes::table.filter(input_notes::input_id.eq_any(part));
        diesel::delete(own).execute(conn)?;
    }
    Ok(())
}
