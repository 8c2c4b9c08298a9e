//! What a caller may do with the questions of a consultation: everybody who may know of the consultation reads them,
//! who sets it up writes them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::fields::{LegalBasis, RetentionClass};
use super::{
    Choice, Limits, MOST_QUESTIONS, Question, QuestionId, QuestionKind, Wording, answers, store,
};
use crate::access::Permission;
use crate::consultations::{self, Activity, ConsultationId};
use crate::db::types::Timestamp;
use crate::problem::{Checks, Code, Problem, require_version};
use crate::registrations::{Answers, rules};
use crate::work::Work;

/// What a new question is made of; the fields are those of [`Question`].
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "as in Question")]
pub struct NewQuestion {
    pub code: String,
    pub kind: QuestionKind,
    /// At the end when absent.
    pub position: Option<i32>,
    pub wording: BTreeMap<String, Wording>,
    pub options: Vec<Choice>,
    pub limits: Limits,
    pub required: bool,
    pub required_from: Option<Timestamp>,
    pub frozen_from: Option<Timestamp>,
    pub purpose: String,
    pub legal_basis: LegalBasis,
    pub retention: RetentionClass,
}

/// The questions in the order of the form. For other services: it does not ask who asks.
pub fn load(work: &mut Work, consultation: ConsultationId) -> Result<Vec<Question>, Problem> {
    let set_up = consultations::service::load(work, consultation)?.set_up;
    work.kept(consultation, &set_up, |conn| store::of_consultation(conn, consultation))
}

/// The questions of a consultation that the caller may know of, in the order of the form.
pub fn list(work: &mut Work, consultation: ConsultationId) -> Result<Vec<Question>, Problem> {
    let consultation = consultations::service::see(work, consultation)?;
    load(work, consultation.id)
}

/// A question of a consultation that the caller may know of.
pub fn see(work: &mut Work, id: QuestionId) -> Result<Question, Problem> {
    let found = store::find(work.conn, id)?;
    let question = found.ok_or_else(|| Problem::not_found("question"))?;
    let hidden = |_| Problem::not_found("question");
    consultations::service::see(work, question.consultation_id).map_err(hidden)?;
    Ok(question)
}

/// What the caller may do with the questions of a consultation.
pub fn allowed_actions(
    work: &mut Work,
    consultation: ConsultationId,
) -> Result<Vec<&'static str>, Problem> {
    let consultation = consultations::service::load(work, consultation)?;
    let open = Activity::SetUp.phases().contains(&consultation.phase);
    if open && work.may(Permission::SetUp, &consultation.scope()) {
        Ok(vec!["update", "delete"])
    } else {
        Ok(Vec::new())
    }
}

/// Adds a question to a consultation. 409 when its code is taken or there are too many.
pub fn create(
    work: &mut Work,
    consultation: ConsultationId,
    new: NewQuestion,
) -> Result<Question, Problem> {
    let consultation = rules::service::locked_for_set_up(work, consultation)?;
    let others = load(work, consultation.id)?;
    if others.len() >= MOST_QUESTIONS {
        let detail = format!("A consultation has {MOST_QUESTIONS} questions at most.");
        return Err(Problem::new(Code::InUse, detail));
    }
    let last = others.iter().map(|question| question.position).max().unwrap_or(0);
    let question = Question {
        id: work.id(),
        consultation_id: consultation.id,
        code: new.code,
        kind: new.kind,
        position: new.position.unwrap_or(last.saturating_add(1)),
        wording: new.wording,
        options: new.options,
        limits: new.limits,
        required: new.required,
        required_from: new.required_from,
        frozen_from: new.frozen_from,
        purpose: new.purpose,
        legal_basis: new.legal_basis,
        retention: new.retention,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    question.check()?;
    store::insert(work.conn, &question)?;
    work.forget_loaded();
    work.audit("question.created", "question", question.id);
    Ok(question)
}

/// Changes a question. One that was answered keeps its kind and the options that were chosen.
pub fn update(
    work: &mut Work,
    id: QuestionId,
    version: i64,
    change: impl FnOnce(&mut Question),
) -> Result<Question, Problem> {
    let before = for_change(work, id, version)?;
    let mut after = before.clone();
    change(&mut after);
    after.check()?;
    keep_answers(work, &before, &after)?;
    let after = store::update(work.conn, &after, work.now)?;
    work.forget_loaded();
    work.audit("question.updated", "question", id);
    Ok(after)
}

/// Deletes a question. 409 when it was answered, unless the answers are to go too.
pub fn delete(
    work: &mut Work,
    id: QuestionId,
    version: i64,
    with_answers: bool,
) -> Result<(), Problem> {
    let question = for_change(work, id, version)?;
    let answered = store::answers_to(work.conn, &question)?;
    if !answered.is_empty() && !with_answers {
        let detail = format!(
            "{} registrations answer this question. Send answers=delete to delete their answers with it.",
            answered.len()
        );
        return Err(Problem::new(Code::InUse, detail));
    }
    let count = answered.len();
    for (registration, mut answers) in answered {
        answers.remove(&id);
        store::set_answers(work.conn, registration, &answers, work.now)?;
    }
    store::delete(work.conn, id, version)?;
    work.forget_loaded();
    work.audit_with("question.deleted", "question", id, json!({ "answers": count }));
    Ok(())
}

/// The question under its consultation's lock: nobody answers it meanwhile.
fn for_change(work: &mut Work, id: QuestionId, version: i64) -> Result<Question, Problem> {
    let seen = see(work, id)?;
    rules::service::locked_for_set_up(work, seen.consultation_id)?;
    let question = see(work, id)?;
    require_version(question.version, version)?;
    Ok(question)
}

fn keep_answers(work: &mut Work, before: &Question, after: &Question) -> Result<(), Problem> {
    let codes = |question: &Question| -> BTreeSet<String> {
        question.options.iter().map(|option| option.code.clone()).collect()
    };
    let gone: BTreeSet<String> = &codes(before) - &codes(after);
    if before.kind == after.kind && gone.is_empty() {
        return Ok(());
    }
    let values = store::values(work.conn, before)?;
    if before.kind != after.kind && !values.is_empty() {
        let detail =
            format!("{} registrations answer this question: its kind stays.", values.len());
        return Err(Problem::new(Code::InUse, detail.clone()).at("/kind", detail));
    }
    match gone.iter().find(|code| values.iter().any(|value| names(value, code))) {
        Some(code) => {
            let detail = format!("the option {code} was chosen: it stays");
            Err(Problem::new(Code::InUse, detail.clone()).at("/options", detail))
        }
        None => Ok(()),
    }
}

fn names(value: &Value, code: &str) -> bool {
    match value {
        Value::String(chosen) => chosen == code,
        Value::Array(chosen) => chosen.iter().any(|one| one == code),
        _ => false,
    }
}

/// Answers that are given by the codes of questions, by their ids. 422 for a code of no question of the consultation.
pub fn by_id(
    work: &mut Work,
    consultation: ConsultationId,
    given: &BTreeMap<String, Value>,
) -> Result<Answers, Problem> {
    if given.is_empty() {
        return Ok(Answers::new());
    }
    let questions = load(work, consultation)?;
    let mut checks = Checks::new();
    let answers = answers::by_id(&questions, given, &mut checks);
    checks.finish()?;
    Ok(answers)
}
