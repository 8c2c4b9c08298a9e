//! Figures about people: the one authority for them. What is told of how many people took part stands in a *release*: frozen,
//! of facts as they were, the same for everybody who may not see names, at most one for each [`ReleaseOccasion`]
//! (docs/decisions/0014-releases-of-figures.md).
//!
//! | to find | look in |
//! |---|---|
//! | who is told which number about people, and from what | [`allowed`] |
//! | exact counts, which nothing but a release is made of | [`participation`] |
//! | which categories are told and which merged | [`categories`] |
//! | what a release tells beside those before it | [`telling`] |
//! | how running text gives a number | [`rounding`] |

use serde::{Deserialize, Serialize};

use crate::consultations::{ConsultationId, Phase, RoundId, WorkingGroupId};
use crate::db::types::Timestamp;
use crate::text_enum;

pub mod allowed;
pub mod categories;
mod feature;
mod http;
pub mod participation;
pub mod rounding;
pub mod service;
mod store;
pub mod telling;
#[cfg(test)]
mod tests;

pub use crate::vocabulary::FigureReleaseId;
pub use feature::FEATURE;
pub use participation::Participation;

text_enum! {
    /// On what occasion figures are released, in their order; each once, and none after a later one.
    pub enum ReleaseOccasion {
        /// Nobody registers any more. Those with a place are counted.
        RegistrationClosed => "registration_closed",
        /// It was held. Those who came are counted, or those with a place when attendance was not recorded.
        AfterEvent => "after_event",
        /// The report is published. Counted as after the event, with what was corrected since.
        Publication => "publication",
    }
}

impl ReleaseOccasion {
    /// The phases of a consultation in which figures can be released on this occasion.
    pub const fn phases(self) -> &'static [Phase] {
        match self {
            Self::RegistrationClosed => &[Phase::RegistrationClosed, Phase::InSession],
            Self::AfterEvent => &[Phase::Synthesis, Phase::Clearance],
            Self::Publication => &[Phase::Clearance, Phase::Published],
        }
    }

    /// Whether those who came are counted, where that was recorded.
    pub const fn counts_attendance(self) -> bool {
        !matches!(self, Self::RegistrationClosed)
    }
}

text_enum! {
    /// Who is counted as a participant.
    pub enum Basis {
        /// Those with a place.
        Registered => "registered",
        /// Those who came, registered or not.
        Attended => "attended",
    }
}

text_enum! {
    /// By what a table tells people apart: by one thing, never by two.
    pub enum Breakdown {
        /// By sector (GCM, para. 44, and United Nations entities).
        Sector => "sector",
        /// By subregion of ESCAP; `elsewhere` for those from outside, and those of whom it is not known.
        Subregion => "subregion",
        /// By country, within one subregion that is told.
        Country => "country",
        /// By gender: `woman`, `man`, `another_or_not_stated`.
        Gender => "gender",
        /// By age band; `not_stated` for those who did not say.
        AgeBand => "age_band",
        /// By the language named first (BCP 47, its primary subtag); `not_stated` for those who named none.
        Language => "language",
    }
}

/// Figures that were released. Never changed afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureRelease {
    /// Its id.
    pub id: FigureReleaseId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// On what occasion.
    pub occasion: ReleaseOccasion,
    /// What it tells.
    pub told: Told,
    /// When it was made. The day alone is told.
    pub created_at: Timestamp,
}

/// What a release tells: complete in itself. What could not be told anew without telling of fewer than five people stands as
/// it was told before ([`telling`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// How many people.
    pub people: People,
    /// From how many countries; none when that would tell of somebody.
    pub countries: Option<Countries>,
    /// The tables, each by one thing. One that could tell of somebody is not there.
    pub tables: Vec<Table>,
    /// How many were assigned to each working group, round by round.
    pub rounds: Vec<RoundOfGroups>,
}

/// How many of those who are counted were assigned to each working group in a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundOfGroups {
    /// The round.
    pub round_id: RoundId,
    /// As of which release.
    pub as_of: ReleaseOccasion,
    /// The groups that are told, each to the nearest five. Of all others: fewer than five, or so many that a number would tell
    /// how many have no group.
    pub groups: Vec<GroupSize>,
}

/// The size of a working group, as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupSize {
    /// The group.
    pub working_group_id: WorkingGroupId,
    /// How many people, to the nearest five.
    pub about: u32,
}

impl RoundOfGroups {
    /// How many a group has, to the nearest five; none when it is not told.
    pub fn about(&self, group: WorkingGroupId) -> Option<u32> {
        self.groups.iter().find(|one| one.working_group_id == group).map(|one| one.about)
    }
}

/// How many people took part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// As of which release.
    pub as_of: ReleaseOccasion,
    /// Who is counted.
    pub basis: Basis,
    /// How many; none for so few that a number would tell of somebody.
    pub number: Option<u32>,
}

/// From how many countries people came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Countries {
    /// How many.
    pub number: u32,
    /// Whether there may be more.
    pub or_more: bool,
}

/// A one-way table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// By what.
    pub by: Breakdown,
    /// Within what: the subregion of countries.
    pub within: Option<String>,
    /// As of which release.
    pub as_of: ReleaseOccasion,
    /// Who is counted.
    pub basis: Basis,
    /// The categories that are told, five people or more in each.
    pub rows: Vec<Row>,
    /// All others together, and those of whom it is not known: nobody when every category there is is told, else five or more.
    pub other: u32,
}

/// A category that is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its code or id.
    pub key: String,
    /// How many people.
    pub people: u32,
}

impl Table {
    /// The category's figure; none when it is not told by itself.
    pub fn people_of(&self, key: &str) -> Option<u32> {
        self.rows.iter().find(|row| row.key == key).map(|row| row.people)
    }

    /// All whom it tells apart.
    pub fn people(&self) -> u32 {
        self.other + self.rows.iter().map(|row| row.people).sum::<u32>()
    }
}

impl Told {
    /// The table by this, if it is told.
    pub fn table(&self, by: Breakdown) -> Option<&Table> {
        self.table_within(by, None)
    }

    /// The table by this within that, if it is told.
    pub fn table_within(&self, by: Breakdown, within: Option<&str>) -> Option<&Table> {
        self.tables.iter().find(|table| table.by == by && table.within.as_deref() == within)
    }

    /// The working groups of a round, if they are told.
    pub fn round(&self, id: RoundId) -> Option<&RoundOfGroups> {
        self.rounds.iter().find(|round| round.round_id == id)
    }

    /// A category's figure, if it is told by itself.
    pub fn people_of(&self, by: Breakdown, key: &str) -> Option<u32> {
        self.table(by)?.people_of(key)
    }
}
