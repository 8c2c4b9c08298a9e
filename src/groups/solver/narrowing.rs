//! Narrows the relaxed problem: takes away what the bound shows to be no better than the best plan, and follows what
//! that decides between seats and counters. It must never know which plan that is.

use super::dual::{Dual, IMPOSSIBLE, SCALE};
use super::model::NOWHERE;

impl Dual<'_> {
    /// How many options undecided seats have.
    pub(super) fn open_options(&self) -> usize {
        self.options.iter().filter(|options| options.len() > 1).map(Vec::len).sum()
    }

    /// Leaves a seat the options that are wanted.
    pub(super) fn keep(&mut self, seat: usize, wanted: impl Fn(u32) -> bool) {
        let options = std::mem::take(&mut self.options[seat]);
        self.options[seat] = options.into_iter().filter(|&option| wanted(option)).collect();
        self.shares[seat] = vec![0.0; self.options[seat].len()];
    }

    /// Leaves a seat one option.
    pub(super) fn set(&mut self, seat: usize, group: u32) {
        self.options[seat] = vec![group];
        self.shares[seat] = vec![0.0];
    }

    /// Takes away what makes the bound rise by more than `gap`, and follows it. False if nothing is left.
    pub(super) fn narrow(&mut self, gap: i64) -> bool {
        for agent in self.open_agents() {
            for at in 0..self.model.agents[agent].seats.len() {
                self.narrow_seat(agent, at, gap);
            }
        }
        for cell in 0..self.ranges.len() {
            self.narrow_cell(cell, gap);
        }
        self.propagate()
    }

    fn narrow_seat(&mut self, agent: usize, at: usize, gap: i64) {
        let seat = self.model.agents[agent].seats[at] as usize;
        if self.options[seat].len() < 2 {
            return;
        }
        let by_option = self.least_by_option(agent, at);
        let least = by_option.iter().copied().min().unwrap_or(IMPOSSIBLE);
        if by_option.iter().all(|cost| cost - least <= gap) {
            return;
        }
        let dear: Vec<u32> = (self.options[seat].iter().zip(&by_option))
            .filter(|(_, cost)| **cost - least > gap)
            .map(|(option, _)| *option)
            .collect();
        self.keep(seat, |option| !dear.contains(&option));
    }

    fn narrow_cell(&mut self, cell: usize, gap: i64) {
        let least = self.cell_least(cell);
        let of = &self.model.cells[cell];
        let dear = |count: i64| of.cost(count) * SCALE - self.prices[cell] * count - least > gap;
        let (mut low, mut high) = self.ranges[cell];
        while low < high && dear(low) {
            low += 1;
        }
        while low < high && dear(high) {
            high -= 1;
        }
        self.ranges[cell] = (low, high);
    }

    /// Follows what is decided, until nothing more is. False if something has become impossible.
    pub(super) fn propagate(&mut self) -> bool {
        loop {
            let Some(counts) = self.possible_counts() else { return false };
            if !self.tighten_by_sums(&counts) {
                return false;
            }
            match self.follow_counts(&counts) {
                Some(true) => {}
                Some(false) => {
                    self.settle();
                    return true;
                }
                None => return false,
            }
        }
    }

    /// How many each cell must and can count. None if that is outside its range.
    fn possible_counts(&mut self) -> Option<Vec<(i64, i64)>> {
        let model = self.model;
        let mut counts = vec![(0, 0); self.ranges.len()];
        for (seat, options) in self.options.iter().enumerate() {
            if options.is_empty() {
                return None;
            }
            for &group in options.iter().filter(|group| **group != NOWHERE) {
                for adds in model.adds(seat) {
                    let cell = adds.counter as usize * model.groups + group as usize;
                    counts[cell].1 += i64::from(adds.people);
                    if options.len() == 1 {
                        counts[cell].0 += i64::from(adds.people);
                    }
                }
            }
        }
        for (range, &(must, can)) in self.ranges.iter_mut().zip(&counts) {
            *range = (range.0.max(must), range.1.min(can));
            if range.0 > range.1 {
                return None;
            }
        }
        Some(counts)
    }

    /// Where everybody whom a counter counts has a group, its cells sum up to all of them.
    fn tighten_by_sums(&mut self, counts: &[(i64, i64)]) -> bool {
        let model = self.model;
        let mut free_to_stay = vec![false; model.counters.len()];
        for (seat, options) in self.options.iter().enumerate() {
            if options.contains(&NOWHERE) {
                model.adds(seat).iter().for_each(|adds| free_to_stay[adds.counter as usize] = true);
            }
        }
        for (counter, of) in model.counters.iter().enumerate() {
            let cells = model.cell(counter, 0)..model.cell(counter, model.groups);
            let counted = counts[cells.clone()].iter().any(|(_, can)| *can > 0);
            if free_to_stay[counter] || of.silent || !counted {
                continue;
            }
            let lows: i64 = self.ranges[cells.clone()].iter().map(|range| range.0).sum();
            let highs: i64 = self.ranges[cells.clone()].iter().map(|range| range.1).sum();
            for range in &mut self.ranges[cells] {
                let (low, high) = *range;
                *range = (low.max(of.whole - (highs - high)), high.min(of.whole - (lows - low)));
                if range.0 > range.1 {
                    return false;
                }
            }
        }
        true
    }

    /// Cells that must or cannot take more decide their seats. Whether that changed anything; none if it is impossible.
    fn follow_counts(&mut self, counts: &[(i64, i64)]) -> Option<bool> {
        let model = self.model;
        let mut changed = false;
        for seat in 0..self.options.len() {
            if self.options[seat].len() < 2 {
                continue;
            }
            let (mut barred, mut forced) = (Vec::new(), None);
            for &group in self.options[seat].iter().filter(|group| **group != NOWHERE) {
                for adds in model.adds(seat) {
                    let cell = adds.counter as usize * model.groups + group as usize;
                    let people = i64::from(adds.people);
                    if counts[cell].0 + people > self.ranges[cell].1 {
                        barred.push(group);
                    }
                    if counts[cell].1 - people < self.ranges[cell].0 {
                        forced = Some(group);
                    }
                }
            }
            if barred.is_empty() && forced.is_none() {
                continue;
            }
            changed = true;
            self.keep(seat, |option| {
                !barred.contains(&option) && forced.is_none_or(|only| only == option)
            });
            if self.options[seat].is_empty() {
                return None;
            }
        }
        Some(changed)
    }
}
