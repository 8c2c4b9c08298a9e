//! What no plan goes under: every counter gets a price per person, so that each agent can be priced for itself and each
//! counter for itself; the sum is a bound whatever the prices, and good prices make it a close one. The bound is exact
//! whole-number arithmetic; floating point only steers the prices (plain IEEE operations, the same everywhere).
//!
//! Prices rise where more people want to be than a counter wants. What people want is smoothed: each choice counts by
//! how little worse it is than the best, so that prices settle instead of swinging.

mod patterns;
pub(crate) mod pricing;
mod propagation;
pub(crate) mod restriction;
pub(crate) mod subgradient;

use std::rc::Rc;

use crate::model::NOWHERE;

use self::pricing::Buffer;
use self::restriction::Part;
pub(crate) use self::restriction::SCALE;

/// The relaxed problem: what each seat of a part may choose and each cell may count, and prices.
#[derive(Clone)]
pub(crate) struct Dual<'m> {
    pub(crate) part: Rc<Part<'m>>,
    /// What every seat may still choose, beginning where its options do in the part; and how many that are.
    pub(crate) alive: Vec<u32>,
    counts: Vec<u32>,
    /// The fewest and the most that each cell may count.
    pub(crate) ranges: Vec<(i64, i64)>,
    /// A price for each person in a cell.
    pub(crate) prices: Vec<i64>,
    /// How many people want to be in each cell, as of the last pass.
    pub(crate) wanted: Vec<f64>,
    /// By option: how much of it is wanted, as of the last pass.
    pub(crate) shares: Vec<f64>,
    /// Steps done.
    pub(crate) work: u64,
    pub(crate) buffer: Buffer,
}

/// Nothing else is possible: a bound above every plan.
pub(crate) const IMPOSSIBLE: i64 = i64::MAX / 4;

impl<'m> Dual<'m> {
    /// Prices are zero. To be followed by [`Dual::propagate`]: seats that have one choice from the beginning may be more
    /// than a cell takes, and to settle them unseen would be to take a plan that is none.
    pub(crate) fn new(part: Part<'m>) -> Self {
        Self {
            alive: (0..part.groups.len() as u32).collect(),
            counts: (0..part.seats.len()).map(|seat| part.options(seat).len() as u32).collect(),
            ranges: part.cells.iter().map(|cell| (0, cell.of.most)).collect(),
            prices: vec![0; part.cells.len()],
            wanted: vec![0.0; part.cells.len()],
            shares: vec![0.0; part.groups.len()],
            work: 0,
            buffer: Buffer::default(),
            part: Rc::new(part),
        }
    }

    /// What a seat may still choose.
    pub(crate) fn alive(&self, seat: usize) -> &[u32] {
        let from = self.part.first_option[seat] as usize;
        &self.alive[from..from + self.counts[seat] as usize]
    }

    /// How many choices a seat still has.
    pub(crate) fn choices(&self, seat: usize) -> usize {
        self.counts[seat] as usize
    }

    pub(crate) fn seats(&self) -> usize {
        self.counts.len()
    }

    /// Leaves a seat the options that are wanted. To be followed by [`Dual::settle`] some time.
    pub(crate) fn keep(&mut self, seat: usize, mut wanted: impl FnMut(u32) -> bool) {
        let from = self.part.first_option[seat] as usize;
        let mut kept = 0;
        for at in from..from + self.counts[seat] as usize {
            let option = self.alive[at];
            if wanted(option) {
                self.alive[from + kept] = option;
                kept += 1;
            } else {
                self.shares[option as usize] = 0.0;
            }
        }
        self.counts[seat] = kept as u32;
    }

    /// Leaves those seats out that have no choice any more, once they are many enough. What these count must be within
    /// the ranges of the cells, for nobody looks at it again.
    pub(crate) fn settle(&mut self) {
        let is_open = |seat: usize| self.counts[seat] > 1;
        let open = self.part.members.iter().map(|member| {
            let open = member.range().filter(|&seat| is_open(seat)).count();
            if member.is_plain || open == 0 { open } else { member.seats as usize }
        });
        let (open, all) = (open.sum::<usize>(), self.counts.len());
        if all == 0 || open * 6 > all * 5 {
            return;
        }
        let (part, origin) = self.part.without_settled(|seat| self.alive(seat), &self.ranges);
        self.shares = origin.options.iter().map(|&from| self.shares[from as usize]).collect();
        self.ranges = origin.cells.iter().map(|&from| self.ranges[from as usize]).collect();
        self.prices = origin.cells.iter().map(|&from| self.prices[from as usize]).collect();
        self.wanted = origin.cells.iter().map(|&from| self.wanted[from as usize]).collect();
        self.alive = (0..part.groups.len() as u32).collect();
        self.counts = (0..part.seats.len()).map(|seat| part.options(seat).len() as u32).collect();
        self.part = Rc::new(part);
    }

    /// The bound at these prices, in fixed point; [`IMPOSSIBLE`] if some seat has no option or some cell no count.
    /// `smoothing` is in points; 0 takes the best choice only.
    pub(crate) fn pass(&mut self, smoothing: f64) -> i64 {
        let part = self.part.clone();
        let mut bound = part.constant;
        for (cell, of) in part.cells.iter().enumerate() {
            self.wanted[cell] = of.base as f64;
            bound += of.base * self.prices[cell] + self.cell_least(cell);
        }
        self.work += part.cells.len() as u64 / 4;
        if self.ranges.iter().any(|range| range.0 > range.1) {
            return IMPOSSIBLE;
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        for &member in &part.members {
            let least = self.price_member(&part, member, smoothing, &mut buffer);
            if least >= IMPOSSIBLE {
                return IMPOSSIBLE;
            }
            bound += least;
        }
        self.buffer = buffer;
        bound
    }

    /// What an option costs at these prices.
    pub(crate) fn reduced(&self, part: &Part<'_>, option: usize) -> i64 {
        let entries = part.entries(option).iter();
        part.costs[option] + entries.map(|&cell| self.prices[cell as usize]).sum::<i64>()
    }

    /// The least that a cell costs at its price, over all that it may count.
    pub(crate) fn cell_least(&self, cell: usize) -> i64 {
        let ((low, high), price) = (self.ranges[cell], self.prices[cell]);
        let of = &self.part.cells[cell].of;
        let at = |count: i64| of.cost(count) * SCALE - price * count;
        if of.floor_weight > 0 && of.floor > low {
            let corners = [low, high, of.low, of.high, of.floor];
            let costs = corners.into_iter().map(|corner| at(corner.clamp(low, high.max(low))));
            return costs.min().unwrap_or(0);
        }
        let weight = of.weight * SCALE;
        let best = match price {
            _ if price <= -weight => low,
            _ if price < 0 => of.low,
            _ if price < weight => of.high,
            _ => high,
        };
        at(best.clamp(low, high.max(low)))
    }

    /// How much a plan pays in its counters above what they cost at least: the part of the gap that they make up.
    pub(crate) fn cell_excess(&self, cell: usize, count: i64) -> i64 {
        let cost = self.part.cells[cell].of.cost(count) * SCALE - self.prices[cell] * count;
        cost - self.cell_least(cell)
    }

    /// What is wanted most of a seat, and how much.
    pub(crate) fn most_wanted(&self, seat: usize) -> Option<(f64, u32)> {
        let options = self.alive(seat).iter();
        let shares = options.map(|&option| (self.shares[option as usize], option));
        shares.max_by(|one, two| one.0.total_cmp(&two.0))
    }

    /// Whether an option is to have no group.
    pub(crate) fn is_nowhere(&self, option: u32) -> bool {
        self.part.groups[option as usize] == NOWHERE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;
    use crate::search_state::State;
    use crate::tests::{group_id, person_id, round_id};
    use crate::{Group, Instance, Person, Round};

    /// A part may leave seats one choice each from the beginning, as neighbourhoods do, and that may be one too many.
    #[test]
    fn a_part_without_choices_that_does_not_fit_is_impossible() {
        let instance = Instance {
            groups: vec![Group { id: group_id(0), max: 1, ..Group::default() }],
            rounds: vec![Round { id: round_id(0) }],
            people: (0..2).map(|one| Person { id: person_id(one), ..Person::default() }).collect(),
            ..Instance::default()
        };
        let model = Model::new(&instance);
        let mut dual = Dual::new(Part::around(&State::new(&model), &[0, 1], |_| &[0]));
        assert!(!dual.propagate());
        let mut dual = Dual::new(Part::around(&State::new(&model), &[0], |_| &[0]));
        assert!(dual.propagate());
        assert_eq!(dual.part.decided(), Some(vec![0, NOWHERE]));
    }
}
