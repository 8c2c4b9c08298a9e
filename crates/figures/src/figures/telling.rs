//! What a release tells: each table merged by itself, beside what was told before. Pure.
//!
//! - Several one-way tables of the same people share nothing but their total, and any tables with one total fit together. So
//!   tables that are safe each by itself are safe together, as long as none breaks down a category of another. The one that does
//!   (countries) is told within a subregion that is told, merged there by the same rule, and nowhere else.
//! - Two releases can be subtracted. A number is therefore told anew only when it has moved by five or more from every time
//!   that it was told; else it stands as it was told, and whoever compares learns that it moved by four at most, up or down, or
//!   not at all. A table is told anew as a whole: when the number of people is, and each part of it that both tellings
//!   tell (the categories told in both, and all others together) has moved by five or more. Else it stands as a whole.
//! - The number of countries is told within the bounds that leave every category its five values, and as "or more" where it
//!   reaches the upper one; where it does not exceed the lower one it is not told. The bounds hang on nothing but what is told.

use std::collections::BTreeMap;

use super::categories::{self, Counted, SMALLEST};
use super::rounding::{ROUNDING, about};
use super::{
    Basis, Breakdown, Countries, GroupSize, Participation, People, ReleaseOccasion, RoundOfGroups,
    Row, Table, Told,
};
use crate::consultations::{RoundId, WorkingGroupId};
use crate::reference::{CountryCode, Reference, SubregionCode};
use crate::registrations::{AgeBand, Gender};

/// The category of those who come from outside the region, or of whom it is not known.
pub const ELSEWHERE: &str = "elsewhere";
/// The category of those who did not say.
pub const NOT_STATED: &str = "not_stated";
/// The category of those who are neither, or did not say: apart they would mostly be too few to tell anything of gender.
pub const ANOTHER_OR_NOT_STATED: &str = "another_or_not_stated";
/// Languages that there could be besides those that somebody named: there are many more, and the rule needs no more.
const UNSEEN_LANGUAGES: u32 = 100;

/// What is told of these people on this occasion, after what was told `earlier`, in order. `known` are the people whom each
/// co-organizer sees by name.
pub fn tell(
    exact: &Participation,
    known: &[Participation],
    occasion: ReleaseOccasion,
    earlier: &[&Told],
) -> Told {
    Telling { exact, known, occasion, basis: exact.basis(), earlier }.told()
}

struct Telling<'t> {
    exact: &'t Participation,
    known: &'t [Participation],
    occasion: ReleaseOccasion,
    basis: Basis,
    earlier: &'t [&'t Told],
}

/// The categories of a table before it is merged.
struct Column {
    by: Breakdown,
    within: Option<String>,
    keys: Vec<String>,
    /// The last key is of those who are in none of the others, and never told by itself.
    last_is_unknown: bool,
    unseen: u32,
    people: Vec<u32>,
    known: Vec<Vec<u32>>,
}

impl Telling<'_> {
    fn told(&self) -> Told {
        let known = self.known.iter().map(|people| people.participants);
        let all = self.exact.participants;
        let number = categories::is_tellable(all, known).then_some(all);
        let last = self.earlier.last();
        if let Some(last) = last.filter(|_| !self.has_moved(number)) {
            return (*last).clone();
        }
        let people = People { as_of: self.occasion, basis: self.basis, number };
        if number.is_none() {
            let tables = last.map(|last| last.tables.clone()).unwrap_or_default();
            return Told { people, countries: None, tables, rounds: Vec::new() };
        }
        let subregions = self.anew(&self.subregions());
        let regional = self.told_or_as_before(Breakdown::Subregion, None, subregions.clone());
        let mut tables: Vec<Table> = self.told_by(self.sectors()).into_iter().collect();
        tables.extend(regional.clone());
        let mut pools = Vec::new();
        for row in regional.iter().flat_map(|table| &table.rows) {
            let Ok(subregion) = row.key.parse() else { continue };
            let column = self.countries(subregion);
            let anew = subregions.as_ref().and_then(|_| self.anew(&column));
            pools.push(Pool::of(&column, anew.as_ref()));
            tables.extend(self.told_or_as_before(Breakdown::Country, Some(&row.key), anew));
        }
        let pools = match &subregions {
            Some(table) => {
                pools.push(self.pool_outside(table));
                pools
            }
            None => vec![self.pool_of_all()],
        };
        let further = [self.genders(), self.ages(), self.languages()].into_iter();
        tables.extend(further.filter_map(|column| self.told_by(column)));
        Told { people, countries: self.number_of_countries(&pools), tables, rounds: self.rounds() }
    }

    /// Whether the number of people is so far from every one that was told that nobody can work out fewer than five. That there
    /// are few tells no number.
    fn has_moved(&self, number: Option<u32>) -> bool {
        let mut before = self.earlier.iter().filter_map(|told| told.people.number);
        number.is_none_or(|number| before.all(|before| number.abs_diff(before) >= SMALLEST))
    }

    fn told_by(&self, column: Column) -> Option<Table> {
        let anew = self.anew(&column);
        self.told_or_as_before(column.by, column.within.as_deref(), anew)
    }

    fn told_or_as_before(
        &self,
        by: Breakdown,
        within: Option<&str>,
        anew: Option<Table>,
    ) -> Option<Table> {
        let before = || self.earlier.iter().rev().find_map(|told| told.table_within(by, within));
        anew.or_else(|| before().cloned())
    }

    /// The table, merged; none when it must not be told, or not again.
    fn anew(&self, column: &Column) -> Option<Table> {
        let told = categories::told(&Counted {
            people: &column.people,
            never: column.last_is_unknown.then(|| column.keys.len() - 1),
            unseen: column.unseen,
            known: &column.known,
        });
        let mut table = Table {
            by: column.by,
            within: column.within.clone(),
            as_of: self.occasion,
            basis: self.basis,
            rows: Vec::new(),
            other: 0,
        };
        for ((key, people), told) in column.keys.iter().zip(&column.people).zip(told) {
            if told {
                table.rows.push(Row { key: key.clone(), people: *people });
            } else {
                table.other += people;
            }
        }
        let within = column.within.as_deref();
        let mut before =
            self.earlier.iter().filter_map(|told| told.table_within(column.by, within));
        (!table.rows.is_empty() && before.all(|before| have_moved(before, &table))).then_some(table)
    }

    fn column(
        &self,
        by: Breakdown,
        keys: Vec<String>,
        last: Option<&str>,
        count: impl Fn(&Participation, &str) -> u32,
    ) -> Column {
        let counts = |of: &Participation| {
            let mut counts: Vec<u32> = keys.iter().map(|key| count(of, key)).collect();
            counts.push(of.participants.saturating_sub(counts.iter().sum()));
            counts
        };
        let (people, known) = (counts(self.exact), self.known.iter().map(counts).collect());
        let last_is_unknown = last.is_none();
        let keys = keys.iter().cloned().chain([last.unwrap_or_default().to_owned()]).collect();
        Column { by, within: None, keys, last_is_unknown, unseen: 0, people, known }
    }

    fn sectors(&self) -> Column {
        let keys = Reference::get().sectors.iter().map(|sector| sector.code.to_string()).collect();
        self.column(Breakdown::Sector, keys, None, |of, key| {
            key.parse().ok().and_then(|code| of.sectors.get(&code)).copied().unwrap_or(0)
        })
    }

    fn genders(&self) -> Column {
        let keys = [Gender::Woman, Gender::Man].map(|gender| gender.to_string()).to_vec();
        self.column(Breakdown::Gender, keys, Some(ANOTHER_OR_NOT_STATED), |of, key| {
            key.parse().ok().and_then(|gender| of.genders.get(&gender)).copied().unwrap_or(0)
        })
    }

    fn ages(&self) -> Column {
        let keys = AgeBand::ALL.iter().map(ToString::to_string).collect();
        self.column(Breakdown::AgeBand, keys, Some(NOT_STATED), |of, key| {
            key.parse().ok().and_then(|age| of.ages.get(&age)).copied().unwrap_or(0)
        })
    }

    fn languages(&self) -> Column {
        let keys = self.exact.languages.keys().cloned().collect();
        let column = self.column(Breakdown::Language, keys, Some(NOT_STATED), |of, key| {
            of.languages.get(key).copied().unwrap_or(0)
        });
        Column { unseen: UNSEEN_LANGUAGES, ..column }
    }

    fn subregions(&self) -> Column {
        let reference = Reference::get();
        let keys = reference.subregions.iter().map(|one| one.code.to_string()).collect();
        self.column(Breakdown::Subregion, keys, Some(ELSEWHERE), |of, key| {
            let inside = of.countries.iter().filter(|(country, _)| {
                reference.subregion_of(**country).is_some_and(|found| found.code.as_str() == key)
            });
            inside.map(|(_, people)| people).sum()
        })
    }

    /// The countries of a subregion: everybody in it is in one of them.
    fn countries(&self, subregion: SubregionCode) -> Column {
        let reference = Reference::get();
        let all = reference.countries.iter().map(|country| country.code);
        let inside: Vec<_> = all
            .filter(|code| {
                reference.subregion_of(*code).is_some_and(|found| found.code == subregion)
            })
            .collect();
        let counts = |of: &Participation| {
            inside.iter().map(|code| of.countries.get(code).copied().unwrap_or(0)).collect()
        };
        Column {
            by: Breakdown::Country,
            within: Some(subregion.to_string()),
            keys: inside.iter().map(ToString::to_string).collect(),
            last_is_unknown: false,
            unseen: 0,
            people: counts(self.exact),
            known: self.known.iter().map(counts).collect(),
        }
    }

    /// The working groups of each round, each to the nearest five: five values stay possible of each, and which it is cannot be had from
    /// the number of all, since of those without a group eight or more values do. A group is left out until that holds: one of
    /// its hosts knows its size.
    fn rounds(&self) -> Vec<RoundOfGroups> {
        let of_round = |(round, groups): (&RoundId, &BTreeMap<WorkingGroupId, u32>)| {
            let large = groups.iter().filter(|(_, people)| **people >= SMALLEST);
            let size = |(group, people): (&WorkingGroupId, &u32)| GroupSize {
                working_group_id: *group,
                about: about(*people),
            };
            let mut told: Vec<GroupSize> = large.map(size).collect();
            let least = |told: &[GroupSize]| -> u32 {
                told.iter().map(|one| (one.about - ROUNDING / 2).max(SMALLEST)).sum()
            };
            while least(&told) + 2 * (SMALLEST - 1) > self.exact.participants {
                let smallest = told.iter().enumerate().min_by_key(|(_, one)| one.about);
                let Some((smallest, _)) = smallest else { break };
                told.remove(smallest);
            }
            RoundOfGroups { round_id: *round, as_of: self.occasion, groups: told }
        };
        self.exact.groups.iter().map(of_round).collect()
    }

    /// The countries of the subregions that are not told, and those of no subregion.
    fn pool_outside(&self, told: &Table) -> Pool {
        let reference = Reference::get();
        let is_outside = |code: CountryCode| {
            let subregion = reference.subregion_of(code).map(|found| found.code);
            let key = subregion.as_ref().map_or(ELSEWHERE, SubregionCode::as_str);
            key == ELSEWHERE || !told.rows.iter().any(|row| row.key == key)
        };
        let categories = reference.countries.iter().filter(|country| is_outside(country.code));
        let known = self.known.iter().map(|people| {
            let outside = people.countries.iter().filter(|(code, _)| is_outside(**code));
            outside.map(|(_, people)| people).sum()
        });
        Pool {
            people: told.other + told.people_of(ELSEWHERE).unwrap_or(0),
            known: known.max().unwrap_or(0),
            categories: categories.count() as u32,
            least: 2,
            told: 0,
        }
    }

    fn pool_of_all(&self) -> Pool {
        let known = self.known.iter().map(|people| people.participants);
        Pool {
            people: self.exact.participants,
            known: known.max().unwrap_or(0),
            categories: Reference::get().countries.len() as u32,
            least: 2,
            told: 0,
        }
    }

    fn number_of_countries(&self, pools: &[Pool]) -> Option<Countries> {
        let pools: Vec<&Pool> = pools.iter().filter(|pool| pool.people > 0).collect();
        let (mut least, mut most) = (0, 0);
        for pool in pools {
            let (from, to) = pool.bounds()?;
            (least, most) = (least + from + pool.told, most + to + pool.told);
        }
        let number = self.exact.countries.values().filter(|people| **people > 0).count() as u32;
        match number {
            few if few <= least => None,
            some if some < most => Some(Countries { number: some, or_more: false }),
            _ => Some(Countries { number: most, or_more: true }),
        }
    }
}

/// Whether each part that both tables tell has moved by five or more: the categories told in both, and all others together.
fn have_moved(before: &Table, after: &Table) -> bool {
    let (mut rest_before, mut rest_after) = (before.people(), after.people());
    for row in &after.rows {
        let Some(people) = before.people_of(&row.key) else { continue };
        if people.abs_diff(row.people) < SMALLEST {
            return false;
        }
        (rest_before, rest_after) = (rest_before - people, rest_after - row.people);
    }
    (rest_before, rest_after) == (0, 0) || rest_before.abs_diff(rest_after) >= SMALLEST
}

/// Countries that are not told by themselves, of which only the sum is: and countries beside them that are.
struct Pool {
    people: u32,
    /// How many of them the reader who sees most of them by name sees.
    known: u32,
    categories: u32,
    /// Of how many countries the people can at least be, so that each could still have one.
    least: u32,
    told: u32,
}

impl Pool {
    fn of(column: &Column, table: Option<&Table>) -> Self {
        let is_told = |key: &String| table.is_some_and(|table| table.people_of(key).is_some());
        let hidden: Vec<usize> =
            (0..column.keys.len()).filter(|at| !is_told(&column.keys[*at])).collect();
        let sum = |of: &Vec<u32>| -> u32 { hidden.iter().map(|at| of[*at]).sum() };
        let people = sum(&column.people);
        // As far as a reader can tell, none of them has more than four where some are told.
        let least = table.map_or(2, |_| (people + SMALLEST - 2).div_ceil(SMALLEST - 1).max(2));
        Self {
            people,
            known: column.known.iter().map(sum).max().unwrap_or(0),
            categories: hidden.len() as u32,
            least,
            told: (column.keys.len() - hidden.len()) as u32,
        }
    }

    /// How many of its countries somebody may be known to come from, so that each can have nobody and up to four people.
    fn bounds(&self) -> Option<(u32, u32)> {
        let spare = self.people.saturating_sub(self.known).saturating_sub(SMALLEST - 2);
        let most = spare.min(self.categories.saturating_sub(1));
        (self.least <= most).then_some((self.least, most))
    }
}
