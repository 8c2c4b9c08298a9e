//! Who took part, counted exactly. Pure: knows no table, no HTTP and no clock. What of it is told is a matter of
//! [`super::telling`]; nothing else may tell it.

use std::collections::{BTreeMap, BTreeSet};

use super::Basis;
use crate::consultations::{RoundId, WorkingGroupId};
use crate::reference::{CountryCode, SectorCode};
use crate::registrations::attended::Came;
use crate::registrations::privacy::severing::{Severed, SeveredQuestion};
use crate::registrations::{AgeBand, Gender, Registration, RegistrationId, RegistrationState};

/// Where the people sit: registration, round and working group.
pub type Seat = (RegistrationId, RoundId, WorkingGroupId);

/// Who took part, exactly.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Participation {
    /// Confirmed registrations, or those who came.
    pub participants: u32,
    /// Those among them who had not registered: nothing is known of them but that they came. None when attendance was not
    /// recorded, or is not what is counted.
    pub unregistered: Option<u32>,
    /// How many of each sector.
    pub sectors: BTreeMap<SectorCode, u32>,
    /// How many from each country.
    pub countries: BTreeMap<CountryCode, u32>,
    /// How many of each gender, of those who said so.
    pub genders: BTreeMap<Gender, u32>,
    /// How many of each age band, of those who said so.
    pub ages: BTreeMap<AgeBand, u32>,
    /// How many named each language first, by its primary subtag (`zh` for `zh-Hant`).
    pub languages: BTreeMap<String, u32>,
    /// How many in each working group, round by round.
    pub groups: BTreeMap<RoundId, BTreeMap<WorkingGroupId, u32>>,
}

impl Participation {
    /// Counts those who came, whatever became of their registration, or all that are confirmed when `came` is not given; and,
    /// instead of the registrations that no longer hold them, the severed answers.
    pub fn counted<'r>(
        registrations: impl IntoIterator<Item = &'r Registration>,
        came: Option<&Came>,
        severed: &[Severed],
        seats: &[Seat],
    ) -> Self {
        let is_there = |one: &&Registration| match came {
            Some(came) => came.registrations.contains(&one.id),
            None => one.state == RegistrationState::Confirmed,
        };
        let people: Vec<&Registration> = registrations.into_iter().filter(is_there).collect();
        let unregistered = came.map(|came| came.unregistered);
        let mut counted = Self {
            participants: people.len() as u32 + unregistered.unwrap_or(0),
            unregistered,
            ..Self::default()
        };
        people.iter().for_each(|one| counted.add(one));
        let severed = severed.iter().filter(|one| came.is_none() || one.came);
        severed.for_each(|one| counted.add_severed(one));
        let ids: BTreeSet<RegistrationId> = people.iter().map(|one| one.id).collect();
        for (_, round, group) in seats.iter().filter(|(id, ..)| ids.contains(id)) {
            let groups = counted.groups.entry(*round).or_default();
            *groups.entry(*group).or_default() += 1;
        }
        counted
    }

    fn add(&mut self, one: &Registration) {
        *self.sectors.entry(one.sector).or_default() += 1;
        *self.countries.entry(one.country).or_default() += 1;
        one.gender.into_iter().for_each(|gender| *self.genders.entry(gender).or_default() += 1);
        one.age_band.into_iter().for_each(|age| *self.ages.entry(age).or_default() += 1);
        let language = one.languages.first().map(|tag| primary(tag));
        language.into_iter().for_each(|tag| *self.languages.entry(tag).or_default() += 1);
    }

    fn add_severed(&mut self, Severed { question, answer, people, .. }: &Severed) {
        match question {
            SeveredQuestion::Gender => {
                let gender = answer.parse().into_iter();
                gender.for_each(|gender| *self.genders.entry(gender).or_default() += people);
            }
            SeveredQuestion::AgeBand => {
                let age = answer.parse().into_iter();
                age.for_each(|age| *self.ages.entry(age).or_default() += people);
            }
            SeveredQuestion::Language => {
                *self.languages.entry(primary(answer)).or_default() += people;
            }
        }
    }

    /// Who is counted.
    pub fn basis(&self) -> Basis {
        if self.unregistered.is_some() { Basis::Attended } else { Basis::Registered }
    }
}

/// `zh` of `zh-Hant`.
fn primary(tag: &str) -> String {
    tag.split('-').next().unwrap_or(tag).to_ascii_lowercase()
}
