//! Makes the prices of the dual better, step by step, and keeps the best. It must never know what a plan is.

use crate::relaxation::{Dual, IMPOSSIBLE, SCALE};

/// How prices are made better.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ascent {
    /// Steps.
    pub(crate) steps: u32,
    /// The first and the last length of a step, in points.
    pub(crate) reach: (f64, f64),
    /// The first and the last smoothing, in points.
    pub(crate) smoothing: (f64, f64),
}

/// The momentum of the direction, and of the size of its parts.
const MOMENTUM: f64 = 0.85;
const MEMORY: f64 = 0.95;

impl Dual<'_> {
    /// Ascends, and stays at the best prices found. Returns their bound, in fixed point. Ends early when the bound is
    /// above `enough` or `stop` says so.
    pub(crate) fn ascend(
        &mut self,
        ascent: Ascent,
        enough: i64,
        mut stop: impl FnMut(&Self, i64) -> bool,
    ) -> i64 {
        let cells = self.prices.len();
        let (mut best, mut best_prices) = (i64::MIN, self.prices.clone());
        let (mut direction, mut sizes) = (vec![0.0; cells], vec![0.0; cells]);
        let mut exact: Vec<f64> = self.prices.iter().map(|&price| price as f64).collect();
        let edges: Vec<(f64, f64)> = (0..cells).map(|cell| self.price_range(cell)).collect();
        let (mut reach, mut smoothing) = (ascent.reach.0, ascent.smoothing.0);
        let fall = |(from, to): (f64, f64)| root(to / from, ascent.steps.max(1));
        let (reach_falls, smoothing_falls) = (fall(ascent.reach), fall(ascent.smoothing));
        let mut remembered = 1.0;
        for _ in 0..ascent.steps {
            let bound = self.pass(smoothing);
            if bound > best {
                best = bound;
                best_prices.copy_from_slice(&self.prices);
            }
            if best > enough || best >= IMPOSSIBLE || stop(self, best) {
                break;
            }
            remembered *= MEMORY;
            let trust = 1.0 / (1.0 - remembered);
            let steps = direction.iter_mut().zip(&mut sizes).zip(&mut exact).zip(&edges);
            for (cell, (((direction, size), exact), edges)) in steps.enumerate() {
                let slope = self.wanted[cell] - self.counted(cell, reach);
                *direction = MOMENTUM * *direction + (1.0 - MOMENTUM) * slope;
                *size = MEMORY * *size + (1.0 - MEMORY) * slope * slope;
                let length = reach * SCALE as f64 / ((*size * trust).sqrt() + 0.05);
                *exact = (*exact + length * *direction).clamp(edges.0, edges.1);
                self.prices[cell] = *exact as i64;
            }
            reach *= reach_falls;
            smoothing *= smoothing_falls;
        }
        self.prices = best_prices;
        best
    }

    /// Beyond these prices a cell only fills up or empties.
    fn price_range(&self, cell: usize) -> (f64, f64) {
        let (of, row) = (&self.part.cells[cell].of, self.part.cells[cell].row as usize);
        let model = self.part.model;
        let (low, high) = self.ranges[cell];
        let tight = low > 0 || high < of.most;
        let below = if tight { HARD } else { of.weight + of.floor_weight };
        let is_size = model.counters[row / model.groups].is_size();
        let above = if is_size || high < of.most { HARD } else { of.weight };
        (-(below * SCALE) as f64, (above * SCALE) as f64)
    }

    /// What a cell would best count at its price: of several that are as good, within the reach of a step, the nearest to
    /// what is wanted.
    fn counted(&self, cell: usize, reach: f64) -> f64 {
        let of = &self.part.cells[cell].of;
        let (low, high) = self.ranges[cell];
        if low >= high {
            return low as f64;
        }
        let near = (reach * SCALE as f64) as i64 / 4 + 1;
        let price = self.prices[cell];
        let (mut from, mut to) = (low, low);
        let mut corner = |slope: i64, count: i64| {
            from = if slope < price - near { from.max(count) } else { from };
            to = if slope <= price + near { to.max(count) } else { to };
        };
        if of.floor_weight > 0 && of.floor > low {
            let mut corners = [low, of.floor, of.low, of.high, high];
            corners.iter_mut().for_each(|corner| *corner = (*corner).clamp(low, high));
            corners.sort_unstable();
            for pair in corners.windows(2).filter(|pair| pair[0] < pair[1]) {
                corner((of.cost(pair[0] + 1) - of.cost(pair[0])) * SCALE, pair[1]);
            }
        } else {
            corner(-of.weight * SCALE, of.low.min(high));
            corner(0, of.high.min(high));
            corner(of.weight * SCALE, high);
        }
        self.wanted[cell].clamp(from as f64, to.max(from) as f64)
    }
}

/// A price, in points, that decides everything.
const HARD: i64 = 1_000_000;

fn power(of: f64, exponent: u32) -> f64 {
    let (mut product, mut square, mut left) = (1.0, of, exponent);
    while left > 0 {
        if left % 2 == 1 {
            product *= square;
        }
        square *= square;
        left /= 2;
    }
    product
}

/// The root of a number from 0 to 1 by bisection: multiplications only.
fn root(of: f64, degree: u32) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..50 {
        let middle = (low + high) / 2.0;
        match power(middle, degree) < of {
            true => low = middle,
            false => high = middle,
        }
    }
    high
}
