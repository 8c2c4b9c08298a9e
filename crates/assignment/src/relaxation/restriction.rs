//! Part of a problem, laid out flat: the seats that still have a choice with what they may choose, and the cells that
//! these can change. All that is settled beside them is one sum, and one count in each cell. A search that looks into
//! few people of many thereby costs what the few cost. It must never know prices.

use std::rc::Rc;

use crate::model::{Cell, Model, NOWHERE};
use crate::search_state::State;

/// One point, in the fixed-point numbers of prices.
pub(crate) const SCALE: i64 = 1 << 16;

/// The seats of a part. Seats, options and cells are numbered within the part.
pub(crate) struct Part<'m> {
    pub(crate) model: &'m Model,
    pub(crate) members: Vec<Member>,
    /// Rows in the model, member after member.
    pub(crate) seats: Vec<u32>,
    /// Where the options of each seat begin, and the end of all.
    pub(crate) first_option: Vec<u32>,
    /// By option.
    pub(crate) groups: Vec<u32>,
    /// By option, in fixed point: all but counters, and repeats of seats that are in the part.
    pub(crate) costs: Vec<i64>,
    /// By option: whether its cost includes that of a repeat, with a seat that was settled.
    repeated: Vec<bool>,
    first_entry: Vec<u32>,
    /// The cells that each option counts in, once for every person.
    entries: Vec<u32>,
    pub(crate) cells: Vec<PartCell>,
    pub(crate) sums: Vec<Sum>,
    /// By cell.
    pub(crate) sum_of: Vec<u32>,
    /// What is settled beside the part costs, in fixed point.
    pub(crate) constant: i64,
    /// The groups of seats outside, and of those that were settled since.
    beside: Rc<Vec<u32>>,
    settled: Vec<(u32, u32)>,
}

/// Seats that are decided together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Member {
    pub(crate) agent: u32,
    pub(crate) first: u32,
    pub(crate) seats: u32,
    /// Whether they are rounds of one person who may be once in each group, so that a repeat is told by the groups.
    pub(crate) is_plain: bool,
}

impl Member {
    pub(crate) fn range(self) -> std::ops::Range<usize> {
        self.first as usize..(self.first + self.seats) as usize
    }
}

/// A cell with those who count in it whatever the part does.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PartCell {
    /// The row in the model.
    pub(crate) row: u32,
    pub(crate) base: i64,
    pub(crate) of: Cell,
}

/// The cells of one counter: together they count so many, if everybody has a group.
pub(crate) struct Sum {
    pub(crate) cells: Vec<u32>,
    pub(crate) people: i64,
    /// False if some of the counter's cells are no longer in the part.
    pub(crate) is_sure: bool,
}

/// Which option and cell each of a smaller part was in the larger.
pub(crate) struct Origin {
    pub(crate) options: Vec<u32>,
    pub(crate) cells: Vec<u32>,
}

/// What is needed to copy options into a smaller part.
struct Copy {
    /// By cell: what each person more costs, in fixed point, if that is the same whatever the part does.
    slopes: Vec<Option<i64>>,
    /// By cell: its number in the smaller part.
    local: Vec<u32>,
    /// The groups in which seats of the agent settle now.
    gone: Vec<u32>,
    origin: Origin,
}

const NONE: u32 = u32::MAX;

impl PartCell {
    /// What each person more costs, in fixed point, if that is the same between all counts that are possible, and none
    /// of these is forbidden.
    fn slope(&self, base: i64, (fewest, most): (i64, i64), range: (i64, i64)) -> Option<i64> {
        if fewest < range.0 || most > range.1 {
            return None;
        }
        // Nobody settles any more by whom the base and the fewest could differ, but for agents of several people.
        if fewest != base || most == fewest {
            return None;
        }
        let kinks = [self.of.low, self.of.high, self.of.floor];
        let is_straight = kinks.iter().all(|&kink| kink <= fewest || kink >= most);
        is_straight.then(|| (self.of.cost(fewest + 1) - self.of.cost(fewest)) * SCALE)
    }
}

impl<'m> Part<'m> {
    fn empty(model: &'m Model, beside: Rc<Vec<u32>>, settled: Vec<(u32, u32)>) -> Self {
        Self {
            model,
            members: Vec::new(),
            seats: Vec::new(),
            first_option: vec![0],
            groups: Vec::new(),
            costs: Vec::new(),
            repeated: Vec::new(),
            first_entry: vec![0],
            entries: Vec::new(),
            cells: Vec::new(),
            sums: Vec::new(),
            sum_of: Vec::new(),
            constant: 0,
            beside,
            settled,
        }
    }

    /// Sets some agents free in a plan: their seats may choose what `choices` says.
    pub(crate) fn around<'c>(
        state: &State<'m>,
        agents: &[u32],
        choices: impl Fn(usize) -> &'c [u32],
    ) -> Self {
        let model = state.model;
        let mut part = Self::empty(model, Rc::new(state.groups.clone()), Vec::new());
        let mut local = vec![NONE; model.cells.len()];
        part.constant = state.value() * SCALE;
        for &agent in agents {
            part.add_member(agent, is_plain(model, agent as usize));
            let mut present = Vec::new();
            for &seat in &model.agents[agent as usize].seats {
                let (row, group) = (seat as usize, state.groups[seat as usize]);
                let repeats = repeats(model, agent as usize, &present, group);
                part.constant -= (model.cost(row, group) + repeats) * SCALE;
                present.push(group);
                part.leave(state, &mut local, row, group);
                for &group in choices(row) {
                    part.add_option(group, model.cost(row, group) * SCALE, false);
                    part.enter_all(state, &mut local, row, group);
                    part.end_option();
                }
                part.end_seat(seat);
            }
        }
        part.end();
        part
    }

    fn add_member(&mut self, agent: u32, is_plain: bool) {
        self.members.push(Member { agent, first: self.seats.len() as u32, seats: 0, is_plain });
    }

    fn add_option(&mut self, group: u32, cost: i64, is_repeated: bool) {
        self.groups.push(group);
        self.costs.push(cost);
        self.repeated.push(is_repeated);
    }

    fn end_option(&mut self) {
        self.first_entry.push(self.entries.len() as u32);
    }

    fn end_seat(&mut self, seat: u32) {
        self.seats.push(seat);
        self.first_option.push(self.groups.len() as u32);
        if let Some(member) = self.members.last_mut() {
            member.seats += 1;
        }
    }

    fn enter_all(&mut self, state: &State<'_>, local: &mut [u32], seat: usize, group: u32) {
        for (cell, people) in cells_of(state.model, seat, group) {
            let cell = self.take_in(state, local, cell);
            self.entries.extend(std::iter::repeat_n(cell, people as usize));
        }
    }

    /// A seat that is set free no longer counts where it is.
    fn leave(&mut self, state: &State<'_>, local: &mut [u32], seat: usize, group: u32) {
        for (cell, people) in cells_of(state.model, seat, group) {
            let cell = self.take_in(state, local, cell);
            self.cells[cell as usize].base -= i64::from(people);
        }
    }

    /// The number of a cell in the part; what it costs is no longer settled.
    fn take_in(&mut self, state: &State<'_>, local: &mut [u32], row: usize) -> u32 {
        if local[row] == NONE {
            local[row] = self.cells.len() as u32;
            let (of, base) = (state.model.cells[row], state.count(row));
            self.constant -= of.cost(base) * SCALE;
            self.cells.push(PartCell { row: row as u32, base, of });
        }
        local[row]
    }

    /// Finds what cells count together.
    fn end(&mut self) {
        let groups = self.model.groups;
        let counter = |cell: u32| self.cells[cell as usize].row as usize / groups;
        let mut order: Vec<u32> = (0..self.cells.len() as u32).collect();
        order.sort_unstable_by_key(|&cell| self.cells[cell as usize].row);
        self.sum_of = vec![0; self.cells.len()];
        for cells in order.chunk_by(|&one, &other| counter(one) == counter(other)) {
            let people = cells.iter().map(|&cell| self.cells[cell as usize].base).sum();
            cells.iter().for_each(|&cell| self.sum_of[cell as usize] = self.sums.len() as u32);
            self.sums.push(Sum { cells: cells.to_vec(), people, is_sure: true });
        }
        for seat in 0..self.seats.len() {
            self.count_in_sums(seat);
        }
    }

    /// Adds a seat's people to the sums in which it counts with every option. Other sums are not to be relied on.
    fn count_in_sums(&mut self, seat: usize) {
        let options = || self.options(seat).filter(|&option| self.groups[option] != NOWHERE);
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
                None => self.sums[sum as usize].is_sure = false,
            }
        }
    }

    /// All options that a seat had when the part was made.
    pub(crate) fn options(&self, seat: usize) -> std::ops::Range<usize> {
        self.first_option[seat] as usize..self.first_option[seat + 1] as usize
    }

    /// The cells that an option counts in, once for every person.
    pub(crate) fn entries(&self, option: usize) -> &[u32] {
        &self.entries[self.first_entry[option] as usize..self.first_entry[option + 1] as usize]
    }

    /// The group in which an option makes a repeat if another open seat of its agent has it too. None if there is no
    /// group, or if the option already pays for a repeat with a seat that was settled: then it pays whatever the others
    /// do, and a second payment would put the bound above plans that there are.
    pub(crate) fn repeatable(&self, option: usize) -> u32 {
        if self.repeated[option] { NOWHERE } else { self.groups[option] }
    }

    /// Whether the cost of an option includes that of a repeat, with a seat that was settled.
    pub(crate) fn is_repeated(&self, option: usize) -> bool {
        self.repeated[option]
    }

    /// The same without the seats that have one option left, and without the cells that have become simple: what the
    /// latter cost is added to the options. `alive` are the options that are left, `ranges` what cells may count.
    pub(crate) fn without_settled<'c>(
        &self,
        alive: impl Fn(usize) -> &'c [u32],
        ranges: &[(i64, i64)],
    ) -> (Self, Origin) {
        let mut part = Self::empty(self.model, self.beside.clone(), self.settled.clone());
        part.constant = self.constant;
        let counts = self.counts(&alive);
        let is_open = |seat: usize| alive(seat).len() > 1;
        let mut bases: Vec<i64> = self.cells.iter().map(|cell| cell.base).collect();
        let is_kept = |member: Member, seat: usize| {
            is_open(seat) || !member.is_plain && member.range().any(is_open)
        };
        for &member in &self.members {
            for seat in member.range().filter(|&seat| !is_kept(member, seat)) {
                self.entries(alive(seat)[0] as usize)
                    .iter()
                    .for_each(|&cell| bases[cell as usize] += 1);
            }
        }
        let mut copy = Copy {
            slopes: (0..self.cells.len())
                .map(|cell| self.cells[cell].slope(bases[cell], counts[cell], ranges[cell]))
                .collect(),
            local: vec![NONE; self.cells.len()],
            gone: Vec::new(),
            origin: Origin { options: Vec::new(), cells: Vec::new() },
        };
        for &member in &self.members {
            if member.range().any(is_open) {
                part.add_member(member.agent, member.is_plain);
            }
            copy.gone.clear();
            for seat in member.range().filter(|&seat| !is_kept(member, seat)) {
                part.settle(self, member, seat, alive(seat)[0] as usize, &mut copy.gone);
            }
            for seat in member.range().filter(|&seat| is_kept(member, seat)) {
                for &option in alive(seat) {
                    part.copy_option(self, option as usize, &mut copy);
                }
                part.end_seat(self.seats[seat]);
            }
        }
        for (cell, &base) in bases.iter().enumerate() {
            match copy.local[cell] {
                NONE => part.constant += self.cells[cell].of.cost(base) * SCALE,
                local => part.cells[local as usize].base = base,
            }
        }
        part.end();
        (part, copy.origin)
    }

    /// The fewest and the most that each cell can count, by what is left to seats.
    pub(crate) fn counts<'c>(&self, alive: &impl Fn(usize) -> &'c [u32]) -> Vec<(i64, i64)> {
        let mut counts: Vec<(i64, i64)> =
            self.cells.iter().map(|cell| (cell.base, cell.base)).collect();
        for seat in 0..self.seats.len() {
            let options = alive(seat);
            for &option in options {
                for &cell in self.entries(option as usize) {
                    counts[cell as usize].1 += 1;
                    counts[cell as usize].0 += i64::from(options.len() == 1);
                }
            }
        }
        counts
    }

    fn settle(
        &mut self,
        from: &Self,
        member: Member,
        seat: usize,
        option: usize,
        gone: &mut Vec<u32>,
    ) {
        let group = from.groups[option];
        let repeats = match member.is_plain {
            true => i64::from(gone.contains(&group)) * self.model.weights.repeat,
            false => repeats(self.model, member.agent as usize, gone, group),
        };
        self.constant += from.costs[option] + repeats * SCALE;
        // Who settled in the group before has made the others dearer already.
        if !member.is_plain || (group != NOWHERE && !from.repeated[option]) {
            gone.push(group);
        }
        self.settled.push((from.seats[seat], group));
    }

    fn copy_option(&mut self, from: &Self, option: usize, copy: &mut Copy) {
        let group = from.groups[option];
        let repeats = copy.gone.contains(&group);
        let mut cost = from.costs[option];
        cost += i64::from(repeats) * self.model.weights.repeat * SCALE;
        for &cell in from.entries(option) {
            let local = &mut copy.local[cell as usize];
            if let Some(slope) = copy.slopes[cell as usize] {
                cost += slope;
                continue;
            }
            if *local == NONE {
                *local = self.cells.len() as u32;
                self.cells.push(from.cells[cell as usize]);
                copy.origin.cells.push(cell);
            }
            self.entries.push(*local);
        }
        copy.origin.options.push(option as u32);
        self.add_option(group, cost, repeats || from.repeated[option]);
        self.end_option();
    }

    /// The group of every seat of the model, if nothing is left open.
    pub(crate) fn decided(&self) -> Option<Vec<u32>> {
        if !self.seats.is_empty() {
            return None;
        }
        let mut groups = self.beside.as_ref().clone();
        self.settled.iter().for_each(|&(seat, group)| groups[seat as usize] = group);
        Some(groups)
    }

    /// The seats that were settled since the part was set free, with their groups.
    pub(crate) fn settled(&self) -> &[(u32, u32)] {
        &self.settled
    }
}

fn cells_of(model: &Model, seat: usize, group: u32) -> impl Iterator<Item = (usize, u32)> + '_ {
    let adds = if group == NOWHERE { &[] } else { model.adds(seat) };
    adds.iter().map(move |adds| (model.cell(adds.counter as usize, group as usize), adds.people))
}

fn is_plain(model: &Model, agent: usize) -> bool {
    let mut seats = model.agents[agent].seats.iter().map(|&seat| &model.seats[seat as usize]);
    let Some(&[person]) = seats.next().map(|seat| seat.people.as_slice()) else { return false };
    let often = (0..model.groups).any(|group| model.visits(person as usize, group) > 1);
    !often && seats.all(|seat| seat.people == [person])
}

/// Points for repeats that the next seat of an agent makes in a group, after those before it.
pub(crate) fn repeats(model: &Model, agent: usize, chosen: &[u32], group: u32) -> i64 {
    if group == NOWHERE || !chosen.contains(&group) {
        return 0;
    }
    let seats = &model.agents[agent].seats;
    let mut repeats = 0;
    for person in &model.seats[seats[chosen.len()] as usize].people {
        let before = seats.iter().zip(chosen).filter(|(seat, at)| {
            **at == group && model.seats[**seat as usize].people.contains(person)
        });
        let visits = before.count();
        if visits > 0 && visits + 1 > model.visits(*person as usize, group as usize) {
            repeats += 1;
        }
    }
    repeats * model.weights.repeat
}
