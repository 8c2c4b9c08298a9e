//! Who took part, counted exactly. Pure: knows no table, no HTTP and no clock. What of it may be told is a matter of
//! [`super::statistics`].

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::statistics::Basis;
use crate::organizations::OrganizationId;
use crate::reference::{CountryCode, Reference, SectorCode, SubregionCode};
use crate::registrations::attended::Came;
use crate::registrations::privacy::severing::{Severed, SeveredQuestion};
use crate::registrations::{AgeBand, Gender, Registration, RegistrationState};

/// Who took part, exactly: for the compiler of reports and for nothing that is shown without [`Participation::released`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participation {
    /// Confirmed registrations, or those who came.
    pub participants: u32,
    /// Those of the sector `un_entity`.
    pub un_representatives: u32,
    /// Countries they come from, by code.
    pub countries: Vec<CountryCode>,
    /// Subregions they come from, in the order of the reference data.
    pub subregions_present: Vec<SubregionCode>,
    /// The others.
    pub subregions_missing: Vec<SubregionCode>,
    /// Sectors they belong to, in the order of GCM para. 44, and how many.
    pub sectors: Vec<(SectorCode, u32)>,
    /// Who said so.
    pub women: u32,
    /// Who said so.
    pub men: u32,
    /// Who said so.
    pub another: u32,
    /// Who did not say.
    pub gender_missing: u32,
    /// How many from each subregion that is present. People from a country outside the region are in none.
    #[serde(default)]
    pub subregions: Vec<(SubregionCode, u32)>,
    /// How many from each country.
    #[serde(default)]
    pub by_country: BTreeMap<CountryCode, u32>,
    /// Organizations they came for.
    #[serde(default)]
    pub organizations: u32,
    /// How many of each age band that was stated.
    #[serde(default)]
    pub ages: BTreeMap<AgeBand, u32>,
    /// How many named each language first, by its primary subtag (`zh` for `zh-Hant`).
    #[serde(default)]
    pub languages: BTreeMap<String, u32>,
    /// Confirmed registrations, whether their people came or not.
    #[serde(default)]
    pub registered: u32,
    /// Participants who had not registered: nothing is known of them but that they came. None when attendance was not recorded.
    #[serde(default)]
    pub unregistered: Option<u32>,
}

impl Participation {
    /// Counts confirmed registrations; others are passed over.
    pub fn of<'r>(registrations: impl IntoIterator<Item = &'r Registration>) -> Self {
        Self::counted(registrations.into_iter(), None, &[])
    }

    /// Counts those who came, whatever became of their registration, or all that are confirmed when attendance was not
    /// recorded; and, instead of the registrations that no longer hold them, the severed answers.
    pub fn counted<'r>(
        registrations: impl Iterator<Item = &'r Registration>,
        came: Option<&Came>,
        severed: &[Severed],
    ) -> Self {
        let all: Vec<&Registration> = registrations.collect();
        let is_confirmed = |one: &Registration| one.state == RegistrationState::Confirmed;
        let registered = all.iter().filter(|one| is_confirmed(one)).count() as u32;
        let is_there = |one: &&Registration| match came {
            Some(came) => came.registrations.contains(&one.id),
            None => is_confirmed(one),
        };
        let people: Vec<&Registration> = all.into_iter().filter(is_there).collect();
        let unregistered = came.map(|came| came.unregistered);
        let mut counted = Self {
            participants: people.len() as u32 + unregistered.unwrap_or(0),
            un_representatives: people.iter().filter(|one| one.is_un_representative()).count()
                as u32,
            organizations: people
                .iter()
                .filter_map(|one| one.organization_id)
                .collect::<BTreeSet<OrganizationId>>()
                .len() as u32,
            registered,
            unregistered,
            ..Self::default()
        };
        counted.count_places(&people);
        counted.count_answers(&people);
        let severed = severed.iter().filter(|one| came.is_none() || one.came);
        severed.for_each(|one| counted.add(one));
        let answered = counted.women + counted.men + counted.another;
        counted.gender_missing = counted.participants.saturating_sub(answered);
        counted
    }

    fn count_places(&mut self, people: &[&Registration]) {
        let reference = Reference::get();
        for one in people {
            *self.by_country.entry(one.country).or_default() += 1;
        }
        self.countries = self.by_country.keys().copied().collect();
        let sectors = reference.sectors.iter().map(|sector| {
            (sector.code, people.iter().filter(|one| one.sector == sector.code).count() as u32)
        });
        self.sectors = sectors.filter(|(_, people)| *people > 0).collect();
        for subregion in &reference.subregions {
            let from = self.by_country.iter().filter(|(country, _)| {
                reference.subregion_of(**country).is_some_and(|found| found.code == subregion.code)
            });
            match from.map(|(_, people)| people).sum() {
                0 => self.subregions_missing.push(subregion.code),
                people => {
                    self.subregions_present.push(subregion.code);
                    self.subregions.push((subregion.code, people));
                }
            }
        }
    }

    fn count_answers(&mut self, people: &[&Registration]) {
        for one in people {
            one.gender.into_iter().for_each(|gender| *self.gender(gender) += 1);
            one.age_band.into_iter().for_each(|age| *self.ages.entry(age).or_default() += 1);
            let language = one.languages.first().map(|tag| primary(tag));
            language.into_iter().for_each(|tag| *self.languages.entry(tag).or_default() += 1);
        }
    }

    fn gender(&mut self, gender: Gender) -> &mut u32 {
        match gender {
            Gender::Woman => &mut self.women,
            Gender::Man => &mut self.men,
            Gender::Another => &mut self.another,
        }
    }

    fn add(&mut self, severed: &Severed) {
        let people = severed.people;
        match severed.question {
            SeveredQuestion::Gender => {
                severed.answer.parse().into_iter().for_each(|one| *self.gender(one) += people);
            }
            SeveredQuestion::AgeBand => {
                let age = severed.answer.parse().into_iter();
                age.for_each(|age| *self.ages.entry(age).or_default() += people);
            }
            SeveredQuestion::Language => {
                *self.languages.entry(primary(&severed.answer)).or_default() += people;
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
