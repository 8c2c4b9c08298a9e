//! The optimization model: decision variables (the group of one person in one round) with their domains and costs, counters of who is
//! where, and for each count a penalty. Whole numbers only. It must never know how a plan is found.
//!
//! The penalties are those of goal programming with intervals: a group's share of every value has a band, from its proportional share
//! rounded down to the same rounded up, and only the deviation from the band costs. So what arithmetic makes unavoidable is free.
//! Every penalty is convex and piecewise linear in the count, and the relaxation rests on that.
//!
//! The structure is block-angular: a block of variables has costs of its own (preferences, repeats), and only the counts couple blocks.
//! "Cell" names the index of one count: one counter in one group.

mod build;
mod even_sizes;
pub(crate) mod preprocessing;

use crate::instance::{Instance, Weights};
use crate::model::preprocessing::{Eligibility, IndexedInstance};
use crate::plan::Aspect;

/// No group: the value of a variable that stays unassigned.
pub(crate) const UNASSIGNED: u32 = u32::MAX;
/// No variable: for people who are not placed in a round.
pub(crate) const NO_VARIABLE: u32 = u32::MAX;
/// The cost, in points, of a group outside a variable's domain: above any plan, and far enough from the end of 64 bits to be added up.
pub(crate) const FORBIDDEN_COST: i64 = 1 << 52;

/// A decision variable: which group one person has in one round, or several who go together.
#[derive(Debug, Clone)]
pub(crate) struct Variable {
    pub(crate) round: usize,
    /// The block it is in.
    pub(crate) block: u32,
    /// Indices of people.
    pub(crate) people: Vec<u32>,
    /// Its domain, ascending. It may also stay unassigned, if it is not fixed.
    pub(crate) groups: Vec<u32>,
    /// Whether it has to have its only group.
    pub(crate) fixed: bool,
    /// What it costs to stay unassigned, in points.
    pub(crate) unassigned_cost: i64,
}

/// Variables that more than counts ties to each other: the rounds of one person, or of all who share a variable somewhere. A pricing
/// problem of the relaxation, and what neighbourhoods set free.
#[derive(Debug, Clone, Default)]
pub(crate) struct Block {
    pub(crate) variables: Vec<u32>,
}

/// What a counter counts, in one round.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CounterKind {
    /// Everybody.
    Size,
    /// People with a value in common.
    Shared(Aspect, String),
    /// People who must be apart: the index of the set.
    Apart(usize),
}

/// Counts people in each group of one round: one cell for each group.
#[derive(Debug, Clone)]
pub(crate) struct Counter {
    pub(crate) kind: CounterKind,
    pub(crate) round: usize,
    /// How many people it counts over all groups, if all have one.
    pub(crate) whole: i64,
    /// Whether it costs nothing whatever it counts, so that a search need not look at it. It is still shown.
    pub(crate) never_costs: bool,
}

impl Counter {
    pub(crate) fn is_size(&self) -> bool {
        self.kind == CounterKind::Size
    }

    /// Whether it is a part of profiles, by which similar people are found: organizations are too many, and sets apart too special.
    pub(crate) fn is_in_profile(&self) -> bool {
        match &self.kind {
            CounterKind::Shared(aspect, _) => *aspect != Aspect::Organization,
            CounterKind::Size | CounterKind::Apart(_) => false,
        }
    }
}

/// What a count in one group costs: a convex piecewise linear function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Penalty {
    /// The band, from the lowest to the highest count, which costs nothing.
    pub(crate) low: i64,
    pub(crate) high: i64,
    /// Points for each person by which the count deviates from the band.
    pub(crate) weight: i64,
    /// The fewest there should be, …
    pub(crate) floor: i64,
    /// … and points for each person that is missing to it.
    pub(crate) floor_weight: i64,
    /// The most there can be: the capacity of a group, or all whom the counter counts.
    pub(crate) max_count: i64,
}

impl Penalty {
    pub(crate) fn deviation(&self, count: i64) -> i64 {
        (self.low - count).max(count - self.high).max(0)
    }

    pub(crate) fn shortfall(&self, count: i64) -> i64 {
        (self.floor - count).max(0)
    }

    pub(crate) fn cost(&self, count: i64) -> i64 {
        self.weight * self.deviation(count) + self.floor_weight * self.shortfall(count)
    }

    pub(crate) fn never_costs(&self) -> bool {
        (self.weight == 0 || (self.low <= 0 && self.high >= self.max_count))
            && (self.floor_weight == 0 || self.floor <= 0)
    }
}

/// The groups as a person would like them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ranking {
    /// The rank of each group, from 0; those that they did not rank come after the last.
    pub(crate) rank_of_group: Vec<usize>,
    /// How many groups they ranked.
    pub(crate) ranked: usize,
}

/// How many people a variable adds to a counter: a coefficient of the counting constraints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Contribution {
    pub(crate) counter: u32,
    pub(crate) people: u32,
}

/// The whole model. The cells of a counter stand together, in the order of groups.
pub(crate) struct Model {
    pub(crate) indexed: IndexedInstance,
    pub(crate) weights: Weights,
    /// Points of each further group over which people who must be together are spread: more than all else can come to.
    pub(crate) together_weight: i64,
    pub(crate) groups: usize,
    pub(crate) rounds: usize,
    pub(crate) variables: Vec<Variable>,
    /// By person and round; [`NO_VARIABLE`] if they are not placed.
    pub(crate) variable_of: Vec<u32>,
    pub(crate) blocks: Vec<Block>,
    pub(crate) counters: Vec<Counter>,
    /// By cell.
    pub(crate) penalties: Vec<Penalty>,
    /// What was announced, by person and round; only where it is still possible.
    pub(crate) previous: Vec<u32>,
    /// What each person would like, if they said.
    pub(crate) rankings: Vec<Option<Ranking>>,
    /// How often each person is pinned to each group.
    pub(crate) pins: Vec<u16>,
    /// The constant of the objective: points of what no plan can change.
    pub(crate) constant: i64,
    /// By variable and group, in points: preference and stability.
    pub(crate) costs: Vec<i64>,
    /// Contributions by variable, and counters by person and round; the second of each pair says where those of each begin.
    pub(crate) contributions: Vec<Contribution>,
    pub(crate) contributions_start: Vec<u32>,
    pub(crate) person_counters: Vec<u32>,
    pub(crate) person_counters_start: Vec<u32>,
}

impl Model {
    pub(crate) fn new(instance: &Instance) -> Self {
        let indexed = IndexedInstance::new(instance);
        let (groups, rounds, people) = (indexed.groups(), indexed.rounds(), indexed.people());
        let weights = indexed.instance.weights_in_force();
        let most_variables = (people * rounds) as i64;
        let hard = weights.repeat + weights.apart + weights.below_minimum + weights.unassigned;
        let mut model = Self {
            together_weight: (most_variables + 1).saturating_mul(2 * hard),
            weights,
            groups,
            rounds,
            variables: Vec::new(),
            variable_of: vec![NO_VARIABLE; people * rounds],
            blocks: Vec::new(),
            counters: Vec::new(),
            penalties: Vec::new(),
            previous: vec![UNASSIGNED; people * rounds],
            rankings: Vec::new(),
            pins: vec![0; people * groups],
            constant: 0,
            costs: Vec::new(),
            contributions: Vec::new(),
            contributions_start: Vec::new(),
            person_counters: Vec::new(),
            person_counters_start: Vec::new(),
            indexed,
        };
        model.read_people();
        model.build_blocks();
        model.build_counters();
        model.build_costs();
        model
    }

    /// What a variable adds to counters; the first is that of sizes.
    pub(crate) fn contributions(&self, variable: usize) -> &[Contribution] {
        &self.contributions[self.contributions_start[variable] as usize
            ..self.contributions_start[variable + 1] as usize]
    }

    /// The counters that count a person in a round; the first is that of sizes. None for who is absent.
    pub(crate) fn counters_of(&self, person: usize, round: usize) -> &[u32] {
        let at = person * self.rounds + round;
        &self.person_counters
            [self.person_counters_start[at] as usize..self.person_counters_start[at + 1] as usize]
    }

    /// The cell of a counter in a group.
    pub(crate) fn cell(&self, counter: usize, group: usize) -> usize {
        counter * self.groups + group
    }

    /// What a variable in a group costs, or without one, in points; counters and repeats not included.
    pub(crate) fn cost(&self, variable: usize, group: u32) -> i64 {
        match group {
            UNASSIGNED => self.variables[variable].unassigned_cost,
            group => self.costs[variable * self.groups + group as usize],
        }
    }

    /// Points of the preferences of a person for a group in a round.
    pub(crate) fn preference_cost(&self, person: usize, round: usize, group: usize) -> i64 {
        if matches!(self.indexed.eligibility(person, round), Eligibility::Pinned(_)) {
            return 0;
        }
        let ranking = self.rankings[person].as_ref();
        ranking.map_or(0, |ranking| self.weights.of_rank(ranking.rank_of_group[group]))
    }

    /// Points of leaving what was announced.
    pub(crate) fn stability_cost(&self, person: usize, round: usize, group: u32) -> i64 {
        let previous = self.previous[person * self.rounds + round];
        if previous == UNASSIGNED || previous == group { 0 } else { self.weights.stability }
    }

    /// How often a person may be in a group.
    pub(crate) fn allowed_visits(&self, person: usize, group: usize) -> usize {
        usize::from(self.pins[person * self.groups + group]).max(1)
    }
}
