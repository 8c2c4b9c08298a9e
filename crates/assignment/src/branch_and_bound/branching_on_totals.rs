//! Branching on a total, one of the general disjunctions (Owen & Mehrotra 2001, "Experimental results on using general disjunctions in
//! branch-and-bound"): at most so many people get a group of this rank, or at least one more. Where nearly alike people can stand
//! in for each other, a fractional solution can give them halves so that every count is whole and yet a total is not; then
//! no decision about a single person raises the bound, and the tree would be as large as there are ways to round. Like the cut of
//! Chvátal and Gomory that rounds such a sum up, this decides it at once.

use super::{BranchAndBound, Node};
use crate::relaxation::{Relaxation, SCALE};

/// By how much a total must differ from the next whole number for a branch, of people.
const MIN_FRACTIONALITY: f64 = 0.15;

impl<'m> BranchAndBound<'m> {
    /// The two children of a node at its most fractional total, if they are so near to being fathomed that this may do it: the bound
    /// within a point of the cutoff.
    pub(super) fn branch_on_total(&self, node: &mut Node<'m>) -> Option<Vec<Node<'m>>> {
        let left = node.totals.checked_sub(1)?;
        node.totals = 0;
        if node.bound + SCALE <= self.cutoff() {
            return None;
        }
        let relaxation = &node.relaxation;
        let fractionality = |cell: usize| {
            let above = relaxation.mean_activity[cell].fract();
            above.min(1.0 - above)
        };
        let total = relaxation
            .totals()
            .max_by(|&one, &other| fractionality(one).total_cmp(&fractionality(other)))
            .filter(|&total| fractionality(total) >= MIN_FRACTIONALITY)?;
        let most = relaxation.mean_activity[total] as i64;
        let relaxations = split(relaxation, total, most);
        let child = |relaxation| Node { relaxation, bound: node.bound, totals: left };
        Some(relaxations.into_iter().flatten().map(child).collect())
    }
}

/// Those with a total of so many at most, and with more; none where that cannot be.
fn split<'m>(relaxation: &Relaxation<'m>, total: usize, most: i64) -> [Option<Relaxation<'m>>; 2] {
    let (low, high) = relaxation.ranges[total];
    [(low, high.min(most)), (low.max(most + 1), high)].map(|range| {
        let mut relaxation = relaxation.clone();
        relaxation.work = 0;
        relaxation.ranges[total] = range;
        relaxation.propagate().then_some(relaxation)
    })
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use proptest::prelude::*;

    use super::super::{Allowance, NO_BOUND};
    use super::*;
    use crate::model::Model;
    use crate::relaxation::restriction::Restriction;
    use crate::tests::exhaustive;
    use crate::tests::random::any_instance_of_alike;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

        /// Whatever total is branched on, and wherever: the best of all plans is on one side, and is found there.
        #[test]
        fn no_plan_is_lost_between_the_two_sides(
            instance in prop_oneof![
                any_instance_of_alike(2..=3, 1..=2, 3..=3),
                any_instance_of_alike(2..=4, 2..=3, 1..=1),
            ]
        ) {
            let (model, best) = (Model::new(&instance), exhaustive::best(&instance).value);
            let mut relaxation = Relaxation::new(Restriction::whole(&model));
            prop_assert!(relaxation.propagate());
            relaxation.add_totals(0.0);
            for total in relaxation.totals().collect::<Vec<_>>() {
                for most in relaxation.ranges[total].0 - 1..=relaxation.ranges[total].1 {
                    let sides = split(&relaxation, total, most).into_iter().flatten();
                    let values = sides.map(|side| {
                        let nothing = Rc::new(Vec::new());
                        let mut tree = BranchAndBound::new(side, NO_BOUND, nothing, best + 1);
                        tree.run(Allowance { nodes: 10_000, work: u64::MAX }, &mut |_| false);
                        tree.bound()
                    });
                    prop_assert_eq!(values.min(), Some(best));
                }
            }
        }
    }
}
