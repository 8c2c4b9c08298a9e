//! A plan in the making: who sits where, what that costs, and how it changes when one person moves. Costs are compared
//! word by word: nothing soft ever buys a repeat, no evenness a group under its minimum. It must never know why a move
//! is tried.

use super::model::{Model, Row, Seat};

/// A person who has no group in a round.
pub(super) const NOWHERE: usize = usize::MAX;

/// What a plan costs, the gravest first; also the difference that a move makes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cost {
    /// Places taken beyond a maximum.
    pub(super) over: i64,
    /// Places missing to a minimum.
    pub(super) short: i64,
    /// Times that somebody is again in a group they were in.
    pub(super) repeats: i64,
    /// Places away from even sizes.
    pub(super) uneven: i64,
    /// Preferences and proportions, weighted.
    pub(super) soft: i64,
}

impl Cost {
    /// The cost without its soft part.
    pub(super) fn hard(self) -> Self {
        Self { soft: 0, ..self }
    }
}

impl std::ops::AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        self.over += other.over;
        self.short += other.short;
        self.repeats += other.repeats;
        self.uneven += other.uneven;
        self.soft += other.soft;
    }
}

impl std::ops::Neg for Cost {
    type Output = Self;

    fn neg(self) -> Self {
        Self {
            over: -self.over,
            short: -self.short,
            repeats: -self.repeats,
            uneven: -self.uneven,
            soft: -self.soft,
        }
    }
}

/// Who sits where, with every counter kept up to date.
#[derive(Clone)]
pub(super) struct State<'m> {
    model: &'m Model,
    /// Group by person and round, [`NOWHERE`] if none.
    at: Vec<usize>,
    /// People by round and group.
    sizes: Vec<usize>,
    /// People by round, trait and group.
    counts: Vec<usize>,
    cost: Cost,
}

impl<'m> State<'m> {
    /// Everybody nowhere but the pinned, who are where they are pinned.
    pub(super) fn new(model: &'m Model) -> Self {
        let mut state = Self {
            model,
            at: vec![NOWHERE; model.people.len() * model.rounds.len()],
            sizes: vec![0; model.rooms.len()],
            counts: vec![0; model.bands.len()],
            cost: Cost::default(),
        };
        state.cost = state.cost_of_nobody();
        for (person, row) in model.people.iter().enumerate() {
            for (round, seat) in row.seats.iter().enumerate() {
                if let Seat::Pinned(group) = *seat {
                    state.enter(person, round, group);
                }
            }
        }
        state
    }

    fn cost_of_nobody(&self) -> Cost {
        let mut cost = Cost::default();
        for room in 0..self.model.rooms.len() {
            cost += self.cost_of_size(room, 0);
        }
        for cell in 0..self.model.bands.len() {
            let of = cell / self.model.groups.len() % self.model.traits.len();
            cost.soft += self.model.traits[of].weight() * self.model.bands[cell].distance(0);
        }
        cost
    }

    pub(super) fn cost(&self) -> Cost {
        self.cost
    }

    /// The person's group in a round, or [`NOWHERE`].
    pub(super) fn group_of(&self, person: usize, round: usize) -> usize {
        self.at[person * self.model.rounds.len() + round]
    }

    pub(super) fn size(&self, round: usize, group: usize) -> usize {
        self.sizes[self.model.room(round, group)]
    }

    /// How many with a trait are in a group in a round.
    pub(super) fn count(&self, cell: usize) -> usize {
        self.counts[cell]
    }

    /// What a group of that size costs.
    pub(super) fn cost_of_size(&self, room: usize, size: usize) -> Cost {
        let room = &self.model.rooms[room];
        Cost {
            over: size.saturating_sub(room.max) as i64,
            short: room.min.saturating_sub(size) as i64,
            uneven: room.even.distance(size),
            ..Cost::default()
        }
    }

    /// How often the person is in a group, and how often they may be before it counts as a repeat: once, or as often as
    /// they are pinned there.
    fn visits(&self, person: usize, group: usize) -> (usize, usize) {
        let rounds = self.model.rounds.len();
        let at = &self.at[person * rounds..(person + 1) * rounds];
        let pinned = self.model.people[person]
            .seats
            .iter()
            .filter(|&&seat| seat == Seat::Pinned(group))
            .count();
        (at.iter().filter(|&&other| other == group).count(), pinned.max(1))
    }

    /// Whether entering a group once more would be a repeat.
    pub(super) fn would_repeat(&self, person: usize, group: usize) -> bool {
        let (visits, allowed) = self.visits(person, group);
        visits >= allowed
    }

    /// What entering would add to the soft cost.
    pub(super) fn soft_cost_of_entering(&self, person: usize, round: usize, group: usize) -> i64 {
        let row = &self.model.people[person];
        let mut soft = if row.seats[round] == Seat::Free { row.wish[group] } else { 0 };
        for &of in &row.traits {
            let cell = self.model.cell(round, of, group);
            let (band, count) = (self.model.bands[cell], self.counts[cell]);
            soft +=
                self.model.traits[of].weight() * (band.distance(count + 1) - band.distance(count));
        }
        soft
    }

    /// Puts a person who has no group in the round into one.
    pub(super) fn enter(&mut self, person: usize, round: usize, group: usize) {
        let added = self.cost_of_entering(person, round, group);
        self.cost += added;
        self.at[person * self.model.rounds.len() + round] = group;
        self.sizes[self.model.room(round, group)] += 1;
        for &of in &self.model.people[person].traits {
            self.counts[self.model.cell(round, of, group)] += 1;
        }
    }

    /// Takes a person out of their group in a round.
    pub(super) fn leave(&mut self, person: usize, round: usize) {
        let group = self.group_of(person, round);
        self.at[person * self.model.rounds.len() + round] = NOWHERE;
        self.sizes[self.model.room(round, group)] -= 1;
        for &of in &self.model.people[person].traits {
            self.counts[self.model.cell(round, of, group)] -= 1;
        }
        // What leaving saves is what entering again would cost.
        let saved = self.cost_of_entering(person, round, group);
        self.cost += -saved;
    }

    /// Moves a person to another group in a round.
    pub(super) fn shift(&mut self, person: usize, round: usize, group: usize) {
        self.leave(person, round);
        self.enter(person, round, group);
    }

    /// How many more repeats a person has if they are in these groups in these rounds instead.
    pub(super) fn repeats_added(&self, person: usize, instead: &[(usize, usize)]) -> i64 {
        let group_after = |round: usize| {
            let changed = instead.iter().find(|(other, _)| *other == round);
            changed.map_or_else(|| self.group_of(person, round), |&(_, group)| group)
        };
        self.repeats(person, group_after)
            - self.repeats(person, |round| self.group_of(person, round))
    }

    /// The repeats of a person whose group in each round is as given.
    fn repeats(&self, person: usize, group: impl Fn(usize) -> usize) -> i64 {
        let seats = &self.model.people[person].seats;
        // A free place repeats if the group is pinned in any round, or free in an earlier one.
        let is_repeat = |round: usize| {
            let here = group(round);
            let again = |other: usize| {
                seats[other] == Seat::Pinned(here) || (other < round && group(other) == here)
            };
            here != NOWHERE && (0..seats.len()).any(again)
        };
        (0..seats.len()).filter(|&round| seats[round] == Seat::Free && is_repeat(round)).count()
            as i64
    }

    /// What is added to the soft cost if two people exchange their groups in a round.
    pub(super) fn soft_cost_of_swap(&self, person: usize, other: usize, round: usize) -> i64 {
        let (from, to) = (self.group_of(person, round), self.group_of(other, round));
        let (one, two) = (&self.model.people[person], &self.model.people[other]);
        let wishes = one.wish[to] - one.wish[from] + two.wish[from] - two.wish[to];
        wishes
            + self.soft_cost_of_traits(one, two, round, from, to)
            + self.soft_cost_of_traits(two, one, round, to, from)
    }

    /// What the traits that one has and the other has not add when they go from a group to another.
    fn soft_cost_of_traits(
        &self,
        one: &Row,
        other: &Row,
        round: usize,
        from: usize,
        to: usize,
    ) -> i64 {
        let mut soft = 0;
        for &of in one.traits.iter().filter(|of| !other.traits.contains(of)) {
            let change = |group: usize, by: isize| {
                let cell = self.model.cell(round, of, group);
                let (band, count) = (self.model.bands[cell], self.counts[cell]);
                band.distance(count.saturating_add_signed(by)) - band.distance(count)
            };
            soft += self.model.traits[of].weight() * (change(from, -1) + change(to, 1));
        }
        soft
    }

    fn cost_of_entering(&self, person: usize, round: usize, group: usize) -> Cost {
        let room = self.model.room(round, group);
        let mut cost = self.cost_of_size(room, self.sizes[room] + 1);
        cost += -self.cost_of_size(room, self.sizes[room]);
        cost.repeats += i64::from(self.would_repeat(person, group));
        cost.soft += self.soft_cost_of_entering(person, round, group);
        cost
    }
}
