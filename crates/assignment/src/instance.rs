//! What an assignment is made from: groups, rounds, people as far as an assignment needs to know them, and the weights
//! that the secretariat sets. Plain data that can be kept and sent; it must never know who anybody is.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::plan::Placement;

/// What is to be planned. Ids are unique within their list; of several entries with the same id one counts. The order
/// of no list matters, but that of [`Person::preferences`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    /// The working groups; every one is held in every round.
    pub groups: Vec<Group>,
    /// The rounds.
    pub rounds: Vec<Round>,
    /// The people to place.
    pub people: Vec<Person>,
    /// Decides between equals. The same seed gives the same plan.
    pub seed: u64,
    /// People who have to be in one group in every round that they share. Sets with somebody in common are one set. In
    /// a round in which no group could take them all (pins apart, no language of all, too many) the rule is dropped; in
    /// all others it outranks everything: they have one group, or none.
    #[serde(default)]
    pub together: Vec<Vec<Uuid>>,
    /// People of whom no two may be in one group.
    #[serde(default)]
    pub apart: Vec<Vec<Uuid>>,
    /// What was announced before: changing it costs [`Weights::stability`].
    #[serde(default)]
    pub previous: Vec<Placement>,
    /// What matters how much.
    #[serde(default)]
    pub weights: Weights,
    /// Sectors of which every group should have at least one person.
    #[serde(default)]
    pub listed_sectors: Vec<String>,
}

/// A working group with its size limits.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Group {
    /// The working group.
    pub id: Uuid,
    /// Fewest people it should have in a round; a minimum above the maximum counts as the maximum.
    pub min: usize,
    /// Most people it may have in a round. Only pins exceed it.
    pub max: usize,
    /// Other limits in some rounds.
    #[serde(default)]
    pub limits: Vec<Limit>,
    /// The languages it works in. None: everybody understands it.
    #[serde(default)]
    pub languages: Vec<String>,
}

impl Group {
    /// The fewest and the most people in a round.
    pub fn limits_in(&self, round: Uuid) -> (usize, usize) {
        let own = self.limits.iter().filter(|limit| limit.round == round).min();
        let (min, max) = own.map_or((self.min, self.max), |limit| (limit.min, limit.max));
        (min.min(max), max)
    }
}

/// The size limits of a group in one round, in place of its usual ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Limit {
    /// The round.
    pub round: Uuid,
    /// Fewest people.
    pub min: usize,
    /// Most people.
    pub max: usize,
}

/// A round: one holding of all working groups in parallel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Round {
    /// The round.
    pub id: Uuid,
}

/// One person, as far as an assignment needs to know them. An empty text is unknown, and not balanced.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Person {
    /// The registration.
    pub id: Uuid,
    /// Groups they would like, the dearest first; none: all the same to them.
    #[serde(default)]
    pub preferences: Vec<Uuid>,
    /// The rounds they take part in; absent: all.
    #[serde(default)]
    pub rounds: Option<Vec<Uuid>>,
    /// Where they have to be: hosts and focal points in their group in every round. A pin outranks a language.
    #[serde(default)]
    pub pinned: Vec<Pin>,
    /// Sector of their organization.
    #[serde(default)]
    pub sector: String,
    /// Subregion of their country; empty for none.
    #[serde(default)]
    pub subregion: String,
    /// Gender as they stated it.
    #[serde(default)]
    pub gender: String,
    /// Their organization: its people are spread over the groups.
    #[serde(default)]
    pub organization: Option<Uuid>,
    /// The languages they can work in. None: not asked, they can be anywhere.
    #[serde(default)]
    pub languages: Vec<String>,
}

impl Person {
    /// Whether person and group have a language in common, or one of them has no languages listed.
    pub fn understands(&self, group: &Group) -> bool {
        let any = self.languages.is_empty() || group.languages.is_empty();
        any || self.languages.iter().any(|one| group.languages.contains(one))
    }
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

/// The weights of the objective: what matters how much, in points. None is negative. The soft ones are traded against each
/// other; the hard ones are raised together, keeping their proportions, until no saving of soft ones is worth breaking a
/// rule ([`Instance::weights_in_force`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Weights {
    /// Cost of the first choice, the second, …; the last one goes for everything after it. A group that is not ranked
    /// comes after the last one ranked.
    pub preference: Vec<i64>,
    /// Each person by which a group is outside its even size.
    pub size: i64,
    /// Each person by which a group is outside the band of a sector.
    pub sector: i64,
    /// Each person by which a group is outside the band of a subregion.
    pub subregion: i64,
    /// Each person by which a group is outside the band of a gender.
    pub gender: i64,
    /// Each person of one organization beyond what spreading it leaves.
    pub organization: i64,
    /// Each group that has nobody of a listed sector.
    pub missing_sector: i64,
    /// Each round of a person that differs from what was announced.
    pub stability: i64,
    /// Hard: each further time in the same group.
    pub repeat: i64,
    /// Hard: each person beyond the first of those who must be apart.
    pub apart: i64,
    /// Hard: each person that a group lacks to its minimum.
    pub below_minimum: i64,
    /// Hard: each round in which somebody has no group.
    pub unassigned: i64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            preference: vec![0, 2, 5, 9, 14, 20, 27],
            size: 6,
            sector: 4,
            subregion: 4,
            gender: 3,
            organization: 5,
            missing_sector: 12,
            stability: 8,
            repeat: 1_000,
            apart: 10_000,
            below_minimum: 50_000,
            unassigned: 100_000,
        }
    }
}

/// The largest weight, in points, that is taken as it stands: sums of them stay far from the ends of 64 bits.
const MAX_WEIGHT: i64 = 1_000_000;

impl Weights {
    /// What the choice of a rank costs, counted from 0.
    pub fn of_rank(&self, rank: usize) -> i64 {
        let last = self.preference.len().saturating_sub(1);
        self.preference.get(rank.min(last)).copied().unwrap_or(0)
    }

    fn each(&mut self) -> impl Iterator<Item = &mut i64> {
        let others = [
            &mut self.size,
            &mut self.sector,
            &mut self.subregion,
            &mut self.gender,
            &mut self.organization,
            &mut self.missing_sector,
            &mut self.stability,
            &mut self.repeat,
            &mut self.apart,
            &mut self.below_minimum,
            &mut self.unassigned,
        ];
        self.preference.iter_mut().chain(others)
    }

    /// The weights of broken rules.
    fn hard(&self) -> [i64; 4] {
        [self.repeat, self.apart, self.below_minimum, self.unassigned]
    }

    /// The least weight of a broken rule.
    pub(crate) fn least_hard(&self) -> i64 {
        self.hard().into_iter().min().unwrap_or(0)
    }

    /// The largest weight of a broken rule.
    pub(crate) fn largest_hard(&self) -> i64 {
        self.hard().into_iter().max().unwrap_or(0)
    }

    /// The most soft points that one round of one person can be worth. Each band counts twice: a person too many in one
    /// group may be one too few in another.
    fn max_soft_per_assignment(&self) -> i64 {
        let worst_rank = self.preference.iter().copied().max().unwrap_or(0);
        let in_bands = self.size + self.sector + self.subregion + self.gender + self.organization;
        worst_rank + self.stability + self.missing_sector + 2 * in_bands
    }
}

impl Instance {
    /// The weights that plans are evaluated with: none negative or absurd, and the hard ones so high ("big M", by a bound on all soft
    /// points) that no plan that breaks a rule beats one that does not.
    pub fn weights_in_force(&self) -> Weights {
        let mut weights = self.weights.clone();
        weights.each().for_each(|weight| *weight = (*weight).clamp(0, MAX_WEIGHT));
        let assignments = (self.people.len() * self.rounds.len()) as i64;
        let per_assignment = weights.max_soft_per_assignment();
        let all_soft = assignments.saturating_mul(per_assignment).saturating_add(1);
        let hard = [
            &mut weights.repeat,
            &mut weights.apart,
            &mut weights.below_minimum,
            &mut weights.unassigned,
        ];
        let least = hard.iter().map(|weight| **weight).min().unwrap_or(1).max(1);
        let factor = (all_soft + least - 1) / least;
        for weight in hard {
            *weight = (*weight).max(1) * factor.max(1);
        }
        weights
    }
}
