//! The table of questions, and which answers there are to one. SQL and nothing else.

#![expect(
    clippy::disallowed_methods,
    reason = "looks into JSON as text, which Diesel has no word for on both databases"
)]

use std::collections::BTreeMap;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use serde_json::Value;

use super::fields::{LegalBasis, RetentionClass};
use super::{Choice, Limits, Question, QuestionId, QuestionKind, Wording};
use crate::consultations::ConsultationId;
use crate::db::Conn;
use crate::db::errors::{self, Meaning};
use crate::db::schema::{questions, registrations};
use crate::db::types::{Json, Timestamp};
use crate::problem::Problem;
use crate::registrations::{Answers, RegistrationId};

#[derive(Queryable, Insertable)]
#[diesel(table_name = questions, treat_none_as_default_value = false)]
struct Row {
    id: QuestionId,
    consultation_id: ConsultationId,
    code: String,
    kind: QuestionKind,
    position: i32,
    wording: Json<BTreeMap<String, Wording>>,
    options: Json<Vec<Choice>>,
    limits: Json<Limits>,
    required: bool,
    required_from: Option<Timestamp>,
    frozen_from: Option<Timestamp>,
    purpose: String,
    legal_basis: LegalBasis,
    retention: RetentionClass,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Row> for Question {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            consultation_id: row.consultation_id,
            code: row.code,
            kind: row.kind,
            position: row.position,
            wording: row.wording.0,
            options: row.options.0,
            limits: row.limits.0,
            required: row.required,
            required_from: row.required_from,
            frozen_from: row.frozen_from,
            purpose: row.purpose,
            legal_basis: row.legal_basis,
            retention: row.retention,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

impl From<&Question> for Row {
    fn from(one: &Question) -> Self {
        Self {
            id: one.id,
            consultation_id: one.consultation_id,
            code: one.code.clone(),
            kind: one.kind,
            position: one.position,
            wording: Json(one.wording.clone()),
            options: Json(one.options.clone()),
            limits: Json(one.limits.clone()),
            required: one.required,
            required_from: one.required_from,
            frozen_from: one.frozen_from,
            purpose: one.purpose.clone(),
            legal_basis: one.legal_basis,
            retention: one.retention,
            version: one.version,
            created_at: one.created_at,
            updated_at: one.updated_at,
        }
    }
}

/// Writes a new one; 409 when the consultation has a question of that code.
pub fn insert(conn: &mut Conn, question: &Question) -> Result<(), Problem> {
    let row = Row::from(question);
    diesel::insert_into(questions::table).values(&row).execute(conn).on_unique(|| {
        errors::taken("/code", "another question of the consultation has this code")
    })?;
    Ok(())
}

/// Writes everything that can change, as the version after `question.version`; 412 when somebody else was faster.
pub fn update(conn: &mut Conn, question: &Question, now: Timestamp) -> Result<Question, Problem> {
    let version = question.version;
    let after = Question { version: version + 1, updated_at: now, ..question.clone() };
    let row = Row::from(&after);
    let same = questions::table.find(row.id).filter(questions::version.eq(version));
    let rows = diesel::update(same)
        .set((
            questions::kind.eq(row.kind),
            questions::position.eq(row.position),
            questions::wording.eq(&row.wording),
            questions::options.eq(&row.options),
            questions::limits.eq(&row.limits),
            questions::required.eq(row.required),
            questions::required_from.eq(row.required_from),
            questions::frozen_from.eq(row.frozen_from),
            questions::purpose.eq(&row.purpose),
            questions::legal_basis.eq(row.legal_basis),
            questions::retention.eq(row.retention),
            questions::version.eq(row.version),
            questions::updated_at.eq(row.updated_at),
        ))
        .execute(conn)?;
    errors::written(rows, version)?;
    Ok(after)
}

/// Deletes it if it has the version; 412 when somebody else was faster.
pub fn delete(conn: &mut Conn, id: QuestionId, version: i64) -> Result<(), Problem> {
    let same = questions::table.find(id).filter(questions::version.eq(version));
    errors::written(diesel::delete(same).execute(conn)?, version)
}

/// One, if there is one.
pub fn find(conn: &mut Conn, id: QuestionId) -> Result<Option<Question>, Problem> {
    let row: Option<Row> = questions::table.find(id).first(conn).optional()?;
    Ok(row.map(Question::from))
}

/// All of a consultation, in the order of the form.
pub fn of_consultation(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<Vec<Question>, Problem> {
    let rows: Vec<Row> = questions::table
        .filter(questions::consultation_id.eq(consultation))
        .order((questions::position, questions::id))
        .load(conn)?;
    Ok(rows.into_iter().map(Question::from).collect())
}

/// Every registration that answers the question, with all that it answers.
pub fn answers_to(
    conn: &mut Conn,
    question: &Question,
) -> Result<Vec<(RegistrationId, Answers)>, Problem> {
    // An id is hexadecimal and stands nowhere else in the document than as the name of its answer.
    let named = sql::<Bool>(&format!("CAST(answers AS TEXT) LIKE '%{}%'", question.id));
    let rows: Vec<(RegistrationId, Json<Answers>)> = registrations::table
        .filter(registrations::consultation_id.eq(question.consultation_id))
        .filter(named)
        .select((registrations::id, registrations::answers))
        .load(conn)?;
    let answered = |(id, answers): (RegistrationId, Json<Answers>)| {
        answers.0.contains_key(&question.id).then_some((id, answers.0))
    };
    Ok(rows.into_iter().filter_map(answered).collect())
}

/// The values that answer the question.
pub fn values(conn: &mut Conn, question: &Question) -> Result<Vec<Value>, Problem> {
    let all = answers_to(conn, question)?;
    Ok(all.into_iter().filter_map(|(_, mut answers)| answers.remove(&question.id)).collect())
}

/// Replaces the answers of a registration, as its next version.
pub fn set_answers(
    conn: &mut Conn,
    registration: RegistrationId,
    answers: &Answers,
    now: Timestamp,
) -> Result<(), Problem> {
    diesel::update(registrations::table.find(registration))
        .set((
            registrations::answers.eq(Json(answers.clone())),
            registrations::version.eq(registrations::version + 1),
            registrations::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}
