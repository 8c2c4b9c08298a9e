//! Builds the model from a preprocessed instance: variables and their blocks, counters with their penalties, and the costs of variables.
//! It must never know how a plan is found.

use std::collections::BTreeMap;

use crate::model::even_sizes::EvenSizes;
use crate::model::preprocessing::Eligibility;
use crate::model::{
    Block, Contribution, Counter, CounterKind, FORBIDDEN_COST, Model, NO_VARIABLE, Penalty,
    Ranking, UNASSIGNED, Variable,
};
use crate::plan::Aspect;

impl Model {
    /// Rankings and pins of people, what was announced, and the cost of those whom no group understands.
    pub(crate) fn read_people(&mut self) {
        for person in 0..self.indexed.people() {
            self.rankings.push(self.ranking(person));
            for round in 0..self.rounds {
                match *self.indexed.eligibility(person, round) {
                    Eligibility::Pinned(group) => self.pins[person * self.groups + group] += 1,
                    Eligibility::NoLanguage => self.constant += self.weights.unassigned,
                    Eligibility::Absent | Eligibility::Free(_) => {}
                }
            }
        }
        for placement in &self.indexed.instance.previous {
            let person = self.indexed.person_index.get(&placement.person);
            let round = self.indexed.round_index.get(&placement.round);
            let group = self.indexed.group_index.get(&placement.group);
            let (Some(&person), Some(&round), Some(&group)) = (person, round, group) else {
                continue;
            };
            if self.indexed.eligibility(person, round).groups().contains(&group) {
                self.previous[person * self.rounds + round] = group as u32;
            }
        }
    }

    fn ranking(&self, person: usize) -> Option<Ranking> {
        let mut ranked: Vec<usize> = Vec::new();
        for id in &self.indexed.instance.people[person].preferences {
            match self.indexed.group_index.get(id) {
                Some(index) if !ranked.contains(index) => ranked.push(*index),
                _ => {}
            }
        }
        if ranked.is_empty() {
            return None;
        }
        let rank = |group| ranked.iter().position(|&index| index == group).unwrap_or(ranked.len());
        Some(Ranking { rank_of_group: (0..self.groups).map(rank).collect(), ranked: ranked.len() })
    }

    /// Blocks with their variables: people who go together in any round are in one block.
    pub(crate) fn build_blocks(&mut self) {
        let people = self.indexed.people();
        let mut block_of: Vec<usize> = (0..people).collect();
        for set in &self.indexed.together_sets {
            let least = set.people.iter().map(|&one| block_of[one]).min().unwrap_or_default();
            let joined: Vec<usize> = set.people.iter().map(|&one| block_of[one]).collect();
            block_of.iter_mut().filter(|one| joined.contains(one)).for_each(|one| *one = least);
        }
        let mut people_of: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
        for (person, &block) in block_of.iter().enumerate() {
            people_of.entry(block).or_default().push(person as u32);
        }
        let mut together_sets: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for (index, set) in self.indexed.together_sets.iter().enumerate() {
            together_sets.extend(set.people.iter().map(|&person| ((person, set.round), index)));
        }
        for people in people_of.into_values() {
            let block = self.blocks.len() as u32;
            self.blocks.push(Block::default());
            for round in 0..self.rounds {
                for &person in &people {
                    let set = together_sets.get(&(person as usize, round)).copied();
                    self.build_variable(block, person as usize, round, set);
                }
            }
        }
    }

    fn build_variable(&mut self, block: u32, person: usize, round: usize, set: Option<usize>) {
        let at = person * self.rounds + round;
        let eligibility = &self.indexed.eligibility[at];
        if self.variable_of[at] != NO_VARIABLE || !eligibility.is_placeable() {
            return;
        }
        let (people, groups): (Vec<usize>, Vec<usize>) = match set {
            Some(set) => {
                let set = &self.indexed.together_sets[set];
                (set.people.clone(), set.groups.clone())
            }
            None => (vec![person], eligibility.groups().to_vec()),
        };
        let is_pinned =
            |&one: &usize| matches!(self.indexed.eligibility(one, round), Eligibility::Pinned(_));
        let fixed = people.iter().any(is_pinned);
        let variable = self.variables.len() as u32;
        people.iter().for_each(|&one| self.variable_of[one * self.rounds + round] = variable);
        self.blocks[block as usize].variables.push(variable);
        self.variables.push(Variable {
            round,
            block,
            people: people.into_iter().map(|one| one as u32).collect(),
            groups: groups.into_iter().map(|group| group as u32).collect(),
            fixed,
            unassigned_cost: 0,
        });
    }

    /// What variables cost in each group of their domains, and unassigned.
    pub(crate) fn build_costs(&mut self) {
        self.costs = vec![FORBIDDEN_COST; self.variables.len() * self.groups];
        for index in 0..self.variables.len() {
            let (round, people) =
                (self.variables[index].round, self.variables[index].people.clone());
            for &group in &self.variables[index].groups {
                let of = |&one: &u32| {
                    let one = one as usize;
                    self.preference_cost(one, round, group as usize)
                        + self.stability_cost(one, round, group)
                };
                self.costs[index * self.groups + group as usize] = people.iter().map(of).sum();
            }
            let unassigned_cost = |&one: &u32| {
                self.weights.unassigned + self.stability_cost(one as usize, round, UNASSIGNED)
            };
            self.variables[index].unassigned_cost = people.iter().map(unassigned_cost).sum();
        }
    }

    /// Counters with their penalties, and who counts in which.
    pub(crate) fn build_counters(&mut self) {
        let people = self.indexed.people();
        let mut of_people: Vec<Vec<u32>> = vec![Vec::new(); people * self.rounds];
        for round in 0..self.rounds {
            for (kind, counted) in self.counted_in(round) {
                let penalties = self.penalties_of(&kind, round, counted.len() as i64);
                self.constant -= self.unavoidable_cost(&kind, counted.len());
                let never_costs =
                    kind != CounterKind::Size && penalties.iter().all(Penalty::never_costs);
                let counter = self.counters.len() as u32;
                for &person in &counted {
                    of_people[person * self.rounds + round].push(counter);
                }
                self.penalties.extend(penalties);
                let whole = counted.len() as i64;
                self.counters.push(Counter { kind, round, whole, never_costs });
            }
        }
        self.person_counters_start.push(0);
        for counters in of_people {
            self.person_counters.extend(counters);
            self.person_counters_start.push(self.person_counters.len() as u32);
        }
        self.contributions_start.push(0);
        for variable in &self.variables {
            let mut contributions: BTreeMap<u32, u32> = BTreeMap::new();
            for &person in &variable.people {
                let at = person as usize * self.rounds + variable.round;
                let person_counters = &self.person_counters[self.person_counters_start[at] as usize
                    ..self.person_counters_start[at + 1] as usize];
                let costly = person_counters
                    .iter()
                    .filter(|&&counter| !self.counters[counter as usize].never_costs);
                costly.for_each(|&counter| *contributions.entry(counter).or_default() += 1);
            }
            self.contributions.extend(
                contributions.into_iter().map(|(counter, people)| Contribution { counter, people }),
            );
            self.contributions_start.push(self.contributions.len() as u32);
        }
    }

    /// What is counted in a round, with the people it counts; sizes come first.
    fn counted_in(&self, round: usize) -> Vec<(CounterKind, Vec<usize>)> {
        let there: Vec<usize> = (0..self.indexed.people())
            .filter(|&person| self.indexed.eligibility(person, round).is_placeable())
            .collect();
        let mut shared: BTreeMap<CounterKind, Vec<usize>> = BTreeMap::new();
        for &person in &there {
            let of = &self.indexed.instance.people[person];
            let organization = of.organization.map(|id| id.to_string()).unwrap_or_default();
            let values = [
                (Aspect::Sector, &of.sector),
                (Aspect::Subregion, &of.subregion),
                (Aspect::Gender, &of.gender),
                (Aspect::Organization, &organization),
            ];
            for (aspect, value) in values.into_iter().filter(|(_, value)| !value.is_empty()) {
                shared.entry(CounterKind::Shared(aspect, value.clone())).or_default().push(person);
            }
        }
        for (index, set) in self.indexed.apart.iter().enumerate() {
            let counted: Vec<usize> =
                set.iter().copied().filter(|person| there.binary_search(person).is_ok()).collect();
            shared.insert(CounterKind::Apart(index), counted);
        }
        let several = |(kind, counted): &(CounterKind, Vec<usize>)| match kind {
            CounterKind::Apart(_) | CounterKind::Shared(Aspect::Organization, _) => {
                counted.len() >= 2
            }
            CounterKind::Shared(..) | CounterKind::Size => true,
        };
        let mut kinds = vec![(CounterKind::Size, there)];
        kinds.extend(shared.into_iter().filter(several));
        kinds
    }

    fn is_listed(&self, kind: &CounterKind) -> bool {
        match kind {
            CounterKind::Shared(Aspect::Sector, value) => {
                self.indexed.instance.listed_sectors.contains(value)
            }
            _ => false,
        }
    }

    /// Points of groups that must lack a listed sector because it has fewer people than there are groups: they are taken off the
    /// objective.
    fn unavoidable_cost(&self, kind: &CounterKind, counted: usize) -> i64 {
        if self.is_listed(kind) {
            self.weights.missing_sector * self.groups.saturating_sub(counted) as i64
        } else {
            0
        }
    }

    /// The penalty of a counter in each group. `whole` is how many people it counts in all.
    fn penalties_of(&self, kind: &CounterKind, round: usize, whole: i64) -> Vec<Penalty> {
        let even = self.even(round);
        let cell = |group: usize| {
            let session = self.indexed.session(round, group);
            let band = even.proportional_band(group, whole);
            let weights = &self.weights;
            let plain = Penalty {
                low: band.0,
                high: band.1,
                weight: 0,
                floor: 0,
                floor_weight: 0,
                max_count: whole,
            };
            match kind {
                CounterKind::Size => Penalty {
                    low: even.low[group],
                    high: even.high[group],
                    weight: weights.size,
                    floor: even.min[group],
                    floor_weight: weights.below_minimum,
                    max_count: self.indexed.capacities[session] as i64,
                },
                CounterKind::Shared(Aspect::Sector, _) => Penalty {
                    weight: weights.sector,
                    floor: i64::from(self.is_listed(kind)),
                    floor_weight: weights.missing_sector,
                    ..plain
                },
                CounterKind::Shared(Aspect::Subregion, _) => {
                    Penalty { weight: weights.subregion, ..plain }
                }
                CounterKind::Shared(Aspect::Gender, _) => {
                    Penalty { weight: weights.gender, ..plain }
                }
                CounterKind::Shared(Aspect::Organization, _) => {
                    let groups = self.groups as i64;
                    let high = (whole + groups - 1) / groups.max(1);
                    Penalty { low: 0, high, weight: weights.organization, ..plain }
                }
                CounterKind::Apart(_) => {
                    Penalty { low: 0, high: 1, weight: weights.apart, ..plain }
                }
            }
        };
        (0..self.groups).map(cell).collect()
    }

    /// The sizes of a round's groups that are even.
    fn even(&self, round: usize) -> EvenSizes {
        let at = self.indexed.instance.rounds[round].id;
        let groups = &self.indexed.instance.groups;
        let capacities = (0..self.groups)
            .map(|group| self.indexed.capacities[self.indexed.session(round, group)]);
        let there = (0..self.indexed.people())
            .filter(|&person| self.indexed.eligibility(person, round).is_placeable());
        EvenSizes::new(
            groups.iter().map(|group| group.limits_in(at).0 as i64).collect(),
            capacities.map(|capacity| capacity as i64).collect(),
            there.count() as i64,
        )
    }
}
