//! The solver held against a search of all plans of small instances, whose objective is reckoned here from the words of
//! the rules and shares no code with the solver. It must know the solver by its public face only.

mod exhaustive;

use std::ops::{ControlFlow, RangeInclusive};

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

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

/// Solves, and holds all that is told on the way against the best plan: no bound is above it, and no value below.
fn solved_by_sound_bounds(instance: &Instance) -> Result<(Plan, exhaustive::Best), TestCaseError> {
    let (best, mut told) = (exhaustive::best(instance), Vec::new());
    let plan = solve(instance, &Limits { work: 50_000_000 }, &mut |progress| {
        told.push(*progress);
        ControlFlow::Continue(())
    });
    for progress in told {
        prop_assert!(progress.bound <= best.value, "{progress:?}, the best is {}", best.value);
        prop_assert!(progress.value >= best.value, "{progress:?}, the best is {}", best.value);
    }
    let bound = plan.quality.bound;
    prop_assert!(bound.is_some_and(|bound| bound <= best.value), "{bound:?}, {}", best.value);
    Ok((plan, best))
}

// ---------------------------------------------------------------------------------------------- random instances

fn languages() -> impl Strategy<Value = Vec<String>> {
    let all = vec!["en".to_owned(), "fr".to_owned()];
    prop_oneof![5 => Just(all.clone()), 1 => Just(Vec::new()), 1 => subsequence(all, 1..=1)]
}

fn any_person(number: usize, groups: usize, rounds: usize) -> impl Strategy<Value = Person> {
    let all_groups: Vec<Uuid> = (0..groups).map(group_id).collect();
    let all_rounds: Vec<Uuid> = (0..rounds).map(round_id).collect();
    let pin = prop_oneof![
        6 => Just(Vec::new()),
        1 => select(all_groups.clone()).prop_map(|group| vec![Pin { round: None, group }]),
        1 => (select(all_rounds.clone()), select(all_groups.clone()))
            .prop_map(|(round, group)| vec![Pin { round: Some(round), group }]),
    ];
    let attended =
        prop_oneof![4 => Just(None), 1 => subsequence(all_rounds, 0..=rounds).prop_map(Some)];
    let preferences = subsequence(all_groups, 0..=groups).prop_shuffle();
    let traits = (0..4usize, 0..3usize, 0..3usize, proptest::option::of(0..3u128));
    (preferences, attended, pin, traits, languages()).prop_map(
        move |(preferences, rounds, pinned, of, languages)| Person {
            id: person_id(number),
            preferences,
            rounds,
            pinned,
            sector: ["migrants", "academia", "media", ""][of.0].to_owned(),
            subregion: ["pacific", "south_east_asia", ""][of.1].to_owned(),
            gender: ["female", "male", "undisclosed"][of.2].to_owned(),
            organization: of.3.map(|organization| Uuid::from_u128(0x4000 + organization)),
            languages,
        },
    )
}

fn any_group(number: usize, rounds: usize, people: usize) -> impl Strategy<Value = Group> {
    let most = people + 2;
    let limit = (0..rounds, 0..most, 0..most).prop_map(|(round, min, max)| Limit {
        round: round_id(round),
        min: min / 2,
        max,
    });
    (0..most, 0..2 * most, proptest::option::weighted(0.2, limit), languages()).prop_map(
        move |(min, max, limit, languages)| Group {
            id: group_id(number),
            min: min / 2,
            max,
            limits: limit.into_iter().collect(),
            languages,
        },
    )
}

fn any_set(people: usize) -> impl Strategy<Value = Vec<Vec<Uuid>>> {
    let all: Vec<Uuid> = (0..people).map(person_id).collect();
    let set = subsequence(all, people.min(2)..=people.min(3)).prop_map(|set| vec![set]);
    prop_oneof![2 => Just(Vec::new()), 1 => set]
}

fn any_instance(people: RangeInclusive<usize>) -> impl Strategy<Value = Instance> {
    any_instance_of(people, 1..=2)
}

fn any_instance_of(
    people: RangeInclusive<usize>,
    rounds: RangeInclusive<usize>,
) -> impl Strategy<Value = Instance> {
    (people, 1..=3usize, rounds).prop_flat_map(|(people, groups, rounds)| {
        let all_groups: Vec<_> =
            (0..groups).map(|group| any_group(group, rounds, people)).collect();
        let everybody: Vec<_> = (0..people).map(|one| any_person(one, groups, rounds)).collect();
        let place = (0..people + 1, 0..rounds, 0..groups).prop_map(|(person, round, group)| {
            Placement { person: person_id(person), round: round_id(round), group: group_id(group) }
        });
        let previous = proptest::collection::vec(place, 0..4);
        let sectors = subsequence(vec!["migrants".to_owned(), "absent".to_owned()], 0..=2);
        (all_groups, everybody, any_set(people), any_set(people), previous, sectors, any::<u64>())
            .prop_map(move |(groups, people, together, apart, previous, listed_sectors, seed)| {
                Instance {
                    groups,
                    rounds: (0..rounds).map(|round| Round { id: round_id(round) }).collect(),
                    people,
                    seed,
                    together,
                    apart,
                    previous,
                    weights: Weights::default(),
                    listed_sectors,
                }
            })
    })
}

fn turned_round(instance: &Instance) -> Instance {
    let mut turned = instance.clone();
    turned.groups.reverse();
    turned.rounds.reverse();
    turned.people.reverse();
    turned.previous.reverse();
    turned.listed_sectors.reverse();
    turned.apart.iter_mut().chain(&mut turned.together).for_each(|set| set.reverse());
    turned
}

/// One placement for each person and round at most.
fn distinct(placements: &[Placement]) -> Vec<Placement> {
    let mut distinct = placements.to_vec();
    distinct.sort();
    distinct.dedup_by_key(|placement| (placement.person, placement.round));
    distinct
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_plan_of_a_small_instance_is_the_best_of_all_plans_and_is_proved_to_be(
        instance in any_instance(1..=4)
    ) {
        let (plan, best) = solved_by_sound_bounds(&instance)?;
        prop_assert_eq!(plan.quality.value, best.value);
        prop_assert_eq!(plan.quality.bound, Some(best.value));
        prop_assert!(plan.quality.is_optimal());
    }

    #[test]
    fn the_plan_of_three_rounds_is_the_best_of_all_plans_and_is_proved_to_be(
        instance in any_instance_of(1..=2, 3..=3)
    ) {
        let (plan, best) = solved_by_sound_bounds(&instance)?;
        prop_assert_eq!(plan.quality.value, best.value);
        prop_assert_eq!(plan.quality.bound, Some(best.value));
        prop_assert!(plan.quality.is_optimal());
    }

    /// With more people: minutes if this crate were not optimized in every profile.
    #[test]
    fn the_plan_of_five_people_is_the_best_of_all_plans_and_is_proved_to_be(
        instance in any_instance(5..=5)
    ) {
        let (plan, best) = solved_by_sound_bounds(&instance)?;
        prop_assert_eq!(plan.quality.value, best.value);
        prop_assert_eq!(plan.quality.bound, Some(best.value));
        prop_assert!(plan.quality.is_optimal());
        prop_assert_eq!(plan.quality.parts.hard(), best.least_hard);
    }

    #[test]
    fn no_hard_rule_is_broken_that_could_be_kept(instance in any_instance(1..=4)) {
        let (plan, best) = (solved(&instance), exhaustive::best(&instance));
        prop_assert_eq!(plan.quality.parts.hard(), best.least_hard);
    }

    #[test]
    fn the_value_of_a_plan_is_what_the_rules_say_it_is(instance in any_instance(0..=12)) {
        let plan = solve(&instance, &Limits { work: 200_000 }, &mut go_on);
        prop_assert_eq!(plan.quality.value, exhaustive::value(&instance, &plan.placements));
        let evaluated = evaluate(&instance, &plan.placements);
        prop_assert_eq!(evaluated.quality.parts, plan.quality.parts);
        prop_assert_eq!(evaluated.unmet, plan.unmet);
        prop_assert!(plan.quality.bound.is_some_and(|bound| bound <= plan.quality.value));
    }

    #[test]
    fn the_order_of_the_instance_changes_nothing(instance in any_instance(0..=10)) {
        let limits = Limits { work: 300_000 };
        let plan = solve(&instance, &limits, &mut go_on);
        prop_assert_eq!(solve(&turned_round(&instance), &limits, &mut go_on), plan);
    }

    #[test]
    fn the_price_of_an_edit_is_the_difference_it_makes(
        (instance, edits) in any_instance(2..=8).prop_flat_map(|instance| {
            let (people, rounds) = (instance.people.len(), instance.rounds.len());
            let to = proptest::option::of((0..instance.groups.len()).prop_map(group_id));
            let edit = (0..people, 0..people, 0..rounds, to, any::<bool>());
            (Just(instance), proptest::collection::vec(edit, 1..6))
        })
    ) {
        let mut draft = Draft::new(&instance, &solved(&instance).placements);
        for (one, other, round, to, is_swap) in edits {
            let (person, other, round) = (person_id(one), person_id(other), round_id(round));
            let edit = match is_swap {
                true if person != other => Edit::Swap { round, one: person, other },
                _ => Edit::Move { person, round, to },
            };
            let before = draft.plan();
            let price = draft.price(&edit).expect("everybody is known");
            prop_assert_eq!(draft.plan(), before.clone());
            prop_assert_eq!(draft.apply(&edit), Some(price.clone()));
            let after = evaluate(&instance, &draft.placements());
            prop_assert_eq!(price.parts, after.quality.parts - before.quality.parts);
        }
    }

    #[test]
    fn a_newcomer_gets_a_group_with_room_and_nobody_else_moves(instance in any_instance(1..=8)) {
        let (last, others) = instance.people.split_last().expect("there is one");
        let before = Instance { people: others.to_vec(), ..instance.clone() };
        let existing = solved(&before).placements;
        let placed = place_each(&instance, &existing, &[last.id]);
        let all: Vec<Placement> = existing.iter().chain(&placed).copied().collect();
        prop_assert!(placed.iter().all(|placement| placement.person == last.id));
        prop_assert_eq!(distinct(&all).len(), all.len());
        let broken = |plan: &Plan| {
            let is_full = |unmet: &&Unmet| matches!(unmet, Unmet::AboveMaximum { .. });
            plan.unmet.iter().filter(is_full).count()
        };
        let pinned = !last.pinned.is_empty();
        prop_assert!(pinned || broken(&evaluate(&instance, &all)) == 0);
    }
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
    let mut instance = Instance { seed: 6177271929518176971, ..instance(3, 3, people) };
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
    let suggestions = draft.suggest(round_id(0), group_id(1), 3);
    assert_eq!(suggestions.len(), 3);
    assert!(suggestions.iter().all(|suggestion| suggestion.price.total() < 0));
}

fn said(instance: &Instance) -> Vec<String> {
    let name = |id: Uuid| format!("{:x}", id.as_u128());
    clashes(instance).iter().map(|clash| clash.sentence(&name)).collect()
}

#[test]
fn too_few_places_are_told_with_what_would_do() {
    let mut instance = instance(2, 1, (0..7).map(person).collect());
    instance.groups.iter_mut().for_each(|group| group.max = 3);
    assert_eq!(
        said(&instance),
        [
            "2000: 1 more places needed: 7 people can only be in 1000 and 1001, which take 6: raise the maximum of any \
             of them by 1 in all, or raise the maximum of 1000 from 3 to 4, or raise the maximum of 1001 from 3 to 4"
        ]
    );
    assert!(
        matches!(solved(&instance).unmet.as_slice(), [Unmet::OverCapacity { people, .. }] if people.len() == 1)
    );
}

#[test]
fn a_minimum_that_cannot_be_met_is_told_with_what_would_do() {
    let mut instance = instance(1, 1, (0..8).map(person).collect());
    instance.groups[0].min = 10;
    assert_eq!(
        said(&instance),
        [
            "2000: the minima of 1000 add up to 10, and there are 8 people for them: lower their minima by 2 in all, or \
             lower the minimum of 1000 from 10 to 8"
        ]
    );
}

#[test]
fn people_who_must_be_together_and_are_pinned_apart_are_told() {
    let mut people: Vec<Person> = (0..2).map(person).collect();
    people[0].pinned = vec![Pin { round: None, group: group_id(0) }];
    people[1].pinned = vec![Pin { round: None, group: group_id(1) }];
    let instance =
        Instance { together: vec![vec![person_id(0), person_id(1)]], ..instance(2, 1, people) };
    assert_eq!(
        said(&instance),
        [
            "2000: 3000 and 3001 must be together, and no group can take them all: let 3000 and 3001 be in different \
             groups"
        ]
    );
}

#[test]
fn somebody_without_a_language_in_common_is_told_which_would_do() {
    let mut instance = instance(1, 1, vec![person(0)]);
    instance.groups[0].languages = vec!["en".to_owned()];
    instance.people[0].languages = vec!["fr".to_owned()];
    assert_eq!(
        said(&instance),
        ["no group shares a language with 3000: add fr to a group, or add en to 3000"]
    );
}
