//! SQL of the marks by which receipts recognize observations.

use diesel::prelude::*;

use crate::consultations::ConsultationId;
use crate::db::Conn;
use crate::problem::Problem;
use crate::vocabulary::ClearanceCommentId;
use crate::voices::schema::observation_marks;

/// Writes a mark.
pub fn insert(
    conn: &mut Conn,
    consultation: ConsultationId,
    observation: ClearanceCommentId,
    mark: &[u8],
) -> Result<(), Problem> {
    let row = (
        observation_marks::observation_id.eq(observation),
        observation_marks::consultation_id.eq(consultation),
        observation_marks::mark.eq(mark),
    );
    diesel::insert_into(observation_marks::table).values(row).execute(conn)?;
    Ok(())
}

/// The marks of a consultation.
pub fn marks(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<Vec<(ClearanceCommentId, Vec<u8>)>, Problem> {
    Ok(observation_marks::table
        .filter(observation_marks::consultation_id.eq(consultation))
        .select((observation_marks::observation_id, observation_marks::mark))
        .load(conn)?)
}
