//! The state of an assignment of people to groups, feasible or not, counted from nothing but the placements. Every term of the objective
//! and every broken rule is read off here. The search keeps a state of its own ([`crate::search_state`]), which is faster and knows
//! feasible domains only; its plans are evaluated here in the end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use uuid::Uuid;

use crate::model::preprocessing::Eligibility;
use crate::model::{CounterKind, Model, Penalty, UNASSIGNED};
use crate::plan::{Aspect, ObjectiveTerms, Placement, Unmet};

/// Who is where, with the counts that follow from it.
pub(super) struct AssignmentState {
    pub(super) model: Arc<Model>,
    /// The group by person and round, or [`UNASSIGNED`].
    assigned: Vec<u32>,
    /// By cell; sizes count everybody, also those who should not be there.
    counts: Vec<i64>,
    /// The counter of sizes by round.
    sizes: Vec<usize>,
    /// The together set of a person in a round, if they are in one.
    together_sets: BTreeMap<(usize, usize), usize>,
}

impl AssignmentState {
    /// Of several placements of a person in a round one counts; those that name somebody or something unknown do not.
    pub(super) fn new(model: Arc<Model>, placements: &[Placement]) -> Self {
        let mut sizes = vec![0; model.rounds];
        for (index, counter) in model.counters.iter().enumerate() {
            if counter.kind == CounterKind::Size {
                sizes[counter.round] = index;
            }
        }
        let assigned = vec![UNASSIGNED; model.indexed.people() * model.rounds];
        let mut together_sets = BTreeMap::new();
        for (index, set) in model.indexed.together_sets.iter().enumerate() {
            together_sets.extend(set.people.iter().map(|&person| ((person, set.round), index)));
        }
        let counts = vec![0; model.penalties.len()];
        let mut state = Self { model, assigned, counts, sizes, together_sets };
        let distinct: BTreeSet<&Placement> = placements.iter().collect();
        for placement in distinct {
            let indexed = &state.model.indexed;
            let person = indexed.person_index.get(&placement.person);
            let round = indexed.round_index.get(&placement.round);
            let group = indexed.group_index.get(&placement.group);
            if let (Some(&person), Some(&round), Some(&group)) = (person, round, group) {
                state.assign(person, round, group as u32);
            }
        }
        state
    }

    pub(super) fn group_of(&self, person: usize, round: usize) -> u32 {
        self.assigned[person * self.model.rounds + round]
    }

    /// The together set that a person is in, in a round.
    pub(super) fn together_set_of(&self, person: usize, round: usize) -> Option<usize> {
        self.together_sets.get(&(person, round)).copied()
    }

    /// Assigns a person to a group, or to none.
    pub(super) fn assign(&mut self, person: usize, round: usize, group: u32) {
        let at = person * self.model.rounds + round;
        let before = std::mem::replace(&mut self.assigned[at], group);
        for cell in self.cells_touched(person, round, before) {
            self.counts[cell] -= 1;
        }
        for cell in self.cells_touched(person, round, group) {
            self.counts[cell] += 1;
        }
    }

    /// The cells that count the person when they are in the group.
    pub(super) fn cells_touched(&self, person: usize, round: usize, group: u32) -> Vec<usize> {
        if group == UNASSIGNED {
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
        let instance = &self.model.indexed.instance;
        let mut placements = Vec::new();
        for (at, &group) in
            self.assigned.iter().enumerate().filter(|(_, group)| **group != UNASSIGNED)
        {
            placements.push(Placement {
                person: instance.people[at / self.model.rounds].id,
                round: instance.rounds[at % self.model.rounds].id,
                group: instance.groups[group as usize].id,
            });
        }
        placements.sort();
        placements
    }

    // ------------------------------------------------------------------------------------------ terms of the objective

    /// Everything.
    pub(super) fn terms(&self) -> ObjectiveTerms {
        let mut terms = self.constant_terms();
        for cell in 0..self.counts.len() {
            terms += self.cell_terms(cell);
        }
        for person in 0..self.model.indexed.people() {
            terms.repeat += self.repeats(person) * self.model.weights.repeat;
            for round in 0..self.model.rounds {
                terms += self.placement_terms(person, round);
            }
        }
        for set in 0..self.model.indexed.together_sets.len() {
            terms.together += self.excess_groups(set) * self.model.together_weight;
        }
        terms
    }

    /// What no plan can change: it is taken off, so that 0 is as good as can be thought of.
    fn constant_terms(&self) -> ObjectiveTerms {
        let counted: i64 = self.count_without_language() * self.model.weights.unassigned;
        ObjectiveTerms {
            missing_sector: self.model.constant - counted,
            ..ObjectiveTerms::default()
        }
    }

    fn count_without_language(&self) -> i64 {
        let all = self.model.indexed.eligibility.iter();
        all.filter(|eligibility| **eligibility == Eligibility::NoLanguage).count() as i64
    }

    pub(super) fn cell_terms(&self, cell: usize) -> ObjectiveTerms {
        let (of, count) = (&self.model.penalties[cell], self.counts[cell]);
        let (outside, shortfall) =
            (of.weight * of.deviation(count), of.floor_weight * of.shortfall(count));
        let none = ObjectiveTerms::default();
        match &self.model.counters[cell / self.model.groups].kind {
            CounterKind::Size => ObjectiveTerms {
                size: outside,
                below_minimum: shortfall,
                unassigned: (count - of.max_count).max(0) * self.model.weights.unassigned,
                ..none
            },
            CounterKind::Shared(Aspect::Sector, _) => {
                ObjectiveTerms { sector: outside, missing_sector: shortfall, ..none }
            }
            CounterKind::Shared(Aspect::Subregion, _) => {
                ObjectiveTerms { subregion: outside, ..none }
            }
            CounterKind::Shared(Aspect::Gender, _) => ObjectiveTerms { gender: outside, ..none },
            CounterKind::Shared(Aspect::Organization, _) => {
                ObjectiveTerms { organization: outside, ..none }
            }
            CounterKind::Apart(_) => ObjectiveTerms { apart: outside, ..none },
        }
    }

    /// Preference and stability of one person in one round, or what it costs that they have no group they can have.
    pub(super) fn placement_terms(&self, person: usize, round: usize) -> ObjectiveTerms {
        let (group, eligibility) =
            (self.group_of(person, round), self.model.indexed.eligibility(person, round));
        let is_good = group != UNASSIGNED && eligibility.groups().contains(&(group as usize));
        let is_absent = group == UNASSIGNED && *eligibility == Eligibility::Absent;
        let mut terms = ObjectiveTerms::default();
        if !is_good && !is_absent {
            terms.unassigned = self.model.weights.unassigned;
        }
        if eligibility.is_placeable() {
            terms.stability = self.model.stability_cost(person, round, group);
        }
        if is_good {
            terms.preference = self.model.preference_cost(person, round, group as usize);
        }
        terms
    }

    /// How many times too often a person is in a group.
    pub(super) fn repeats(&self, person: usize) -> i64 {
        let own = &self.assigned[person * self.model.rounds..(person + 1) * self.model.rounds];
        let mut repeats = 0;
        for (round, &group) in own.iter().enumerate() {
            if group == UNASSIGNED || own[..round].contains(&group) {
                continue;
            }
            let visits = own.iter().filter(|&&other| other == group).count();
            repeats += visits.saturating_sub(self.model.allowed_visits(person, group as usize));
        }
        repeats as i64
    }

    /// Over how many groups too many a together set is spread; no group counts as one.
    pub(super) fn excess_groups(&self, set: usize) -> i64 {
        let set = &self.model.indexed.together_sets[set];
        let groups: BTreeSet<u32> =
            set.people.iter().map(|&person| self.group_of(person, set.round)).collect();
        groups.len() as i64 - 1
    }

    // ------------------------------------------------------------------------------------------ broken rules

    /// Everything that is not met.
    pub(super) fn unmet(&self) -> Vec<Unmet> {
        let mut unmet = self.model.indexed.unmet.clone();
        for round in 0..self.model.rounds {
            unmet.extend(self.left_out(round));
        }
        for cell in 0..self.counts.len() {
            unmet.extend(self.unmet_in_cell(cell));
        }
        for person in 0..self.model.indexed.people() {
            unmet.extend(self.unmet_repeats(person));
            for round in 0..self.model.rounds {
                unmet.extend(self.unmet_placement(person, round));
            }
        }
        for set in 0..self.model.indexed.together_sets.len() {
            unmet.extend(self.unmet_together(set));
        }
        unmet.sort();
        unmet
    }

    fn person_id(&self, person: usize) -> Uuid {
        self.model.indexed.instance.people[person].id
    }

    fn round_id(&self, round: usize) -> Uuid {
        self.model.indexed.instance.rounds[round].id
    }

    fn group_id(&self, group: usize) -> Uuid {
        self.model.indexed.instance.groups[group].id
    }

    fn ids(&self, people: impl Iterator<Item = usize>) -> Vec<Uuid> {
        let mut ids: Vec<Uuid> = people.map(|person| self.person_id(person)).collect();
        ids.sort();
        ids
    }

    /// Those who could have a group in the round and have none.
    pub(super) fn left_out(&self, round: usize) -> Option<Unmet> {
        let has_none = |&person: &usize| {
            self.group_of(person, round) == UNASSIGNED
                && self.model.indexed.eligibility(person, round).is_placeable()
        };
        let people = self.ids((0..self.model.indexed.people()).filter(has_none));
        let round = self.round_id(round);
        (!people.is_empty()).then_some(Unmet::OverCapacity { round, people })
    }

    /// As [`Self::left_out`], about one person only.
    pub(super) fn left_out_alone(&self, person: usize, round: usize) -> Option<Unmet> {
        let is_out = self.group_of(person, round) == UNASSIGNED
            && self.model.indexed.eligibility(person, round).is_placeable();
        let (round, people) = (self.round_id(round), vec![self.person_id(person)]);
        is_out.then_some(Unmet::OverCapacity { round, people })
    }

    pub(super) fn unmet_in_cell(&self, cell: usize) -> Option<Unmet> {
        let (counter, group) =
            (&self.model.counters[cell / self.model.groups], cell % self.model.groups);
        let (of, count) = (&self.model.penalties[cell], self.counts[cell]);
        match &counter.kind {
            CounterKind::Size => self.unmet_size(counter.round, group, of, count),
            CounterKind::Apart(set) if of.deviation(count) > 0 => {
                let set = self.model.indexed.apart[*set].iter().copied();
                let here = set.filter(|&one| self.group_of(one, counter.round) == group as u32);
                let people = self.ids(here);
                let (round, group) = (self.round_id(counter.round), self.group_id(group));
                Some(Unmet::NotApart { round, group, people })
            }
            CounterKind::Apart(_) | CounterKind::Shared(..) => None,
        }
    }

    fn unmet_size(&self, round: usize, group: usize, of: &Penalty, count: i64) -> Option<Unmet> {
        let (round, group) = (self.round_id(round), self.group_id(group));
        let size = count as usize;
        if count > of.max_count {
            return Some(Unmet::AboveMaximum { round, group, size, max: of.max_count as usize });
        }
        let min = of.floor as usize;
        (size < min).then_some(Unmet::BelowMinimum { round, group, size, min })
    }

    pub(super) fn unmet_placement(&self, person: usize, round: usize) -> Option<Unmet> {
        let at = self.group_of(person, round);
        let eligibility = self.model.indexed.eligibility(person, round);
        if at != UNASSIGNED && eligibility.groups().contains(&(at as usize)) {
            return None;
        }
        let (person, round) = (self.person_id(person), self.round_id(round));
        match eligibility {
            Eligibility::Pinned(pin) => {
                Some(Unmet::PinBroken { person, round, group: self.group_id(*pin) })
            }
            _ if at == UNASSIGNED => None,
            Eligibility::Absent => {
                Some(Unmet::NotInRound { person, round, group: self.group_id(at as usize) })
            }
            Eligibility::NoLanguage | Eligibility::Free(_) => {
                Some(Unmet::WrongLanguage { person, round, group: self.group_id(at as usize) })
            }
        }
    }

    pub(super) fn unmet_repeats(&self, person: usize) -> Vec<Unmet> {
        let mut unmet = Vec::new();
        for group in 0..self.model.groups {
            let is_here = |&round: &usize| self.group_of(person, round) == group as u32;
            let rounds: Vec<usize> = (0..self.model.rounds).filter(is_here).collect();
            if rounds.len() > self.model.allowed_visits(person, group) {
                let mut rounds: Vec<Uuid> =
                    rounds.into_iter().map(|round| self.round_id(round)).collect();
                rounds.sort();
                let (person, group) = (self.person_id(person), self.group_id(group));
                unmet.push(Unmet::Repeat { person, group, rounds });
            }
        }
        unmet
    }

    pub(super) fn unmet_together(&self, set: usize) -> Option<Unmet> {
        if self.excess_groups(set) == 0 {
            return None;
        }
        let set = &self.model.indexed.together_sets[set];
        let people = self.ids(set.people.iter().copied());
        Some(Unmet::NotTogether { round: self.round_id(set.round), people })
    }
}
