//! Finds the clashes of an instance: one way of counting for each kind of cause. It must never know how a plan is found.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::max_flow::max_flow;
use super::{Cause, Clash, Remedy};
use crate::instance::Instance;
use crate::model::preprocessing::{Eligibility, IndexedInstance};
use crate::plan::Unmet;

/// Everything that cannot hold, in a stable order; nothing if the rules can be kept as far as counting shows. (Whether
/// no repeats and sizes of several rounds fit together only a plan shows.)
pub fn clashes(instance: &Instance) -> Vec<Clash> {
    let indexed = IndexedInstance::new(instance);
    let mut clashes: Vec<Clash> =
        indexed.unmet.iter().filter_map(|unmet| known(&indexed, unmet)).collect();
    for round in 0..indexed.rounds() {
        clashes.extend(too_few_places(&indexed, round));
        clashes.extend(too_few_people(&indexed, round));
        clashes.extend(indexed.apart.iter().filter_map(|set| too_many_apart(&indexed, round, set)));
    }
    clashes.extend(together_and_apart(&indexed));
    clashes.extend((0..indexed.people()).filter_map(|person| forced_repeat(&indexed, person)));
    clashes.sort();
    clashes.dedup();
    clashes
}

/// The clash behind what preprocessing found unmet, if it is one.
fn known(indexed: &IndexedInstance, unmet: &Unmet) -> Option<Clash> {
    match unmet.clone() {
        Unmet::PinsExceedMax { round, group, pinned, max } => Some(Clash {
            cause: Cause::PinsExceedMaximum { round, group, pinned, max },
            remedies: vec![
                Remedy::RaiseMaximum { round, group, from: max, to: pinned },
                Remedy::Unpin { round, group, people: pinned - max },
            ],
        }),
        Unmet::NoLanguage { person, .. } => {
            let index = *indexed.person_index.get(&person)?;
            let spoken = indexed.instance.people[index].languages.clone();
            let groups = indexed.instance.groups.iter();
            let mut languages: Vec<String> =
                groups.flat_map(|group| group.languages.clone()).collect();
            languages.sort();
            languages.dedup();
            let remedies = vec![
                Remedy::LanguageInGroup { languages: spoken },
                Remedy::LanguageOfPerson { person, languages },
            ];
            Some(Clash { cause: Cause::NoLanguage { person }, remedies })
        }
        Unmet::TogetherDropped { round, people } => Some(Clash {
            cause: Cause::TogetherImpossible { round, people: people.clone() },
            remedies: vec![Remedy::NeedNotBeTogether { people }],
        }),
        _ => None,
    }
}

/// The people of a round in classes of those who can have the same groups: how many, and which groups.
fn classes(indexed: &IndexedInstance, round: usize) -> Vec<(i64, Vec<usize>)> {
    let mut classes: BTreeMap<Vec<usize>, i64> = BTreeMap::new();
    for person in 0..indexed.people() {
        let eligibility = indexed.eligibility(person, round);
        if eligibility.is_placeable() {
            *classes.entry(eligibility.groups().to_vec()).or_default() += 1;
        }
    }
    classes.into_iter().map(|(groups, people)| (people, groups)).collect()
}

fn group_ids(indexed: &IndexedInstance, indices: &[usize]) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> =
        indices.iter().map(|&index| indexed.instance.groups[index].id).collect();
    ids.sort();
    ids
}

fn person_ids(indexed: &IndexedInstance, indices: &[usize]) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> =
        indices.iter().map(|&index| indexed.instance.people[index].id).collect();
    ids.sort();
    ids
}

/// People of a round who have too few places among them, by a flow from people to places.
fn too_few_places(indexed: &IndexedInstance, round: usize) -> Option<Clash> {
    let classes = classes(indexed, round);
    let sessions = indexed.session(round, 0)..indexed.session(round, indexed.groups());
    let places: Vec<i64> =
        indexed.capacities[sessions].iter().map(|&capacity| capacity as i64).collect();
    let found = max_flow(&classes, &places);
    let all: i64 = classes.iter().map(|(people, _)| people).sum();
    let by = usize::try_from(all - found.value).ok().filter(|&by| by > 0)?;
    let at = indexed.instance.rounds[round].id;
    let short: i64 = found.cut_classes.iter().map(|&index| classes[index].0).sum();
    let groups = group_ids(indexed, &found.cut_places);
    let mut remedies = vec![Remedy::RaiseMaxima { round: at, groups: groups.clone(), by }];
    for &index in &found.cut_places {
        let from = indexed.capacities[indexed.session(round, index)];
        let group = indexed.instance.groups[index].id;
        remedies.push(Remedy::RaiseMaximum { round: at, group, from, to: from + by });
    }
    remedies.sort();
    let places: i64 = found.cut_places.iter().map(|&index| places[index]).sum();
    let (people, places) = (short as usize, places as usize);
    Some(Clash { cause: Cause::TooFewPlaces { round: at, groups, people, places }, remedies })
}

/// Groups of a round whose minima too few people can fill, by a flow from people to minima.
fn too_few_people(indexed: &IndexedInstance, round: usize) -> Option<Clash> {
    let at = indexed.instance.rounds[round].id;
    let minima: Vec<i64> =
        indexed.instance.groups.iter().map(|group| group.limits_in(at).0 as i64).collect();
    let classes = classes(indexed, round);
    let found = max_flow(&classes, &minima);
    let by = usize::try_from(minima.iter().sum::<i64>() - found.value).ok().filter(|&by| by > 0)?;
    // What is left of the cut: groups that all who can be in them do not fill.
    let short: Vec<usize> = (0..indexed.groups())
        .filter(|index| minima[*index] > 0 && !found.cut_places.contains(index))
        .collect();
    let can = |groups: &[usize]| groups.iter().any(|group| short.contains(group));
    let people: i64 =
        classes.iter().filter(|(_, groups)| can(groups)).map(|(people, _)| people).sum();
    let groups = group_ids(indexed, &short);
    let mut remedies = vec![Remedy::LowerMinima { round: at, groups: groups.clone(), by }];
    for &index in short.iter().filter(|index| minima[**index] >= by as i64) {
        let (group, from) = (indexed.instance.groups[index].id, minima[index] as usize);
        remedies.push(Remedy::LowerMinimum { round: at, group, from, to: from - by });
    }
    remedies.sort();
    let wanted: i64 = short.iter().map(|&index| minima[index]).sum();
    let (people, wanted) = (people as usize, wanted as usize);
    Some(Clash { cause: Cause::TooFewPeople { round: at, groups, people, wanted }, remedies })
}

/// A set apart with more people in a round than there are groups for them, by a matching.
fn too_many_apart(indexed: &IndexedInstance, round: usize, set: &[usize]) -> Option<Clash> {
    let there: Vec<usize> = (set.iter().copied())
        .filter(|&person| indexed.eligibility(person, round).is_placeable())
        .collect();
    let classes: Vec<(i64, Vec<usize>)> = (there.iter())
        .map(|&person| (1, indexed.eligibility(person, round).groups().to_vec()))
        .collect();
    let groups = max_flow(&classes, &vec![1; indexed.groups()]).value as usize;
    if groups >= there.len() {
        return None;
    }
    let people = person_ids(indexed, &there);
    let at = indexed.instance.rounds[round].id;
    let remedies = vec![Remedy::NeedNotBeApart { people: people.clone() }];
    Some(Clash { cause: Cause::TooManyApart { round: at, people, groups }, remedies })
}

/// People who are both in a together set and in a set apart.
fn together_and_apart(indexed: &IndexedInstance) -> Vec<Clash> {
    let mut clashes = Vec::new();
    for together in &indexed.together_sets {
        for apart in &indexed.apart {
            let both: Vec<usize> =
                together.people.iter().copied().filter(|person| apart.contains(person)).collect();
            if both.len() >= 2 {
                let people = person_ids(indexed, &both);
                let remedies = vec![
                    Remedy::NeedNotBeTogether { people: people.clone() },
                    Remedy::NeedNotBeApart { people: people.clone() },
                ];
                clashes.push(Clash { cause: Cause::TogetherAndApart { people }, remedies });
            }
        }
    }
    clashes
}

/// Somebody with more rounds than groups.
fn forced_repeat(indexed: &IndexedInstance, person: usize) -> Option<Clash> {
    let free: Vec<&[usize]> = (0..indexed.rounds())
        .filter_map(|round| match indexed.eligibility(person, round) {
            Eligibility::Free(groups) => Some(groups.as_slice()),
            _ => None,
        })
        .collect();
    let mut groups: Vec<usize> = free.iter().flat_map(|groups| groups.iter().copied()).collect();
    groups.sort_unstable();
    groups.dedup();
    let by = free.len().checked_sub(groups.len()).filter(|&by| by > 0)?;
    let (id, rounds, groups) = (indexed.instance.people[person].id, free.len(), groups.len());
    let remedies = vec![Remedy::FewerRounds { person: id, by }];
    Some(Clash { cause: Cause::ForcedRepeat { person: id, rounds, groups }, remedies })
}
