//! Simulated annealing (Kirkpatrick, Gelatt & Vecchi 1983) over ejection chains (Glover 1996). A chain begins with a shift of one
//! variable to another group, or a swap of two rounds; then the cheapest of some in that group is ejected and moves on, over a few
//! steps. The best prefix of the chain is kept if the Metropolis rule accepts it: if the value rises by no more than the temperature
//! times -ln(u), for u drawn evenly from 0 to 1. Deterministic, and counted in steps. It must never know a bound it did not get.

use crate::model::{FORBIDDEN_COST, Model, UNASSIGNED};
use crate::rng::Rng;
use crate::search_state::SearchState;

// Where no other reason stands at a number below, no derivation is written down; take it as tuned.

/// One point in the fixed-point numbers of temperatures.
pub(crate) const POINT: i64 = 1024;
/// Moves of a chain, at most; a swap of rounds counts as the first.
const MAX_CHAIN_LENGTH: usize = 6;
/// Variables of the same profile that are priced for ejection, at most; and half as many of any profile.
const EJECTION_CANDIDATES: usize = 8;
/// The stride in which those of any profile are taken: a prime, so that it shares no factor with the size of a group, but for multiples
/// of it.
const STRIDE: usize = 7919;
/// Points by which the value of a chain may be above its start and the threshold before the chain is given up.
const MAX_RISE: i64 = 40;
/// One in so many chains begins with a swap of two rounds, where there are several.
const ONE_IN_SWAPS: u64 = 8;
/// Temperatures in a run: each is kept for an equal part of the chains.
const TEMPERATURE_STAGES: u64 = 400;
/// Chains after which to ask whether to stop, where a stage is long.
const CHAINS_BETWEEN_CHECKS: u64 = 1_000;
/// Low bits of a random number that draw from the table of thresholds; the bits above draw the kind of the first move.
const THRESHOLD_BITS: u32 = 12;
/// Entries of the table of thresholds.
const THRESHOLDS: usize = 1 << THRESHOLD_BITS;
/// Odd powers below this one are enough for the series of a logarithm: the last is below what a double tells, for the argument is at
/// most 1/3.
const ODD_POWERS_BELOW: i32 = 60;

/// How the temperature falls: the mean number of points by which a chain may be worse, in fixed point ([`POINT`]).
#[derive(Debug, Clone, Copy)]
pub(crate) struct CoolingSchedule {
    pub(crate) from: i64,
    pub(crate) to: i64,
}

/// A local search, with the best plan it has found.
pub(crate) struct EjectionChains<'m> {
    /// The present plan.
    pub(crate) state: SearchState<'m>,
    /// The group of every variable in the best plan that keeps all capacities.
    pub(crate) incumbent: Vec<u32>,
    /// What the incumbent costs, in points.
    pub(crate) incumbent_value: i64,
    /// Steps done: moves priced.
    pub(crate) work: u64,
    /// The groups that each variable may try.
    pub(crate) candidates: Vec<Vec<u32>>,
    /// The variables that may try any.
    movable: Vec<u32>,
    rng: Rng,
    /// -ln(u) for evenly spaced u, in fixed point.
    metropolis_thresholds: Vec<i64>,
    /// The moves of the present chain: each variable with the group it left.
    trail: Vec<(u32, u32)>,
}

impl<'m> EjectionChains<'m> {
    pub(crate) fn new(state: SearchState<'m>, rng: Rng) -> Self {
        let model = state.model;
        let candidates: Vec<Vec<u32>> =
            model.variables.iter().map(|variable| variable.groups.clone()).collect();
        let mut chains = Self {
            incumbent: state.groups.clone(),
            incumbent_value: state.value(),
            state,
            work: 0,
            candidates,
            movable: Vec::new(),
            rng,
            metropolis_thresholds: metropolis_thresholds(),
            trail: Vec::new(),
        };
        chains.find_movable();
        chains
    }

    /// Lets each variable try these groups only.
    pub(crate) fn restrict_candidates(&mut self, candidates: Vec<Vec<u32>>) {
        self.candidates = candidates;
        self.find_movable();
    }

    fn find_movable(&mut self) {
        let variables = &self.state.model.variables;
        let is_free = |variable: &usize| {
            !variables[*variable].fixed && !self.candidates[*variable].is_empty()
        };
        self.movable =
            (0..variables.len()).filter(is_free).map(|variable| variable as u32).collect();
    }

    /// Greedy construction: places everybody who has no group where that costs least among the groups with room; larger together sets
    /// first, then those with the fewest choices.
    pub(crate) fn construct(&mut self) {
        let model = self.state.model;
        let mut unassigned: Vec<usize> = (0..model.variables.len())
            .filter(|&variable| self.state.groups[variable] == UNASSIGNED)
            .collect();
        unassigned.sort_by_key(|&variable| {
            let of = &model.variables[variable];
            (std::cmp::Reverse(of.people.len()), of.groups.len())
        });
        for variable in unassigned {
            let options = model.variables[variable].groups.iter().copied();
            let open = options.filter(|&group| self.state.has_capacity(variable, group));
            let cheapest = open.min_by_key(|&group| self.state.move_delta(variable, group));
            self.work += model.variables[variable].groups.len() as u64;
            if let Some(group) = cheapest {
                self.state.assign(variable, group);
            }
        }
        self.update_incumbent();
    }

    fn update_incumbent(&mut self) {
        if self.state.is_within_capacity() && self.state.value() < self.incumbent_value {
            self.incumbent_value = self.state.value();
            self.incumbent.copy_from_slice(&self.state.groups);
        }
    }

    /// Goes back to the incumbent.
    pub(crate) fn restore_incumbent(&mut self) {
        for variable in 0..self.incumbent.len() {
            self.state.assign(variable, self.incumbent[variable]);
        }
    }

    /// Goes on from a plan, which becomes the incumbent.
    pub(crate) fn restart_from(&mut self, groups: &[u32]) {
        self.incumbent.copy_from_slice(groups);
        self.restore_incumbent();
        self.incumbent_value = self.state.value();
    }

    /// Tries so many chains, cooling. Ends early when `stop` says so or the value reaches `bound`, in points.
    pub(crate) fn run(
        &mut self,
        chains: u64,
        cooling: CoolingSchedule,
        bound: i64,
        mut stop: impl FnMut(&Self) -> bool,
    ) {
        if self.movable.is_empty() {
            return;
        }
        let each = (chains / TEMPERATURE_STAGES).max(1);
        for stage in 0..TEMPERATURE_STAGES {
            let temperature = temperature(cooling, stage);
            for at in 0..each {
                self.try_chain(temperature);
                // With many variables a stage is long.
                if at % CHAINS_BETWEEN_CHECKS == CHAINS_BETWEEN_CHECKS - 1 && stop(self) {
                    return;
                }
            }
            if self.incumbent_value <= bound || stop(self) {
                break;
            }
        }
    }

    /// Makes a chain of moves, and takes back all after the best prefix, or the whole if that is not accepted.
    fn try_chain(&mut self, temperature: i64) {
        let drawn = self.rng.next();
        let threshold = (temperature * self.metropolis_thresholds[drawn as usize % THRESHOLDS])
            / (POINT * POINT);
        let before = self.state.value();
        self.trail.clear();
        if !self.first_move(drawn) {
            return;
        }
        let mut best = (i64::MAX, 0);
        self.note_prefix(before, &mut best);
        for _ in 1..MAX_CHAIN_LENGTH {
            if !self.eject_next() {
                break;
            }
            self.note_prefix(before, &mut best);
            if self.state.value() - before > MAX_RISE + threshold {
                break;
            }
        }
        let kept = if best.0 <= threshold { best.1 } else { 0 };
        while self.trail.len() > kept {
            if let Some((variable, group)) = self.trail.pop() {
                self.state.assign(variable as usize, group);
            }
        }
        self.update_incumbent();
    }

    /// Remembers the chain as far as it is, if it is the best prefix so far that keeps all capacities.
    fn note_prefix(&self, before: i64, best: &mut (i64, usize)) {
        let change = self.state.value() - before;
        if self.state.is_within_capacity() && change < best.0 {
            *best = (change, self.trail.len());
        }
    }

    /// The first move: a shift of a variable to another group, or a swap of two rounds of its block. False if it cannot be made.
    fn first_move(&mut self, drawn: u64) -> bool {
        let variable = self.movable[self.rng.below(self.movable.len())] as usize;
        if (drawn >> THRESHOLD_BITS).is_multiple_of(ONE_IN_SWAPS) && self.state.model.rounds > 1 {
            return self.swap_rounds(variable);
        }
        let options = &self.candidates[variable];
        let group = options[self.rng.below(options.len())];
        self.work += 1;
        if group == self.state.groups[variable]
            || !self.has_capacity_after_ejection(variable, group)
        {
            return false;
        }
        self.apply_move(variable, group);
        true
    }

    /// Two variables of a block, in different rounds, take each other's groups.
    fn swap_rounds(&mut self, variable: usize) -> bool {
        let model: &Model = self.state.model;
        let variables = &model.blocks[model.variables[variable].block as usize].variables;
        let other = variables[self.rng.below(variables.len())] as usize;
        let (here, there) = (self.state.groups[variable], self.state.groups[other]);
        let can = here != there
            && model.variables[other].round != model.variables[variable].round
            && !model.variables[other].fixed
            && here != UNASSIGNED
            && there != UNASSIGNED
            && model.cost(variable, there) < FORBIDDEN_COST
            && model.cost(other, here) < FORBIDDEN_COST
            && self.state.has_capacity(variable, there)
            && self.state.has_capacity(other, here);
        self.work += 1;
        if can {
            self.apply_move(variable, there);
            self.apply_move(other, here);
        }
        can
    }

    fn apply_move(&mut self, variable: usize, group: u32) {
        self.trail.push((variable as u32, self.state.groups[variable]));
        self.state.assign(variable, group);
    }

    /// Whether a group is not above its capacity yet, so that it can take a variable if another is ejected from it afterwards.
    fn has_capacity_after_ejection(&self, variable: usize, group: u32) -> bool {
        self.state.spare_capacity(self.state.model.variables[variable].round, group) >= 0
    }

    /// Ejects one from the group that the last move went to: the cheapest move onward among some of those there.
    fn eject_next(&mut self) -> bool {
        let Some(&(last, _)) = self.trail.last() else { return false };
        let last = last as usize;
        let group = self.state.groups[last];
        if group == UNASSIGNED {
            return false;
        }
        let mut best: Option<(i64, usize, u32)> = None;
        let alike = self.state.similar_in(last, group);
        let everybody = self.state.variables_in(self.state.model.variables[last].round, group);
        let (first, second) = (self.rng.below(alike.len()), self.rng.below(everybody.len()));
        let similar = (0..EJECTION_CANDIDATES.min(alike.len()))
            .map(|ahead| alike[(first + ahead) % alike.len()]);
        let any = (0..(EJECTION_CANDIDATES / 2).min(everybody.len()))
            .map(|ahead| everybody[(second + ahead * STRIDE) % everybody.len()]);
        let mut priced = 0;
        for variable in similar.chain(any) {
            let variable = variable as usize;
            if variable == last
                || self.state.model.variables[variable].fixed
                || self.trail.iter().any(|&(gone, _)| gone as usize == variable)
            {
                continue;
            }
            let base = self.state.leave_delta(variable) - self.state.model.cost(variable, group);
            for &onward in &self.candidates[variable] {
                if onward == group || !self.has_capacity_after_ejection(variable, onward) {
                    continue;
                }
                priced += 1;
                let change = base
                    + self.state.model.cost(variable, onward)
                    + self.state.enter_delta(variable, onward);
                if best.is_none_or(|(least, ..)| change < least) {
                    best = Some((change, variable, onward));
                }
            }
        }
        self.work += priced;
        let Some((_, variable, onward)) = best else { return false };
        self.apply_move(variable, onward);
        true
    }
}

/// The temperature of a stage: it falls by nearly the same factor from stage to stage, in whole numbers, the same on every machine.
fn temperature(cooling: CoolingSchedule, stage: u64) -> i64 {
    // A straight line through the middle of the geometric fall, in two pieces, is close enough.
    let (from, to, stages) = (cooling.from, cooling.to, TEMPERATURE_STAGES as i64);
    let middle = integer_root(from * to);
    let (stage, half) = (stage as i64, stages / 2);
    if stage < half {
        from + (middle - from) * stage / half
    } else {
        middle + (to - middle) * (stage - half) / half
    }
}

/// The square root, by Newton's method, rounded down.
fn integer_root(square: i64) -> i64 {
    let mut root = square.max(1);
    loop {
        let next = i64::midpoint(root, square / root.max(1));
        if next >= root {
            return root;
        }
        root = next;
    }
}

/// -ln((n + ½) / 4096) in fixed point, by the series of the inverse hyperbolic tangent: plain additions,
/// multiplications and divisions, which give the same on every machine.
fn metropolis_thresholds() -> Vec<i64> {
    let logarithm = |number: i32| {
        let (mut of, mut halvings) = ((f64::from(number) + 0.5) / THRESHOLDS as f64, 0.0);
        while of < 0.5 {
            of *= 2.0;
            halvings += 1.0;
        }
        let ratio = (of - 1.0) / (of + 1.0);
        let (square, mut power, mut sum) = (ratio * ratio, ratio, 0.0);
        for odd in (1..ODD_POWERS_BELOW).step_by(2) {
            sum += power / f64::from(odd);
            power *= square;
        }
        halvings * std::f64::consts::LN_2 - 2.0 * sum
    };
    (0..THRESHOLDS as i32).map(|number| (logarithm(number) * POINT as f64) as i64).collect()
}
