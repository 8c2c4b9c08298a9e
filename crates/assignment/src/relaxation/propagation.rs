//! Constraint propagation: bounds consistency between the domains of variables and the ranges of cells, until no domain changes. What the
//! variables must and can put into a cell narrows its range; a range that is full or can barely be met narrows domains; and the
//! cells of one counter add up to everybody whom it counts. It must never know multipliers or an incumbent.

use super::Relaxation;

impl Relaxation<'_> {
    /// How many options the variables with more than one have.
    pub(crate) fn open_options(&self) -> usize {
        (0..self.variables())
            .map(|variable| self.domain_size(variable))
            .filter(|&size| size > 1)
            .sum()
    }

    /// Propagates until no domain changes any more. False if something has become infeasible.
    pub(crate) fn propagate(&mut self) -> bool {
        loop {
            let Some(count_bounds) = self.tighten_ranges() else { return false };
            if !self.tighten_by_sums() {
                return false;
            }
            match self.filter_domains(&count_bounds) {
                Some(true) => {}
                Some(false) => {
                    self.remove_fixed();
                    return true;
                }
                None => return false,
            }
        }
    }

    /// Narrows ranges to what the variables must and can put into each cell, and returns these bounds. None if infeasible.
    fn tighten_ranges(&mut self) -> Option<Vec<(i64, i64)>> {
        if (0..self.variables()).any(|variable| self.domain_size(variable) == 0) {
            return None;
        }
        let count_bounds = self.restriction.count_bounds(&|variable| self.domain(variable));
        for (range, &(must, can)) in self.ranges.iter_mut().zip(&count_bounds) {
            *range = (range.0.max(must), range.1.min(can));
            if range.0 > range.1 {
                return None;
            }
        }
        Some(count_bounds)
    }

    /// Where everybody whom a counter counts has a group, its cells sum up to all of them. False if infeasible.
    fn tighten_by_sums(&mut self) -> bool {
        let restriction = &self.restriction;
        let mut may_be_unassigned = vec![false; restriction.sums.len()];
        for variable in 0..self.variables() {
            if self.domain(variable).iter().any(|&option| self.is_unassigned(option)) {
                for &cell in
                    restriction.options(variable).flat_map(|option| restriction.entries(option))
                {
                    may_be_unassigned[restriction.sum_of[cell as usize] as usize] = true;
                }
            }
        }
        let sums = restriction.sums.iter().zip(may_be_unassigned);
        for (sum, _) in sums.filter(|(sum, may_be_unassigned)| sum.is_valid && !may_be_unassigned) {
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

    /// Takes away the options that a full cell cannot take, and forces those without which a cell falls short of its range. Whether
    /// that changed anything; none if infeasible.
    fn filter_domains(&mut self, count_bounds: &[(i64, i64)]) -> Option<bool> {
        let restriction = self.restriction.clone();
        let (mut changed, mut forbidden) = (false, Vec::new());
        for variable in 0..self.variables() {
            if self.domain_size(variable) < 2 {
                continue;
            }
            let mut forced = None;
            forbidden.clear();
            for &option in self.domain(variable) {
                for entries in
                    restriction.entries(option as usize).chunk_by(|one, other| one == other)
                {
                    let (cell, people) = (entries[0] as usize, entries.len() as i64);
                    if count_bounds[cell].0 + people > self.ranges[cell].1 {
                        forbidden.push(option);
                    }
                    if count_bounds[cell].1 - people < self.ranges[cell].0 {
                        forced = Some(option);
                    }
                }
            }
            if forbidden.is_empty() && forced.is_none() {
                continue;
            }
            changed = true;
            self.restrict_domain(variable, |option| {
                !forbidden.contains(&option) && forced.is_none_or(|only| only == option)
            });
            if self.domain_size(variable) == 0 {
                return None;
            }
        }
        Some(changed)
    }
}
