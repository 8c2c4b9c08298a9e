//! Totals: how many variables take an option of the same cost of its own, over all groups and rounds. With preferences that is how many
//! people get a group of a rank. No rule counts them, so a total has a cell that costs nothing and a multiplier of zero, and changes no
//! bound; but it is a whole number in every plan, and where it is none in the fractional solution, the tree can branch on it. It
//! must never know why.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Relaxation;
use super::restriction::{CounterSum, OpenCell, Restriction, TOTAL};
use crate::model::{Penalty, UNASSIGNED};

impl Relaxation<'_> {
    /// Adds a cell for every total, if there is none yet. What it counts at first is by the fractional solution with this smoothing.
    pub(crate) fn add_totals(&mut self, smoothing: f64) {
        if self.totals().next().is_some() {
            return;
        }
        self.lagrangian_bound(smoothing);
        let restriction = self.restriction.with_totals();
        let (cells, most) = (restriction.cells.len(), restriction.variables.len() as i64);
        self.ranges.resize(cells, (0, most));
        self.multipliers.resize(cells, 0);
        self.activity.resize(cells, 0.0);
        for (option, &fraction) in self.fractions.iter().enumerate() {
            for &cell in restriction.entries(option) {
                if restriction.cells[cell as usize].is_total() {
                    self.activity[cell as usize] += fraction;
                }
            }
        }
        self.mean_activity.extend(&self.activity[self.mean_activity.len()..]);
        self.restriction = Rc::new(restriction);
    }

    /// The cells of totals.
    pub(crate) fn totals(&self) -> impl Iterator<Item = usize> + '_ {
        let cells = self.restriction.cells.iter().enumerate();
        cells.filter(|(_, cell)| cell.is_total()).map(|(cell, _)| cell)
    }
}

impl Restriction<'_> {
    /// The same with the cells of totals after its own.
    fn with_totals(&self) -> Self {
        let mut restriction = self.clone();
        restriction.entries.clear();
        restriction.entry_start.truncate(1);
        let mut cell_of_cost = BTreeMap::new();
        for (variable, &index) in self.variables.iter().enumerate() {
            for option in self.options(variable) {
                restriction.entries.extend(self.entries(option));
                let group = self.groups[option];
                let cost = self.model.cost(index as usize, group);
                if group != UNASSIGNED && cost > 0 {
                    let cell = *cell_of_cost.entry(cost).or_insert_with(|| restriction.add_total());
                    restriction.entries.push(cell);
                }
                restriction.end_option();
            }
        }
        restriction
    }

    /// A cell that costs nothing whatever it counts.
    fn add_total(&mut self) -> u32 {
        let max_count = self.variables.len() as i64;
        let penalty =
            Penalty { low: 0, high: max_count, weight: 0, floor: 0, floor_weight: 0, max_count };
        let cell = self.cells.len() as u32;
        self.cells.push(OpenCell { index: TOTAL, base: 0, penalty });
        self.sum_of.push(self.sums.len() as u32);
        self.sums.push(CounterSum { cells: vec![cell], people: 0, is_valid: false });
        cell
    }
}
