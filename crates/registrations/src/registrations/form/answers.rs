//! Holds what somebody answered against the questions of a consultation. Pure.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde_json::Value;

use super::{Question, QuestionId};
use crate::db::types::Timestamp;
use crate::problem::Checks;
use crate::registrations::Answers;
use crate::registrations::rules::moment;

/// The circumstances in which questions are answered.
#[derive(Debug, Clone, Copy)]
pub struct Answering<'a> {
    /// The questions, in the order of the form.
    pub questions: &'a [Question],
    /// What had been answered, when something is changed; none for a new registration.
    pub before: Option<&'a Answers>,
    /// Now.
    pub now: Timestamp,
    /// The zone that times are told in.
    pub zone: Tz,
    /// Whether everything that must be answered by now has to be there.
    pub complete: bool,
}

impl Answering<'_> {
    /// All answers as they are kept. What cannot be taken is noted at `/answers/{code}`.
    pub fn check(&self, given: &Answers, checks: &mut Checks) -> Answers {
        let mut answers = self.before.cloned().unwrap_or_default();
        for (id, value) in given {
            let Some(question) = self.questions.iter().find(|question| question.id == *id) else {
                let pointer = format!("/answers/{id}");
                checks.require(false, &pointer, "there is no such question");
                continue;
            };
            self.take(question, value, &mut answers, checks);
        }
        for question in self.questions.iter().filter(|question| question.is_due(self.now)) {
            let there = question.is_answered_by(answers.get(&question.id));
            let pointer = format!("/answers/{}", question.code);
            checks.require(there || !self.complete, &pointer, "has to be answered");
        }
        answers
    }

    fn take(&self, question: &Question, value: &Value, answers: &mut Answers, checks: &mut Checks) {
        let pointer = format!("/answers/{}", question.code);
        let answer = match question.answer(value) {
            Ok(answer) => answer,
            Err(detail) => {
                checks.require(false, &pointer, detail);
                return;
            }
        };
        let changes = self.before.is_some_and(|before| before.get(&question.id) != answer.as_ref());
        if let Some(since) = question.frozen_from.filter(|since| changes && self.now >= *since) {
            let detail = format!("cannot be changed since {}", moment(self.zone, since));
            checks.require(false, &pointer, detail);
            return;
        }
        match answer {
            Some(answer) => answers.insert(question.id, answer),
            None => answers.remove(&question.id),
        };
    }
}

/// What was given by the codes of questions, by their ids. A code of no question is noted.
pub fn by_id(
    questions: &[Question],
    given: &BTreeMap<String, Value>,
    checks: &mut Checks,
) -> Answers {
    let mut answers = Answers::new();
    for (code, value) in given {
        match questions.iter().find(|question| question.code == *code) {
            Some(question) => {
                answers.insert(question.id, value.clone());
            }
            None => {
                let pointer = format!("/answers/{}", code.replace('~', "~0").replace('/', "~1"));
                checks.require(false, &pointer, "there is no such question");
            }
        }
    }
    answers
}

/// What is kept by the ids of questions, by their codes, as people read it.
pub fn by_code(questions: &[Question], answers: &Answers) -> BTreeMap<String, Value> {
    let code = |id: &QuestionId| questions.iter().find(|question| question.id == *id);
    let pair = |(id, value): (&QuestionId, &Value)| Some((code(id)?.code.clone(), value.clone()));
    answers.iter().filter_map(pair).collect()
}
