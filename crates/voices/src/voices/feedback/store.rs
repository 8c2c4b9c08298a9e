//! The tables of feedback. SQL and nothing else.

use diesel::prelude::*;

use super::Statement;
use crate::consultations::ConsultationId;
use crate::db::errors::Meaning;
use crate::db::{Conn, Prepare};
use crate::insert_rows;
use crate::problem::Problem;
use crate::voices::schema::{feedback_counts, feedback_given};

/// Where it is counted how many voices answered: no statement is called so, and no answer is 0.
const VOICES: &str = "voices";

#[derive(Insertable)]
#[diesel(table_name = feedback_counts)]
struct Row<'a> {
    consultation_id: ConsultationId,
    question: &'a str,
    answer: i32,
    waiting: i64,
    told: i64,
}

/// Whether it was given by the receipt that makes this mark.
pub(super) fn is_given(conn: &mut Conn, id: ConsultationId, mark: &[u8]) -> Result<bool, Problem> {
    let found: Option<Vec<u8>> = feedback_given::table
        .find((id, mark))
        .select(feedback_given::mark)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Notes that it was given by a receipt; `twice` is what it means that it was already.
pub(super) fn give(
    conn: &mut Conn,
    id: ConsultationId,
    mark: &[u8],
    twice: impl FnOnce() -> Problem,
) -> Result<(), Problem> {
    let row = (feedback_given::consultation_id.eq(id), feedback_given::mark.eq(mark));
    diesel::insert_into(feedback_given::table)
        .values(row)
        .prepared()
        .execute(conn)
        .on_unique(twice)?;
    Ok(())
}

/// Writes the marks of a consultation anew, in the order of what they are: it tells nothing of when they came.
pub(super) fn shuffle(conn: &mut Conn, id: ConsultationId) -> Result<(), Problem> {
    let of_it = feedback_given::table.filter(feedback_given::consultation_id.eq(id));
    let mut marks: Vec<Vec<u8>> = of_it.select(feedback_given::mark).load(conn)?;
    marks.sort_unstable();
    diesel::delete(of_it).execute(conn)?;
    let row = |mark| (feedback_given::consultation_id.eq(id), feedback_given::mark.eq(mark));
    let rows: Vec<_> = marks.iter().map(row).collect();
    Ok(insert_rows!(conn, feedback_given::table, &rows)?)
}

/// Counts one more voice.
pub(super) fn count_voice(conn: &mut Conn, id: ConsultationId) -> Result<(), Problem> {
    count(conn, id, VOICES, 0)
}

/// Counts one more answer to a statement.
pub(super) fn count_answer(
    conn: &mut Conn,
    id: ConsultationId,
    statement: Statement,
    answer: i32,
) -> Result<(), Problem> {
    count(conn, id, statement.as_str(), answer)
}

fn count(conn: &mut Conn, id: ConsultationId, question: &str, answer: i32) -> Result<(), Problem> {
    let known = feedback_counts::table.find((id, question, answer));
    let counted = diesel::update(known)
        .set(feedback_counts::waiting.eq(feedback_counts::waiting + 1))
        .prepared()
        .execute(conn)?;
    if counted == 0 {
        let row = Row { consultation_id: id, question, answer, waiting: 1, told: 0 };
        diesel::insert_into(feedback_counts::table).values(&row).prepared().execute(conn)?;
    }
    Ok(())
}

/// Consultations in which at least so many voices have answered since it was last told.
pub(super) fn due(conn: &mut Conn, fewest: i64) -> Result<Vec<ConsultationId>, Problem> {
    Ok(feedback_counts::table
        .filter(feedback_counts::question.eq(VOICES))
        .filter(feedback_counts::waiting.ge(fewest))
        .select(feedback_counts::consultation_id)
        .load(conn)?)
}

/// Tells what was not told.
pub(super) fn tell(conn: &mut Conn, id: ConsultationId) -> Result<(), Problem> {
    diesel::update(feedback_counts::table.filter(feedback_counts::consultation_id.eq(id)))
        .set((
            feedback_counts::told.eq(feedback_counts::told + feedback_counts::waiting),
            feedback_counts::waiting.eq(0),
        ))
        .prepared()
        .execute(conn)?;
    Ok(())
}

/// A statement, an answer, and how many gave it.
pub(super) type Counted = (Statement, i32, i64);

/// What was told: of how many voices, and the counts.
pub(super) fn told(conn: &mut Conn, id: ConsultationId) -> Result<(i64, Vec<Counted>), Problem> {
    let rows: Vec<(String, i32, i64)> = feedback_counts::table
        .filter(feedback_counts::consultation_id.eq(id))
        .select((feedback_counts::question, feedback_counts::answer, feedback_counts::told))
        .load(conn)?;
    let voices = rows.iter().find(|(question, ..)| question == VOICES).map_or(0, |row| row.2);
    let counts = rows
        .into_iter()
        .filter_map(|(question, answer, told)| Some((question.parse().ok()?, answer, told)));
    Ok((voices, counts.collect()))
}
