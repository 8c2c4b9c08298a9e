//! Makes the model from an instance: seats and who decides them together, counters with their bands, and what seats cost.
//! It must never know how a plan is found.

use std::collections::BTreeMap;

use crate::model::even_sizes::Even;
use crate::model::preprocessing::Presence;
use crate::model::{
    Adds, Agent, BARRED, Cell, Counter, Model, NO_SEAT, NOWHERE, Ranking, Seat, Subject,
};
use crate::plan::Aspect;

impl Model {
    pub(crate) fn read_people(&mut self) {
        for person in 0..self.reading.people() {
            self.rankings.push(self.ranking(person));
            for round in 0..self.rounds {
                match *self.reading.presence(person, round) {
                    Presence::Pinned(group) => self.pins[person * self.groups + group] += 1,
                    Presence::Speechless => self.constant += self.weights.unassigned,
                    Presence::Absent | Presence::Free(_) => {}
                }
            }
        }
        for placement in &self.reading.instance.previous {
            let person = self.reading.person_rows.get(&placement.person);
            let round = self.reading.round_rows.get(&placement.round);
            let group = self.reading.group_rows.get(&placement.group);
            let (Some(&person), Some(&round), Some(&group)) = (person, round, group) else {
                continue;
            };
            if self.reading.presence(person, round).groups().contains(&group) {
                self.previous[person * self.rounds + round] = group as u32;
            }
        }
    }

    fn ranking(&self, person: usize) -> Option<Ranking> {
        let mut ranked: Vec<usize> = Vec::new();
        for id in &self.reading.instance.people[person].preferences {
            match self.reading.group_rows.get(id) {
                Some(row) if !ranked.contains(row) => ranked.push(*row),
                _ => {}
            }
        }
        if ranked.is_empty() {
            return None;
        }
        let rank = |group| ranked.iter().position(|&row| row == group).unwrap_or(ranked.len());
        Some(Ranking { of_group: (0..self.groups).map(rank).collect(), given: ranked.len() })
    }

    pub(crate) fn make_agents(&mut self) {
        let people = self.reading.people();
        let mut agent_of: Vec<usize> = (0..people).collect();
        for block in &self.reading.blocks {
            let least = block.people.iter().map(|&one| agent_of[one]).min().unwrap_or_default();
            let joined: Vec<usize> = block.people.iter().map(|&one| agent_of[one]).collect();
            agent_of.iter_mut().filter(|one| joined.contains(one)).for_each(|one| *one = least);
        }
        let mut members: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
        for (person, &agent) in agent_of.iter().enumerate() {
            members.entry(agent).or_default().push(person as u32);
        }
        let mut blocks: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for (row, block) in self.reading.blocks.iter().enumerate() {
            blocks.extend(block.people.iter().map(|&person| ((person, block.round), row)));
        }
        for people in members.into_values() {
            let agent = self.agents.len() as u32;
            self.agents.push(Agent::default());
            for round in 0..self.rounds {
                for &person in &people {
                    let block = blocks.get(&(person as usize, round)).copied();
                    self.make_seat(agent, person as usize, round, block);
                }
            }
        }
    }

    fn make_seat(&mut self, agent: u32, person: usize, round: usize, block: Option<usize>) {
        let at = person * self.rounds + round;
        let presence = &self.reading.presence[at];
        if self.seat_of[at] != NO_SEAT || !presence.is_placeable() {
            return;
        }
        let (people, groups): (Vec<usize>, Vec<usize>) = match block {
            Some(block) => {
                let block = &self.reading.blocks[block];
                (block.people.clone(), block.groups.clone())
            }
            None => (vec![person], presence.groups().to_vec()),
        };
        let is_pinned =
            |&one: &usize| matches!(self.reading.presence(one, round), Presence::Pinned(_));
        let fixed = people.iter().any(is_pinned);
        let seat = self.seats.len() as u32;
        people.iter().for_each(|&one| self.seat_of[one * self.rounds + round] = seat);
        self.agents[agent as usize].seats.push(seat);
        self.seats.push(Seat {
            round,
            agent,
            people: people.into_iter().map(|one| one as u32).collect(),
            groups: groups.into_iter().map(|group| group as u32).collect(),
            fixed,
            nowhere: 0,
        });
    }

    pub(crate) fn price_seats(&mut self) {
        self.costs = vec![BARRED; self.seats.len() * self.groups];
        for row in 0..self.seats.len() {
            let (round, people) = (self.seats[row].round, self.seats[row].people.clone());
            for &group in &self.seats[row].groups {
                let of = |&one: &u32| {
                    let one = one as usize;
                    self.wish(one, round, group as usize) + self.change(one, round, group)
                };
                self.costs[row * self.groups + group as usize] = people.iter().map(of).sum();
            }
            let nowhere =
                |&one: &u32| self.weights.unassigned + self.change(one as usize, round, NOWHERE);
            self.seats[row].nowhere = people.iter().map(nowhere).sum();
        }
    }

    pub(crate) fn make_counters(&mut self) {
        let people = self.reading.people();
        let mut of_people: Vec<Vec<u32>> = vec![Vec::new(); people * self.rounds];
        for round in 0..self.rounds {
            for (subject, members) in self.subjects(round) {
                let cells = self.cells_of(&subject, round, members.len() as i64);
                self.constant -= self.unavoidable(&subject, members.len());
                // It is still shown.
                let silent = subject != Subject::Size && cells.iter().all(Cell::never_costs);
                let counter = self.counters.len() as u32;
                for &person in &members {
                    of_people[person * self.rounds + round].push(counter);
                }
                self.cells.extend(cells);
                let whole = members.len() as i64;
                self.counters.push(Counter { subject, round, whole, silent });
            }
        }
        self.own_from.push(0);
        for counters in of_people {
            self.own.extend(counters);
            self.own_from.push(self.own.len() as u32);
        }
        self.adds_from.push(0);
        for seat in &self.seats {
            let mut adds: BTreeMap<u32, u32> = BTreeMap::new();
            for &person in &seat.people {
                let at = person as usize * self.rounds + seat.round;
                let own = &self.own[self.own_from[at] as usize..self.own_from[at + 1] as usize];
                let loud = own.iter().filter(|&&counter| !self.counters[counter as usize].silent);
                loud.for_each(|&counter| *adds.entry(counter).or_default() += 1);
            }
            self.adds.extend(adds.into_iter().map(|(counter, people)| Adds { counter, people }));
            self.adds_from.push(self.adds.len() as u32);
        }
    }

    /// What is counted in a round, with the people it counts; sizes come first.
    fn subjects(&self, round: usize) -> Vec<(Subject, Vec<usize>)> {
        let there: Vec<usize> = (0..self.reading.people())
            .filter(|&person| self.reading.presence(person, round).is_placeable())
            .collect();
        let mut shared: BTreeMap<Subject, Vec<usize>> = BTreeMap::new();
        for &person in &there {
            let of = &self.reading.instance.people[person];
            let organization = of.organization.map(|id| id.to_string()).unwrap_or_default();
            let values = [
                (Aspect::Sector, &of.sector),
                (Aspect::Subregion, &of.subregion),
                (Aspect::Gender, &of.gender),
                (Aspect::Organization, &organization),
            ];
            for (aspect, value) in values.into_iter().filter(|(_, value)| !value.is_empty()) {
                shared.entry(Subject::Shared(aspect, value.clone())).or_default().push(person);
            }
        }
        for (row, set) in self.reading.apart.iter().enumerate() {
            let members: Vec<usize> =
                set.iter().copied().filter(|person| there.binary_search(person).is_ok()).collect();
            shared.insert(Subject::Apart(row), members);
        }
        let several = |(subject, members): &(Subject, Vec<usize>)| match subject {
            Subject::Apart(_) | Subject::Shared(Aspect::Organization, _) => members.len() >= 2,
            Subject::Shared(..) | Subject::Size => true,
        };
        let mut subjects = vec![(Subject::Size, there)];
        subjects.extend(shared.into_iter().filter(several));
        subjects
    }

    fn is_listed(&self, subject: &Subject) -> bool {
        match subject {
            Subject::Shared(Aspect::Sector, value) => {
                self.reading.instance.listed_sectors.contains(value)
            }
            _ => false,
        }
    }

    /// Points of groups that must lack a listed sector because it has fewer people than there are groups.
    fn unavoidable(&self, subject: &Subject, members: usize) -> i64 {
        match self.is_listed(subject) {
            true => self.weights.missing_sector * self.groups.saturating_sub(members) as i64,
            false => 0,
        }
    }

    fn cells_of(&self, subject: &Subject, round: usize, whole: i64) -> Vec<Cell> {
        let even = self.even(round);
        let cell = |group: usize| {
            let room = self.reading.room(round, group);
            let share = even.share(group, whole);
            let weights = &self.weights;
            let plain = Cell {
                low: share.0,
                high: share.1,
                weight: 0,
                floor: 0,
                floor_weight: 0,
                most: whole,
            };
            match subject {
                Subject::Size => Cell {
                    low: even.low[group],
                    high: even.high[group],
                    weight: weights.size,
                    floor: even.min[group],
                    floor_weight: weights.below_minimum,
                    most: self.reading.most[room] as i64,
                },
                Subject::Shared(Aspect::Sector, _) => Cell {
                    weight: weights.sector,
                    floor: i64::from(self.is_listed(subject)),
                    floor_weight: weights.missing_sector,
                    ..plain
                },
                Subject::Shared(Aspect::Subregion, _) => {
                    Cell { weight: weights.subregion, ..plain }
                }
                Subject::Shared(Aspect::Gender, _) => Cell { weight: weights.gender, ..plain },
                Subject::Shared(Aspect::Organization, _) => {
                    let groups = self.groups as i64;
                    let high = (whole + groups - 1) / groups.max(1);
                    Cell { low: 0, high, weight: weights.organization, ..plain }
                }
                Subject::Apart(_) => Cell { low: 0, high: 1, weight: weights.apart, ..plain },
            }
        };
        (0..self.groups).map(cell).collect()
    }

    fn even(&self, round: usize) -> Even {
        let at = self.reading.instance.rounds[round].id;
        let groups = &self.reading.instance.groups;
        let rooms =
            (0..self.groups).map(|group| self.reading.most[self.reading.room(round, group)]);
        let there = (0..self.reading.people())
            .filter(|&person| self.reading.presence(person, round).is_placeable());
        Even::new(
            groups.iter().map(|group| group.limits_in(at).0 as i64).collect(),
            rooms.map(|most| most as i64).collect(),
            there.count() as i64,
        )
    }
}
