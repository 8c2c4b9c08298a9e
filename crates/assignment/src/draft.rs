//! What-if analysis of a plan under somebody's hands: what a shift or a swap would change and which rules it would break (delta
//! evaluation), where a newcomer goes, and which single shifts would help a group that lacks people. Read off counters, so it is live at
//! any size. It must never know who asks.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::assignment_state::AssignmentState;
use crate::evaluate;
use crate::instance::Instance;
use crate::model::preprocessing::Eligibility;
use crate::model::{Model, UNASSIGNED};
use crate::plan::{ObjectiveTerms, Placement, Plan, Unmet};

/// A change by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Edit {
    /// A person goes to another group.
    Move {
        /// The person.
        person: Uuid,
        /// The round.
        round: Uuid,
        /// The group; absent: none.
        to: Option<Uuid>,
    },
    /// Two people take each other's place.
    Swap {
        /// The round.
        round: Uuid,
        /// One.
        one: Uuid,
        /// The other.
        other: Uuid,
    },
}

/// What an edit changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// The difference in points, part by part: negative is better.
    pub parts: ObjectiveTerms,
    /// Rules that it would break.
    pub breaks: Vec<Unmet>,
    /// Broken rules that it would mend.
    pub mends: Vec<Unmet>,
}

impl Price {
    /// The difference in points.
    pub fn total(&self) -> i64 {
        self.parts.total()
    }
}

/// A group in a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// The round.
    pub round: Uuid,
    /// The group.
    pub group: Uuid,
}

/// A single change that would help, with what it costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The change.
    pub edit: Edit,
    /// What it changes.
    pub price: Price,
}

/// A shift move: one person in one round goes to another group, or to none. By indices. A swap is two of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shift {
    pub(super) person: usize,
    pub(super) round: usize,
    pub(super) to: u32,
}

/// A plan, with the counters that price every change to it.
pub struct Draft {
    pub(super) state: AssignmentState,
}

impl Draft {
    /// A plan to be edited. Placements that name somebody or something unknown are left out.
    pub fn new(instance: &Instance, placements: &[Placement]) -> Self {
        Self { state: AssignmentState::new(Arc::new(Model::new(instance)), placements) }
    }

    /// The plan as it stands, in numbers. There is no bound: nobody looked for a better one.
    pub fn plan(&self) -> Plan {
        evaluate::evaluate(&self.state)
    }

    /// Who is where now, in the order of person and round.
    pub fn placements(&self) -> Vec<Placement> {
        self.state.placements()
    }

    /// What an edit would change, in microseconds; none if it names somebody or something unknown.
    pub fn price(&mut self, edit: &Edit) -> Option<Price> {
        let shifts = self.shifts(edit)?;
        Some(self.price_of(&shifts))
    }

    /// Makes an edit, whatever it breaks, and says what it changed.
    pub fn apply(&mut self, edit: &Edit) -> Option<Price> {
        let shifts = self.shifts(edit)?;
        let price = self.price_of(&shifts);
        self.apply_shifts(&shifts);
        Some(price)
    }

    /// Places somebody in each of their rounds that has no group for them yet: where they are pinned, else where it costs
    /// least among the groups with room. Nobody else moves. Says the new placements; rounds without room have none.
    pub fn place(&mut self, person: Uuid) -> Vec<Placement> {
        let Some(&index) = self.state.model.indexed.person_index.get(&person) else {
            return Vec::new();
        };
        let open: Vec<usize> = (0..self.state.model.rounds)
            .filter(|&round| self.state.group_of(index, round) == UNASSIGNED)
            .collect();
        let choices: Vec<(usize, Vec<u32>)> =
            open.iter().map(|&round| (round, self.open_groups(index, round))).collect();
        let mut best = BestShifts { price: i64::MAX, shifts: Vec::new() };
        self.try_rounds(index, &choices, 0, &mut Vec::new(), &mut best);
        self.apply_shifts(&best.shifts);
        let instance = &self.state.model.indexed.instance;
        let mut placed: Vec<Placement> = (best.shifts.iter())
            .map(|shift| Placement {
                person,
                round: instance.rounds[shift.round].id,
                group: instance.groups[shift.to as usize].id,
            })
            .collect();
        placed.sort();
        placed
    }

    /// The cheapest single moves into a group, for one that lacks people: the cheapest first, at most so many, none that
    /// is barred by a pin or a language. What each would break elsewhere stands in its price.
    pub fn suggest(&mut self, session: Session, most: usize) -> Vec<Suggestion> {
        let Session { round, group } = session;
        let indexed = &self.state.model.indexed;
        let (Some(&at), Some(&to)) =
            (indexed.round_index.get(&round), indexed.group_index.get(&group))
        else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for person in 0..self.state.model.indexed.people() {
            let is_free = matches!(
                self.state.model.indexed.eligibility(person, at),
                Eligibility::Free(groups) if groups.contains(&to)
            );
            if !is_free || self.state.group_of(person, at) == to as u32 {
                continue;
            }
            let price = self.price_of(&[Shift { person, round: at, to: to as u32 }]);
            let person = self.state.model.indexed.instance.people[person].id;
            found.push(Suggestion { edit: Edit::Move { person, round, to: Some(group) }, price });
        }
        // Indices stand in the order that breaks ties, and the sort keeps it.
        found.sort_by_key(|suggestion| suggestion.price.total());
        found.truncate(most);
        found
    }

    /// An edit as shifts; none if it names somebody or something unknown.
    fn shifts(&self, edit: &Edit) -> Option<Vec<Shift>> {
        let indexed = &self.state.model.indexed;
        let person = |id: &Uuid| indexed.person_index.get(id).copied();
        match edit {
            Edit::Move { person: who, round, to } => {
                let to = match to {
                    Some(group) => *indexed.group_index.get(group)? as u32,
                    None => UNASSIGNED,
                };
                let round = *indexed.round_index.get(round)?;
                Some(vec![Shift { person: person(who)?, round, to }])
            }
            Edit::Swap { round, one, other } => {
                let round = *indexed.round_index.get(round)?;
                Some(self.swap(round, person(one)?, person(other)?).to_vec())
            }
        }
    }

    /// The shifts by which two people take each other's group in a round.
    pub(super) fn swap(&self, round: usize, one: usize, other: usize) -> [Shift; 2] {
        let group_now = |person| self.state.group_of(person, round);
        [
            Shift { person: one, round, to: group_now(other) },
            Shift { person: other, round, to: group_now(one) },
        ]
    }

    pub(super) fn apply_shifts(&mut self, shifts: &[Shift]) {
        for shift in shifts {
            self.state.assign(shift.person, shift.round, shift.to);
        }
    }

    /// What shifts would change: they are made, and taken back.
    pub(super) fn price_of(&mut self, shifts: &[Shift]) -> Price {
        let back: Vec<Shift> =
            shifts.iter().map(|&shift| Shift { to: self.group_now(&shift), ..shift }).collect();
        let cells = self.touched_cells(shifts);
        let (terms_before, before) = self.affected(shifts, &cells);
        self.apply_shifts(shifts);
        let (terms, after) = self.affected(shifts, &cells);
        self.apply_shifts(&back);
        Price {
            parts: terms - terms_before,
            breaks: after.difference(&before).cloned().collect(),
            mends: before.difference(&after).cloned().collect(),
        }
    }

    fn group_now(&self, shift: &Shift) -> u32 {
        self.state.group_of(shift.person, shift.round)
    }

    /// The cells whose counts shifts change.
    fn touched_cells(&self, shifts: &[Shift]) -> BTreeSet<usize> {
        let of = |shift: &Shift| {
            let mut cells =
                self.state.cells_touched(shift.person, shift.round, self.group_now(shift));
            cells.extend(self.state.cells_touched(shift.person, shift.round, shift.to));
            cells
        };
        shifts.iter().flat_map(of).collect()
    }

    /// The terms and broken rules that shifts can change, as they are now.
    fn affected(
        &self,
        shifts: &[Shift],
        cells: &BTreeSet<usize>,
    ) -> (ObjectiveTerms, BTreeSet<Unmet>) {
        let (state, weights) = (&self.state, &self.state.model.weights);
        let (mut terms, mut unmet) = (ObjectiveTerms::default(), BTreeSet::new());
        for &cell in cells {
            terms += state.cell_terms(cell);
            unmet.extend(state.unmet_in_cell(cell));
        }
        let people: BTreeSet<usize> = shifts.iter().map(|shift| shift.person).collect();
        for person in people {
            terms.repeat += state.repeats(person) * weights.repeat;
            unmet.extend(state.unmet_repeats(person));
        }
        let places: BTreeSet<(usize, usize)> =
            shifts.iter().map(|shift| (shift.person, shift.round)).collect();
        for &(person, round) in &places {
            terms += state.placement_terms(person, round);
            unmet.extend(state.unmet_placement(person, round));
            unmet.extend(state.left_out_alone(person, round));
        }
        let together_sets: BTreeSet<usize> = (places.iter())
            .filter_map(|&(person, round)| state.together_set_of(person, round))
            .collect();
        for set in together_sets {
            terms.together += state.excess_groups(set) * state.model.together_weight;
            unmet.extend(state.unmet_together(set));
        }
        (terms, unmet)
    }

    /// The groups that somebody can have in a round, with room left; the pin, if there is one.
    fn open_groups(&self, person: usize, round: usize) -> Vec<u32> {
        let model = &self.state.model;
        let has_room = |&group: &usize| {
            let cell = self.state.size_cell(round, group);
            self.state.count(cell) < model.penalties[cell].max_count
        };
        match model.indexed.eligibility(person, round) {
            Eligibility::Pinned(group) => vec![*group as u32],
            eligibility => {
                let groups = eligibility.groups().iter().copied().filter(has_room);
                groups.map(|group| group as u32).collect()
            }
        }
    }

    /// Depth-first search for the cheapest groups in the rounds that are left, with what those before cost.
    fn try_rounds(
        &mut self,
        person: usize,
        choices: &[(usize, Vec<u32>)],
        spent: i64,
        shifts: &mut Vec<Shift>,
        best: &mut BestShifts,
    ) {
        let Some(((round, groups), rest)) = choices.split_first() else {
            if spent < best.price {
                *best = BestShifts { price: spent, shifts: shifts.clone() };
            }
            return;
        };
        if groups.is_empty() {
            return self.try_rounds(person, rest, spent, shifts, best);
        }
        let mut priced: Vec<(i64, Shift)> = Vec::new();
        for &to in groups {
            let shift = Shift { person, round: *round, to };
            priced.push((self.price_of(&[shift]).total(), shift));
        }
        priced.sort_by_key(|(price, _)| *price);
        // Each other round can make one group a repeat, so no more than these are ever needed.
        priced.truncate(rest.len() + 1);
        for (price, shift) in priced {
            self.apply_shifts(&[shift]);
            shifts.push(shift);
            self.try_rounds(person, rest, spent + price, shifts, best);
            shifts.pop();
            self.apply_shifts(&[Shift { to: UNASSIGNED, ..shift }]);
        }
    }
}

/// The best shifts found so far, with their price in points.
struct BestShifts {
    price: i64,
    shifts: Vec<Shift>,
}
