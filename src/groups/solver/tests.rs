//! The rules of an assignment, tried on random instances against counts and a search of all plans that share no code
//! with the solver. It must know the solver by its public face only, but for one check of the counters.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;

fn group_id(number: usize) -> Uuid {
    Uuid::from_u128(0x1000 + number as u128)
}

fn round_id(number: usize) -> Uuid {
    Uuid::from_u128(0x2000 + number as u128)
}

fn person_id(number: usize) -> Uuid {
    Uuid::from_u128(0x3000 + number as u128)
}

fn person(number: usize) -> Person {
    Person {
        id: person_id(number),
        preferences: Vec::new(),
        rounds: None,
        pinned: Vec::new(),
        sector: "civil_society".to_owned(),
        subregion: "pacific".to_owned(),
        gender: "female".to_owned(),
        organization: None,
    }
}

fn host(number: usize, group: usize) -> Person {
    Person { pinned: vec![Pin { round: None, group: group_id(group) }], ..person(number) }
}

fn instance(groups: usize, rounds: usize, people: Vec<Person>) -> Instance {
    Instance {
        groups: (0..groups)
            .map(|group| Group { id: group_id(group), min: 0, max: 1_000 })
            .collect(),
        rounds: (0..rounds).map(|round| Round { id: round_id(round) }).collect(),
        people,
        seed: 7,
    }
}

// ---------------------------------------------------------------------------------------------- random instances

fn any_person(number: usize, groups: usize, rounds: usize) -> impl Strategy<Value = Person> {
    // Without any group, pins and preferences name one that is not there.
    let all_groups: Vec<Uuid> = (0..groups.max(1)).map(group_id).collect();
    let all_rounds: Vec<Uuid> = (0..rounds).map(round_id).collect();
    let pin = prop_oneof![
        6 => Just(Vec::new()),
        1 => select(all_groups.clone()).prop_map(|group| vec![Pin { round: None, group }]),
        1 => (select(all_rounds.clone()), select(all_groups.clone()))
            .prop_map(|(round, group)| vec![Pin { round: Some(round), group }]),
    ];
    let rounds =
        prop_oneof![3 => Just(None), 1 => subsequence(all_rounds, 0..=rounds).prop_map(Some)];
    let preferences = subsequence(all_groups, 0..=groups).prop_shuffle();
    let traits = (0..4usize, 0..3usize, 0..3usize, proptest::option::of(0..4u128));
    (preferences, rounds, pin, traits).prop_map(move |(preferences, rounds, pinned, of)| Person {
        id: person_id(number),
        preferences,
        rounds,
        pinned,
        sector: ["migrants", "academia", "media", ""][of.0].to_owned(),
        subregion: ["pacific", "south_east_asia", ""][of.1].to_owned(),
        gender: ["female", "male", "undisclosed"][of.2].to_owned(),
        organization: of.3.map(|organization| Uuid::from_u128(0x4000 + organization)),
    })
}

fn any_instance(
    people: std::ops::RangeInclusive<usize>,
    groups: std::ops::RangeInclusive<usize>,
    rounds: std::ops::RangeInclusive<usize>,
) -> impl Strategy<Value = Instance> {
    (people, groups, rounds, any::<u64>()).prop_flat_map(|(people, groups, rounds, seed)| {
        let size = people + 2;
        let limits = (0..size, prop_oneof![0..size, size..2 * size]);
        let groups_with_limits = proptest::collection::vec(limits, groups);
        let everybody: Vec<_> =
            (0..people).map(|number| any_person(number, groups, rounds)).collect();
        (groups_with_limits, everybody).prop_map(move |(limits, people)| Instance {
            groups: (limits.iter().enumerate())
                .map(|(number, &(min, max))| Group { id: group_id(number), min: min / 2, max })
                .collect(),
            people,
            seed,
            ..instance(groups, rounds, Vec::new())
        })
    })
}

// ---------------------------------------------------------------------------------------------- reading a plan

type Places = BTreeMap<(Uuid, Uuid), Uuid>;

fn places(placements: &[Placement]) -> Places {
    placements
        .iter()
        .map(|placement| ((placement.person, placement.round), placement.group))
        .collect()
}

fn size(places: &Places, round: Uuid, group: Uuid) -> usize {
    places.iter().filter(|((_, at), in_group)| *at == round && **in_group == group).count()
}

fn takes_part(person: &Person, round: Uuid) -> bool {
    person.rounds.as_ref().is_none_or(|rounds| rounds.contains(&round))
}

/// The generated people have one pin at most.
fn pin(person: &Person, round: Uuid) -> Option<Uuid> {
    let pins = person.pinned.iter().filter(|pin| pin.round.is_none_or(|only| only == round));
    pins.map(|pin| pin.group).next().filter(|_| takes_part(person, round))
}

fn pinned_to(instance: &Instance, round: Uuid, group: Uuid) -> usize {
    instance.people.iter().filter(|person| pin(person, round) == Some(group)).count()
}

fn most(instance: &Instance, round: Uuid, group: &Group) -> usize {
    group.max.max(pinned_to(instance, round, group.id))
}

fn repeats_of(instance: &Instance, person: &Person, places: &Places) -> usize {
    let of = |group: &Group| {
        let visits = instance
            .rounds
            .iter()
            .filter(|round| places.get(&(person.id, round.id)) == Some(&group.id))
            .count();
        let pins =
            instance.rounds.iter().filter(|round| pin(person, round.id) == Some(group.id)).count();
        visits.saturating_sub(pins.max(1))
    };
    instance.groups.iter().map(of).sum()
}

fn repeats(instance: &Instance, places: &Places) -> usize {
    instance.people.iter().map(|person| repeats_of(instance, person, places)).sum()
}

fn short(instance: &Instance, places: &Places) -> usize {
    let of = |round: &Round| -> usize {
        let missing = |group: &Group| {
            group.min.min(group.max).saturating_sub(size(places, round.id, group.id))
        };
        instance.groups.iter().map(missing).sum()
    };
    instance.rounds.iter().map(of).sum()
}

/// The fewest and the most that each group of a round may have in an even distribution. Where there are too few people
/// for all minima, no group goes beyond its minimum.
fn limits(instance: &Instance, round: Uuid, placed: usize) -> Vec<(usize, usize)> {
    let pinned = |group: &Group| pinned_to(instance, round, group.id);
    let least = |group: &Group| group.min.min(group.max).max(pinned(group));
    let is_enough = instance.groups.iter().map(least).sum::<usize>() <= placed;
    let of = |group: &Group| match is_enough {
        true => (least(group), most(instance, round, group)),
        false => (pinned(group), least(group)),
    };
    instance.groups.iter().map(of).collect()
}

/// Whether nobody could go from a group to one with two fewer.
fn is_even(sizes: &[usize], limits: &[(usize, usize)]) -> bool {
    let is_within =
        sizes.iter().zip(limits).all(|(size, (low, high))| (low..=high).contains(&size));
    let could_go = |from: usize, to: usize| {
        sizes[from] >= sizes[to] + 2 && sizes[from] > limits[from].0 && sizes[to] < limits[to].1
    };
    is_within && !(0..sizes.len()).any(|from| (0..sizes.len()).any(|to| could_go(from, to)))
}

/// Every way in which so many people can be shared out.
fn shared_out(people: usize, groups: usize) -> Vec<Vec<usize>> {
    match groups {
        0 if people == 0 => vec![Vec::new()],
        0 => Vec::new(),
        _ => (0..=people)
            .flat_map(|first| {
                shared_out(people - first, groups - 1)
                    .into_iter()
                    .map(move |rest| [vec![first], rest].concat())
            })
            .collect(),
    }
}

/// How far the sizes are from what an even distribution can give each group.
fn uneven(instance: &Instance, places: &Places) -> usize {
    let of_round = |round: &Round| -> usize {
        let sizes: Vec<usize> =
            instance.groups.iter().map(|group| size(places, round.id, group.id)).collect();
        let placed = sizes.iter().sum();
        let limits = limits(instance, round.id, placed);
        if is_even(&sizes, &limits) {
            return 0;
        }
        let even: Vec<Vec<usize>> = shared_out(placed, sizes.len())
            .into_iter()
            .filter(|sizes| is_even(sizes, &limits))
            .collect();
        let distance = |group: usize| {
            let low = even.iter().map(|sizes| sizes[group]).min().unwrap();
            let high = even.iter().map(|sizes| sizes[group]).max().unwrap();
            low.saturating_sub(sizes[group]) + sizes[group].saturating_sub(high)
        };
        (0..sizes.len()).map(distance).sum()
    };
    instance.rounds.iter().map(of_round).sum()
}

fn left_out(plan: &Plan) -> BTreeSet<(Uuid, Uuid)> {
    let mut left_out = BTreeSet::new();
    for unmet in &plan.unmet {
        if let Unmet::OverCapacity { round, people } = unmet {
            left_out.extend(people.iter().map(|&person| (person, *round)));
        }
    }
    left_out
}

// ---------------------------------------------------------------------------------------------- all plans there are

/// The least of minima missed, then repeats, then uneven sizes, over all plans that place the same people.
struct EveryPlan<'a> {
    instance: &'a Instance,
    open: Vec<(Uuid, Uuid)>,
    places: Places,
    best: Option<(usize, usize, usize)>,
}

impl<'a> EveryPlan<'a> {
    fn best(instance: &'a Instance, plan: &Plan) -> (usize, usize, usize) {
        let pins: BTreeMap<(Uuid, Uuid), Option<Uuid>> = (instance.people.iter())
            .flat_map(|person| instance.rounds.iter().map(move |round| (person, round.id)))
            .map(|(person, round)| ((person.id, round), pin(person, round)))
            .collect();
        let here = places(&plan.placements);
        let mut every = EveryPlan {
            instance,
            open: here.keys().copied().filter(|key| pins[key].is_none()).collect(),
            places: here.into_iter().filter(|(key, _)| pins[key].is_some()).collect(),
            best: None,
        };
        every.go(0);
        every.best.unwrap()
    }

    fn go(&mut self, next: usize) {
        let Some(&key) = self.open.get(next) else {
            let found = (
                short(self.instance, &self.places),
                repeats(self.instance, &self.places),
                uneven(self.instance, &self.places),
            );
            self.best = Some(self.best.map_or(found, |best| best.min(found)));
            return;
        };
        for group in &self.instance.groups {
            if size(&self.places, key.1, group.id) < most(self.instance, key.1, group) {
                self.places.insert(key, group.id);
                self.go(next + 1);
                self.places.remove(&key);
            }
        }
    }
}

fn assert_no_plan_is_better(instance: &Instance) {
    let plan = solve(instance);
    let here = places(&plan.placements);
    let own = (short(instance, &here), repeats(instance, &here), uneven(instance, &here));
    let best = EveryPlan::best(instance, &plan);
    assert_eq!(own, best, "(places missing to minima, repeats, unevenness)");
}

// ---------------------------------------------------------------------------------------------- the rules

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn everybody_has_one_group_in_each_of_their_rounds_or_is_reported(instance in any_instance(0..=14, 0..=4, 1..=4)) {
        let plan = solve(&instance);
        let (here, out) = (places(&plan.placements), left_out(&plan));
        prop_assert_eq!(here.len(), plan.placements.len(), "nobody is in two groups at once");
        for person in &instance.people {
            for round in &instance.rounds {
                let key = (person.id, round.id);
                let found = usize::from(here.contains_key(&key)) + usize::from(out.contains(&key));
                prop_assert_eq!(found, usize::from(takes_part(person, round.id)));
            }
        }
    }

    #[test]
    fn a_maximum_is_exceeded_by_pins_only_and_nobody_is_left_out_while_there_is_room(
        instance in any_instance(0..=14, 1..=4, 1..=3)
    ) {
        let plan = solve(&instance);
        let (here, out) = (places(&plan.placements), left_out(&plan));
        for round in &instance.rounds {
            let is_full = |group: &Group| size(&here, round.id, group.id) == most(&instance, round.id, group);
            for group in &instance.groups {
                prop_assert!(size(&here, round.id, group.id) <= most(&instance, round.id, group));
            }
            if out.iter().any(|(_, at)| *at == round.id) {
                prop_assert!(instance.groups.iter().all(is_full));
            }
        }
    }

    #[test]
    fn the_pinned_are_where_they_are_pinned(instance in any_instance(0..=14, 1..=4, 1..=3)) {
        let here = places(&solve(&instance).placements);
        for person in &instance.people {
            for round in &instance.rounds {
                if let Some(group) = pin(person, round.id) {
                    prop_assert_eq!(here.get(&(person.id, round.id)), Some(&group));
                }
            }
        }
    }

    #[test]
    fn what_is_unmet_is_named_and_what_is_named_is_unmet(instance in any_instance(0..=14, 1..=4, 1..=3)) {
        let plan = solve(&instance);
        let here = places(&plan.placements);
        let repeating: BTreeSet<Uuid> = (instance.people.iter())
            .filter(|person| repeats_of(&instance, person, &here) > 0)
            .map(|person| person.id)
            .collect();
        let (mut named, mut missing, mut off) = (BTreeSet::new(), 0, 0);
        for unmet in &plan.unmet {
            match unmet {
                Unmet::Repeat { person, .. } => { named.insert(*person); }
                Unmet::BelowMinimum { size, min, .. } => missing += min - size,
                Unmet::Uneven { size, even_from, even_to, .. } => {
                    off += even_from.saturating_sub(*size) + size.saturating_sub(*even_to);
                }
                Unmet::PinsExceedMax { round, group, pinned, max } => {
                    prop_assert_eq!(*pinned, pinned_to(&instance, *round, *group));
                    prop_assert!(pinned > max);
                }
                Unmet::OverCapacity { people, .. } => prop_assert!(!people.is_empty()),
                Unmet::PinIgnored { reason, .. } => prop_assert_eq!(*reason, PinRefusal::NotInRound),
            }
        }
        prop_assert_eq!(named, repeating);
        prop_assert_eq!(missing, short(&instance, &here));
        prop_assert_eq!(plan.quality.repeats, repeats(&instance, &here));
        prop_assert_eq!(off, uneven(&instance, &here));
    }

    #[test]
    fn the_order_of_the_parts_makes_no_difference(
        (instance, shuffled) in any_instance(0..=14, 0..=4, 1..=3).prop_flat_map(|instance| {
            let Instance { groups, rounds, people, seed } = instance.clone();
            let shuffled = (Just(groups).prop_shuffle(), Just(rounds).prop_shuffle(), Just(people).prop_shuffle())
                .prop_map(move |(groups, rounds, people)| Instance { groups, rounds, people, seed });
            (Just(instance), shuffled)
        })
    ) {
        prop_assert_eq!(solve(&instance), solve(&shuffled));
    }

    #[test]
    fn in_one_or_two_rounds_no_plan_is_better(instance in any_instance(0..=4, 1..=3, 1..=2)) {
        assert_no_plan_is_better(&instance);
        prop_assert!(solve(&instance).quality.repeats_are_minimal);
    }

    #[test]
    fn in_three_rounds_no_plan_is_better(instance in any_instance(0..=3, 1..=3, 3..=3)) {
        assert_no_plan_is_better(&instance);
    }

    #[test]
    fn in_two_groups_and_four_rounds_no_plan_is_better(instance in any_instance(0..=3, 2..=2, 4..=4)) {
        assert_no_plan_is_better(&instance);
    }

    #[test]
    fn a_late_registration_moves_nobody_and_goes_where_there_is_room(
        instance in any_instance(1..=12, 1..=4, 1..=3), late in any::<prop::sample::Index>()
    ) {
        let late = instance.people[late.index(instance.people.len())].clone();
        let mut early = instance.clone();
        early.people.retain(|person| person.id != late.id);
        let before = solve(&early).placements;
        let here = places(&before);
        let placed = place_one(&instance, &before, late.id);
        let own: Places = places(&placed);
        prop_assert_eq!(own.len(), placed.len());
        for round in &instance.rounds {
            let has_room = |group: &Group| size(&here, round.id, group.id) < group.max;
            let place = own.get(&(late.id, round.id));
            match (takes_part(&late, round.id), pin(&late, round.id)) {
                (false, _) => prop_assert_eq!(place, None),
                (true, Some(pinned)) => prop_assert_eq!(place, Some(&pinned)),
                (true, None) => {
                    let room = |group: Uuid| instance.groups.iter().any(|other| other.id == group && has_room(other));
                    prop_assert_eq!(place.is_some(), instance.groups.iter().any(has_room));
                    prop_assert!(place.is_none_or(|&group| room(group)));
                }
            }
        }
        prop_assert!(placed.iter().all(|placement| placement.person == late.id));
    }

    #[test]
    fn a_late_registration_repeats_only_if_nothing_else_has_room(instance in any_instance(1..=12, 1..=4, 1..=3)) {
        let late = Person { pinned: Vec::new(), rounds: None, ..person(99) };
        let mut with_late = instance.clone();
        with_late.people.push(late.clone());
        let before = solve(&instance).placements;
        let here = places(&before);
        let own = places(&place_one(&with_late, &before, late.id));
        let has_room = |round: Uuid, group: &Group| size(&here, round, group.id) < group.max;
        let options: Vec<Vec<Uuid>> = (with_late.rounds.iter())
            .map(|round| with_late.groups.iter().filter(|group| has_room(round.id, group)).map(|group| group.id).collect())
            .filter(|groups: &Vec<Uuid>| !groups.is_empty())
            .collect();
        let distinct = own.values().collect::<BTreeSet<_>>().len();
        prop_assert_eq!(distinct, most_distinct(&options, &mut BTreeSet::new()));
    }

    #[test]
    fn the_counters_kept_while_searching_are_right(instance in any_instance(0..=12, 1..=4, 1..=4)) {
        let mut model = Model::new(&instance);
        model.aim();
        let found = search::find(&model, instance.seed).state;
        let mut again = State::new(&model);
        for (row, of) in model.people.iter().enumerate() {
            for (round, _) in of.seats.iter().enumerate().filter(|(_, seat)| **seat == Seat::Free) {
                again.enter(row, round, found.group_of(row, round));
            }
        }
        prop_assert_eq!(found.cost(), again.cost());
        let quality = solve(&instance).quality;
        let Imbalance { sector, subregion, gender, organization } = quality.imbalance;
        let soft = quality.preference_cost + 4 * sector + 4 * subregion + 3 * gender + 5 * organization;
        prop_assert_eq!(found.cost().soft, soft);
    }
}

fn most_distinct(options: &[Vec<Uuid>], taken: &mut BTreeSet<Uuid>) -> usize {
    let Some((first, rest)) = options.split_first() else {
        return taken.len();
    };
    let mut most = 0;
    for &group in first {
        let is_new = taken.insert(group);
        most = most.max(most_distinct(rest, taken));
        if is_new {
            taken.remove(&group);
        }
    }
    most
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn in_three_groups_and_two_rounds_nobody_but_hosts_repeats_and_sizes_are_even(
        people in 24..60usize, hosts in proptest::collection::vec(0..3usize, 0..6), once in 0..10usize, seed in any::<u64>()
    ) {
        let mut everybody: Vec<Person> = hosts.iter().enumerate().map(|(number, &group)| host(number, group)).collect();
        everybody.extend((hosts.len()..hosts.len() + people).map(person));
        for (number, person) in everybody.iter_mut().rev().take(once).enumerate() {
            person.rounds = Some(vec![round_id(number % 2)]);
        }
        let instance = Instance { seed, ..instance(3, 2, everybody) };
        let plan = solve(&instance);
        let here = places(&plan.placements);
        prop_assert_eq!((repeats(&instance, &here), uneven(&instance, &here)), (0, 0));
        prop_assert_eq!(plan.unmet, vec![]);
    }

    #[test]
    fn in_three_groups_and_three_rounds_everybody_goes_round(people in 3..40usize, seed in any::<u64>()) {
        let instance = Instance { seed, ..instance(3, 3, (0..people).map(person).collect()) };
        let here = places(&solve(&instance).placements);
        prop_assert_eq!((repeats(&instance, &here), uneven(&instance, &here)), (0, 0));
    }
}

// ---------------------------------------------------------------------------------------------- particular cases

/// As large as the reference consultation: hosts and focal points pinned, some there for one round, preferences.
fn reference_case() -> Instance {
    let of = |number: usize| Person {
        preferences: (0..number % 4).map(|rank| group_id((number / 4 + rank) % 3)).collect(),
        rounds: (number % 6 == 5).then(|| vec![round_id(number / 6 % 2)]),
        sector: ["civil_society", "migrants", "academia", "trade_unions", "media"][number * 7 % 5]
            .to_owned(),
        subregion: ["pacific", "south_east_asia", "north_and_central_asia"][number / 3 % 3]
            .to_owned(),
        gender: ["female", "male"][number % 2].to_owned(),
        organization: Some(Uuid::from_u128(0x4000 + number as u128 % 30)),
        ..person(number)
    };
    let hosts =
        (0..12).map(|number| Person { pinned: host(number, number % 3).pinned, ..of(number) });
    let people = hosts.chain((12..80).map(of)).collect();
    let groups = (0..3).map(|number| Group { id: group_id(number), min: 15, max: 30 }).collect();
    Instance { groups, ..instance(3, 2, people) }
}

#[test]
fn the_reference_consultation_has_a_plan_that_keeps_every_rule() {
    let plan = solve(&reference_case());
    assert_eq!(plan.unmet, vec![]);
    assert_eq!(plan.quality.repeats, 0);
    assert!(
        plan.quality.first_choices * 10 >= plan.quality.with_preferences * 7,
        "{:?}",
        plan.quality
    );
    let Imbalance { sector, subregion, gender, organization } = plan.quality.imbalance;
    assert!(sector + subregion + gender + organization <= 20, "{:?}", plan.quality);
}

#[test]
fn the_same_seed_gives_the_same_plan_and_another_seed_another() {
    let case = reference_case();
    assert_eq!(solve(&case), solve(&case));
    assert_ne!(solve(&case).placements, solve(&Instance { seed: 8, ..case }).placements);
}

#[test]
fn two_people_who_wish_for_different_groups_get_them() {
    let wish = |number: usize, group: usize| Person {
        preferences: vec![group_id(group)],
        ..person(number)
    };
    let plan = solve(&instance(2, 1, vec![wish(0, 1), wish(1, 0)]));
    assert_eq!(plan.quality.first_choices, 2);
    assert_eq!(plan.quality.preference_cost, 0);
}

#[test]
fn sectors_and_organizations_are_spread_over_the_groups() {
    let of = |number: usize| Person {
        sector: ["migrants", "academia", "media"][number / 3].to_owned(),
        organization: Some(Uuid::from_u128(0x4000 + number as u128 % 3)),
        ..person(number)
    };
    let plan = solve(&instance(3, 1, (0..9).map(of).collect()));
    assert_eq!(plan.quality.imbalance, Imbalance::default());
}

#[test]
fn more_people_than_places_are_reported_and_take_turns_at_being_left_out() {
    let mut case = instance(2, 2, (0..6).map(person).collect());
    case.groups.iter_mut().for_each(|group| group.max = 2);
    let plan = solve(&case);
    assert_eq!(plan.placements.len(), 8);
    let out = left_out(&plan);
    assert_eq!(out.len(), 4);
    let people: BTreeSet<Uuid> = out.iter().map(|(person, _)| *person).collect();
    assert_eq!(people.len(), 4, "four different people miss a round each");
}

#[test]
fn pins_beyond_a_maximum_are_kept_and_reported() {
    let mut case = instance(2, 1, vec![host(0, 0), host(1, 0), person(2)]);
    case.groups[0].max = 1;
    let plan = solve(&case);
    assert_eq!(
        plan.placements.iter().filter(|placement| placement.group == group_id(0)).count(),
        2
    );
    let expected =
        Unmet::PinsExceedMax { round: round_id(0), group: group_id(0), pinned: 2, max: 1 };
    assert!(plan.unmet.contains(&expected), "{:?}", plan.unmet);
}

#[test]
fn too_few_people_for_every_minimum_share_the_shortage() {
    let mut case = instance(3, 1, (0..20).map(person).collect());
    case.groups.iter_mut().for_each(|group| group.min = 15);
    let plan = solve(&case);
    let sizes: BTreeSet<usize> = plan.quality.sizes.iter().map(|size| size.size).collect();
    assert_eq!(sizes, BTreeSet::from([6, 7]));
    assert_eq!(plan.unmet.len(), 3);
}

#[test]
fn a_repeat_that_cannot_be_avoided_is_reported_by_person() {
    let plan = solve(&instance(2, 3, vec![person(0), person(1)]));
    let repeats: Vec<&Unmet> =
        plan.unmet.iter().filter(|unmet| matches!(unmet, Unmet::Repeat { .. })).collect();
    assert_eq!(repeats.len(), 2);
    assert!(plan.quality.repeats_are_minimal);
}

#[test]
fn a_pin_for_one_round_goes_before_a_pin_for_all_and_useless_pins_are_named() {
    let pinned = vec![
        Pin { round: None, group: group_id(0) },
        Pin { round: Some(round_id(1)), group: group_id(1) },
        Pin { round: Some(round_id(9)), group: group_id(1) },
        Pin { round: None, group: group_id(9) },
    ];
    let plan = solve(&instance(3, 2, vec![Person { pinned, ..person(0) }]));
    let here = places(&plan.placements);
    assert_eq!(here[&(person_id(0), round_id(0))], group_id(0));
    assert_eq!(here[&(person_id(0), round_id(1))], group_id(1));
    let ignored = |round: Option<usize>, group: usize, reason: PinRefusal| {
        let round = round.map(round_id);
        Unmet::PinIgnored { person: person_id(0), round, group: group_id(group), reason }
    };
    assert!(
        plan.unmet.contains(&ignored(Some(9), 1, PinRefusal::UnknownRound)),
        "{:?}",
        plan.unmet
    );
    assert!(plan.unmet.contains(&ignored(None, 9, PinRefusal::UnknownGroup)), "{:?}", plan.unmet);
}

#[test]
fn what_makes_no_sense_is_survived() {
    assert_eq!(solve(&instance(0, 0, Vec::new())).placements, vec![]);
    assert_eq!(left_out(&solve(&instance(0, 2, vec![person(0)]))).len(), 2);
    assert_eq!(solve(&instance(2, 0, vec![person(0)])).placements, vec![]);
    let odd = Person {
        preferences: vec![group_id(9), group_id(1), group_id(1)],
        rounds: Some(vec![round_id(0), round_id(0), round_id(9)]),
        ..person(0)
    };
    let mut case = instance(2, 1, vec![odd.clone(), odd, person(1)]);
    case.groups[0] = Group { id: group_id(0), min: usize::MAX, max: usize::MAX };
    case.groups.push(Group { id: group_id(1), min: 5, max: 1 });
    case.rounds.push(Round { id: round_id(0) });
    assert_eq!(solve(&case).placements.len(), 2);
    assert_eq!(place_one(&case, &[], person_id(7)), vec![]);
}

#[test]
fn a_late_registration_goes_to_the_smallest_group_then_to_the_dearest() {
    let mut case = instance(3, 2, (0..5).map(person).collect());
    case.people[4].preferences = vec![group_id(2), group_id(1)];
    let at = |person: usize, round: usize, group: usize| Placement {
        person: person_id(person),
        round: round_id(round),
        group: group_id(group),
    };
    // Round 0 has 2, 1, 1; round 1 has 1, 1, 2.
    let existing = [
        at(0, 0, 0),
        at(1, 0, 0),
        at(2, 0, 1),
        at(3, 0, 2),
        at(0, 1, 1),
        at(1, 1, 2),
        at(2, 1, 2),
        at(3, 1, 0),
    ];
    assert_eq!(place_one(&case, &existing, person_id(4)), vec![at(4, 0, 2), at(4, 1, 1)]);
    let kept = [&existing[..], &[at(4, 0, 1)]].concat();
    assert_eq!(place_one(&case, &kept, person_id(4)), vec![at(4, 1, 0)]);
}

#[test]
fn an_instance_and_a_plan_survive_json() {
    let case = instance(2, 3, vec![host(0, 0), person(1)]);
    let plan = solve(&case);
    let json = serde_json::to_value(&plan).unwrap();
    assert_eq!(json["unmet"][0]["kind"], "repeat");
    assert_eq!(serde_json::from_value::<Plan>(json).unwrap(), plan);
    let json = serde_json::to_string(&case).unwrap();
    assert_eq!(serde_json::from_str::<Instance>(&json).unwrap(), case);
    let least = r#"{"id":"00000000-0000-0000-0000-000000000001","sector":"media","subregion":"","gender":""}"#;
    assert_eq!(serde_json::from_str::<Person>(least).unwrap().rounds, None);
}
