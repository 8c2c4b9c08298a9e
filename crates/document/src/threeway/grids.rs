//! What became of tables in a file: cells, rows and whole tables. They are written from data, so that all of it is named and nothing of
//! it taken over.

use std::collections::{BTreeMap, BTreeSet};

use super::recognizing::plain;
use super::{Departure, DepartureKind};
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
                let around = Around { id, here: here.as_deref(), file };
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
    file: &'a WordFile,
}

impl Around<'_> {
    fn rows(&self, base: &Rows, now: &Rows, found: &mut Vec<Departure>) {
        if base == now || self.here == Some(now) {
            return;
        }
        for pair in aligned(base, now) {
            match pair {
                (Some(then), Some(is)) => self.cells((&base[then], &now[is]), then, is, found),
                (None, Some(is)) => {
                    let text = now[is].join(" | ");
                    if text.replace(['|', ' '], "").is_empty() {
                        continue;
                    }
                    let one = Departure {
                        cell: Some((is + 1, 0)),
                        file: Some(text.clone()),
                        author: self.author(|grid| !grid.iter().any(|row| row.join(" | ") == text)),
                        ..Departure::new(DepartureKind::RowAdded, Some(self.id))
                    };
                    found.push(one.keyed(&text));
                }
                (Some(then), None) => {
                    let text = base[then].join(" | ");
                    let one = Departure {
                        cell: Some((then + 1, 0)),
                        made_from: Some(text.clone()),
                        author: self.author(|grid| grid.contains(&base[then])),
                        ..Departure::new(DepartureKind::RowDeleted, Some(self.id))
                    };
                    found.push(one.keyed(&text));
                }
                (None, None) => {}
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
                author: self.author(|grid| grid.get(is).is_none_or(|row| cell(row, at) != after)),
                made_from: Some(before),
                here,
                file: Some(after),
                ..Departure::new(DepartureKind::Cell, Some(self.id))
            };
            found.push(one.keyed(""));
        }
    }

    /// Whose tracked change it was: of the author without whose changes it is not so, and with them is.
    fn author(&self, is_not_so: impl Fn(&Rows) -> bool) -> Option<String> {
        let of = |grids: &[Grid]| {
            let grid = grids.iter().find(|grid| grid.id.as_ref() == Some(self.id));
            grid.is_some_and(|grid| is_not_so(&grid.rows))
        };
        if self.file.by_author.is_empty() || !of(&self.file.rejected.tables) {
            return None;
        }
        let author = self.file.by_author.iter().find(|(_, reading)| !of(&reading.tables));
        author.map(|(author, _)| author.clone()).filter(|author| !author.is_empty())
    }
}

/// Which rows are the same: in order, by all their words, else by their first cell or their place between rows that are the same.
fn aligned(base: &Rows, now: &Rows) -> Vec<(Option<usize>, Option<usize>)> {
    if base.len() == now.len() {
        return (0..base.len()).map(|at| (Some(at), Some(at))).collect();
    }
    let mut places: BTreeMap<&[String], Vec<usize>> = BTreeMap::new();
    for (at, row) in base.iter().enumerate().rev() {
        places.entry(row).or_default().push(at);
    }
    let found: Vec<(usize, usize)> = now
        .iter()
        .enumerate()
        .filter_map(|(is, row)| Some((places.get_mut(row.as_slice())?.pop()?, is)))
        .collect();
    let order: Vec<usize> = found.iter().map(|(then, _)| *then).collect();
    let kept: Vec<(usize, usize)> =
        super::order::staying(&order).into_iter().map(|at| found[at]).collect();
    let mut pairs = Vec::new();
    let (mut then, mut is) = (0, 0);
    for (end_then, end_is) in kept.into_iter().chain([(base.len(), now.len())]) {
        between(base, now, (then, end_then), (is, end_is), &mut pairs);
        if end_then < base.len() {
            pairs.push((Some(end_then), Some(end_is)));
        }
        (then, is) = (end_then + 1, end_is + 1);
    }
    pairs
}

/// Pairs the rows between two that are the same: all of them when there are as many, else those with the same first cell.
fn between(
    base: &Rows,
    now: &Rows,
    (then, end_then): (usize, usize),
    (is, end_is): (usize, usize),
    pairs: &mut Vec<(Option<usize>, Option<usize>)>,
) {
    if end_then - then == end_is - is {
        pairs.extend((then..end_then).zip(is..end_is).map(|(then, is)| (Some(then), Some(is))));
        return;
    }
    let mut left: Vec<usize> = (is..end_is).collect();
    for (then, row) in base.iter().enumerate().take(end_then).skip(then) {
        let same = |at: &&usize| row.first() == now[**at].first();
        let found = left.iter().find(same).copied();
        left.retain(|at| Some(*at) != found);
        pairs.push((Some(then), found));
    }
    pairs.extend(left.into_iter().map(|is| (None, Some(is))));
}
