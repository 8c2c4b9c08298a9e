//! SQL of what went into what.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::schema::{input_derivations, input_origins, inputs};
use crate::inputs::InputId;
use crate::problem::Problem;

/// Ids in one statement: far below what either database can bind.
const CHUNK: usize = 1000;

/// Notes that an input was made of others, and the originals that it goes back to.
pub fn insert(
    conn: &mut Conn,
    derived: InputId,
    sources: &[InputId],
    origins: &BTreeSet<InputId>,
) -> Result<(), Problem> {
    for source in sources {
        let row =
            (input_derivations::derived_id.eq(derived), input_derivations::source_id.eq(*source));
        diesel::insert_into(input_derivations::table).values(row).execute(conn)?;
    }
    for origin in origins {
        let row = (input_origins::derived_id.eq(derived), input_origins::origin_id.eq(*origin));
        diesel::insert_into(input_origins::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// Forgets that it was made of others.
pub fn delete(conn: &mut Conn, derived: InputId) -> Result<(), Problem> {
    let own = input_derivations::table.filter(input_derivations::derived_id.eq(derived));
    diesel::delete(own).execute(conn)?;
    let own = input_origins::table.filter(input_origins::derived_id.eq(derived));
    diesel::delete(own).execute(conn)?;
    Ok(())
}

/// The originals of each of these inputs: an input that was not merged or split is its own.
pub fn origins(
    conn: &mut Conn,
    ids: &[InputId],
) -> Result<BTreeMap<InputId, BTreeSet<InputId>>, Problem> {
    let mut found: BTreeMap<InputId, BTreeSet<InputId>> = BTreeMap::new();
    for part in ids.chunks(CHUNK) {
        let rows: Vec<(InputId, InputId)> =
            input_origins::table.filter(input_origins::derived_id.eq_any(part)).load(conn)?;
        for (derived, origin) in rows {
            found.entry(derived).or_default().insert(origin);
        }
    }
    for id in ids {
        found.entry(*id).or_insert_with(|| BTreeSet::from([*id]));
    }
    Ok(found)
}

/// What went directly into an input.
pub fn sources(conn: &mut Conn, derived: InputId) -> Result<Vec<InputId>, Problem> {
    Ok(input_derivations::table
        .filter(input_derivations::derived_id.eq(derived))
        .order(input_derivations::source_id)
        .select(input_derivations::source_id)
        .load(conn)?)
}

/// What an input went directly into.
pub fn successors(conn: &mut Conn, source: InputId) -> Result<Vec<InputId>, Problem> {
    Ok(input_derivations::table
        .filter(input_derivations::source_id.eq(source))
        .order(input_derivations::derived_id)
        .select(input_derivations::derived_id)
        .load(conn)?)
}

/// Every input that goes back to this original, in whatever state.
pub fn derived_from(conn: &mut Conn, origin: InputId) -> Result<Vec<InputId>, Problem> {
    Ok(input_origins::table
        .inner_join(inputs::table.on(inputs::id.eq(input_origins::derived_id)))
        .filter(input_origins::origin_id.eq(origin))
        .order((inputs::place, inputs::id))
        .select(input_origins::derived_id)
        .load(conn)?)
}
