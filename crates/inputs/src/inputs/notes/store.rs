//! SQL of the keys by which notes are recognized.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::schema::input_notes;
use crate::inputs::InputId;
use crate::problem::Problem;

/// Ids in one statement: far below what either database can bind.
const CHUNK: usize = 1000;

/// Keeps the key of a note.
pub fn insert(conn: &mut Conn, key: String, note: InputId) -> Result<(), Problem> {
    write(conn, key, note, false)
}

fn write(conn: &mut Conn, key: String, note: InputId, laid_anew: bool) -> Result<(), Problem> {
    let row = (
        input_notes::key_hash.eq(key),
        input_notes::input_id.eq(note),
        input_notes::laid_anew.eq(laid_anew),
    );
    diesel::insert_into(input_notes::table).values(row).execute(conn)?;
    Ok(())
}

/// The note with this key.
pub fn find(conn: &mut Conn, key: &str) -> Result<Option<InputId>, Problem> {
    Ok(input_notes::table.find(key).select(input_notes::input_id).first(conn).optional()?)
}

/// The notes whose keys are still kept: those that were laid anew, or those that were not.
pub fn all(conn: &mut Conn, laid_anew: bool) -> Result<Vec<InputId>, Problem> {
    let kept = input_notes::table.filter(input_notes::laid_anew.eq(laid_anew));
    Ok(kept.select(input_notes::input_id).distinct().load(conn)?)
}

/// Writes the keys of these notes anew, in this order, as those of notes that were laid anew.
pub fn lay_anew(conn: &mut Conn, order: &[InputId]) -> Result<(), Problem> {
    let mut kept: HashMap<InputId, Vec<String>> = HashMap::new();
    for part in order.chunks(CHUNK) {
        let own = input_notes::table.filter(input_notes::input_id.eq_any(part));
        let rows: Vec<(InputId, String)> =
            own.select((input_notes::input_id, input_notes::key_hash)).load(conn)?;
        rows.into_iter().for_each(|(note, key)| kept.entry(note).or_default().push(key));
    }
    forget(conn, order)?;
    for note in order {
        for key in kept.remove(note).unwrap_or_default() {
            write(conn, key, *note, true)?;
        }
    }
    Ok(())
}

/// Forgets the keys of these notes.
pub fn forget(conn: &mut Conn, notes: &[InputId]) -> Result<(), Problem> {
    for part in notes.chunks(CHUNK) {
        let own = input_notes::table.filter(input_notes::input_id.eq_any(part));
        diesel::delete(own).execute(conn)?;
    }
    Ok(())
}
