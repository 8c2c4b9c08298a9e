//! Maximum flow by shortest augmenting paths (Edmonds & Karp 1972), with its minimum cut, on a network of two layers: from a source to
//! classes of people, to the places they can have, to a sink. Small and dense, so a matrix holds it. It must never know groups or rounds.

use std::collections::VecDeque;

/// The capacity of an arc that has no limit: more than any flow, and far from overflow.
const UNLIMITED: i64 = i64::MAX / 4;

/// A maximum flow and its minimum cut.
pub(crate) struct MaxFlow {
    /// How many are placed: the value of the flow.
    pub(crate) value: i64,
    /// The source's side of the cut: if not all are placed, the classes that have too few places, and the places they can have.
    pub(crate) cut_classes: Vec<usize>,
    pub(crate) cut_places: Vec<usize>,
}

/// The maximum flow of classes (how many, and which places they can have) into places (how many each takes).
pub(crate) fn max_flow(classes: &[(i64, Vec<usize>)], places: &[i64]) -> MaxFlow {
    let (source, first, sink) = (0, 1 + classes.len(), 1 + classes.len() + places.len());
    let mut residual = vec![vec![0_i64; sink + 1]; sink + 1];
    for (index, (people, allowed)) in classes.iter().enumerate() {
        residual[source][1 + index] = *people;
        allowed.iter().for_each(|&place| residual[1 + index][first + place] = UNLIMITED);
    }
    for (index, &places) in places.iter().enumerate() {
        residual[first + index][sink] = places;
    }
    let mut value = 0;
    loop {
        let predecessor = breadth_first(&residual, source);
        let Some(path) = augmenting_path(&predecessor, source, sink) else {
            let is_reached = |node: usize| predecessor[node].is_some();
            return MaxFlow {
                value,
                cut_classes: (0..classes.len()).filter(|index| is_reached(1 + index)).collect(),
                cut_places: (0..places.len()).filter(|index| is_reached(first + index)).collect(),
            };
        };
        let bottleneck = path.iter().map(|&(from, to)| residual[from][to]).min().unwrap_or(0);
        for (from, to) in path {
            residual[from][to] -= bottleneck;
            residual[to][from] += bottleneck;
        }
        value += bottleneck;
    }
}

/// By breadth-first search: from where every node is reached first.
fn breadth_first(residual: &[Vec<i64>], source: usize) -> Vec<Option<usize>> {
    let mut predecessor = vec![None; residual.len()];
    predecessor[source] = Some(source);
    let mut waiting = VecDeque::from([source]);
    while let Some(from) = waiting.pop_front() {
        for to in 0..residual.len() {
            if predecessor[to].is_none() && residual[from][to] > 0 {
                predecessor[to] = Some(from);
                waiting.push_back(to);
            }
        }
    }
    predecessor
}

/// The arcs of the path by which the sink was reached, if it was.
fn augmenting_path(
    predecessor: &[Option<usize>],
    source: usize,
    sink: usize,
) -> Option<Vec<(usize, usize)>> {
    let (mut path, mut to) = (Vec::new(), sink);
    while to != source {
        let from = predecessor[to]?;
        path.push((from, to));
        to = from;
    }
    Some(path)
}
