//! Compaction: a smaller restriction without the variables that have been fixed, and without the cells whose cost has become a straight
//! line in what is left. It costs a copy, and makes every bound after it cheaper. It must never know multipliers.

use super::restriction::{OpenBlock, OpenCell, Restriction, SCALE, UNMAPPED, repeat_cost};
use crate::model::UNASSIGNED;

/// Which option and cell each of a smaller restriction was in the larger.
pub(crate) struct Mapping {
    pub(crate) options: Vec<u32>,
    pub(crate) cells: Vec<u32>,
}

/// What is needed to copy options into a smaller restriction.
struct Compaction {
    /// By cell: what each person more costs, in fixed point, if that is the same whatever the open variables take.
    slopes: Vec<Option<i64>>,
    /// By cell: its number in the smaller restriction.
    local: Vec<u32>,
    /// The groups in which variables of the block become fixed now.
    fixed_groups: Vec<u32>,
    mapping: Mapping,
}

impl OpenCell {
    /// What each person more costs, in fixed point, if that is the same between all counts that are possible, and none
    /// of these is forbidden. Totals stay, to be branched on.
    fn slope(&self, base: i64, (fewest, most): (i64, i64), range: (i64, i64)) -> Option<i64> {
        if fewest < range.0 || most > range.1 || self.is_total() {
            return None;
        }
        // Fixed variables are in the base, but for those that stay because their block, of several people, has open ones.
        if fewest != base || most == fewest {
            return None;
        }
        let kinks = [self.penalty.low, self.penalty.high, self.penalty.floor];
        let is_straight = kinks.iter().all(|&kink| kink <= fewest || kink >= most);
        is_straight.then(|| (self.penalty.cost(fewest + 1) - self.penalty.cost(fewest)) * SCALE)
    }
}

impl<'m> Restriction<'m> {
    /// The same without the variables that have one option left, and without the cells whose cost has become a straight line, which
    /// goes into the options. `domain` says the options that are left, `ranges` what cells may count.
    pub(crate) fn without_fixed<'c>(
        &self,
        domain: impl Fn(usize) -> &'c [u32],
        ranges: &[(i64, i64)],
    ) -> (Self, Mapping) {
        let mut restriction = Self::empty(self.model, self.outside.clone(), self.fixed.clone());
        restriction.constant = self.constant;
        let count_bounds = self.count_bounds(&domain);
        let is_open = |variable: usize| domain(variable).len() > 1;
        let mut bases: Vec<i64> = self.cells.iter().map(|cell| cell.base).collect();
        let is_kept = |block: OpenBlock, variable: usize| {
            is_open(variable) || !block.is_single && block.range().any(is_open)
        };
        for &block in &self.blocks {
            for variable in block.range().filter(|&variable| !is_kept(block, variable)) {
                self.entries(domain(variable)[0] as usize)
                    .iter()
                    .for_each(|&cell| bases[cell as usize] += 1);
            }
        }
        let mut compaction = Compaction {
            slopes: (0..self.cells.len())
                .map(|cell| self.cells[cell].slope(bases[cell], count_bounds[cell], ranges[cell]))
                .collect(),
            local: vec![UNMAPPED; self.cells.len()],
            fixed_groups: Vec::new(),
            mapping: Mapping { options: Vec::new(), cells: Vec::new() },
        };
        for &block in &self.blocks {
            if block.range().any(is_open) {
                restriction.add_block(block.block, block.is_single);
            }
            compaction.fixed_groups.clear();
            for variable in block.range().filter(|&variable| !is_kept(block, variable)) {
                restriction.fix(
                    self,
                    block,
                    variable,
                    domain(variable)[0] as usize,
                    &mut compaction.fixed_groups,
                );
            }
            for variable in block.range().filter(|&variable| is_kept(block, variable)) {
                for &option in domain(variable) {
                    restriction.copy_option(self, option as usize, &mut compaction);
                }
                restriction.end_variable(self.variables[variable]);
            }
        }
        for (cell, &base) in bases.iter().enumerate() {
            match compaction.local[cell] {
                UNMAPPED => restriction.constant += self.cells[cell].penalty.cost(base) * SCALE,
                local => restriction.cells[local as usize].base = base,
            }
        }
        restriction.finish();
        (restriction, compaction.mapping)
    }

    /// Takes a fixed variable of `from` into the constant, with the repeats that it makes.
    fn fix(
        &mut self,
        from: &Self,
        block: OpenBlock,
        variable: usize,
        option: usize,
        fixed_groups: &mut Vec<u32>,
    ) {
        let group = from.groups[option];
        let repeat_cost = if block.is_single {
            i64::from(fixed_groups.contains(&group)) * self.model.weights.repeat
        } else {
            repeat_cost(self.model, block.block as usize, fixed_groups, group)
        };
        self.constant += from.costs[option] + repeat_cost * SCALE;
        // A repeat with a variable that was fixed earlier is in the costs of the others already.
        if !block.is_single || (group != UNASSIGNED && !from.pays_repeat[option]) {
            fixed_groups.push(group);
        }
        self.fixed.push((from.variables[variable], group));
    }

    /// Copies an option, and takes into its cost the cells that are straight and the repeats with variables that became fixed.
    fn copy_option(&mut self, from: &Self, option: usize, compaction: &mut Compaction) {
        let group = from.groups[option];
        let is_repeat = compaction.fixed_groups.contains(&group);
        let mut cost = from.costs[option];
        cost += i64::from(is_repeat) * self.model.weights.repeat * SCALE;
        for &cell in from.entries(option) {
            let local = &mut compaction.local[cell as usize];
            if let Some(slope) = compaction.slopes[cell as usize] {
                cost += slope;
                continue;
            }
            if *local == UNMAPPED {
                *local = self.cells.len() as u32;
                self.cells.push(from.cells[cell as usize]);
                compaction.mapping.cells.push(cell);
            }
            self.entries.push(*local);
        }
        compaction.mapping.options.push(option as u32);
        self.add_option(group, cost, is_repeat || from.pays_repeat[option]);
        self.end_option();
    }
}
