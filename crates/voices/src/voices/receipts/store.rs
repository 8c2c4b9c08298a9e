//! SQL of how many receipts were given.

use diesel::dsl::{count_star, sum};
use diesel::prelude::*;

use crate::consultations::ConsultationId;
use crate::db::{Conn, Prepare};
use crate::insert_rows;
use crate::problem::Problem;
use crate::voices::schema::receipts_given;

/// How many receipts a holder was given.
pub fn given(conn: &mut Conn, holder: &[u8]) -> Result<i32, Problem> {
    let found = receipts_given::table.find(holder).select(receipts_given::receipts);
    Ok(found.first(conn).optional()?.unwrap_or(0))
}

/// Keeps how many receipts a holder was given. Rows of addresses count, those of registrations stand beside them.
pub fn put(
    conn: &mut Conn,
    consultation: ConsultationId,
    holder: &[u8],
    receipts: i32,
    counts: bool,
) -> Result<(), Problem> {
    forget(conn, holder)?;
    let row = (
        receipts_given::holder.eq(holder),
        receipts_given::consultation_id.eq(consultation),
        receipts_given::receipts.eq(receipts),
        receipts_given::counts.eq(counts),
    );
    diesel::insert_into(receipts_given::table).values(row).prepared().execute(conn)?;
    Ok(())
}

/// Forgets a holder.
pub fn forget(conn: &mut Conn, holder: &[u8]) -> Result<(), Problem> {
    diesel::delete(receipts_given::table.find(holder)).execute(conn)?;
    Ok(())
}

/// How many receipts of a consultation were given, and to how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Given {
    /// Receipts.
    pub receipts: i64,
    /// Holders.
    pub holders: i64,
}

impl Given {
    /// How many were replaced.
    pub fn replaced(self) -> i32 {
        i32::try_from(self.receipts - self.holders).unwrap_or(i32::MAX)
    }
}

/// How many receipts were given.
pub fn all_given(conn: &mut Conn, consultation: ConsultationId) -> Result<Given, Problem> {
    let counting = receipts_given::table
        .filter(receipts_given::consultation_id.eq(consultation))
        .filter(receipts_given::counts.eq(true));
    let holders: i64 = counting.select(count_star()).first(conn)?;
    let receipts: Option<i64> = counting.select(sum(receipts_given::receipts)).first(conn)?;
    Ok(Given { receipts: receipts.unwrap_or(0), holders })
}

/// A holder, how many receipts they were given, and whether that counts.
pub type Row = (Vec<u8>, i32, bool);

/// The rows of a consultation.
pub fn rows(conn: &mut Conn, consultation: ConsultationId) -> Result<Vec<Row>, Problem> {
    Ok(receipts_given::table
        .filter(receipts_given::consultation_id.eq(consultation))
        .select((receipts_given::holder, receipts_given::receipts, receipts_given::counts))
        .load(conn)?)
}

/// Writes the rows of a consultation, in this order, of which there are none.
pub fn insert_many(
    conn: &mut Conn,
    consultation: ConsultationId,
    rows: &[Row],
) -> Result<(), Problem> {
    let rows: Vec<_> = rows
        .iter()
        .map(|(holder, receipts, counts)| {
            (
                receipts_given::holder.eq(holder),
                receipts_given::consultation_id.eq(consultation),
                receipts_given::receipts.eq(receipts),
                receipts_given::counts.eq(counts),
            )
        })
        .collect();
    Ok(insert_rows!(conn, receipts_given::table, &rows)?)
}

/// Forgets who was given receipts in a consultation.
pub fn forget_all(conn: &mut Conn, consultation: ConsultationId) -> Result<(), Problem> {
    let own = receipts_given::table.filter(receipts_given::consultation_id.eq(consultation));
    diesel::delete(own).execute(conn)?;
    Ok(())
}
