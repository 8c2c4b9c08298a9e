//! The rules of inputs, held against arbitrary steps and texts.

use super::InputState::*;
use super::*;
use crate::db::types::Id;
use crate::problem::Checks;
use proptest::prelude::*;
use proptest::sample::select;

fn new_input() -> NewInput {
    let objectives = vec![ObjectiveNumber::try_from(4).unwrap()];
    NewInput::written(
        objectives,
        Id::new(uuid::Uuid::nil()),
        "Registration at birth is free.".to_owned(),
    )
}

fn pointers(new: &NewInput) -> Vec<String> {
    let mut checks = Checks::new();
    let known = [4, 9].map(|number| ObjectiveNumber::try_from(number).unwrap());
    new.check(&known, &[Id::new(uuid::Uuid::nil())], &mut checks);
    let refusal = checks.finish().err();
    refusal
        .map(|problem| problem.errors().iter().map(|at| at.pointer.clone()).collect())
        .unwrap_or_default()
}

#[test]
fn a_plain_input_is_accepted() {
    assert_eq!(pointers(&new_input()), Vec::<String>::new());
}

#[test]
fn every_wrong_value_is_pointed_to() {
    let mut new = new_input();
    new.objectives = [9, 5, 9].map(|number| ObjectiveNumber::try_from(number).unwrap()).to_vec();
    new.category_id = Id::new(uuid::Uuid::max());
    new.body = "a\u{7}".to_owned();
    new.language = "english".to_owned();
    new.round_id = Some(Id::new(uuid::Uuid::nil()));
    new.citations = vec![Citation {
        title: String::new(),
        publisher: None,
        year: Some(3),
        url: Some("javascript:alert(1)".to_owned()),
    }];
    let expected = [
        "/round_id",
        "/objectives/1",
        "/objectives/2",
        "/category_id",
        "/body",
        "/language",
        "/citations/0/title",
        "/citations/0/year",
        "/citations/0/url",
    ];
    assert_eq!(pointers(&new), expected);
}

#[test]
fn an_input_of_a_group_names_the_group_and_the_round() {
    let new = NewInput { origin: Origin::Group, ..new_input() };
    assert_eq!(pointers(&new), ["/working_group_id", "/round_id"]);
    let (group, round) = (Some(Id::new(uuid::Uuid::nil())), Some(Id::new(uuid::Uuid::nil())));
    for origin in [Origin::Chat, Origin::Captions, Origin::Document] {
        let new = NewInput { origin, working_group_id: group, ..new_input() };
        assert_eq!(pointers(&new), Vec::<String>::new(), "a call is held in a group or before all");
        let new = NewInput { round_id: round, ..new };
        assert_eq!(pointers(&new), Vec::<String>::new());
        assert_eq!(pointers(&NewInput { working_group_id: None, ..new }), ["/round_id"]);
    }
    let new = NewInput { working_group_id: group, ..new_input() };
    assert_eq!(pointers(&new), ["/working_group_id"]);
}

#[test]
fn fewer_than_five_voices_are_not_told_apart() {
    let bands = [0, 1, 2, 4, 5, 80].map(Band::of);
    let (fewer, more) = (Band::FewerThanFive, Band::FiveOrMore);
    assert_eq!(bands, [fewer, fewer, fewer, fewer, more, more]);
}

proptest! {
    #[test]
    fn a_step_leads_where_it_says_or_names_where_it_could_be_taken(
        state in select(InputState::ALL), step in select(Step::ALL),
    ) {
        match state.step(step) {
            Ok(next) => {
                prop_assert!(step.from().contains(&state));
                prop_assert_eq!(next, step.to());
            }
            Err(refusal) => {
                prop_assert_eq!(refusal.code(), Code::InvalidTransition);
                for from in step.from() {
                    prop_assert!(refusal.detail().contains(from.as_str()));
                }
            }
        }
    }

    #[test]
    fn what_is_withdrawn_stays_withdrawn_and_only_what_waits_is_accepted(
        steps in proptest::collection::vec(select(Step::ALL), 0..20),
    ) {
        let mut state = Submitted;
        for step in steps {
            let Ok(next) = state.step(step) else { continue };
            prop_assert_ne!(state, Withdrawn);
            prop_assert!(next != Accepted || state == Submitted);
            prop_assert!(step != Step::Update || matches!(state, Submitted | Returned | Accepted));
            state = next;
        }
    }
}

#[test]
fn a_citation_becomes_a_footnote_that_can_be_read_again() {
    let citation = Citation {
        title: "Report on *everything* [draft]".to_owned(),
        publisher: Some("International Organization for Migration".to_owned()),
        year: Some(2019),
        url: Some("https://example.org/a_b(c)".to_owned()),
    };
    let text = format!("Fees differ.{}", citation.footnote());
    let parsed = crate::document::inline::parse(&text).unwrap();
    assert_eq!(parsed.notes.len(), 1, "{text}");
    assert!(text.contains("Migration, *"), "{text}");
    let bare = Citation { publisher: None, year: None, url: None, ..citation };
    assert!(crate::document::inline::parse(&format!("Text.{}", bare.footnote())).is_ok());
}
