//! Lagrangian relaxation. The coupling constraints say that a cell counts the people whom the variables put into it. Each gets a
//! multiplier, in fixed-point points per person, and moves into the objective. What is left decomposes: every block of variables is
//! a pricing problem of its own, over patterns of one option for each of its variables, and every cell takes its cheapest count.
//! The sum of the minima is a lower bound whatever the multipliers; the subgradient ascent looks for good ones (Fisher 1981, "The
//! Lagrangian relaxation method for solving integer programming problems").
//!
//! The bound is exact whole-number arithmetic. Floating point only steers the multipliers (plain IEEE operations, the same
//! everywhere).
//!
//! Beside the bound, pricing leaves a fractional primal solution: each pattern of a block weighs by how little more it costs than
//! the best (a softmin), so that multipliers settle instead of swinging, and dives and branching see what is undecided.

mod compaction;
mod patterns;
pub(crate) mod pricing;
mod propagation;
mod reduced_cost_fixing;
pub(crate) mod restriction;
mod softmin;
pub(crate) mod subgradient;
mod totals;

use std::rc::Rc;

use crate::model::UNASSIGNED;

use self::pricing::Workspace;
pub(crate) use self::restriction::SCALE;
use self::restriction::{OpenBlock, Restriction};

/// A restriction, relaxed: what each variable may still take and each cell may count, with multipliers. Cloned at every node.
#[derive(Clone)]
pub(crate) struct Relaxation<'m> {
    pub(crate) restriction: Rc<Restriction<'m>>,
    /// The options that every variable may still take, beginning where its options do in the restriction; and how many they are.
    pub(crate) domains: Vec<u32>,
    domain_sizes: Vec<u32>,
    /// The fewest and the most that each cell may count.
    pub(crate) ranges: Vec<(i64, i64)>,
    /// By cell, in fixed-point points per person: what a person in it costs the block that puts them there, and gives the cell.
    pub(crate) multipliers: Vec<i64>,
    /// By cell: how many people the fractional solution puts into it, as of the last bound.
    pub(crate) activity: Vec<f64>,
    /// By cell: the activity averaged over the last iterations of an ascent, which comes nearer to the linear program's than that of the
    /// last one (the volume algorithm, Barahona & Anbil 2000).
    pub(crate) mean_activity: Vec<f64>,
    /// By option: its value in the fractional solution, from 0 to 1, as of the last bound that was not one of an ascent.
    pub(crate) fractions: Vec<f64>,
    /// Steps done: one for each option that is priced, and a part of one for each cell.
    pub(crate) work: u64,
    pub(crate) workspace: Workspace,
}

/// The bound, in fixed point, of what holds no plan: above every plan, and a few of them add up without overflow.
pub(crate) const INFEASIBLE: i64 = i64::MAX / 4;
/// Cells that make one step of work: minimizing one is faster than pricing an option. How the proportion was found is not written down.
const CELLS_PER_STEP: u64 = 4;
/// Fixed variables are removed once the open ones are at most so much of all, as numerator and denominator: removing them copies the
/// restriction, so it should pay. No derivation is written down; take it as tuned.
const WORTH_REMOVING: (usize, usize) = (5, 6);

impl<'m> Relaxation<'m> {
    /// Multipliers are zero. To be followed by [`Relaxation::propagate`]: variables that have one option from the beginning may be
    /// more than a cell takes, and to remove them unseen would be to take for a plan what is none.
    pub(crate) fn new(restriction: Restriction<'m>) -> Self {
        Self {
            domains: (0..restriction.groups.len() as u32).collect(),
            domain_sizes: (0..restriction.variables.len())
                .map(|variable| restriction.options(variable).len() as u32)
                .collect(),
            ranges: restriction.cells.iter().map(|cell| (0, cell.penalty.max_count)).collect(),
            multipliers: vec![0; restriction.cells.len()],
            activity: vec![0.0; restriction.cells.len()],
            mean_activity: vec![0.0; restriction.cells.len()],
            fractions: vec![0.0; restriction.groups.len()],
            work: 0,
            workspace: Workspace::default(),
            restriction: Rc::new(restriction),
        }
    }

    /// The options that a variable may still take.
    pub(crate) fn domain(&self, variable: usize) -> &[u32] {
        let from = self.restriction.option_start[variable] as usize;
        &self.domains[from..from + self.domain_sizes[variable] as usize]
    }

    /// How many options a variable may still take.
    pub(crate) fn domain_size(&self, variable: usize) -> usize {
        self.domain_sizes[variable] as usize
    }

    /// How many variables are open.
    pub(crate) fn variables(&self) -> usize {
        self.domain_sizes.len()
    }

    /// Leaves a variable the options for which `is_kept` is true. To be followed by [`Relaxation::propagate`] some time.
    pub(crate) fn restrict_domain(
        &mut self,
        variable: usize,
        mut is_kept: impl FnMut(u32) -> bool,
    ) {
        let from = self.restriction.option_start[variable] as usize;
        let mut kept = 0;
        for at in from..from + self.domain_sizes[variable] as usize {
            let option = self.domains[at];
            if is_kept(option) {
                self.domains[from + kept] = option;
                kept += 1;
            } else {
                self.fractions[option as usize] = 0.0;
            }
        }
        self.domain_sizes[variable] = kept as u32;
    }

    /// Takes fixed variables out of the restriction, once they are many enough. What they count must be within the ranges of the
    /// cells, for nobody looks at it again.
    pub(crate) fn remove_fixed(&mut self) {
        let is_open = |variable: usize| self.domain_sizes[variable] > 1;
        let open = self.restriction.blocks.iter().map(|block| {
            let open = block.range().filter(|&variable| is_open(variable)).count();
            if block.is_single || open == 0 { open } else { block.variables as usize }
        });
        let (open, all) = (open.sum::<usize>(), self.domain_sizes.len());
        if all == 0 || open * WORTH_REMOVING.1 > all * WORTH_REMOVING.0 {
            return;
        }
        let (restriction, mapping) =
            self.restriction.without_fixed(|variable| self.domain(variable), &self.ranges);
        self.fractions =
            mapping.options.iter().map(|&from| self.fractions[from as usize]).collect();
        self.ranges = mapping.cells.iter().map(|&from| self.ranges[from as usize]).collect();
        self.multipliers =
            mapping.cells.iter().map(|&from| self.multipliers[from as usize]).collect();
        self.activity = mapping.cells.iter().map(|&from| self.activity[from as usize]).collect();
        self.mean_activity =
            mapping.cells.iter().map(|&from| self.mean_activity[from as usize]).collect();
        self.domains = (0..restriction.groups.len() as u32).collect();
        self.domain_sizes = (0..restriction.variables.len())
            .map(|variable| restriction.options(variable).len() as u32)
            .collect();
        self.restriction = Rc::new(restriction);
    }

    /// The Lagrangian bound at these multipliers, in fixed point; [`INFEASIBLE`] if some variable has no option or some cell no
    /// count. Leaves the fractional solution in `fractions` and `activity`. `smoothing` is the temperature of its softmin, in
    /// points; 0 takes the cheapest patterns only. The bound does not depend on it.
    pub(crate) fn lagrangian_bound(&mut self, smoothing: f64) -> i64 {
        self.evaluate_dual(smoothing, true)
    }

    /// As [`Self::lagrangian_bound`], but the fractional solution is recorded only if `is_recorded`; the activity always is.
    fn evaluate_dual(&mut self, smoothing: f64, is_recorded: bool) -> i64 {
        let restriction = self.restriction.clone();
        for (activity, open) in self.activity.iter_mut().zip(&restriction.cells) {
            *activity = open.base as f64;
        }
        self.sum_minima(|relaxation, block, minimum, workspace| {
            let primal = (smoothing, is_recorded);
            relaxation.add_to_primal(&restriction, (block, minimum), primal, workspace);
        })
    }

    /// The Lagrangian bound at these multipliers, as [`Self::lagrangian_bound`] has it, without a fractional solution.
    pub(crate) fn bound_alone(&mut self) -> i64 {
        self.sum_minima(|_, _, _, _| ())
    }

    /// The sum of the minima of all cells and blocks, which is the bound. `each` is told of every block with its minimum.
    fn sum_minima(
        &mut self,
        mut each: impl FnMut(&mut Self, OpenBlock, i64, &mut Workspace),
    ) -> i64 {
        let restriction = self.restriction.clone();
        self.work += restriction.cells.len() as u64 / CELLS_PER_STEP;
        if self.ranges.iter().any(|range| range.0 > range.1) {
            return INFEASIBLE;
        }
        let mut bound = restriction.constant;
        for (cell, open) in restriction.cells.iter().enumerate() {
            bound += open.base * self.multipliers[cell] + self.cell_minimum(cell);
        }
        let mut workspace = std::mem::take(&mut self.workspace);
        for &block in &restriction.blocks {
            let minimum = self.price_block(&restriction, block, &mut workspace);
            if minimum >= INFEASIBLE {
                bound = INFEASIBLE;
                break;
            }
            bound += minimum;
            each(self, block, minimum, &mut workspace);
        }
        self.workspace = workspace;
        bound
    }

    /// What an option costs at these multipliers, in fixed point: its own cost and the multipliers of the cells it counts in.
    pub(crate) fn reduced_cost(&self, restriction: &Restriction<'_>, option: usize) -> i64 {
        let entries = restriction.entries(option).iter();
        restriction.costs[option]
            + entries.map(|&cell| self.multipliers[cell as usize]).sum::<i64>()
    }

    /// The subproblem of a cell: the least that it costs less what its multiplier gives it, over all counts in its range. A convex
    /// function of the count, so a kink or an end of the range is a minimum.
    pub(crate) fn cell_minimum(&self, cell: usize) -> i64 {
        let ((low, high), multiplier) = (self.ranges[cell], self.multipliers[cell]);
        let penalty = &self.restriction.cells[cell].penalty;
        let at = |count: i64| penalty.cost(count) * SCALE - multiplier * count;
        if penalty.floor_weight > 0 && penalty.floor > low {
            let kinks = [low, high, penalty.low, penalty.high, penalty.floor];
            let costs = kinks.into_iter().map(|kink| at(kink.clamp(low, high.max(low))));
            return costs.min().unwrap_or(0);
        }
        let weight = penalty.weight * SCALE;
        let best = match multiplier {
            _ if multiplier <= -weight => low,
            _ if multiplier < 0 => penalty.low,
            _ if multiplier < weight => penalty.high,
            _ => high,
        };
        at(best.clamp(low, high.max(low)))
    }

    /// By how much a count misses the cell's minimum: what the cell contributes to the gap between a plan and the bound.
    pub(crate) fn cell_gap(&self, cell: usize, count: i64) -> i64 {
        let cost = self.restriction.cells[cell].penalty.cost(count) * SCALE
            - self.multipliers[cell] * count;
        cost - self.cell_minimum(cell)
    }

    /// The option of a variable with the largest value in the fractional solution, and that value.
    pub(crate) fn largest_fraction(&self, variable: usize) -> Option<(f64, u32)> {
        let options = self.domain(variable).iter();
        let fractions = options.map(|&option| (self.fractions[option as usize], option));
        fractions.max_by(|one, two| one.0.total_cmp(&two.0))
    }

    /// Whether an option is to stay without a group.
    pub(crate) fn is_unassigned(&self, option: u32) -> bool {
        self.restriction.groups[option as usize] == UNASSIGNED
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Model;
    use crate::search_state::SearchState;
    use crate::tests::random::any_instance_of;
    use crate::tests::{exhaustive, group_id, person_id, round_id};
    use crate::{Group, Instance, Person, Round};

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

        /// Whatever the multipliers, and whether or not a fractional solution is found with it, and how smooth a one.
        #[test]
        fn the_bound_is_below_every_plan_and_depends_on_multipliers_only(
            instance in prop_oneof![
                any_instance_of(1..=4, 1..=3, 1..=2),
                any_instance_of(1..=2, 1..=3, 3..=3),
            ],
            points in proptest::collection::vec(-8..=8_i64, 8),
        ) {
            let (model, best) = (Model::new(&instance), exhaustive::best(&instance).value);
            let mut relaxation = Relaxation::new(Restriction::whole(&model));
            prop_assert!(relaxation.propagate());
            for (cell, multiplier) in relaxation.multipliers.iter_mut().enumerate() {
                *multiplier = points[cell % points.len()] * (SCALE / 2);
            }
            let bound = relaxation.bound_alone();
            prop_assert!(bound <= best * SCALE, "{bound}, the best is {best}");
            for smoothing in [0.0, 0.01, 0.5, 3.0] {
                prop_assert_eq!(relaxation.lagrangian_bound(smoothing), bound);
            }
        }
    }

    /// A restriction may leave variables one option each from the beginning, as neighbourhoods do, and that may be one too many.
    #[test]
    fn a_restriction_without_choices_that_does_not_fit_is_infeasible() {
        let instance = Instance {
            groups: vec![Group { id: group_id(0), max: 1, ..Group::default() }],
            rounds: vec![Round { id: round_id(0) }],
            people: (0..2).map(|one| Person { id: person_id(one), ..Person::default() }).collect(),
            ..Instance::default()
        };
        let model = Model::new(&instance);
        let mut relaxation =
            Relaxation::new(Restriction::freeing(&SearchState::new(&model), &[0, 1], |_| &[0]));
        assert!(!relaxation.propagate());
        let mut relaxation =
            Relaxation::new(Restriction::freeing(&SearchState::new(&model), &[0], |_| &[0]));
        assert!(relaxation.propagate());
        assert_eq!(relaxation.restriction.complete_assignment(), Some(vec![0, UNASSIGNED]));
    }
}
