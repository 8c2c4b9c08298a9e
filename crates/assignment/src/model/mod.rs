//! An instance as the objective sees it: seats to be filled, counters of who sits where, and the band in which each
//! counter costs nothing. Whole numbers only. It must never know how a plan is found.
//!
//! The bands are the idea of the objective: a group's share of every value is an interval, from its proportional share
//! rounded down to the same rounded up; only the distance to the interval costs. So what arithmetic makes unavoidable is free.

mod build;
mod even_sizes;
pub(crate) mod preprocessing;

use crate::instance::{Instance, Weights};
use crate::model::preprocessing::{Presence, Reading};
use crate::plan::Aspect;

/// No group.
pub(crate) const NOWHERE: u32 = u32::MAX;
/// No seat.
pub(crate) const NO_SEAT: u32 = u32::MAX;
/// The cost of a group that a seat cannot have: above any plan.
pub(crate) const BARRED: i64 = 1 << 52;

/// One round of one person, or of several who go together.
#[derive(Debug, Clone)]
pub(crate) struct Seat {
    pub(crate) round: usize,
    pub(crate) agent: u32,
    /// Rows of people.
    pub(crate) people: Vec<u32>,
    /// The groups it can have, ascending.
    pub(crate) groups: Vec<u32>,
    /// Whether it has to have its only group.
    pub(crate) fixed: bool,
    /// What it costs to have no group.
    pub(crate) nowhere: i64,
}

/// Seats that are decided together: the rounds of one person, or of all who share a seat somewhere.
#[derive(Debug, Clone, Default)]
pub(crate) struct Agent {
    pub(crate) seats: Vec<u32>,
}

/// What a counter counts, in one round.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    /// Everybody.
    Size,
    /// People with a value in common.
    Shared(Aspect, String),
    /// People who must be apart: the row of the set.
    Apart(usize),
}

/// Counts people in each group of one round.
#[derive(Debug, Clone)]
pub(crate) struct Counter {
    pub(crate) subject: Subject,
    pub(crate) round: usize,
    /// How many people it counts over all groups, if all have one.
    pub(crate) whole: i64,
    /// Whether it costs nothing whatever it counts, so that a search need not look at it.
    pub(crate) silent: bool,
}

impl Counter {
    pub(crate) fn is_size(&self) -> bool {
        self.subject == Subject::Size
    }

    /// Whether people who share it are much alike: organizations are too many, and sets apart too special.
    pub(crate) fn tells_kind(&self) -> bool {
        match &self.subject {
            Subject::Shared(aspect, _) => *aspect != Aspect::Organization,
            Subject::Size | Subject::Apart(_) => false,
        }
    }
}

/// What a count in one group costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cell {
    /// The band, which costs nothing.
    pub(crate) low: i64,
    pub(crate) high: i64,
    /// Points for each person outside the band.
    pub(crate) weight: i64,
    /// The fewest, …
    pub(crate) floor: i64,
    /// … and points for each that is missing to it.
    pub(crate) floor_weight: i64,
    /// The most there can be.
    pub(crate) most: i64,
}

impl Cell {
    pub(crate) fn distance(&self, count: i64) -> i64 {
        (self.low - count).max(count - self.high).max(0)
    }

    pub(crate) fn missing(&self, count: i64) -> i64 {
        (self.floor - count).max(0)
    }

    pub(crate) fn cost(&self, count: i64) -> i64 {
        self.weight * self.distance(count) + self.floor_weight * self.missing(count)
    }

    pub(crate) fn never_costs(&self) -> bool {
        (self.weight == 0 || (self.low <= 0 && self.high >= self.most))
            && (self.floor_weight == 0 || self.floor <= 0)
    }
}

/// The groups as a person would like them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ranking {
    /// The rank of each group, from 0; those that they did not rank come after the last.
    pub(crate) of_group: Vec<usize>,
    /// How many groups they ranked.
    pub(crate) given: usize,
}

/// How many people a seat adds to a counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Adds {
    pub(crate) counter: u32,
    pub(crate) people: u32,
}

/// The whole of it. The cells of a counter stand together, in the order of groups.
pub(crate) struct Model {
    pub(crate) reading: Reading,
    pub(crate) weights: Weights,
    /// Points of each further group over which people who must be together are spread: more than all else can come to.
    pub(crate) together: i64,
    pub(crate) groups: usize,
    pub(crate) rounds: usize,
    pub(crate) seats: Vec<Seat>,
    /// By person and round.
    pub(crate) seat_of: Vec<u32>,
    pub(crate) agents: Vec<Agent>,
    pub(crate) counters: Vec<Counter>,
    pub(crate) cells: Vec<Cell>,
    /// What was announced, by person and round; only where it is still possible.
    pub(crate) previous: Vec<u32>,
    /// What each person would like, if they said.
    pub(crate) rankings: Vec<Option<Ranking>>,
    /// How often each person is pinned to each group.
    pub(crate) pins: Vec<u16>,
    /// Points of what cannot be changed by any plan.
    pub(crate) constant: i64,
    /// By seat and group: preference and stability.
    pub(crate) costs: Vec<i64>,
    /// By seat, from where the second says; and by person and round.
    pub(crate) adds: Vec<Adds>,
    pub(crate) adds_from: Vec<u32>,
    pub(crate) own: Vec<u32>,
    pub(crate) own_from: Vec<u32>,
}

impl Model {
    pub(crate) fn new(instance: &Instance) -> Self {
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
    pub(crate) fn adds(&self, seat: usize) -> &[Adds] {
        &self.adds[self.adds_from[seat] as usize..self.adds_from[seat + 1] as usize]
    }

    /// The counters that count a person in a round; the first is that of sizes. None for who is absent.
    pub(crate) fn counters_of(&self, person: usize, round: usize) -> &[u32] {
        let at = person * self.rounds + round;
        &self.own[self.own_from[at] as usize..self.own_from[at + 1] as usize]
    }

    pub(crate) fn cell(&self, counter: usize, group: usize) -> usize {
        counter * self.groups + group
    }

    /// What a seat in a group costs, or without one; counters and repeats not included.
    pub(crate) fn cost(&self, seat: usize, group: u32) -> i64 {
        match group {
            NOWHERE => self.seats[seat].nowhere,
            group => self.costs[seat * self.groups + group as usize],
        }
    }

    /// Points of the preferences of a person for a group in a round.
    pub(crate) fn wish(&self, person: usize, round: usize, group: usize) -> i64 {
        if matches!(self.reading.presence(person, round), Presence::Pinned(_)) {
            return 0;
        }
        let ranking = self.rankings[person].as_ref();
        ranking.map_or(0, |ranking| self.weights.of_rank(ranking.of_group[group]))
    }

    /// Points of leaving what was announced.
    pub(crate) fn change(&self, person: usize, round: usize, group: u32) -> i64 {
        let previous = self.previous[person * self.rounds + round];
        if previous == NOWHERE || previous == group { 0 } else { self.weights.stability }
    }

    /// How often a person may be in a group.
    pub(crate) fn visits(&self, person: usize, group: usize) -> usize {
        usize::from(self.pins[person * self.groups + group]).max(1)
    }
}
