//! Organizations and people: `people.toml`.

use serde::Deserialize;

use super::REFERENCE_CONSULTATION;
use crate::accounts::Email;
use crate::reference::{CountryCode, SectorCode};
use crate::registrations::Gender;

/// `people.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    /// The organizations.
    pub organizations: Vec<Organization>,
    /// The people who register.
    pub participants: Vec<Participant>,
}

/// An organization.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// How the other files refer to it.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The short form of its name.
    pub acronym: Option<String>,
    /// Its sector.
    pub sector: SectorCode,
    /// Where it is based.
    pub country: CountryCode,
    /// Its web address.
    pub website: Option<String>,
}

/// Somebody who registers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Participant {
    /// Their name, which is invented.
    pub name: String,
    /// Their address.
    pub email: Email,
    /// Key of the organization that they come for; none for who comes for themselves.
    pub organization: Option<String>,
    /// Without an organization.
    pub sector: Option<SectorCode>,
    /// Where they work or live.
    pub country: CountryCode,
    /// As stated, if stated.
    pub gender: Option<Gender>,
    /// BCP 47, the preferred first.
    pub languages: Vec<String>,
    /// Numbers of the second consultation's working groups, the dearest first.
    pub preferences: Vec<i32>,
    /// Ordinals of the consultations that they register for.
    pub consultations: Vec<i32>,
    /// What becomes of their registration for the second consultation.
    pub outcome: Outcome,
    /// Whether they may be named as host.
    #[serde(default)]
    pub named: bool,
}

/// What becomes of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It has a place.
    Confirmed,
    /// It waits.
    Waitlisted,
    /// It is refused.
    Declined,
    /// It is taken back.
    Withdrawn,
}

impl Participant {
    /// What becomes of their registration for a consultation: only the second one has fewer places than applications.
    pub fn outcome_at(&self, ordinal: i32) -> Outcome {
        match ordinal {
            REFERENCE_CONSULTATION => self.outcome,
            _ => Outcome::Confirmed,
        }
    }
}
