//! Infeasibility analysis: which hard rules cannot hold together whatever the plan, and the smallest changes to the instance that would
//! do, each for itself. Too few places or people are found by a maximum flow: its minimum cut names people who have too few places
//! among them (a violation of Hall's condition), so the rules of a clash are few, like an irreducible infeasible subset, though it is not
//! proved that none could be left out. Found by counting, not by search. It must never know how a plan is found.

mod detection;
mod max_flow;
pub(crate) mod sentences;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::detection::clashes;

/// Rules that cannot all hold, and what would do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Clash {
    /// What clashes.
    pub cause: Cause,
    /// What would do, each for itself.
    pub remedies: Vec<Remedy>,
}

/// What clashes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Cause {
    /// More people than places, in a round, in the only groups that they can have.
    TooFewPlaces {
        /// The round.
        round: Uuid,
        /// The groups, by id.
        groups: Vec<Uuid>,
        /// How many people can have no other group.
        people: usize,
        /// How many places these groups have.
        places: usize,
    },
    /// Fewer people than the minima of groups add up to.
    TooFewPeople {
        /// The round.
        round: Uuid,
        /// The groups, by id.
        groups: Vec<Uuid>,
        /// How many people can be in them.
        people: usize,
        /// What their minima add up to.
        wanted: usize,
    },
    /// More people are pinned to a group than it may have.
    PinsExceedMaximum {
        /// The round.
        round: Uuid,
        /// The group.
        group: Uuid,
        /// How many are pinned.
        pinned: usize,
        /// Its maximum.
        max: usize,
    },
    /// No group works in a language of theirs.
    NoLanguage {
        /// The person.
        person: Uuid,
    },
    /// People must be together, and no group can take them all in the round.
    TogetherImpossible {
        /// The round.
        round: Uuid,
        /// Who, by id.
        people: Vec<Uuid>,
    },
    /// People must be both together and apart.
    TogetherAndApart {
        /// Who, by id.
        people: Vec<Uuid>,
    },
    /// People must be apart, and there are too few groups for that in the round.
    TooManyApart {
        /// The round.
        round: Uuid,
        /// Who, by id.
        people: Vec<Uuid>,
        /// In how many groups they can be at most.
        groups: usize,
    },
    /// Somebody takes part in more rounds than there are groups for them.
    ForcedRepeat {
        /// The person.
        person: Uuid,
        /// Rounds in which they are not pinned.
        rounds: usize,
        /// Groups that they can have in these.
        groups: usize,
    },
}

/// A change to the instance.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Remedy {
    /// So many more places, in any of these groups.
    RaiseMaxima {
        /// The round.
        round: Uuid,
        /// The groups.
        groups: Vec<Uuid>,
        /// Places.
        by: usize,
    },
    /// Another maximum for one group.
    RaiseMaximum {
        /// The round.
        round: Uuid,
        /// The group.
        group: Uuid,
        /// The maximum now.
        from: usize,
        /// The maximum that would do.
        to: usize,
    },
    /// So many people fewer, in any of these groups.
    LowerMinima {
        /// The round.
        round: Uuid,
        /// The groups.
        groups: Vec<Uuid>,
        /// People.
        by: usize,
    },
    /// Another minimum for one group.
    LowerMinimum {
        /// The round.
        round: Uuid,
        /// The group.
        group: Uuid,
        /// The minimum now.
        from: usize,
        /// The minimum that would do.
        to: usize,
    },
    /// Pins of so many people to the group taken away.
    Unpin {
        /// The round.
        round: Uuid,
        /// The group.
        group: Uuid,
        /// People.
        people: usize,
    },
    /// A language of the person in any group.
    LanguageInGroup {
        /// What the person speaks.
        languages: Vec<String>,
    },
    /// A language of some group for the person.
    LanguageOfPerson {
        /// The person.
        person: Uuid,
        /// What the groups work in.
        languages: Vec<String>,
    },
    /// The people need not be together.
    NeedNotBeTogether {
        /// Who.
        people: Vec<Uuid>,
    },
    /// The people need not be apart.
    NeedNotBeApart {
        /// Who.
        people: Vec<Uuid>,
    },
    /// The person takes part in so many rounds fewer.
    FewerRounds {
        /// The person.
        person: Uuid,
        /// Rounds.
        by: usize,
    },
}
