//! The instance as the search wants it: everything numbered, in an order that depends on ids and seed alone, with the
//! sizes and proportions to aim for. It must never know how a plan is found.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{Group, Instance, Person, PinRefusal, Unmet};

/// What a place in the ranking costs; unlisted groups count as the rank after the last one listed.
const WISH: [i64; 7] = [0, 2, 5, 9, 14, 20, 27];
const SECTOR: i64 = 4;
const SUBREGION: i64 = 4;
const GENDER: i64 = 3;
const ORGANIZATION: i64 = 5;

pub(super) struct Model {
    pub(super) groups: Vec<Group>,
    pub(super) rounds: Vec<Uuid>,
    pub(super) people: Vec<Row>,
    /// Sizes to keep to, by round and group: see [`Model::room`].
    pub(super) rooms: Vec<Room>,
    pub(super) traits: Vec<Trait>,
    /// How many with a trait a group should have, by round, trait and group: see [`Model::cell`].
    pub(super) bands: Vec<Band>,
    /// Pins that could not be followed.
    pub(super) refused_pins: Vec<Unmet>,
}

/// One person.
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) seats: Vec<Seat>,
    /// What each group costs them; all 0 without preferences.
    pub(super) wish: Vec<i64>,
    pub(super) first_choice: Option<usize>,
    /// Indices into [`Model::traits`].
    pub(super) traits: Vec<usize>,
}

/// A person's part in a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Seat {
    Absent,
    /// There, but the round has no place left for them.
    LeftOut,
    Free,
    Pinned(usize),
}

/// Limits of a group in a round.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    pub(super) pinned: usize,
    pub(super) min: usize,
    /// The group's maximum, or the number pinned to it if that is more.
    pub(super) max: usize,
    /// What an even distribution gives it.
    pub(super) even: Band,
}

/// From and to, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Band {
    pub(super) low: usize,
    pub(super) high: usize,
}

impl Band {
    /// How far a number is outside; 0 within.
    pub(super) fn distance(self, number: usize) -> i64 {
        let outside = self.low.saturating_sub(number) + number.saturating_sub(self.high);
        outside as i64
    }
}

/// Something to spread over the groups.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trait {
    Sector(String),
    Subregion(String),
    Gender(String),
    Organization(Uuid),
}

impl Trait {
    pub(super) fn weight(&self) -> i64 {
        match self {
            Self::Sector(_) => SECTOR,
            Self::Subregion(_) => SUBREGION,
            Self::Gender(_) => GENDER,
            Self::Organization(_) => ORGANIZATION,
        }
    }

    /// The traits of a person; an empty text is unknown and not spread.
    fn of(person: &Person) -> Vec<Self> {
        let told = |text: &String, make: fn(String) -> Self| {
            (!text.is_empty()).then(|| make(text.clone()))
        };
        let organization = person.organization.map(Self::Organization);
        [
            told(&person.sector, Self::Sector),
            told(&person.subregion, Self::Subregion),
            told(&person.gender, Self::Gender),
            organization,
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Mixes an id with the seed: the order among equals (splitmix64's finalizer).
pub(super) fn mix(seed: u64, value: u64) -> u64 {
    let mut mixed = seed.wrapping_add(value).wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn place_in_order(seed: u64, id: Uuid) -> (u64, Uuid) {
    let (high, low) = id.as_u64_pair();
    (mix(mix(seed, high), low), id)
}

/// Copies of the items in an order that depends on ids and seed alone; of several with the same id, one.
fn in_order<T: Clone + Ord>(seed: u64, items: &[T], id: impl Fn(&T) -> Uuid) -> Vec<T> {
    let mut items = items.to_vec();
    items.sort();
    items.sort_by_cached_key(|item| place_in_order(seed, id(item)));
    items.dedup_by_key(|item| id(item));
    items
}

impl Model {
    /// Numbers everything and reads pins and preferences. Sizes are only the limits so far: see [`Model::aim`].
    pub(super) fn new(instance: &Instance) -> Self {
        let seed = instance.seed;
        let groups = in_order(seed, &instance.groups, |group| group.id);
        let rounds: Vec<Uuid> = in_order(seed, &instance.rounds, |round| round.id)
            .iter()
            .map(|round| round.id)
            .collect();
        let people = in_order(seed, &instance.people, |person| person.id);
        let traits: BTreeSet<Trait> = people.iter().flat_map(Trait::of).collect();
        let mut model = Self {
            rooms: Vec::new(),
            traits: traits.into_iter().collect(),
            bands: Vec::new(),
            people: Vec::new(),
            refused_pins: Vec::new(),
            groups,
            rounds,
        };
        for person in &people {
            let row = model.read(person);
            model.people.push(row);
        }
        model.rooms = model.limits();
        model
    }

    /// Index of a group's limits in a round.
    pub(super) fn room(&self, round: usize, group: usize) -> usize {
        round * self.groups.len() + group
    }

    /// Index of a trait's band in a group and round.
    pub(super) fn cell(&self, round: usize, of: usize, group: usize) -> usize {
        (round * self.traits.len() + of) * self.groups.len() + group
    }

    pub(super) fn group(&self, id: Uuid) -> Option<usize> {
        self.groups.iter().position(|group| group.id == id)
    }

    pub(super) fn round(&self, id: Uuid) -> Option<usize> {
        self.rounds.iter().position(|&round| round == id)
    }

    /// The people whose group in a round is to be found.
    pub(super) fn free_in(&self, round: usize) -> Vec<usize> {
        (0..self.people.len())
            .filter(|&person| self.people[person].seats[round] == Seat::Free)
            .collect()
    }

    /// How many people have a place in a round, pinned or not.
    pub(super) fn placed_in(&self, round: usize) -> usize {
        let is_placed = |row: &&Row| matches!(row.seats[round], Seat::Free | Seat::Pinned(_));
        self.people.iter().filter(is_placed).count()
    }

    fn read(&mut self, person: &Person) -> Row {
        let ranked = self.ranked(person);
        let traits = Trait::of(person);
        Row {
            id: person.id,
            seats: self.seats(person),
            wish: wishes(&ranked, self.groups.len()),
            first_choice: ranked.first().copied(),
            traits: traits.iter().filter_map(|of| self.traits.binary_search(of).ok()).collect(),
        }
    }

    /// The known groups of the preferences in order, each once.
    fn ranked(&self, person: &Person) -> Vec<usize> {
        let mut ranked = Vec::new();
        for group in person.preferences.iter().filter_map(|&id| self.group(id)) {
            if !ranked.contains(&group) {
                ranked.push(group);
            }
        }
        ranked
    }

    fn seats(&mut self, person: &Person) -> Vec<Seat> {
        let is_there =
            |round: &Uuid| person.rounds.as_ref().is_none_or(|rounds| rounds.contains(round));
        let free = |round: &Uuid| if is_there(round) { Seat::Free } else { Seat::Absent };
        let mut seats: Vec<Seat> = self.rounds.iter().map(free).collect();
        let mut pins = person.pinned.clone();
        // A pin for one round goes before a pin for all of them; then the order of the groups decides.
        pins.sort_by_key(|pin| (pin.round.is_none(), self.group(pin.group), *pin));
        pins.dedup();
        let own: BTreeSet<usize> = pins.iter().filter_map(|pin| self.round(pin.round?)).collect();
        for pin in pins {
            let followed = match pin.round {
                Some(round) => self.pin_one(&mut seats, round, pin.group),
                None => self.pin_all(&mut seats, &own, pin.group),
            };
            if let Err(reason) = followed {
                self.refused_pins.push(Unmet::PinIgnored {
                    person: person.id,
                    round: pin.round,
                    group: pin.group,
                    reason,
                });
            }
        }
        seats
    }

    fn pin_one(&self, seats: &mut [Seat], round: Uuid, group: Uuid) -> Result<(), PinRefusal> {
        let group = self.group(group).ok_or(PinRefusal::UnknownGroup)?;
        let round = self.round(round).ok_or(PinRefusal::UnknownRound)?;
        match seats[round] {
            Seat::Free => {
                seats[round] = Seat::Pinned(group);
                Ok(())
            }
            Seat::Pinned(_) => Err(PinRefusal::OtherPin),
            Seat::Absent | Seat::LeftOut => Err(PinRefusal::NotInRound),
        }
    }

    /// Pins to a group in every round that has no pin of its own.
    fn pin_all(
        &self,
        seats: &mut [Seat],
        own: &BTreeSet<usize>,
        group: Uuid,
    ) -> Result<(), PinRefusal> {
        let group = self.group(group).ok_or(PinRefusal::UnknownGroup)?;
        let mut refused = false;
        for (_, seat) in seats.iter_mut().enumerate().filter(|(round, _)| !own.contains(round)) {
            match *seat {
                Seat::Free => *seat = Seat::Pinned(group),
                Seat::Pinned(other) => refused |= other != group,
                Seat::Absent | Seat::LeftOut => {}
            }
        }
        if refused { Err(PinRefusal::OtherPin) } else { Ok(()) }
    }

    fn limits(&self) -> Vec<Room> {
        let mut rooms = Vec::with_capacity(self.rounds.len() * self.groups.len());
        for round in 0..self.rounds.len() {
            for (index, group) in self.groups.iter().enumerate() {
                let is_pinned = |row: &&Row| row.seats[round] == Seat::Pinned(index);
                let pinned = self.people.iter().filter(is_pinned).count();
                // Nobody can be more than everybody: keeps sums small where there is no limit.
                let max = group.max.min(self.people.len()).max(pinned);
                let even = Band { low: 0, high: max };
                rooms.push(Room { pinned, min: group.min.min(max), max, even });
            }
        }
        rooms
    }

    /// Leaves out whom the rounds have no place for, then fixes the sizes and proportions to aim for.
    pub(super) fn aim(&mut self) {
        self.leave_out();
        for round in 0..self.rounds.len() {
            let range = self.room(round, 0)..self.room(round + 1, 0);
            let placed = self.placed_in(round);
            even_out(&mut self.rooms[range], placed);
        }
        self.bands = self.proportions();
    }

    /// Where more people come to a round than its groups can take: those are left out who were left out least, then who
    /// have most rounds, never the pinned.
    fn leave_out(&mut self) {
        for round in 0..self.rounds.len() {
            let places: usize = self.rooms[self.room(round, 0)..self.room(round + 1, 0)]
                .iter()
                .map(|room| room.max)
                .sum();
            let excess = self.placed_in(round).saturating_sub(places);
            let mut free = self.free_in(round);
            let count =
                |row: &Row, seat: Seat| row.seats.iter().filter(|&&other| other == seat).count();
            free.sort_by_cached_key(|&person| {
                let row = &self.people[person];
                (count(row, Seat::LeftOut), usize::MAX - count(row, Seat::Free))
            });
            for &person in free.iter().take(excess) {
                self.people[person].seats[round] = Seat::LeftOut;
            }
        }
    }

    /// How many of each trait each group should have: its share of those present, rounded down and up.
    fn proportions(&self) -> Vec<Band> {
        let mut bands =
            Vec::with_capacity(self.rounds.len() * self.traits.len() * self.groups.len());
        for round in 0..self.rounds.len() {
            let rooms = &self.rooms[self.room(round, 0)..self.room(round + 1, 0)];
            let (counts, placed) = (self.trait_counts(round), self.placed_in(round));
            for (of, &count) in self.traits.iter().zip(&counts) {
                bands.extend((0..rooms.len()).map(|group| band(of, count, rooms, group, placed)));
            }
        }
        bands
    }

    fn trait_counts(&self, round: usize) -> Vec<usize> {
        let mut counts = vec![0; self.traits.len()];
        for row in self
            .people
            .iter()
            .filter(|row| matches!(row.seats[round], Seat::Free | Seat::Pinned(_)))
        {
            for &of in &row.traits {
                counts[of] += 1;
            }
        }
        counts
    }

    /// The people who could not be placed, by round.
    pub(super) fn left_out(&self) -> BTreeMap<Uuid, Vec<Uuid>> {
        let mut left_out: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
        for row in &self.people {
            for (round, _) in
                row.seats.iter().enumerate().filter(|(_, seat)| **seat == Seat::LeftOut)
            {
                left_out.entry(self.rounds[round]).or_default().push(row.id);
            }
        }
        for people in left_out.values_mut() {
            people.sort();
        }
        left_out
    }
}

/// What each group costs a person with this ranking.
fn wishes(ranked: &[usize], groups: usize) -> Vec<i64> {
    let cost = |rank: usize| WISH.get(rank).copied().unwrap_or_else(|| 27 + 8 * (rank as i64 - 6));
    let of = |group| ranked.iter().position(|&other| other == group).unwrap_or(ranked.len());
    if ranked.is_empty() {
        return vec![0; groups];
    }
    (0..groups).map(|group| cost(of(group))).collect()
}

/// Fixes how many each group of a round gets when people are spread evenly within the limits. Where there are too few
/// for every minimum, the shortage is spread evenly too.
fn even_out(rooms: &mut [Room], placed: usize) {
    let is_enough = rooms.iter().map(|room| room.pinned.max(room.min)).sum::<usize>() <= placed;
    let limits = |room: &Room| {
        let floor = room.pinned.max(room.min);
        if is_enough { (floor, room.max) } else { (room.pinned, floor) }
    };
    let size = |room: &Room, level: usize| {
        let (low, high) = limits(room);
        level.clamp(low, high)
    };
    let total = |level: usize| rooms.iter().map(|room| size(room, level)).sum::<usize>();
    let level = (0..=placed).find(|&level| total(level) >= placed).unwrap_or(placed);
    let is_exact = total(level) == placed;
    for room in rooms.iter_mut() {
        let high = size(room, level);
        let low = if is_exact { high } else { size(room, level.saturating_sub(1)) };
        room.even = Band { low, high };
    }
}

/// A group's share of the people with a trait, in proportion to its size, rounded down and up; of an organization, no
/// more than fall on it when its people are spread over all groups.
fn band(of: &Trait, count: usize, rooms: &[Room], group: usize, placed: usize) -> Band {
    if matches!(of, Trait::Organization(_)) {
        return Band { low: 0, high: count.div_ceil(rooms.len()).max(1) };
    }
    // Those who are left over once every group has its lower size fall evenly on the groups that may have one more.
    let spread: usize = rooms.iter().map(|room| room.even.high - room.even.low).sum();
    let over = placed.saturating_sub(rooms.iter().map(|room| room.even.low).sum());
    let even = rooms[group].even;
    let (part, whole) = match spread {
        0 => (even.high, placed.max(1)),
        _ => (even.low * spread + over * (even.high - even.low), spread * placed.max(1)),
    };
    Band { low: count * part / whole, high: (count * part).div_ceil(whole) }
}
