//! Cheapest flow through a network with integer costs: how many people of a kind go to which group. It must never know
//! what flows: people, groups and rounds are its callers' business.

use std::collections::VecDeque;

/// A directed network. Nodes are numbered from 0; the first arc added is the first choice among equals.
pub(super) struct Network {
    leaving: Vec<Vec<usize>>,
    arcs: Vec<Arc>,
}

/// Names an arc, so that its flow can be asked for afterwards.
#[derive(Clone, Copy)]
pub(super) struct ArcId(usize);

struct Arc {
    to: usize,
    room: i64,
    cost: i64,
}

impl Network {
    pub(super) fn new(nodes: usize) -> Self {
        Self { leaving: vec![Vec::new(); nodes], arcs: Vec::new() }
    }

    /// Adds an arc. Costs may be negative as long as no cycle of arcs has a negative sum.
    pub(super) fn arc(&mut self, from: usize, to: usize, capacity: i64, cost: i64) -> ArcId {
        let id = self.arcs.len();
        self.arcs.push(Arc { to, room: capacity, cost });
        self.arcs.push(Arc { to: from, room: 0, cost: -cost });
        self.leaving[from].push(id);
        self.leaving[to].push(id + 1);
        ArcId(id)
    }

    /// How much flows through an arc.
    pub(super) fn flow(&self, arc: ArcId) -> i64 {
        self.arcs[arc.0 + 1].room
    }

    /// Sends as much as fits from source to sink, at the least cost (successive shortest paths).
    pub(super) fn fill(&mut self, source: usize, sink: usize) {
        while let Some(path) = self.cheapest_path(source, sink) {
            let amount = path.iter().map(|&arc| self.arcs[arc].room).min().unwrap_or(0);
            for arc in path {
                self.arcs[arc].room -= amount;
                self.arcs[arc ^ 1].room += amount;
            }
        }
    }

    /// The arcs of a cheapest path with room, from the sink backwards (Bellman and Ford, with a queue).
    fn cheapest_path(&self, source: usize, sink: usize) -> Option<Vec<usize>> {
        let arrival = self.cheapest_arrivals(source);
        let mut path = Vec::new();
        let mut node = sink;
        while node != source {
            let arc = arrival[node]?;
            path.push(arc);
            node = self.arcs[arc ^ 1].to;
        }
        Some(path)
    }

    /// For each node that can be reached, the last arc of a cheapest path to it.
    fn cheapest_arrivals(&self, source: usize) -> Vec<Option<usize>> {
        let nodes = self.leaving.len();
        let (mut price, mut arrival, mut is_queued) =
            (vec![i64::MAX; nodes], vec![None; nodes], vec![false; nodes]);
        price[source] = 0;
        let mut queue = VecDeque::from([source]);
        while let Some(node) = queue.pop_front() {
            is_queued[node] = false;
            for &id in &self.leaving[node] {
                let arc = &self.arcs[id];
                if arc.room == 0 || price[node] + arc.cost >= price[arc.to] {
                    continue;
                }
                price[arc.to] = price[node] + arc.cost;
                arrival[arc.to] = Some(id);
                if !is_queued[arc.to] {
                    is_queued[arc.to] = true;
                    queue.push_back(arc.to);
                }
            }
        }
        arrival
    }
}
