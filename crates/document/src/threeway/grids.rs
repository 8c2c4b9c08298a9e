//! What became of tables in a file: cells, rows and whole tables. They are written from data, so that all of it is named and nothing of
//! it taken over.

use std::collections::{BTreeMap, BTreeSet};

use super::recognizing::plain;
use super::{Departure, DepartureKind};
use crate::difference::pairing::{Pair, pairs};
use crate::document::Id;
use crate::render::docx::read::{Grid, Kind, Passage, Reading, WordFile};

type Rows = [Vec<String>];

/// Every departure in tables.
pub(super) fn departures(
    base: &Reading,
    here: &[Grid],
    file: &WordFile,
    labels: &BTreeMap<String, String>,
    by_words: bool,
) -> Vec<Departure> {
    let mut found = Vec::new();
    let first_page = first_page(base, labels);
    let base = base.tables.as_slice();
    let by_id = |grids: &[Grid], id: &Id| -> Option<Vec<Vec<String>>> {
        grids.iter().find(|grid| grid.id.as_ref() == Some(id)).map(|grid| grid.rows.clone())
    };
    for grid in base {
        let Some(id) = &grid.id else { continue };
        let here = by_id(here, id);
        match by_id(&file.accepted.tables, id) {
            // Where rows and notes were taken apart, words alone count.
            Some(now) if by_words && has_no_other_word(&grid.rows, &now, labels) => {}
            Some(now) => {
                let around = Around { id, here: here.as_deref(), told: Told::of(id, file) };
                around.rows(&grid.rows, &now, &mut found);
            }
            None if grid.rows.is_empty() || here.is_none() => {}
            None => {
                let one = Departure {
                    made_from: Some(words(&grid.rows)),
                    is_conflict: here.as_ref() != Some(&grid.rows),
                    here: here.as_deref().map(words),
                    ..Departure::new(DepartureKind::TableDeleted, Some(id))
                };
                found.push(one.keyed(""));
            }
        }
    }
    let known: Vec<&Id> = base.iter().filter_map(|grid| grid.id.as_ref()).collect();
    for grid in &file.accepted.tables {
        let is_new = grid.id.as_ref().is_none_or(|id| !known.contains(&id));
        let is_here = grid.id.as_ref().is_some_and(|id| by_id(here, id).is_some());
        let text = words(&grid.rows);
        if is_new && !is_here && !text.is_empty() && !lays_out(grid, &first_page, labels) {
            let table = Departure::new(DepartureKind::TableAdded, None);
            let one = Departure { file: Some(text.clone()), ..table };
            found.push(one.keyed(&text));
        }
    }
    found
}

fn has_no_other_word(base: &Rows, now: &Rows, labels: &BTreeMap<String, String>) -> bool {
    let words = |rows: &Rows| -> Vec<String> {
        let texts = rows.iter().flatten().flat_map(|cell| cell.split('\n'));
        let texts = texts.map(|line| plain(line, labels)).collect::<Vec<_>>().join(" ");
        texts.split_whitespace().map(str::to_owned).collect()
    };
    let known: BTreeSet<String> = words(base).into_iter().collect();
    words(now).iter().all(|word| known.contains(word))
}

/// The words of the first page and of the summary.
fn first_page(base: &Reading, labels: &BTreeMap<String, String>) -> BTreeSet<String> {
    let of = |one: &&Passage| matches!(one.kind, Kind::FirstPage | Kind::Summary);
    let texts = base.passages.iter().filter(of).map(|one| plain(&one.source, labels));
    texts.flat_map(|text| text.split(' ').map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// Whether a table only lays out lines of the first page, in a file that lost their bookmarks: it has no word that those have not.
fn lays_out(grid: &Grid, first_page: &BTreeSet<String>, labels: &BTreeMap<String, String>) -> bool {
    let cells = grid.rows.iter().flatten().flat_map(|cell| cell.split('\n'));
    let texts = cells.map(|line| plain(line, labels));
    texts
        .flat_map(|text| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .all(|word| first_page.contains(&word))
}

fn words(rows: &Rows) -> String {
    let rows = rows.iter().map(|row| row.join(" | "));
    rows.filter(|row| !row.replace(['|', ' '], "").is_empty()).collect::<Vec<_>>().join("\n")
}

struct Around<'a> {
    id: &'a Id,
    here: Option<&'a Rows>,
    told: Told<'a>,
}

/// A table as one reading of the file has it.
struct View<'a> {
    rows: &'a Rows,
    /// The rows, to be found by what they say.
    set: BTreeSet<&'a [String]>,
}

impl<'a> View<'a> {
    /// Nothing where the reading has no such table.
    fn of(id: &Id, reading: &'a Reading) -> Option<Self> {
        let grid = reading.tables.iter().find(|grid| grid.id.as_ref() == Some(id))?;
        Some(Self { rows: &grid.rows, set: grid.rows.iter().map(Vec::as_slice).collect() })
    }
}

/// A table without the tracked changes of a file, and with those of each author.
struct Told<'a> {
    rejected: Option<View<'a>>,
    by_author: Vec<(&'a str, Option<View<'a>>)>,
}

impl<'a> Told<'a> {
    fn of(id: &Id, file: &'a WordFile) -> Self {
        let of_author =
            |(author, reading): &'a (String, Reading)| (author.as_str(), View::of(id, reading));
        // Without tracked changes there is nobody to be told.
        let rejected = (!file.by_author.is_empty()).then(|| View::of(id, &file.rejected));
        Self {
            rejected: rejected.flatten(),
            by_author: file.by_author.iter().map(of_author).collect(),
        }
    }

    /// Whose tracked change it was: of the author without whose changes it is not so, and with them is.
    fn author(&self, is_not_so: impl Fn(&View) -> bool) -> Option<String> {
        let of = |view: &Option<View>| view.as_ref().is_some_and(&is_not_so);
        if !of(&self.rejected) {
            return None;
        }
        let author = self.by_author.iter().find(|(_, view)| !of(view));
        author.map(|(author, _)| (*author).to_owned()).filter(|author| !author.is_empty())
    }
}

impl Around<'_> {
    fn rows(&self, base: &Rows, now: &Rows, found: &mut Vec<Departure>) {
        if base == now || self.here == Some(now) {
            return;
        }
        for pair in aligned(base, now) {
            match pair {
                Pair::Both(then, is) => self.cells((&base[then], &now[is]), then, is, found),
                Pair::After(is) => {
                    let text = now[is].join(" | ");
                    if text.replace(['|', ' '], "").is_empty() {
                        continue;
                    }
                    let one = Departure {
                        cell: Some((is + 1, 0)),
                        file: Some(text.clone()),
                        author: self.told.author(|view| !view.set.contains(now[is].as_slice())),
                        ..Departure::new(DepartureKind::RowAdded, Some(self.id))
                    };
                    found.push(one.keyed(&text));
                }
                Pair::Before(then) => {
                    let text = base[then].join(" | ");
                    let one = Departure {
                        cell: Some((then + 1, 0)),
                        made_from: Some(text.clone()),
                        author: self.told.author(|view| view.set.contains(base[then].as_slice())),
                        ..Departure::new(DepartureKind::RowDeleted, Some(self.id))
                    };
                    found.push(one.keyed(&text));
                }
            }
        }
    }

    fn cells(
        &self,
        (base, now): (&[String], &[String]),
        then: usize,
        is: usize,
        found: &mut Vec<Departure>,
    ) {
        let cell = |row: &[String], at: usize| row.get(at).cloned().unwrap_or_default();
        for at in 0..base.len().max(now.len()) {
            let (before, after) = (cell(base, at), cell(now, at));
            let here = self.here.and_then(|rows| rows.get(then)).map(|row| cell(row, at));
            if before == after || here.as_ref() == Some(&after) {
                continue;
            }
            let one = Departure {
                cell: Some((then + 1, at + 1)),
                is_conflict: here.as_ref().is_some_and(|here| *here != before),
                author: self
                    .told
                    .author(|view| view.rows.get(is).is_none_or(|row| cell(row, at) != after)),
                made_from: Some(before),
                here,
                file: Some(after),
                ..Departure::new(DepartureKind::Cell, Some(self.id))
            };
            found.push(one.keyed(""));
        }
    }
}

/// Which rows are the same: in order, by all their words, else by their first cell, else where as many are gone as are new.
fn aligned(base: &Rows, now: &Rows) -> Vec<Pair> {
    if base.len() == now.len() {
        return (0..base.len()).map(|at| Pair::Both(at, at)).collect();
    }
    let found = pairs(base, now, |then, is| base[then].first() == now[is].first());
    let is_both = |pair: &Pair| matches!(pair, Pair::Both(..));
    let mut aligned = Vec::with_capacity(found.len());
    for stretch in found.chunk_by(|one, other| is_both(one) == is_both(other)) {
        let (gone, come) = (stretch.iter().filter_map(before), stretch.iter().filter_map(after));
        if is_both(&stretch[0]) || gone.clone().count() != come.clone().count() {
            aligned.extend_from_slice(stretch);
        } else {
            aligned.extend(gone.zip(come).map(|(then, is)| Pair::Both(then, is)));
        }
    }
    aligned
}

fn before(pair: &Pair) -> Option<usize> {
    if let Pair::Before(then) = pair { Some(*then) } else { None }
}

fn after(pair: &Pair) -> Option<usize> {
    if let Pair::After(is) = pair { Some(*is) } else { None }
}
