//! An instance as the objective sees it: seats to be filled, counters of who sits where, and the band in which each
//! counter costs nothing. Whole numbers only. It must never know how a plan is found.
//!
//! The bands are the idea of the objective: a group's share of every value is an interval, from its proportional share
//! rounded down to the same rounded up; only the distance to the interval costs. So what arithmetic makes unavoidable is free.

use std::collections::BTreeMap;

use super::instance::{Instance, Weights};
use super::plan::Aspect;
use super::reading::{Presence, Reading};

/// No group.
pub(super) const NOWHERE: u32 = u32::MAX;
/// No seat.
pub(super) const NO_SEAT: u32 = u32::MAX;
/// The cost of a group that a seat cannot have: above any plan.
pub(super) const BARRED: i64 = 1 << 52;

/// One round of one person, or of several who go together.
#[derive(Debug, Clone)]
pub(super) struct Seat {
    pub(super) round: usize,
    pub(super) agent: u32,
    /// Rows of people.
    pub(super) people: Vec<u32>,
    /// The groups it can have, ascending.
    pub(super) groups: Vec<u32>,
    /// Whether it has to have its only group.
    pub(super) fixed: bool,
    /// What it costs to have no group.
    pub(super) nowhere: i64,
}

/// Seats that are decided together: the rounds of one person, or of all who share a seat somewhere.
#[derive(Debug, Clone, Default)]
pub(super) struct Agent {
    pub(super) seats: Vec<u32>,
}

/// What a counter counts, in one round.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    /// Everybody.
    Size,
    /// People with a value in common.
    Shared(Aspect, String),
    /// People who must be apart: the row of the set.
    Apart(usize),
}

/// Counts people in each group of one round.
#[derive(Debug, Clone)]
pub(super) struct Counter {
    pub(super) subject: Subject,
    pub(super) round: usize,
    /// How many people it counts over all groups, if all have one.
    pub(super) whole: i64,
    /// Whether it costs nothing whatever it counts, so that a search need not look at it.
    pub(super) silent: bool,
}

impl Counter {
    pub(super) fn is_size(&self) -> bool {
        self.subject == Subject::Size
    }

    /// Whether people who share it are much alike: organizations are too many, and sets apart too special.
    pub(super) fn tells_kind(&self) -> bool {
        match &self.subject {
            Subject::Shared(aspect, _) => *aspect != Aspect::Organization,
            Subject::Size | Subject::Apart(_) => false,
        }
    }
}

/// What a count in one group costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    /// The band, which costs nothing.
    pub(super) low: i64,
    pub(super) high: i64,
    /// Points for each person outside the band.
    pub(super) weight: i64,
    /// The fewest, …
    pub(super) floor: i64,
    /// … and points for each that is missing to it.
    pub(super) floor_weight: i64,
    /// The most there can be.
    pub(super) most: i64,
}

impl Cell {
    pub(super) fn distance(&self, count: i64) -> i64 {
        (self.low - count).max(count - self.high).max(0)
    }

    pub(super) fn missing(&self, count: i64) -> i64 {
        (self.floor - count).max(0)
    }

    pub(super) fn cost(&self, count: i64) -> i64 {
        self.weight * self.distance(count) + self.floor_weight * self.missing(count)
    }

    fn never_costs(&self) -> bool {
        (self.weight == 0 || (self.low <= 0 && self.high >= self.most))
            && (self.floor_weight == 0 || self.floor <= 0)
    }
}

/// The groups as a person would like them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ranking {
    /// The rank of each group, from 0; those that they did not rank come after the last.
    pub(super) of_group: Vec<usize>,
    /// How many groups they ranked.
    pub(super) given: usize,
}

/// How many people a seat adds to a counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Adds {
    pub(super) counter: u32,
    pub(super) people: u32,
}

/// The whole of it. The cells of a counter stand together, in the order of groups.
pub(super) struct Model {
    pub(super) reading: Reading,
    pub(super) weights: Weights,
    /// Points of each further group over which people who must be together are spread: more than all else can come to.
    pub(super) together: i64,
    pub(super) groups: usize,
    pub(super) rounds: usize,
    pub(super) seats: Vec<Seat>,
    /// By person and round.
    pub(super) seat_of: Vec<u32>,
    pub(super) agents: Vec<Agent>,
    pub(super) counters: Vec<Counter>,
    pub(super) cells: Vec<Cell>,
    /// What was announced, by person and round; only where it is still possible.
    pub(super) previous: Vec<u32>,
    /// What each person would like, if they said.
    pub(super) rankings: Vec<Option<Ranking>>,
    /// How often each person is pinned to each group.
    pub(super) pins: Vec<u16>,
    /// Points of what cannot be changed by any plan.
    pub(super) constant: i64,
    /// By seat and group: preference and stability.
    pub(super) costs: Vec<i64>,
    adds: Vec<Adds>,
    adds_from: Vec<u32>,
    own: Vec<u32>,
    own_from: Vec<u32>,
}

impl Model {
    pub(super) fn new(instance: &Instance) -> Self {
        let reading = Reading::new(instance);
        let (groups, rounds, people) = (reading.groups(), reading.rounds(), reading.people());
        let weights = reading.instance.weights_in_force();
        let seats = (people * rounds) as i64;
        let hard = weights.repeat + weights.apart + weights.below_minimum + weights.unassigned;
        let mut model = Self {
            together: (seats + 1).saturating_mul(2 * hard),
            weights,
            groups,
            rounds,
            seats: Vec::new(),
            seat_of: vec![NO_SEAT; people * rounds],
            agents: Vec::new(),
            counters: Vec::new(),
            cells: Vec::new(),
            previous: vec![NOWHERE; people * rounds],
            rankings: Vec::new(),
            pins: vec![0; people * groups],
            constant: 0,
            costs: Vec::new(),
            adds: Vec::new(),
            adds_from: Vec::new(),
            own: Vec::new(),
            own_from: Vec::new(),
            reading,
        };
        model.read_people();
        model.make_agents();
        model.make_counters();
        model.price_seats();
        model
    }

    /// What a seat adds to counters; the first is that of sizes.
    pub(super) fn adds(&self, seat: usize) -> &[Adds] {
        &self.adds[self.adds_from[seat] as usize..self.adds_from[seat + 1] as usize]
    }

    /// The counters that count a person in a round; the first is that of sizes. None for who is absent.
    pub(super) fn counters_of(&self, person: usize, round: usize) -> &[u32] {
        let at = person * self.rounds + round;
        &self.own[self.own_from[at] as usize..self.own_from[at + 1] as usize]
    }

    pub(super) fn cell(&self, counter: usize, group: usize) -> usize {
        counter * self.groups + group
    }

    /// What a seat in a group costs, or without one; counters and repeats not included.
    pub(super) fn cost(&self, seat: usize, group: u32) -> i64 {
        match group {
            NOWHERE => self.seats[seat].nowhere,
            group => self.costs[seat * self.groups + group as usize],
        }
    }

    /// Points of the preferences of a person for a group in a round.
    pub(super) fn wish(&self, person: usize, round: usize, group: usize) -> i64 {
        if matches!(self.reading.presence(person, round), Presence::Pinned(_)) {
            return 0;
        }
        let ranking = self.rankings[person].as_ref();
        ranking.map_or(0, |ranking| self.weights.of_rank(ranking.of_group[group]))
    }

    /// Points of leaving what was announced.
    pub(super) fn change(&self, person: usize, round: usize, group: u32) -> i64 {
        let previous = self.previous[person * self.rounds + round];
        if previous == NOWHERE || previous == group { 0 } else { self.weights.stability }
    }

    /// How often a person may be in a group.
    pub(super) fn visits(&self, person: usize, group: usize) -> usize {
        usize::from(self.pins[person * self.groups + group]).max(1)
    }

    fn read_people(&mut self) {
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

    fn make_agents(&mut self) {
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

    fn price_seats(&mut self) {
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

    fn make_counters(&mut self) {
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

/// Sizes of groups as even as their limits allow.
struct Even {
    min: Vec<i64>,
    low: Vec<i64>,
    high: Vec<i64>,
    /// Everybody who gets a group.
    all: i64,
}

impl Even {
    fn new(min: Vec<i64>, max: Vec<i64>, people: i64) -> Self {
        let all = people.max(min.iter().sum()).min(max.iter().sum());
        let at = |level: i64| -> Vec<i64> {
            min.iter().zip(&max).map(|(min, max)| level.max(*min).min(*max)).collect()
        };
        let (mut below, mut level) = (-1, max.iter().copied().max().unwrap_or(0));
        while below + 1 < level {
            let middle = (below + level) / 2;
            match at(middle).iter().sum::<i64>() >= all {
                true => level = middle,
                false => below = middle,
            }
        }
        let high = at(level);
        let low = if high.iter().sum::<i64>() == all { high.clone() } else { at(level - 1) };
        Self { min, low, high, all }
    }

    /// The band of a group for a value that `whole` people have: their share of its exact even size, rounded both ways.
    fn share(&self, group: usize, whole: i64) -> (i64, i64) {
        let (low, high) = (self.low[group], self.high[group]);
        let least: i64 = self.low.iter().sum();
        let spread = self.high.iter().sum::<i64>() - least;
        let (numerator, denominator) = match spread {
            0 => (high, self.all.max(1)),
            _ => (low * spread + (self.all - least) * (high - low), spread * self.all.max(1)),
        };
        let exact = i128::from(whole) * i128::from(numerator);
        let denominator = i128::from(denominator);
        ((exact / denominator) as i64, ((exact + denominator - 1) / denominator) as i64)
    }
}
