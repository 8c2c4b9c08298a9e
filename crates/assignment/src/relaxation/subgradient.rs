//! Subgradient ascent on the Lagrangian dual (Held, Wolfe & Crowder 1974, "Validation of subgradient optimization"). The subgradient of
//! a cell's multiplier is how many people the blocks put into the cell less how many the cell would best count. It is smoothed by the
//! softmin of pricing, averaged over iterations by momentum, and each multiplier's step is divided by the root of its mean square, as
//! Adam does it (Kingma and others 2015). The best multipliers are kept; their bound is exact. It must never know what a plan is.

use super::{INFEASIBLE, Relaxation, SCALE};
use crate::model::Counter;

/// How long to ascend, and with which steps. Step length and smoothing fall by the same factor from iteration to iteration.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SubgradientSchedule {
    /// Iterations, at most.
    pub(crate) iterations: u32,
    /// The first and the last step length, in points.
    pub(crate) step_length: (f64, f64),
    /// The first and the last smoothing, in points: the temperature of the softmin.
    pub(crate) smoothing: (f64, f64),
}

// No derivation is written down for the numbers below; take them as tuned.

/// Of the direction, what one iteration keeps of those before.
const MOMENTUM: f64 = 0.85;
/// Of the mean square of a subgradient, what one iteration keeps of those before.
const SECOND_MOMENT_DECAY: f64 = 0.95;
/// Of the mean activity, what comes from the last iteration.
const MEAN_SHARE: f64 = 0.05;
/// People by which the root of the mean square is raised before it divides, so that a cell that is hardly ever off makes no leap.
const DIVISION_GUARD: f64 = 0.05;
/// Slopes of a cell that differ from its multiplier by less than this part of the step length count as equal to it.
const TIE_STEP_DIVISOR: i64 = 4;
/// Points per person by which no multiplier exceeds the largest weight of a rule: above any soft weight, so it decides everything.
const MAX_SOFT_MULTIPLIER: i64 = 1_000_000;
/// Halvings by which a root is found: 2^-50 is about what a double tells from 1.
const ROOT_HALVINGS: u32 = 50;

/// The multipliers of an ascent before they are rounded, and what decides the next step of each.
struct AdaptiveSteps {
    exact: Vec<f64>,
    subgradients: Vec<f64>,
    directions: Vec<f64>,
    second_moments: Vec<f64>,
    /// What is left of the second moments' beginning, which was zero.
    decay: f64,
}

impl AdaptiveSteps {
    fn new(multipliers: &[i64]) -> Self {
        let zeros = vec![0.0; multipliers.len()];
        Self {
            exact: multipliers.iter().map(|&multiplier| multiplier as f64).collect(),
            subgradients: zeros.clone(),
            directions: zeros.clone(),
            second_moments: zeros,
            decay: 1.0,
        }
    }

    /// One step of so much at most, in fixed point, within the limits of each multiplier. Plain loops over numbers only, so that several
    /// are computed at once.
    fn take(&mut self, step_length: f64, limits: &[(f64, f64)]) {
        self.decay *= SECOND_MOMENT_DECAY;
        let bias_correction = 1.0 / (1.0 - self.decay);
        for ((direction, second_moment), &subgradient) in
            self.directions.iter_mut().zip(&mut self.second_moments).zip(&self.subgradients)
        {
            *direction = MOMENTUM * *direction + (1.0 - MOMENTUM) * subgradient;
            *second_moment = SECOND_MOMENT_DECAY * *second_moment
                + (1.0 - SECOND_MOMENT_DECAY) * subgradient * subgradient;
        }
        let moments = self.directions.iter().zip(&self.second_moments);
        for ((exact, (direction, second_moment)), &(least, most)) in
            self.exact.iter_mut().zip(moments).zip(limits)
        {
            let mean_square = second_moment * bias_correction;
            let length = step_length / (mean_square.sqrt() + DIVISION_GUARD);
            *exact = (*exact + length * direction).max(least).min(most);
        }
    }
}

impl Relaxation<'_> {
    /// Ascends, and stays at the best multipliers found. Returns their bound, in fixed point. Ends early when the bound is above the
    /// cutoff or `stop`, which is told the best bound, says so.
    pub(crate) fn ascend(
        &mut self,
        schedule: SubgradientSchedule,
        cutoff: i64,
        mut stop: impl FnMut(&Self, i64) -> bool,
    ) -> i64 {
        let cells = self.multipliers.len();
        let (mut best, mut best_multipliers) = (i64::MIN, self.multipliers.clone());
        let mut steps = AdaptiveSteps::new(&self.multipliers);
        let limits: Vec<(f64, f64)> = (0..cells).map(|cell| self.multiplier_range(cell)).collect();
        let (mut step_length, mut smoothing) = (schedule.step_length.0, schedule.smoothing.0);
        let factor = |(from, to): (f64, f64)| root(to / from, schedule.iterations.max(1));
        let (step_factor, smoothing_factor) =
            (factor(schedule.step_length), factor(schedule.smoothing));
        for _ in 0..schedule.iterations {
            let bound = self.evaluate_dual(smoothing, false);
            if bound > best {
                best = bound;
                best_multipliers.copy_from_slice(&self.multipliers);
            }
            if best > cutoff || best >= INFEASIBLE || stop(self, best) {
                break;
            }
            for (mean, activity) in self.mean_activity.iter_mut().zip(&self.activity) {
                *mean += MEAN_SHARE * (activity - *mean);
            }
            for (cell, subgradient) in steps.subgradients.iter_mut().enumerate() {
                *subgradient = self.activity[cell] - self.best_count(cell, step_length);
            }
            steps.take(step_length * SCALE as f64, &limits);
            for (multiplier, exact) in self.multipliers.iter_mut().zip(&steps.exact) {
                *multiplier = *exact as i64;
            }
            step_length *= step_factor;
            smoothing *= smoothing_factor;
        }
        self.multipliers = best_multipliers;
        best
    }

    /// Beyond these multipliers, in fixed point, a cell is only ever full or empty, and the bound does not rise any more.
    fn multiplier_range(&self, cell: usize) -> (f64, f64) {
        let open = &self.restriction.cells[cell];
        let (penalty, model) = (&open.penalty, self.restriction.model);
        let (low, high) = self.ranges[cell];
        let is_cut = low > 0 || high < penalty.max_count;
        let most = MAX_SOFT_MULTIPLIER + model.weights.largest_hard();
        let below = if is_cut { most } else { penalty.weight + penalty.floor_weight };
        let counter = model.counters.get(open.index as usize / model.groups);
        let is_capped = counter.is_some_and(Counter::is_size) || high < penalty.max_count;
        let above = if is_capped { most } else { penalty.weight };
        (-(below * SCALE) as f64, (above * SCALE) as f64)
    }

    /// The count that solves the cell's subproblem at its multiplier: of several that are as good, within a part of the step length,
    /// the nearest to the present activity.
    fn best_count(&self, cell: usize, step_length: f64) -> f64 {
        let penalty = &self.restriction.cells[cell].penalty;
        let (low, high) = self.ranges[cell];
        if low >= high {
            return low as f64;
        }
        let tie = (step_length * SCALE as f64) as i64 / TIE_STEP_DIVISOR + 1;
        let multiplier = self.multipliers[cell];
        let (mut from, mut to) = (low, low);
        // Goes on to the next kink of the penalty, with the slope up to it.
        let mut pass = |slope: i64, count: i64| {
            from = if slope < multiplier - tie { from.max(count) } else { from };
            to = if slope <= multiplier + tie { to.max(count) } else { to };
        };
        if penalty.floor_weight > 0 && penalty.floor > low {
            let mut kinks = [low, penalty.floor, penalty.low, penalty.high, high];
            kinks.iter_mut().for_each(|kink| *kink = (*kink).clamp(low, high));
            kinks.sort_unstable();
            for pair in kinks.windows(2).filter(|pair| pair[0] < pair[1]) {
                pass((penalty.cost(pair[0] + 1) - penalty.cost(pair[0])) * SCALE, pair[1]);
            }
        } else {
            pass(-penalty.weight * SCALE, penalty.low.min(high));
            pass(0, penalty.high.min(high));
            pass(penalty.weight * SCALE, high);
        }
        self.activity[cell].clamp(from as f64, to.max(from) as f64)
    }
}

fn power(of: f64, exponent: u32) -> f64 {
    let (mut product, mut square, mut left) = (1.0, of, exponent);
    while left > 0 {
        if left % 2 == 1 {
            product *= square;
        }
        square *= square;
        left /= 2;
    }
    product
}

/// The root of a number from 0 to 1 by bisection: multiplications only, so the same on every machine.
fn root(of: f64, degree: u32) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..ROOT_HALVINGS {
        let middle = f64::midpoint(low, high);
        if power(middle, degree) < of { low = middle } else { high = middle }
    }
    high
}
