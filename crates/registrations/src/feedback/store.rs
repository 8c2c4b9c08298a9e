//! The tables of feedback. SQL and nothing else.

use diesel::prelude::*;

use super::Statement;
use crate::consultations::ConsultationId;
use crate::db::Conn;
use crate::db::errors::Meaning;
use crate::db::schema::{feedback_counts, feedback_given};
use crate::problem::Problem;
use crate::registrations::RegistrationId;

/// Where it is counted how many people answered: no statement is called so, and no answer is 0.
const PEOPLE: &str = "people";

#[derive(Insertable)]
#[diesel(table_name = feedback_counts)]
struct Row<'a> {
    consultation_id: ConsultationId,
    question: &'a str,
    answer: i32,
    waiting: i64,
    told: i64,
}

/// Whether somebody has answered.
pub(super) fn is_given(conn: &mut Conn, id: RegistrationId) -> Result<bool, Problem> {
    let found: Option<RegistrationId> = feedback_given::table
        .find(id)
        .select(feedback_given::registration_id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Notes that somebody has answered; `twice` is what it means that they have already.
pub(super) fn give(
    conn: &mut Conn,
    id: RegistrationId,
    twice: impl FnOnce() -> Problem,
) -> Result<(), Problem> {
    diesel::insert_into(feedback_given::table)
        .values(feedback_given::registration_id.eq(id))
        .execute(conn)
        .on_unique(twice)?;
    Ok(())
}

/// Forgets that somebody has answered.
pub(super) fn forget(conn: &mut Conn, id: RegistrationId) -> Result<(), Problem> {
    diesel::delete(feedback_given::table.find(id)).execute(conn)?;
    Ok(())
}

/// Counts one more person, and one more answer.
pub(super) fn count_person(conn: &mut Conn, id: ConsultationId) -> Result<(), Problem> {
    count(conn, id, PEOPLE, 0)
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
        .execute(conn)?;
    if counted == 0 {
        let row = Row { consultation_id: id, question, answer, waiting: 1, told: 0 };
        diesel::insert_into(feedback_counts::table).values(&row).execute(conn)?;
    }
    Ok(())
}

/// Consultations in which at least so many people have answered since it was last told.
pub(super) fn due(conn: &mut Conn, fewest: i64) -> Result<Vec<ConsultationId>, Problem> {
    Ok(feedback_counts::table
        .filter(feedback_counts::question.eq(PEOPLE))
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
        .execute(conn)?;
    Ok(())
}

/// A statement, an answer, and how many gave it.
pub(super) type Counted = (Statement, i32, i64);

/// What was told: of how many people, and the counts.
pub(super) fn told(conn: &mut Conn, id: ConsultationId) -> Result<(i64, Vec<Counted>), Problem> {
    let rows: Vec<(String, i32, i64)> = feedback_counts::table
        .filter(feedback_counts::consultation_id.eq(id))
        .select((feedback_counts::question, feedback_counts::answer, feedback_counts::told))
        .load(conn)?;
    let people = rows.iter().find(|(question, ..)| question == PEOPLE).map_or(0, |row| row.2);
    let counts = rows
        .into_iter()
        .filter_map(|(question, answer, told)| Some((question.parse().ok()?, answer, told)));
    Ok((people, counts.collect()))
}
