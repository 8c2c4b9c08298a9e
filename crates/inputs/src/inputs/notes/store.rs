//! SQL of the keys by which notes are recognized, and of laying notes anew.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::consultations::{ConsultationId, RoundId};
use crate::db::schema::{input_notes, inputs};
use crate::db::{Conn, Prepare};
use crate::inputs::{Input, InputId, history, search, store as rows};
use crate::problem::Problem;

/// Ids in one statement: far below what either database can bind.
const CHUNK: usize = 1000;

/// How far the keys have come of notes as they were taken.
const AS_TAKEN: i32 = 0;
/// How far those have come whose rows were written anew. From there on, each table is a step.
pub const LAID_ANEW: i32 = 1;

/// Keeps the key of a note.
pub fn insert(conn: &mut Conn, key: String, note: InputId) -> Result<(), Problem> {
    write(conn, key, note, AS_TAKEN)
}

fn write(conn: &mut Conn, key: String, note: InputId, laid: i32) -> Result<(), Problem> {
    let row =
        (input_notes::key_hash.eq(key), input_notes::input_id.eq(note), input_notes::laid.eq(laid));
    diesel::insert_into(input_notes::table).values(row).execute(conn)?;
    Ok(())
}

/// The note with this key.
pub fn find(conn: &mut Conn, key: &str) -> Result<Option<InputId>, Problem> {
    Ok(input_notes::table.find(key).select(input_notes::input_id).first(conn).optional()?)
}

/// The notes that lie as they were taken, each with its consultation and its round.
pub fn as_taken(
    conn: &mut Conn,
) -> Result<Vec<(ConsultationId, InputId, Option<RoundId>)>, Problem> {
    Ok(input_notes::table
        .inner_join(inputs::table)
        .filter(input_notes::laid.eq(AS_TAKEN))
        .select((inputs::consultation_id, inputs::id, inputs::round_id))
        .distinct()
        .load(conn)?)
}

/// The notes of a consultation that were laid anew and have gone no step on.
pub fn laid_anew(conn: &mut Conn, consultation: ConsultationId) -> Result<Vec<InputId>, Problem> {
    Ok(input_notes::table
        .inner_join(inputs::table)
        .filter(input_notes::laid.eq(LAID_ANEW))
        .filter(inputs::consultation_id.eq(consultation))
        .select(inputs::id)
        .distinct()
        .load(conn)?)
}

/// How far those of them have come that were laid anew and have come least far.
pub fn least_laid(conn: &mut Conn) -> Result<Option<i32>, Problem> {
    let laid = input_notes::table.filter(input_notes::laid.ge(LAID_ANEW));
    Ok(laid.select(diesel::dsl::min(input_notes::laid)).first(conn)?)
}

/// Those that had come this far have come a step further.
pub fn step_on(conn: &mut Conn, from: i32) -> Result<(), Problem> {
    diesel::update(input_notes::table.filter(input_notes::laid.eq(from)))
        .set(input_notes::laid.eq(from + 1))
        .execute(conn)?;
    Ok(())
}

/// Forgets the keys that have come this far; how many.
pub fn forget(conn: &mut Conn, laid: i32) -> Result<usize, Problem> {
    Ok(diesel::delete(input_notes::table.filter(input_notes::laid.eq(laid))).execute(conn)?)
}

/// Writes the keys of these notes anew, in this order, as those of notes that were laid anew.
pub fn lay_keys_anew(conn: &mut Conn, order: &[InputId]) -> Result<(), Problem> {
    let mut kept: HashMap<InputId, Vec<String>> = HashMap::new();
    for part in order.chunks(CHUNK) {
        let own = input_notes::table.filter(input_notes::input_id.eq_any(part));
        let rows: Vec<(InputId, String)> =
            own.select((input_notes::input_id, input_notes::key_hash)).load(conn)?;
        rows.into_iter().for_each(|(note, key)| kept.entry(note).or_default().push(key));
    }
    for part in order.chunks(CHUNK) {
        let own = input_notes::table.filter(input_notes::input_id.eq_any(part));
        diesel::delete(own).execute(conn)?;
    }
    for note in order {
        for key in kept.remove(note).unwrap_or_default() {
            write(conn, key, *note, LAID_ANEW)?;
        }
    }
    Ok(())
}

/// Writes the rows of these inputs anew, in this order, so that they do not lie where they came to lie when they were written down. All
/// that can be told apart is taken out first: a row that is written into the place of its own would lie as before.
pub fn lay_rows_anew(conn: &mut Conn, order: &[InputId]) -> Result<(), Problem> {
    let mut found: HashMap<InputId, (i64, Input)> = rows::by_ids(conn, order)?
        .into_iter()
        .map(|(place, input)| (input.id, (place, input)))
        .collect();
    let mut lifted = Vec::new();
    for id in order {
        let Some((place, input)) = found.remove(id) else { continue };
        let nothing = (inputs::body.eq(""), inputs::translation.eq(None::<String>));
        diesel::update(inputs::table.find(id)).set(nothing).prepared().execute(conn)?;
        rows::delete_objectives(conn, *id)?;
        search::forget(conn, *id, place)?;
        let events = history::store::of_input(conn, *id)?;
        history::store::delete(conn, *id)?;
        lifted.push((place, input, events));
    }
    for (place, input, events) in lifted {
        let translation = input.translation.as_ref().map(|text| text.body.as_str());
        let said = (inputs::body.eq(&input.body), inputs::translation.eq(translation));
        diesel::update(inputs::table.find(input.id)).set(said).prepared().execute(conn)?;
        rows::insert_objectives(conn, &input, place)?;
        search::write(conn, &input, place)?;
        for event in events {
            history::store::insert(conn, event)?;
        }
    }
    Ok(())
}

/// The tables in which notes stand, each with the index in whose order they can lie.
pub const LAID: [(&str, &str); 6] = [
    ("inputs", "inputs_by_place"),
    ("input_objectives", "input_objectives_by_place"),
    ("input_search", "input_search_pkey"),
    ("input_buckets", "input_buckets_pkey"),
    ("input_events", "input_events_pkey"),
    ("input_notes", "input_notes_pkey"),
];
