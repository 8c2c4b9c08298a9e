//! The rules of questions and answers, tried to break.

use proptest::prelude::*;
use serde_json::json;

use super::super::Answers;
use super::answers::{Answering, by_code, by_id};
use super::*;
use crate::db::types::Id;
use crate::problem::Code;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn now() -> Timestamp {
    at("2020-10-01T03:00:00Z")
}

fn question(number: u128, kind: QuestionKind) -> Question {
    let wording = Wording { prompt: "Which?".into(), help: None };
    let choice = |code: &str| Choice {
        code: code.to_owned(),
        labels: BTreeMap::from([("en".to_owned(), code.to_owned())]),
    };
    let chosen = matches!(kind, QuestionKind::OneOf | QuestionKind::ManyOf);
    Question {
        id: Id::new(uuid::Uuid::from_u128(number)),
        consultation_id: Id::new(uuid::Uuid::nil()),
        code: format!("q{number}"),
        kind,
        position: number as i32,
        wording: BTreeMap::from([("en".to_owned(), wording)]),
        options: if chosen { ["a", "b", "c"].map(choice).to_vec() } else { Vec::new() },
        limits: Limits::default(),
        required: false,
        required_from: None,
        frozen_from: None,
        purpose: "To know".into(),
        legal_basis: LegalBasis::Consent,
        retention: RetentionClass::Answers,
        version: 1,
        created_at: now(),
        updated_at: now(),
    }
}

fn check(
    questions: &[Question],
    before: Option<&Answers>,
    given: &Answers,
    complete: bool,
) -> Result<Answers, Problem> {
    let zone = chrono_tz::Asia::Bangkok;
    let answering = Answering { questions, before, now: now(), zone, complete };
    let mut checks = Checks::new();
    let answers = answering.check(given, &mut checks);
    checks.finish().map(|()| answers)
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|number| json!(number)),
        any::<f64>().prop_map(|number| json!(number)),
        ".{0,20}".prop_map(Value::String),
        prop::sample::select(vec!["a", "b", "c", "2020-11-19", ""]).prop_map(|text| json!(text)),
    ];
    prop_oneof![leaf.clone(), prop::collection::vec(leaf, 0..4).prop_map(Value::Array)]
}

fn kind() -> impl Strategy<Value = QuestionKind> {
    prop::sample::select(QuestionKind::ALL)
}

proptest! {
    #[test]
    fn what_is_kept_is_taken_again_unchanged(kind in kind(), value in value()) {
        let question = question(1, kind);
        if let Ok(Some(kept)) = question.answer(&value) {
            prop_assert_eq!(question.answer(&kept), Ok(Some(kept)));
        }
    }

    #[test]
    fn an_answer_has_the_shape_of_its_kind(kind in kind(), value in value()) {
        let question = question(1, kind);
        let Ok(Some(kept)) = question.answer(&value) else { return Ok(()) };
        let fits = match kind {
            QuestionKind::ShortText => kept.as_str().is_some_and(|text| !text.contains('\n')),
            QuestionKind::LongText => kept.is_string(),
            QuestionKind::OneOf => ["a", "b", "c"].iter().any(|code| kept == *code),
            QuestionKind::ManyOf => kept.as_array().is_some_and(|all| !all.is_empty() && all.len() <= 3),
            QuestionKind::Number => kept.is_number(),
            QuestionKind::Date => kept.as_str().is_some_and(|day| day.parse::<NaiveDate>().is_ok()),
            QuestionKind::Consent => kept.is_boolean(),
        };
        prop_assert!(fits, "{kind} kept {kept}");
    }

    #[test]
    fn a_frozen_answer_never_changes(kind in kind(), first in value(), second in value()) {
        let mut frozen = question(1, kind);
        frozen.frozen_from = Some(at("2020-09-30T00:00:00Z"));
        let id = frozen.id;
        let questions = [frozen];
        // A new registration may still answer.
        let Ok(before) = check(&questions, None, &Answers::from([(id, first)]), false) else { return Ok(()) };
        if let Ok(after) = check(&questions, Some(&before), &Answers::from([(id, second)]), false) {
            prop_assert_eq!(after, before);
        }
    }

    #[test]
    fn a_text_keeps_within_its_limits(text in ".{0,40}", min in 0_u32..10, more in 0_u32..10) {
        let mut asked = question(1, QuestionKind::LongText);
        let (min, max) = (f64::from(min), f64::from(min + more));
        asked.limits = Limits { min: Some(min), max: Some(max), ..Limits::default() };
        prop_assert!(asked.check().is_ok());
        if let Ok(Some(Value::String(kept))) = asked.answer(&Value::String(text)) {
            let characters = kept.chars().count() as f64;
            prop_assert!((min..=max).contains(&characters));
        }
    }
}

#[test]
fn what_has_to_be_answered_is_missed_from_then_on_only() {
    let mut due = question(1, QuestionKind::ShortText);
    due.required = true;
    let mut later = question(2, QuestionKind::Number);
    (later.required, later.required_from) = (true, Some(at("2020-10-02T00:00:00Z")));
    let mut agreed = question(3, QuestionKind::Consent);
    agreed.required = true;
    let questions = [due, later, agreed];
    let pointers = |given: Answers, complete| -> Vec<String> {
        let refused = check(&questions, None, &given, complete).err();
        let errors = refused.iter().flat_map(|problem| problem.errors());
        errors.map(|error| error.pointer.clone()).collect()
    };
    let id = |number: u128| Id::new(uuid::Uuid::from_u128(number));
    assert_eq!(pointers(Answers::new(), true), ["/answers/q1", "/answers/q3"]);
    assert!(pointers(Answers::new(), false).is_empty());
    let no = Answers::from([(id(1), json!(" ")), (id(3), json!(false))]);
    assert_eq!(pointers(no, true), ["/answers/q1", "/answers/q3"], "blank and no are no answers");
    let yes = Answers::from([(id(1), json!(" x ")), (id(3), json!(true))]);
    assert_eq!(check(&questions, None, &yes, true).unwrap()[&id(1)], json!("x"));
    let unknown = Answers::from([(id(9), json!(1))]);
    let pointer = pointers(unknown, false);
    assert_eq!(pointer, [format!("/answers/{}", uuid::Uuid::from_u128(9))]);
}

#[test]
fn answers_are_named_by_code_outside_and_by_id_inside() {
    let questions = [question(1, QuestionKind::Number), question(2, QuestionKind::Date)];
    let given = BTreeMap::from([("q1".to_owned(), json!(4)), ("x/y".to_owned(), json!(1))]);
    let mut checks = Checks::new();
    let answers = by_id(&questions, &given, &mut checks);
    assert_eq!(checks.finish().unwrap_err().errors()[0].pointer, "/answers/x~1y");
    assert_eq!(by_code(&questions, &answers), BTreeMap::from([("q1".to_owned(), json!(4))]));
}

#[test]
fn a_question_that_cannot_be_asked_says_where_it_is_wrong() {
    type Spoil = fn(&mut Question);
    let cases: [(&str, QuestionKind, Spoil); 12] = [
        ("/code", QuestionKind::Number, |one| one.code = "Über".into()),
        ("/code", QuestionKind::Number, |one| one.code = "1a".into()),
        ("/purpose", QuestionKind::Number, |one| one.purpose = " ".into()),
        ("/wording", QuestionKind::Number, |one| one.wording.clear()),
        ("/options", QuestionKind::OneOf, |one| one.options.truncate(1)),
        ("/options/1/code", QuestionKind::OneOf, |one| one.options[1].code = "a".into()),
        ("/options/0/labels", QuestionKind::ManyOf, |one| one.options[0].labels.clear()),
        ("/limits/max", QuestionKind::Number, |one| {
            one.limits = Limits { min: Some(2.0), max: Some(1.0), ..Limits::default() };
        }),
        ("/limits/min", QuestionKind::ShortText, |one| one.limits.min = Some(0.5)),
        ("/limits", QuestionKind::OneOf, |one| one.limits.max = Some(1.0)),
        ("/required_from", QuestionKind::Date, |one| one.required_from = Some(now())),
        ("/frozen_from", QuestionKind::Date, |one| {
            (one.required, one.required_from, one.frozen_from) = (true, Some(now()), Some(now()));
        }),
    ];
    for (pointer, kind, spoil) in cases {
        let mut wrong = question(1, kind);
        assert!(wrong.check().is_ok());
        spoil(&mut wrong);
        let refused = wrong.check().unwrap_err();
        assert_eq!(refused.code(), Code::InvalidValue);
        assert_eq!(refused.errors()[0].pointer, pointer, "{refused}");
    }
}
