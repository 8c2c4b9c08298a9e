//! Assignment of people to working groups, first version: everybody gets one group in each of their rounds, within the
//! sizes, evenly, never the same group twice where that can be avoided; preferences and a good mixture come after that.
//! The same instance gives the same plan whatever order its parts stand in: ties are broken by a mix of ids and seed.
//! Work is counted, not timed. It must never know the database, HTTP, the clock, or anybody's name.

mod flow;
mod model;
mod search;
mod state;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::flow::{ArcId, Network};
use self::model::{Model, Seat, Trait};
use self::search::Found;
use self::state::{NOWHERE, State};

/// What is to be planned. Ids are unique within their list; of several entries with the same id one counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    /// The working groups; every one is held in every round.
    pub groups: Vec<Group>,
    /// The rounds.
    pub rounds: Vec<Round>,
    /// The people to place.
    pub people: Vec<Person>,
    /// Decides between equals. The same seed gives the same plan.
    pub seed: u64,
}

/// A working group with its size limits, which hold in each round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Group {
    /// The working group.
    pub id: Uuid,
    /// Fewest people it should have; a minimum above the maximum counts as the maximum.
    pub min: usize,
    /// Most people it may have. Only pins exceed it.
    pub max: usize,
}

/// A round: one holding of all working groups in parallel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Round {
    /// The round.
    pub id: Uuid,
}

/// One person, as far as an assignment needs to know them. An empty text is unknown, and not balanced.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Person {
    /// The registration.
    pub id: Uuid,
    /// Groups they would like, the dearest first; none: all the same to them.
    #[serde(default)]
    pub preferences: Vec<Uuid>,
    /// The rounds they take part in; absent: all.
    #[serde(default)]
    pub rounds: Option<Vec<Uuid>>,
    /// Where they have to be: hosts and focal points in their group in every round.
    #[serde(default)]
    pub pinned: Vec<Pin>,
    /// Sector of their organization.
    pub sector: String,
    /// Subregion of their country; empty for none.
    pub subregion: String,
    /// Gender as they stated it.
    pub gender: String,
    /// Their organization: its people are spread over the groups.
    #[serde(default)]
    pub organization: Option<Uuid>,
}

/// A fixed group, in one round or in all that the person takes part in. A pin for one round goes before one for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Pin {
    /// The round; absent: every round.
    #[serde(default)]
    pub round: Option<Uuid>,
    /// The group.
    pub group: Uuid,
}

/// One person in one group in one round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Placement {
    /// The registration.
    pub person: Uuid,
    /// The round.
    pub round: Uuid,
    /// The working group.
    pub group: Uuid,
}

/// A plan: who goes where, what could not be met, and how good it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// In the order of person and round.
    pub placements: Vec<Placement>,
    /// Everything that could not be met, in a stable order; empty for a plan that keeps every rule.
    pub unmet: Vec<Unmet>,
    /// The plan in numbers.
    pub quality: Quality,
}

/// A rule that the plan could not keep.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Unmet {
    /// A round has more people than places: these have no group in it.
    OverCapacity {
        /// The round.
        round: Uuid,
        /// Who has no group, by id.
        people: Vec<Uuid>,
    },
    /// More people are pinned to a group than it may have. They are all in it, and nobody else.
    PinsExceedMax {
        /// The round.
        round: Uuid,
        /// The group.
        group: Uuid,
        /// How many are pinned to it.
        pinned: usize,
        /// Its maximum.
        max: usize,
    },
    /// A group has fewer people than it should.
    BelowMinimum {
        /// The round.
        round: Uuid,
        /// The group.
        group: Uuid,
        /// How many it has.
        size: usize,
        /// Its minimum.
        min: usize,
    },
    /// Somebody is in the same group more than once without being pinned to it.
    Repeat {
        /// The person.
        person: Uuid,
        /// The group.
        group: Uuid,
        /// The rounds, by id.
        rounds: Vec<Uuid>,
    },
    /// A group is larger or smaller than even sizes would make it, for the sake of pins or to avoid a repeat.
    Uneven {
        /// The round.
        round: Uuid,
        /// The group.
        group: Uuid,
        /// How many it has.
        size: usize,
        /// The fewest that would be even.
        even_from: usize,
        /// The most that would be even.
        even_to: usize,
    },
    /// A pin could not be followed.
    PinIgnored {
        /// The person.
        person: Uuid,
        /// The round of the pin; absent: every round.
        round: Option<Uuid>,
        /// The group of the pin.
        group: Uuid,
        /// Why.
        reason: PinRefusal,
    },
}

/// Why a pin was not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PinRefusal {
    /// There is no such group.
    UnknownGroup,
    /// There is no such round.
    UnknownRound,
    /// The person does not take part in the round.
    NotInRound,
    /// Another pin of the person has the round already.
    OtherPin,
}

/// A plan in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quality {
    /// The size of every group in every round, in the order of their ids.
    pub sizes: Vec<Size>,
    /// How many times somebody is again in a group that they are not pinned to.
    pub repeats: usize,
    /// Whether it is proved that no plan for the same people and rounds, as far above the minima, has fewer repeats.
    pub repeats_are_minimal: bool,
    /// People with a group that they ranked first in at least one round; the pinned rounds count.
    pub first_choices: usize,
    /// People who stated a preference for a known group and take part in a round.
    pub with_preferences: usize,
    /// What the ranks of the groups given cost in all (0 for a first choice, 2, 5, 9 … for those after it).
    pub preference_cost: i64,
    /// How far the mixture is from what arithmetic allows.
    pub imbalance: Imbalance,
}

/// The size of a group in a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Size {
    /// The round.
    pub round: Uuid,
    /// The group.
    pub group: Uuid,
    /// How many people.
    pub size: usize,
}

/// People by which groups are outside the band that a proportional mixture allows, summed over rounds, groups and values.
/// 0 is as balanced as arithmetic allows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imbalance {
    /// By sector.
    pub sector: i64,
    /// By subregion.
    pub subregion: i64,
    /// By gender.
    pub gender: i64,
    /// People of one organization who sit together beyond what spreading them leaves.
    pub organization: i64,
}

/// Plans the whole instance. There is always a plan: what it cannot keep stands in [`Plan::unmet`].
///
/// The order of precedence: pins; maxima (whom no group can take has none); as many people as possible; minima; no
/// repeats; even sizes; then preferences and mixture together.
pub fn solve(instance: &Instance) -> Plan {
    let mut model = Model::new(instance);
    model.aim();
    let Found { state, repeats_are_minimal } = search::find(&model, instance.seed);
    Plan {
        placements: placements(&model, &state),
        unmet: unmet(&model, &state),
        quality: quality(&model, &state, repeats_are_minimal),
    }
}

/// Places one person beside what is already decided, for a late registration: in each of their rounds that `existing` has
/// no group for them in, the group they are pinned to, else the smallest one with room that they have not been in;
/// among groups of one size, the one they rank first. A repeat is taken only if nothing else has room.
///
/// Returns the new placements only, in the order of rounds; fewer than the rounds if some have no room, and none for a
/// person that the instance does not know. Nobody else is moved.
pub fn place_one(instance: &Instance, existing: &[Placement], person: Uuid) -> Vec<Placement> {
    place_each(instance, existing, &[person])
}

/// As [`place_one`] for one person after the other, each beside those before; what all of them share is worked out once.
pub fn place_each(instance: &Instance, existing: &[Placement], people: &[Uuid]) -> Vec<Placement> {
    let model = Model::new(instance);
    let rows: BTreeMap<Uuid, usize> =
        model.people.iter().enumerate().map(|(row, person)| (person.id, row)).collect();
    let mut sizes = vec![0; model.rooms.len()];
    let mut own: BTreeMap<Uuid, Vec<(usize, usize)>> = BTreeMap::new();
    let distinct: BTreeSet<&Placement> = existing.iter().collect();
    for one in distinct {
        if let (Some(round), Some(group)) = (model.round(one.round), model.group(one.group)) {
            sizes[model.room(round, group)] += 1;
            own.entry(one.person).or_default().push((round, group));
        }
    }
    let mut placed = Vec::new();
    for (person, row) in people.iter().filter_map(|id| Some((id, *rows.get(id)?))) {
        let late = Late::new(&model, row, sizes, own.get(person).map_or(&[], Vec::as_slice));
        let places = late.places();
        sizes = late.sizes;
        for (round, group) in &places {
            sizes[model.room(*round, *group)] += 1;
        }
        let mut new: Vec<Placement> =
            places.into_iter().map(|place| placement(&model, row, place)).collect();
        new.sort();
        placed.extend(new);
    }
    placed
}

/// A late registration, and the groups as they stand.
struct Late<'m> {
    model: &'m Model,
    row: usize,
    /// People by round and group.
    sizes: Vec<usize>,
    /// The rounds that already have a group for the person.
    has: BTreeSet<usize>,
    /// The groups that the person is or will be in.
    been: BTreeSet<usize>,
}

impl<'m> Late<'m> {
    fn new(model: &'m Model, row: usize, sizes: Vec<usize>, own: &[(usize, usize)]) -> Self {
        let has = own.iter().map(|(round, _)| *round).collect();
        let been = own.iter().map(|(_, group)| *group).collect();
        let mut late = Self { model, row, sizes, has, been };
        let pinned: Vec<(usize, usize)> = late.pinned().collect();
        late.been.extend(pinned.into_iter().map(|(_, group)| group));
        late
    }

    /// The rounds that have no group for the person yet, and what the person is in them.
    fn open(&self) -> impl Iterator<Item = (usize, Seat)> + '_ {
        let seats = self.model.people[self.row].seats.iter().copied().enumerate();
        seats.filter(|(round, _)| !self.has.contains(round))
    }

    fn pinned(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.open().filter_map(|(round, seat)| match seat {
            Seat::Pinned(group) => Some((round, group)),
            Seat::Absent | Seat::LeftOut | Seat::Free => None,
        })
    }

    /// Where the person goes: pins, then the cheapest way to give each free round a group.
    fn places(&self) -> Vec<(usize, usize)> {
        // A repeat outweighs any sizes, and a place in a size any preference.
        const REPEAT: i64 = 1 << 48;
        const PLACE: i64 = 1 << 20;
        let free: Vec<usize> =
            self.open().filter(|(_, seat)| *seat == Seat::Free).map(|(round, _)| round).collect();
        let groups = self.model.groups.len();
        let (source, sink, first_group, first_round) = (0, 1, 2, 2 + groups);
        let mut network = Network::new(first_round + free.len());
        for group in 0..groups {
            let first_time = if self.been.contains(&group) { REPEAT } else { 0 };
            network.arc(first_group + group, sink, 1, first_time);
            network.arc(first_group + group, sink, free.len() as i64, REPEAT);
        }
        let mut choices: Vec<(ArcId, (usize, usize))> = Vec::new();
        for (index, &round) in free.iter().enumerate() {
            network.arc(source, first_round + index, 1, 0);
            for group in (0..groups).filter(|&group| self.has_room(round, group)) {
                let size = self.sizes[self.model.room(round, group)] as i64;
                let cost = size * PLACE + self.model.people[self.row].wish[group];
                choices.push((
                    network.arc(first_round + index, first_group + group, 1, cost),
                    (round, group),
                ));
            }
        }
        network.fill(source, sink);
        let chosen =
            choices.into_iter().filter(|(arc, _)| network.flow(*arc) > 0).map(|(_, place)| place);
        self.pinned().chain(chosen).collect()
    }

    fn has_room(&self, round: usize, group: usize) -> bool {
        self.sizes[self.model.room(round, group)] < self.model.groups[group].max
    }
}

fn placement(model: &Model, row: usize, (round, group): (usize, usize)) -> Placement {
    Placement {
        person: model.people[row].id,
        round: model.rounds[round],
        group: model.groups[group].id,
    }
}

fn placements(model: &Model, state: &State<'_>) -> Vec<Placement> {
    let mut placements = Vec::new();
    for row in 0..model.people.len() {
        let of = |round: usize| (round, state.group_of(row, round));
        let places = (0..model.rounds.len()).map(of).filter(|&(_, group)| group != NOWHERE);
        placements.extend(places.map(|place| placement(model, row, place)));
    }
    placements.sort();
    placements
}

fn unmet(model: &Model, state: &State<'_>) -> Vec<Unmet> {
    let mut unmet = model.refused_pins.clone();
    unmet.extend(
        model.left_out().into_iter().map(|(round, people)| Unmet::OverCapacity { round, people }),
    );
    for round in 0..model.rounds.len() {
        for group in 0..model.groups.len() {
            unmet.extend(unmet_sizes(model, state, round, group));
        }
    }
    for person in 0..model.people.len() {
        unmet.extend(
            (0..model.groups.len()).filter_map(|group| repeat(model, state, person, group)),
        );
    }
    unmet.sort();
    unmet
}

fn unmet_sizes(model: &Model, state: &State<'_>, round: usize, group: usize) -> Vec<Unmet> {
    let (room, size) = (model.rooms[model.room(round, group)], state.size(round, group));
    let (round, Group { id: group, min, max }) = (model.rounds[round], model.groups[group]);
    let min = min.min(max);
    let mut unmet = Vec::new();
    if room.pinned > max {
        unmet.push(Unmet::PinsExceedMax { round, group, pinned: room.pinned, max });
    }
    if size < min {
        unmet.push(Unmet::BelowMinimum { round, group, size, min });
    }
    if room.even.distance(size) > 0 {
        unmet.push(Unmet::Uneven {
            round,
            group,
            size,
            even_from: room.even.low,
            even_to: room.even.high,
        });
    }
    unmet
}

fn repeat(model: &Model, state: &State<'_>, person: usize, group: usize) -> Option<Unmet> {
    let seats = &model.people[person].seats;
    let rounds = || (0..seats.len()).filter(|&round| state.group_of(person, round) == group);
    let pinned = seats.iter().filter(|&&seat| seat == Seat::Pinned(group)).count();
    if rounds().count() <= pinned.max(1) {
        return None;
    }
    let mut rounds: Vec<Uuid> = rounds().map(|round| model.rounds[round]).collect();
    rounds.sort();
    Some(Unmet::Repeat { person: model.people[person].id, group: model.groups[group].id, rounds })
}

fn quality(model: &Model, state: &State<'_>, repeats_are_minimal: bool) -> Quality {
    let takes_part = |row: &model::Row| row.seats.iter().any(|&seat| seat != Seat::Absent);
    let has_first_choice = |person: usize, choice: usize| {
        (0..model.rounds.len()).any(|round| state.group_of(person, round) == choice)
    };
    let choices = model.people.iter().enumerate().filter(|(_, row)| takes_part(row));
    let choices: Vec<(usize, usize)> = choices
        .filter_map(|(person, row)| row.first_choice.map(|choice| (person, choice)))
        .collect();
    Quality {
        sizes: sizes(model, state),
        repeats: usize::try_from(state.cost().repeats).unwrap_or_default(),
        repeats_are_minimal,
        first_choices: choices
            .iter()
            .filter(|&&(person, choice)| has_first_choice(person, choice))
            .count(),
        with_preferences: choices.len(),
        preference_cost: preference_cost(model, state),
        imbalance: imbalance(model, state),
    }
}

fn sizes(model: &Model, state: &State<'_>) -> Vec<Size> {
    let rounds = model.rounds.iter().enumerate();
    let of_round = |(round, &id): (usize, &Uuid)| {
        let groups = model.groups.iter().enumerate();
        groups
            .map(|(group, of)| Size { round: id, group: of.id, size: state.size(round, group) })
            .collect::<Vec<Size>>()
    };
    let mut sizes: Vec<Size> = rounds.flat_map(of_round).collect();
    sizes.sort();
    sizes
}

fn preference_cost(model: &Model, state: &State<'_>) -> i64 {
    let mut cost = 0;
    for (person, row) in model.people.iter().enumerate() {
        let free = row.seats.iter().enumerate().filter(|(_, seat)| **seat == Seat::Free);
        cost +=
            free.filter_map(|(round, _)| row.wish.get(state.group_of(person, round))).sum::<i64>();
    }
    cost
}

fn imbalance(model: &Model, state: &State<'_>) -> Imbalance {
    let mut imbalance = Imbalance::default();
    for round in 0..model.rounds.len() {
        for (index, of) in model.traits.iter().enumerate() {
            let cells = (0..model.groups.len()).map(|group| model.cell(round, index, group));
            let distance: i64 =
                cells.map(|cell| model.bands[cell].distance(state.count(cell))).sum();
            *imbalance.part(of) += distance;
        }
    }
    imbalance
}

impl Imbalance {
    fn part(&mut self, of: &Trait) -> &mut i64 {
        match of {
            Trait::Sector(_) => &mut self.sector,
            Trait::Subregion(_) => &mut self.subregion,
            Trait::Gender(_) => &mut self.gender,
            Trait::Organization(_) => &mut self.organization,
        }
    }
}

#[cfg(test)]
mod tests;
