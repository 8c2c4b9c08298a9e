//! Strategies for random instances, with all kinds of rules and contradictions.

use std::ops::RangeInclusive;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;

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

pub(super) fn any_instance(people: RangeInclusive<usize>) -> impl Strategy<Value = Instance> {
    any_instance_of(people, 1..=3, 1..=2)
}

pub(crate) fn any_instance_of(
    people: RangeInclusive<usize>,
    groups: RangeInclusive<usize>,
    rounds: RangeInclusive<usize>,
) -> impl Strategy<Value = Instance> {
    (people, groups, rounds).prop_flat_map(|(people, groups, rounds)| {
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

/// Instances in which everybody is like one of the first two but for the id. Where there are more rounds than groups, repeats are forced.
pub(crate) fn any_instance_of_alike(
    people: RangeInclusive<usize>,
    groups: RangeInclusive<usize>,
    rounds: RangeInclusive<usize>,
) -> impl Strategy<Value = Instance> {
    let like = proptest::collection::vec(0..2_usize, *people.end());
    (any_instance_of(people, groups, rounds), like).prop_map(|(mut instance, like)| {
        for (at, like) in (0..instance.people.len()).zip(like).skip(2) {
            let id = instance.people[at].id;
            instance.people[at] = Person { id, ..instance.people[like].clone() };
        }
        instance
    })
}

pub(super) fn turned_round(instance: &Instance) -> Instance {
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
pub(super) fn distinct(placements: &[Placement]) -> Vec<Placement> {
    let mut distinct = placements.to_vec();
    distinct.sort();
    distinct.dedup_by_key(|placement| (placement.person, placement.round));
    distinct
}
