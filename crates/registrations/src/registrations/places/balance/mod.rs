//! What the set of those with a place looks like, and what the set of those who ask for one: by sector, subregion, gender,
//! country and organization, against the capacities. Exact figures, for those who see the names anyway.

use std::collections::BTreeMap;

use crate::access::Permission;
use crate::consultations::{self, Consultation, ConsultationId};
use crate::organizations::{self, OrganizationId};
use crate::problem::Problem;
use crate::reference::{CountryCode, Reference, SectorCode, SubregionCode};
use crate::registrations::rules::{self, Rules};
use crate::registrations::{Gender, Registration, RegistrationState};
use crate::work::Work;

pub(in crate::registrations) mod store;

/// Organizations that are shown: those with the most people.
const MOST_ORGANIZATIONS: usize = 20;

/// Registrations by how far they have come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// With a place.
    pub confirmed: i64,
    /// With a place that is kept for them.
    pub offered: i64,
    /// With a place, and under review again.
    pub in_review: i64,
    /// Not decided yet.
    pub submitted: i64,
    /// Waiting for a place.
    pub waitlisted: i64,
}

impl Counts {
    /// Places that are taken.
    pub fn taken(&self) -> i64 {
        self.confirmed + self.offered + self.in_review
    }

    fn add(&mut self, state: RegistrationState, holds_place: bool, count: i64) {
        let of = match state {
            RegistrationState::Confirmed => &mut self.confirmed,
            RegistrationState::Offered => &mut self.offered,
            RegistrationState::Submitted if holds_place => &mut self.in_review,
            RegistrationState::Submitted => &mut self.submitted,
            RegistrationState::Waitlisted => &mut self.waitlisted,
            RegistrationState::Declined | RegistrationState::Withdrawn => return,
        };
        *of += count;
    }

    fn plus(self, other: Self) -> Self {
        Self {
            confirmed: self.confirmed + other.confirmed,
            offered: self.offered + other.offered,
            in_review: self.in_review + other.in_review,
            submitted: self.submitted + other.submitted,
            waitlisted: self.waitlisted + other.waitlisted,
        }
    }
}

/// One figure of SQL: so many of a state, with a place or without, with this in the column.
#[derive(Debug, Clone, Copy)]
pub struct Figure<K> {
    /// What stands in the column.
    pub key: K,
    /// The state.
    pub state: RegistrationState,
    /// Whether they were decided on and wait for nothing.
    pub settled: bool,
    /// How many.
    pub count: i64,
}

impl<K: Copy> Figure<K> {
    /// By a part of its key.
    fn by<P>(self, part: impl FnOnce(K) -> P) -> Figure<P> {
        let Self { key, state, settled, count } = self;
        Figure { key: part(key), state, settled, count }
    }
}

/// All the figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// Places of the consultation; none: no limit.
    pub capacity: Option<i32>,
    /// Places of each sector that has a limit.
    pub sector_capacities: BTreeMap<SectorCode, i32>,
    /// Places of one organization; none: no limit.
    pub organization_capacity: Option<i32>,
    /// By sector.
    pub sectors: BTreeMap<SectorCode, Counts>,
    /// By country.
    pub countries: BTreeMap<CountryCode, Counts>,
    /// By gender; none for those who did not say.
    pub genders: BTreeMap<Option<Gender>, Counts>,
    /// By organization; none for those who come for themselves.
    pub organizations: BTreeMap<Option<OrganizationId>, Counts>,
}

/// The rows of the database that a balance is made of.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// By sector.
    pub sectors: Vec<Figure<SectorCode>>,
    /// By country.
    pub countries: Vec<Figure<CountryCode>>,
    /// By gender.
    pub genders: Vec<Figure<Option<Gender>>>,
    /// By organization.
    pub organizations: Vec<Figure<Option<OrganizationId>>>,
}

fn summed<K: Ord + Copy>(figures: &[Figure<K>]) -> BTreeMap<K, Counts> {
    let mut sums: BTreeMap<K, Counts> = BTreeMap::new();
    for one in figures {
        sums.entry(one.key).or_default().add(one.state, one.settled, one.count);
    }
    sums
}

impl Balance {
    /// From what was counted.
    pub fn new(capacity: Option<i32>, rules: &Rules, figures: &Figures) -> Self {
        Self {
            capacity,
            sector_capacities: rules.sector_capacities.clone(),
            organization_capacity: rules.organization_capacity,
            sectors: summed(&figures.sectors),
            countries: summed(&figures.countries),
            genders: summed(&figures.genders),
            organizations: summed(&figures.organizations),
        }
    }

    /// Everybody.
    pub fn all(&self) -> Counts {
        self.sectors.values().fold(Counts::default(), |sum, one| sum.plus(*one))
    }

    /// By subregion, every one of them; none for countries outside the region, when there are any.
    pub fn subregions(&self) -> BTreeMap<Option<SubregionCode>, Counts> {
        let reference = Reference::get();
        let every = reference.subregions.iter().map(|one| (Some(one.code), Counts::default()));
        let mut sums: BTreeMap<Option<SubregionCode>, Counts> = every.collect();
        for (country, counts) in &self.countries {
            let subregion = reference.subregion_of(*country).map(|found| found.code);
            let sum = sums.entry(subregion).or_default();
            *sum = sum.plus(*counts);
        }
        sums
    }

    /// The organizations with the most places, then the most people.
    pub fn largest_organizations(&self) -> Vec<(OrganizationId, Counts)> {
        let known = self.organizations.iter().filter_map(|(id, counts)| Some(((*id)?, *counts)));
        let mut all: Vec<(OrganizationId, Counts)> =
            known.filter(|(_, counts)| *counts != Counts::default()).collect();
        let asked = |counts: &Counts| counts.taken() + counts.submitted + counts.waitlisted;
        all.sort_by_key(|(id, counts)| (-counts.taken(), -asked(counts), *id));
        all.truncate(MOST_ORGANIZATIONS);
        all
    }

    /// The same after a registration was changed.
    pub fn change(&mut self, before: &Registration, after: &Registration) {
        self.count(before, -1);
        self.count(after, 1);
    }

    fn count(&mut self, one: &Registration, count: i64) {
        let of = [
            self.sectors.entry(one.sector).or_default(),
            self.countries.entry(one.country).or_default(),
            self.genders.entry(one.gender).or_default(),
            self.organizations.entry(one.organization_id).or_default(),
        ];
        for counts in of {
            counts.add(one.state, one.holds_place(), count);
        }
    }
}

/// A balance with the names of the organizations that it shows.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The figures.
    pub balance: Balance,
    /// The largest organizations: name and figures.
    pub organizations: Vec<(OrganizationId, String, Counts)>,
}

/// The balance of a consultation, for those who decide.
pub fn see(work: &mut Work, id: ConsultationId) -> Result<Shown, Problem> {
    let consultation = consultations::service::see(work, id)?;
    work.require(Permission::DecideRegistrations, &consultation.scope())?;
    let balance = of(work, &consultation)?;
    shown(work, balance)
}

/// The balance as it is now.
pub(in crate::registrations) fn of(
    work: &mut Work,
    consultation: &Consultation,
) -> Result<Balance, Problem> {
    let rules = rules::service::load(work, consultation.id)?;
    let figures = store::figures(work.conn, consultation.id)?;
    Ok(Balance::new(consultation.capacity, &rules, &figures))
}

/// With the names of the organizations.
pub(in crate::registrations) fn shown(work: &mut Work, balance: Balance) -> Result<Shown, Problem> {
    let largest = balance.largest_organizations();
    let ids: Vec<OrganizationId> = largest.iter().map(|(id, _)| *id).collect();
    let known = organizations::service::load_many(work, &ids)?;
    let named = |(id, counts): (OrganizationId, Counts)| {
        (id, known.get(&id).map_or_else(String::new, |one| one.name.clone()), counts)
    };
    let organizations = largest.into_iter().map(named).collect();
    Ok(Shown { balance, organizations })
}
