//! Reduced-cost fixing, with Lagrangian costs: an option is taken away if the bound, with that option forced, is above the cutoff; a
//! count likewise. The bound with an option forced is the bound plus its min-marginal less its block's minimum, so all options of
//! a block are decided by one computation.

use super::{Relaxation, SCALE};

impl Relaxation<'_> {
    /// Takes away every option and every count that makes the bound rise by more than `gap`, in fixed point, and propagates.
    /// `gap` is the cutoff less the bound at the present multipliers. False if nothing is left.
    pub(crate) fn fix_by_reduced_cost(&mut self, gap: i64) -> bool {
        let restriction = self.restriction.clone();
        let mut workspace = std::mem::take(&mut self.workspace);
        for &block in &restriction.blocks {
            if block.range().all(|variable| self.domain_size(variable) < 2) {
                continue;
            }
            self.find_min_marginals(&restriction, block, &mut workspace);
            let Some(&minimum) = workspace.min_marginals.iter().min() else { continue };
            for (at, variable) in block.range().enumerate() {
                let own = &workspace.min_marginals[workspace.from[at]..workspace.from[at + 1]];
                self.fix_variable(variable, own, minimum.saturating_add(gap));
            }
        }
        self.workspace = workspace;
        for cell in 0..self.ranges.len() {
            self.tighten_cell(cell, gap);
        }
        self.propagate()
    }

    /// Leaves a variable the options whose min-marginal is so much at most.
    fn fix_variable(&mut self, variable: usize, costs: &[i64], max_cost: i64) {
        if costs.len() < 2 || costs.iter().all(|&cost| cost <= max_cost) {
            return;
        }
        let mut costs = costs.iter();
        self.restrict_domain(variable, |_| costs.next().is_some_and(|&cost| cost <= max_cost));
    }

    /// Cuts the counts off the ends of a cell's range that miss its minimum by more than the gap. Its cost is convex, so none that
    /// misses it is left between.
    fn tighten_cell(&mut self, cell: usize, gap: i64) {
        let minimum = self.cell_minimum(cell);
        let (penalty, multiplier) = (self.restriction.cells[cell].penalty, self.multipliers[cell]);
        let is_beyond =
            |count: i64| penalty.cost(count) * SCALE - multiplier * count - minimum > gap;
        let (mut low, mut high) = self.ranges[cell];
        while low < high && is_beyond(low) {
            low += 1;
        }
        while low < high && is_beyond(high) {
            high -= 1;
        }
        self.ranges[cell] = (low, high);
    }
}
