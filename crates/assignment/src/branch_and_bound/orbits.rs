//! Orbital branching (Ostrowski, Linderoth, Rossi & Smriglio 2011). Blocks that are alike in everything that is still open can take each
//! other's places in any plan, and it costs the same: their variables are an orbit. So where a variable takes an option in one child, the other
//! child may forbid that option to all that are alike: a plan in which one of them takes it is a plan of the first child with
//! names changed. It must never know names.

use crate::relaxation::Relaxation;
use crate::relaxation::restriction::OpenBlock;

impl Relaxation<'_> {
    /// Takes an option away from a variable, and the same from all that can stand in for it. To be followed by
    /// [`Relaxation::propagate`] some time.
    pub(super) fn forbid_in_orbit(&mut self, variable: usize, option: u32) {
        let place = self.domain(variable).iter().position(|&one| one == option);
        for alike in self.orbit(variable) {
            let forbidden = place.map(|place| self.domain(alike)[place]);
            self.restrict_domain(alike, |option| Some(option) != forbidden);
        }
    }

    /// A variable and those that can stand in for it: at the same place in blocks that have the same left to them.
    fn orbit(&self, variable: usize) -> Vec<usize> {
        let blocks = &self.restriction.blocks;
        let Some(own) = blocks.iter().find(|block| block.range().contains(&variable)) else {
            return vec![variable];
        };
        let place = variable - own.first as usize;
        let alike = blocks.iter().filter(|&&other| self.are_alike(*own, other));
        alike.map(|block| block.first as usize + place).collect()
    }

    /// Whether two blocks have the same options left, that cost the same and count in the same cells. Only of blocks of one person
    /// it is known that nothing else tells them apart.
    fn are_alike(&self, one: OpenBlock, other: OpenBlock) -> bool {
        // A block of nobody begins where the next one does.
        if one.variables != other.variables {
            return false;
        }
        if one.first == other.first {
            return true;
        }
        let is_comparable = one.is_single && other.is_single;
        is_comparable
            && one.range().zip(other.range()).all(|(one, other)| {
                let (own, others) = (self.domain(one), self.domain(other));
                own.len() == others.len()
                    && own.iter().zip(others).all(|(&own, &other)| self.is_same(own, other))
            })
    }

    fn is_same(&self, one: u32, other: u32) -> bool {
        let (restriction, one, other) = (&self.restriction, one as usize, other as usize);
        restriction.groups[one] == restriction.groups[other]
            && restriction.costs[one] == restriction.costs[other]
            && restriction.pays_repeat(one) == restriction.pays_repeat(other)
            && restriction.entries(one) == restriction.entries(other)
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use proptest::prelude::*;

    use super::super::{Allowance, BranchAndBound, NO_BOUND};
    use crate::model::Model;
    use crate::relaxation::Relaxation;
    use crate::relaxation::restriction::Restriction;
    use crate::tests::random::any_instance_of_alike;
    use crate::tests::{exhaustive, group_id, person_id, round_id};
    use crate::{Group, Instance, Person, Round};

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

        /// Whatever option is branched on, of whomever: the best of all plans costs what the better of the two children holds.
        #[test]
        fn the_best_value_is_not_lost_between_the_two_children(
            instance in prop_oneof![
                any_instance_of_alike(2..=3, 1..=2, 3..=3),
                any_instance_of_alike(2..=4, 2..=3, 1..=1),
            ]
        ) {
            let (model, best) = (Model::new(&instance), exhaustive::best(&instance).value);
            let mut root = Relaxation::new(Restriction::whole(&model));
            prop_assert!(root.propagate());
            let value = |mut child: Relaxation<'_>| {
                child.propagate().then(|| {
                    let nothing = Rc::new(Vec::new());
                    let mut tree = BranchAndBound::new(child, NO_BOUND, nothing, best + 1);
                    tree.run(Allowance { nodes: 10_000, work: u64::MAX }, &mut |_| false);
                    tree.bound()
                })
            };
            for variable in 0..root.variables() {
                for option in root.domain(variable).to_vec() {
                    let (mut first, mut second) = (root.clone(), root.clone());
                    first.restrict_domain(variable, |one| one == option);
                    second.forbid_in_orbit(variable, option);
                    let values = [value(first), value(second)];
                    prop_assert_eq!(values.into_iter().flatten().min(), Some(best));
                }
            }
        }
    }

    #[test]
    fn an_option_is_forbidden_to_all_who_are_alike_and_to_nobody_else() {
        let person = |number: usize| Person {
            id: person_id(number),
            sector: ["academia", "media"][usize::from(number == 3)].to_owned(),
            ..Person::default()
        };
        let group = |number| Group { id: group_id(number), max: 4, ..Group::default() };
        let instance = Instance {
            groups: (0..3).map(group).collect(),
            rounds: vec![Round { id: round_id(0) }],
            people: (0..4).map(person).collect(),
            ..Instance::default()
        };
        let model = Model::new(&instance);
        let mut relaxation = Relaxation::new(Restriction::whole(&model));
        let variable = (0..4).find(|&one| model.indexed.instance.people[one].sector == "academia");
        let variable = variable.expect("three are of academia");
        relaxation.forbid_in_orbit(variable, relaxation.domain(variable)[0]);
        for variable in 0..4 {
            let people =
                &model.variables[relaxation.restriction.variables[variable] as usize].people;
            let is_alike = model.indexed.instance.people[people[0] as usize].sector == "academia";
            assert_eq!(relaxation.domain_size(variable), if is_alike { 3 } else { 4 });
        }
    }
}
