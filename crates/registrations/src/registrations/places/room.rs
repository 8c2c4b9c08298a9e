//! Which places are taken and which are free: overall, of a sector, of one organization. Pure.

use std::collections::{BTreeMap, HashMap};

use crate::organizations::OrganizationId;
use crate::reference::SectorCode;
use crate::registrations::Registration;
use crate::registrations::rules::Rules;
use crate::text_enum;

text_enum! {
    /// Which capacity leaves no room.
    pub enum Lacking {
        /// That of the consultation.
        Consultation => "consultation",
        /// That of the sector.
        Sector => "sector",
        /// That of one organization.
        Organization => "organization",
    }
}

/// The capacity that is used up, and how many places it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full {
    /// Which one.
    pub lacking: Lacking,
    /// Its places.
    pub places: i64,
}

impl Full {
    /// "All 20 places of the sector migrants are taken".
    pub fn words(self, one: &Registration) -> String {
        let places = self.places;
        match self.lacking {
            Lacking::Consultation => format!("All {places} places are taken"),
            Lacking::Sector => {
                format!("All {places} places of the sector {} are taken", one.sector)
            }
            Lacking::Organization => {
                format!("All {places} places of one organization are taken by theirs")
            }
        }
    }
}

/// A capacity and how much of it is taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Limit {
    places: Option<i64>,
    taken: i64,
}

impl Limit {
    /// The places, when there is none left.
    fn used_up(self) -> Option<i64> {
        self.places.filter(|places| self.taken >= *places)
    }
}

/// The capacities of a consultation as they stand.
#[derive(Debug, Clone)]
pub struct Room {
    all: Limit,
    sectors: BTreeMap<SectorCode, Limit>,
    organization_places: Option<i64>,
    organizations: HashMap<OrganizationId, i64>,
}

/// How many places are taken, counted only as far as something limits them.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    /// By anybody.
    pub all: i64,
    /// By sector.
    pub sectors: Vec<(SectorCode, i64)>,
    /// By organization.
    pub organizations: Vec<(OrganizationId, i64)>,
}

impl Room {
    /// The capacities and what is taken of them.
    pub fn new(capacity: Option<i32>, rules: &Rules, taken: Taken) -> Self {
        let limit = |(sector, places): (&SectorCode, &i32)| {
            (*sector, Limit { places: Some(i64::from(*places)), taken: 0 })
        };
        let mut sectors: BTreeMap<SectorCode, Limit> =
            rules.sector_capacities.iter().map(limit).collect();
        for (sector, count) in taken.sectors {
            if let Some(limit) = sectors.get_mut(&sector) {
                limit.taken = count;
            }
        }
        Self {
            all: Limit { places: capacity.map(i64::from), taken: taken.all },
            sectors,
            organization_places: rules.organization_capacity.map(i64::from),
            organizations: taken.organizations.into_iter().collect(),
        }
    }

    /// The capacity that leaves no room for the registration; none when it can have a place.
    pub fn refuses(&self, one: &Registration) -> Option<Full> {
        let full = |lacking: Lacking| move |places: i64| Full { lacking, places };
        self.is_full()
            .or_else(|| {
                let sector = self.sectors.get(&one.sector)?;
                sector.used_up().map(full(Lacking::Sector))
            })
            .or_else(|| {
                let taken = *self.organizations.get(&one.organization_id?).unwrap_or(&0);
                let limit = Limit { places: self.organization_places, taken };
                limit.used_up().map(full(Lacking::Organization))
            })
    }

    /// Whether there is room for nobody at all.
    pub fn is_full(&self) -> Option<Full> {
        self.all.used_up().map(|places| Full { lacking: Lacking::Consultation, places })
    }

    /// Whether a sector or an organization has a limit of its own.
    pub fn is_limited(&self) -> bool {
        !self.sectors.is_empty() || self.organization_places.is_some()
    }

    /// It has a place from now on.
    pub fn take(&mut self, one: &Registration) {
        self.add(one, 1);
    }

    /// It has a place no longer.
    pub fn free(&mut self, one: &Registration) {
        self.add(one, -1);
    }

    fn add(&mut self, one: &Registration, places: i64) {
        self.all.taken += places;
        if let Some(sector) = self.sectors.get_mut(&one.sector) {
            sector.taken += places;
        }
        if let Some(organization) = one.organization_id {
            *self.organizations.entry(organization).or_default() += places;
        }
    }

    /// Every capacity that has fewer places than are taken: where the rule stands in the body that sets it, and why not.
    pub fn overdrawn(&self) -> Vec<(String, String)> {
        let told = |pointer: String, limit: Limit| {
            let places = limit.places.filter(|places| limit.taken > *places)?;
            let taken = limit.taken;
            Some((pointer, format!("{taken} places are taken: {places} would not be enough.")))
        };
        let mut found: Vec<(String, String)> = Vec::new();
        found.extend(told("/capacity".to_owned(), self.all));
        let sectors = self.sectors.iter();
        found
            .extend(sectors.filter_map(|(sector, limit)| {
                told(format!("/sector_capacities/{sector}"), *limit)
            }));
        let most = self.organizations.values().copied().max().unwrap_or(0);
        let limit = Limit { places: self.organization_places, taken: most };
        found.extend(told("/organization_capacity".to_owned(), limit));
        found
    }
}
