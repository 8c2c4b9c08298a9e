//! The state of a local search: the group of every variable, with the counts and the value kept up to date, and the delta of every
//! move read off in constant time for each counter (delta evaluation). It must never know which move is a good one.

use crate::model::{FORBIDDEN_COST, Model, UNASSIGNED};

/// An assignment under search. No variable has a group outside its domain; capacities may be exceeded.
#[derive(Clone)]
pub(super) struct SearchState<'m> {
    pub(super) model: &'m Model,
    /// The group of every variable.
    pub(super) groups: Vec<u32>,
    /// How many people each cell counts.
    counts: Vec<i64>,
    /// By cell: by how much one person more, and one less, would change the value.
    increment_delta: Vec<i64>,
    decrement_delta: Vec<i64>,
    /// Variables by session and profile, and by session; a session is a group in a round, or no group in it.
    by_profile: Vec<Vec<u32>>,
    by_session: Vec<Vec<u32>>,
    position_in_profile: Vec<u32>,
    position_in_session: Vec<u32>,
    profiles: Profiles,
    /// By round and group: the cell that counts its size.
    size_cells: Vec<u32>,
    /// Groups in rounds above their capacity.
    overfull: usize,
    value: i64,
}

/// Variables that count in the same counters, but for organizations, have one profile. They are nearly interchangeable, so that one in
/// the place of the other costs little.
#[derive(Clone)]
struct Profiles {
    of_variable: Vec<u32>,
    count: usize,
}

impl Profiles {
    fn new(model: &Model) -> Self {
        let mut known: std::collections::BTreeMap<Vec<(u32, u32)>, u32> = Default::default();
        let mut of_variable = Vec::new();
        let mut per_round = vec![0_u32; model.rounds];
        for (index, variable) in model.variables.iter().enumerate() {
            let is_counted = |counter: u32| model.counters[counter as usize].is_in_profile();
            let counted = model.contributions(index).iter().filter(|one| is_counted(one.counter));
            let key: Vec<(u32, u32)> = counted.map(|one| (one.counter, one.people)).collect();
            let profile = *known.entry(key).or_insert_with(|| {
                per_round[variable.round] += 1;
                per_round[variable.round] - 1
            });
            of_variable.push(profile);
        }
        Self { of_variable, count: per_round.into_iter().max().unwrap_or(0) as usize }
    }
}

impl<'m> SearchState<'m> {
    /// Everybody who is not fixed is unassigned.
    pub(super) fn new(model: &'m Model) -> Self {
        let groups: Vec<u32> = (model.variables.iter())
            .map(|variable| if variable.fixed { variable.groups[0] } else { UNASSIGNED })
            .collect();
        Self::from_groups(model, groups)
    }

    /// With these groups by variable, as far as their domains have them.
    pub(super) fn from_groups(model: &'m Model, groups: Vec<u32>) -> Self {
        let profiles = Profiles::new(model);
        let sessions = model.rounds * (model.groups + 1);
        let mut size_cells = vec![0; model.rounds * model.groups];
        for (counter, of) in model.counters.iter().enumerate().filter(|(_, of)| of.is_size()) {
            for group in 0..model.groups {
                size_cells[of.round * model.groups + group] = model.cell(counter, group) as u32;
            }
        }
        let mut state = Self {
            model,
            groups: vec![UNASSIGNED; model.variables.len()],
            counts: vec![0; model.penalties.len()],
            increment_delta: vec![0; model.penalties.len()],
            decrement_delta: vec![0; model.penalties.len()],
            by_profile: vec![Vec::new(); sessions * profiles.count],
            by_session: vec![Vec::new(); sessions],
            position_in_profile: vec![0; model.variables.len()],
            position_in_session: vec![0; model.variables.len()],
            profiles,
            size_cells,
            overfull: 0,
            value: model.constant,
        };
        for cell in 0..model.penalties.len() {
            state.value += model.penalties[cell].cost(0);
            state.update_deltas(cell);
        }
        for variable in 0..model.variables.len() {
            state.value += model.variables[variable].unassigned_cost;
            state.insert_in_lists(variable);
        }
        for (variable, group) in groups.into_iter().enumerate() {
            if group != UNASSIGNED && model.cost(variable, group) < FORBIDDEN_COST {
                state.assign(variable, group);
            }
        }
        state
    }

    /// What the plan costs.
    pub(super) fn value(&self) -> i64 {
        self.value
    }

    /// How many people a cell counts.
    pub(super) fn count(&self, cell: usize) -> i64 {
        self.counts[cell]
    }

    /// Whether every group keeps its capacity.
    pub(super) fn is_within_capacity(&self) -> bool {
        self.overfull == 0
    }

    /// How many more people a group can take; negative if it has too many.
    pub(super) fn spare_capacity(&self, round: usize, group: u32) -> i64 {
        let cell = self.size_cells[round * self.model.groups + group as usize] as usize;
        self.model.penalties[cell].max_count - self.counts[cell]
    }

    /// Whether a group can take a variable's people.
    pub(super) fn has_capacity(&self, variable: usize, group: u32) -> bool {
        let of = &self.model.variables[variable];
        group == UNASSIGNED || self.spare_capacity(of.round, group) >= of.people.len() as i64
    }

    /// The variables in a group of a round, or in none.
    pub(super) fn variables_in(&self, round: usize, group: u32) -> &[u32] {
        &self.by_session[self.session_index(round, group)]
    }

    /// Those in a group that have the same profile as a variable.
    pub(super) fn similar_in(&self, variable: usize, group: u32) -> &[u32] {
        let session = self.session_index(self.model.variables[variable].round, group);
        &self.by_profile
            [session * self.profiles.count + self.profiles.of_variable[variable] as usize]
    }

    /// By how much leaving its group changes the value: counters and repeats, not the variable's own cost.
    pub(super) fn leave_delta(&self, variable: usize) -> i64 {
        let group = self.groups[variable];
        if group == UNASSIGNED {
            return 0;
        }
        let mut change = -self.repeat_cost(variable, group, 1);
        for one in self.model.contributions(variable) {
            let cell = one.counter as usize * self.model.groups + group as usize;
            change += match one.people {
                1 => self.decrement_delta[cell],
                people => self.count_delta(cell, -i64::from(people)),
            };
        }
        change
    }

    /// By how much entering a group changes the value, for a variable that has none; counters and repeats only.
    pub(super) fn enter_delta(&self, variable: usize, group: u32) -> i64 {
        if group == UNASSIGNED {
            return 0;
        }
        let mut change = self.repeat_cost(variable, group, 0);
        for one in self.model.contributions(variable) {
            let cell = one.counter as usize * self.model.groups + group as usize;
            change += match one.people {
                1 => self.increment_delta[cell],
                people => self.count_delta(cell, i64::from(people)),
            };
        }
        change
    }

    /// By how much a move to another group changes the value: a variable's own cost, counters and repeats.
    pub(super) fn move_delta(&self, variable: usize, group: u32) -> i64 {
        let own =
            self.model.cost(variable, group) - self.model.cost(variable, self.groups[variable]);
        own + self.leave_delta(variable) + self.enter_delta(variable, group)
    }

    fn count_delta(&self, cell: usize, by: i64) -> i64 {
        let (of, count) = (&self.model.penalties[cell], self.counts[cell]);
        of.cost(count + by) - of.cost(count)
    }

    /// Points for repeats that the variable's people make by being in a group, of which `counted` visits are this one.
    fn repeat_cost(&self, variable: usize, group: u32, counted: usize) -> i64 {
        if self.model.rounds == 1 {
            return 0;
        }
        let mut repeats = 0;
        for &person in &self.model.variables[variable].people {
            let person = person as usize;
            let visits = self.count_visits(person, group);
            if visits > 0
                && visits + 1 - counted > self.model.allowed_visits(person, group as usize)
            {
                repeats += 1;
            }
        }
        repeats * self.model.weights.repeat
    }

    fn count_visits(&self, person: usize, group: u32) -> usize {
        let rounds = self.model.rounds;
        let variables = &self.model.variable_of[person * rounds..(person + 1) * rounds];
        variables
            .iter()
            .filter(|&&variable| self.groups.get(variable as usize) == Some(&group))
            .count()
    }

    /// Assigns a variable to a group, whatever that costs and whether or not it has room.
    pub(super) fn assign(&mut self, variable: usize, group: u32) {
        let before = self.groups[variable];
        if before == group {
            return;
        }
        let change = self.model.cost(variable, group) - self.model.cost(variable, before);
        self.value += change + self.leave_delta(variable);
        self.count_variable(variable, before, -1);
        self.remove_from_lists(variable);
        self.groups[variable] = UNASSIGNED;
        self.value += self.enter_delta(variable, group);
        self.count_variable(variable, group, 1);
        self.groups[variable] = group;
        self.insert_in_lists(variable);
    }

    fn count_variable(&mut self, variable: usize, group: u32, sign: i64) {
        if group == UNASSIGNED {
            return;
        }
        let model = self.model;
        let round = model.variables[variable].round;
        let was_over = self.spare_capacity(round, group) < 0;
        for one in model.contributions(variable) {
            let cell = one.counter as usize * model.groups + group as usize;
            self.counts[cell] += sign * i64::from(one.people);
            self.update_deltas(cell);
        }
        let is_over = self.spare_capacity(round, group) < 0;
        self.overfull = self.overfull + usize::from(is_over) - usize::from(was_over);
    }

    fn update_deltas(&mut self, cell: usize) {
        let (of, count) = (&self.model.penalties[cell], self.counts[cell]);
        let now = of.cost(count);
        self.increment_delta[cell] = of.cost(count + 1) - now;
        self.decrement_delta[cell] = of.cost(count - 1) - now;
    }

    fn session_index(&self, round: usize, group: u32) -> usize {
        let groups = self.model.groups;
        round * (groups + 1) + if group == UNASSIGNED { groups } else { group as usize }
    }

    fn insert_in_lists(&mut self, variable: usize) {
        let session =
            self.session_index(self.model.variables[variable].round, self.groups[variable]);
        let profile = session * self.profiles.count + self.profiles.of_variable[variable] as usize;
        self.position_in_session[variable] = self.by_session[session].len() as u32;
        self.by_session[session].push(variable as u32);
        self.position_in_profile[variable] = self.by_profile[profile].len() as u32;
        self.by_profile[profile].push(variable as u32);
    }

    fn remove_from_lists(&mut self, variable: usize) {
        let session =
            self.session_index(self.model.variables[variable].round, self.groups[variable]);
        let profile = session * self.profiles.count + self.profiles.of_variable[variable] as usize;
        remove_swapping(&mut self.by_session[session], &mut self.position_in_session, variable);
        remove_swapping(&mut self.by_profile[profile], &mut self.position_in_profile, variable);
    }
}

fn remove_swapping(list: &mut Vec<u32>, at: &mut [u32], variable: usize) {
    let gap = at[variable] as usize;
    list.swap_remove(gap);
    if let Some(&moved) = list.get(gap) {
        at[moved as usize] = gap as u32;
    }
}
