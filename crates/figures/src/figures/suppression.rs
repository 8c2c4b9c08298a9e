//! Which figures of a breakdown may be told, so that nobody can work out a small one from everything that is told.
//! Pure arithmetic: knows no person, no sector and no country.
//!
//! The reader is taken to know the exact total, every figure that is told, this rule, and which hidden figures are the
//! small ones; only the small figures themselves must stay unknown.
//! - A figure from 1 to `smallest − 1` is *small* and hidden. Nobody is nobody: zeros are told.
//! - With it a *cover* is hidden: at least one figure that is not small. Covers are taken in the order of the table, going
//!   round from the first small one. Never by size: if the cover were the next larger figure, it would tell that it is.
//! - Covers are added until together they could give `smallest − 2` people away and still be none of them small. Each small
//!   figure can then be any of several, whatever the others are; `every_small_figure_could_be_another` tries all tables.
//! - Where everybody is in a small figure, all are hidden and cover each other.
//! - A table that has no cover is withheld as a whole: its keys too, because which are there would tell.
//!
//! Several breakdowns of the same people share only their total, and any figures with one total fit together. So tables that
//! are safe each by itself are safe together, as long as no table breaks down a cell of another; the one that does
//! (countries within subregions) is told inside cells that are told and nowhere else.

/// What may be told of a breakdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    /// The figures in the order of the table; none for one that is hidden.
    pub figures: Vec<Option<u32>>,
    /// Between what each figure can lie, for who knows what is told and which ones are small.
    pub bounds: Vec<(u32, u32)>,
}

/// A figure of a breakdown before anything is hidden.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figure {
    /// How many people.
    pub people: u32,
    /// How many of them the reader knows by name anyway: a co-organizer its own organization's people. They cover nobody.
    pub known: u32,
}

impl From<u32> for Figure {
    fn from(people: u32) -> Self {
        Self { people, known: 0 }
    }
}

/// What may be told of these figures; none when the table must be withheld.
pub fn released(figures: &[Figure], smallest: u32) -> Option<Released> {
    let others: Vec<u32> = figures.iter().map(|one| one.people.saturating_sub(one.known)).collect();
    let hidden = Hidden::of(&others, smallest)?;
    let known = figures.iter().map(|one| one.known.min(one.people));
    let rows = others.iter().zip(known).enumerate();
    let rows = rows.map(|(at, (&others, known))| match hidden.bounds(at, smallest) {
        None => (Some(others + known), (others + known, others + known)),
        Some((least, most)) => (None, (least + known, most + known)),
    });
    let (figures, bounds) = rows.unzip();
    Some(Released { figures, bounds })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Released,
    Small,
    Cover,
}

/// Which figures are hidden, and how many people they are together.
struct Hidden {
    roles: Vec<Role>,
    people: u32,
}

impl Hidden {
    fn of(figures: &[u32], smallest: u32) -> Option<Self> {
        let role = |&people: &u32| match people {
            small if (1..smallest).contains(&small) => Role::Small,
            _ => Role::Released,
        };
        let roles: Vec<Role> = figures.iter().map(role).collect();
        // Of these totals only one table has no cover: withheld, it would be known. So all of them are.
        let (people, cells) = (figures.iter().sum::<u32>(), figures.len() as u32);
        if smallest > 1 && cells > 0 && (people == cells || people == cells * (smallest - 1)) {
            return None;
        }
        let Some(first) = roles.iter().position(|role| *role == Role::Small) else {
            return Some(Self { roles, people: 0 });
        };
        let small: u32 = figures.iter().filter(|people| (1..smallest).contains(*people)).sum();
        let mut hidden = Self { roles, people: small };
        let mut least = hidden.count(Role::Small);
        for at in (first..figures.len()).chain(0..first) {
            if figures[at] == 0 || hidden.roles[at] == Role::Small {
                continue;
            }
            hidden.roles[at] = Role::Cover;
            hidden.people += figures[at];
            least += smallest;
            // What the small figures and the covers have above the least they can be may be anywhere among them.
            if hidden.people - least >= smallest.saturating_sub(2).max(2) {
                return Some(hidden);
            }
        }
        hidden.covers_itself(smallest).then_some(hidden)
    }

    /// Where everybody is in a small figure there is no cover, and none is needed as long as the figures are neither all
    /// ones nor all as large as a small one can be: each can be another then.
    fn covers_itself(&self, smallest: u32) -> bool {
        let small = self.count(Role::Small);
        let possible = small + 1..small * (smallest - 1);
        self.count(Role::Cover) == 0 && small >= 2 && possible.contains(&self.people)
    }

    fn count(&self, role: Role) -> u32 {
        self.roles.iter().filter(|other| **other == role).count() as u32
    }

    /// Between what a hidden figure can lie; none for one that is told.
    fn bounds(&self, at: usize, smallest: u32) -> Option<(u32, u32)> {
        let (small, covers) = (self.count(Role::Small), self.count(Role::Cover));
        match self.roles[at] {
            Role::Released => None,
            Role::Small => Some((1, smallest - 1)),
            Role::Cover => {
                let least = self.people.saturating_sub(small * (smallest - 1)).max(smallest);
                let least = if covers == 1 { least } else { smallest };
                Some((least, self.people - small - (covers - 1) * smallest))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    fn of(figures: &[u32], smallest: u32) -> Option<Released> {
        let figures: Vec<Figure> = figures.iter().copied().map(Figure::from).collect();
        released(&figures, smallest)
    }

    fn figures(figures: &[u32]) -> Vec<Option<u32>> {
        of(figures, 5).unwrap().figures
    }

    #[test]
    fn a_small_figure_takes_a_cover_with_it() {
        assert_eq!(figures(&[20, 2, 9, 0]), [Some(20), None, None, Some(0)]);
        // The cover goes round, and is not the next larger one.
        assert_eq!(figures(&[20, 9, 0, 2]), [None, Some(9), Some(0), None]);
        assert_eq!(figures(&[5, 6]), [Some(5), Some(6)]);
    }

    #[test]
    fn a_cover_that_has_nobody_to_spare_takes_the_next() {
        assert_eq!(figures(&[1, 5, 30, 30]), [None, None, None, Some(30)]);
        assert_eq!(figures(&[1, 8, 30, 30]), [None, None, Some(30), Some(30)]);
    }

    #[test]
    fn what_has_no_cover_is_withheld() {
        // Five figures of one person each would be known to be that, hidden or not.
        for without in
            [&[1, 1, 1, 1, 1][..], &[3], &[4, 4, 0], &[1, 5], &[4, 4, 4, 4], &[16, 0, 0, 0]]
        {
            assert_eq!(of(without, 5), None, "{without:?}");
        }
        assert!(of(&[], 5).is_some() && of(&[0, 0], 5).is_some());
        assert_eq!(figures(&[3, 4, 0]), [None, None, Some(0)]);
    }

    #[test]
    fn people_the_reader_knows_cover_nobody() {
        // Six of whom four are the reader's own: the other two would be told.
        let own = Figure { people: 6, known: 4 };
        let told = released(&[own, 20.into(), 30.into()], 5).unwrap();
        assert_eq!(told.figures, [None, None, Some(30)]);
    }

    #[test]
    fn a_hidden_figure_is_told_as_far_as_the_others_bind_it() {
        let bounds = |figures: &[u32]| of(figures, 5).unwrap().bounds;
        // One cover holds what is left of the hidden people when the small ones are as many, or as few, as can be.
        assert_eq!(bounds(&[20, 2, 9, 0]), [(20, 20), (1, 4), (7, 10), (0, 0)]);
        assert_eq!(bounds(&[2, 3, 20]), [(1, 4), (1, 4), (17, 23)]);
        assert_eq!(bounds(&[4, 4, 8]), [(1, 4), (1, 4), (8, 14)]);
        assert_eq!(bounds(&[1, 5, 30]), [(1, 4), (5, 30), (5, 30)]);
        // Of several, each may be the least that is not small, and then the others have all the rest.
        assert_eq!(bounds(&[1, 2, 6, 5, 30]), [(1, 4), (1, 4), (5, 32), (5, 32), (5, 32)]);
        assert_eq!(bounds(&[3, 4, 0]), [(1, 4), (1, 4), (0, 0)]);
        // Where nobody is too few, nothing is hidden.
        assert_eq!(of(&[1, 1], 1).unwrap().bounds, [(1, 1), (1, 1)]);
    }

    /// Every table of so many cells whose figures add up to `people`.
    fn tables(cells: usize, people: u32) -> Vec<Vec<u32>> {
        if cells == 1 {
            return vec![vec![people]];
        }
        let with = |first: u32| {
            tables(cells - 1, people - first).into_iter().map(move |mut rest| {
                rest.insert(0, first);
                rest
            })
        };
        (0..=people).flat_map(with).collect()
    }

    /// For who knows the total, all that is told, the rule, and which figures are small: everything the hidden can be.
    fn readings(cells: usize, people: u32, smallest: u32) -> BTreeMap<String, Vec<Vec<u32>>> {
        let mut readings: BTreeMap<String, Vec<Vec<u32>>> = BTreeMap::new();
        for table in tables(cells, people) {
            let told = of(&table, smallest);
            let seen = match &told {
                Some(told) => {
                    let small: Vec<bool> =
                        table.iter().map(|figure| (1..smallest).contains(figure)).collect();
                    format!("{told:?} {small:?}")
                }
                None => "withheld".to_owned(),
            };
            readings.entry(seen).or_default().push(table);
        }
        readings
    }

    fn every_small_figure_has_another_reading(cells: usize, people: u32, smallest: u32) {
        for (seen, tables) in readings(cells, people, smallest) {
            for at in 0..cells {
                let values: BTreeSet<u32> = tables.iter().map(|table| table[at]).collect();
                let small = tables.iter().any(|table| (1..smallest).contains(&table[at]));
                assert!(!small || values.len() > 1, "figure {at} is {values:?} in {seen}");
            }
        }
    }

    #[test]
    fn every_small_figure_could_be_another() {
        for people in 5..=36 {
            every_small_figure_has_another_reading(3, people, 5);
            every_small_figure_has_another_reading(3, people, 3);
        }
        for people in 5..=26 {
            every_small_figure_has_another_reading(4, people, 5);
            every_small_figure_has_another_reading(4, people, 4);
        }
        for people in 1..=17 {
            every_small_figure_has_another_reading(5, people, 5);
        }
        for people in 1..=15 {
            every_small_figure_has_another_reading(6, people, 3);
        }
    }

    proptest! {
        #[test]
        fn nothing_small_is_told_and_bounds_hold(
            table in proptest::collection::vec((0_u32..30, 0_u32..6), 0..14), smallest in 3_u32..9,
        ) {
            let figures: Vec<Figure> =
                table.iter().map(|&(people, known)| Figure { people, known: known.min(people) }).collect();
            let Some(told) = released(&figures, smallest) else { return Ok(()) };
            for ((figure, told), (least, most)) in figures.iter().zip(&told.figures).zip(&told.bounds) {
                let others = figure.people - figure.known;
                prop_assert!(told.is_none() || others == 0 || others >= smallest);
                prop_assert!((*least..=*most).contains(&figure.people));
                prop_assert!(told.is_none_or(|told| told == figure.people && least == most));
                prop_assert!(told.is_some() || least < most);
            }
            let hidden = told.figures.iter().filter(|told| told.is_none()).count();
            prop_assert!(hidden != 1);
        }

        /// By arithmetic alone, for tables too large to try all: people can be moved between the hidden figures, so that
        /// what is told stays the same and the small figure is another.
        #[test]
        fn large_tables_have_another_reading_too(
            table in proptest::collection::vec(0_u32..30, 2..14), smallest in 3_u32..9,
        ) {
            let Some(seen) = of(&table, smallest) else { return Ok(()) };
            for at in 0..table.len() {
                if !(1..smallest).contains(&table[at]) { continue }
                let another = (0..table.len()).filter(|&with| with != at && table[with] > 0).any(|with| {
                    [1_i64, -1].into_iter().any(|step| {
                        let mut other = table.clone();
                        let (Ok(here), Ok(there)) = (
                            u32::try_from(i64::from(table[at]) + step),
                            u32::try_from(i64::from(table[with]) - step),
                        ) else { return false };
                        (other[at], other[with]) = (here, there);
                        here > 0 && here < smallest && of(&other, smallest).as_ref() == Some(&seen)
                    })
                });
                prop_assert!(another, "{table:?} at {at}");
            }
        }
    }
}
