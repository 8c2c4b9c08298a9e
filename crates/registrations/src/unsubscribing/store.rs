//! The table of marks. SQL and nothing else.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::schema::unwanted_mail;
use crate::on_backend;
use crate::problem::Problem;

/// Marks in one statement: far below what either database can bind.
const CHUNK: usize = 500;

/// Keeps a mark, if it is not there.
pub(super) fn add(conn: &mut Conn, mark: &[u8]) -> Result<(), Problem> {
    let row = unwanted_mail::mark.eq(mark);
    on_backend!(conn, conn => diesel::insert_into(unwanted_mail::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn))?;
    Ok(())
}

/// Takes marks away.
pub(super) fn remove(conn: &mut Conn, marks: &[Vec<u8>]) -> Result<(), Problem> {
    diesel::delete(unwanted_mail::table.filter(unwanted_mail::mark.eq_any(marks))).execute(conn)?;
    Ok(())
}

/// Those of these marks that are there.
pub(super) fn there(conn: &mut Conn, marks: &[Vec<u8>]) -> Result<BTreeSet<Vec<u8>>, Problem> {
    let mut there = BTreeSet::new();
    for part in marks.chunks(CHUNK) {
        let found: Vec<Vec<u8>> = unwanted_mail::table
            .filter(unwanted_mail::mark.eq_any(part))
            .select(unwanted_mail::mark)
            .load(conn)?;
        there.extend(found);
    }
    Ok(there)
}
