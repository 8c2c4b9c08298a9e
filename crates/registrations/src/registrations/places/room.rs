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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::db::types::Id;
    use crate::registrations::rules::Access;
    use crate::registrations::{RegistrationState, sample};

    fn sector(code: &str) -> SectorCode {
        code.parse().unwrap()
    }

    fn organization(number: u128) -> OrganizationId {
        Id::new(Uuid::from_u128(number))
    }

    /// Somebody of a sector, who comes for an organization or for themselves.
    fn of(code: &str, organization: Option<OrganizationId>) -> Registration {
        let country = "TH".parse().unwrap();
        let one = sample::registration(RegistrationState::Submitted, sector(code), country, None);
        Registration { organization_id: organization, ..one }
    }

    fn rules(sectors: &[(&str, i32)], organization_capacity: Option<i32>) -> Rules {
        Rules {
            access: Access::Open,
            sector_capacities: sectors.iter().map(|(code, most)| (sector(code), *most)).collect(),
            organization_capacity,
            ..Rules::defaults(Id::new(Uuid::nil()))
        }
    }

    fn taken(all: i64, sectors: &[(&str, i64)], organizations: &[(u128, i64)]) -> Taken {
        Taken {
            all,
            sectors: sectors.iter().map(|(code, count)| (sector(code), *count)).collect(),
            organizations: organizations
                .iter()
                .map(|(id, count)| (organization(*id), *count))
                .collect(),
        }
    }

    fn full(lacking: Lacking, places: i64) -> Option<Full> {
        Some(Full { lacking, places })
    }

    #[test]
    fn without_a_limit_there_is_room_for_everybody() {
        let room = Room::new(None, &rules(&[], None), taken(1_000_000, &[], &[]));
        assert!(!room.is_limited());
        assert_eq!((room.is_full(), room.refuses(&of("media", None))), (None, None));
        assert_eq!(room.overdrawn(), []);
    }

    #[test]
    fn the_last_place_is_had_and_the_next_is_not() {
        let mut room = Room::new(Some(2), &rules(&[], None), taken(1, &[], &[]));
        let one = of("media", None);
        assert_eq!(room.refuses(&one), None);
        room.take(&one);
        assert_eq!(room.refuses(&one), full(Lacking::Consultation, 2));
        assert_eq!(room.is_full(), full(Lacking::Consultation, 2));
        assert!(!room.is_limited(), "nobody is passed over for their sector or organization");
        assert_eq!(room.overdrawn(), [], "full is not too full");
        room.free(&one);
        assert_eq!((room.is_full(), room.refuses(&one)), (None, None));
    }

    #[test]
    fn a_sector_is_full_by_itself_and_one_without_a_limit_is_not() {
        let limits = rules(&[("media", 2), ("academia", 0)], None);
        let counted = taken(1, &[("media", 1), ("migrants", 40)], &[]);
        let mut room = Room::new(Some(10), &limits, counted);
        assert!(room.is_limited());
        room.take(&of("media", None));
        assert_eq!(room.refuses(&of("media", None)), full(Lacking::Sector, 2));
        assert_eq!(room.refuses(&of("academia", None)), full(Lacking::Sector, 0));
        assert_eq!(room.refuses(&of("migrants", None)), None);
        assert_eq!(room.is_full(), None);
        room.free(&of("media", None));
        assert_eq!(room.refuses(&of("media", None)), None);
    }

    #[test]
    fn an_organization_is_full_by_itself_and_who_comes_for_none_is_not() {
        let mut room = Room::new(Some(10), &rules(&[], Some(2)), taken(1, &[], &[(1, 1)]));
        assert!(room.is_limited());
        let (one, other) = (of("media", Some(organization(1))), of("media", Some(organization(2))));
        assert_eq!(room.refuses(&one), None);
        room.take(&one);
        assert_eq!(room.refuses(&one), full(Lacking::Organization, 2));
        assert_eq!((room.refuses(&other), room.refuses(&of("media", None))), (None, None));
        room.take(&other);
        room.take(&other);
        assert_eq!(room.refuses(&other), full(Lacking::Organization, 2));
        room.free(&one);
        assert_eq!(room.refuses(&one), None);
        let none = Room::new(None, &rules(&[], Some(0)), Taken::default());
        assert_eq!(none.refuses(&other), full(Lacking::Organization, 0));
        assert_eq!(none.refuses(&of("media", None)), None);
    }

    #[test]
    fn the_wider_limit_is_told_first() {
        let limits = rules(&[("media", 1)], Some(1));
        let one = of("media", Some(organization(1)));
        let room = |all, sector, own| {
            let counted = taken(all, &[("media", sector)], &[(1, own)]);
            Room::new(Some(1), &limits, counted).refuses(&one)
        };
        assert_eq!(room(1, 1, 1), full(Lacking::Consultation, 1));
        assert_eq!(room(0, 1, 1), full(Lacking::Sector, 1));
        assert_eq!(room(0, 0, 1), full(Lacking::Organization, 1));
        assert_eq!(room(0, 0, 0), None);
    }

    #[test]
    fn a_refusal_says_which_places_are_taken() {
        let one = of("media", None);
        for (lacking, words) in [
            (Lacking::Consultation, "All 20 places are taken"),
            (Lacking::Sector, "All 20 places of the sector media are taken"),
            (Lacking::Organization, "All 20 places of one organization are taken by theirs"),
        ] {
            assert_eq!(Full { lacking, places: 20 }.words(&one), words);
        }
    }

    #[test]
    fn what_has_fewer_places_than_are_taken_is_told_where_it_is_set() {
        let limits = rules(&[("academia", 3), ("media", 1)], Some(2));
        let counted = taken(9, &[("academia", 3), ("media", 2)], &[(1, 2), (2, 4), (3, 1)]);
        let found = Room::new(Some(8), &limits, counted.clone()).overdrawn();
        let told = |pointer: &str, taken: i64, places: i64| {
            let words = format!("{taken} places are taken: {places} would not be enough.");
            (pointer.to_owned(), words)
        };
        let expected = [
            told("/capacity", 9, 8),
            told("/sector_capacities/media", 2, 1),
            told("/organization_capacity", 4, 2),
        ];
        assert_eq!(found, expected);
        let enough = rules(&[("academia", 3), ("media", 2)], Some(4));
        assert_eq!(Room::new(Some(9), &enough, counted).overdrawn(), []);
    }

    proptest! {
        /// Rule 4: whoever is let in while nothing refuses them, no limit is ever passed.
        #[test]
        fn who_comes_while_there_is_room_overdraws_nothing(
            comers in prop::collection::vec((0_usize..3, 0_u128..4), 0..60),
            capacity in prop::option::of(0_i32..20), sector_capacity in 0_i32..8, own in prop::option::of(0_i32..5),
        ) {
            let codes = ["media", "academia", "migrants"];
            let limits = rules(&[("media", sector_capacity)], own);
            let mut room = Room::new(capacity, &limits, Taken::default());
            let mut inside: Vec<Registration> = Vec::new();
            for (code, from) in comers {
                let one = of(codes[code], (from > 0).then(|| organization(from)));
                if room.refuses(&one).is_none() {
                    room.take(&one);
                    inside.push(one);
                }
            }
            prop_assert_eq!(room.overdrawn(), []);
            let count = |fits: &dyn Fn(&Registration) -> bool| inside.iter().filter(|one| fits(one)).count();
            prop_assert!(capacity.is_none_or(|most| count(&|_| true) <= most as usize));
            prop_assert!(count(&|one| one.sector == sector("media")) <= sector_capacity as usize);
            for id in 1..4 {
                let of_it = count(&|one| one.organization_id == Some(organization(id)));
                prop_assert!(own.is_none_or(|most| of_it <= most as usize));
            }
        }
    }
}
