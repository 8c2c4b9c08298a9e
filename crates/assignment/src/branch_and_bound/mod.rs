//! Branch and bound (Land & Doig 1960), depth first, with the Lagrangian bound at every node. A node's multipliers are
//! improved a little from its parent's, reduced costs fix what cannot be better than the incumbent, and what is left is split
//! in two by strong branching. When no node is open, the incumbent is proved optimal.
//!
//! Branching is on a variable and one option of it: it takes this option, or another one, and then nobody who is alike takes it either;
//! and near the end, first of all, on totals.
//! It must never know the clock.

mod branching_on_totals;
mod orbits;
mod strong_branching;

use std::rc::Rc;

use crate::relaxation::subgradient::SubgradientSchedule;
use crate::relaxation::{Relaxation, SCALE};

/// Is told how the search stands, and says whether to stop.
pub(crate) type Monitor<'w> = &'w mut dyn FnMut(&SearchStatus) -> bool;

/// What a monitor is told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SearchStatus {
    /// Steps done.
    pub(crate) work: u64,
    /// What the incumbent costs, in points.
    pub(crate) value: i64,
    /// No plan costs less, in points.
    pub(crate) bound: i64,
}

// No derivation is written down for the numbers below; take them as tuned.

/// Subgradient ascent at a node. Short steps: it begins at its parent's multipliers.
const NODE_ASCENT: SubgradientSchedule =
    SubgradientSchedule { iterations: 90, step_length: (0.15, 0.003), smoothing: (0.06, 0.004) };
/// Times that a node ascends and fixes again before it branches, at most.
const FIXING_ROUNDS: u32 = 3;
/// A fixing round is followed by another if it leaves at most this much of the open options, in tenths.
const WORTH_ANOTHER_ROUND_TENTHS: usize = 9;
/// Subgradient ascent at the root, again and again as the incumbent improves.
const TIGHTENING_ASCENT: SubgradientSchedule =
    SubgradientSchedule { iterations: 120, step_length: (0.1, 0.0015), smoothing: (0.03, 0.0025) };
/// Totals that a tree of the whole problem branches on, one below the other, at most.
const MAX_TOTALS: u32 = 3;
/// The bound of a node before anything is known about it: below every plan, and far from overflow.
const NO_BOUND: i64 = i64::MIN / 4;

/// How far a tree may be searched at a time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowance {
    /// Nodes.
    pub(crate) nodes: u64,
    /// Steps: no node is begun after these.
    pub(crate) work: u64,
}

/// A search tree with its incumbent.
pub(crate) struct BranchAndBound<'m> {
    /// The group of every variable of the model in the best plan found.
    pub(crate) incumbent: Rc<Vec<u32>>,
    /// What the incumbent costs, in points.
    pub(crate) incumbent_value: i64,
    /// Nodes processed.
    pub(crate) nodes: u64,
    /// Steps done.
    pub(crate) work: u64,
    /// A stack: the last one is processed next.
    open: Vec<Node<'m>>,
    /// Whether a monitor said stop.
    pub(crate) stopped: bool,
}

/// A subproblem: the relaxation with what branching has decided.
struct Node<'m> {
    relaxation: Relaxation<'m>,
    /// No plan of this node costs less, in fixed point.
    bound: i64,
    /// On how many totals to branch, here and below, before anything else.
    totals: u32,
}

impl<'m> BranchAndBound<'m> {
    /// Begins with an incumbent and a root relaxation, with a bound in fixed point.
    pub(crate) fn new(
        relaxation: Relaxation<'m>,
        bound: i64,
        incumbent: Rc<Vec<u32>>,
        incumbent_value: i64,
    ) -> Self {
        let work = relaxation.work;
        let open = vec![Node { relaxation, bound, totals: 0 }];
        Self { incumbent, incumbent_value, nodes: 0, work, open, stopped: false }
    }

    /// The global lower bound, in points: the least bound of an open node, or the incumbent's value if that is less.
    pub(crate) fn bound(&self) -> i64 {
        let least = self.open.iter().map(|node| points_rounded_up(node.bound)).min();
        least.map_or(self.incumbent_value, |bound| bound.min(self.incumbent_value))
    }

    /// Goes on until no node is open, the allowance is spent, or the monitor says stop.
    pub(crate) fn run(&mut self, allowance: Allowance, monitor: Monitor<'_>) {
        let last = self.nodes.saturating_add(allowance.nodes);
        let most = self.work.saturating_add(allowance.work);
        while let Some(node) = self.open.pop() {
            if !self.is_fathomed(node.bound) {
                self.nodes += 1;
                self.process(node, monitor);
            }
            let is_spent = self.nodes >= last || self.work >= most;
            if is_spent || self.stopped || monitor(&self.status(0)) {
                break;
            }
        }
    }

    /// How the search stands, with work that is not counted yet.
    pub(crate) fn status(&self, more: u64) -> SearchStatus {
        SearchStatus { work: self.work + more, value: self.incumbent_value, bound: self.bound() }
    }

    /// Whether a node with this bound, in fixed point, holds no plan that is better than the incumbent.
    pub(crate) fn is_fathomed(&self, bound: i64) -> bool {
        bound > self.cutoff()
    }

    /// The cutoff, in fixed point: a better plan costs at least one point less than the incumbent, so at most this.
    pub(crate) fn cutoff(&self) -> i64 {
        (self.incumbent_value - 1) * SCALE
    }

    fn process(&mut self, mut node: Node<'m>, monitor: Monitor<'_>) {
        node.relaxation.work = 0;
        let mut status = self.status(0);
        status.bound = status.bound.min(points_rounded_up(node.bound));
        let mut stopped = false;
        let children = self.expand(&mut node, &mut |work| {
            stopped = stopped || monitor(&SearchStatus { work: status.work + work, ..status });
            stopped
        });
        self.work += node.relaxation.work;
        if stopped {
            self.stopped = true;
            self.open.push(node);
            return;
        }
        for child in children {
            if !self.is_fathomed(child.bound) {
                self.open.push(child);
            }
        }
    }

    /// The children of a node, the one with the lower bound last; none if the node is fathomed.
    fn expand(&mut self, node: &mut Node<'m>, stop: &mut dyn FnMut(u64) -> bool) -> Vec<Node<'m>> {
        if node.totals > 0 {
            node.relaxation.add_totals(NODE_ASCENT.smoothing.1);
        }
        for _ in 0..FIXING_ROUNDS {
            let mut stopped = false;
            let bound = node.relaxation.ascend(NODE_ASCENT, self.cutoff(), |relaxation, _| {
                stopped = stop(relaxation.work);
                stopped
            });
            node.bound = node.bound.max(bound);
            if stopped || self.is_fathomed(node.bound) {
                return Vec::new();
            }
            let left = node.relaxation.open_options();
            if !node.relaxation.fix_by_reduced_cost(self.cutoff() - bound) {
                return Vec::new();
            }
            if node.relaxation.open_options() * 10 > left * WORTH_ANOTHER_ROUND_TENTHS {
                break;
            }
        }
        if self.offer_if_complete(&node.relaxation) {
            return Vec::new();
        }
        if let Some(children) = self.branch_on_total(node) {
            return children;
        }
        node.relaxation.lagrangian_bound(NODE_ASCENT.smoothing.1);
        self.strong_branching(node, stop)
    }

    /// Makes a plan the incumbent if it is better. `value` is in points.
    pub(crate) fn offer(&mut self, groups: &[u32], value: i64) {
        if value < self.incumbent_value {
            self.incumbent_value = value;
            self.incumbent = Rc::new(groups.to_vec());
        }
    }

    /// Offers the plan of a relaxation in which every variable is fixed; whether it is one.
    pub(crate) fn offer_if_complete(&mut self, relaxation: &Relaxation<'m>) -> bool {
        let Some(groups) = relaxation.restriction.complete_assignment() else { return false };
        // Where all is fixed, the constant is the whole value.
        let value = relaxation.restriction.constant / SCALE;
        if value < self.incumbent_value {
            self.incumbent_value = value;
            self.incumbent = Rc::new(groups);
        }
        true
    }

    /// Branch and bound on a restriction, in a tree of its own with so many nodes. True if that tree was exhausted: the
    /// restriction holds nothing better than the incumbent, which may have come from it.
    pub(crate) fn solve_restriction(
        &mut self,
        mut relaxation: Relaxation<'m>,
        nodes: u64,
        monitor: Monitor<'_>,
    ) -> bool {
        relaxation.work = 0;
        let (done, bound) = (self.work, self.bound());
        let mut tree =
            BranchAndBound::new(relaxation, NO_BOUND, self.incumbent.clone(), self.incumbent_value);
        tree.run(Allowance { nodes, work: u64::MAX }, &mut |status| {
            monitor(&SearchStatus { work: done + status.work, bound, ..*status })
        });
        self.work += tree.work;
        self.incumbent = tree.incumbent;
        self.incumbent_value = tree.incumbent_value;
        self.stopped |= tree.stopped;
        tree.open.is_empty()
    }

    /// Ascends at the root, fixes by reduced costs there, and begins the tree anew from it. False if nothing is left open:
    /// the incumbent is optimal.
    pub(crate) fn tighten_root(
        &mut self,
        relaxation: &mut Relaxation<'m>,
        monitor: Monitor<'_>,
    ) -> bool {
        relaxation.work = 0;
        let status = self.status(0);
        let before = self.open.iter().map(|node| node.bound).min().unwrap_or(i64::MIN);
        let reached = relaxation.ascend(TIGHTENING_ASCENT, self.cutoff(), |relaxation, _| {
            self.stopped |=
                monitor(&SearchStatus { work: status.work + relaxation.work, ..status });
            self.stopped
        });
        let bound = reached.max(before);
        let possible =
            !self.is_fathomed(bound) && relaxation.fix_by_reduced_cost(self.cutoff() - reached);
        self.work += relaxation.work;
        relaxation.work = 0;
        self.open = vec![Node { relaxation: relaxation.clone(), bound, totals: MAX_TOTALS }];
        if !possible {
            self.open.clear();
        }
        possible
    }
}

/// The least whole number of points that is not below a bound in fixed point.
pub(crate) fn points_rounded_up(bound: i64) -> i64 {
    bound.div_euclid(SCALE) + i64::from(bound.rem_euclid(SCALE) > 0)
}
