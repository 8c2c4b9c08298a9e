//! A file that came back is held against what it was made from and against what is there now: what departs in the file only, what was
//! changed in both, and nothing of what changed here only or alike in both. Pure. Must never leave out anything that the file says and
//! the document does not: what cannot be taken over is named.

mod grids;
mod readings;
mod recognizing;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::document::{Document, Id};
use crate::render::docx::read::{Grid, Kind, Reading, UnreadKind, WordFile, reading_of};
use readings::{Place, Unknown, View, Views, together};
use recognizing::{plain, recognize};

/// What stands between the names of several authors.
pub const BETWEEN_AUTHORS: &str = "; ";

/// What a departure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DepartureKind {
    /// A paragraph has other words.
    Text,
    /// A paragraph that the document has not.
    Added,
    /// A paragraph is not there any more.
    Deleted,
    /// A paragraph stands elsewhere.
    Moved,
    /// A heading has other words.
    Heading,
    HeadingAdded,
    HeadingDeleted,
    HeadingMoved,
    /// A line of the first page has other words, is new or is not there any more.
    FirstPage,
    /// The summary has other words, all of its paragraphs together.
    Summary,
    /// The caption of a table or chart.
    Caption,
    Cell,
    RowAdded,
    RowDeleted,
    TableAdded,
    TableDeleted,
    /// Somebody said something about a passage.
    Comment,
    /// Something that is not read.
    Unread(UnreadKind),
    /// Marks such as links and emphasis differ and cannot be taken over: the file has lost them, or they stand where none can.
    Marks,
    /// It is a heading in one and none in the other, or has a number in one and none in the other.
    Styled,
}

impl DepartureKind {
    /// Its code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Added => "added",
            Self::Deleted => "deleted",
            Self::Moved => "moved",
            Self::Heading => "heading",
            Self::HeadingAdded => "heading_added",
            Self::HeadingDeleted => "heading_deleted",
            Self::HeadingMoved => "heading_moved",
            Self::FirstPage => "first_page",
            Self::Summary => "summary",
            Self::Caption => "caption",
            Self::Cell => "cell",
            Self::RowAdded => "row_added",
            Self::RowDeleted => "row_deleted",
            Self::TableAdded => "table_added",
            Self::TableDeleted => "table_deleted",
            Self::Comment => "comment",
            Self::Unread(kind) => kind.as_str(),
            Self::Marks => "marks",
            Self::Styled => "style",
        }
    }
}

/// Something in which a file departs from what it was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    /// The same for the same departure, whenever it is asked for.
    pub key: String,
    pub kind: DepartureKind,
    /// The passage or table; none for one that the document has not.
    pub id: Option<Id>,
    /// The section in which it stands in the file.
    pub section: Option<Id>,
    /// The paragraph or heading behind which it stands there; none at the beginning of its section.
    pub behind: Option<Id>,
    /// Row and column of a cell, from 1.
    pub cell: Option<(usize, usize)>,
    /// Who made the tracked change or comment, by the name in the file; none for what was changed without a trace.
    pub author: Option<String>,
    /// The same was changed here as well, otherwise.
    pub is_conflict: bool,
    /// What the file was made from says.
    pub made_from: Option<String>,
    /// What stands here now.
    pub here: Option<String>,
    /// What the file says; for a comment the words that it is on.
    pub file: Option<String>,
    /// What was said in a comment.
    pub said: Option<String>,
    /// The key of the comment that it answers.
    pub answers: Option<String>,
}

impl Departure {
    /// As it stands at a place.
    fn at(self, place: Place) -> Self {
        Self { section: place.section.cloned(), behind: place.behind.cloned(), ..self }
    }

    fn new(kind: DepartureKind, id: Option<&Id>) -> Self {
        Self {
            key: String::new(),
            kind,
            id: id.cloned(),
            section: None,
            behind: None,
            cell: None,
            author: None,
            is_conflict: false,
            made_from: None,
            here: None,
            file: None,
            said: None,
            answers: None,
        }
    }

    /// Its key: short, since several are named in an address.
    fn keyed(mut self, also: &str) -> Self {
        let id = self.id.as_ref().map_or("", Id::as_str);
        let (row, column) = self.cell.unwrap_or_default();
        let place = format!("{row} {column}");
        let author = self.author.as_deref().unwrap_or_default();
        self.key = key(&[self.kind.as_str(), id, &place, author, also]);
        self
    }
}

/// What came of holding a file against what it was made from and what is here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThreeWay {
    /// In the order of the file.
    pub departures: Vec<Departure>,
    /// What was changed here only, and stays.
    pub here_only: Vec<Id>,
    /// The file had no marks of ours: its passages were known by their words.
    pub by_words: bool,
}

/// Holds a file against the document that it was made from and against the one that is here now.
#[must_use]
pub fn compare(made_from: &Document, here: &Document, file: WordFile) -> ThreeWay {
    let by_words = file.accepted.passages.iter().all(|one| one.id.is_none());
    let labels = recognizing::labels(&[made_from, here]);
    let sides = Sides {
        base: reading_of(made_from),
        here: reading_of(here),
        same: if by_words { Same::Words(labels.clone()) } else { Same::Exact },
        labels,
    };
    sides.compare(file, by_words)
}

/// When two texts say the same.
enum Same {
    Exact,
    /// Where a file has lost its marks, words alone count; with what cross-references print.
    Words(BTreeMap<String, String>),
}

impl Same {
    fn holds(&self, one: &str, other: &str) -> bool {
        one == other
            || match self {
                Self::Exact => false,
                Self::Words(labels) => plain(one, labels) == plain(other, labels),
            }
    }
}

struct Sides {
    base: Reading,
    here: Reading,
    same: Same,
    /// What cross-references print.
    labels: BTreeMap<String, String>,
}

impl Sides {
    fn compare(self, mut file: WordFile, by_words: bool) -> ThreeWay {
        let restyled = recognize(&mut file.accepted, &self.base, &self.same);
        let authors = file.by_author.iter_mut().map(|(_, reading)| reading);
        for reading in authors.chain([&mut file.rejected]) {
            recognize(reading, &self.base, &self.same);
        }
        let views = Views {
            accepted: View::of(&file.accepted),
            rejected: View::of(&file.rejected),
            by_author: file
                .by_author
                .iter()
                .map(|(who, one)| (who.as_str(), View::of(one)))
                .collect(),
        };
        let (base, here) = (View::of(&self.base), View::of(&self.here));
        let (places, places_here) = (views.accepted.places(&here), here.places(&here));
        let mut found = Finding {
            base,
            here,
            views,
            places,
            places_here,
            same: &self.same,
            tables: &self.base.tables,
            departures: Vec::new(),
            here_only: BTreeSet::new(),
            marks: Vec::new(),
            by_words,
        };
        found.texts();
        found.summary();
        // Before what is added, which may stand behind what was moved.
        found.moved();
        found.headings_moved();
        found.added();
        let here = &self.here.tables;
        let grids = grids::departures(&self.base, here, &file, &self.labels, by_words);
        found.departures.extend(grids);
        found.comments(&file);
        found.unread(&file);
        if !by_words {
            found.styled(&restyled);
        }
        found.finish()
    }
}

/// What is found, piece by piece.
struct Finding<'a> {
    base: View<'a>,
    here: View<'a>,
    views: Views<'a>,
    /// Where the passages of the file stand, and those that are here.
    places: Vec<Place<'a>>,
    places_here: Vec<Place<'a>>,
    same: &'a Same,
    /// The tables of what the file was made from.
    tables: &'a [Grid],
    departures: Vec<Departure>,
    here_only: BTreeSet<Id>,
    /// Passages that differ in marks alone.
    marks: Vec<Id>,
    by_words: bool,
}

impl<'a> Finding<'a> {
    /// Every passage that is known: its words in the file, in what it was made from, and here.
    fn texts(&mut self) {
        let of_base = self.base.ids();
        let others = self.views.accepted.ids().chain(self.here.ids());
        let mut ids: Vec<&Id> = Vec::new();
        let mut seen = BTreeSet::new();
        ids.extend(of_base.chain(others).filter(|id| seen.insert(*id)));
        for id in ids {
            self.text(id);
        }
    }

    fn text(&mut self, id: &Id) {
        let (base, here) = (self.base.text(id), self.here.text(id));
        let kind =
            [&self.base, &self.here, &self.views.accepted].iter().find_map(|one| one.kind(id));
        let Some(kind) = kind.filter(|kind| *kind != Kind::Summary) else { return };
        let is_gone = self.views.accepted.text(id).is_none();
        if kind == Kind::FirstPage && is_gone && (self.by_words || !self.views.has_first_page()) {
            // A program that drops such lines, or makes something else of them, changes nothing in them.
            return;
        }
        if self.views.accepted.lost_marks(id) && !self.base.lost_marks(id) {
            self.marks.push(id.clone());
        }
        let differs_here = !self.are_same(base, here);
        let mut has_any = false;
        for (author, now) in self.views.contributions(id, self.same) {
            if self.are_same(now, base) {
                if now != base && self.marks.last() != Some(id) {
                    self.marks.push(id.clone());
                }
                continue;
            }
            has_any = true;
            // Here as there, or gone in both: nothing is left to do.
            if self.are_same(now, here) {
                continue;
            }
            let one = Departure {
                is_conflict: differs_here,
                made_from: base.map(str::to_owned),
                here: here.map(str::to_owned),
                file: now.map(str::to_owned),
                author,
                ..Departure::new(kind_of_text(kind, now.is_some()), Some(id))
            };
            self.departures.push(one.at(self.place(id)).keyed(""));
        }
        if !has_any && differs_here {
            self.here_only.insert(id.clone());
        }
    }

    /// Where a passage stands in the file.
    fn place(&self, id: &Id) -> Place<'a> {
        self.views.accepted.at(id).map(|at| self.places[at]).unwrap_or_default()
    }

    fn are_same(&self, one: Option<&str>, other: Option<&str>) -> bool {
        match (one, other) {
            (Some(one), Some(other)) => self.same.holds(one, other),
            (one, other) => {
                one.unwrap_or_default().is_empty() && other.unwrap_or_default().is_empty()
            }
        }
    }

    /// The summary is one text, paragraph after paragraph.
    fn summary(&mut self) {
        let (base, here) = (self.base.summary(), self.here.summary());
        let said = |view: &View| view.summary();
        let (all, none) = (said(&self.views.accepted), said(&self.views.rejected));
        if self.same.holds(&base, &all) || self.same.holds(&all, &here) {
            if !self.same.holds(&base, &here) && self.same.holds(&base, &all) {
                self.here_only.insert(Id::new("summary"));
            }
            return;
        }
        if all.is_empty() && (self.by_words || !self.views.has_first_page()) {
            return;
        }
        let authors: Vec<&str> = self
            .views
            .by_author
            .iter()
            .filter(|(_, view)| said(view) != none)
            .map(|(author, _)| *author)
            .collect();
        let one = Departure {
            author: Some(together(&authors)).filter(|names| !names.is_empty()),
            is_conflict: !self.same.holds(&base, &here),
            made_from: Some(base),
            here: Some(here),
            file: Some(all),
            ..Departure::new(DepartureKind::Summary, None)
        };
        self.departures.push(one.keyed(""));
    }

    /// Passages that nothing is known of.
    fn added(&mut self) {
        let of_here: BTreeSet<&str> =
            self.here.only_against(&self.base).map(|(_, text)| text).collect();
        let newcomers = self.views.newcomers();
        let of_tables = TablesTakenApart::of(self);
        for new in self.views.accepted.unknown() {
            if new.kind == Kind::Summary
                || of_here.contains(new.text)
                || of_tables.as_ref().is_some_and(|tables| tables.has(&new))
            {
                continue;
            }
            let kind = match new.kind {
                Kind::Heading(_) => DepartureKind::HeadingAdded,
                Kind::FirstPage => DepartureKind::FirstPage,
                Kind::Caption => DepartureKind::Caption,
                Kind::Numbered | Kind::Unnumbered | Kind::Summary => DepartureKind::Added,
            };
            let one = Departure {
                author: newcomers.author(new.text),
                file: Some(new.text.to_owned()),
                ..Departure::new(kind, None)
            };
            self.departures.push(one.at(self.places[new.place]).keyed(new.text));
        }
    }

    /// Paragraphs that stand elsewhere.
    fn moved(&mut self) {
        let in_file = self.views.accepted.moved_against(&self.base);
        let in_here: BTreeSet<Id> = self.here.moved_against(&self.base).into_iter().collect();
        let authors = self.views.authors_of_moves(&self.base);
        for id in &in_file {
            let Some(text) = self.here.text(id) else { continue };
            let place = self.place(id);
            let place_here = self.here.at(id).map(|at| self.places_here[at]);
            let is_here_too = in_here.contains(id);
            if is_here_too && place_here == Some(place) {
                continue;
            }
            let one = Departure {
                author: authors.get(id).cloned().flatten(),
                is_conflict: is_here_too,
                here: Some(text.to_owned()),
                ..Departure::new(DepartureKind::Moved, Some(id))
            };
            self.departures.push(one.at(place).keyed(""));
        }
        let in_file: BTreeSet<Id> = in_file.into_iter().collect();
        let here_only = in_here.into_iter().filter(|id| !in_file.contains(id));
        self.here_only.extend(here_only);
    }

    fn headings_moved(&mut self) {
        let in_file = self.views.accepted.headings_moved_against(&self.base);
        let in_here = self.here.headings_moved_against(&self.base);
        for (&id, &place) in &in_file {
            let Some(text) = self.here.text(id) else { continue };
            if in_here.get(id) == Some(&place) {
                continue;
            }
            let one = Departure {
                is_conflict: in_here.contains_key(id),
                here: Some(text.to_owned()),
                ..Departure::new(DepartureKind::HeadingMoved, Some(id))
            };
            self.departures.push(one.at(place).keyed(""));
        }
        let here_only = in_here.into_keys().filter(|id| !in_file.contains_key(id));
        self.here_only.extend(here_only.cloned());
    }

    fn comments(&mut self, file: &WordFile) {
        let mut keys: BTreeMap<&str, String> = BTreeMap::new();
        for comment in &file.comments {
            let passage = comment.passage.and_then(|place| file.accepted.passages.get(place));
            let id = passage.and_then(|passage| passage.id.as_ref());
            let place = comment.passage.and_then(|place| self.places.get(place).copied());
            let words = match (&comment.quote, passage) {
                (quote, _) if !quote.is_empty() => Some(quote.clone()),
                // Of what is new nothing else tells on what it is.
                (_, Some(passage)) if passage.id.is_none() => Some(passage.source.clone()),
                _ => None,
            };
            let one = Departure {
                author: Some(comment.author.clone()).filter(|author| !author.is_empty()),
                here: id.and_then(|id| self.here.text(id)).map(str::to_owned),
                file: words,
                said: Some(comment.text.clone()),
                answers: comment.answers.as_deref().and_then(|id| keys.get(id).cloned()),
                ..Departure::new(DepartureKind::Comment, id)
            };
            let one = one.at(place.unwrap_or_default());
            let one = one.keyed(&format!("{} {}", comment.id, comment.text));
            keys.insert(&comment.id, one.key.clone());
            self.departures.push(one);
        }
    }

    fn unread(&mut self, file: &WordFile) {
        for unread in &file.unread {
            let kind = DepartureKind::Unread(unread.kind);
            let one = Departure {
                file: Some(unread.text.clone()).filter(|text| !text.is_empty()),
                ..Departure::new(kind, unread.at.as_ref())
            };
            self.departures.push(one.keyed(&unread.text));
        }
    }

    fn styled(&mut self, restyled: &[Id]) {
        for id in restyled.iter().filter(|id| self.here.text(id).is_some()) {
            let one = Departure {
                here: self.here.text(id).map(str::to_owned),
                ..Departure::new(DepartureKind::Styled, Some(id))
            };
            self.departures.push(one.keyed(""));
        }
    }

    fn finish(mut self) -> ThreeWay {
        for id in std::mem::take(&mut self.marks) {
            let one = Departure {
                made_from: self.base.text(&id).map(str::to_owned),
                file: self.views.accepted.text(&id).map(str::to_owned),
                ..Departure::new(DepartureKind::Marks, Some(&id))
            };
            self.departures.push(one.keyed(""));
        }
        tell_apart(&mut self.departures);
        let here_only = self.here_only.into_iter().collect();
        ThreeWay { departures: self.departures, here_only, by_words: self.by_words }
    }
}

/// Captions and notes of the tables that a file was made from, by their words: a program that keeps no bookmarks takes them out.
struct TablesTakenApart<'a> {
    labels: &'a BTreeMap<String, String>,
    notes: BTreeSet<String>,
    captions: Vec<String>,
}

impl<'a> TablesTakenApart<'a> {
    /// Nothing where the file kept its marks.
    fn of(found: &Finding<'a>) -> Option<Self> {
        let Same::Words(labels) = found.same else { return None };
        let notes = found.tables.iter().flat_map(|grid| &grid.rows).filter(|row| row.len() == 1);
        let of_base = found.base.ids().filter(|id| found.base.kind(id) == Some(Kind::Caption));
        let captions = of_base.filter_map(|id| found.base.text(id));
        Some(Self {
            labels,
            notes: notes.flatten().map(|note| plain(note, labels)).collect(),
            captions: captions.map(|caption| plain(caption, labels)).collect(),
        })
    }

    fn has(&self, new: &Unknown) -> bool {
        let text = plain(new.text, self.labels);
        let is_caption = new.kind == Kind::Caption;
        self.notes.contains(&text)
            || (is_caption && self.captions.iter().any(|caption| caption.ends_with(&text)))
    }
}

/// What nothing else tells apart, such as the same paragraph added twice, is counted, so that each can be left out by its key. A file can
/// be made so that keys of other things are the same as well.
fn tell_apart(departures: &mut [Departure]) {
    let mut keys: BTreeSet<String> = BTreeSet::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for one in departures {
        let count = counts.entry(one.key.clone()).or_default();
        let own = one.key.clone();
        while !keys.insert(one.key.clone()) {
            *count += 1;
            one.key = key(&[&own, &count.to_string()]);
        }
    }
}

fn key(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.len().to_be_bytes());
        digest.update(part.as_bytes());
    }
    URL_SAFE_NO_PAD.encode(&digest.finalize()[..6])
}

fn kind_of_text(kind: Kind, is_there: bool) -> DepartureKind {
    match (kind, is_there) {
        (Kind::Heading(_), true) => DepartureKind::Heading,
        (Kind::Heading(_), false) => DepartureKind::HeadingDeleted,
        (Kind::FirstPage, _) => DepartureKind::FirstPage,
        (Kind::Caption, _) => DepartureKind::Caption,
        (Kind::Summary, _) => DepartureKind::Summary,
        (Kind::Numbered | Kind::Unnumbered, true) => DepartureKind::Text,
        (Kind::Numbered | Kind::Unnumbered, false) => DepartureKind::Deleted,
    }
}
