//! Tries everything that is left: parts the problem by what a counter counts or a seat takes, throws away what the bound
//! shows to be no better than the best plan, and follows what that decides. At its end the best plan is proved to be the
//! best. It must never know the clock.

use super::ascent::Ascent;
use super::dual::{Dual, IMPOSSIBLE, SCALE};
use super::state::State;

/// Is told of the work done and the best value, and says whether to stop.
pub(super) type Watch<'w> = &'w mut dyn FnMut(&Known) -> bool;

/// What a watch is told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) work: u64,
    pub(super) value: i64,
    pub(super) bound: i64,
}

/// What is known of the best plan while everything is tried.
pub(super) struct Proof<'m> {
    pub(super) best: Vec<u32>,
    pub(super) best_value: i64,
    pub(super) nodes: u64,
    work: u64,
    open: Vec<Node<'m>>,
}

struct Node<'m> {
    dual: Dual<'m>,
    /// No plan of this part goes under it, in fixed point.
    bound: i64,
}

/// Steps of a node after the first, and of a trial.
const STEPS: u32 = 60;
const TRIAL: u32 = 12;
/// Ways to part a node that are tried, at most.
const TRIED: usize = 5;

/// A way to part a node in two.
#[derive(Debug, Clone, Copy)]
enum Parting {
    /// A cell counts so many at most, or more.
    Count(usize, i64),
    /// A seat takes this option, or another.
    Seat(usize, u32),
}

impl<'m> Proof<'m> {
    /// Begins with a plan and the prices found for the whole.
    pub(super) fn new(dual: Dual<'m>, bound: i64, best: Vec<u32>, best_value: i64) -> Self {
        let work = dual.work;
        Self { best, best_value, nodes: 0, work, open: vec![Node { dual, bound }] }
    }

    /// Steps done, the preceding ones of the prices included.
    pub(super) fn work(&self) -> u64 {
        self.work
    }

    /// What no plan goes under: the least bound of all that is open, or the best value.
    pub(super) fn bound(&self) -> i64 {
        let least = self.open.iter().map(|node| points_up(node.bound)).min();
        least.map_or(self.best_value, |bound| bound.min(self.best_value))
    }

    /// Goes on until everything is tried, so many nodes are looked into, or the watch says stop.
    pub(super) fn run(&mut self, nodes: u64, watch: Watch<'_>) {
        let last = self.nodes + nodes;
        while let Some(node) = self.open.pop() {
            if !self.is_pointless(node.bound) {
                self.nodes += 1;
                self.look_into(node);
            }
            if self.nodes >= last || watch(&self.known()) {
                break;
            }
        }
    }

    fn known(&self) -> Known {
        Known { work: self.work, value: self.best_value, bound: self.bound() }
    }

    fn is_pointless(&self, bound: i64) -> bool {
        bound > self.enough()
    }

    /// Above this nothing is better than the best plan.
    fn enough(&self) -> i64 {
        (self.best_value - 1) * SCALE
    }

    fn look_into(&mut self, mut node: Node<'m>) {
        let before = node.dual.work;
        let children = self.children(&mut node);
        self.work += node.dual.work - before;
        for child in children {
            if !self.is_pointless(child.bound) {
                self.open.push(child);
            }
        }
    }

    /// The parts of a node, the better one last; none if nothing in it is better than the best plan.
    fn children(&mut self, node: &mut Node<'m>) -> Vec<Node<'m>> {
        let ascent = Ascent { steps: STEPS, reach: (0.15, 0.02), smoothing: (0.06, 0.02) };
        for _ in 0..3 {
            let bound = node.dual.ascend(ascent, self.enough(), |_, _| false);
            node.bound = node.bound.max(bound);
            if self.is_pointless(node.bound) {
                return Vec::new();
            }
            let left = node.dual.open_options();
            if !node.dual.narrow(self.enough() - bound) {
                return Vec::new();
            }
            if node.dual.open_options() * 10 > left * 9 {
                break;
            }
        }
        node.dual.pass(ascent.smoothing.1);
        if let Some(groups) = node.dual.decided() {
            self.take(&node.dual, groups);
            return Vec::new();
        }
        self.best_parting(node)
    }

    fn take(&mut self, dual: &Dual<'m>, groups: Vec<u32>) {
        let state = State::with(dual.model, groups);
        if state.fits() && state.value() < self.best_value {
            self.best_value = state.value();
            self.best = state.groups;
        }
    }

    /// Tries the likeliest ways to part a node for a few steps each, and takes the one whose parts are the farthest up.
    fn best_parting(&self, node: &mut Node<'m>) -> Vec<Node<'m>> {
        let partings = self.partings(node);
        let mut best: Option<(i64, Vec<Node<'m>>)> = None;
        for parting in partings {
            let (children, work) = self.part(node, parting);
            node.dual.work += work;
            if children.is_empty() {
                return children;
            }
            let only = children.len() == 1;
            let gain = |bound: i64| (bound.min(self.enough()) - node.bound).max(0) + SCALE / 100;
            let (one, two) = match children.as_slice() {
                [one] => (gain(one.bound), gain(self.enough())),
                [one, two, ..] => (gain(one.bound), gain(two.bound)),
                [] => (0, 0),
            };
            let merit = (one / 16).saturating_mul(two / 16);
            if best.as_ref().is_none_or(|(most, _)| merit > *most) {
                best = Some((merit, children));
            }
            if only {
                break;
            }
        }
        let mut children = best.map(|(_, children)| children).unwrap_or_default();
        children.sort_by_key(|child| std::cmp::Reverse(child.bound));
        children
    }

    /// Both parts that are not pointless after a few steps.
    fn part(&self, node: &Node<'m>, parting: Parting) -> (Vec<Node<'m>>, u64) {
        let ascent = Ascent { steps: TRIAL, reach: (0.15, 0.05), smoothing: (0.05, 0.03) };
        let (mut children, mut work) = (Vec::new(), 0);
        for second in [false, true] {
            let mut dual = node.dual.clone();
            let before = dual.work;
            let possible = dual.restrict(parting, second) && dual.propagate();
            let bound = match possible {
                true => dual.ascend(ascent, self.enough(), |_, _| false),
                false => IMPOSSIBLE,
            };
            work += dual.work - before;
            let bound = bound.max(node.bound);
            if !self.is_pointless(bound) {
                children.push(Node { dual, bound });
            }
        }
        (children, work)
    }

    /// The counters and seats that are farthest from being decided.
    fn partings(&self, node: &Node<'m>) -> Vec<Parting> {
        let (dual, model) = (&node.dual, node.dual.model);
        let mut scored: Vec<(i64, usize, Parting)> = Vec::new();
        for &cell in &dual.active {
            let cell = cell as usize;
            let (low, high) = dual.ranges[cell];
            let below = dual.wanted[cell] as i64;
            let broken = ((dual.wanted[cell] - below as f64) * 1000.0) as i64;
            let undecided = broken.min(1000 - broken);
            if undecided > 50 && low <= below && below < high {
                let bonus = if model.counters[cell / model.groups].is_size() { 500 } else { 250 };
                scored.push((undecided + bonus, cell, Parting::Count(cell, below)));
            }
        }
        scored.sort_by_key(|(score, cell, _)| (-score, *cell));
        scored.truncate(TRIED / 2);
        let mut seats: Vec<(i64, usize, Parting)> = Vec::new();
        for (seat, options) in dual.options.iter().enumerate().filter(|(_, of)| of.len() > 1) {
            let shares = dual.shares[seat].iter().zip(options);
            let Some((share, &group)) = shares.max_by(|one, two| one.0.total_cmp(two.0)) else {
                continue;
            };
            let weight = model.adds(seat).len() as i64 * 20;
            let undecided = ((1.0 - share) * 1000.0) as i64;
            seats.push((undecided + weight, seat, Parting::Seat(seat, group)));
        }
        seats.sort_by_key(|(score, seat, _)| (-score, *seat));
        seats.truncate(TRIED - scored.len());
        scored.into_iter().chain(seats).map(|(_, _, parting)| parting).collect()
    }
}

impl Dual<'_> {
    fn restrict(&mut self, parting: Parting, second: bool) -> bool {
        match (parting, second) {
            (Parting::Count(cell, most), false) => self.ranges[cell].1 = most,
            (Parting::Count(cell, most), true) => self.ranges[cell].0 = most + 1,
            (Parting::Seat(seat, group), false) => self.keep(seat, |option| option == group),
            (Parting::Seat(seat, group), true) => self.keep(seat, |option| option != group),
        }
        true
    }

    /// Gives the seats that are nearest to being decided what they want most. False if that is impossible.
    fn decide_some(&mut self, hundredths: usize) -> bool {
        let mut undecided: Vec<(i64, usize, u32)> = Vec::new();
        for (seat, options) in self.options.iter().enumerate().filter(|(_, of)| of.len() > 1) {
            let shares = self.shares[seat].iter().zip(options);
            if let Some((share, &group)) = shares.max_by(|one, two| one.0.total_cmp(two.0)) {
                undecided.push((-(share * 1_000_000.0) as i64, seat, group));
            }
        }
        undecided.sort_unstable();
        undecided.truncate((undecided.len() * hundredths / 100).max(1));
        let mut batch = undecided.as_slice();
        loop {
            let mut tried = self.clone();
            for &(_, seat, group) in batch {
                if tried.options[seat].len() > 1 && tried.options[seat].contains(&group) {
                    tried.keep(seat, |option| option == group);
                }
            }
            if tried.propagate() {
                *self = tried;
                return true;
            }
            match batch {
                [] => return false,
                [(_, seat, group)] => {
                    self.keep(*seat, |option| option != *group);
                    return self.propagate();
                }
                _ => batch = &batch[..batch.len() / 2],
            }
        }
    }

    /// The group of every seat, if each has only one left.
    fn decided(&self) -> Option<Vec<u32>> {
        let only = |options: &Vec<u32>| match options.as_slice() {
            [group] => Some(*group),
            _ => None,
        };
        self.options.iter().map(only).collect()
    }
}

impl<'m> Proof<'m> {
    /// A plan near what is wanted: what is nearly decided is decided, step by step, until little is left; that is tried
    /// out in so many nodes. `chosen` is the part of the undecided seats that a step decides, in hundredths.
    pub(super) fn dive(&mut self, dual: &Dual<'m>, chosen: usize, nodes: u64, watch: Watch<'_>) {
        let ascent = Ascent { steps: STEPS, reach: (0.15, 0.02), smoothing: (0.1, 0.03) };
        let mut dual = dual.clone();
        let (done, value, bound) = (self.work, self.best_value, self.bound());
        dual.work = 0;
        let (mut possible, mut chosen, mut before) = (true, chosen, None::<(Dual<'m>, i64)>);
        while possible && dual.decided().is_none() {
            let mut stopped = false;
            let reached = dual.ascend(ascent, self.enough(), |dual, _| {
                stopped = watch(&Known { work: done + dual.work, value, bound });
                stopped
            });
            if stopped {
                self.work += dual.work;
                return;
            }
            // A step that costs much is taken back, and half of it tried.
            if let Some((earlier, bound)) = before.take()
                && reached > bound + JUMP
                && chosen > 2
            {
                let work = dual.work;
                dual = earlier;
                dual.work = work;
                chosen /= 2;
                possible = dual.decide_some(chosen);
                continue;
            }
            if self.is_pointless(reached) {
                self.work += dual.work;
                return;
            }
            before = Some((dual.clone(), reached));
            possible = dual.narrow(self.enough() - reached);
            dual.pass(ascent.smoothing.1);
            if !possible || dual.open_options() <= LITTLE {
                break;
            }
            possible = dual.decide_some(chosen);
        }
        self.work += dual.work;
        if possible {
            self.try_part(dual, nodes, watch);
        }
    }

    /// Tries out a part of the whole in so many nodes. True if nothing of it is left.
    pub(super) fn try_part(&mut self, mut dual: Dual<'m>, nodes: u64, watch: Watch<'_>) -> bool {
        dual.work = 0;
        let (done, bound) = (self.work, self.bound());
        let mut part = Proof::new(dual, i64::MIN, self.best.clone(), self.best_value);
        part.run(nodes, &mut |known| {
            watch(&Known { work: done + known.work, value: known.value, bound })
        });
        self.work += part.work;
        self.best = part.best;
        self.best_value = part.best_value;
        part.open.is_empty()
    }

    /// Takes from the whole what is no better than the best plan. False if nothing is left.
    pub(super) fn narrow_root(&mut self, dual: &mut Dual<'m>) -> bool {
        let ascent = Ascent { steps: 2 * STEPS, reach: (0.1, 0.01), smoothing: (0.03, 0.01) };
        dual.work = 0;
        let before = self.open.iter().map(|node| node.bound).min().unwrap_or(i64::MIN);
        let bound = dual.ascend(ascent, self.enough(), |_, _| false).max(before);
        let reached = dual.pass(0.0);
        let possible = !self.is_pointless(bound) && dual.narrow(self.enough() - reached);
        dual.pass(ascent.smoothing.1);
        self.work += dual.work;
        dual.work = 0;
        self.open = vec![Node { dual: dual.clone(), bound }];
        if !possible {
            self.open.clear();
        }
        possible
    }
}

/// How much a step of a dive may raise the bound.
const JUMP: i64 = 3 * SCALE;
/// Options that are tried out at the end of a dive.
const LITTLE: usize = 60;

/// The least whole number of points that is not below.
pub(super) fn points_up(bound: i64) -> i64 {
    bound.div_euclid(SCALE) + i64::from(bound.rem_euclid(SCALE) > 0)
}
