//! How a plan is found: cheapest flows settle what is grave (places, minima, repeats, even sizes), people are then
//! distributed over what the flow allows, and exchanges between people improve preferences and proportions without
//! giving up anything graver. Work is counted in moves, so that the same instance gives the same plan on any machine.
//! It must never know the clock.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::flow::{ArcId, Network};
use super::model::{Model, Seat, mix};
use super::state::{Cost, NOWHERE, State};

/// Moves tried for each placement while improving.
const MOVES_PER_PLACEMENT: usize = 500;
/// How much worse a move may be in the beginning, in sixteenths, while improving and while mending; it falls to nothing.
const MOST_PATIENCE: i64 = 32;
const MOST_PATIENCE_MENDING: i64 = 960;
const FEWEST_MOVES: usize = 2_000;
const MOST_MOVES: usize = 3_000_000;

/// What kind of moves is worth trying.
#[derive(Clone, Copy)]
struct Effort {
    /// How many of 64 moves may change sizes.
    shifts_in_64: usize,
    /// How many repeats an exchange may add.
    most_repeats: i64,
}

const MENDING: Effort = Effort { shifts_in_64: 32, most_repeats: i64::MAX };
const IMPROVING: Effort = Effort { shifts_in_64: 6, most_repeats: 0 };

/// A plan, and whether no other could have fewer repeats.
pub(super) struct Found<'m> {
    pub(super) state: State<'m>,
    pub(super) repeats_are_minimal: bool,
}

/// Finds a plan.
pub(super) fn find(model: &Model, seed: u64) -> Found<'_> {
    let mut search = Search::new(model, seed);
    // Two rounds are one flow, which is exact; more are settled round by round, then mended.
    let is_exact = model.rounds.len() <= 2;
    if is_exact {
        search.settle_at_once();
    } else {
        search.settle_in_turns();
    }
    search.improve();
    let repeats = search.state.cost().repeats;
    Found { repeats_are_minimal: is_exact || repeats == search.least.repeats, state: search.state }
}

/// Weights by which the graver costs are added up in a flow: one of a kind outweighs all of the next.
struct Weights {
    short: i64,
    repeat: i64,
}

/// What every plan must at least cost, because of limits and pins.
#[derive(Debug, Clone, Copy)]
struct Least {
    short: i64,
    repeats: i64,
}

/// Places that the flow gives to somebody of a kind: one group in one or two rounds, so many times.
struct Offer {
    places: Vec<(usize, usize)>,
    left: i64,
}

struct Search<'m> {
    model: &'m Model,
    state: State<'m>,
    weights: Weights,
    least: Least,
    /// The people whose group is to be found, by round.
    free: Vec<Vec<usize>>,
    random: Random,
    /// Moves that are being tried, with the group each person came from.
    trail: Vec<(usize, usize, usize)>,
    /// Exchanges that are being weighed.
    swaps: Vec<Swap>,
    /// The groups that somebody would have after them.
    instead: Vec<(usize, usize)>,
}

/// Two people exchange their groups in a round. Of one move, no two swaps have a round in common.
struct Swap {
    person: usize,
    other: usize,
    round: usize,
}

impl<'m> Search<'m> {
    fn new(model: &'m Model, seed: u64) -> Self {
        let free: Vec<Vec<usize>> =
            (0..model.rounds.len()).map(|round| model.free_in(round)).collect();
        let most = 2 * (model.people.len() * model.rounds.len()) as i64 + 1;
        Self {
            model,
            state: State::new(model),
            weights: Weights { short: most * most, repeat: most },
            least: least(model, &free),
            free,
            random: Random(mix(seed, 0)),
            trail: Vec::new(),
            swaps: Vec::new(),
            instead: Vec::new(),
        }
    }

    // ------------------------------------------------------------------------------------------ settling by flows

    /// Settles one or two rounds together. A person who is free in both is a unit of flow from a group of the first
    /// round to a group of the second, which costs a repeat if it is the same one.
    fn settle_at_once(&mut self) {
        if self.model.rounds.is_empty() || self.model.groups.is_empty() {
            return;
        }
        let groups = self.model.groups.len();
        let mut flow = TwoRounds::new(self.model.rounds.len(), groups);
        for round in 0..self.model.rounds.len() {
            flow.limit(round, self.free[round].len() as i64);
            for group in 0..groups {
                for (capacity, cost) in self.steps(round, group) {
                    flow.size(round, group, capacity, cost);
                }
            }
        }
        for (kind, people) in self.kinds() {
            let offers = flow.kind(kind, people.len() as i64, self.weights.repeat);
            flow.wanted.push((people, offers));
        }
        flow.network.fill(TwoRounds::SOURCE, TwoRounds::SINK);
        let TwoRounds { network, mut wanted, .. } = flow;
        // Those with least choice first: they take what only they can use.
        wanted.sort_by_key(|(_, offers)| offers.len());
        for (people, offers) in wanted {
            let offer = |(arc, places)| Offer { places, left: network.flow(arc) };
            self.distribute(people, offers.into_iter().map(offer).collect());
        }
    }

    /// People by what they are in the first and the second round, if free in at least one.
    fn kinds(&self) -> BTreeMap<(Seat, Seat), Vec<usize>> {
        let mut kinds: BTreeMap<(Seat, Seat), Vec<usize>> = BTreeMap::new();
        for (person, row) in self.model.people.iter().enumerate() {
            let seat = |round: usize| match row.seats.get(round) {
                None | Some(Seat::LeftOut) => Seat::Absent,
                Some(&seat) => seat,
            };
            let kind = (seat(0), seat(1));
            if kind.0 == Seat::Free || kind.1 == Seat::Free {
                kinds.entry(kind).or_default().push(person);
            }
        }
        kinds
    }

    /// Settles each round given those before it, then each again given all others until nothing gets better, and mends
    /// what is left.
    fn settle_in_turns(&mut self) {
        let rounds = self.model.rounds.len();
        for round in 0..rounds {
            self.settle(round);
        }
        let mut turns_without_gain = 0;
        for turn in 0..4 * rounds {
            if self.is_settled() || turns_without_gain == rounds {
                break;
            }
            let before = self.state.cost().hard();
            self.settle(turn % rounds);
            turns_without_gain =
                if self.state.cost().hard() < before { 0 } else { turns_without_gain + 1 };
        }
        self.mend();
    }

    /// Settles one round given the others.
    fn settle(&mut self, round: usize) {
        if self.model.groups.is_empty() {
            return;
        }
        let free = self.free[round].clone();
        for &person in &free {
            if self.state.group_of(person, round) != NOWHERE {
                self.state.leave(person, round);
            }
        }
        let mut kinds: BTreeMap<Vec<bool>, Vec<usize>> = BTreeMap::new();
        for person in free {
            let groups = 0..self.model.groups.len();
            let repeats = groups.map(|group| self.state.would_repeat(person, group)).collect();
            kinds.entry(repeats).or_default().push(person);
        }
        for (people, offers) in self.offers_of_round(round, kinds) {
            self.distribute(people, offers);
        }
    }

    /// How many of each kind (by the groups they have been in) go to which group.
    fn offers_of_round(
        &self,
        round: usize,
        kinds: BTreeMap<Vec<bool>, Vec<usize>>,
    ) -> Vec<(Vec<usize>, Vec<Offer>)> {
        let (source, sink, groups) = (0, 1, self.model.groups.len());
        let mut network = Network::new(2 + groups + kinds.len());
        for group in 0..groups {
            for (capacity, cost) in self.steps(round, group) {
                network.arc(2 + group, sink, capacity, cost);
            }
        }
        let mut wanted = Vec::new();
        for (index, (repeats, people)) in kinds.into_iter().enumerate() {
            let (node, count) = (2 + groups + index, people.len() as i64);
            network.arc(source, node, count, 0);
            let cost = |group: usize| if repeats[group] { self.weights.repeat } else { 0 };
            let arcs: Vec<ArcId> =
                (0..groups).map(|group| network.arc(node, 2 + group, count, cost(group))).collect();
            wanted.push((people, arcs));
        }
        network.fill(source, sink);
        let offer = |(group, arc): (usize, ArcId)| Offer {
            places: vec![(round, group)],
            left: network.flow(arc),
        };
        let offers = |arcs: Vec<ArcId>| arcs.into_iter().enumerate().map(offer).collect();
        wanted.into_iter().map(|(people, arcs)| (people, offers(arcs))).collect()
    }

    /// What each further place in a group costs, beyond the pinned: so many places at so much each.
    fn steps(&self, round: usize, group: usize) -> Vec<(i64, i64)> {
        let index = self.model.room(round, group);
        let room = &self.model.rooms[index];
        let price = |size: usize| {
            let cost = self.state.cost_of_size(index, size);
            cost.short * self.weights.short + cost.uneven
        };
        let mut steps: Vec<(i64, i64)> = Vec::new();
        for size in room.pinned..room.max {
            let cost = price(size + 1) - price(size);
            match steps.last_mut() {
                Some((capacity, same)) if *same == cost => *capacity += 1,
                _ => steps.push((1, cost)),
            }
        }
        steps
    }

    /// Gives each person the offer that suits best as things stand; whoever has preferences chooses first.
    fn distribute(&mut self, mut people: Vec<usize>, mut offers: Vec<Offer>) {
        people.sort_by_key(|&person| (self.model.people[person].first_choice.is_none(), person));
        for person in people {
            let cost = |offer: &&mut Offer| -> i64 {
                let of = |&(round, group): &(usize, usize)| {
                    self.state.soft_cost_of_entering(person, round, group)
                };
                offer.places.iter().map(of).sum()
            };
            let Some(best) = offers.iter_mut().filter(|offer| offer.left > 0).min_by_key(cost)
            else {
                return;
            };
            best.left -= 1;
            for &(round, group) in &best.places {
                self.state.enter(person, round, group);
            }
        }
    }

    // ------------------------------------------------------------------------------------------ improving by moves

    fn is_settled(&self) -> bool {
        let cost = self.state.cost();
        cost.short == self.least.short && cost.repeats == self.least.repeats && cost.uneven == 0
    }

    fn moves(&self) -> usize {
        let placements: usize = self.free.iter().map(Vec::len).sum();
        if placements == 0 {
            0
        } else {
            (placements * MOVES_PER_PLACEMENT).clamp(FEWEST_MOVES, MOST_MOVES)
        }
    }

    /// Looks for a plan without what seems avoidable, taking steps back where that may lead further.
    fn mend(&mut self) {
        let moves = self.moves();
        let mut best = self.state.clone();
        for done in 0..moves {
            if self.is_settled() {
                return;
            }
            let patience =
                self.random.patience(MOST_PATIENCE_MENDING * (moves - done) as i64 / moves as i64);
            let price = |added: Cost| 2_000 * added.short + 100 * added.repeats + 30 * added.uneven;
            self.attempt(MENDING, |added| added.over <= 0 && price(added) <= patience);
            if self.state.cost().hard() < best.cost().hard() {
                best.clone_from(&self.state);
            }
        }
        self.state = best;
    }

    /// Improves preferences and proportions, never at the price of anything graver; at first it takes small steps back,
    /// in the end only forward.
    fn improve(&mut self) {
        let moves = self.moves();
        let start = self.state.clone();
        for done in 0..moves {
            let patience =
                self.random.patience(MOST_PATIENCE * (moves - done) as i64 / moves as i64);
            self.attempt(IMPROVING, |added| match added.hard().cmp(&Cost::default()) {
                Ordering::Less => true,
                Ordering::Equal => added.soft <= patience,
                Ordering::Greater => false,
            });
        }
        if start.cost() < self.state.cost() {
            self.state = start;
        }
    }

    /// Tries one move at random, and keeps it if what it adds to the cost is accepted; exchanges that add more repeats
    /// than the effort allows are not even priced.
    fn attempt(&mut self, effort: Effort, accepts: impl Fn(Cost) -> bool) {
        let round = self.random.below(self.model.rounds.len());
        let Some(person) = self.random.one_of(&self.free[round]) else {
            return;
        };
        if self.random.below(64) < effort.shifts_in_64 {
            return self.attempt_shifts(person, round, accepts);
        }
        match self.random.below(8) {
            0..2 => self.draw_exchange(person, round),
            2..4 => self.draw_two_swaps(person, round),
            _ => self.draw_swap(person, round),
        }
        self.attempt_swaps(effort.most_repeats, accepts);
    }

    // Exchanges leave all sizes as they are, so they can be priced before they are made.

    /// Makes the swaps that were drawn, if accepted.
    fn attempt_swaps(&mut self, most_repeats: i64, accepts: impl Fn(Cost) -> bool) {
        let swaps = std::mem::take(&mut self.swaps);
        let repeats = self.repeats_added(&swaps);
        if !swaps.is_empty() && repeats <= most_repeats {
            let soft = swaps
                .iter()
                .map(|swap| self.state.soft_cost_of_swap(swap.person, swap.other, swap.round))
                .sum();
            if accepts(Cost { repeats, soft, ..Cost::default() }) {
                swaps.iter().for_each(|swap| self.swap(swap));
            }
        }
        self.swaps = swaps;
        self.swaps.clear();
    }

    fn repeats_added(&mut self, swaps: &[Swap]) -> i64 {
        let mut repeats = 0;
        for (index, swap) in swaps.iter().enumerate() {
            for person in [swap.person, swap.other] {
                let has = |other: &Swap| other.person == person || other.other == person;
                if swaps[..index].iter().any(has) {
                    continue;
                }
                self.instead.clear();
                for swap in swaps[index..].iter().filter(|swap| has(swap)) {
                    let partner = if swap.person == person { swap.other } else { swap.person };
                    self.instead.push((swap.round, self.state.group_of(partner, swap.round)));
                }
                repeats += self.state.repeats_added(person, &self.instead);
            }
        }
        repeats
    }

    fn swap(&mut self, swap: &Swap) {
        let (one, two) = (
            self.state.group_of(swap.person, swap.round),
            self.state.group_of(swap.other, swap.round),
        );
        self.state.shift(swap.person, swap.round, two);
        self.state.shift(swap.other, swap.round, one);
    }

    /// Two people exchange their groups of a round.
    fn draw_swap(&mut self, person: usize, round: usize) {
        if let Some(other) = self.random.one_of(&self.free[round]) {
            self.draw(person, other, round);
        }
    }

    /// Two people exchange their groups of every round in which both can.
    fn draw_exchange(&mut self, person: usize, round: usize) {
        let Some(other) = self.random.one_of(&self.free[round]) else {
            return;
        };
        for round in 0..self.model.rounds.len() {
            if self.is_free(person, round) && self.is_free(other, round) {
                self.draw(person, other, round);
            }
        }
    }

    /// A person exchanges groups with one person in a round and with another in a further round.
    fn draw_two_swaps(&mut self, person: usize, round: usize) {
        self.draw_swap(person, round);
        let further = self.random.below(self.model.rounds.len());
        if further != round && self.is_free(person, further) {
            self.draw_swap(person, further);
        }
    }

    fn draw(&mut self, person: usize, other: usize, round: usize) {
        if self.state.group_of(person, round) != self.state.group_of(other, round) {
            self.swaps.push(Swap { person, other, round });
        }
    }

    // Other moves change sizes: they are made, and taken back if not accepted.

    fn attempt_shifts(&mut self, person: usize, round: usize, accepts: impl Fn(Cost) -> bool) {
        self.trail.clear();
        let mut added = -self.state.cost();
        match self.random.below(4) {
            0 => self.go_elsewhere(person, round),
            1 => self.go_elsewhere_twice(person, round),
            2 => self.turn(person, round),
            _ => self.turn_both(person, round),
        }
        added += self.state.cost();
        if !accepts(added) {
            self.take_back();
        }
    }

    /// A person goes to another group of a round.
    fn go_elsewhere(&mut self, person: usize, round: usize) {
        let group = self.random.below(self.model.groups.len());
        self.shift(person, round, group);
    }

    /// A person goes to another group of a round, and of a further round.
    fn go_elsewhere_twice(&mut self, person: usize, round: usize) {
        self.go_elsewhere(person, round);
        let further = self.random.below(self.model.rounds.len());
        if self.is_free(person, further) {
            self.go_elsewhere(person, further);
        }
    }

    /// A person exchanges the groups of two of their rounds.
    fn turn(&mut self, person: usize, round: usize) {
        let further = self.random.below(self.model.rounds.len());
        if self.is_free(person, further) {
            let (one, two) =
                (self.state.group_of(person, round), self.state.group_of(person, further));
            self.shift(person, round, two);
            self.shift(person, further, one);
        }
    }

    /// Two people do so, which may leave the sizes even.
    fn turn_both(&mut self, person: usize, round: usize) {
        self.turn(person, round);
        if let Some(other) = self.random.one_of(&self.free[round]) {
            self.turn(other, round);
        }
    }

    fn is_free(&self, person: usize, round: usize) -> bool {
        self.model.people[person].seats[round] == Seat::Free
    }

    fn shift(&mut self, person: usize, round: usize, group: usize) {
        let from = self.state.group_of(person, round);
        if from != group {
            self.trail.push((person, round, from));
            self.state.shift(person, round, group);
        }
    }

    fn take_back(&mut self) {
        while let Some((person, round, from)) = self.trail.pop() {
            self.state.shift(person, round, from);
        }
    }
}

/// What every plan must cost: the minima that too few people cannot fill, and the rounds in which a person has no group
/// left that is new to them.
fn least(model: &Model, free: &[Vec<usize>]) -> Least {
    let short = |round: usize| {
        let rooms = &model.rooms[model.room(round, 0)..model.room(round + 1, 0)];
        let missing: usize = rooms.iter().map(|room| room.min.saturating_sub(room.pinned)).sum();
        missing.saturating_sub(free[round].len()) as i64
    };
    let repeats = |seats: &[Seat]| {
        let is_pinned = |group: &usize| seats.contains(&Seat::Pinned(*group));
        let new = (0..model.groups.len()).filter(|group| !is_pinned(group)).count();
        seats.iter().filter(|&&seat| seat == Seat::Free).count().saturating_sub(new) as i64
    };
    Least {
        short: (0..free.len()).map(short).sum(),
        repeats: model.people.iter().map(|row| repeats(&row.seats)).sum(),
    }
}

/// Arcs of a kind of people, each with the places that it stands for.
type Arcs = Vec<(ArcId, Vec<(usize, usize)>)>;

/// The network of one or two rounds: source → first gate → groups of the first round → (people) → groups of the second
/// round → second gate → sink.
struct TwoRounds {
    network: Network,
    groups: usize,
    /// The kinds of people, with the arcs that say where they go.
    wanted: Vec<(Vec<usize>, Arcs)>,
}

impl TwoRounds {
    const SOURCE: usize = 0;
    const SINK: usize = 1;
    const GATES: [usize; 2] = [2, 3];
    const FIRST_GROUP: usize = 4;

    fn new(rounds: usize, groups: usize) -> Self {
        // Beside the groups, one node for each kind of people: free in both rounds, or in one and absent or pinned in the other.
        let kinds = 2 * groups + 3;
        let nodes = Self::FIRST_GROUP + rounds.max(2) * groups + kinds;
        Self { network: Network::new(nodes), groups, wanted: Vec::new() }
    }

    fn group(&self, round: usize, group: usize) -> usize {
        Self::FIRST_GROUP + round * self.groups + group
    }

    /// How many people a round has to place.
    fn limit(&mut self, round: usize, people: i64) {
        match round {
            0 => self.network.arc(Self::SOURCE, Self::GATES[0], people, 0),
            _ => self.network.arc(Self::GATES[1], Self::SINK, people, 0),
        };
    }

    /// So many places in a group, at so much each.
    fn size(&mut self, round: usize, group: usize, capacity: i64, cost: i64) {
        let node = self.group(round, group);
        match round {
            0 => self.network.arc(Self::GATES[0], node, capacity, cost),
            _ => self.network.arc(node, Self::GATES[1], capacity, cost),
        };
    }

    /// Adds people of a kind, and returns the arcs that will say where they go.
    fn kind(&mut self, kind: (Seat, Seat), people: i64, repeat: i64) -> Arcs {
        let node = Self::FIRST_GROUP + 2 * self.groups + self.wanted.len();
        let price = |one: usize, two: usize| if one == two { repeat } else { 0 };
        let pinned = |seat: Seat| match seat {
            Seat::Pinned(group) => group,
            Seat::Absent | Seat::LeftOut | Seat::Free => NOWHERE,
        };
        let groups = self.groups;
        match kind {
            (Seat::Free, Seat::Free) => (0..groups * groups)
                .map(|pair| (pair / groups, pair % groups))
                .map(|(one, two)| {
                    let arc = self.network.arc(
                        self.group(0, one),
                        self.group(1, two),
                        people,
                        price(one, two),
                    );
                    (arc, vec![(0, one), (1, two)])
                })
                .collect(),
            (Seat::Free, second) => {
                self.network.arc(node, Self::SINK, people, 0);
                let arc = |one| {
                    self.network.arc(self.group(0, one), node, people, price(one, pinned(second)))
                };
                arcs(0, groups, arc)
            }
            (first, _) => {
                self.network.arc(Self::SOURCE, node, people, 0);
                let arc = |two| {
                    self.network.arc(node, self.group(1, two), people, price(pinned(first), two))
                };
                arcs(1, groups, arc)
            }
        }
    }
}

fn arcs(round: usize, groups: usize, mut arc: impl FnMut(usize) -> ArcId) -> Arcs {
    (0..groups).map(|group| (arc(group), vec![(round, group)])).collect()
}

/// Numbers that look random and are the same for the same seed (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0, 0)
    }

    /// A number below `limit`; 0 if that is 0.
    fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.next()) * limit as u128) >> 64) as usize
    }

    fn one_of(&mut self, people: &[usize]) -> Option<usize> {
        let index = self.below(people.len());
        people.get(index).copied()
    }

    /// How much worse a move may be this time, for a patience in sixteenths: mostly little, seldom much (halving odds, and
    /// integers only, so that it is the same on every machine).
    fn patience(&mut self, patience: i64) -> i64 {
        patience * i64::from(self.next().trailing_zeros()) / 16
    }
}
