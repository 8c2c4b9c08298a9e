//! Exhaustive search: all plans of a small instance, and what each costs by the words of the rules. Slow and simple on purpose; it
//! must share no code with the solver but the types.

use std::collections::BTreeMap;

use super::super::{Instance, Person, Placement};
use uuid::Uuid;

/// The best plan there is.
pub(crate) struct Best {
    pub(crate) value: i64,
    /// The fewest points of broken rules that any plan has.
    pub(crate) least_hard: i64,
}

struct Rules<'i> {
    instance: &'i Instance,
    /// By person and round: where they can be; none: absent.
    allowed: Vec<Vec<Option<Vec<usize>>>>,
    pinned: Vec<Vec<Option<usize>>>,
    max: Vec<Vec<i64>>,
    min: Vec<Vec<i64>>,
    /// Those who go together in a round, where that is possible.
    together: Vec<(usize, Vec<usize>)>,
}

type Places = Vec<Vec<Option<usize>>>;

pub(crate) fn best(instance: &Instance) -> Best {
    let rules = Rules::new(instance);
    let (people, rounds) = (instance.people.len(), instance.rounds.len());
    let mut places = vec![vec![None; rounds]; people];
    let mut best = Best { value: i64::MAX, least_hard: i64::MAX };
    rules.try_all(&mut places, 0, &mut best);
    best
}

pub(super) fn value(instance: &Instance, placements: &[Placement]) -> i64 {
    let rules = Rules::new(instance);
    let mut places = vec![vec![None; instance.rounds.len()]; instance.people.len()];
    for one in placements {
        let person = instance.people.iter().position(|person| person.id == one.person);
        let round = instance.rounds.iter().position(|round| round.id == one.round);
        let group = instance.groups.iter().position(|group| group.id == one.group);
        places[person.expect("known")][round.expect("known")] = group;
    }
    let (soft, hard) = rules.value(&places);
    soft + hard
}

impl<'i> Rules<'i> {
    fn new(instance: &'i Instance) -> Self {
        let mut rules = Self {
            instance,
            allowed: Vec::new(),
            pinned: Vec::new(),
            max: Vec::new(),
            min: Vec::new(),
            together: Vec::new(),
        };
        for person in &instance.people {
            let pins: Vec<Option<usize>> =
                instance.rounds.iter().map(|round| rules.pin(person, round.id)).collect();
            let allowed = instance
                .rounds
                .iter()
                .zip(&pins)
                .map(|(round, pin)| rules.options(person, round.id, *pin));
            let allowed = allowed.collect();
            rules.allowed.push(allowed);
            rules.pinned.push(pins);
        }
        for (at, round) in instance.rounds.iter().enumerate() {
            let limits = instance.groups.iter().enumerate().map(|(row, group)| {
                let own = group.limits.iter().find(|limit| limit.round == round.id);
                let (min, max) = own.map_or((group.min, group.max), |own| (own.min, own.max));
                let pinned = rules.pinned.iter().filter(|pins| pins[at] == Some(row)).count();
                (min.min(max) as i64, max.max(pinned) as i64)
            });
            let (min, max) = limits.unzip();
            rules.min.push(min);
            rules.max.push(max);
        }
        for set in &instance.together {
            for round in 0..instance.rounds.len() {
                rules.add_together(set, round);
            }
        }
        rules
    }

    fn pin(&self, person: &Person, round: Uuid) -> Option<usize> {
        let pins = person.pinned.iter().filter(|pin| pin.round.is_none_or(|only| only == round));
        let there = person.rounds.as_ref().is_none_or(|rounds| rounds.contains(&round));
        let group = pins.map(|pin| pin.group).next().filter(|_| there)?;
        self.instance.groups.iter().position(|one| one.id == group)
    }

    fn options(&self, person: &Person, round: Uuid, pin: Option<usize>) -> Option<Vec<usize>> {
        if person.rounds.as_ref().is_some_and(|rounds| !rounds.contains(&round)) {
            return None;
        }
        if let Some(pin) = pin {
            return Some(vec![pin]);
        }
        let speaks = |row: &usize| {
            let group = &self.instance.groups[*row];
            person.languages.is_empty()
                || group.languages.is_empty()
                || person.languages.iter().any(|one| group.languages.contains(one))
        };
        Some((0..self.instance.groups.len()).filter(speaks).collect())
    }

    fn add_together(&mut self, set: &[Uuid], round: usize) {
        let people = self.instance.people.iter().enumerate();
        let members: Vec<usize> = people
            .filter(|(_, person)| set.contains(&person.id))
            .map(|(row, _)| row)
            .filter(|&row| self.allowed[row][round].as_ref().is_some_and(|some| !some.is_empty()))
            .collect();
        if members.len() < 2 {
            return;
        }
        let unpinned = members.iter().filter(|&&row| self.pinned[row][round].is_none()).count();
        let works = |group: &usize| {
            let pinned = self.pinned.iter().filter(|pins| pins[round] == Some(*group)).count();
            let all = members.iter().all(|&row| {
                self.allowed[row][round].as_ref().is_some_and(|some| some.contains(group))
            });
            all && self.max[round][*group] >= (pinned + unpinned) as i64
        };
        if (0..self.instance.groups.len()).any(|group| works(&group)) {
            self.together.push((round, members));
        }
    }

    fn try_all(&self, places: &mut Places, at: usize, best: &mut Best) {
        let (people, rounds) = (self.instance.people.len(), self.instance.rounds.len());
        if at == people * rounds {
            let too_full = (0..rounds).any(|round| {
                (0..self.instance.groups.len())
                    .any(|group| size(places, round, group) > self.max[round][group])
            });
            if !too_full {
                let (soft, hard) = self.value(places);
                best.value = best.value.min(soft + hard);
                best.least_hard = best.least_hard.min(hard);
            }
            return;
        }
        let (person, round) = (at / rounds, at % rounds);
        let options = self.allowed[person][round].clone().unwrap_or_default();
        for group in options {
            if size(places, round, group) < self.max[round][group] {
                places[person][round] = Some(group);
                self.try_all(places, at + 1, best);
                places[person][round] = None;
            }
        }
        if self.pinned[person][round].is_none() {
            self.try_all(places, at + 1, best);
        }
    }

    /// Soft and hard points.
    fn value(&self, places: &Places) -> (i64, i64) {
        let weights = self.instance.weights_in_force();
        let (mut soft, mut hard) = (0, 0);
        let rounds = self.instance.rounds.len();
        for (person, own) in places.iter().enumerate() {
            for (round, group) in own.iter().enumerate() {
                let (one_soft, one_hard) = self.place(person, round, *group);
                soft += one_soft;
                hard += one_hard;
            }
            for group in 0..self.instance.groups.len() {
                let visits = own.iter().filter(|at| **at == Some(group)).count();
                let pins = self.pinned[person].iter().filter(|pin| **pin == Some(group)).count();
                hard += weights.repeat * visits.saturating_sub(pins.max(1)) as i64;
            }
        }
        for round in 0..rounds {
            let (round_soft, round_hard) = self.round(round, places);
            soft += round_soft;
            hard += round_hard;
        }
        for (round, members) in &self.together {
            let mut groups: Vec<Option<usize>> =
                members.iter().map(|&person| places[person][*round]).collect();
            groups.sort();
            groups.dedup();
            let all = weights.repeat + weights.apart + weights.below_minimum + weights.unassigned;
            let seats = (self.instance.people.len() * rounds) as i64;
            hard += (groups.len() as i64 - 1) * (seats + 1) * 2 * all;
        }
        (soft, hard)
    }

    fn place(&self, person: usize, round: usize, group: Option<usize>) -> (i64, i64) {
        let weights = self.instance.weights_in_force();
        let Some(allowed) = &self.allowed[person][round] else { return (0, 0) };
        let of = &self.instance.people[person];
        let mut before: Vec<Placement> = self.instance.previous.clone();
        before.sort();
        let id = self.instance.rounds[round].id;
        let before = before.iter().find(|one| one.person == of.id && one.round == id);
        let before = before
            .and_then(|one| self.instance.groups.iter().position(|group| group.id == one.group))
            .filter(|group| allowed.contains(group));
        let changed = before.is_some() && before != group;
        let mut soft = if changed { weights.stability } else { 0 };
        let Some(group) = group else { return (soft, weights.unassigned) };
        if self.pinned[person][round].is_none() && !of.preferences.is_empty() {
            let id = self.instance.groups[group].id;
            let rank = of.preferences.iter().position(|one| *one == id);
            let rank = rank.unwrap_or(of.preferences.len());
            soft += weights.preference[rank.min(weights.preference.len() - 1)];
        }
        (soft, 0)
    }

    fn round(&self, round: usize, places: &Places) -> (i64, i64) {
        let weights = self.instance.weights_in_force();
        let groups = self.instance.groups.len();
        let there: Vec<usize> = (0..self.instance.people.len())
            .filter(|&row| self.allowed[row][round].as_ref().is_some_and(|some| !some.is_empty()))
            .collect();
        let (low, high, all) = self.even(round, there.len() as i64);
        let (mut soft, mut hard) = (0, 0);
        for group in 0..groups {
            let size = size(places, round, group);
            hard += weights.below_minimum * (self.min[round][group] - size).max(0);
            soft += weights.size * outside(size, low[group], high[group]);
        }
        let least: i64 = low.iter().sum();
        let spread: i64 = high.iter().sum::<i64>() - least;
        type ValueOf = fn(&Person) -> String;
        let aspects: [(ValueOf, i64); 3] = [
            (|person| person.sector.clone(), weights.sector),
            (|person| person.subregion.clone(), weights.subregion),
            (|person| person.gender.clone(), weights.gender),
        ];
        for (number, (value_of, weight)) in aspects.into_iter().enumerate() {
            let mut values: BTreeMap<String, Vec<usize>> = BTreeMap::new();
            for &row in &there {
                values.entry(value_of(&self.instance.people[row])).or_default().push(row);
            }
            values.remove("");
            for (value, rows) in values {
                let whole = rows.len() as i64;
                let mut missing = 0;
                for group in 0..groups {
                    let here =
                        rows.iter().filter(|&&row| places[row][round] == Some(group)).count();
                    let (top, bottom) = match spread {
                        0 => (whole * high[group], all.max(1)),
                        _ => (
                            whole
                                * (low[group] * spread
                                    + (all - least) * (high[group] - low[group])),
                            spread * all.max(1),
                        ),
                    };
                    let here = here as i64;
                    soft += weight * outside(here, top / bottom, (top + bottom - 1) / bottom);
                    missing += i64::from(here == 0);
                }
                if number == 0 && self.instance.listed_sectors.contains(&value) {
                    let unavoidable = (groups as i64 - whole).max(0);
                    soft += weights.missing_sector * (missing - unavoidable);
                }
            }
        }
        let mut organizations: BTreeMap<Uuid, Vec<usize>> = BTreeMap::new();
        for &row in &there {
            if let Some(organization) = self.instance.people[row].organization {
                organizations.entry(organization).or_default().push(row);
            }
        }
        for rows in organizations.values().filter(|rows| rows.len() >= 2) {
            let most = rows.len().div_ceil(groups) as i64;
            for group in 0..groups {
                let here = rows.iter().filter(|&&row| places[row][round] == Some(group)).count();
                soft += weights.organization * (here as i64 - most).max(0);
            }
        }
        for set in &self.instance.apart {
            for group in 0..groups {
                let here = there.iter().filter(|&&row| {
                    set.contains(&self.instance.people[row].id) && places[row][round] == Some(group)
                });
                hard += weights.apart * (here.count() as i64 - 1).max(0);
            }
        }
        (soft, hard)
    }

    /// Even sizes: lowest, highest, and how many people have a group.
    fn even(&self, round: usize, people: i64) -> (Vec<i64>, Vec<i64>, i64) {
        let (min, max) = (&self.min[round], &self.max[round]);
        let all = people.max(min.iter().sum()).min(max.iter().sum());
        let at = |level: i64| -> Vec<i64> {
            min.iter().zip(max).map(|(min, max)| level.max(*min).min(*max)).collect()
        };
        let level =
            (0..=all).find(|&level| at(level).iter().sum::<i64>() >= all).expect("some level");
        let high = at(level);
        let low = if high.iter().sum::<i64>() == all { high.clone() } else { at(level - 1) };
        (low, high, all)
    }
}

fn size(places: &Places, round: usize, group: usize) -> i64 {
    places.iter().filter(|rounds| rounds[round] == Some(group)).count() as i64
}

fn outside(count: i64, low: i64, high: i64) -> i64 {
    (low - count).max(count - high).max(0)
}
