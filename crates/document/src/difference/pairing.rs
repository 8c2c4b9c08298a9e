//! Which of two rows of things belong together, without changing the order of either: first what is equal, then, between that,
//! what is alike. Must never know what the things are.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices};

/// Rows up to this length are searched in any case; of two of which one is longer than that, and so many times as long as the other,
/// nothing but their ends is taken to be the same: the search would take the square of the longer one.
const LONG: usize = 1_000;
const MOST_UNEQUAL: usize = 32;

/// A thing of the earlier row, of the later one, or one of each that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pair {
    Both(usize, usize),
    Before(usize),
    After(usize),
}

/// Both rows, what stood before first where one thing is in place of another.
pub fn pairs<T: Eq + Hash>(
    old: &[T],
    new: &[T],
    alike: impl Fn(usize, usize) -> bool,
) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for op in stretches(old, new) {
        let (mut before, after) = (op.old_range(), op.new_range());
        if op.tag() == DiffTag::Equal {
            pairs.extend(before.zip(after).map(|(old, new)| Pair::Both(old, new)));
            continue;
        }
        // What has come since the last pair.
        let mut come = Vec::new();
        for new in after {
            let Some(old) = before.clone().find(|old| alike(*old, new)) else {
                come.push(Pair::After(new));
                continue;
            };
            pairs.extend((before.start..old).map(Pair::Before));
            pairs.append(&mut come);
            pairs.push(Pair::Both(old, new));
            before.start = old + 1;
        }
        pairs.extend(before.map(Pair::Before));
        pairs.append(&mut come);
    }
    pairs
}

/// What is equal in two rows, in order, and what stands between. No clock limits the search, so that the same rows always give the
/// same.
pub(super) fn stretches<T: Eq + Hash>(old: &[T], new: &[T]) -> Vec<DiffOp> {
    let (shorter, longer) = (old.len().min(new.len()), old.len().max(new.len()));
    if longer <= LONG.max(shorter.saturating_mul(MOST_UNEQUAL)) {
        return capture_diff_slices(Algorithm::Myers, old, new);
    }
    let is_same = |(one, other): &(&T, &T)| one == other;
    let head = old.iter().zip(new).take_while(is_same).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(is_same).count();
    let equal = |old_index, new_index, len| DiffOp::Equal { old_index, new_index, len };
    let between = DiffOp::Replace {
        old_index: head,
        old_len: old.len() - head - tail,
        new_index: head,
        new_len: new.len() - head - tail,
    };
    let ops = [equal(0, 0, head), between, equal(old.len() - tail, new.len() - tail, tail)];
    ops.into_iter().filter(|op| !(op.old_range().is_empty() && op.new_range().is_empty())).collect()
}

/// The things of the earlier row that are not in the later one, or stand elsewhere among the others: as few of them as explain the
/// order, so that one that was taken to the front has not moved all others. Each stands once in its row.
pub fn moved<T: Eq + Hash + Clone>(old: &[T], new: &[T]) -> Vec<T> {
    let places: HashMap<&T, usize> =
        old.iter().enumerate().map(|(place, one)| (one, place)).collect();
    let former: Vec<usize> = new.iter().filter_map(|one| places.get(one).copied()).collect();
    let staying: BTreeSet<usize> = longest_rising(&former).into_iter().collect();
    let gone = old.iter().enumerate().filter(|(place, _)| !staying.contains(place));
    gone.map(|(_, one)| one.clone()).collect()
}

/// As many of the numbers as rise in their order, by patience: the last of each pile, and before it the last of the pile beside.
fn longest_rising(numbers: &[usize]) -> Vec<usize> {
    let mut piles: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(numbers.len());
    for (at, number) in numbers.iter().enumerate() {
        let pile = piles.partition_point(|&top| numbers[top] < *number);
        before.push(pile.checked_sub(1).map(|left| piles[left]));
        match piles.get_mut(pile) {
            Some(top) => *top = at,
            None => piles.push(at),
        }
    }
    let last = piles.last().copied();
    let mut rising: Vec<usize> =
        std::iter::successors(last, |&at| before[at]).map(|at| numbers[at]).collect();
    rising.reverse();
    rising
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_stood_before_comes_first_where_one_is_in_place_of_another() {
        use Pair::{After, Before, Both};
        let found = pairs(&[1, 20, 3], &[1, 40, 50, 3], |_, _| false);
        assert_eq!(found, [Both(0, 0), Before(1), After(1), After(2), Both(2, 3)]);
        let found = pairs(&[20, 31, 60], &[40, 30, 70], |old, new| old == new && old == 1);
        assert_eq!(found, [Before(0), After(0), Both(1, 1), Before(2), After(2)]);
    }

    #[test]
    fn of_very_unequal_rows_only_the_ends_are_the_same() {
        use Pair::{After, Before, Both};
        // A million of the same beside three would be a thousand thousand million steps.
        let many = [vec![1], vec![5; 1_000_000], vec![3]].concat();
        let found = pairs(&[1, 2, 3], &many, |_, _| false);
        assert_eq!(found[..3], [Both(0, 0), Before(1), After(1)]);
        assert_eq!(found.last(), Some(&Both(2, 1_000_001)));
        assert_eq!(pairs(&[], &many, |_, _| false).len(), many.len());
        assert_eq!(pairs(&many, &[1], |_, _| false).len(), many.len());
    }

    #[test]
    fn as_few_as_can_be_have_moved() {
        assert!(moved(&[0, 1, 2], &[0, 1, 2]).is_empty());
        assert_eq!(moved(&[0, 1, 2, 3], &[3, 0, 1, 2]), [3]);
        assert_eq!(moved(&[0, 1, 2], &[1, 2, 0]), [0]);
        assert_eq!(moved(&[0, 1], &[1, 0]), [1]);
        assert_eq!(moved(&[0, 1, 2], &[2, 5, 1, 0]).len(), 2);
        assert_eq!(moved(&[0, 1, 2], &[5, 2]), [0, 1], "what is gone is not there either");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_order_changes(old in prop::collection::vec(0_u8..9, 0..12), new in prop::collection::vec(0_u8..9, 0..12)) {
            let found = pairs(&old, &new, |left, right| old[left].abs_diff(new[right]) < 2);
            let olds: Vec<usize> = found.iter().filter_map(|pair| match pair {
                Pair::Both(old, _) | Pair::Before(old) => Some(*old),
                Pair::After(_) => None,
            }).collect();
            let news: Vec<usize> = found.iter().filter_map(|pair| match pair {
                Pair::Both(_, new) | Pair::After(new) => Some(*new),
                Pair::Before(_) => None,
            }).collect();
            prop_assert_eq!(olds, (0..old.len()).collect::<Vec<_>>());
            prop_assert_eq!(news, (0..new.len()).collect::<Vec<_>>());
        }
    }
}
