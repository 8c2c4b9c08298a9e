//! What an instance says, with its double entries and contradictions resolved by rules that no order of entries
//! changes: who may be where, who is pinned, who goes together. It must never know how a plan is found.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::instance::{Instance, Person};
use crate::plan::{PinRefusal, Unmet};
use crate::rng::standing;

/// What one person is in one round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Presence {
    /// Not there.
    Absent,
    /// There, without any group that works in a language of theirs.
    Speechless,
    /// In this group.
    Pinned(usize),
    /// In one of these groups, in ascending order.
    Free(Vec<usize>),
}

impl Presence {
    /// The groups that the person can be in.
    pub(crate) fn groups(&self) -> &[usize] {
        match self {
            Self::Absent | Self::Speechless => &[],
            Self::Pinned(group) => std::slice::from_ref(group),
            Self::Free(groups) => groups,
        }
    }

    pub(crate) fn is_placeable(&self) -> bool {
        !self.groups().is_empty()
    }
}

/// People who go to one group together in one round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) round: usize,
    /// Rows of people, ascending.
    pub(crate) people: Vec<usize>,
    /// The groups that can take all of them.
    pub(crate) groups: Vec<usize>,
}

/// An instance in rows: groups, rounds and people stand in the order of [`standing`].
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    /// The instance without double entries, in the order of rows.
    pub(crate) instance: Instance,
    pub(crate) group_rows: BTreeMap<Uuid, usize>,
    pub(crate) round_rows: BTreeMap<Uuid, usize>,
    pub(crate) person_rows: BTreeMap<Uuid, usize>,
    /// By person and round.
    pub(crate) presence: Vec<Presence>,
    /// The largest size by round and group: the maximum, or more if more are pinned.
    pub(crate) most: Vec<usize>,
    /// People pinned by round and group.
    pub(crate) pinned: Vec<usize>,
    /// Those who go together, of two or more people.
    pub(crate) blocks: Vec<Block>,
    /// Known people who must be apart, two or more.
    pub(crate) apart: Vec<Vec<usize>>,
    /// What cannot be met whatever the plan.
    pub(crate) unmet: Vec<Unmet>,
}

impl Reading {
    pub(crate) fn new(instance: &Instance) -> Self {
        let instance = in_rows(instance);
        let group_rows = rows(instance.groups.iter().map(|group| group.id));
        let round_rows = rows(instance.rounds.iter().map(|round| round.id));
        let person_rows = rows(instance.people.iter().map(|person| person.id));
        let mut reading = Self {
            group_rows,
            round_rows,
            person_rows,
            presence: Vec::new(),
            most: Vec::new(),
            pinned: Vec::new(),
            blocks: Vec::new(),
            apart: Vec::new(),
            unmet: Vec::new(),
            instance,
        };
        reading.read_presence();
        reading.read_limits();
        reading.read_blocks();
        reading.apart = reading.known_sets(&reading.instance.apart);
        reading.unmet.sort();
        reading
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

    /// The place of a group in a round among those of all rounds.
    pub(crate) fn room(&self, round: usize, group: usize) -> usize {
        round * self.groups() + group
    }

    /// What a person is in a round.
    pub(crate) fn presence(&self, person: usize, round: usize) -> &Presence {
        &self.presence[person * self.rounds() + round]
    }

    fn read_presence(&mut self) {
        let instance = std::mem::take(&mut self.instance);
        for person in &instance.people {
            let pins = self.pins(person, &instance);
            let understood: Vec<usize> = (0..instance.groups.len())
                .filter(|&group| person.understands(&instance.groups[group]))
                .collect();
            let mut speechless = Vec::new();
            for (round, pin) in pins.iter().enumerate() {
                let presence = match pin {
                    _ if !takes_part(person, instance.rounds[round].id) => Presence::Absent,
                    Some(group) => Presence::Pinned(*group),
                    None if understood.is_empty() => Presence::Speechless,
                    None => Presence::Free(understood.clone()),
                };
                if presence == Presence::Speechless {
                    speechless.push(instance.rounds[round].id);
                }
                self.presence.push(presence);
            }
            if !speechless.is_empty() {
                speechless.sort();
                self.unmet.push(Unmet::NoLanguage { person: person.id, rounds: speechless });
            }
        }
        self.instance = instance;
    }

    /// The group that a person is pinned to in each round. Notes the pins that are not followed.
    fn pins(&mut self, person: &Person, instance: &Instance) -> Vec<Option<usize>> {
        let mut found = vec![None; instance.rounds.len()];
        let mut pins = person.pinned.clone();
        // Those for one round first; among equals the smaller id.
        pins.sort_by_key(|pin| (pin.round.is_none(), *pin));
        pins.dedup();
        for pin in pins {
            if let Err(reason) = self.follow(person, pin.round, pin.group, &mut found) {
                let (person, round, group) = (person.id, pin.round, pin.group);
                self.unmet.push(Unmet::PinIgnored { person, round, group, reason });
            }
        }
        found
    }

    fn follow(
        &self,
        person: &Person,
        round: Option<Uuid>,
        group: Uuid,
        found: &mut [Option<usize>],
    ) -> Result<(), PinRefusal> {
        let group = *self.group_rows.get(&group).ok_or(PinRefusal::UnknownGroup)?;
        let rounds: Vec<usize> = match round {
            Some(round) => vec![*self.round_rows.get(&round).ok_or(PinRefusal::UnknownRound)?],
            None => (0..found.len()).collect(),
        };
        let ids: BTreeMap<usize, Uuid> =
            self.round_rows.iter().map(|(id, row)| (*row, *id)).collect();
        let attended: Vec<usize> =
            rounds.into_iter().filter(|row| takes_part(person, ids[row])).collect();
        if attended.is_empty() {
            return Err(PinRefusal::NotInRound);
        }
        let open: Vec<usize> =
            attended.into_iter().filter(|&row| found[row].is_none_or(|at| at == group)).collect();
        if open.is_empty() {
            return Err(PinRefusal::OtherPin);
        }
        open.into_iter().for_each(|row| found[row] = Some(group));
        Ok(())
    }

    fn read_limits(&mut self) {
        self.pinned = vec![0; self.rounds() * self.groups()];
        for person in 0..self.people() {
            for round in 0..self.rounds() {
                if let Presence::Pinned(group) = *self.presence(person, round) {
                    let room = self.room(round, group);
                    self.pinned[room] += 1;
                }
            }
        }
        for round in 0..self.rounds() {
            for group in 0..self.groups() {
                let (of, at) = (&self.instance.groups[group], self.instance.rounds[round].id);
                let (max, pinned) = (of.limits_in(at).1, self.pinned[self.room(round, group)]);
                if pinned > max {
                    let group = of.id;
                    self.unmet.push(Unmet::PinsExceedMax { round: at, group, pinned, max });
                }
                self.most.push(max.max(pinned));
            }
        }
    }

    fn read_blocks(&mut self) {
        let sets = joined(self.known_sets(&self.instance.together));
        let mut spare: Vec<usize> =
            self.most.iter().zip(&self.pinned).map(|(most, pinned)| most - pinned).collect();
        for set in sets {
            for round in 0..self.rounds() {
                let there = |&person: &usize| self.presence(person, round).is_placeable();
                let people: Vec<usize> = set.iter().copied().filter(there).collect();
                if people.len() >= 2 {
                    self.read_block(round, people, &mut spare);
                }
            }
        }
    }

    fn read_block(&mut self, round: usize, people: Vec<usize>, spare: &mut [usize]) {
        let is_pinned =
            |&&person: &&usize| matches!(self.presence(person, round), Presence::Pinned(_));
        let pinned = people.iter().filter(is_pinned).count();
        let free = people.len() - pinned;
        let can_take = |&group: &usize| {
            let all = people.iter().all(|&one| self.presence(one, round).groups().contains(&group));
            all && spare[self.room(round, group)] >= free
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
            spare[self.room(round, groups[0])] -= free;
        }
        self.blocks.push(Block { round, people, groups });
    }

    /// The rows of sets of ids: without those that are unknown, and without sets of fewer than two.
    fn known_sets(&self, sets: &[Vec<Uuid>]) -> Vec<Vec<usize>> {
        let known = |set: &Vec<Uuid>| -> Vec<usize> {
            let rows: BTreeSet<usize> =
                set.iter().filter_map(|id| self.person_rows.get(id).copied()).collect();
            rows.into_iter().collect()
        };
        let sets: BTreeSet<Vec<usize>> = sets.iter().map(known).collect();
        sets.into_iter().filter(|set| set.len() >= 2).collect()
    }
}

/// Whether the person takes part in the round.
pub(crate) fn takes_part(person: &Person, round: Uuid) -> bool {
    person.rounds.as_ref().is_none_or(|rounds| rounds.contains(&round))
}

fn rows(ids: impl Iterator<Item = Uuid>) -> BTreeMap<Uuid, usize> {
    ids.enumerate().map(|(row, id)| (id, row)).collect()
}

/// Without double entries, in the order in which ids stand for the seed.
fn in_rows(instance: &Instance) -> Instance {
    let mut sorted = instance.clone();
    let seed = instance.seed;
    sorted.groups.sort_by_cached_key(|group| (standing(seed, group.id), group.clone()));
    sorted.groups.dedup_by_key(|group| group.id);
    sorted.rounds.sort_by_cached_key(|round| standing(seed, round.id));
    sorted.rounds.dedup_by_key(|round| round.id);
    sorted.people.sort_by_cached_key(|person| (standing(seed, person.id), person.clone()));
    sorted.people.dedup_by_key(|person| person.id);
    sorted.previous.sort();
    sorted.previous.dedup_by_key(|placement| (placement.person, placement.round));
    sorted.listed_sectors.sort();
    sorted.listed_sectors.dedup();
    sorted
}

/// Joins sets that have a member in common.
fn joined(sets: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    let mut joined: Vec<BTreeSet<usize>> = Vec::new();
    for set in sets {
        let mut whole: BTreeSet<usize> = set.into_iter().collect();
        let (meeting, others): (Vec<_>, Vec<_>) =
            joined.into_iter().partition(|other| !other.is_disjoint(&whole));
        whole.extend(meeting.into_iter().flatten());
        joined = others;
        joined.push(whole);
    }
    joined.sort();
    joined.into_iter().map(|set| set.into_iter().collect()).collect()
}
