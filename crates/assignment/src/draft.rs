//! A plan under somebody's hands: what an edit would change and which rules it would break, where a newcomer goes, and
//! which single changes would close a gap. Read off counters, so it is live at any size. It must never know who asks.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::assignment_state::Standing;
use crate::evaluate;
use crate::instance::Instance;
use crate::model::preprocessing::Presence;
use crate::model::{Model, NOWHERE};
use crate::plan::{Parts, Placement, Plan, Unmet};

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
    pub parts: Parts,
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

/// A single change that would help, with what it costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The change.
    pub edit: Edit,
    /// What it changes.
    pub price: Price,
}

/// One person's way from one group to another, in rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) person: usize,
    pub(super) round: usize,
    pub(super) to: u32,
}

/// A plan, with the counters that price every change to it.
pub struct Draft {
    pub(super) standing: Standing,
}

impl Draft {
    /// A plan to be edited. Placements that name somebody or something unknown are left out.
    pub fn new(instance: &Instance, placements: &[Placement]) -> Self {
        Self { standing: Standing::new(Arc::new(Model::new(instance)), placements) }
    }

    /// The plan as it stands, in numbers. There is no bound: nobody looked for a better one.
    pub fn plan(&self) -> Plan {
        evaluate::assess(&self.standing)
    }

    /// Who is where now, in the order of person and round.
    pub fn placements(&self) -> Vec<Placement> {
        self.standing.placements()
    }

    /// What an edit would change, in microseconds; none if it names somebody or something unknown.
    pub fn price(&mut self, edit: &Edit) -> Option<Price> {
        let steps = self.steps(edit)?;
        Some(self.price_of(&steps))
    }

    /// Makes an edit, whatever it breaks, and says what it changed.
    pub fn apply(&mut self, edit: &Edit) -> Option<Price> {
        let steps = self.steps(edit)?;
        let price = self.price_of(&steps);
        self.take(&steps);
        Some(price)
    }

    /// Places somebody in each of their rounds that has no group for them yet: where they are pinned, else where it costs
    /// least among the groups with room. Nobody else moves. Says the new placements; rounds without room have none.
    pub fn place(&mut self, person: Uuid) -> Vec<Placement> {
        let Some(&row) = self.standing.model.reading.person_rows.get(&person) else {
            return Vec::new();
        };
        let open: Vec<usize> = (0..self.standing.model.rounds)
            .filter(|&round| self.standing.group_of(row, round) == NOWHERE)
            .collect();
        let choices: Vec<(usize, Vec<u32>)> =
            open.iter().map(|&round| (round, self.open_groups(row, round))).collect();
        let mut best = Found { price: i64::MAX, steps: Vec::new() };
        self.try_rounds(row, &choices, 0, &mut Vec::new(), &mut best);
        self.take(&best.steps);
        let instance = &self.standing.model.reading.instance;
        let mut placed: Vec<Placement> = (best.steps.iter())
            .map(|step| Placement {
                person,
                round: instance.rounds[step.round].id,
                group: instance.groups[step.to as usize].id,
            })
            .collect();
        placed.sort();
        placed
    }

    /// The cheapest single moves into a group, for one that lacks people: the cheapest first, at most so many, none that
    /// is barred by a pin or a language. What each would break elsewhere stands in its price.
    pub fn suggest(&mut self, round: Uuid, group: Uuid, most: usize) -> Vec<Suggestion> {
        let reading = &self.standing.model.reading;
        let (Some(&at), Some(&to)) =
            (reading.round_rows.get(&round), reading.group_rows.get(&group))
        else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for person in 0..self.standing.model.reading.people() {
            let is_free = matches!(
                self.standing.model.reading.presence(person, at),
                Presence::Free(groups) if groups.contains(&to)
            );
            if !is_free || self.standing.group_of(person, at) == to as u32 {
                continue;
            }
            let price = self.price_of(&[Step { person, round: at, to: to as u32 }]);
            let person = self.standing.model.reading.instance.people[person].id;
            found.push(Suggestion { edit: Edit::Move { person, round, to: Some(group) }, price });
        }
        // Rows stand in the order that decides between equals, and the sort keeps it.
        found.sort_by_key(|suggestion| suggestion.price.total());
        found.truncate(most);
        found
    }

    /// An edit in rows; no steps if it changes nothing.
    fn steps(&self, edit: &Edit) -> Option<Vec<Step>> {
        let reading = &self.standing.model.reading;
        let person = |id: &Uuid| reading.person_rows.get(id).copied();
        match edit {
            Edit::Move { person: who, round, to } => {
                let to = match to {
                    Some(group) => *reading.group_rows.get(group)? as u32,
                    None => NOWHERE,
                };
                let round = *reading.round_rows.get(round)?;
                Some(vec![Step { person: person(who)?, round, to }])
            }
            Edit::Swap { round, one, other } => {
                let round = *reading.round_rows.get(round)?;
                Some(self.swap(round, person(one)?, person(other)?).to_vec())
            }
        }
    }

    pub(super) fn swap(&self, round: usize, one: usize, other: usize) -> [Step; 2] {
        let at = |person| self.standing.group_of(person, round);
        [Step { person: one, round, to: at(other) }, Step { person: other, round, to: at(one) }]
    }

    pub(super) fn take(&mut self, steps: &[Step]) {
        for step in steps {
            self.standing.put(step.person, step.round, step.to);
        }
    }

    pub(super) fn price_of(&mut self, steps: &[Step]) -> Price {
        let back: Vec<Step> =
            steps.iter().map(|&step| Step { to: self.at(&step), ..step }).collect();
        let cells = self.cells_of(steps);
        let (parts_before, before) = self.around(steps, &cells);
        self.take(steps);
        let (parts, after) = self.around(steps, &cells);
        self.take(&back);
        Price {
            parts: parts - parts_before,
            breaks: after.difference(&before).cloned().collect(),
            mends: before.difference(&after).cloned().collect(),
        }
    }

    fn at(&self, step: &Step) -> u32 {
        self.standing.group_of(step.person, step.round)
    }

    fn cells_of(&self, steps: &[Step]) -> BTreeSet<usize> {
        let of = |step: &Step| {
            let mut cells = self.standing.cells_touched(step.person, step.round, self.at(step));
            cells.extend(self.standing.cells_touched(step.person, step.round, step.to));
            cells
        };
        steps.iter().flat_map(of).collect()
    }

    /// The parts and broken rules that steps can change.
    fn around(&self, steps: &[Step], cells: &BTreeSet<usize>) -> (Parts, BTreeSet<Unmet>) {
        let (standing, weights) = (&self.standing, &self.standing.model.weights);
        let (mut parts, mut unmet) = (Parts::default(), BTreeSet::new());
        for &cell in cells {
            parts += standing.cell_parts(cell);
            unmet.extend(standing.unmet_in_cell(cell));
        }
        let people: BTreeSet<usize> = steps.iter().map(|step| step.person).collect();
        for person in people {
            parts.repeat += standing.repeats(person) * weights.repeat;
            unmet.extend(standing.unmet_repeats(person));
        }
        let places: BTreeSet<(usize, usize)> =
            steps.iter().map(|step| (step.person, step.round)).collect();
        for &(person, round) in &places {
            parts += standing.place_parts(person, round);
            unmet.extend(standing.unmet_place(person, round));
            unmet.extend(standing.left_out_alone(person, round));
        }
        let blocks: BTreeSet<usize> = (places.iter())
            .filter_map(|&(person, round)| standing.block_of(person, round))
            .collect();
        for block in blocks {
            parts.together += standing.spread(block) * standing.model.together;
            unmet.extend(standing.unmet_together(block));
        }
        (parts, unmet)
    }

    /// The groups that somebody can have in a round, with room left; the pin, if there is one.
    fn open_groups(&self, person: usize, round: usize) -> Vec<u32> {
        let model = &self.standing.model;
        let has_room = |&group: &usize| {
            let cell = self.standing.size_cell(round, group);
            self.standing.count(cell) < model.cells[cell].most
        };
        match model.reading.presence(person, round) {
            Presence::Pinned(group) => vec![*group as u32],
            presence => {
                let groups = presence.groups().iter().copied().filter(has_room);
                groups.map(|group| group as u32).collect()
            }
        }
    }

    /// Tries the cheapest ways through the rounds from `from` on.
    fn try_rounds(
        &mut self,
        person: usize,
        choices: &[(usize, Vec<u32>)],
        spent: i64,
        steps: &mut Vec<Step>,
        best: &mut Found,
    ) {
        let Some(((round, groups), rest)) = choices.split_first() else {
            if spent < best.price {
                *best = Found { price: spent, steps: steps.clone() };
            }
            return;
        };
        if groups.is_empty() {
            return self.try_rounds(person, rest, spent, steps, best);
        }
        let mut priced: Vec<(i64, Step)> = Vec::new();
        for &to in groups {
            let step = Step { person, round: *round, to };
            priced.push((self.price_of(&[step]).total(), step));
        }
        priced.sort_by_key(|(price, _)| *price);
        // Other rounds can each make one group the dearer, so more than these never pay.
        priced.truncate(rest.len() + 1);
        for (price, step) in priced {
            self.take(&[step]);
            steps.push(step);
            self.try_rounds(person, rest, spent + price, steps, best);
            steps.pop();
            self.take(&[Step { to: NOWHERE, ..step }]);
        }
    }
}

/// The best way found so far.
struct Found {
    price: i64,
    steps: Vec<Step>,
}
