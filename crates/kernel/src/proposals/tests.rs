//! The rule of two against a model: people appoint one another, alone or by two, lose their roles and get others; then whoever one
//! person could have put in place by themselves, with all that those could, must never be two.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::db::types::Id;

const PEOPLE: usize = 6;

fn account(number: usize) -> AccountId {
    Id::new(Uuid::from_u128(number as u128 + 1))
}

fn standing(number: usize, roles: &[BTreeSet<AccountId>]) -> Standing {
    Standing { id: account(number), made_by: made_by(roles), deputy_of: None }
}

/// What happens: who appoints whom, with whose confirmation; or somebody loses a role.
#[derive(Debug, Clone)]
enum Happens {
    Operator { whom: usize },
    Alone { by: usize, whom: usize },
    Two { by: usize, second: usize, whom: usize },
    Loses { whom: usize, which: usize },
}

fn happens() -> impl Strategy<Value = Happens> {
    let one = || 0..PEOPLE;
    prop_oneof![
        1 => one().prop_map(|whom| Happens::Operator { whom }),
        4 => (one(), one()).prop_map(|(by, whom)| Happens::Alone { by, whom }),
        4 => (one(), one(), one()).prop_map(|(by, second, whom)| Happens::Two { by, second, whom }),
        1 => (one(), 0..4_usize).prop_map(|(whom, which)| Happens::Loses { whom, which }),
    ]
}

/// What the program keeps: for each role of each person who answers for it.
type Kept = BTreeMap<usize, Vec<BTreeSet<AccountId>>>;

/// The model: for one suspected person, whether each role of each person was in their hands when it was given, without any of the
/// program's sets.
type Hands = BTreeMap<usize, Vec<bool>>;

/// Whether the suspect acts through this person: they are the suspect, or have every role from the suspect's hands.
fn in_hands(hands: &Hands, suspect: usize, person: usize) -> bool {
    let roles = hands.get(&person).map_or(&[][..], Vec::as_slice);
    person == suspect || (!roles.is_empty() && roles.iter().all(|of_suspect| *of_suspect))
}

/// Everything that happens, kept as the program does and as seen of each suspect.
fn history(steps: &[Happens]) -> (Kept, Vec<Hands>) {
    let mut kept = Kept::new();
    let mut all: Vec<Hands> = vec![Hands::new(); PEOPLE];
    for step in steps {
        let roles = |who: usize, kept: &Kept| kept.get(&who).cloned().unwrap_or_default();
        match *step {
            Happens::Operator { whom } => {
                kept.entry(whom).or_default().push(BTreeSet::new());
                all.iter_mut().for_each(|hands| hands.entry(whom).or_default().push(false));
            }
            Happens::Alone { by, whom } => {
                if roles(by, &kept).is_empty() {
                    continue;
                }
                let answering = answering(&standing(by, &roles(by, &kept)), None);
                kept.entry(whom).or_default().push(answering);
                for (suspect, hands) in all.iter_mut().enumerate() {
                    let of_suspect = in_hands(hands, suspect, by);
                    hands.entry(whom).or_default().push(of_suspect);
                }
            }
            Happens::Two { by, second, whom } => {
                let (one, other) = (roles(by, &kept), roles(second, &kept));
                if one.is_empty() || other.is_empty() {
                    continue;
                }
                let (one, other) = (standing(by, &one), standing(second, &other));
                if !other.may_confirm_for(&one, &BTreeSet::new()) || whom == second {
                    continue;
                }
                let answering = answering(&one, Some(&other));
                kept.entry(whom).or_default().push(answering);
                for (suspect, hands) in all.iter_mut().enumerate() {
                    let both = in_hands(hands, suspect, by) && in_hands(hands, suspect, second);
                    hands.entry(whom).or_default().push(both);
                }
            }
            Happens::Loses { whom, which } => {
                if let Some(roles) = kept.get_mut(&whom).filter(|roles| which < roles.len()) {
                    roles.remove(which);
                    for hands in &mut all {
                        hands.entry(whom).or_default().remove(which);
                    }
                }
            }
        }
    }
    (kept, all)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Nobody acts as two: of a suspect and all in their hands no two confirm for one another. And nobody is kept from it for
    /// nothing: where two do not, there is one person who has both in hand.
    #[test]
    fn two_are_two_exactly_where_no_single_person_has_both_in_hand(
        steps in proptest::collection::vec(happens(), 0..24),
    ) {
        let (kept, all) = history(&steps);
        let people: Vec<usize> =
            (0..PEOPLE).filter(|one| kept.get(one).is_some_and(|roles| !roles.is_empty())).collect();
        for one in &people {
            for other in &people {
                let (first, second) = (standing(*one, &kept[one]), standing(*other, &kept[other]));
                let allowed = second.may_confirm_for(&first, &BTreeSet::new());
                let suspect = all.iter().enumerate().find(|(suspect, hands)| {
                    in_hands(hands, *suspect, *one) && in_hands(hands, *suspect, *other)
                });
                prop_assert_eq!(allowed, suspect.is_none(), "{} and {}: {:?}", one, other, suspect.map(|(one, _)| one));
                prop_assert_eq!(allowed, first.may_confirm_for(&second, &BTreeSet::new()), "it goes both ways");
            }
        }
    }

    /// However a single person appoints, whom those appoint, and whose roles they take: the one who was alone stays alone.
    #[test]
    fn one_person_never_makes_two(
        steps in proptest::collection::vec(
            happens().prop_filter("the operator appoints nobody", |step| !matches!(step, Happens::Operator { .. })),
            0..24,
        ),
    ) {
        let mut all = vec![Happens::Operator { whom: 0 }];
        all.extend(steps);
        let (kept, _) = history(&all);
        for one in kept.keys() {
            for other in kept.keys() {
                // Who took part in the one appointment of the operator's is in everybody's hands who follows.
                let (first, second) = (standing(*one, &kept[one]), standing(*other, &kept[other]));
                if kept[one].is_empty() || kept[other].is_empty() {
                    continue;
                }
                prop_assert!(!second.may_confirm_for(&first, &BTreeSet::new()), "{} and {}", one, other);
            }
        }
    }
}

#[test]
fn who_appointed_whom_in_every_way_that_was_thought_of() {
    let nobody: BTreeSet<AccountId> = BTreeSet::new();
    let by = |people: &[usize]| people.iter().map(|one| account(*one)).collect::<BTreeSet<_>>();
    let no_ties = BTreeSet::new();
    let two = |one: &Standing, other: &Standing| other.may_confirm_for(one, &no_ties);
    let (a, b) =
        (standing(0, std::slice::from_ref(&nobody)), standing(1, std::slice::from_ref(&nobody)));
    assert!(two(&a, &b), "the operator appointed both");
    assert!(!two(&a, &a), "nobody confirms for themselves");
    let puppet = standing(2, &[answering(&a, None)]);
    assert_eq!(puppet.made_by, by(&[0]));
    assert!(!two(&a, &puppet) && !two(&puppet, &a), "neither for whom one appointed nor by whom");
    assert!(two(&b, &puppet), "somebody else's appointee is somebody else");
    let second = standing(3, &[answering(&a, None)]);
    assert!(!two(&puppet, &second), "the same person appointed both");
    let grandchild = standing(4, &[answering(&puppet, None)]);
    assert!(!two(&a, &grandchild), "nor through another one");
    let joint = standing(5, &[answering(&a, Some(&b))]);
    assert_eq!(joint.made_by, nobody);
    assert!(two(&a, &joint) && two(&b, &joint), "two people appointed them");
    let also = standing(2, &[answering(&a, None), answering(&b, None)]);
    assert!(two(&a, &also), "they would be there without this one");
}

#[test]
fn a_deputy_is_one_of_another_organization_for_whom_nobody_answers_alone() {
    let organization = |number: u128| -> OrganizationId { Id::new(Uuid::from_u128(number)) };
    let secretary = standing(0, &[BTreeSet::new()]);
    let deputy = |made_by: &[BTreeSet<AccountId>]| Standing {
        deputy_of: Some(BTreeSet::from([organization(7)])),
        ..standing(1, made_by)
    };
    let ties = |number: u128| BTreeSet::from([organization(number)]);
    let appointed = deputy(&[BTreeSet::new()]);
    assert!(appointed.may_confirm_for(&secretary, &BTreeSet::new()));
    assert!(appointed.may_confirm_for(&secretary, &ties(8)));
    assert!(!appointed.may_confirm_for(&secretary, &ties(7)), "of the proposer's organization");
    let puppet = deputy(&[BTreeSet::from([account(3)])]);
    assert!(!puppet.may_confirm_for(&secretary, &BTreeSet::new()), "one person appointed them");
    let unnamed = Standing { deputy_of: Some(BTreeSet::new()), ..appointed };
    assert!(!unnamed.may_confirm_for(&secretary, &BTreeSet::new()), "of no organization");
}

#[test]
fn one_person_acts_alone_until_there_were_two_or_it_was_chosen() {
    for (chosen, only_one_ever, seconds, expected) in [
        (None, true, 0, Needed::Nobody),
        (None, false, 0, Needed::Notice),
        (None, false, 1, Needed::SecondPerson),
        (Some(true), true, 0, Needed::Notice),
        (Some(true), true, 2, Needed::SecondPerson),
        (Some(false), false, 2, Needed::Nobody),
    ] {
        assert_eq!(
            needs(chosen, only_one_ever, seconds),
            expected,
            "{chosen:?} {only_one_ever} {seconds}"
        );
    }
}
