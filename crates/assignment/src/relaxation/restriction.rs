//! A restriction of the problem: some variables fixed, and the rest laid out flat as a sparse matrix of options (columns) and cells
//! (rows). All that is fixed is one constant, and one base count in each cell; cells whose cost has become a straight line go into the
//! costs of the options. So a node or a neighbourhood of few people among many costs what the few cost. It must never know
//! multipliers.

use std::rc::Rc;

use crate::model::{Model, Penalty, UNASSIGNED};
use crate::search_state::SearchState;

/// One point in the fixed-point numbers of the relaxation. A power of two leaves bounds room: 2^47 points to either side.
pub(crate) const SCALE: i64 = 1 << 16;

/// The open variables. Variables, options and cells are numbered within the restriction.
#[derive(Clone)]
pub(crate) struct Restriction<'m> {
    pub(crate) model: &'m Model,
    pub(crate) blocks: Vec<OpenBlock>,
    /// Their indices in the model, block after block.
    pub(crate) variables: Vec<u32>,
    /// Where the options of each variable begin, and the end of all.
    pub(crate) option_start: Vec<u32>,
    /// By option: its group, or [`UNASSIGNED`].
    pub(crate) groups: Vec<u32>,
    /// By option, in fixed point: all costs but those of open cells, and of repeats between open variables.
    pub(crate) costs: Vec<i64>,
    /// By option: whether its cost includes that of a repeat, with a variable that was fixed.
    pub(super) pays_repeat: Vec<bool>,
    pub(super) entry_start: Vec<u32>,
    /// The matrix by columns: the cells that each option counts in, once for every person.
    pub(super) entries: Vec<u32>,
    pub(crate) cells: Vec<OpenCell>,
    pub(crate) sums: Vec<CounterSum>,
    /// By cell: which sum it is in.
    pub(crate) sum_of: Vec<u32>,
    /// What all that is fixed costs, in fixed point.
    pub(crate) constant: i64,
    /// The groups of all variables of the model when these were set free, and of those that were fixed since.
    pub(super) outside: Rc<Vec<u32>>,
    pub(super) fixed: Vec<(u32, u32)>,
}

/// The open variables of a block of the model: one pricing problem.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OpenBlock {
    /// Its index in the model.
    pub(crate) block: u32,
    /// The first of its variables, and how many there are.
    pub(crate) first: u32,
    pub(crate) variables: u32,
    /// Whether they are rounds of one person who may be once in each group, so that equal groups are a repeat.
    pub(crate) is_single: bool,
}

impl OpenBlock {
    pub(crate) fn range(self) -> std::ops::Range<usize> {
        self.first as usize..(self.first + self.variables) as usize
    }
}

/// A cell that open variables can change.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OpenCell {
    /// Its index in the model, or [`TOTAL`].
    pub(crate) index: u32,
    /// How many people count in it whatever the open variables take.
    pub(crate) base: i64,
    pub(crate) penalty: Penalty,
}

impl OpenCell {
    /// Whether it is the cell of a total.
    pub(crate) fn is_total(&self) -> bool {
        self.index == TOTAL
    }
}

/// The cells of one counter: an equality, that together they count so many, if everybody has a group.
#[derive(Clone)]
pub(crate) struct CounterSum {
    pub(crate) cells: Vec<u32>,
    pub(crate) people: i64,
    /// False if a variable counts in the sum with some of its options only, as when some of the counter's cells are no longer open.
    pub(crate) is_valid: bool,
}

/// The index of the cells that are none of the model's: totals ([`super::totals`]).
pub(super) const TOTAL: u32 = u32::MAX;

/// The number of a cell that has none in a restriction yet.
pub(super) const UNMAPPED: u32 = u32::MAX;

impl<'m> Restriction<'m> {
    pub(super) fn empty(model: &'m Model, outside: Rc<Vec<u32>>, fixed: Vec<(u32, u32)>) -> Self {
        Self {
            model,
            blocks: Vec::new(),
            variables: Vec::new(),
            option_start: vec![0],
            groups: Vec::new(),
            costs: Vec::new(),
            pays_repeat: Vec::new(),
            entry_start: vec![0],
            entries: Vec::new(),
            cells: Vec::new(),
            sums: Vec::new(),
            sum_of: Vec::new(),
            constant: 0,
            outside,
            fixed,
        }
    }

    /// What restricts nothing: every variable with its whole domain.
    pub(crate) fn whole(model: &'m Model) -> Self {
        let options: Vec<Vec<u32>> = (model.variables.iter())
            .map(|variable| {
                let unassigned = (!variable.fixed).then_some(UNASSIGNED);
                variable.groups.iter().copied().chain(unassigned).collect()
            })
            .collect();
        let blocks: Vec<u32> = (0..model.blocks.len() as u32).collect();
        Self::freeing(&SearchState::new(model), &blocks, |variable| options[variable].as_slice())
    }

    /// Sets some blocks free in a plan, and fixes all others: the variables of the free ones may take what `domain` says.
    pub(crate) fn freeing<'c>(
        state: &SearchState<'m>,
        blocks: &[u32],
        domain: impl Fn(usize) -> &'c [u32],
    ) -> Self {
        let model = state.model;
        let mut restriction = Self::empty(model, Rc::new(state.groups.clone()), Vec::new());
        let mut local = vec![UNMAPPED; model.penalties.len()];
        restriction.constant = state.value() * SCALE;
        for &block in blocks {
            restriction.add_block(block, is_single(model, block as usize));
            let mut present = Vec::new();
            for &variable in &model.blocks[block as usize].variables {
                let (index, group) = (variable as usize, state.groups[variable as usize]);
                let repeat_cost = repeat_cost(model, block as usize, &present, group);
                restriction.constant -= (model.cost(index, group) + repeat_cost) * SCALE;
                present.push(group);
                restriction.uncount(state, &mut local, index, group);
                for &group in domain(index) {
                    restriction.add_option(group, model.cost(index, group) * SCALE, false);
                    restriction.add_entries(state, &mut local, index, group);
                    restriction.end_option();
                }
                restriction.end_variable(variable);
            }
        }
        restriction.finish();
        restriction
    }

    pub(super) fn add_block(&mut self, block: u32, is_single: bool) {
        self.blocks.push(OpenBlock {
            block,
            first: self.variables.len() as u32,
            variables: 0,
            is_single,
        });
    }

    pub(super) fn add_option(&mut self, group: u32, cost: i64, pays_repeat: bool) {
        self.groups.push(group);
        self.costs.push(cost);
        self.pays_repeat.push(pays_repeat);
    }

    pub(super) fn end_option(&mut self) {
        self.entry_start.push(self.entries.len() as u32);
    }

    pub(super) fn end_variable(&mut self, variable: u32) {
        self.variables.push(variable);
        self.option_start.push(self.groups.len() as u32);
        if let Some(block) = self.blocks.last_mut() {
            block.variables += 1;
        }
    }

    fn add_entries(
        &mut self,
        state: &SearchState<'_>,
        local: &mut [u32],
        variable: usize,
        group: u32,
    ) {
        for (cell, people) in contributions_to_cells(state.model, variable, group) {
            let cell = self.open_cell(state, local, cell);
            self.entries.extend(std::iter::repeat_n(cell, people as usize));
        }
    }

    /// A variable that is set free no longer counts where it is.
    fn uncount(&mut self, state: &SearchState<'_>, local: &mut [u32], variable: usize, group: u32) {
        for (cell, people) in contributions_to_cells(state.model, variable, group) {
            let cell = self.open_cell(state, local, cell);
            self.cells[cell as usize].base -= i64::from(people);
        }
    }

    /// The number of a cell in the restriction; its cost is no longer fixed.
    fn open_cell(&mut self, state: &SearchState<'_>, local: &mut [u32], index: usize) -> u32 {
        if local[index] == UNMAPPED {
            local[index] = self.cells.len() as u32;
            let (penalty, base) = (state.model.penalties[index], state.count(index));
            self.constant -= penalty.cost(base) * SCALE;
            self.cells.push(OpenCell { index: index as u32, base, penalty });
        }
        local[index]
    }

    /// Finds what the cells of each counter sum up to.
    pub(super) fn finish(&mut self) {
        let groups = self.model.groups;
        let counter = |cell: u32| self.cells[cell as usize].index as usize / groups;
        let mut order: Vec<u32> = (0..self.cells.len() as u32).collect();
        order.sort_unstable_by_key(|&cell| self.cells[cell as usize].index);
        self.sum_of = vec![0; self.cells.len()];
        let is_total = |cell: u32| self.cells[cell as usize].is_total();
        for cells in order.chunk_by(|&one, &other| counter(one) == counter(other) && !is_total(one))
        {
            let people = cells.iter().map(|&cell| self.cells[cell as usize].base).sum();
            cells.iter().for_each(|&cell| self.sum_of[cell as usize] = self.sums.len() as u32);
            self.sums.push(CounterSum { cells: cells.to_vec(), people, is_valid: true });
        }
        for variable in 0..self.variables.len() {
            self.count_in_sums(variable);
        }
    }

    /// Adds a variable's people to the sums in which it counts with every option. Other sums are not to be relied on.
    fn count_in_sums(&mut self, variable: usize) {
        let options = || self.options(variable).filter(|&option| self.groups[option] != UNASSIGNED);
        let Some(first) = options().next() else { return };
        let sums =
            |option: usize| self.entries(option).iter().map(|&cell| self.sum_of[cell as usize]);
        let (all, mut counted) = (options().count(), Vec::new());
        let mut found: Vec<u32> = options().flat_map(sums).collect();
        found.sort_unstable();
        for same in found.chunk_by(|one, other| one == other) {
            let people = sums(first).filter(|sum| *sum == same[0]).count();
            counted.push((same[0], (people * all == same.len()).then_some(people as i64)));
        }
        for (sum, people) in counted {
            match people {
                Some(people) => self.sums[sum as usize].people += people,
                None => self.sums[sum as usize].is_valid = false,
            }
        }
    }

    /// All options that a variable had when the restriction was made.
    pub(crate) fn options(&self, variable: usize) -> std::ops::Range<usize> {
        self.option_start[variable] as usize..self.option_start[variable + 1] as usize
    }

    /// The cells that an option counts in, once for every person.
    pub(crate) fn entries(&self, option: usize) -> &[u32] {
        &self.entries[self.entry_start[option] as usize..self.entry_start[option + 1] as usize]
    }

    /// The group in which an option makes a repeat if another open variable of its block has it too. [`UNASSIGNED`] if there is no
    /// group, or if the option already pays for a repeat with a variable that was fixed: then it pays whatever the others do, and a
    /// second payment would put the bound above plans that there are.
    pub(crate) fn repeat_group(&self, option: usize) -> u32 {
        if self.pays_repeat[option] { UNASSIGNED } else { self.groups[option] }
    }

    /// Whether the cost of an option includes that of a repeat, with a variable that was fixed.
    pub(crate) fn pays_repeat(&self, option: usize) -> bool {
        self.pays_repeat[option]
    }

    /// The fewest and the most that each cell can count, by what is left to variables.
    pub(crate) fn count_bounds<'c>(&self, domain: &impl Fn(usize) -> &'c [u32]) -> Vec<(i64, i64)> {
        let mut count_bounds: Vec<(i64, i64)> =
            self.cells.iter().map(|cell| (cell.base, cell.base)).collect();
        for variable in 0..self.variables.len() {
            let options = domain(variable);
            for &option in options {
                for &cell in self.entries(option as usize) {
                    count_bounds[cell as usize].1 += 1;
                    count_bounds[cell as usize].0 += i64::from(options.len() == 1);
                }
            }
        }
        count_bounds
    }

    /// The group of every variable of the model, if none is open.
    pub(crate) fn complete_assignment(&self) -> Option<Vec<u32>> {
        if !self.variables.is_empty() {
            return None;
        }
        let mut groups = self.outside.as_ref().clone();
        self.fixed.iter().for_each(|&(variable, group)| groups[variable as usize] = group);
        Some(groups)
    }

    /// The variables that were fixed since blocks were set free, as indices in the model, with their groups.
    pub(crate) fn fixed(&self) -> &[(u32, u32)] {
        &self.fixed
    }
}

/// The cells in which a variable counts when it takes a group, with how many people.
fn contributions_to_cells(
    model: &Model,
    variable: usize,
    group: u32,
) -> impl Iterator<Item = (usize, u32)> + '_ {
    let contributions = if group == UNASSIGNED { &[] } else { model.contributions(variable) };
    contributions
        .iter()
        .map(move |one| (model.cell(one.counter as usize, group as usize), one.people))
}

/// See [`OpenBlock::is_single`].
fn is_single(model: &Model, block: usize) -> bool {
    let mut variables =
        model.blocks[block].variables.iter().map(|&variable| &model.variables[variable as usize]);
    let Some(&[person]) = variables.next().map(|variable| variable.people.as_slice()) else {
        return false;
    };
    let often = (0..model.groups).any(|group| model.allowed_visits(person as usize, group) > 1);
    !often && variables.all(|variable| variable.people == [person])
}

/// Points for the repeats that the next variable of a block makes in a group, after those before it took the groups `chosen`.
pub(crate) fn repeat_cost(model: &Model, block: usize, chosen: &[u32], group: u32) -> i64 {
    if group == UNASSIGNED || !chosen.contains(&group) {
        return 0;
    }
    let variables = &model.blocks[block].variables;
    let mut repeats = 0;
    for person in &model.variables[variables[chosen.len()] as usize].people {
        let before = variables.iter().zip(chosen).filter(|(variable, at)| {
            **at == group && model.variables[**variable as usize].people.contains(person)
        });
        let visits = before.count();
        if visits > 0 && visits + 1 > model.allowed_visits(*person as usize, group as usize) {
            repeats += 1;
        }
    }
    repeats * model.weights.repeat
}
