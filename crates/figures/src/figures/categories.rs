//! Which categories of a one-way table are told by themselves, and which are merged into "other". Pure arithmetic: knows no
//! person, no sector and no country.
//!
//! The reader is taken to know the exact total, every figure that is told, the sum of the rest, and this rule. Nothing of the
//! rest may be worked out to fewer than [`SMALLEST`] possible values; nobody (0) is one of the values, so that absence is told
//! of no category either.
//!
//! 1. A category under five is in the rest. So is one of which somebody who sees its people by name (a co-organizer) could
//!    work out fewer than five others.
//! 2. The rest is *roomy* when it holds at least five people, and at most four for each of its categories but one. Then
//!    each of them can be 0, 1, 2, 3 or 4, whatever the rule took in: a table that had only small categories in the rest would
//!    look the same.
//! 3. Where it is not roomy, the smallest category that is told is taken in, and so on. The rest is *covered* when, after
//!    that, it holds nine or more and yet fewer than the smallest category that is told: then any category of it could be the
//!    one that was taken in, and the others from 0 to 4.
//! 4. Where neither is ever so, the table is not told.
//!
//! `every_category_that_is_not_told_has_five_readings` tries all small tables against a reader who knows all of this.

/// Fewer people than this are never told of, and whatever is not told could be this many values.
pub const SMALLEST: u32 = 5;

/// A table before anything is merged.
#[derive(Debug, Clone, Default)]
pub struct Counted<'c> {
    /// The people in each category that there is, those of nobody among them.
    pub people: &'c [u32],
    /// The category that is never told by itself: of those about whom it is not known.
    pub never: Option<usize>,
    /// Categories that there could be besides, with nobody in them (languages).
    pub unseen: u32,
    /// For each reader who sees some people by name: how many of each category.
    pub known: &'c [Vec<u32>],
}

/// Which categories are told by themselves; the others are in the rest. All of them are, when the table is not to be told.
pub fn told(counted: &Counted<'_>) -> Vec<bool> {
    let mut merging = Merging { counted, told: Vec::new() };
    let all = 0..counted.people.len();
    merging.told = all.map(|at| counted.is_tellable(at)).collect();
    while !merging.is_safe() {
        let Some(smallest) = merging.smallest() else { break };
        merging.told[smallest] = false;
    }
    merging.told
}

/// Whether this many people may be told of, to readers who see so many of them by name.
pub fn is_tellable(people: u32, known: impl Iterator<Item = u32>) -> bool {
    people.saturating_sub(known.max().unwrap_or(0)) >= SMALLEST
}

impl Counted<'_> {
    fn is_tellable(&self, at: usize) -> bool {
        let known = self.known.iter().map(|people| people[at]);
        self.never != Some(at) && is_tellable(self.people[at], known)
    }
}

struct Merging<'c> {
    counted: &'c Counted<'c>,
    told: Vec<bool>,
}

impl Merging<'_> {
    fn merged(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.told.len()).filter(|at| !self.told[*at])
    }

    /// The smallest that is told; of several the last.
    fn smallest(&self) -> Option<usize> {
        let told = (0..self.told.len()).rev().filter(|at| self.told[*at]);
        told.min_by_key(|at| self.counted.people[*at])
    }

    fn is_safe(&self) -> bool {
        let categories = self.merged().count() as u32 + self.counted.unseen;
        if categories == 0 {
            return true;
        }
        let people: u32 = self.merged().map(|at| self.counted.people[at]).sum();
        let is_roomy = (SMALLEST..=(SMALLEST - 1) * (categories - 1)).contains(&people);
        (is_roomy || self.is_covered(people, categories)) && self.is_safe_from_insiders(people)
    }

    fn is_covered(&self, people: u32, categories: u32) -> bool {
        let least = self.smallest().map(|at| self.counted.people[at]);
        categories >= 2 && people >= 2 * SMALLEST - 1 && least.is_some_and(|least| people < least)
    }

    /// Who sees some of the rest by name still knows of five others at least.
    fn is_safe_from_insiders(&self, people: u32) -> bool {
        let of_reader = |known: &Vec<u32>| self.merged().map(|at| known[at]).sum();
        let known = self.counted.known.iter().map(of_reader);
        is_tellable(people, known)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    fn plain(people: &[u32]) -> Vec<Option<u32>> {
        let told = told(&Counted { people, ..Counted::default() });
        told.into_iter().zip(people).map(|(told, people)| told.then_some(*people)).collect()
    }

    #[test]
    fn small_categories_are_merged_until_nothing_can_be_guessed() {
        // The rest is five people in three categories.
        assert_eq!(plain(&[20, 2, 9, 3, 0]), [Some(20), None, Some(9), None, None]);
        // Two people are too few: the smallest of the others goes with them.
        assert_eq!(plain(&[20, 2, 9, 0, 0]), [Some(20), None, None, None, None]);
        // Four and four would be known to be that: eight in two categories under five.
        assert_eq!(plain(&[40, 4, 4, 20]), [Some(40), None, None, None]);
        assert_eq!(plain(&[20, 4, 4, 40]), [None, None, None, Some(40)]);
        // Nobody is not told either.
        assert_eq!(plain(&[30, 25, 20, 0, 0]), [Some(30), Some(25), None, None, None]);
        // All are there and none is small.
        assert_eq!(plain(&[40, 35, 5]), [Some(40), Some(35), Some(5)]);
        // One of the two is small, and nobody can tell which.
        assert_eq!(plain(&[45, 31, 4]), [Some(45), None, None]);
        assert_eq!(plain(&[40, 40, 0]), [None; 3]);
        assert_eq!(plain(&[75, 5]), [Some(75), Some(5)]);
        assert_eq!(plain(&[76, 4]), [None; 2]);
    }

    #[test]
    fn where_all_but_one_are_small_the_one_is_told_only_beside_five_others() {
        assert_eq!(plain(&[60, 1, 1, 1, 1, 1]), [Some(60), None, None, None, None, None]);
        assert_eq!(plain(&[60, 1, 1, 1, 1, 0]), [None; 6]);
        assert_eq!(plain(&[5, 0, 0]), [None; 3]);
        assert_eq!(plain(&[1]), [None]);
    }

    #[test]
    fn people_somebody_sees_by_name_cover_nobody() {
        let people = [6, 20, 30, 4, 4];
        let known = [vec![4, 0, 0, 0, 0]];
        let told = told(&Counted { people: &people, known: &known, ..Counted::default() });
        assert_eq!(told, [false, true, true, false, false], "the other two would be told");
    }

    /// Every table of so many categories that add up to `people`.
    fn tables(categories: usize, people: u32) -> Vec<Vec<u32>> {
        if categories == 1 {
            return vec![vec![people]];
        }
        let with = |first: u32| {
            tables(categories - 1, people - first).into_iter().map(move |mut rest| {
                rest.insert(0, first);
                rest
            })
        };
        (0..=people).flat_map(with).collect()
    }

    #[test]
    fn every_category_that_is_not_told_has_five_readings() {
        for (categories, most) in [(2, 60), (3, 60), (4, 30), (5, 20), (6, 14)] {
            for people in SMALLEST..=most {
                let mut readings: BTreeMap<Vec<Option<u32>>, Vec<Vec<u32>>> = BTreeMap::new();
                for table in tables(categories, people) {
                    readings.entry(plain(&table)).or_default().push(table);
                }
                for (seen, tables) in readings {
                    for at in 0..categories {
                        let values: BTreeSet<u32> = tables.iter().map(|table| table[at]).collect();
                        let safe = seen[at].map_or(values.len() >= 5, |told| told >= SMALLEST);
                        assert!(safe, "of {people}: {seen:?} leaves {values:?} at {at}");
                    }
                }
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_told_is_large_and_so_is_what_is_left(
            table in proptest::collection::vec((0_u32..30, 0_u32..6), 1..20), unseen in 0_u32..4,
        ) {
            let people: Vec<u32> = table.iter().map(|(people, _)| *people).collect();
            let known = [table.iter().map(|(people, known)| *known.min(people)).collect::<Vec<_>>()];
            let counted = Counted { people: &people, unseen, known: &known, ..Counted::default() };
            let told = told(&counted);
            prop_assume!(told.contains(&true));
            let rest = |of: &[u32]| -> u32 {
                of.iter().zip(&told).filter(|(_, told)| !**told).map(|(people, _)| *people).sum()
            };
            for at in (0..people.len()).filter(|at| told[*at]) {
                prop_assert!(people[at] - known[0][at] >= SMALLEST);
            }
            prop_assert!(!told.contains(&false) || rest(&people) - rest(&known[0]) >= SMALLEST);
        }
    }
}
