//! What holds for any instance: optimal values against exhaustive search, sound bounds, prices that are differences.

use proptest::prelude::*;

use super::random::{any_instance, any_instance_of, any_instance_of_alike, distinct, turned_round};
use super::*;

/// Solves, and holds all progress on the way against the optimum: no bound is above it, and no value below.
fn solved_by_sound_bounds(instance: &Instance) -> Result<(Plan, exhaustive::Best), TestCaseError> {
    let (best, mut reports) = (exhaustive::best(instance), Vec::new());
    let plan = solve(instance, &Limits { work: 50_000_000 }, &mut |progress| {
        reports.push(*progress);
        ControlFlow::Continue(())
    });
    for progress in reports {
        prop_assert!(progress.bound <= best.value, "{progress:?}, the best is {}", best.value);
        prop_assert!(progress.value >= best.value, "{progress:?}, the best is {}", best.value);
    }
    let bound = plan.quality.bound;
    prop_assert!(bound.is_some_and(|bound| bound <= best.value), "{bound:?}, {}", best.value);
    Ok((plan, best))
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
        instance in any_instance_of(1..=2, 1..=3, 3..=3)
    ) {
        let (plan, best) = solved_by_sound_bounds(&instance)?;
        prop_assert_eq!(plan.quality.value, best.value);
        prop_assert_eq!(plan.quality.bound, Some(best.value));
        prop_assert!(plan.quality.is_optimal());
    }

    /// Nothing tells people apart, and with three rounds in two groups everybody is somewhere twice.
    #[test]
    fn the_plan_of_people_who_are_alike_is_the_best_of_all_plans_and_is_proved_to_be(
        instance in prop_oneof![
            any_instance_of_alike(3..=3, 1..=2, 3..=3),
            any_instance_of_alike(3..=4, 2..=2, 1..=2),
            any_instance_of_alike(5..=6, 2..=3, 1..=1),
        ]
    ) {
        let (plan, best) = solved_by_sound_bounds(&instance)?;
        prop_assert_eq!(plan.quality.value, best.value);
        prop_assert_eq!(plan.quality.bound, Some(best.value));
        prop_assert_eq!(plan.quality.parts.hard(), best.least_hard);
        prop_assert_eq!(solved(&turned_round(&instance)).placements, plan.placements);
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
        prop_assert_eq!(plan.quality.unavoidable(), Some(best.least_hard));
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
            let edit = if is_swap && person != other { Edit::Swap { round, one: person, other } } else { Edit::Move { person, round, to } };
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
