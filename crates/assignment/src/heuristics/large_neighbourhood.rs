//! Large-neighbourhood search (Shaw 1998). Destroy: some blocks are set free, everybody else stays fixed. Repair: branch and bound on
//! that restriction, or a dive where it is larger. Who is set free is drawn by three rules: who costs much at the root's multipliers
//! (worst removal, Ropke & Pisinger 2006), who is related to one of those (Shaw's removal), or anybody. The size of a neighbourhood
//! adapts: it grows when one was exhausted, and shrinks when one was not. It must never know the clock.

use crate::branch_and_bound::{BranchAndBound, Monitor};
use crate::heuristics::dive::DiveSchedule;
use crate::model::Model;
use crate::relaxation::pricing::Workspace;
use crate::relaxation::restriction::Restriction;
use crate::relaxation::{Relaxation, SCALE};
use crate::rng::Rng;
use crate::search_state::SearchState;

/// The incumbent with what the draws of blocks need to know.
pub(crate) struct LargeNeighbourhoodSearch<'m> {
    rng: Rng,
    /// The incumbent.
    state: SearchState<'m>,
    /// How many blocks are set free for branch and bound.
    pub(crate) size: usize,
    /// Blocks with a choice, and by how much their present options exceed the best at the root's multipliers, in fixed point.
    block_costs: Vec<(u32, i64)>,
    /// Cells whose count misses their minimum at these multipliers, and by how much, in fixed point.
    cell_gaps: Vec<(u32, i64)>,
    /// By variable: the groups that it can have in a better plan, after fixing at the root.
    domains: Vec<Vec<u32>>,
    /// By cell: the root's multipliers, with which neighbourhoods begin.
    multipliers: Vec<i64>,
    /// By counter: the blocks that it counts.
    blocks_by_counter: Vec<Vec<u32>>,
}

// No derivation is written down for the numbers below; take them as tuned.

/// Blocks that are set free in the first neighbourhood, …
const START_SIZE: usize = 24;
/// … and the fewest in a later one.
const MIN_SIZE: usize = 6;
/// A neighbourhood grows and shrinks by one block for each so many.
const SIZE_STEP_DIVISOR: usize = 12;
/// How many times more blocks are set free for a dive than for branch and bound.
const DIVE_SIZE_FACTOR: usize = 3;
/// One in so many neighbourhoods is for a dive.
const ONE_IN_DIVES: usize = 2;
/// Percent of the variables with a choice that a step of a dive fixes, …
const DIVE_PERCENT: usize = 25;
/// … and percent that are not halved any more, one in two times each: to be quick, or to lose nothing where every point counts.
const FEWEST_PERCENTS: [usize; 2] = [1, 5];
/// Nodes of branch and bound in one neighbourhood.
const NODE_LIMIT: u64 = 30;
/// Draws for each block that is to be set free: some are drawn twice.
const DRAWS_PER_BLOCK: usize = 4;
/// What a variable costs whose group reduced-cost fixing at the root has taken away, in fixed point: where it is open, and where it is
/// fixed elsewhere. The latter is also the most that an open one counts.
const EXCLUDED_COST: i64 = 2 * SCALE;
const MAX_VARIABLE_COST: i64 = 4 * SCALE;
/// A cell is drawn from if it misses its minimum by more than this, and counts at most that, in fixed point.
const MIN_CELL_GAP: i64 = SCALE / 8;
const MAX_CELL_GAP: i64 = 8 * SCALE;
/// What every block weighs in the draw of a costly one beside its cost, in fixed point, so that none is never drawn.
const BASE_WEIGHT: i64 = SCALE / 20;
/// Profile counters (sectors, subregions, genders of a round) that related blocks have in common, at least.
const RELATED_COUNTERS: usize = 2;

impl<'m> LargeNeighbourhoodSearch<'m> {
    pub(crate) fn new(rng: Rng, root: &mut Relaxation<'m>, best: &[u32]) -> Self {
        let model = root.restriction.model;
        let mut search = Self {
            rng,
            state: SearchState::from_groups(model, best.to_vec()),
            size: START_SIZE,
            block_costs: Vec::new(),
            cell_gaps: Vec::new(),
            domains: vec![Vec::new(); model.variables.len()],
            multipliers: vec![0; model.penalties.len()],
            blocks_by_counter: blocks_by_counter(model),
        };
        search.refresh(root, best);
        search
    }

    /// Takes over a better incumbent, or better multipliers of the root, and finds anew which blocks and cells cost much.
    pub(crate) fn refresh(&mut self, root: &mut Relaxation<'m>, best: &[u32]) {
        for (variable, &group) in best.iter().enumerate() {
            self.state.assign(variable, group);
        }
        let (restriction, mut workspace) = (root.restriction.clone(), Workspace::default());
        self.block_costs.clear();
        self.cell_gaps.clear();
        for &(variable, group) in restriction.fixed() {
            self.domains[variable as usize] = vec![group];
            if best[variable as usize] != group {
                self.block_costs.push((
                    restriction.model.variables[variable as usize].block,
                    MAX_VARIABLE_COST,
                ));
            }
        }
        for &block in &restriction.blocks {
            let mut excess = 0;
            root.find_min_marginals(&restriction, block, &mut workspace);
            for (at, variable) in block.range().enumerate() {
                let index = restriction.variables[variable] as usize;
                let groups =
                    root.domain(variable).iter().map(|&option| restriction.groups[option as usize]);
                self.domains[index] = groups.collect();
                let costs = &workspace.min_marginals[workspace.from[at]..workspace.from[at + 1]];
                let least = costs.iter().copied().min().unwrap_or(0);
                let present = self.domains[index].iter().position(|&group| group == best[index]);
                excess += present.map_or(EXCLUDED_COST, |present| {
                    (costs[present] - least).min(MAX_VARIABLE_COST)
                });
            }
            self.block_costs.push((block.block, excess));
        }
        for (cell, open) in restriction.cells.iter().enumerate() {
            self.multipliers[open.index as usize] = root.multipliers[cell];
            let gap = root.cell_gap(cell, self.state.count(open.index as usize));
            if gap > MIN_CELL_GAP {
                self.cell_gaps.push((open.index, gap.min(MAX_CELL_GAP)));
            }
        }
    }

    /// Searches one neighbourhood. True if the incumbent improved.
    pub(crate) fn improve(
        &mut self,
        root: &mut Relaxation<'m>,
        tree: &mut BranchAndBound<'m>,
        monitor: Monitor<'_>,
    ) -> bool {
        if self.block_costs.is_empty() {
            return false;
        }
        let is_dive = self.rng.below(ONE_IN_DIVES) == 0;
        let size =
            if is_dive { (self.size * DIVE_SIZE_FACTOR).min(self.max_size()) } else { self.size };
        let free = self.destroy(root.restriction.model, size);
        let restriction =
            Restriction::freeing(&self.state, &free, |variable| self.domains[variable].as_slice());
        let mut relaxation = Relaxation::new(restriction);
        for cell in 0..relaxation.multipliers.len() {
            relaxation.multipliers[cell] =
                self.multipliers[relaxation.restriction.cells[cell].index as usize];
        }
        let before = tree.incumbent_value;
        let is_exhausted = match relaxation.propagate() {
            false => true,
            true if is_dive => {
                let fewest_percent = FEWEST_PERCENTS[self.rng.below(FEWEST_PERCENTS.len())];
                let (percent, nodes) = (DIVE_PERCENT, NODE_LIMIT);
                tree.dive(&relaxation, DiveSchedule { percent, fewest_percent, nodes }, monitor);
                false
            }
            true => tree.solve_restriction(relaxation, NODE_LIMIT, monitor),
        };
        let is_better = tree.incumbent_value < before;
        if is_better {
            let best = tree.incumbent.clone();
            self.refresh(root, &best);
        } else if is_exhausted {
            self.size = (self.size + 1 + self.size / SIZE_STEP_DIVISOR).min(self.max_size());
        } else if !is_dive {
            self.size = (self.size - self.size / SIZE_STEP_DIVISOR).max(MIN_SIZE);
        }
        is_better
    }

    /// The most blocks that are set free: with more it would be the whole problem again.
    fn max_size(&self) -> usize {
        self.block_costs.len() / 2 + 1
    }

    /// The blocks to be set free: a third for costing much, half for being related to one of those or counting in a cell with a gap,
    /// and a sixth at random; where nobody is related, at random instead.
    fn destroy(&mut self, model: &Model, size: usize) -> Vec<u32> {
        let mut is_free = vec![false; model.blocks.len()];
        let mut free = Vec::new();
        let related = self.related_pool(model);
        for _ in 0..size * DRAWS_PER_BLOCK {
            if free.len() >= size {
                break;
            }
            let drawn = match self.rng.below(6) {
                0 | 1 => self.draw_costly(),
                2..=4 if !related.is_empty() => related[self.rng.below(related.len())],
                _ => self.block_costs[self.rng.below(self.block_costs.len())].0,
            };
            if !std::mem::replace(&mut is_free[drawn as usize], true) {
                free.push(drawn);
            }
        }
        free.sort_unstable();
        free
    }

    /// Blocks that have something to do with each other: all that one counter with a gap counts, or all that are related to a costly one.
    fn related_pool(&mut self, model: &Model) -> Vec<u32> {
        if !self.cell_gaps.is_empty() && self.rng.below(2) == 0 {
            let cell = roulette(&mut self.rng, &self.cell_gaps, 0);
            return self.blocks_by_counter[cell as usize / model.groups].clone();
        }
        let first = self.draw_costly();
        let blocks = self.block_costs.iter().map(|(block, _)| *block);
        blocks.filter(|&block| is_related(model, first, block)).collect()
    }

    /// A block, the likelier the more it costs.
    fn draw_costly(&mut self) -> u32 {
        roulette(&mut self.rng, &self.block_costs, BASE_WEIGHT)
    }
}

/// One of several, with probabilities in proportion to their weights and one that all have (a roulette wheel).
fn roulette(rng: &mut Rng, among: &[(u32, i64)], each: i64) -> u32 {
    let all: i64 = among.iter().map(|(_, weight)| weight + each).sum();
    let mut at = rng.below(all.max(1) as usize) as i64;
    let found = among.iter().find(|(_, weight)| {
        at -= weight + each;
        at < 0
    });
    found.map_or(among[0].0, |(one, _)| *one)
}

/// By counter: the blocks that it counts.
fn blocks_by_counter(model: &Model) -> Vec<Vec<u32>> {
    let mut blocks_by_counter = vec![Vec::new(); model.counters.len()];
    for (index, variable) in model.variables.iter().enumerate() {
        for one in model.contributions(index) {
            blocks_by_counter[one.counter as usize].push(variable.block);
        }
    }
    blocks_by_counter
}

/// Whether two blocks have sectors, subregions or genders in common, at least [`RELATED_COUNTERS`] counted over all rounds.
fn is_related(model: &Model, one: u32, other: u32) -> bool {
    let profile = |block: u32| {
        let variables = model.blocks[block as usize].variables.iter();
        variables
            .flat_map(|&variable| model.contributions(variable as usize))
            .filter(|one| model.counters[one.counter as usize].is_in_profile())
    };
    let common =
        profile(one).filter(|one| profile(other).any(|other| other.counter == one.counter));
    common.count() >= RELATED_COUNTERS
}
