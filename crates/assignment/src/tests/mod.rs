//! The solver held against exhaustive search over all plans of small instances, whose objective is computed here from the words of
//! the rules and shares no code with the solver. It must know the solver by its public face only.

mod clashes;
pub(crate) mod exhaustive;
mod properties;
pub(crate) mod random;
mod unavoidable;

use std::ops::ControlFlow;

use super::*;

pub(super) fn group_id(number: usize) -> Uuid {
    Uuid::from_u128(0x1000 + number as u128)
}

pub(super) fn round_id(number: usize) -> Uuid {
    Uuid::from_u128(0x2000 + number as u128)
}

pub(super) fn person_id(number: usize) -> Uuid {
    Uuid::from_u128(0x3000 + number as u128)
}

fn person(number: usize) -> Person {
    Person { id: person_id(number), sector: "civil_society".to_owned(), ..Person::default() }
}

fn instance(groups: usize, rounds: usize, people: Vec<Person>) -> Instance {
    Instance {
        groups: (0..groups)
            .map(|group| Group { id: group_id(group), max: 1_000, ..Group::default() })
            .collect(),
        rounds: (0..rounds).map(|round| Round { id: round_id(round) }).collect(),
        people,
        seed: 7,
        ..Instance::default()
    }
}

fn solved(instance: &Instance) -> Plan {
    solve(instance, &Limits { work: 50_000_000 }, &mut go_on)
}

/// Two people in three rounds, for whom there is one group only, and in the first round one place: repeats that cannot
/// be avoided, and it matters who is left out.
#[test]
fn repeats_that_cannot_be_avoided_are_paid_once() {
    let mut people: Vec<Person> = (0..2).map(person).collect();
    for (person, sector) in people.iter_mut().zip(["", "migrants"]) {
        person.sector = sector.to_owned();
        person.subregion = "pacific".to_owned();
        person.gender = "female".to_owned();
    }
    let mut instance = Instance { seed: 6_177_271_929_518_176_971, ..instance(3, 3, people) };
    for (group, max) in instance.groups.iter_mut().zip([0, 2, 0]) {
        group.max = max;
    }
    instance.groups[1].limits = vec![Limit { round: round_id(0), min: 1, max: 1 }];
    let (plan, best) = (solved(&instance), exhaustive::best(&instance));
    assert_eq!(best.value, 103_007);
    assert_eq!(plan.quality.value, best.value);
    assert_eq!(plan.quality.bound, Some(best.value));
    assert_eq!(plan.quality.repeats, 3);
}

#[test]
fn who_need_not_move_stays_when_a_plan_is_solved_again() {
    let people: Vec<Person> = (0..24).map(person).collect();
    let before = solved(&instance(3, 2, people.clone()));
    let more: Vec<Person> = (24..27).map(person).collect();
    let again = Instance {
        previous: before.placements.clone(),
        ..instance(3, 2, people.into_iter().chain(more).collect())
    };
    let after = solved(&again);
    let moved: Vec<Change> = compare(&before.placements, &after.placements)
        .into_iter()
        .filter(|change| change.from.is_some())
        .collect();
    assert_eq!(moved, Vec::new());
    assert!(after.unmet.is_empty());
}

#[test]
fn a_search_that_is_stopped_gives_its_best_plan() {
    let instance = instance(3, 2, (0..30).map(person).collect());
    let plan = solve(&instance, &Limits::USUAL, &mut |_| ControlFlow::Break(()));
    assert_eq!(plan.placements.len(), 60);
    assert_eq!(plan.quality.value, evaluate(&instance, &plan.placements).quality.value);
}

#[test]
fn a_search_that_was_told_to_stop_asks_no_more() {
    let mut people: Vec<Person> = (0..60).map(person).collect();
    for (number, person) in people.iter_mut().enumerate() {
        person.preferences = vec![group_id(number % 2)];
        person.organization = Some(Uuid::from_u128(0x4000 + number as u128 % 7));
    }
    let instance = instance(3, 2, people);
    for stop_at in [1, 5, 20] {
        let mut calls = 0;
        solve(&instance, &Limits::USUAL, &mut |_| {
            calls += 1;
            if calls >= stop_at { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert!(calls <= stop_at);
    }
}

#[test]
fn nothing_to_plan_is_a_plan() {
    for instance in
        [Instance::default(), instance(0, 2, vec![person(1)]), instance(2, 0, vec![person(1)])]
    {
        assert!(solved(&instance).placements.is_empty());
    }
}

#[test]
fn an_explanation_names_every_other_group_with_what_it_would_cost() {
    let mut people: Vec<Person> = (0..6).map(person).collect();
    people[0].preferences = vec![group_id(1), group_id(0)];
    let instance = instance(3, 1, people);
    let mut draft = Draft::new(&instance, &solved(&instance).placements);
    let explained = draft.explain(person_id(0)).expect("the person is known");
    assert_eq!(explained[0].group, Some(group_id(1)));
    assert_eq!(explained[0].rank, Some(1));
    assert_eq!(explained[0].alternatives.len(), 2);
    assert!(explained[0].alternatives.iter().all(|other| other.price.total() > 0));
    assert!(explained[0].alternatives.iter().all(|other| other.price.parts.preference > 0));
}

#[test]
fn a_group_under_its_minimum_is_offered_the_cheapest_moves() {
    let mut instance = instance(2, 1, (0..6).map(person).collect());
    instance.groups.iter_mut().for_each(|group| group.min = 3);
    let all_in_one: Vec<Placement> = (0..6)
        .map(|one| Placement { person: person_id(one), round: round_id(0), group: group_id(0) })
        .collect();
    let mut draft = Draft::new(&instance, &all_in_one);
    let suggestions = draft.suggest(Session { round: round_id(0), group: group_id(1) }, 3);
    assert_eq!(suggestions.len(), 3);
    assert!(suggestions.iter().all(|suggestion| suggestion.price.total() < 0));
}
