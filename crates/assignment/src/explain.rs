//! Contrastive explanation, "why this and not that": beside each group that a person has, every other one with what it would change,
//! term by term, and the swap that would be needed where it is full. It must never know who the person is.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::draft::{Draft, Price, Shift};
use crate::model::UNASSIGNED;
use crate::model::preprocessing::Eligibility;
use crate::plan::Unmet;

/// Why a person has the group they have in a round, beside every other one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The round.
    pub round: Uuid,
    /// The group they have; absent: none.
    pub group: Option<Uuid>,
    /// The rank they gave it, from 1; absent when they did not rank it.
    pub rank: Option<usize>,
    /// Why nothing can be chosen, if so.
    pub settled: Option<Settled>,
    /// All other groups, the cheapest first; empty when nothing can be chosen.
    pub alternatives: Vec<Alternative>,
}

/// Why a person has no choice in a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settled {
    /// They are pinned.
    Pinned,
    /// They do not take part.
    Absent,
    /// No group works in a language of theirs.
    NoLanguage,
}

/// Another group for a person in a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternative {
    /// The group.
    pub group: Uuid,
    /// The rank they gave it, from 1.
    pub rank: Option<usize>,
    /// What going there would change. Rules it would break stand in it: also that the group is full.
    pub price: Price,
    /// Where it is full: who would best take their place in exchange.
    pub swap: Option<Exchange>,
}

/// An exchange of places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// With whom.
    pub with: Uuid,
    /// What both moves change together.
    pub price: Price,
}

impl Draft {
    /// For each round, in the order of ids: why this group and what every other one would change; none for a person whom
    /// the instance does not know.
    pub fn explain(&mut self, person: Uuid) -> Option<Vec<Explanation>> {
        let index = *self.state.model.indexed.person_index.get(&person)?;
        let rounds = 0..self.state.model.rounds;
        let mut found: Vec<Explanation> =
            rounds.map(|round| self.explain_round(index, round)).collect();
        found.sort_by_key(|explanation| explanation.round);
        Some(found)
    }

    fn explain_round(&mut self, person: usize, round: usize) -> Explanation {
        let model = &self.state.model;
        let at = self.state.group_of(person, round);
        let settled = match model.indexed.eligibility(person, round) {
            Eligibility::Absent => Some(Settled::Absent),
            Eligibility::NoLanguage => Some(Settled::NoLanguage),
            Eligibility::Pinned(_) => Some(Settled::Pinned),
            Eligibility::Free(_) => None,
        };
        let instance = &model.indexed.instance;
        let mut explanation = Explanation {
            round: instance.rounds[round].id,
            group: instance.groups.get(at as usize).map(|group| group.id),
            rank: self.rank(person, at),
            settled,
            alternatives: Vec::new(),
        };
        if settled.is_some() {
            return explanation;
        }
        for group in (0..self.state.model.groups as u32).filter(|&group| group != at) {
            explanation.alternatives.push(self.alternative(person, round, group));
        }
        explanation.alternatives.sort_by_key(|one| one.price.total());
        explanation
    }

    fn alternative(&mut self, person: usize, round: usize, group: u32) -> Alternative {
        let price = self.price_of(&[Shift { person, round, to: group }]);
        let is_full = price.breaks.iter().any(|unmet| matches!(unmet, Unmet::AboveMaximum { .. }));
        Alternative {
            group: self.state.model.indexed.instance.groups[group as usize].id,
            rank: self.rank(person, group),
            swap: if is_full { self.best_exchange(person, round, group) } else { None },
            price,
        }
    }

    /// The cheapest exchange with somebody in the group who is not pinned.
    fn best_exchange(&mut self, person: usize, round: usize, group: u32) -> Option<Exchange> {
        let at = self.state.group_of(person, round);
        let mut best: Option<(i64, usize)> = None;
        for other in 0..self.state.model.indexed.people() {
            let eligibility = self.state.model.indexed.eligibility(other, round);
            let can = matches!(eligibility, Eligibility::Free(groups) if at == UNASSIGNED || groups.contains(&(at as usize)));
            if !can || self.state.group_of(other, round) != group {
                continue;
            }
            let price = self.price_of(&self.swap(round, person, other)).total();
            if best.is_none_or(|(least, _)| price < least) {
                best = Some((price, other));
            }
        }
        let (_, other) = best?;
        let price = self.price_of(&self.swap(round, person, other));
        Some(Exchange { with: self.state.model.indexed.instance.people[other].id, price })
    }

    /// The rank that a person gave a group, from 1.
    fn rank(&self, person: usize, group: u32) -> Option<usize> {
        let ranking = self.state.model.rankings[person].as_ref()?;
        let rank = *ranking.rank_of_group.get(group as usize)?;
        (rank < ranking.ranked).then_some(rank + 1)
    }
}
