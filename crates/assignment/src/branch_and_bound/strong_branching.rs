//! Strong branching: for each of some candidates both children are bounded at their parent's multipliers, after what follows from the
//! decision, and the candidate whose children rise the most is taken. An ascent at each child would tell hardly more: a few iterations
//! rise above that bound by less than candidates differ. Scores are products of the two gains, and the search for a better candidate ends after a
//! number of failures, as Achterberg, Koch & Martin (2005, "Branching rules revisited") have it.

use super::{BranchAndBound, Node};
use crate::relaxation::{INFEASIBLE, SCALE};

// No derivation is written down for the numbers below; take them as tuned.

/// Candidates that are tried at a node, at most.
const MAX_CANDIDATES: usize = 24;
/// The lookahead: candidates in a row that may be no better than the best one, and with one more the search for a better one ends.
const LOOKAHEAD: u32 = 6;
/// The least gain of a child that a score counts, in fixed point: a hundredth of a point, so that one child without any gain does
/// not make all products 0.
const MIN_GAIN: i64 = SCALE / 100;
/// Divides each gain before they are multiplied, which leaves the product more room below the largest integer.
const GAIN_DIVISOR: i64 = 16;
/// What a variable's fractionality counts: thousandths of how far its largest fraction is from 1.
const FRACTIONALITY_SCALE: f64 = 1_000.0;
/// What each counter that a variable counts in adds to its priority, beside fractionality in thousandths: fixing it then decides
/// more elsewhere.
const PRIORITY_PER_COUNTER: i64 = 20;

/// A way to split a node in two: the variable takes this option, or neither it nor any that is alike does.
#[derive(Debug, Clone, Copy)]
struct Branching {
    variable: usize,
    option: u32,
}

impl<'m> BranchAndBound<'m> {
    /// The children of the best candidate that are not fathomed, the one with the lower bound last. None if the node is
    /// fathomed by what was tried, or `stop` says so.
    pub(super) fn strong_branching(
        &self,
        node: &mut Node<'m>,
        stop: &mut dyn FnMut(u64) -> bool,
    ) -> Vec<Node<'m>> {
        let candidates = self.candidates(node);
        let mut fails = 0;
        let mut best: Option<(i64, Vec<Node<'m>>)> = None;
        for branching in candidates {
            let (children, work) = self.try_children(node, branching);
            node.relaxation.work += work;
            if children.is_empty() || stop(node.relaxation.work) {
                return Vec::new();
            }
            let only = children.len() == 1;
            let gain = |bound: i64| (bound.min(self.cutoff()) - node.bound).max(0) + MIN_GAIN;
            let (one, two) = match children.as_slice() {
                [one] => (gain(one.bound), gain(self.cutoff())),
                [one, two, ..] => (gain(one.bound), gain(two.bound)),
                [] => (0, 0),
            };
            let score = (one / GAIN_DIVISOR).saturating_mul(two / GAIN_DIVISOR);
            fails += 1;
            if best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, children));
                fails = 0;
            }
            if only || fails > LOOKAHEAD {
                break;
            }
        }
        let mut children = best.map(|(_, children)| children).unwrap_or_default();
        children.sort_by_key(|child| std::cmp::Reverse(child.bound));
        children
    }

    /// The children that are not fathomed at the multipliers of their parent, and the work that took.
    fn try_children(&self, node: &Node<'m>, branching: Branching) -> (Vec<Node<'m>>, u64) {
        let (mut children, mut work) = (Vec::new(), 0);
        for is_second in [false, true] {
            let mut relaxation = node.relaxation.clone();
            let before = relaxation.work;
            if is_second {
                relaxation.forbid_in_orbit(branching.variable, branching.option);
            } else {
                relaxation.restrict_domain(branching.variable, |option| option == branching.option);
            }
            let bound = if relaxation.propagate() { relaxation.bound_alone() } else { INFEASIBLE };
            work += relaxation.work - before;
            let bound = bound.max(node.bound);
            if !self.is_fathomed(bound) {
                children.push(Node { relaxation, bound, totals: 0 });
            }
        }
        (children, work)
    }

    /// The variables that are farthest from being decided, those first that count in many counters: a variable decides more that
    /// follows than a bound on a counter does.
    fn candidates(&self, node: &Node<'m>) -> Vec<Branching> {
        let (relaxation, model) = (&node.relaxation, node.relaxation.restriction.model);
        let mut candidates: Vec<(i64, usize, Branching)> = Vec::new();
        for variable in
            (0..relaxation.variables()).filter(|&variable| relaxation.domain_size(variable) > 1)
        {
            let Some((fraction, option)) = relaxation.largest_fraction(variable) else { continue };
            let index = relaxation.restriction.variables[variable] as usize;
            let counters = model.contributions(index).len() as i64;
            let fractionality = ((1.0 - fraction) * FRACTIONALITY_SCALE) as i64;
            let priority = fractionality + counters * PRIORITY_PER_COUNTER;
            candidates.push((priority, variable, Branching { variable, option }));
        }
        candidates.sort_by_key(|(priority, variable, _)| (-priority, *variable));
        candidates.truncate(MAX_CANDIDATES);
        candidates.into_iter().map(|(_, _, branching)| branching).collect()
    }
}
