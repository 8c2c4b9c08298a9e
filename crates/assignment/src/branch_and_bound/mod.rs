//! Tries everything that is left: parts the problem by what a seat takes, throws away what the bound
//! shows to be no better than the best plan, and follows what that decides. At its end the best plan is proved to be the
//! best. It must never know the clock.

use std::rc::Rc;

use crate::relaxation::subgradient::Ascent;
use crate::relaxation::{Dual, IMPOSSIBLE, SCALE};

/// Is told of the work done and the best value, and says whether to stop.
pub(crate) type Watch<'w> = &'w mut dyn FnMut(&Known) -> bool;

/// What a watch is told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    pub(crate) work: u64,
    pub(crate) value: i64,
    pub(crate) bound: i64,
}

/// What is known of the best plan while everything is tried.
pub(crate) struct Proof<'m> {
    /// The group of every seat.
    pub(crate) best: Rc<Vec<u32>>,
    pub(crate) best_value: i64,
    pub(crate) nodes: u64,
    pub(crate) work: u64,
    open: Vec<Node<'m>>,
    pub(crate) stopped: bool,
}

struct Node<'m> {
    dual: Dual<'m>,
    /// No plan of this part goes under it, in fixed point.
    bound: i64,
}

/// Steps of a node after the first, and of a trial.
pub(crate) const STEPS: u32 = 90;
const TRIAL: u32 = 6;
/// Ways to part a node that are tried, at most, and how many in a row may be no better than one before.
const TRIED: usize = 8;
const HOPELESS: u32 = 2;

/// A way to part a node in two: a seat takes this option, or another.
#[derive(Debug, Clone, Copy)]
struct Parting {
    seat: usize,
    option: u32,
}

impl<'m> Proof<'m> {
    /// Begins with a plan and the prices found for the whole.
    pub(crate) fn new(dual: Dual<'m>, bound: i64, best: Rc<Vec<u32>>, best_value: i64) -> Self {
        let work = dual.work;
        let open = vec![Node { dual, bound }];
        Self { best, best_value, nodes: 0, work, open, stopped: false }
    }

    /// What no plan goes under: the least bound of all that is open, or the best value.
    pub(crate) fn bound(&self) -> i64 {
        let least = self.open.iter().map(|node| points_up(node.bound)).min();
        least.map_or(self.best_value, |bound| bound.min(self.best_value))
    }

    /// Goes on until everything is tried, so many nodes are looked into, or the watch says stop.
    pub(crate) fn run(&mut self, nodes: u64, watch: Watch<'_>) {
        let last = self.nodes + nodes;
        while let Some(node) = self.open.pop() {
            if !self.is_pointless(node.bound) {
                self.nodes += 1;
                self.look_into(node, watch);
            }
            if self.nodes >= last || self.stopped || watch(&self.known(0)) {
                break;
            }
        }
    }

    /// What is known, with work that is not counted yet.
    pub(crate) fn known(&self, more: u64) -> Known {
        Known { work: self.work + more, value: self.best_value, bound: self.bound() }
    }

    pub(crate) fn is_pointless(&self, bound: i64) -> bool {
        bound > self.enough()
    }

    /// Above this nothing is better than the best plan.
    pub(crate) fn enough(&self) -> i64 {
        (self.best_value - 1) * SCALE
    }

    fn look_into(&mut self, mut node: Node<'m>, watch: Watch<'_>) {
        node.dual.work = 0;
        let mut known = self.known(0);
        known.bound = known.bound.min(points_up(node.bound));
        let mut stopped = false;
        let children = self.children(&mut node, &mut |work| {
            stopped = stopped || watch(&Known { work: known.work + work, ..known });
            stopped
        });
        self.work += node.dual.work;
        if stopped {
            self.stopped = true;
            self.open.push(node);
            return;
        }
        for child in children {
            if !self.is_pointless(child.bound) {
                self.open.push(child);
            }
        }
    }

    /// The parts of a node, the better one last; none if nothing in it is better than the best plan.
    fn children(
        &mut self,
        node: &mut Node<'m>,
        stop: &mut dyn FnMut(u64) -> bool,
    ) -> Vec<Node<'m>> {
        let ascent = Ascent { steps: STEPS, reach: (0.15, 0.003), smoothing: (0.06, 0.004) };
        for _ in 0..3 {
            let mut stopped = false;
            let bound = node.dual.ascend(ascent, self.enough(), |dual, _| {
                stopped = stop(dual.work);
                stopped
            });
            node.bound = node.bound.max(bound);
            if stopped || self.is_pointless(node.bound) {
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
        if self.take(&node.dual) {
            return Vec::new();
        }
        node.dual.pass(ascent.smoothing.1);
        self.best_parting(node, stop)
    }

    /// Takes a plan over if it is better.
    pub(crate) fn offer(&mut self, groups: &[u32], value: i64) {
        if value < self.best_value {
            self.best_value = value;
            self.best = Rc::new(groups.to_vec());
        }
    }

    /// Takes a plan over if nothing is left open; whether that is so.
    pub(crate) fn take(&mut self, dual: &Dual<'m>) -> bool {
        let Some(groups) = dual.part.decided() else { return false };
        // Where all is settled, what is settled is all.
        let value = dual.part.constant / SCALE;
        if value < self.best_value {
            self.best_value = value;
            self.best = Rc::new(groups);
        }
        true
    }

    /// Tries the likeliest ways to part a node for a few steps each, and takes the one whose parts are the farthest up.
    fn best_parting(
        &self,
        node: &mut Node<'m>,
        stop: &mut dyn FnMut(u64) -> bool,
    ) -> Vec<Node<'m>> {
        let partings = self.partings(node);
        let mut fails = 0;
        let mut best: Option<(i64, Vec<Node<'m>>)> = None;
        for parting in partings {
            let (children, work) = self.part(node, parting);
            node.dual.work += work;
            if children.is_empty() || stop(node.dual.work) {
                return Vec::new();
            }
            let only = children.len() == 1;
            let gain = |bound: i64| (bound.min(self.enough()) - node.bound).max(0) + SCALE / 100;
            let (one, two) = match children.as_slice() {
                [one] => (gain(one.bound), gain(self.enough())),
                [one, two, ..] => (gain(one.bound), gain(two.bound)),
                [] => (0, 0),
            };
            let merit = (one / 16).saturating_mul(two / 16);
            fails += 1;
            if best.as_ref().is_none_or(|(most, _)| merit > *most) {
                best = Some((merit, children));
                fails = 0;
            }
            if only || fails > HOPELESS {
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
            dual.keep(parting.seat, |option| (option == parting.option) != second);
            let bound = match dual.propagate() {
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

    /// The seats that are farthest from being decided. A seat decides more that follows than a bound on a counter does.
    fn partings(&self, node: &Node<'m>) -> Vec<Parting> {
        let (dual, model) = (&node.dual, node.dual.part.model);
        let mut seats: Vec<(i64, usize, Parting)> = Vec::new();
        for seat in (0..dual.seats()).filter(|&seat| dual.choices(seat) > 1) {
            let Some((share, option)) = dual.most_wanted(seat) else { continue };
            let weight = model.adds(dual.part.seats[seat] as usize).len() as i64 * 20;
            let undecided = ((1.0 - share) * 1000.0) as i64;
            seats.push((undecided + weight, seat, Parting { seat, option }));
        }
        seats.sort_by_key(|(score, seat, _)| (-score, *seat));
        seats.truncate(TRIED);
        seats.into_iter().map(|(_, _, parting)| parting).collect()
    }

    /// Tries out a part of the whole in so many nodes. True if nothing of it is left.
    pub(crate) fn try_part(&mut self, mut dual: Dual<'m>, nodes: u64, watch: Watch<'_>) -> bool {
        dual.work = 0;
        let (done, bound) = (self.work, self.bound());
        let mut part = Proof::new(dual, i64::MIN / 4, self.best.clone(), self.best_value);
        part.run(nodes, &mut |known| watch(&Known { work: done + known.work, bound, ..*known }));
        self.work += part.work;
        self.best = part.best;
        self.best_value = part.best_value;
        self.stopped |= part.stopped;
        part.open.is_empty()
    }

    /// Takes from the whole what is no better than the best plan. False if nothing is left.
    pub(crate) fn narrow_root(&mut self, dual: &mut Dual<'m>, watch: Watch<'_>) -> bool {
        let ascent = Ascent { steps: 120, reach: (0.1, 0.0015), smoothing: (0.03, 0.0025) };
        dual.work = 0;
        let known = self.known(0);
        let before = self.open.iter().map(|node| node.bound).min().unwrap_or(i64::MIN);
        let reached = dual.ascend(ascent, self.enough(), |dual, _| {
            self.stopped |= watch(&Known { work: known.work + dual.work, ..known });
            self.stopped
        });
        let bound = reached.max(before);
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

/// The least whole number of points that is not below.
pub(crate) fn points_up(bound: i64) -> i64 {
    bound.div_euclid(SCALE) + i64::from(bound.rem_euclid(SCALE) > 0)
}
