//! Answers that outlive their registration: before a registration forgets somebody's gender, age band and language, each is
//! added to a count of its own that is linked to nobody, so that no figure changes. SQL, and when to use it.

use diesel::prelude::*;

use crate::consultations::ConsultationId;
use crate::db::Conn;
use crate::db::schema::severed_answers;
use crate::problem::Problem;
use crate::registrations::Registration;
use crate::text_enum;

text_enum! {
    /// An answer that a person need not give and that is counted without its person once they are erased.
    pub enum SeveredQuestion {
        /// Their gender.
        Gender => "gender",
        /// Their age band.
        AgeBand => "age_band",
        /// The language they named first.
        Language => "language",
    }
}

/// Answers of people whose registrations no longer hold them: a count, linked to nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Severed {
    /// What was asked.
    pub question: SeveredQuestion,
    /// What they answered.
    pub answer: String,
    /// Whether they came.
    pub came: bool,
    /// How many.
    pub people: u32,
}

/// All severed answers of a consultation.
pub fn severed(conn: &mut Conn, consultation: ConsultationId) -> Result<Vec<Severed>, Problem> {
    let rows: Vec<(SeveredQuestion, String, bool, i32)> = severed_answers::table
        .filter(severed_answers::consultation_id.eq(consultation))
        .select((
            severed_answers::question,
            severed_answers::answer,
            severed_answers::came,
            severed_answers::people,
        ))
        .load(conn)?;
    let row = |(question, answer, came, people): (SeveredQuestion, String, bool, i32)| Severed {
        question,
        answer,
        came,
        people: people.unsigned_abs(),
    };
    Ok(rows.into_iter().map(row).collect())
}

/// Counts the answer to one question without the registration, which forgets it in the same transaction.
pub fn sever(
    conn: &mut Conn,
    registration: &Registration,
    question: SeveredQuestion,
    came: bool,
) -> Result<(), Problem> {
    let answer = match question {
        SeveredQuestion::Gender => registration.gender.map(|one| one.to_string()),
        SeveredQuestion::AgeBand => registration.age_band.map(|one| one.to_string()),
        SeveredQuestion::Language => registration.languages.first().cloned(),
    };
    let Some(answer) = answer else { return Ok(()) };
    let key = (registration.consultation_id, question, answer.as_str(), came);
    let added = diesel::update(severed_answers::table.find(key))
        .set(severed_answers::people.eq(severed_answers::people + 1))
        .execute(conn)?;
    if added == 0 {
        let row = (
            severed_answers::consultation_id.eq(registration.consultation_id),
            severed_answers::question.eq(question),
            severed_answers::answer.eq(&answer),
            severed_answers::came.eq(came),
            severed_answers::people.eq(1),
        );
        diesel::insert_into(severed_answers::table).values(row).execute(conn)?;
    }
    Ok(())
}
