//! Patterns one by one: the pricing problem of a block by enumeration, in depth and cut off by the best pattern so far. For where
//! people go together, rounds are many, or a repeat may be the best there is. It must never know other blocks.

use super::pricing::Workspace;
use super::softmin::{SOFTMIN_CUTOFF, softmin_weight};
use super::{INFEASIBLE, Relaxation, SCALE};
use crate::model::UNASSIGNED;
use crate::relaxation::restriction::{OpenBlock, Restriction, repeat_cost};

/// The cheapest options of a variable that patterns of the fractional solution are made of, at most (or one more than the block has
/// variables): the rest weighs little. At most 16, for a rank has four bits.
const MAX_PATTERN_OPTIONS: usize = 10;
/// Variables of a block whose patterns are enumerated: with one option more than variables, ranks just fit into four bits. A block
/// with more, which no real case has, is bounded as if repeats cost nothing.
pub(crate) const MAX_PATTERN_VARIABLES: usize = 15;
/// Bits of a pattern's key for the rank of one option, …
const RANK_BITS: usize = 4;
/// … and the mask for them.
const RANK_MASK: u64 = (1 << RANK_BITS) - 1;

impl Relaxation<'_> {
    /// The cost of the cheapest pattern of the sorted options, in fixed point.
    pub(crate) fn min_pattern_cost(
        &self,
        restriction: &Restriction<'_>,
        block: OpenBlock,
        workspace: &mut Workspace,
    ) -> i64 {
        self.enumerate_patterns(restriction, block, 0, workspace);
        workspace.patterns.iter().map(|(cost, _)| *cost).min().unwrap_or(INFEASIBLE)
    }

    /// The cheapest options of each variable, so many, in the order of their costs.
    pub(crate) fn sort_options(&self, block: OpenBlock, most: usize, workspace: &mut Workspace) {
        let variables = block.variables as usize;
        workspace.sorted.resize_with(workspace.sorted.len().max(variables), Vec::new);
        for (at, sorted) in workspace.sorted.iter_mut().take(variables).enumerate() {
            sorted.clear();
            let own = &workspace.costs[workspace.from[at]..workspace.from[at + 1]];
            sorted.extend(own.iter().zip(0..).map(|(&cost, place)| (cost, place)));
            sorted.sort_unstable();
            sorted.truncate(most);
        }
    }

    /// The fractional solution of a block, from a list of all patterns that weigh anything.
    pub(crate) fn fractions_by_enumeration(
        &mut self,
        restriction: &Restriction<'_>,
        block: OpenBlock,
        (smoothing, is_recorded): (f64, bool),
        workspace: &mut Workspace,
    ) {
        self.sort_options(block, MAX_PATTERN_OPTIONS.max(block.variables as usize + 1), workspace);
        self.enumerate_patterns(
            restriction,
            block,
            (smoothing * SOFTMIN_CUTOFF * SCALE as f64) as i64,
            workspace,
        );
        if is_recorded {
            block.range().for_each(|variable| self.clear_fractions(variable));
        }
        let patterns = &workspace.patterns;
        let minimum = patterns.iter().map(|(cost, _)| *cost).min().unwrap_or(INFEASIBLE);
        let weight = |cost: i64| {
            if smoothing > 0.0 {
                softmin_weight((cost - minimum) as f64, smoothing)
            } else {
                f64::from(u8::from(cost == minimum))
            }
        };
        let all: f64 = patterns.iter().map(|(cost, _)| weight(*cost)).sum();
        for &(cost, key) in patterns {
            let (fraction, mut key) = (weight(cost) / all, key);
            for (at, variable) in block.range().enumerate() {
                let (_, place) = workspace.sorted[at][(key & RANK_MASK) as usize];
                key >>= RANK_BITS;
                let option = self.domain(variable)[place as usize] as usize;
                if is_recorded {
                    self.fractions[option] += fraction;
                }
                for &cell in restriction.entries(option) {
                    self.activity[cell as usize] += fraction;
                }
            }
        }
    }

    /// The patterns that are not worse than the best by more than the window, in fixed point.
    fn enumerate_patterns(
        &self,
        restriction: &Restriction<'_>,
        block: OpenBlock,
        window: i64,
        workspace: &mut Workspace,
    ) {
        let variables = block.variables as usize;
        workspace.patterns.clear();
        workspace.chosen.clear();
        let separate_minimum: i64 = (0..variables).map(|at| workspace.sorted[at][0].0).sum();
        let mut search = PatternSearch {
            relaxation: self,
            restriction,
            block,
            sorted: &workspace.sorted,
            window,
            best: INFEASIBLE,
            chosen: &mut workspace.chosen,
            patterns: &mut workspace.patterns,
        };
        if variables > MAX_PATTERN_VARIABLES {
            search.best = separate_minimum;
            search.patterns.push((separate_minimum, 0));
        } else {
            search.extend(separate_minimum, 0);
        }
        let most = search.best.saturating_add(window);
        workspace.patterns.retain(|(cost, _)| *cost <= most);
    }
}

/// One depth-first search through the patterns of a block.
struct PatternSearch<'d, 'm> {
    relaxation: &'d Relaxation<'m>,
    restriction: &'d Restriction<'m>,
    block: OpenBlock,
    sorted: &'d [Vec<(i64, u32)>],
    window: i64,
    best: i64,
    chosen: &'d mut Vec<u32>,
    patterns: &'d mut Vec<(i64, u64)>,
}

impl PatternSearch<'_, '_> {
    /// Goes on from a partial pattern. `lower_bound` is what it costs with the cheapest options of all that follow.
    fn extend(&mut self, lower_bound: i64, key: u64) {
        let at = self.chosen.len();
        if at == self.block.variables as usize {
            self.best = lower_bound.min(self.best);
            self.patterns.push((lower_bound, key));
            return;
        }
        let variable = self.block.first as usize + at;
        for rank in 0..self.sorted[at].len() {
            let (cost, place) = self.sorted[at][rank];
            let so_far = lower_bound + cost - self.sorted[at][0].0;
            if so_far > self.best.saturating_add(self.window) {
                break;
            }
            let option = self.relaxation.domain(variable)[place as usize] as usize;
            let group = self.restriction.repeat_group(option);
            let with_repeats = so_far + self.repeat_cost(group) * SCALE;
            if with_repeats > self.best.saturating_add(self.window) {
                continue;
            }
            self.chosen.push(group);
            self.extend(with_repeats, key | (rank as u64) << (RANK_BITS * at));
            self.chosen.pop();
        }
    }

    fn repeat_cost(&self, group: u32) -> i64 {
        let model = self.restriction.model;
        match self.block.is_single {
            true if group == UNASSIGNED || !self.chosen.contains(&group) => 0,
            true => model.weights.repeat,
            false => repeat_cost(model, self.block.block as usize, self.chosen, group),
        }
    }
}
