//! The paragraphs of a file in reading order, each with our bookmarks in it, with the tracked changes that are asked for. Must never
//! read a table cell for text of the document, unless one of our bookmarks stands in it.

use super::ReadError;
use super::pieces::{Anchor, Content, MOST_ADDRESSES, MOST_TEXT, Piece, Pieces, Surroundings};
use super::styles::Role;
use super::tree::Element;
use super::unread::{self, Unread};
use crate::office::xml::{Event, Reader, attribute, name};
use crate::render::docx::bookmarks::is_ours;
use std::collections::{BTreeMap, BTreeSet};

/// Paragraphs of a file, which is read once for each author of its changes.
const MOST_LINES: usize = 200_000;
/// What a paragraph counts at least when deletions join it to another.
const JOINED: usize = 1024;
/// How far from its paragraph a bookmark is looked for, and how many bookmarks of one paragraph are looked at.
const MOST_STEPS: usize = 50;
/// Tables in tables, content controls in content controls. What people write stays far below.
const MOST_DEPTH: usize = 200;
/// Comments that may be open at once, and characters of the words that one is on.
const MOST_COMMENTS: usize = 100;
const LONGEST_QUOTE: usize = 300;

/// A table cell: its number in the file, that of its table, that of its row in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CellPlace {
    pub(super) cell: usize,
    pub(super) table: usize,
    pub(super) row: usize,
}

/// A paragraph of the file.
pub(super) struct Line {
    pub(super) role: Role,
    pub(super) pieces: Vec<Piece>,
    /// Nothing stands in it.
    pub(super) is_blank: bool,
    /// Names of our bookmarks that begin here.
    pub(super) bookmarks: Vec<String>,
    /// The table cell in which it stands; none outside of tables.
    pub(super) cell: Option<CellPlace>,
    /// It stands in a table that is one, and not in one that lays out what stands in it.
    pub(super) is_tabular: bool,
    /// Comments on it by their ids, with the words that they are on.
    pub(super) comments: Vec<(String, String)>,
    pub(super) unread: Vec<Unread>,
    pub(super) is_mixed: bool,
}

fn are_blank(pieces: &[Piece]) -> bool {
    pieces.iter().all(|piece| match &piece.content {
        Content::Text(text) => piece.is_label || text.trim().is_empty(),
        Content::Break => true,
        Content::Note(..) | Content::Reference(_) => false,
    })
}

/// A comment of which the end is not yet seen.
struct OpenComment {
    id: String,
    line: usize,
    quote: String,
}

/// The paragraphs of a file.
#[derive(Default)]
pub(super) struct Lines {
    pub(super) lines: Vec<Line>,
    /// What stands between paragraphs and is not read.
    pub(super) unread: Vec<Unread>,
    /// How much is not read, between paragraphs and in them.
    count_of_unread: usize,
    /// Where each bookmark ends, by its number in the file.
    ends: BTreeMap<String, usize>,
    /// Where each bookmark of ours begins: number in the file, name, line.
    begins: Vec<(String, String, usize)>,
    /// Bookmarks that begin before the next paragraph.
    waiting: Vec<(String, String)>,
    /// The tables that are open: number, rows so far.
    tables: Vec<(usize, usize)>,
    count_of_tables: usize,
    cells: Vec<CellPlace>,
    count_of_cells: usize,
    /// The end of the last paragraph was deleted: the next goes on with it.
    goes_on: bool,
    /// The size of what paragraphs that go on have joined.
    joined: usize,
    /// Bytes of all addresses.
    addresses: usize,
    comments: Vec<OpenComment>,
    /// Comments whose place is known.
    anchored: BTreeSet<String>,
}

impl Lines {
    pub(super) fn read(xml: &str, around: &Surroundings) -> Result<Self, ReadError> {
        let mut read = Self::default();
        let mut reader = Reader::new(xml);
        let mut open: Vec<String> = Vec::new();
        while let Some(event) = reader.event()? {
            match event {
                Event::Start(start) => match name(&start) {
                    "p" => read.add(&Element::read(&start, &mut reader)?, around)?,
                    "trPr" | "tcPr" => {
                        let properties = Element::read(&start, &mut reader)?;
                        // What has begun already: what is left of it is passed over.
                        if is_left_out(&properties, around) {
                            reader.skip()?;
                            read.close(open.pop().as_deref());
                        }
                    }
                    "del" | "moveFrom" | "ins" | "moveTo" => {
                        let author = attribute(&start, "author").unwrap_or_default();
                        let adds = matches!(name(&start), "ins" | "moveTo");
                        if around.view.takes(&author) == adds {
                            open.push(name(&start).to_owned());
                        } else {
                            reader.skip()?;
                        }
                    }
                    "tblPr" | "tblGrid" | "sdtPr" | "sectPr" => {
                        reader.skip()?;
                    }
                    "AlternateContent" | "altChunk" | "subDoc" => {
                        read.unread.push(Unread::other_file());
                        read.count_unread(1)?;
                        reader.skip()?;
                    }
                    key => {
                        read.open(key, &attribute(&start, "id"), &attribute(&start, "name"));
                        open.push(key.to_owned());
                        if open.len() > MOST_DEPTH {
                            return Err(ReadError::TooDeep);
                        }
                    }
                },
                Event::End => read.close(open.pop().as_deref()),
                Event::Text(_) => {}
            }
        }
        if !open.is_empty() {
            return Err(ReadError::Damaged);
        }
        read.finish();
        Ok(read)
    }

    fn open(&mut self, key: &str, id: &Option<String>, name: &Option<String>) {
        match (key, id, name) {
            ("tbl", ..) => {
                self.tables.push((self.count_of_tables, 0));
                self.count_of_tables += 1;
            }
            ("tr", ..) => self.tables.last_mut().into_iter().for_each(|(_, rows)| *rows += 1),
            ("tc", ..) => {
                let (table, row) = self.tables.last().copied().unwrap_or_default();
                self.cells.push(CellPlace { cell: self.count_of_cells, table, row });
                self.count_of_cells += 1;
            }
            ("bookmarkStart", Some(id), Some(name)) if is_ours(name) => {
                self.waiting.push((id.clone(), name.clone()));
            }
            ("bookmarkEnd", Some(id), _) => {
                self.ends.insert(id.clone(), self.lines.len().saturating_sub(1));
            }
            ("commentRangeStart", Some(id), _) => {
                let line = self.lines.len();
                self.comment(id, Anchor::Begin, line);
            }
            ("commentRangeEnd", Some(id), _) => {
                let line = self.lines.len().saturating_sub(1);
                self.comment(id, Anchor::End, line);
            }
            _ => {}
        }
    }

    fn close(&mut self, key: Option<&str>) {
        match key {
            Some("tc") => {
                self.cells.pop();
                self.goes_on = false;
            }
            Some("tbl") => drop(self.tables.pop()),
            _ => {}
        }
    }

    fn add(&mut self, paragraph: &Element, around: &Surroundings) -> Result<(), ReadError> {
        let properties = paragraph.child("pPr");
        let read = Pieces::read(paragraph, around);
        let goes_on = std::mem::take(&mut self.goes_on) && !self.lines.is_empty();
        let mark = properties.and_then(|properties| properties.child("rPr"));
        self.goes_on = mark.is_some_and(|mark| end_is_left_out(mark, around));
        self.joined = read.size() + if goes_on { self.joined + JOINED } else { 0 };
        self.addresses += read.addresses();
        if self.lines.len() == MOST_LINES
            || self.joined > 2 * MOST_TEXT
            || self.addresses > MOST_ADDRESSES
        {
            return Err(ReadError::TooLarge);
        }
        self.count_unread(read.unread.len())?;
        let at = if goes_on { self.lines.len() - 1 } else { self.lines.len() };
        if goes_on && self.lines[at].is_blank {
            // Text and end were deleted: nothing is left of that paragraph, nor of what it was.
            let recent = self.begins.split_off(self.begins.len().saturating_sub(MOST_STEPS));
            let is_left = |(id, _, begin): &(String, String, usize)| {
                *begin != at || !self.ends.contains_key(id)
            };
            self.begins.extend(recent.into_iter().filter(is_left));
        }
        let begun = std::mem::take(&mut self.waiting).into_iter().chain(read.begun);
        self.begins.extend(begun.map(|(id, name)| (id, name, at)));
        self.ends.extend(read.ended.into_iter().map(|id| (id, at)));
        match self.lines.last_mut().filter(|_| goes_on) {
            Some(line) => {
                // What has lost all its text takes the kind of what follows.
                if line.is_blank {
                    line.role = around.styles.role(properties);
                }
                line.is_blank &= are_blank(&read.pieces);
                line.pieces.extend(read.pieces.iter().cloned());
                line.unread.extend(read.unread);
                line.is_mixed |= read.is_mixed;
            }
            None => self.lines.push(Line {
                role: around.styles.role(properties),
                is_blank: are_blank(&read.pieces),
                pieces: read.pieces.clone(),
                bookmarks: Vec::new(),
                cell: self.cells.last().copied(),
                is_tabular: false,
                comments: Vec::new(),
                unread: read.unread,
                is_mixed: read.is_mixed,
            }),
        }
        self.anchor(&read.pieces, read.comments, at);
        Ok(())
    }

    fn count_unread(&mut self, more: usize) -> Result<(), ReadError> {
        self.count_of_unread += more;
        if self.count_of_unread > unread::MOST { Err(ReadError::TooMany) } else { Ok(()) }
    }

    /// Ties comments to the line, and gathers the words that they are on.
    fn anchor(&mut self, pieces: &[Piece], comments: Vec<(usize, String, Anchor)>, at: usize) {
        let mut comments = comments.into_iter().peekable();
        for (place, piece) in pieces.iter().enumerate() {
            while let Some((_, id, anchor)) = comments.next_if(|(before, ..)| *before <= place) {
                self.comment(&id, anchor, at);
            }
            if let Content::Text(text) = &piece.content {
                self.quote(text);
            }
        }
        for (_, id, anchor) in comments {
            self.comment(&id, anchor, at);
        }
        self.quote(" ");
    }

    fn quote(&mut self, text: &str) {
        for open in &mut self.comments {
            if open.quote.len() < LONGEST_QUOTE {
                open.quote.push_str(text);
            }
        }
    }

    fn comment(&mut self, id: &str, anchor: Anchor, line: usize) {
        let open = self.comments.iter().position(|one| one.id == id);
        match (anchor, open) {
            (Anchor::Begin, None) if self.comments.len() < MOST_COMMENTS => {
                self.comments.push(OpenComment { id: id.to_owned(), line, quote: String::new() });
            }
            (Anchor::End, Some(open)) => {
                let OpenComment { id, line, quote } = self.comments.swap_remove(open);
                self.place(id, line, &quote);
            }
            (Anchor::Mark, None) if !self.anchored.contains(id) => {
                self.place(id.to_owned(), line, "");
            }
            _ => {}
        }
    }

    fn place(&mut self, id: String, line: usize, quote: &str) {
        let quote: String = quote.split_whitespace().collect::<Vec<_>>().join(" ");
        let last = self.lines.len().saturating_sub(1);
        if let Some(line) = self.lines.get_mut(line.min(last)) {
            line.comments.push((id.clone(), quote.chars().take(LONGEST_QUOTE).collect()));
            self.anchored.insert(id);
        }
    }

    /// Gives every bookmark its paragraph: the one in which it begins, or, where somebody put an empty one before the text, the
    /// first with text in it. Then tells tables from what only lays out our text.
    fn finish(&mut self) {
        for OpenComment { id, line, quote } in std::mem::take(&mut self.comments) {
            self.place(id, line, &quote);
        }
        for (id, name, begin) in std::mem::take(&mut self.begins) {
            let end = self.ends.get(&id).copied().unwrap_or(begin);
            let end = end.min(self.lines.len() - 1).max(begin);
            let has_text = |at: &usize| !self.lines[*at].is_blank;
            let at = (begin..=end).take(MOST_STEPS).find(has_text).unwrap_or(begin);
            self.lines[at].bookmarks.push(name);
        }
        let with_ours = self.lines.iter().filter(|line| !line.bookmarks.is_empty());
        let ours: BTreeSet<_> =
            with_ours.filter_map(|line| line.cell).map(|place| place.cell).collect();
        for line in &mut self.lines {
            line.is_tabular = line.cell.is_some_and(|place| !ours.contains(&place.cell));
        }
    }
}

/// Whether the reading has no such row or cell: it was deleted, or inserted by a change that does not count.
fn is_left_out(properties: &Element, around: &Surroundings) -> bool {
    let is_row = properties.name == "trPr";
    let (gone, new) = if is_row { ("del", "ins") } else { ("cellDel", "cellIns") };
    let takes = |name: &str| {
        let author = properties.child(name)?.attribute("author").unwrap_or_default();
        Some(around.view.takes(author))
    };
    takes(gone) == Some(true) || takes(new) == Some(false)
}

/// Whether the end of a paragraph is not there, so that the next goes on with it.
fn end_is_left_out(mark: &Element, around: &Surroundings) -> bool {
    let takes = |name: &str| {
        let author = mark.child(name)?.attribute("author").unwrap_or_default();
        Some(around.view.takes(author))
    };
    let is_gone = takes("del").or_else(|| takes("moveFrom")) == Some(true);
    is_gone || takes("ins").or_else(|| takes("moveTo")) == Some(false)
}
