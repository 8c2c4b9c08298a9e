//! Infeasible instances, and the sentences about them.

use super::*;

fn said(instance: &Instance) -> Vec<String> {
    let name = |id: Uuid| format!("{:x}", id.as_u128());
    clashes(instance).iter().map(|clash| clash.sentence(&name)).collect()
}

#[test]
fn too_few_places_are_told_with_what_would_do() {
    let mut instance = instance(2, 1, (0..7).map(person).collect());
    instance.groups.iter_mut().for_each(|group| group.max = 3);
    assert_eq!(
        said(&instance),
        [
            "2000: 1 more places needed: 7 people can only be in 1000 and 1001, which take 6: raise the maximum of any \
             of them by 1 in all, or raise the maximum of 1000 from 3 to 4, or raise the maximum of 1001 from 3 to 4"
        ]
    );
    assert!(
        matches!(solved(&instance).unmet.as_slice(), [Unmet::OverCapacity { people, .. }] if people.len() == 1)
    );
}

#[test]
fn a_minimum_that_cannot_be_met_is_told_with_what_would_do() {
    let mut instance = instance(1, 1, (0..8).map(person).collect());
    instance.groups[0].min = 10;
    assert_eq!(
        said(&instance),
        [
            "2000: the minima of 1000 add up to 10, and there are 8 people for them: lower their minima by 2 in all, or \
             lower the minimum of 1000 from 10 to 8"
        ]
    );
}

#[test]
fn people_who_must_be_together_and_are_pinned_apart_are_told() {
    let mut people: Vec<Person> = (0..2).map(person).collect();
    people[0].pinned = vec![Pin { round: None, group: group_id(0) }];
    people[1].pinned = vec![Pin { round: None, group: group_id(1) }];
    let instance =
        Instance { together: vec![vec![person_id(0), person_id(1)]], ..instance(2, 1, people) };
    assert_eq!(
        said(&instance),
        [
            "2000: 3000 and 3001 must be together, and no group can take them all: let 3000 and 3001 be in different \
             groups"
        ]
    );
}

#[test]
fn somebody_without_a_language_in_common_is_told_which_would_do() {
    let mut instance = instance(1, 1, vec![person(0)]);
    instance.groups[0].languages = vec!["en".to_owned()];
    instance.people[0].languages = vec!["fr".to_owned()];
    assert_eq!(
        said(&instance),
        ["no group shares a language with 3000: add fr to a group, or add en to 3000"]
    );
}
