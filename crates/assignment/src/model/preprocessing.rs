//! Preprocessing: ids become indices, and double entries and contradictions are resolved by rules that no order of entries changes.
//! After it is settled who may be where (the domains), who is pinned, who goes together, and what is infeasible whatever the plan.
//! It must never know how a plan is found.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::instance::{Instance, Person};
use crate::plan::{PinRefusal, Unmet};
use crate::rng::tie_break_key;

/// Which groups one person may have in one round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Eligibility {
    /// None: they do not take part.
    Absent,
    /// None: they take part, and no group works in a language of theirs.
    NoLanguage,
    /// This one only.
    Pinned(usize),
    /// One of these, in ascending order.
    Free(Vec<usize>),
}

impl Eligibility {
    /// The groups that the person can be in.
    pub(crate) fn groups(&self) -> &[usize] {
        match self {
            Self::Absent | Self::NoLanguage => &[],
            Self::Pinned(group) => std::slice::from_ref(group),
            Self::Free(groups) => groups,
        }
    }

    /// Whether there is any.
    pub(crate) fn is_placeable(&self) -> bool {
        !self.groups().is_empty()
    }
}

/// People who go to one group together in one round ("must-link" constraints, where clustering has them).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TogetherSet {
    pub(crate) round: usize,
    /// Indices of people, ascending.
    pub(crate) people: Vec<usize>,
    /// The groups that can take all of them.
    pub(crate) groups: Vec<usize>,
}

/// An instance by indices: groups, rounds and people are numbered in the order of [`tie_break_key`], so that equals are tried in an
/// order that only ids and seed decide.
#[derive(Debug, Clone)]
pub(crate) struct IndexedInstance {
    /// The instance without double entries, in the order of indices.
    pub(crate) instance: Instance,
    pub(crate) group_index: BTreeMap<Uuid, usize>,
    pub(crate) round_index: BTreeMap<Uuid, usize>,
    pub(crate) person_index: BTreeMap<Uuid, usize>,
    /// By person and round.
    pub(crate) eligibility: Vec<Eligibility>,
    /// By session: the maximum of the group, or more if more are pinned.
    pub(crate) capacities: Vec<usize>,
    /// By session: how many people are pinned.
    pub(crate) pinned: Vec<usize>,
    /// Those who go together, two or more, by round.
    pub(crate) together_sets: Vec<TogetherSet>,
    /// Known people of whom no two may be in one group, two or more ("cannot-link").
    pub(crate) apart: Vec<Vec<usize>>,
    /// What cannot be met whatever the plan.
    pub(crate) unmet: Vec<Unmet>,
}

impl IndexedInstance {
    pub(crate) fn new(instance: &Instance) -> Self {
        let instance = normalized(instance);
        let group_index = index_by_id(instance.groups.iter().map(|group| group.id));
        let round_index = index_by_id(instance.rounds.iter().map(|round| round.id));
        let person_index = index_by_id(instance.people.iter().map(|person| person.id));
        let mut indexed = Self {
            group_index,
            round_index,
            person_index,
            eligibility: Vec::new(),
            capacities: Vec::new(),
            pinned: Vec::new(),
            together_sets: Vec::new(),
            apart: Vec::new(),
            unmet: Vec::new(),
            instance,
        };
        indexed.read_eligibility();
        indexed.read_limits();
        indexed.read_together();
        indexed.apart = indexed.known_sets(&indexed.instance.apart);
        indexed.unmet.sort();
        indexed
    }

    pub(crate) fn groups(&self) -> usize {
        self.instance.groups.len()
    }

    pub(crate) fn rounds(&self) -> usize {
        self.instance.rounds.len()
    }

    pub(crate) fn people(&self) -> usize {
        self.instance.people.len()
    }

    /// The index of a session: a group in a round.
    pub(crate) fn session(&self, round: usize, group: usize) -> usize {
        round * self.groups() + group
    }

    /// Which groups a person may have in a round.
    pub(crate) fn eligibility(&self, person: usize, round: usize) -> &Eligibility {
        &self.eligibility[person * self.rounds() + round]
    }

    fn read_eligibility(&mut self) {
        let instance = std::mem::take(&mut self.instance);
        for person in &instance.people {
            let pins = self.pins(person, &instance);
            let understood: Vec<usize> = (0..instance.groups.len())
                .filter(|&group| person.understands(&instance.groups[group]))
                .collect();
            let mut without_language = Vec::new();
            for (round, pin) in pins.iter().enumerate() {
                let eligibility = match pin {
                    _ if !takes_part(person, instance.rounds[round].id) => Eligibility::Absent,
                    Some(group) => Eligibility::Pinned(*group),
                    None if understood.is_empty() => Eligibility::NoLanguage,
                    None => Eligibility::Free(understood.clone()),
                };
                if eligibility == Eligibility::NoLanguage {
                    without_language.push(instance.rounds[round].id);
                }
                self.eligibility.push(eligibility);
            }
            if !without_language.is_empty() {
                without_language.sort();
                self.unmet.push(Unmet::NoLanguage { person: person.id, rounds: without_language });
            }
        }
        self.instance = instance;
    }

    /// The group that a person is pinned to in each round. Notes the pins that are not followed as unmet.
    fn pins(&mut self, person: &Person, instance: &Instance) -> Vec<Option<usize>> {
        let mut found = vec![None; instance.rounds.len()];
        let mut pins = person.pinned.clone();
        // Those for one round first; among equals the smaller id.
        pins.sort_by_key(|pin| (pin.round.is_none(), *pin));
        pins.dedup();
        for pin in pins {
            if let Err(reason) = self.follow_pin(person, pin.round, pin.group, &mut found) {
                let (person, round, group) = (person.id, pin.round, pin.group);
                self.unmet.push(Unmet::PinIgnored { person, round, group, reason });
            }
        }
        found
    }

    /// Follows one pin, in the rounds where no other has been followed.
    fn follow_pin(
        &self,
        person: &Person,
        round: Option<Uuid>,
        group: Uuid,
        found: &mut [Option<usize>],
    ) -> Result<(), PinRefusal> {
        let group = *self.group_index.get(&group).ok_or(PinRefusal::UnknownGroup)?;
        let rounds: Vec<usize> = match round {
            Some(round) => vec![*self.round_index.get(&round).ok_or(PinRefusal::UnknownRound)?],
            None => (0..found.len()).collect(),
        };
        let ids: BTreeMap<usize, Uuid> =
            self.round_index.iter().map(|(id, index)| (*index, *id)).collect();
        let attended: Vec<usize> =
            rounds.into_iter().filter(|index| takes_part(person, ids[index])).collect();
        if attended.is_empty() {
            return Err(PinRefusal::NotInRound);
        }
        let open: Vec<usize> = attended
            .into_iter()
            .filter(|&index| found[index].is_none_or(|at| at == group))
            .collect();
        if open.is_empty() {
            return Err(PinRefusal::OtherPin);
        }
        open.into_iter().for_each(|index| found[index] = Some(group));
        Ok(())
    }

    fn read_limits(&mut self) {
        self.pinned = vec![0; self.rounds() * self.groups()];
        for person in 0..self.people() {
            for round in 0..self.rounds() {
                if let Eligibility::Pinned(group) = *self.eligibility(person, round) {
                    let session = self.session(round, group);
                    self.pinned[session] += 1;
                }
            }
        }
        for round in 0..self.rounds() {
            for group in 0..self.groups() {
                let (of, at) = (&self.instance.groups[group], self.instance.rounds[round].id);
                let (max, pinned) = (of.limits_in(at).1, self.pinned[self.session(round, group)]);
                if pinned > max {
                    let group = of.id;
                    self.unmet.push(Unmet::PinsExceedMax { round: at, group, pinned, max });
                }
                self.capacities.push(max.max(pinned));
            }
        }
    }

    fn read_together(&mut self) {
        let sets = merged(self.known_sets(&self.instance.together));
        let mut spare: Vec<usize> = self
            .capacities
            .iter()
            .zip(&self.pinned)
            .map(|(capacity, pinned)| capacity - pinned)
            .collect();
        for set in sets {
            for round in 0..self.rounds() {
                let there = |&person: &usize| self.eligibility(person, round).is_placeable();
                let people: Vec<usize> = set.iter().copied().filter(there).collect();
                if people.len() >= 2 {
                    self.read_together_set(round, people, &mut spare);
                }
            }
        }
    }

    /// Makes a together set, if some group can take all of it; else notes that the rule is dropped.
    fn read_together_set(&mut self, round: usize, people: Vec<usize>, spare: &mut [usize]) {
        let is_pinned =
            |&&person: &&usize| matches!(self.eligibility(person, round), Eligibility::Pinned(_));
        let pinned = people.iter().filter(is_pinned).count();
        let free = people.len() - pinned;
        let can_take = |&group: &usize| {
            let all =
                people.iter().all(|&one| self.eligibility(one, round).groups().contains(&group));
            all && spare[self.session(round, group)] >= free
        };
        let groups: Vec<usize> = (0..self.groups()).filter(can_take).collect();
        if groups.is_empty() {
            let mut people: Vec<Uuid> =
                people.iter().map(|&person| self.instance.people[person].id).collect();
            people.sort();
            let round = self.instance.rounds[round].id;
            self.unmet.push(Unmet::TogetherDropped { round, people });
            return;
        }
        if pinned > 0 {
            spare[self.session(round, groups[0])] -= free;
        }
        self.together_sets.push(TogetherSet { round, people, groups });
    }

    /// The indices of sets of ids: without those that are unknown, and without sets of fewer than two.
    fn known_sets(&self, sets: &[Vec<Uuid>]) -> Vec<Vec<usize>> {
        let known = |set: &Vec<Uuid>| -> Vec<usize> {
            let members: BTreeSet<usize> =
                set.iter().filter_map(|id| self.person_index.get(id).copied()).collect();
            members.into_iter().collect()
        };
        let sets: BTreeSet<Vec<usize>> = sets.iter().map(known).collect();
        sets.into_iter().filter(|set| set.len() >= 2).collect()
    }
}

/// Whether the person takes part in the round.
pub(crate) fn takes_part(person: &Person, round: Uuid) -> bool {
    person.rounds.as_ref().is_none_or(|rounds| rounds.contains(&round))
}

fn index_by_id(ids: impl Iterator<Item = Uuid>) -> BTreeMap<Uuid, usize> {
    ids.enumerate().map(|(index, id)| (id, index)).collect()
}

/// Without double entries, in the order of indices.
fn normalized(instance: &Instance) -> Instance {
    let mut sorted = instance.clone();
    let seed = instance.seed;
    sorted.groups.sort_by_cached_key(|group| (tie_break_key(seed, group.id), group.clone()));
    sorted.groups.dedup_by_key(|group| group.id);
    sorted.rounds.sort_by_cached_key(|round| tie_break_key(seed, round.id));
    sorted.rounds.dedup_by_key(|round| round.id);
    sorted.people.sort_by_cached_key(|person| (tie_break_key(seed, person.id), person.clone()));
    sorted.people.dedup_by_key(|person| person.id);
    sorted.previous.sort();
    sorted.previous.dedup_by_key(|placement| (placement.person, placement.round));
    sorted.listed_sectors.sort();
    sorted.listed_sectors.dedup();
    sorted
}

/// Merges sets that have a member in common.
fn merged(sets: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    let mut merged: Vec<BTreeSet<usize>> = Vec::new();
    for set in sets {
        let mut whole: BTreeSet<usize> = set.into_iter().collect();
        let (meeting, others): (Vec<_>, Vec<_>) =
            merged.into_iter().partition(|other| !other.is_disjoint(&whole));
        whole.extend(meeting.into_iter().flatten());
        merged = others;
        merged.push(whole);
    }
    merged.sort();
    merged.into_iter().map(|set| set.into_iter().collect()).collect()
}
