//! The paragraphs of a file in reading order, each with our bookmarks in it, once all changes are accepted. Must never read a
//! table cell for text of the document, unless one of our bookmarks stands in it.

use super::ReadError;
use super::pieces::{Content, MOST_TEXT, Piece, Pieces, Surroundings};
use super::styles::Role;
use super::tree::Element;
use crate::office::xml::{Event, Reader, attribute, name};
use crate::render::docx::bookmarks::is_ours;
use std::collections::{BTreeMap, BTreeSet};

/// Paragraphs of a file.
const MOST_LINES: usize = 1_000_000;
/// What a paragraph counts at least when deletions join it to another.
const JOINED: usize = 1024;
/// How far from its paragraph a bookmark is looked for, and how many bookmarks of one paragraph are looked at.
const MOST_STEPS: usize = 50;
/// Tables in tables, content controls in content controls. What people write stays far below.
const MOST_DEPTH: usize = 200;

/// A paragraph of the file.
pub(super) struct Line {
    pub(super) role: Role,
    pub(super) pieces: Vec<Piece>,
    /// Names of our bookmarks that begin here.
    pub(super) bookmarks: Vec<String>,
    /// The table cell in which it stands; none outside of tables.
    pub(super) cell: Option<usize>,
}

impl Line {
    pub(super) fn is_blank(&self) -> bool {
        self.pieces.iter().all(|piece| match &piece.content {
            Content::Text(text) => piece.is_label || text.trim().is_empty(),
            Content::Break => true,
            Content::Note(..) | Content::Reference(_) => false,
        })
    }
}

/// The paragraphs of a file.
#[derive(Default)]
pub(super) struct Lines {
    pub(super) lines: Vec<Line>,
    pub(super) objects: usize,
    /// Where each bookmark ends, by its number in the file.
    ends: BTreeMap<String, usize>,
    /// Where each bookmark of ours begins: number in the file, name, line.
    begins: Vec<(String, String, usize)>,
    /// Bookmarks that begin before the next paragraph.
    waiting: Vec<(String, String)>,
    cells: Vec<usize>,
    count_of_cells: usize,
    /// The end of the last paragraph was deleted: the next goes on with it.
    goes_on: bool,
    /// The size of what paragraphs that go on have joined.
    joined: usize,
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
                    "trPr" => {
                        let is_deleted = Element::read(&start, &mut reader)?.child("del").is_some();
                        // The row has begun already: what is left of it is passed over.
                        if is_deleted {
                            reader.skip()?;
                            open.pop();
                        }
                    }
                    "del" | "moveFrom" | "tblPr" | "tblGrid" | "tcPr" | "sdtPr" | "sectPr" => {
                        reader.skip()?;
                    }
                    "AlternateContent" => {
                        read.objects += 1;
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
                Event::End => {
                    if open.pop().as_deref() == Some("tc") {
                        read.cells.pop();
                        read.goes_on = false;
                    }
                }
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
            ("tc", ..) => {
                self.cells.push(self.count_of_cells);
                self.count_of_cells += 1;
            }
            ("bookmarkStart", Some(id), Some(name)) if is_ours(name) => {
                self.waiting.push((id.clone(), name.clone()));
            }
            ("bookmarkEnd", Some(id), _) => {
                self.ends.insert(id.clone(), self.lines.len().saturating_sub(1));
            }
            _ => {}
        }
    }

    fn add(&mut self, paragraph: &Element, around: &Surroundings) -> Result<(), ReadError> {
        let properties = paragraph.child("pPr");
        let read = Pieces::read(paragraph, around);
        self.objects += read.objects;
        let goes_on = std::mem::take(&mut self.goes_on) && !self.lines.is_empty();
        self.goes_on = properties
            .and_then(|properties| properties.child("rPr"))
            .is_some_and(|mark| mark.child("del").or(mark.child("moveFrom")).is_some());
        self.joined = read.size() + if goes_on { self.joined + JOINED } else { 0 };
        if self.lines.len() == MOST_LINES || self.joined > 2 * MOST_TEXT {
            return Err(ReadError::TooLarge);
        }
        let at = if goes_on { self.lines.len() - 1 } else { self.lines.len() };
        if goes_on && self.lines[at].is_blank() {
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
                if line.is_blank() {
                    line.role = around.styles.role(properties);
                }
                line.pieces.extend(read.pieces);
            }
            None => self.lines.push(Line {
                role: around.styles.role(properties),
                pieces: read.pieces,
                bookmarks: Vec::new(),
                cell: self.cells.last().copied(),
            }),
        }
        Ok(())
    }

    /// Gives every bookmark its paragraph: the one in which it begins, or, where somebody put an empty one before the text, the
    /// first with text in it. Then passes over the cells without bookmarks.
    fn finish(&mut self) {
        for (id, name, begin) in std::mem::take(&mut self.begins) {
            let end = self.ends.get(&id).copied().unwrap_or(begin);
            let end = end.min(self.lines.len() - 1).max(begin);
            let has_text = |at: &usize| !self.lines[*at].is_blank();
            let at = (begin..=end).take(MOST_STEPS).find(has_text).unwrap_or(begin);
            self.lines[at].bookmarks.push(name);
        }
        let ours: BTreeSet<_> = self
            .lines
            .iter()
            .filter(|line| !line.bookmarks.is_empty())
            .filter_map(|line| line.cell)
            .collect();
        self.lines.retain(|line| line.cell.is_none_or(|cell| ours.contains(&cell)));
    }
}
