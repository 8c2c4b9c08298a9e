//! The output: a plan, which says who goes where, what could not be met, and how good that is in numbers that can be shown. Plain data;
//! how it is found or evaluated is not its business, and it must never know who anybody is.

use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

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

/// A rule that a plan does not keep.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Unmet {
    /// People who could be in a group of the round and have none: there are not enough places that they can take.
    OverCapacity {
        /// The round.
        round: Uuid,
        /// Who has no group, by id.
        people: Vec<Uuid>,
    },
    /// Nobody works in a language of theirs: no group in the round.
    NoLanguage {
        /// The person.
        person: Uuid,
        /// The rounds, by id.
        rounds: Vec<Uuid>,
    },
    /// A placement in a group that has no language in common with the person (a hand-made plan only).
    WrongLanguage {
        /// The person.
        person: Uuid,
        /// The round.
        round: Uuid,
        /// The group.
        group: Uuid,
    },
    /// A placement in a round in which the person does not take part (a hand-made plan only).
    NotInRound {
        /// The person.
        person: Uuid,
        /// The round.
        round: Uuid,
        /// The group.
        group: Uuid,
    },
    /// A placement elsewhere than the person is pinned to (a hand-made plan only).
    PinBroken {
        /// The person.
        person: Uuid,
        /// The round.
        round: Uuid,
        /// The group of the pin.
        group: Uuid,
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
    /// A group has more people than it may have and than are pinned to it (a hand-made plan only).
    AboveMaximum {
        /// The round.
        round: Uuid,
        /// The group.
        group: Uuid,
        /// How many it has.
        size: usize,
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
    /// People who must be apart are in one group.
    NotApart {
        /// The round.
        round: Uuid,
        /// The group.
        group: Uuid,
        /// Who, by id.
        people: Vec<Uuid>,
    },
    /// People who must be together are in several groups (a hand-made plan only).
    NotTogether {
        /// The round.
        round: Uuid,
        /// Who, by id.
        people: Vec<Uuid>,
    },
    /// No group can take all who must be together in the round, so they are placed each for themselves.
    TogetherDropped {
        /// The round.
        round: Uuid,
        /// Who, by id.
        people: Vec<Uuid>,
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Quality {
    /// The value of the objective: what the plan costs, in points, the sum of its parts. 0 is as good as can be thought of.
    pub value: i64,
    /// A lower bound, in points: no plan for the same instance costs less. Absent where nobody looked (a plan made by hand).
    pub bound: Option<i64>,
    /// What the search did, in steps of its own. The same instance and limits give the same number everywhere.
    pub work: u64,
    /// What the value consists of.
    pub parts: ObjectiveTerms,
    /// Every group in every round beside the whole, in the order of their ids.
    pub groups: Vec<Composition>,
    /// How far people get what they asked for.
    pub satisfaction: Satisfaction,
    /// How many times somebody is again in a group that they are not pinned to.
    pub repeats: usize,
}

impl Quality {
    /// Whether it is proved that there is no better plan.
    pub fn is_optimal(&self) -> bool {
        self.bound.is_some_and(|bound| bound >= self.value)
    }

    /// How many points better a plan could at most be.
    pub fn gap(&self) -> Option<i64> {
        self.bound.map(|bound| (self.value - bound).max(0))
    }

    /// The points of broken rules, if the bound is not below them: then the gap is one of soft points only. It also says that no plan
    /// breaks rules for less, if all weights of rules are multiples of the least, as the usual ones are: that is more than all soft
    /// points together, so such a plan would be below the bound.
    pub fn unavoidable(&self) -> Option<i64> {
        let hard = self.parts.hard();
        (self.bound? >= hard).then_some(hard)
    }
}

/// The terms of the objective, in points: what a value consists of; also the difference of two values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ObjectiveTerms {
    /// Ranked preferences.
    pub preference: i64,
    /// Even sizes.
    pub size: i64,
    /// Sectors as in the whole.
    pub sector: i64,
    /// Subregions as in the whole.
    pub subregion: i64,
    /// Genders as in the whole.
    pub gender: i64,
    /// Organizations spread out.
    pub organization: i64,
    /// Groups without anybody of a listed sector.
    pub missing_sector: i64,
    /// Changes to what was announced.
    pub stability: i64,
    /// Hard: the same group again.
    pub repeat: i64,
    /// Hard: people together who must be apart.
    pub apart: i64,
    /// Hard: people apart who must be together.
    pub together: i64,
    /// Hard: groups under their minimum.
    pub below_minimum: i64,
    /// Hard: no group.
    pub unassigned: i64,
}

/// How many of [`ObjectiveTerms::named`], from the first, break no rule.
const SOFT_TERMS: usize = 8;

impl ObjectiveTerms {
    /// The terms by name; those from `repeat` on break rules.
    pub fn named(&self) -> [(&'static str, i64); 13] {
        [
            ("preference", self.preference),
            ("size", self.size),
            ("sector", self.sector),
            ("subregion", self.subregion),
            ("gender", self.gender),
            ("organization", self.organization),
            ("missing_sector", self.missing_sector),
            ("stability", self.stability),
            ("repeat", self.repeat),
            ("apart", self.apart),
            ("together", self.together),
            ("below_minimum", self.below_minimum),
            ("unassigned", self.unassigned),
        ]
    }

    /// All of them.
    pub fn total(&self) -> i64 {
        self.named().iter().map(|(_, points)| points).sum()
    }

    /// Those that break no rule.
    pub fn soft(&self) -> i64 {
        self.named()[..SOFT_TERMS].iter().map(|(_, points)| points).sum()
    }

    /// Those that break rules.
    pub fn hard(&self) -> i64 {
        self.total() - self.soft()
    }

    fn with(self, other: Self, both: impl Fn(i64, i64) -> i64) -> Self {
        Self {
            preference: both(self.preference, other.preference),
            size: both(self.size, other.size),
            sector: both(self.sector, other.sector),
            subregion: both(self.subregion, other.subregion),
            gender: both(self.gender, other.gender),
            organization: both(self.organization, other.organization),
            missing_sector: both(self.missing_sector, other.missing_sector),
            stability: both(self.stability, other.stability),
            repeat: both(self.repeat, other.repeat),
            apart: both(self.apart, other.apart),
            together: both(self.together, other.together),
            below_minimum: both(self.below_minimum, other.below_minimum),
            unassigned: both(self.unassigned, other.unassigned),
        }
    }
}

impl Add for ObjectiveTerms {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.with(other, |one, two| one + two)
    }
}

impl AddAssign for ObjectiveTerms {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for ObjectiveTerms {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self.with(other, |one, two| one - two)
    }
}

/// What a person has in common with others, as far as it is balanced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// The sector of the organization.
    Sector,
    /// The subregion of the country.
    Subregion,
    /// The gender.
    Gender,
    /// The organization.
    Organization,
}

/// A group in a round, beside what a proportional share of the whole would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Composition {
    /// The round.
    pub round: Uuid,
    /// The group.
    pub group: Uuid,
    /// How many people it has.
    pub size: usize,
    /// The fewest it should have.
    pub min: usize,
    /// The most it may have.
    pub max: usize,
    /// The fewest that would be even.
    pub even_from: usize,
    /// The most that would be even.
    pub even_to: usize,
    /// Sectors, subregions and genders of the round, and the organizations that are more together than they need be.
    pub shares: Vec<Share>,
}

/// How many people of a kind a group has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Share {
    /// Which kind of kind.
    pub aspect: Aspect,
    /// The kind: a sector, a subregion, a gender; the id of an organization.
    pub value: String,
    /// How many the group has.
    pub count: usize,
    /// How many the round has.
    pub whole: usize,
    /// The fewest that would be proportional.
    pub from: usize,
    /// The most that would be proportional.
    pub to: usize,
}

impl Share {
    /// By how many people it is outside the band.
    pub fn distance(&self) -> usize {
        self.from.saturating_sub(self.count) + self.count.saturating_sub(self.to)
    }
}

/// How far people get what they asked for. Rounds of people who are pinned do not count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Satisfaction {
    /// Rounds of people in their first choice, in their second, ….
    pub by_rank: Vec<usize>,
    /// Rounds of people who ranked some groups, and are in another.
    pub not_ranked: usize,
    /// Rounds of people to whom all groups are the same.
    pub indifferent: usize,
    /// The worst rank that anybody is in, counted from 1; none when nobody is in a ranked group.
    pub worst_rank: Option<usize>,
    /// People who ranked a group that exists and take part in a round.
    pub with_preferences: usize,
    /// Those of them who are in their first choice at least once; rounds they are pinned in count.
    pub first_choices: usize,
}
