//! What stands elsewhere when the same things come in another order. Pure.

/// The places of those that stay: as many as can be, so that one that was taken to the front has not moved all others. `order` holds
/// the former place of each, in the present order, every one once.
pub(super) fn staying(order: &[usize]) -> Vec<usize> {
    // The longest rising run, by patience: the last of each pile, and before it the last of the pile beside.
    let mut piles: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(order.len());
    for (at, former) in order.iter().enumerate() {
        let pile = piles.partition_point(|&top| order[top] < *former);
        before.push(pile.checked_sub(1).map(|left| piles[left]));
        match piles.get_mut(pile) {
            Some(top) => *top = at,
            None => piles.push(at),
        }
    }
    let mut staying = Vec::with_capacity(piles.len());
    let mut next = piles.last().copied();
    while let Some(at) = next {
        staying.push(at);
        next = before[at];
    }
    staying.reverse();
    staying
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_few_as_can_be_have_moved() {
        assert_eq!(staying(&[0, 1, 2]), [0, 1, 2]);
        assert_eq!(staying(&[3, 0, 1, 2]), [1, 2, 3]);
        assert_eq!(staying(&[1, 2, 0]), [0, 1]);
        assert_eq!(staying(&[]), [] as [usize; 0]);
        assert_eq!(staying(&[2, 1, 0]).len(), 1);
    }
}
