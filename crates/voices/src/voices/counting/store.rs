//! SQL of sealed voices.

use diesel::prelude::*;

use super::{Late, VoiceRole};
use crate::consultations::ConsultationId;
use crate::db::{Conn, Prepare};
use crate::inputs::{InputId, LineId};
use crate::problem::Problem;
use crate::vocabulary::VoiceId;
use crate::voices::schema::{input_line_voices, input_voices, refused_voices};

/// Ids in one statement: far below what either database can bind.
const CHUNK: usize = 1000;

/// A voice in an input.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = input_voices, treat_none_as_default_value = false)]
pub struct Row {
    /// Its id, random.
    pub id: VoiceId,
    /// The input.
    pub input_id: InputId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// What it is in it.
    pub role: VoiceRole,
    /// By what only its receipt knows it; none for a speaker.
    pub mark: Option<Vec<u8>>,
    /// Whose it is, for counting; none once that cannot be done any more.
    pub sealed: Option<Vec<u8>>,
    /// What came too late.
    pub late: Option<Late>,
}

/// Writes a voice.
pub fn insert(conn: &mut Conn, row: &Row) -> Result<(), Problem> {
    diesel::insert_into(input_voices::table).values(row).prepared().execute(conn)?;
    Ok(())
}

/// Deletes a voice.
pub fn delete(conn: &mut Conn, id: VoiceId) -> Result<(), Problem> {
    diesel::delete(input_voices::table.find(id)).execute(conn)?;
    Ok(())
}

/// Deletes the voices of an input.
pub fn delete_of(conn: &mut Conn, input: InputId) -> Result<(), Problem> {
    diesel::delete(input_voices::table.filter(input_voices::input_id.eq(input))).execute(conn)?;
    Ok(())
}

/// Notes that something came too late; or that it does not stand any more.
pub fn set_late(conn: &mut Conn, id: VoiceId, late: Option<Late>) -> Result<(), Problem> {
    let own = input_voices::table.find(id);
    diesel::update(own).set(input_voices::late.eq(late)).prepared().execute(conn)?;
    Ok(())
}

/// The voices in these inputs.
pub fn of(conn: &mut Conn, inputs: &[InputId]) -> Result<Vec<Row>, Problem> {
    let mut rows = Vec::new();
    for part in inputs.chunks(CHUNK) {
        let found = input_voices::table.filter(input_voices::input_id.eq_any(part));
        rows.extend(found.load::<Row>(conn)?);
    }
    Ok(rows)
}

/// Those of these voices.
pub fn some(conn: &mut Conn, ids: &[VoiceId]) -> Result<Vec<Row>, Problem> {
    let mut rows = Vec::new();
    for part in ids.chunks(CHUNK) {
        rows.extend(input_voices::table.filter(input_voices::id.eq_any(part)).load::<Row>(conn)?);
    }
    Ok(rows)
}

/// The marks of a consultation.
pub fn marks(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<Vec<(VoiceId, Vec<u8>)>, Problem> {
    Ok(input_voices::table
        .filter(input_voices::consultation_id.eq(consultation))
        .filter(input_voices::mark.is_not_null())
        .select((input_voices::id, input_voices::mark.assume_not_null()))
        .load(conn)?)
}

/// All voices of a consultation that came by receipt.
pub fn by_receipt(conn: &mut Conn, consultation: ConsultationId) -> Result<Vec<Row>, Problem> {
    Ok(input_voices::table
        .filter(input_voices::consultation_id.eq(consultation))
        .filter(input_voices::mark.is_not_null())
        .load(conn)?)
}

/// Takes from the voices of a consultation what they are counted by.
pub fn forget_sealed(conn: &mut Conn, consultation: ConsultationId) -> Result<(), Problem> {
    let all = input_voices::table.filter(input_voices::consultation_id.eq(consultation));
    diesel::update(all).set(input_voices::sealed.eq(None::<Vec<u8>>)).prepared().execute(conn)?;
    let refused = refused_voices::table.filter(refused_voices::consultation_id.eq(consultation));
    diesel::delete(refused).execute(conn)?;
    Ok(())
}

/// Whether any voice of a consultation can be counted by its key.
pub fn is_sealed(conn: &mut Conn, consultation: ConsultationId) -> Result<bool, Problem> {
    let sealed = input_voices::table
        .filter(input_voices::consultation_id.eq(consultation))
        .filter(input_voices::sealed.is_not_null());
    Ok(diesel::select(diesel::dsl::exists(sealed)).get_result(conn)?)
}

/// Writes who of their file spoke a line.
pub fn insert_line(conn: &mut Conn, line: LineId, sealed: &[u8]) -> Result<(), Problem> {
    let row = (input_line_voices::line_id.eq(line), input_line_voices::sealed.eq(sealed));
    diesel::insert_into(input_line_voices::table).values(row).prepared().execute(conn)?;
    Ok(())
}

/// Who of their file spoke these lines.
pub fn lines(conn: &mut Conn, lines: &[LineId]) -> Result<Vec<(LineId, Vec<u8>)>, Problem> {
    let mut rows = Vec::new();
    for part in lines.chunks(CHUNK) {
        let found = input_line_voices::table.filter(input_line_voices::line_id.eq_any(part));
        rows.extend(found.load::<(LineId, Vec<u8>)>(conn)?);
    }
    Ok(rows)
}

/// Whether a voice is not taken any more.
pub fn is_refused(
    conn: &mut Conn,
    consultation: ConsultationId,
    voice: &[u8],
) -> Result<bool, Problem> {
    let found = refused_voices::table.find((consultation, voice));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(conn)?)
}

/// Takes nothing of a voice any more.
pub fn refuse(conn: &mut Conn, consultation: ConsultationId, voice: &[u8]) -> Result<(), Problem> {
    if is_refused(conn, consultation, voice)? {
        return Ok(());
    }
    let row = (refused_voices::consultation_id.eq(consultation), refused_voices::voice.eq(voice));
    diesel::insert_into(refused_voices::table).values(row).prepared().execute(conn)?;
    Ok(())
}
