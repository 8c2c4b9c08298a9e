//! Narrows the relaxed problem: takes away what the bound shows to be no better than the best plan, and follows what
//! that decides between seats and counters. It must never know which plan that is.

use crate::relaxation::{Dual, SCALE};

impl Dual<'_> {
    /// How many options undecided seats have.
    pub(crate) fn open_options(&self) -> usize {
        (0..self.seats()).map(|seat| self.choices(seat)).filter(|&choices| choices > 1).sum()
    }

    /// Takes away what makes the bound rise by more than `gap`, and follows it. False if nothing is left.
    pub(crate) fn narrow(&mut self, gap: i64) -> bool {
        let part = self.part.clone();
        let mut buffer = std::mem::take(&mut self.buffer);
        for &member in &part.members {
            if member.range().all(|seat| self.choices(seat) < 2) {
                continue;
            }
            self.find_leasts(&part, member, &mut buffer);
            let Some(&least) = buffer.leasts.iter().min() else { continue };
            for (at, seat) in member.range().enumerate() {
                let own = &buffer.leasts[buffer.from[at]..buffer.from[at + 1]];
                self.keep_near(seat, own, least.saturating_add(gap));
            }
        }
        self.buffer = buffer;
        for cell in 0..self.ranges.len() {
            self.narrow_cell(cell, gap);
        }
        self.propagate()
    }

    /// Leaves a seat the options with which its agent costs so much at most.
    fn keep_near(&mut self, seat: usize, costs: &[i64], most: i64) {
        if costs.len() < 2 || costs.iter().all(|&cost| cost <= most) {
            return;
        }
        let mut costs = costs.iter();
        self.keep(seat, |_| costs.next().is_some_and(|&cost| cost <= most));
    }

    fn narrow_cell(&mut self, cell: usize, gap: i64) {
        let least = self.cell_least(cell);
        let (of, price) = (self.part.cells[cell].of, self.prices[cell]);
        let dear = |count: i64| of.cost(count) * SCALE - price * count - least > gap;
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
    pub(crate) fn propagate(&mut self) -> bool {
        loop {
            let Some(counts) = self.possible_counts() else { return false };
            if !self.tighten_by_sums() {
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
        if (0..self.seats()).any(|seat| self.choices(seat) == 0) {
            return None;
        }
        let counts = self.part.counts(&|seat| self.alive(seat));
        for (range, &(must, can)) in self.ranges.iter_mut().zip(&counts) {
            *range = (range.0.max(must), range.1.min(can));
            if range.0 > range.1 {
                return None;
            }
        }
        Some(counts)
    }

    /// Where everybody whom a counter counts has a group, its cells sum up to all of them.
    fn tighten_by_sums(&mut self) -> bool {
        let part = &self.part;
        let mut free_to_stay = vec![false; part.sums.len()];
        for seat in 0..self.seats() {
            if self.alive(seat).iter().any(|&option| self.is_nowhere(option)) {
                for &cell in part.options(seat).flat_map(|option| part.entries(option)) {
                    free_to_stay[part.sum_of[cell as usize] as usize] = true;
                }
            }
        }
        let sums = part.sums.iter().zip(free_to_stay);
        for (sum, _) in sums.filter(|(sum, free_to_stay)| sum.is_sure && !free_to_stay) {
            let (mut lows, mut highs) = (0, 0);
            for &cell in &sum.cells {
                lows += self.ranges[cell as usize].0;
                highs += self.ranges[cell as usize].1;
            }
            for &cell in &sum.cells {
                let (low, high) = self.ranges[cell as usize];
                let range =
                    (low.max(sum.people - (highs - high)), high.min(sum.people - (lows - low)));
                self.ranges[cell as usize] = range;
                if range.0 > range.1 {
                    return false;
                }
            }
        }
        true
    }

    /// Cells that must or cannot take more decide their seats. Whether that changed anything; none if it is impossible.
    fn follow_counts(&mut self, counts: &[(i64, i64)]) -> Option<bool> {
        let part = self.part.clone();
        let (mut changed, mut barred) = (false, Vec::new());
        for seat in 0..self.seats() {
            if self.choices(seat) < 2 {
                continue;
            }
            let mut forced = None;
            barred.clear();
            for &option in self.alive(seat) {
                for entries in part.entries(option as usize).chunk_by(|one, other| one == other) {
                    let (cell, people) = (entries[0] as usize, entries.len() as i64);
                    if counts[cell].0 + people > self.ranges[cell].1 {
                        barred.push(option);
                    }
                    if counts[cell].1 - people < self.ranges[cell].0 {
                        forced = Some(option);
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
            if self.choices(seat) == 0 {
                return None;
            }
        }
        Some(changed)
    }
}
