//! Which of two rows of things belong together, without changing the order of either: first what is equal, then, between that,
//! what is alike. Must never know what the things are.

use std::hash::Hash;

use similar::{Algorithm, DiffTag, capture_diff_slices};

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
    for op in capture_diff_slices(Algorithm::Myers, old, new) {
        let (mut before, after) = (op.old_range(), op.new_range());
        if op.tag() == DiffTag::Equal {
            pairs.extend(before.zip(after).map(|(old, new)| Pair::Both(old, new)));
            continue;
        }
        for new in after {
            match before.clone().find(|old| alike(*old, new)) {
                Some(old) => {
                    pairs.extend((before.start..old).map(Pair::Before));
                    pairs.push(Pair::Both(old, new));
                    before.start = old + 1;
                }
                None => pairs.push(Pair::After(new)),
            }
        }
        pairs.extend(before.map(Pair::Before));
    }
    pairs
}

/// The things of both rows that stand elsewhere among the others: as few of them as explain the order, so that one that was taken to
/// the front has not moved all others.
pub fn moved<T: Eq + Hash + Clone>(old: &[T], new: &[T]) -> Vec<T> {
    let steps = capture_diff_slices(Algorithm::Myers, old, new);
    let taken = steps.iter().filter(|step| step.tag() != DiffTag::Equal);
    taken.flat_map(|step| old[step.old_range()].iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
