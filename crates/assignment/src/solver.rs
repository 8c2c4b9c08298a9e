//! The driver: a matheuristic that ends in branch and bound. In this order:
//!
//! 1. a first incumbent, by greedy construction and simulated annealing over ejection chains;
//! 2. the Lagrangian dual at the root, by subgradient ascent: the first lower bound, with what no plan avoids;
//! 3. reduced-cost fixing at the root, and dives from it; the incumbent is polished by ejection chains;
//! 4. in turns, large-neighbourhood search and branch and bound, or a better dual where that is too large for a tree, each with a
//!    growing allowance, until the bound meets the incumbent, the work is done, or somebody says stop.
//!
//! Objective values are in points. Bounds of the relaxation are in fixed point ([`SCALE`] to a point) and are rounded up to
//! points, for every plan costs a whole number of them. It must never know the clock.

use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;

use super::{Limits, Progress, Stage};
use crate::assignment_state::AssignmentState;
use crate::branch_and_bound::{Allowance, BranchAndBound, SearchStatus, points_rounded_up};
use crate::evaluate;
use crate::heuristics::dive::DiveSchedule;
use crate::heuristics::ejection_chains::{CoolingSchedule, EjectionChains, POINT};
use crate::heuristics::large_neighbourhood::LargeNeighbourhoodSearch;
use crate::instance::Instance;
use crate::model::{Model, UNASSIGNED};
use crate::plan::{Placement, Plan};
use crate::relaxation::pricing::Workspace;
use crate::relaxation::restriction::Restriction;
use crate::relaxation::subgradient::SubgradientSchedule;
use crate::relaxation::{INFEASIBLE, Relaxation, SCALE};
use crate::rng::{Rng, mix64};
use crate::search_state::SearchState;

// No derivation is written down for the numbers below. Take them as tuned, and run `cargo bench --bench assignment` before and
// after changing one.

/// Ejection chains per variable for the first incumbent, …
const START_CHAINS_PER_VARIABLE: u64 = 25;
/// … and how many at most, so that the first bound does not wait for them at large sizes.
const MAX_START_CHAINS: u64 = 50_000;
/// Cooling for the first incumbent: mean rise in cost that is accepted, from two points down to half a point.
const START_COOLING: CoolingSchedule = CoolingSchedule { from: 2 * POINT, to: POINT / 2 };
/// Ejection chains per variable for polishing the incumbent of a dive.
const POLISH_CHAINS_PER_VARIABLE: u64 = 100;
/// Cooling for polishing, in points from 0.3 to 0.1: hardly more than descent, for the dive's plan is good already.
const POLISH_COOLING: CoolingSchedule = CoolingSchedule { from: POINT * 3 / 10, to: POINT / 10 };
/// Points by which a group's min-marginal may exceed the best one of its variable for polishing to try it.
const NEAR_OPTIMAL: i64 = 3;
/// The dual at the root, from zero multipliers: long, for all that follows starts from its multipliers; but …
const ROOT_ASCENT: SubgradientSchedule =
    SubgradientSchedule { iterations: 1_000, step_length: (0.5, 0.0015), smoothing: (0.5, 0.0025) };
/// … of so many steps of work in all at large sizes, …
const ROOT_WORK: u64 = 200_000_000;
/// … and never shorter than this.
const MIN_ROOT_ITERATIONS: u64 = 300;
/// The first step of the dual is so much shorter than the largest weight of a rule, where rules are broken.
const RULE_STEP_DIVISOR: f64 = 8.0;
/// Percent of the unfixed variables that one step of a dive fixes: one dive for each.
const DIVE_PERCENTS: [usize; 5] = [25, 10, 40, 15, 5];
/// Percent of the unfixed variables that is not halved any more.
const FEWEST_PERCENT: usize = 5;
/// Nodes of branch and bound on what a dive leaves open.
const DIVE_NODE_LIMIT: u64 = 60;
/// With fewer variables than this all of [`DIVE_PERCENTS`] are tried, and else only the first.
const SMALL: usize = 400;
/// Neighbourhoods that may fail in a row before branch and bound has its turn, in the first round; half as many more in each next, …
const START_PATIENCE: u32 = 10;
/// … up to so many.
const MAX_PATIENCE: u32 = 2_000;
/// Those of the first round with fewer variables than [`SMALL`], which a tree soon decides.
const SMALL_START_PATIENCE: u32 = 4;
/// Steps of branch and bound in a turn, as a part of all so far, …
const TREE_SHARE: u64 = 4;
/// … and at least.
const MIN_TREE_WORK: u64 = 2_000_000;
/// The least with fewer variables than [`SMALL`].
const SMALL_MIN_TREE_WORK: u64 = 4_000_000;
/// Options that may be open at the root for branch and bound to be worth a turn.
const SEARCHABLE_OPTIONS: usize = 4_000;
/// Steps of work after which progress is reported even if nothing is new.
const REPORT_INTERVAL: u64 = 100_000;

/// See [`super::solve`].
pub(super) fn solve(
    instance: &Instance,
    limits: &Limits,
    progress: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
) -> Plan {
    let model = Arc::new(Model::new(instance));
    let mut solver = Solver {
        model: &model,
        incumbent: Vec::new(),
        incumbent_value: i64::MAX,
        // No term of the objective is negative.
        bound: 0,
        work: 0,
        limit: limits.work,
        progress,
        last_report: None,
        stage: Stage::Start,
        stopped: false,
    };
    solver.run(instance.seed);
    let (incumbent, work, bound) = (solver.incumbent, solver.work, solver.bound);
    let mut plan =
        evaluate::evaluate(&AssignmentState::new(model.clone(), &placements(&model, &incumbent)));
    plan.quality.work = work;
    plan.quality.bound = Some(bound.min(plan.quality.value));
    plan
}

/// The primal and the dual side of the search so far.
struct Solver<'m, 'p> {
    model: &'m Model,
    /// The group of every variable in the best plan found.
    incumbent: Vec<u32>,
    /// What the incumbent costs, in points.
    incumbent_value: i64,
    /// No plan costs less, in points.
    bound: i64,
    /// Steps of the stages that are over.
    work: u64,
    /// The most steps.
    limit: u64,
    progress: &'p mut dyn FnMut(&Progress) -> ControlFlow<()>,
    last_report: Option<Progress>,
    stage: Stage,
    stopped: bool,
}

impl<'m> Solver<'m, '_> {
    fn run(&mut self, seed: u64) {
        let rng = Rng::new(mix64(seed));
        let mut chains = EjectionChains::new(
            SearchState::from_groups(self.model, previous_groups(self.model)),
            rng,
        );
        chains.incumbent_value = i64::MAX;
        chains.construct();
        let count = self.model.variables.len() as u64 * START_CHAINS_PER_VARIABLE;
        self.find_incumbent(&mut chains, count.min(MAX_START_CHAINS));
        let Some(relaxation) = self.solve_dual() else { return };
        self.branch_and_improve(relaxation, seed, &mut chains);
    }

    fn is_over(&self) -> bool {
        self.stopped || self.incumbent_value <= self.bound || self.work >= self.limit
    }

    /// Reports progress, if something is new or [`REPORT_INTERVAL`] is over; whether to stop.
    fn report(&mut self, work: u64, value: i64) -> bool {
        let now = Progress { work, value, bound: self.bound, stage: self.stage };
        let is_new = self.last_report.is_none_or(|last| {
            let (before, after) = (Progress { work, ..last }, now);
            before != after || work >= last.work + REPORT_INTERVAL
        });
        if is_new && !self.stopped {
            self.last_report = Some(now);
            self.stopped |= (self.progress)(&now).is_break();
        }
        self.stopped || work >= self.limit
    }

    /// The first incumbent, by so many ejection chains.
    fn find_incumbent(&mut self, chains: &mut EjectionChains<'m>, count: u64) {
        let (before, bound) = (chains.work, self.bound);
        let done = self.work;
        chains.run(count, START_COOLING, bound, |chains| {
            if chains.incumbent_value < self.incumbent_value {
                self.incumbent_value = chains.incumbent_value;
                self.incumbent = chains.incumbent.clone();
            }
            self.report(done + chains.work - before, self.incumbent_value)
        });
        if chains.incumbent_value < self.incumbent_value || self.incumbent.is_empty() {
            self.incumbent_value = chains.incumbent_value;
            self.incumbent = chains.incumbent.clone();
        }
        self.work = done + chains.work - before;
    }

    /// The root relaxation with good multipliers; none if that already ends the search.
    fn solve_dual(&mut self) -> Option<Relaxation<'m>> {
        self.stage = Stage::Bound;
        let mut relaxation = Relaxation::new(Restriction::whole(self.model));
        // Only the pinned are fixed yet, with those who must be with them, and capacities make room for these.
        relaxation.remove_fixed();
        let (done, cutoff) = (self.work, (self.incumbent_value - 1) * SCALE);
        let schedule = self.root_schedule(&mut relaxation);
        let bound = relaxation.ascend(schedule, cutoff, |relaxation, bound| {
            self.bound = self.bound.max(points_rounded_up(bound));
            self.report(done + relaxation.work, self.incumbent_value)
        });
        self.bound = points_rounded_up(bound).min(self.incumbent_value);
        self.work = done + relaxation.work;
        (!self.is_over()).then_some(relaxation)
    }

    /// How the dual at the root is solved: with steps as long as the weights of rules, if the incumbent breaks one of which the relaxation
    /// does not know yet that no plan keeps it. (Weights are such that all soft points together are less than the least of them.)
    fn root_schedule(&self, relaxation: &mut Relaxation<'m>) -> SubgradientSchedule {
        let options = relaxation.open_options().max(1) as u64;
        let iterations = (ROOT_WORK / options).max(MIN_ROOT_ITERATIONS);
        let iterations = ROOT_ASCENT.iterations.min(iterations as u32);
        let schedule = SubgradientSchedule { iterations, ..ROOT_ASCENT };
        let weights = &self.model.weights;
        let gap = self.incumbent_value - points_rounded_up(relaxation.lagrangian_bound(0.0));
        let weight = weights.largest_hard().min(gap);
        // With absurd weights sums of such steps would overflow; the bound then does without.
        let most = weight.saturating_mul(SCALE).saturating_mul(self.model.variables.len() as i64);
        if gap < weights.least_hard() || most >= INFEASIBLE {
            return schedule;
        }
        let first = weight as f64 / RULE_STEP_DIVISOR;
        SubgradientSchedule {
            iterations: schedule.iterations * 2,
            step_length: (first, ROOT_ASCENT.step_length.1),
            smoothing: (first, ROOT_ASCENT.smoothing.1),
        }
    }

    /// Dives, and then large-neighbourhood search and branch and bound in turns.
    fn branch_and_improve(
        &mut self,
        mut root: Relaxation<'m>,
        seed: u64,
        chains: &mut EjectionChains<'m>,
    ) {
        root.work = 0;
        let bound = root.lagrangian_bound(0.0);
        let incumbent = Rc::new(self.incumbent.clone());
        let mut tree = BranchAndBound::new(root.clone(), bound, incumbent, self.incumbent_value);
        let done = self.work;
        if !tree.tighten_root(&mut root, &mut |status| self.monitor(status, done)) {
            return self.adopt(&tree, done);
        }
        self.dive(&mut tree, &mut root, chains, done);
        if self.is_done(&tree, done) {
            return self.adopt(&tree, done);
        }
        let mut neighbourhoods =
            LargeNeighbourhoodSearch::new(Rng::new(mix64(!seed)), &mut root, &tree.incumbent);
        let (mut patience, min_tree_work) = if self.model.variables.len() < SMALL {
            (SMALL_START_PATIENCE, SMALL_MIN_TREE_WORK)
        } else {
            (START_PATIENCE, MIN_TREE_WORK)
        };
        // The incumbent and the bound with which the tree began.
        let mut begun = (tree.incumbent_value, tree.bound());
        while !self.is_done(&tree, done) {
            let before = tree.incumbent_value;
            self.search_neighbourhoods(&mut neighbourhoods, &mut root, &mut tree, patience);
            if self.is_done(&tree, done) {
                break;
            }
            // Where a tree has its turns, to begin it anew would lose what it has proved.
            let is_searchable = root.open_options() <= SEARCHABLE_OPTIONS;
            // But what it has found itself may leave one point only, at which it branches on totals first.
            let is_last_point =
                tree.incumbent_value < begun.0 && tree.incumbent_value <= begun.1 + 1;
            if tree.incumbent_value < before || !is_searchable || is_last_point {
                if !tree.tighten_root(&mut root, &mut |status| self.monitor(status, done)) {
                    break;
                }
                neighbourhoods.refresh(&mut root, &tree.incumbent.clone());
                begun = (tree.incumbent_value, tree.bound());
            }
            if root.open_options() <= SEARCHABLE_OPTIONS {
                self.stage = Stage::Proof;
                let work = (tree.work / TREE_SHARE).max(min_tree_work);
                tree.run(Allowance { nodes: u64::MAX, work }, &mut |status| {
                    self.monitor(status, done)
                });
            }
            patience = (patience + patience / 2).min(MAX_PATIENCE);
        }
        self.adopt(&tree, done);
    }

    /// Dives from the root relaxation, and polishes what that finds.
    fn dive(
        &mut self,
        tree: &mut BranchAndBound<'m>,
        root: &mut Relaxation<'m>,
        chains: &mut EjectionChains<'m>,
        done: u64,
    ) {
        // Dives cost little where variables are few, and each may end elsewhere.
        let dives = if self.model.variables.len() < SMALL {
            &DIVE_PERCENTS[..]
        } else {
            &DIVE_PERCENTS[..1]
        };
        self.stage = Stage::Search;
        for &percent in dives {
            let (fewest_percent, nodes) = (FEWEST_PERCENT, DIVE_NODE_LIMIT);
            tree.dive(root, DiveSchedule { percent, fewest_percent, nodes }, &mut |status| {
                self.monitor(status, done)
            });
        }
        if !self.is_done(tree, done) {
            self.polish(tree, root, chains, done);
        }
    }

    /// Improves the incumbent by ejection chains at a low temperature, among the groups whose min-marginals are near the best.
    fn polish(
        &mut self,
        tree: &mut BranchAndBound<'m>,
        root: &mut Relaxation<'m>,
        chains: &mut EjectionChains<'m>,
        done: u64,
    ) {
        chains.restart_from(&tree.incumbent);
        chains.restrict_candidates(near_optimal_groups(root));
        let (before, status) = (chains.work, tree.status(0));
        let count = self.model.variables.len() as u64 * POLISH_CHAINS_PER_VARIABLE;
        chains.run(count, POLISH_COOLING, self.bound, |chains| {
            let value = chains.incumbent_value.min(status.value);
            self.monitor(
                &SearchStatus { work: status.work + chains.work - before, value, ..status },
                done,
            )
        });
        tree.work += chains.work - before;
        tree.offer(&chains.incumbent, chains.incumbent_value);
    }

    /// Searches neighbourhoods until so many in a row did not improve the incumbent.
    fn search_neighbourhoods(
        &mut self,
        neighbourhoods: &mut LargeNeighbourhoodSearch<'m>,
        root: &mut Relaxation<'m>,
        tree: &mut BranchAndBound<'m>,
        patience: u32,
    ) {
        self.stage = Stage::Search;
        let (done, mut fails) = (self.work, 0);
        while fails < patience && !self.is_done(tree, done) {
            let is_better =
                neighbourhoods.improve(root, tree, &mut |status| self.monitor(status, done));
            fails = if is_better { 0 } else { fails + 1 };
        }
    }

    fn is_done(&self, tree: &BranchAndBound<'m>, done: u64) -> bool {
        let work = done + tree.work;
        self.stopped || work >= self.limit || tree.bound() >= tree.incumbent_value
    }

    /// Passes a status of the tree on to who asked; whether to stop. The incumbent itself is adopted at the end.
    fn monitor(&mut self, status: &SearchStatus, done: u64) -> bool {
        self.bound = self.bound.max(status.bound);
        self.report(done + status.work, status.value.min(self.incumbent_value))
    }

    /// Takes over what the tree has found and proved.
    fn adopt(&mut self, tree: &BranchAndBound<'m>, done: u64) {
        self.bound = self.bound.max(tree.bound());
        self.work = done + tree.work;
        if tree.incumbent_value < self.incumbent_value {
            self.incumbent_value = tree.incumbent_value;
            self.incumbent = tree.incumbent.as_ref().clone();
        }
    }
}

/// For every variable the groups whose min-marginals are within [`NEAR_OPTIMAL`] of the best, but at least the two best.
fn near_optimal_groups(relaxation: &mut Relaxation<'_>) -> Vec<Vec<u32>> {
    let (restriction, mut workspace) = (relaxation.restriction.clone(), Workspace::default());
    let mut near_optimal: Vec<Vec<u32>> =
        restriction.model.variables.iter().map(|variable| variable.groups.clone()).collect();
    for &block in &restriction.blocks {
        relaxation.find_min_marginals(&restriction, block, &mut workspace);
        for (at, variable) in block.range().enumerate() {
            let costs = &workspace.min_marginals[workspace.from[at]..workspace.from[at + 1]];
            let mut sorted = costs.to_vec();
            sorted.sort_unstable();
            let limit = (sorted[0] + NEAR_OPTIMAL * SCALE).max(sorted[1.min(sorted.len() - 1)]);
            let options = relaxation.domain(variable).iter().zip(costs);
            near_optimal[restriction.variables[variable] as usize] = options
                .filter(|(option, cost)| !relaxation.is_unassigned(**option) && **cost <= limit)
                .map(|(option, _)| restriction.groups[*option as usize])
                .collect();
        }
    }
    near_optimal
}

/// The groups announced before, by variable, as far as there is room: a warm start. The fixed ones go first.
fn previous_groups(model: &Model) -> Vec<u32> {
    let mut state = SearchState::new(model);
    for (index, variable) in
        model.variables.iter().enumerate().filter(|(_, variable)| !variable.fixed)
    {
        let before =
            |&person: &u32| model.previous[person as usize * model.rounds + variable.round];
        let wanted = variable.people.iter().map(before).find(|&group| group != UNASSIGNED);
        let wanted = wanted.filter(|group| variable.groups.contains(group));
        if let Some(group) = wanted.filter(|&group| state.has_capacity(index, group)) {
            state.assign(index, group);
        }
    }
    state.groups
}

/// What the groups of variables mean for people.
pub(super) fn placements(model: &Model, groups: &[u32]) -> Vec<Placement> {
    let instance = &model.indexed.instance;
    let mut placements = Vec::new();
    for (variable, &group) in
        model.variables.iter().zip(groups).filter(|(_, group)| **group != UNASSIGNED)
    {
        placements.extend(variable.people.iter().map(|&person| Placement {
            person: instance.people[person as usize].id,
            round: instance.rounds[variable.round].id,
            group: instance.groups[group as usize].id,
        }));
    }
    placements.sort();
    placements
}
