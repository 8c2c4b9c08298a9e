//! The most that fits: how many of each class of people the places can take, and which places are too few if not all.
//! It must never know people, groups or rounds.

use std::collections::VecDeque;

/// What fits, and what is tight.
pub(crate) struct Fit {
    /// How many are placed.
    pub(crate) placed: i64,
    /// The classes that have too few places, and the places they can have.
    pub(crate) short_classes: Vec<usize>,
    pub(crate) short_places: Vec<usize>,
}

/// Fits classes (how many, and which places they can have) into places by flows along shortest ways.
pub(crate) fn fit(classes: &[(i64, Vec<usize>)], places: &[i64]) -> Fit {
    let (source, first, sink) = (0, 1 + classes.len(), 1 + classes.len() + places.len());
    let mut room = vec![vec![0_i64; sink + 1]; sink + 1];
    for (row, (people, allowed)) in classes.iter().enumerate() {
        room[source][1 + row] = *people;
        allowed.iter().for_each(|&place| room[1 + row][first + place] = i64::MAX / 4);
    }
    for (row, &places) in places.iter().enumerate() {
        room[first + row][sink] = places;
    }
    let mut placed = 0;
    loop {
        let reached = reach(&room, source);
        let Some(way) = way(&reached, source, sink) else {
            let is_reached = |node: usize| reached[node].is_some();
            return Fit {
                placed,
                short_classes: (0..classes.len()).filter(|row| is_reached(1 + row)).collect(),
                short_places: (0..places.len()).filter(|row| is_reached(first + row)).collect(),
            };
        };
        let most = way.iter().map(|&(from, to)| room[from][to]).min().unwrap_or(0);
        for (from, to) in way {
            room[from][to] -= most;
            room[to][from] += most;
        }
        placed += most;
    }
}

/// From where every node is reached first.
fn reach(room: &[Vec<i64>], source: usize) -> Vec<Option<usize>> {
    let mut reached = vec![None; room.len()];
    reached[source] = Some(source);
    let mut waiting = VecDeque::from([source]);
    while let Some(from) = waiting.pop_front() {
        for to in 0..room.len() {
            if reached[to].is_none() && room[from][to] > 0 {
                reached[to] = Some(from);
                waiting.push_back(to);
            }
        }
    }
    reached
}

fn way(reached: &[Option<usize>], source: usize, sink: usize) -> Option<Vec<(usize, usize)>> {
    let (mut way, mut to) = (Vec::new(), sink);
    while to != source {
        let from = reached[to]?;
        way.push((from, to));
        to = from;
    }
    Some(way)
}
