//! Who took part, in figures: counted exactly in [`Participation`] and told as [`Statistics`]. Pure: knows no table, no HTTP and
//! no clock.
//!
//! What is told is safe against who adds up, compares and asks again:
//! - Small figures are hidden with a cover ([`super::suppression`]); every breakdown is of the same people, and a missing
//!   answer is a figure like any other, so that none can be had from a total.
//! - A person counts in one figure of each breakdown. Languages are therefore those named first: figures of all languages
//!   overlap, and "everybody but one speaks English" would tell of that one.
//! - Countries are told inside subregions that are told, and there with a cover of their own.
//! - There are no filters, so that no two questions differ by one person.
//! - Who may not read registrations is told only the rounded number as long as places are given and freed: otherwise a
//!   figure that grows by one on the day somebody registers is that person ([`is_settled`]).
//! - A co-organizer knows its own organization's people: they cover nobody ([`Participation::released`]).
//! - An erased person's facts that could tell who it was leave their registration for counts that are linked to nothing
//!   ([`crate::registrations::privacy::severing::Severed`]), so that no figure changes by the erasure.

use super::Participation;
use super::suppression::{self, Figure};
use crate::consultations::{Activity, Phase};
use crate::reference::{CountryCode, Reference, SectorCode, SubregionCode};
use crate::registrations::{AgeBand, Gender, UN_ENTITY};
use crate::text_enum;

/// The number of participants is told to the nearest of this.
pub const ROUNDING: u32 = 5;
/// From how many on a report rounds their number ("about 80"): "about seven" would say less than is known of so few.
pub const ROUNDED_FROM: u32 = 20;
/// What women and men must each reach among those who answered, in per cent, for a gender balance to be reported.
const BALANCED: u32 = 40;

/// The rule of rounding, as it is told beside the figures. The reference report says "about 80" of those who attended and
/// gives no rule; registrations and attendance are never exact to the person (people come late, share a screen, leave), and
/// a number of two digits ending in 0 or 5 is what a reader takes "about" to mean. A paper's table of participation gives
/// the counted number: it compares consultations, and "about" would hide differences.
pub const ROUNDING_RULE: &str = "From 20 on, the number of participants is told to the nearest five (78 and 82 are both \
    “about 80”); from 5 to 19 a report tells it as it is; below that only that there were fewer than five. Rounded figures \
    are never added up. The table of a conference room paper gives the number as it was counted.";

text_enum! {
    /// Who is counted as a participant.
    pub enum Basis {
        /// Those with a place: attendance was not recorded.
        Registered => "registered",
        /// Those who came, registered or not.
        Attended => "attended",
    }
}

impl Participation {
    /// The rounded number alone, as long as the rest would tell who comes and goes.
    pub fn rounded(&self) -> Statistics {
        let said = Said::About(about(self.participants));
        Statistics { said, ..self.without_breakdown(Withheld::NotSettled) }
    }

    fn without_breakdown(&self, why: Withheld) -> Statistics {
        Statistics {
            basis: self.basis(),
            about: about(self.participants),
            registered_about: about(self.registered),
            said: Said::of(self.participants),
            breakdown: Err(why),
        }
    }

    /// What may be told, to a reader who knows these people by name anyway (nobody: the default).
    pub fn released(&self, smallest_cell: i64, known: &Self) -> Statistics {
        let smallest = u32::try_from(smallest_cell).unwrap_or(u32::MAX);
        let others = self.participants.saturating_sub(known.participants);
        if (1..smallest).contains(&others) {
            return Statistics {
                said: Said::few(self.participants, smallest),
                ..self.without_breakdown(Withheld::TooFew)
            };
        }
        let telling = Telling { exact: self, known, smallest };
        Statistics {
            breakdown: Ok(telling.breakdown()),
            ..self.without_breakdown(Withheld::TooFew)
        }
    }
}

/// Whether nobody gets or loses a place any more, so that the same people are counted whenever it is asked.
pub fn is_settled(phase: Phase) -> bool {
    phase > Phase::Planning && !Activity::DecideRegistrations.phases().contains(&phase)
}

/// To the nearest five; never zero for somebody.
pub fn about(people: u32) -> u32 {
    match people {
        0 => 0,
        some => ((some + ROUNDING / 2) / ROUNDING * ROUNDING).max(ROUNDING),
    }
}

/// How running text gives the number ([`ROUNDING_RULE`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// "Fewer than five".
    FewerThan(u32),
    /// "Seven".
    Exactly(u32),
    /// "About 80".
    About(u32),
}

impl Said {
    fn of(people: u32) -> Self {
        match people {
            few if few < ROUNDED_FROM => Self::Exactly(few),
            many => Self::About(about(many)),
        }
    }

    fn few(people: u32, smallest: u32) -> Self {
        if people < smallest { Self::FewerThan(smallest) } else { Self::of(people) }
    }
}

/// Why there are no figures but the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withheld {
    /// There are so few participants that any other figure would tell of somebody.
    TooFew,
    /// Places are still given and freed: a figure that changes would tell whose it is.
    NotSettled,
}

/// One figure of a breakdown; without a count when it is suppressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell<K> {
    /// What is counted.
    pub key: K,
    /// How many, unless suppressed.
    pub count: Option<u32>,
}

/// A breakdown as it may be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table<K> {
    /// Its figures, those of nobody among them; without a count all of them when the table is withheld.
    pub cells: Vec<Cell<K>>,
    /// Whether not even which figures are there may be told.
    pub withheld: bool,
    bounds: Vec<(u32, u32)>,
}

impl<K: PartialEq> Table<K> {
    /// The figure, unless it is suppressed. Nobody for a key that is not there.
    pub fn count(&self, key: &K) -> Option<u32> {
        match self.cells.iter().find(|cell| cell.key == *key) {
            Some(cell) => cell.count,
            None => (!self.withheld).then_some(0),
        }
    }

    /// The keys that have somebody; none when that must not be told.
    pub fn present(&self) -> impl Iterator<Item = &K> {
        let there = |cell: &&Cell<K>| !self.withheld && cell.count != Some(0);
        self.cells.iter().filter(there).map(|cell| &cell.key)
    }

    /// Between what it lies for who knows everything that is told.
    fn bounds(&self, key: &K) -> Option<(u32, u32)> {
        let at = self.cells.iter().position(|cell| cell.key == *key)?;
        self.bounds.get(at).copied()
    }
}

/// The breakdowns of participation as they may be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breakdown {
    /// The same figure as that of the sector `un_entity`.
    pub un_representatives: Option<u32>,
    /// All others.
    pub stakeholders: Option<u32>,
    /// From how many organizations.
    pub organizations: u32,
    /// From how many countries.
    pub countries: u32,
    /// By sector.
    pub sectors: Table<SectorCode>,
    /// By gender; no key for those who did not say.
    pub genders: Table<Option<Gender>>,
    /// By age; no key for those who did not say.
    pub ages: Table<Option<AgeBand>>,
    /// By the language named first; no key for those who named none.
    pub languages: Table<Option<String>>,
    /// By subregion; no key for those from outside of all.
    pub subregions: Table<Option<SubregionCode>>,
    /// Subregions somebody came from; none when that must not be told.
    pub subregions_present: Option<Vec<SubregionCode>>,
    /// Countries whose figure may be told.
    pub by_country: Vec<(CountryCode, u32)>,
    /// With and without registration; only when attendance was recorded.
    pub attendance: Option<Table<bool>>,
    /// Whether women and men were there in balanced numbers, for certain from what is told.
    pub balanced: bool,
}

/// What may be told about participation. See [`Participation::released`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistics {
    /// Who is counted.
    pub basis: Basis,
    /// Participants, to the nearest five.
    pub about: u32,
    /// Confirmed registrations, to the nearest five.
    pub registered_about: u32,
    /// How running text gives the number of participants.
    pub said: Said,
    /// Everything else, or why it is not told.
    pub breakdown: Result<Breakdown, Withheld>,
}

/// Exact figures on their way to be told to a reader who knows some of the people.
struct Telling<'p> {
    exact: &'p Participation,
    known: &'p Participation,
    smallest: u32,
}

impl Telling<'_> {
    fn breakdown(&self) -> Breakdown {
        let exact = self.exact;
        let sectors = self.sectors();
        let un = Reference::get().sectors.iter().find(|one| one.code.as_str() == UN_ENTITY);
        let un_representatives = un.and_then(|sector| sectors.count(&sector.code));
        let genders = self.genders();
        let subregions = self.subregions();
        let attendance = exact.unregistered.map(|unregistered| {
            let known = self.known.unregistered.unwrap_or(0);
            let came = |all: u32, unregistered: u32| all.saturating_sub(unregistered);
            let registered = Figure {
                people: came(exact.participants, unregistered),
                known: came(self.known.participants, known),
            };
            self.table(vec![(true, registered), (false, Figure { people: unregistered, known })])
        });
        Breakdown {
            un_representatives,
            stakeholders: un_representatives.map(|un| exact.participants.saturating_sub(un)),
            organizations: exact.organizations,
            countries: exact.countries.len() as u32,
            balanced: self.is_balanced(&genders),
            ages: self.with_missing(AgeBand::ALL.to_vec(), |of, key| of.ages.get(key).copied()),
            languages: self.with_missing(exact.languages.keys().cloned().collect(), |of, key| {
                of.languages.get(key).copied()
            }),
            by_country: self.countries(&subregions),
            subregions_present: (!subregions.withheld).then(|| exact.subregions_present.clone()),
            sectors,
            genders,
            subregions,
            attendance,
        }
    }

    fn table<K>(&self, rows: Vec<(K, Figure)>) -> Table<K> {
        let (keys, figures): (Vec<K>, Vec<Figure>) = rows.into_iter().unzip();
        match suppression::released(&figures, self.smallest) {
            Some(told) => {
                let cells = keys.into_iter().zip(told.figures);
                let cells = cells.map(|(key, count)| Cell { key, count }).collect();
                Table { cells, withheld: false, bounds: told.bounds }
            }
            None => {
                let cells = keys.into_iter().map(|key| Cell { key, count: None }).collect();
                Table { cells, withheld: true, bounds: Vec::new() }
            }
        }
    }

    /// A table of these keys, and of those who are in none.
    fn with_missing<K: Clone>(
        &self,
        keys: Vec<K>,
        count: impl Fn(&Participation, &K) -> Option<u32>,
    ) -> Table<Option<K>> {
        let figure = |key: &K| Figure {
            people: count(self.exact, key).unwrap_or(0),
            known: count(self.known, key).unwrap_or(0),
        };
        let mut rows: Vec<(Option<K>, Figure)> =
            keys.into_iter().map(|key| (Some(key.clone()), figure(&key))).collect();
        let (people, known) = rows.iter().fold((0, 0), |(people, known), (_, figure)| {
            (people + figure.people, known + figure.known)
        });
        let missing = Figure {
            people: self.exact.participants.saturating_sub(people),
            known: self.known.participants.saturating_sub(known),
        };
        rows.push((None, missing));
        self.table(rows)
    }

    /// All sectors. Those who did not register have none: they are a figure as well, though it is not told here.
    fn sectors(&self) -> Table<SectorCode> {
        let keys = Reference::get().sectors.iter().map(|sector| sector.code).collect();
        let count = |of: &Participation, key: &SectorCode| {
            of.sectors.iter().find(|(code, _)| code == key).map(|(_, people)| *people)
        };
        let Table { cells, withheld, bounds } = self.with_missing(keys, count);
        let cells =
            cells.into_iter().filter_map(|Cell { key, count }| Some(Cell { key: key?, count }));
        Table { cells: cells.collect(), withheld, bounds }
    }

    fn genders(&self) -> Table<Option<Gender>> {
        self.with_missing(Gender::ALL.to_vec(), |of, gender| {
            Some(match gender {
                Gender::Woman => of.women,
                Gender::Man => of.men,
                Gender::Another => of.another,
            })
        })
    }

    fn subregions(&self) -> Table<Option<SubregionCode>> {
        let keys = Reference::get().subregions.iter().map(|subregion| subregion.code).collect();
        self.with_missing(keys, |of, key| {
            of.subregions.iter().find(|(code, _)| code == key).map(|(_, people)| *people)
        })
    }

    /// Countries with a figure that may be told: only those of subregions with one, and there by the same rule.
    fn countries(&self, subregions: &Table<Option<SubregionCode>>) -> Vec<(CountryCode, u32)> {
        let reference = Reference::get();
        let people = |of: &Participation, code: &CountryCode| of.by_country.get(code).copied();
        let mut told = Vec::new();
        for cell in subregions.cells.iter().filter(|cell| cell.count.is_some()) {
            let inside =
                reference.countries.iter().map(|country| country.code).filter(|code| {
                    reference.subregion_of(*code).map(|found| found.code) == cell.key
                });
            let figure = |code: CountryCode| Figure {
                people: people(self.exact, &code).unwrap_or(0),
                known: people(self.known, &code).unwrap_or(0),
            };
            let table = self.table(inside.map(|code| (code, figure(code))).collect());
            let cells = table.cells.into_iter();
            told.extend(cells.filter_map(|cell| Some((cell.key, cell.count.filter(|&n| n > 0)?))));
        }
        told.sort();
        told
    }

    /// Women and men each reach two fifths of those who answered, and at least half answered: whatever the suppressed
    /// figures are. Were it said of the exact ones, its absence could tell them.
    fn is_balanced(&self, genders: &Table<Option<Gender>>) -> bool {
        let bounds = |key| genders.bounds(&key);
        let (Some(women), Some(men), Some(missing)) =
            (bounds(Some(Gender::Woman)), bounds(Some(Gender::Man)), bounds(None))
        else {
            return false;
        };
        let people = self.exact.participants;
        let most_answers = people.saturating_sub(missing.0);
        let fewest_answers = people.saturating_sub(missing.1);
        let reaches = |least: u32| least * 100 >= most_answers * BALANCED;
        fewest_answers > 0 && fewest_answers * 2 >= people && reaches(women.0) && reaches(men.0)
    }
}
