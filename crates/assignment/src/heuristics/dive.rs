//! Diving: from a relaxation straight down to a plan, with no branching. Each step fixes a part of the variables, ascends, and fixes
//! more by reduced costs, until so little is open that branch and bound can exhaust it. Variables are fixed by regret, as in the
//! heuristic of Martello & Toth for the generalized assignment problem: those first whose second best option costs most more than the
//! best. A step that raises the bound too much, or above the cutoff, is taken back, and half as much fixed. It must never know the clock.

use crate::branch_and_bound::{BranchAndBound, Monitor, SearchStatus};
use crate::relaxation::subgradient::SubgradientSchedule;
use crate::relaxation::{Relaxation, SCALE};

// No derivation is written down for the numbers below; take them as tuned.

/// By how much a step may raise the bound, in fixed point (three points), …
const MAX_RISE: i64 = 3 * SCALE;
/// … and by how much more for each open variable (a four-hundredth of a point).
const MAX_RISE_PER_VARIABLE: i64 = SCALE / 400;
/// With so many variables in the whole model, where much is left to gain, each step of a dive ascends for fewer iterations, and with
/// longer steps.
const LARGE_MODEL: usize = 6_000;
/// Iterations of ascent at each step of a dive.
const ITERATIONS: u32 = 60;
const LARGE_ITERATIONS: u32 = 30;
/// The steps of the ascent, in points: short ones, for it begins where the step before left off.
const STEP_LENGTH: (f64, f64) = (0.1, 0.005);
const LARGE_STEP_LENGTH: (f64, f64) = (0.2, 0.005);
/// The smoothing of the ascent, in points.
const SMOOTHING: (f64, f64) = (0.1, 0.005);
/// With so many open variables …
const LARGE: usize = 3_000;
/// … a dive goes on fixing this percentage of them whatever that costs.
const LARGE_FEWEST_PERCENT: usize = 10;
/// Open options that end a dive: branch and bound does the rest.
const ENUMERABLE_OPTIONS: usize = 60;
/// A cell's multiplier says that the band will be left when it is within this part of the weight below the weight itself.
const PAID_TOLERANCE_DIVISOR: i64 = 8;

/// How a dive fixes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DiveSchedule {
    /// The percentage of the variables with a choice that a step fixes, …
    pub(crate) percent: usize,
    /// … and the percentage that is not halved any more.
    pub(crate) fewest_percent: usize,
    /// Nodes of branch and bound on what is left at last.
    pub(crate) nodes: u64,
}

/// A variable that may be fixed at its best option.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    /// What the second best option costs more, in fixed point.
    regret: i64,
    variable: usize,
    option: u32,
}

impl<'m> BranchAndBound<'m> {
    /// Dives from a relaxation, and gives branch and bound some nodes on what is left at last. A better plan becomes the incumbent.
    pub(crate) fn dive(
        &mut self,
        relaxation: &Relaxation<'m>,
        schedule: DiveSchedule,
        monitor: Monitor<'_>,
    ) {
        let DiveSchedule { mut percent, fewest_percent, nodes } = schedule;
        let fewest = if relaxation.variables() < LARGE {
            fewest_percent
        } else {
            fewest_percent.max(LARGE_FEWEST_PERCENT)
        };
        let (iterations, step_length) =
            if relaxation.restriction.model.variables.len() < LARGE_MODEL {
                (ITERATIONS, STEP_LENGTH)
            } else {
                (LARGE_ITERATIONS, LARGE_STEP_LENGTH)
            };
        let ascent = SubgradientSchedule { iterations, step_length, smoothing: SMOOTHING };
        let mut relaxation = relaxation.clone();
        relaxation.work = 0;
        let status = self.status(0);
        let (mut possible, mut before) = (true, None::<(Relaxation<'m>, i64)>);
        while possible && relaxation.restriction.complete_assignment().is_none() {
            let reached = relaxation.ascend(ascent, self.cutoff(), |relaxation, _| {
                self.stopped |=
                    monitor(&SearchStatus { work: status.work + relaxation.work, ..status });
                self.stopped
            });
            if self.stopped {
                break;
            }
            // Backtracks from a step that costs much, and takes half of it.
            if let Some((earlier, bound)) = &before
                && reached > self.highest_after_step(*bound, earlier.variables())
                && percent > fewest
            {
                let work = relaxation.work;
                relaxation = earlier.clone();
                relaxation.work = work;
                percent /= 2;
                possible = relaxation.fix_some(percent);
                continue;
            }
            if self.is_fathomed(reached) {
                possible = false;
                break;
            }
            before = Some((relaxation.clone(), reached));
            possible = relaxation.fix_by_reduced_cost(self.cutoff() - reached);
            if !possible || relaxation.open_options() <= ENUMERABLE_OPTIONS {
                break;
            }
            possible = relaxation.fix_some(percent);
        }
        self.work += relaxation.work;
        if possible && !self.stopped {
            self.solve_restriction(relaxation, nodes, monitor);
        }
    }

    /// To where a step may raise a bound, in fixed point, with so many open variables.
    fn highest_after_step(&self, bound: i64, variables: usize) -> i64 {
        (bound + MAX_RISE + MAX_RISE_PER_VARIABLE * variables as i64).min(self.cutoff())
    }
}

impl Relaxation<'_> {
    /// Fixes a part of the variables at their best options, those of most regret first, as far as bands take them; half of them, and
    /// so on, if that is infeasible. False if nothing is feasible.
    fn fix_some(&mut self, percent: usize) -> bool {
        let candidates = self.by_regret();
        let most = (candidates.len() * percent / 100).max(1);
        let mut batch = self.within_bands(&candidates, most);
        if batch.is_empty() {
            batch.extend(candidates.first());
        }
        loop {
            let mut tried = self.clone();
            for one in &batch {
                if tried.domain(one.variable).contains(&one.option) {
                    tried.restrict_domain(one.variable, |option| option == one.option);
                }
            }
            if tried.propagate() {
                *self = tried;
                return true;
            }
            match batch.as_slice() {
                [] => return false,
                [one] => {
                    self.restrict_domain(one.variable, |option| option != one.option);
                    return self.propagate();
                }
                _ => batch.truncate(batch.len() / 2),
            }
        }
    }

    /// The variables with a choice, those of most regret first.
    fn by_regret(&mut self) -> Vec<Candidate> {
        let (restriction, mut workspace) =
            (self.restriction.clone(), std::mem::take(&mut self.workspace));
        let mut candidates = Vec::new();
        for &block in &restriction.blocks {
            self.find_min_marginals(&restriction, block, &mut workspace);
            for (at, variable) in
                block.range().enumerate().filter(|(_, variable)| self.domain_size(*variable) > 1)
            {
                let own = &workspace.min_marginals[workspace.from[at]..workspace.from[at + 1]];
                let (mut best, mut second) = ((i64::MAX, 0), i64::MAX);
                for (&cost, &option) in own.iter().zip(self.domain(variable)) {
                    if cost < best.0 {
                        (best, second) = ((cost, option), best.0);
                    } else {
                        second = second.min(cost);
                    }
                }
                let regret = second.saturating_sub(best.0);
                candidates.push(Candidate { regret, variable, option: best.1 });
            }
        }
        self.workspace = workspace;
        candidates.sort_unstable_by_key(|one| (-one.regret, one.variable));
        candidates
    }

    /// Some of the candidates, in their order, so that no cell leaves its band by them, unless its multiplier already says that it
    /// will.
    fn within_bands(&self, candidates: &[Candidate], most: usize) -> Vec<Candidate> {
        let restriction = &self.restriction;
        let mut count_bounds = restriction.count_bounds(&|variable| self.domain(variable));
        let is_paid = |cell: u32, sign: i64| {
            let weight = restriction.cells[cell as usize].penalty.weight * SCALE;
            self.multipliers[cell as usize] * sign >= weight - weight / PAID_TOLERANCE_DIVISOR
        };
        let mut batch = Vec::new();
        for &one in candidates {
            if batch.len() >= most {
                break;
            }
            let Candidate { variable, option: best, .. } = one;
            let fits = |cell: &u32| {
                count_bounds[*cell as usize].0 < restriction.cells[*cell as usize].penalty.high
                    || is_paid(*cell, 1)
            };
            let is_left = |cell: &u32| {
                count_bounds[*cell as usize].1 > restriction.cells[*cell as usize].penalty.low
                    || is_paid(*cell, -1)
            };
            let others = || self.domain(variable).iter().filter(|option| **option != best);
            let left = || others().flat_map(|&option| restriction.entries(option as usize));
            if !restriction.entries(best as usize).iter().all(fits) || !left().all(is_left) {
                continue;
            }
            restriction
                .entries(best as usize)
                .iter()
                .for_each(|&cell| count_bounds[cell as usize].0 += 1);
            left().for_each(|&cell| count_bounds[cell as usize].1 -= 1);
            batch.push(one);
        }
        batch
    }
}
