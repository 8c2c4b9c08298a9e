//! The books of a search: who sits where, what every counter would cost with one more and one less, and the value, kept
//! up to date with every change of a seat. It must never know which change is a good one.

use crate::model::{BARRED, Model, NOWHERE};

/// A plan in the making. No seat has a group that is barred for it.
#[derive(Clone)]
pub(super) struct State<'m> {
    pub(super) model: &'m Model,
    /// The group of every seat.
    pub(super) groups: Vec<u32>,
    counts: Vec<i64>,
    /// What one more and one less would change, by cell.
    more: Vec<i64>,
    less: Vec<i64>,
    /// Seats by place and kind; a place is a group in a round, or none.
    by_kind: Vec<Vec<u32>>,
    by_place: Vec<Vec<u32>>,
    at_in_kind: Vec<u32>,
    at_in_place: Vec<u32>,
    kinds: Kinds,
    /// The cell of sizes, by room.
    size_cells: Vec<u32>,
    /// Rooms above their maximum.
    over: usize,
    value: i64,
}

/// Seats that count in the same counters, but for organizations, are of one kind.
#[derive(Clone)]
struct Kinds {
    of_seat: Vec<u32>,
    count: usize,
}

impl Kinds {
    fn new(model: &Model) -> Self {
        let mut known: std::collections::BTreeMap<Vec<(u32, u32)>, u32> = Default::default();
        let mut of_seat = Vec::new();
        let mut per_round = vec![0_u32; model.rounds];
        for (row, seat) in model.seats.iter().enumerate() {
            let told = |counter: u32| model.counters[counter as usize].tells_kind();
            let adds = model.adds(row).iter().filter(|adds| told(adds.counter));
            let key: Vec<(u32, u32)> = adds.map(|adds| (adds.counter, adds.people)).collect();
            let kind = *known.entry(key).or_insert_with(|| {
                per_round[seat.round] += 1;
                per_round[seat.round] - 1
            });
            of_seat.push(kind);
        }
        Self { of_seat, count: per_round.into_iter().max().unwrap_or(0) as usize }
    }
}

impl<'m> State<'m> {
    /// Everybody who is not fixed is nowhere.
    pub(super) fn new(model: &'m Model) -> Self {
        let groups: Vec<u32> = (model.seats.iter())
            .map(|seat| if seat.fixed { seat.groups[0] } else { NOWHERE })
            .collect();
        Self::with(model, groups)
    }

    /// With these groups by seat, as far as they are allowed.
    pub(super) fn with(model: &'m Model, groups: Vec<u32>) -> Self {
        let kinds = Kinds::new(model);
        let places = model.rounds * (model.groups + 1);
        let mut size_cells = vec![0; model.rounds * model.groups];
        for (counter, of) in model.counters.iter().enumerate().filter(|(_, of)| of.is_size()) {
            for group in 0..model.groups {
                size_cells[of.round * model.groups + group] = model.cell(counter, group) as u32;
            }
        }
        let mut state = Self {
            model,
            groups: vec![NOWHERE; model.seats.len()],
            counts: vec![0; model.cells.len()],
            more: vec![0; model.cells.len()],
            less: vec![0; model.cells.len()],
            by_kind: vec![Vec::new(); places * kinds.count],
            by_place: vec![Vec::new(); places],
            at_in_kind: vec![0; model.seats.len()],
            at_in_place: vec![0; model.seats.len()],
            kinds,
            size_cells,
            over: 0,
            value: model.constant,
        };
        for cell in 0..model.cells.len() {
            state.value += model.cells[cell].cost(0);
            state.look(cell);
        }
        for seat in 0..model.seats.len() {
            state.value += model.seats[seat].nowhere;
            state.enter_lists(seat);
        }
        for (seat, group) in groups.into_iter().enumerate() {
            if group != NOWHERE && model.cost(seat, group) < BARRED {
                state.put(seat, group);
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

    /// Whether every group keeps its maximum.
    pub(super) fn fits(&self) -> bool {
        self.over == 0
    }

    /// How many more people a group can take.
    pub(super) fn spare(&self, round: usize, group: u32) -> i64 {
        let cell = self.size_cells[round * self.model.groups + group as usize] as usize;
        self.model.cells[cell].most - self.counts[cell]
    }

    /// Whether a seat finds room in a group.
    pub(super) fn has_room(&self, seat: usize, group: u32) -> bool {
        let of = &self.model.seats[seat];
        group == NOWHERE || self.spare(of.round, group) >= of.people.len() as i64
    }

    /// The seats in a group of a round, or in none.
    pub(super) fn seats_in(&self, round: usize, group: u32) -> &[u32] {
        &self.by_place[self.place(round, group)]
    }

    /// Those of the same kind as a seat.
    pub(super) fn alike_in(&self, seat: usize, group: u32) -> &[u32] {
        let place = self.place(self.model.seats[seat].round, group);
        &self.by_kind[place * self.kinds.count + self.kinds.of_seat[seat] as usize]
    }

    /// What leaving its group changes: counters and repeats, not the seat's own cost.
    pub(super) fn leaving(&self, seat: usize) -> i64 {
        let group = self.groups[seat];
        if group == NOWHERE {
            return 0;
        }
        let mut change = -self.repeats(seat, group, 1);
        for adds in self.model.adds(seat) {
            let cell = adds.counter as usize * self.model.groups + group as usize;
            change += match adds.people {
                1 => self.less[cell],
                people => self.shift(cell, -i64::from(people)),
            };
        }
        change
    }

    /// What entering a group changes for one who is not in it.
    pub(super) fn entering(&self, seat: usize, group: u32) -> i64 {
        if group == NOWHERE {
            return 0;
        }
        let mut change = self.repeats(seat, group, 0);
        for adds in self.model.adds(seat) {
            let cell = adds.counter as usize * self.model.groups + group as usize;
            change += match adds.people {
                1 => self.more[cell],
                people => self.shift(cell, i64::from(people)),
            };
        }
        change
    }

    /// What it changes if a seat goes to another group.
    pub(super) fn moving(&self, seat: usize, group: u32) -> i64 {
        let own = self.model.cost(seat, group) - self.model.cost(seat, self.groups[seat]);
        own + self.leaving(seat) + self.entering(seat, group)
    }

    fn shift(&self, cell: usize, by: i64) -> i64 {
        let (of, count) = (&self.model.cells[cell], self.counts[cell]);
        of.cost(count + by) - of.cost(count)
    }

    /// Points for repeats that the seat's people make by being in a group, of which `counted` visits are this one.
    fn repeats(&self, seat: usize, group: u32, counted: usize) -> i64 {
        if self.model.rounds == 1 {
            return 0;
        }
        let mut repeats = 0;
        for &person in &self.model.seats[seat].people {
            let person = person as usize;
            let visits = self.visits(person, group);
            if visits > 0 && visits + 1 - counted > self.model.visits(person, group as usize) {
                repeats += 1;
            }
        }
        repeats * self.model.weights.repeat
    }

    fn visits(&self, person: usize, group: u32) -> usize {
        let rounds = self.model.rounds;
        let seats = &self.model.seat_of[person * rounds..(person + 1) * rounds];
        seats.iter().filter(|&&seat| self.groups.get(seat as usize) == Some(&group)).count()
    }

    /// Puts a seat into a group, whatever that costs and whether or not it has room.
    pub(super) fn put(&mut self, seat: usize, group: u32) {
        let before = self.groups[seat];
        if before == group {
            return;
        }
        let change = self.model.cost(seat, group) - self.model.cost(seat, before);
        self.value += change + self.leaving(seat);
        self.count_seat(seat, before, -1);
        self.leave_lists(seat);
        self.groups[seat] = NOWHERE;
        self.value += self.entering(seat, group);
        self.count_seat(seat, group, 1);
        self.groups[seat] = group;
        self.enter_lists(seat);
    }

    fn count_seat(&mut self, seat: usize, group: u32, sign: i64) {
        if group == NOWHERE {
            return;
        }
        let model = self.model;
        let round = model.seats[seat].round;
        let was_over = self.spare(round, group) < 0;
        for adds in model.adds(seat) {
            let cell = adds.counter as usize * model.groups + group as usize;
            self.counts[cell] += sign * i64::from(adds.people);
            self.look(cell);
        }
        let is_over = self.spare(round, group) < 0;
        self.over = self.over + usize::from(is_over) - usize::from(was_over);
    }

    fn look(&mut self, cell: usize) {
        let (of, count) = (&self.model.cells[cell], self.counts[cell]);
        let now = of.cost(count);
        self.more[cell] = of.cost(count + 1) - now;
        self.less[cell] = of.cost(count - 1) - now;
    }

    fn place(&self, round: usize, group: u32) -> usize {
        let groups = self.model.groups;
        round * (groups + 1) + if group == NOWHERE { groups } else { group as usize }
    }

    fn enter_lists(&mut self, seat: usize) {
        let place = self.place(self.model.seats[seat].round, self.groups[seat]);
        let kind = place * self.kinds.count + self.kinds.of_seat[seat] as usize;
        self.at_in_place[seat] = self.by_place[place].len() as u32;
        self.by_place[place].push(seat as u32);
        self.at_in_kind[seat] = self.by_kind[kind].len() as u32;
        self.by_kind[kind].push(seat as u32);
    }

    fn leave_lists(&mut self, seat: usize) {
        let place = self.place(self.model.seats[seat].round, self.groups[seat]);
        let kind = place * self.kinds.count + self.kinds.of_seat[seat] as usize;
        take_out(&mut self.by_place[place], &mut self.at_in_place, seat);
        take_out(&mut self.by_kind[kind], &mut self.at_in_kind, seat);
    }
}

fn take_out(list: &mut Vec<u32>, at: &mut [u32], seat: usize) {
    let gap = at[seat] as usize;
    list.swap_remove(gap);
    if let Some(&moved) = list.get(gap) {
        at[moved as usize] = gap as u32;
    }
}
