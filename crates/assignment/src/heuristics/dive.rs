//! Makes a plan from what is wanted at good prices: what is nearly decided is decided, prices are mended, and so on until
//! so little is left that it can be tried out. It must never know the clock.

use crate::branch_and_bound::{Known, Proof, Watch};
use crate::relaxation::subgradient::Ascent;
use crate::relaxation::{Dual, SCALE};

/// How much a step of a dive may raise the bound, and how much more for each seat.
const JUMP: i64 = 3 * SCALE;
const JUMP_OF_SEAT: i64 = SCALE / 400;
/// With so many seats a dive takes fewer steps of prices, and decides more at a time whatever that costs.
const MANY: usize = 3_000;
/// Options that are tried out at the end of a dive.
const LITTLE: usize = 60;

impl<'m> Proof<'m> {
    /// A plan near what is wanted; what is left at last is tried out in so many nodes. `chosen` is the part of the
    /// undecided seats that a step decides, in hundredths.
    pub(crate) fn dive(&mut self, dual: &Dual<'m>, chosen: usize, nodes: u64, watch: Watch<'_>) {
        let (steps, fewest) = if dual.seats() < MANY { (60, 5) } else { (30, 10) };
        let ascent = Ascent { steps, reach: (0.1, 0.005), smoothing: (0.1, 0.005) };
        let mut dual = dual.clone();
        dual.work = 0;
        let known = self.known(0);
        let (mut possible, mut chosen, mut before) = (true, chosen, None::<(Dual<'m>, i64)>);
        while possible && dual.part.decided().is_none() {
            let reached = dual.ascend(ascent, self.enough(), |dual, _| {
                self.stopped |= watch(&Known { work: known.work + dual.work, ..known });
                self.stopped
            });
            if self.stopped {
                break;
            }
            // A step that costs much is taken back, and half of it tried.
            if let Some((earlier, bound)) = &before
                && reached > *bound + JUMP + JUMP_OF_SEAT * earlier.seats() as i64
                && chosen > fewest
            {
                let work = dual.work;
                dual = earlier.clone();
                dual.work = work;
                chosen /= 2;
                possible = dual.decide_some(chosen);
                continue;
            }
            if self.is_pointless(reached) {
                possible = false;
                break;
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
        if possible && !self.stopped {
            self.try_part(dual, nodes, watch);
        }
    }
}

impl Dual<'_> {
    /// Gives seats what they want most, those first to whom all else is dearest, as far as counters take them. False if
    /// that is impossible.
    fn decide_some(&mut self, hundredths: usize) -> bool {
        let undecided = self.undecided();
        let most = (undecided.len() * hundredths / 100).max(1);
        let mut batch = self.without_crowding(&undecided, most);
        if batch.is_empty() {
            batch.extend(undecided.first());
        }
        loop {
            let mut tried = self.clone();
            for &(_, seat, only) in &batch {
                if tried.alive(seat).contains(&only) {
                    tried.keep(seat, |option| option == only);
                }
            }
            if tried.propagate() {
                *self = tried;
                return true;
            }
            match batch.as_slice() {
                [] => return false,
                [(_, seat, not)] => {
                    self.keep(*seat, |option| option != *not);
                    return self.propagate();
                }
                _ => batch.truncate(batch.len() / 2),
            }
        }
    }

    /// Seats with a choice and their best option, with what the second best costs more; the clearest first.
    fn undecided(&mut self) -> Vec<(i64, usize, u32)> {
        let (part, mut buffer) = (self.part.clone(), std::mem::take(&mut self.buffer));
        let mut undecided = Vec::new();
        for &member in &part.members {
            self.find_leasts(&part, member, &mut buffer);
            for (at, seat) in member.range().enumerate().filter(|(_, seat)| self.choices(*seat) > 1)
            {
                let own = &buffer.leasts[buffer.from[at]..buffer.from[at + 1]];
                let (mut best, mut second) = ((i64::MAX, 0), i64::MAX);
                for (&cost, &option) in own.iter().zip(self.alive(seat)) {
                    if cost < best.0 {
                        (best, second) = ((cost, option), best.0);
                    } else {
                        second = second.min(cost);
                    }
                }
                undecided.push((second.saturating_sub(best.0), seat, best.1));
            }
        }
        self.buffer = buffer;
        undecided.sort_unstable_by_key(|&(regret, seat, _)| (-regret, seat));
        undecided
    }

    /// Some of the seats, in their order, so that no cell leaves its band by them, unless its price already says that
    /// it will.
    fn without_crowding(
        &self,
        undecided: &[(i64, usize, u32)],
        most: usize,
    ) -> Vec<(i64, usize, u32)> {
        let part = &self.part;
        let mut counts = part.counts(&|seat| self.alive(seat));
        let is_paid = |cell: u32, sign: i64| {
            let weight = part.cells[cell as usize].of.weight * SCALE;
            self.prices[cell as usize] * sign >= weight - weight / 8
        };
        let mut batch = Vec::new();
        for &one in undecided {
            if batch.len() >= most {
                break;
            }
            let (_, seat, only) = one;
            let fits = |cell: &u32| {
                counts[*cell as usize].0 < part.cells[*cell as usize].of.high || is_paid(*cell, 1)
            };
            let is_left = |cell: &u32| {
                counts[*cell as usize].1 > part.cells[*cell as usize].of.low || is_paid(*cell, -1)
            };
            let others = || self.alive(seat).iter().filter(|option| **option != only);
            let left = || others().flat_map(|&option| part.entries(option as usize));
            if !part.entries(only as usize).iter().all(fits) || !left().all(is_left) {
                continue;
            }
            part.entries(only as usize).iter().for_each(|&cell| counts[cell as usize].0 += 1);
            left().for_each(|&cell| counts[cell as usize].1 -= 1);
            batch.push(one);
        }
        batch
    }
}
