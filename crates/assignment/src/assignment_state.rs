//! People in groups as they stand, counted from nothing but their places, legal or not. What every part of the objective
//! comes to, and which rules are broken, is read off here; the search keeps books of its own and is held against these.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use uuid::Uuid;

use crate::model::preprocessing::Presence;
use crate::model::{Cell, Model, NOWHERE, Subject};
use crate::plan::{Aspect, Parts, Placement, Unmet};

/// Who is where, with the counts that follow from it.
pub(super) struct Standing {
    pub(super) model: Arc<Model>,
    /// The group by person and round.
    places: Vec<u32>,
    /// By cell; sizes count everybody, also those who should not be there.
    counts: Vec<i64>,
    /// The counter of sizes by round.
    sizes: Vec<usize>,
    /// The block of a person in a round, if they are in one.
    blocks: BTreeMap<(usize, usize), usize>,
}

impl Standing {
    /// Of several placements of a person in a round one counts; those that name somebody or something unknown do not.
    pub(super) fn new(model: Arc<Model>, placements: &[Placement]) -> Self {
        let mut sizes = vec![0; model.rounds];
        for (row, counter) in model.counters.iter().enumerate() {
            if counter.subject == Subject::Size {
                sizes[counter.round] = row;
            }
        }
        let places = vec![NOWHERE; model.reading.people() * model.rounds];
        let mut blocks = BTreeMap::new();
        for (row, block) in model.reading.blocks.iter().enumerate() {
            blocks.extend(block.people.iter().map(|&person| ((person, block.round), row)));
        }
        let counts = vec![0; model.cells.len()];
        let mut standing = Self { model, places, counts, sizes, blocks };
        let distinct: BTreeSet<&Placement> = placements.iter().collect();
        for placement in distinct {
            let reading = &standing.model.reading;
            let person = reading.person_rows.get(&placement.person);
            let round = reading.round_rows.get(&placement.round);
            let group = reading.group_rows.get(&placement.group);
            if let (Some(&person), Some(&round), Some(&group)) = (person, round, group) {
                standing.put(person, round, group as u32);
            }
        }
        standing
    }

    pub(super) fn group_of(&self, person: usize, round: usize) -> u32 {
        self.places[person * self.model.rounds + round]
    }

    /// The block that a person is of in a round.
    pub(super) fn block_of(&self, person: usize, round: usize) -> Option<usize> {
        self.blocks.get(&(person, round)).copied()
    }

    /// Puts a person into a group, or into none.
    pub(super) fn put(&mut self, person: usize, round: usize, group: u32) {
        let at = person * self.model.rounds + round;
        let before = std::mem::replace(&mut self.places[at], group);
        for cell in self.cells_touched(person, round, before) {
            self.counts[cell] -= 1;
        }
        for cell in self.cells_touched(person, round, group) {
            self.counts[cell] += 1;
        }
    }

    /// The cells that count the person when they are in the group.
    pub(super) fn cells_touched(&self, person: usize, round: usize, group: u32) -> Vec<usize> {
        if group == NOWHERE {
            return Vec::new();
        }
        let own = self.model.counters_of(person, round);
        let mut cells: Vec<usize> =
            own.iter().map(|&counter| self.model.cell(counter as usize, group as usize)).collect();
        if own.is_empty() {
            cells.push(self.model.cell(self.sizes[round], group as usize));
        }
        cells
    }

    pub(super) fn count(&self, cell: usize) -> i64 {
        self.counts[cell]
    }

    pub(super) fn size(&self, round: usize, group: usize) -> i64 {
        self.counts[self.size_cell(round, group)]
    }

    pub(super) fn size_cell(&self, round: usize, group: usize) -> usize {
        self.model.cell(self.sizes[round], group)
    }

    /// All placements, in the order of person and round.
    pub(super) fn placements(&self) -> Vec<Placement> {
        let instance = &self.model.reading.instance;
        let mut placements = Vec::new();
        for (at, &group) in self.places.iter().enumerate().filter(|(_, group)| **group != NOWHERE) {
            placements.push(Placement {
                person: instance.people[at / self.model.rounds].id,
                round: instance.rounds[at % self.model.rounds].id,
                group: instance.groups[group as usize].id,
            });
        }
        placements.sort();
        placements
    }

    // ------------------------------------------------------------------------------------------ parts of the value

    /// Everything.
    pub(super) fn parts(&self) -> Parts {
        let mut parts = self.fixed_parts();
        for cell in 0..self.counts.len() {
            parts += self.cell_parts(cell);
        }
        for person in 0..self.model.reading.people() {
            parts.repeat += self.repeats(person) * self.model.weights.repeat;
            for round in 0..self.model.rounds {
                parts += self.place_parts(person, round);
            }
        }
        for block in 0..self.model.reading.blocks.len() {
            parts.together += self.spread(block) * self.model.together;
        }
        parts
    }

    /// What no plan can change: it is taken off, so that 0 is as good as can be thought of.
    fn fixed_parts(&self) -> Parts {
        let counted: i64 = self.count_speechless() * self.model.weights.unassigned;
        Parts { missing_sector: self.model.constant - counted, ..Parts::default() }
    }

    fn count_speechless(&self) -> i64 {
        let all = self.model.reading.presence.iter();
        all.filter(|presence| **presence == Presence::Speechless).count() as i64
    }

    pub(super) fn cell_parts(&self, cell: usize) -> Parts {
        let (of, count) = (&self.model.cells[cell], self.counts[cell]);
        let (outside, missing) =
            (of.weight * of.distance(count), of.floor_weight * of.missing(count));
        let none = Parts::default();
        match &self.model.counters[cell / self.model.groups].subject {
            Subject::Size => Parts {
                size: outside,
                below_minimum: missing,
                unassigned: (count - of.most).max(0) * self.model.weights.unassigned,
                ..none
            },
            Subject::Shared(Aspect::Sector, _) => {
                Parts { sector: outside, missing_sector: missing, ..none }
            }
            Subject::Shared(Aspect::Subregion, _) => Parts { subregion: outside, ..none },
            Subject::Shared(Aspect::Gender, _) => Parts { gender: outside, ..none },
            Subject::Shared(Aspect::Organization, _) => Parts { organization: outside, ..none },
            Subject::Apart(_) => Parts { apart: outside, ..none },
        }
    }

    /// Preference and stability of one person in one round, or what it costs that they have no group they can have.
    pub(super) fn place_parts(&self, person: usize, round: usize) -> Parts {
        let (group, presence) =
            (self.group_of(person, round), self.model.reading.presence(person, round));
        let is_good = group != NOWHERE && presence.groups().contains(&(group as usize));
        let is_absent = group == NOWHERE && *presence == Presence::Absent;
        let mut parts = Parts::default();
        if !is_good && !is_absent {
            parts.unassigned = self.model.weights.unassigned;
        }
        if presence.is_placeable() {
            parts.stability = self.model.change(person, round, group);
        }
        if is_good {
            parts.preference = self.model.wish(person, round, group as usize);
        }
        parts
    }

    /// How many times too often a person is in a group.
    pub(super) fn repeats(&self, person: usize) -> i64 {
        let own = &self.places[person * self.model.rounds..(person + 1) * self.model.rounds];
        let mut repeats = 0;
        for (round, &group) in own.iter().enumerate() {
            if group == NOWHERE || own[..round].contains(&group) {
                continue;
            }
            let visits = own.iter().filter(|&&other| other == group).count();
            repeats += visits.saturating_sub(self.model.visits(person, group as usize));
        }
        repeats as i64
    }

    /// Over how many groups too many a block is spread; no group counts as one.
    pub(super) fn spread(&self, block: usize) -> i64 {
        let block = &self.model.reading.blocks[block];
        let groups: BTreeSet<u32> =
            block.people.iter().map(|&person| self.group_of(person, block.round)).collect();
        groups.len() as i64 - 1
    }

    // ------------------------------------------------------------------------------------------ broken rules

    /// Everything that is not met.
    pub(super) fn unmet(&self) -> Vec<Unmet> {
        let mut unmet = self.model.reading.unmet.clone();
        for round in 0..self.model.rounds {
            unmet.extend(self.left_out(round));
        }
        for cell in 0..self.counts.len() {
            unmet.extend(self.unmet_in_cell(cell));
        }
        for person in 0..self.model.reading.people() {
            unmet.extend(self.unmet_repeats(person));
            for round in 0..self.model.rounds {
                unmet.extend(self.unmet_place(person, round));
            }
        }
        for block in 0..self.model.reading.blocks.len() {
            unmet.extend(self.unmet_together(block));
        }
        unmet.sort();
        unmet
    }

    fn person_id(&self, person: usize) -> Uuid {
        self.model.reading.instance.people[person].id
    }

    fn round_id(&self, round: usize) -> Uuid {
        self.model.reading.instance.rounds[round].id
    }

    fn group_id(&self, group: usize) -> Uuid {
        self.model.reading.instance.groups[group].id
    }

    fn ids(&self, people: impl Iterator<Item = usize>) -> Vec<Uuid> {
        let mut ids: Vec<Uuid> = people.map(|person| self.person_id(person)).collect();
        ids.sort();
        ids
    }

    /// Those who could have a group in the round and have none.
    pub(super) fn left_out(&self, round: usize) -> Option<Unmet> {
        let has_none = |&person: &usize| {
            self.group_of(person, round) == NOWHERE
                && self.model.reading.presence(person, round).is_placeable()
        };
        let people = self.ids((0..self.model.reading.people()).filter(has_none));
        let round = self.round_id(round);
        (!people.is_empty()).then_some(Unmet::OverCapacity { round, people })
    }

    /// As [`Self::left_out`], about one person only.
    pub(super) fn left_out_alone(&self, person: usize, round: usize) -> Option<Unmet> {
        let is_out = self.group_of(person, round) == NOWHERE
            && self.model.reading.presence(person, round).is_placeable();
        let (round, people) = (self.round_id(round), vec![self.person_id(person)]);
        is_out.then_some(Unmet::OverCapacity { round, people })
    }

    pub(super) fn unmet_in_cell(&self, cell: usize) -> Option<Unmet> {
        let (counter, group) =
            (&self.model.counters[cell / self.model.groups], cell % self.model.groups);
        let (of, count) = (&self.model.cells[cell], self.counts[cell]);
        match &counter.subject {
            Subject::Size => self.unmet_size(counter.round, group, of, count),
            Subject::Apart(set) if of.distance(count) > 0 => {
                let set = self.model.reading.apart[*set].iter().copied();
                let here = set.filter(|&one| self.group_of(one, counter.round) == group as u32);
                let people = self.ids(here);
                let (round, group) = (self.round_id(counter.round), self.group_id(group));
                Some(Unmet::NotApart { round, group, people })
            }
            Subject::Apart(_) | Subject::Shared(..) => None,
        }
    }

    fn unmet_size(&self, round: usize, group: usize, of: &Cell, count: i64) -> Option<Unmet> {
        let (round, group) = (self.round_id(round), self.group_id(group));
        let size = count as usize;
        if count > of.most {
            return Some(Unmet::AboveMaximum { round, group, size, max: of.most as usize });
        }
        let min = of.floor as usize;
        (size < min).then_some(Unmet::BelowMinimum { round, group, size, min })
    }

    pub(super) fn unmet_place(&self, person: usize, round: usize) -> Option<Unmet> {
        let at = self.group_of(person, round);
        let presence = self.model.reading.presence(person, round);
        if at != NOWHERE && presence.groups().contains(&(at as usize)) {
            return None;
        }
        let (person, round) = (self.person_id(person), self.round_id(round));
        match presence {
            Presence::Pinned(pin) => {
                Some(Unmet::PinBroken { person, round, group: self.group_id(*pin) })
            }
            _ if at == NOWHERE => None,
            Presence::Absent => {
                Some(Unmet::NotInRound { person, round, group: self.group_id(at as usize) })
            }
            Presence::Speechless | Presence::Free(_) => {
                Some(Unmet::WrongLanguage { person, round, group: self.group_id(at as usize) })
            }
        }
    }

    pub(super) fn unmet_repeats(&self, person: usize) -> Vec<Unmet> {
        let mut unmet = Vec::new();
        for group in 0..self.model.groups {
            let is_here = |&round: &usize| self.group_of(person, round) == group as u32;
            let rounds: Vec<usize> = (0..self.model.rounds).filter(is_here).collect();
            if rounds.len() > self.model.visits(person, group) {
                let mut rounds: Vec<Uuid> =
                    rounds.into_iter().map(|round| self.round_id(round)).collect();
                rounds.sort();
                let (person, group) = (self.person_id(person), self.group_id(group));
                unmet.push(Unmet::Repeat { person, group, rounds });
            }
        }
        unmet
    }

    pub(super) fn unmet_together(&self, block: usize) -> Option<Unmet> {
        if self.spread(block) == 0 {
            return None;
        }
        let block = &self.model.reading.blocks[block];
        let people = self.ids(block.people.iter().copied());
        Some(Unmet::NotTogether { round: self.round_id(block.round), people })
    }
}
