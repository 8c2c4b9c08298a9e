//! Joins the lines of a file to passages: a paragraph goes on with its list items and with the text after them. Must never give a
//! line to a paragraph in another table cell.

use super::lines::Line;
use super::pieces::{Content, Piece};
use super::source::{Maker, source};
use super::styles::Role;
use super::{Kind, Passage};
use crate::document::{
    Block, Document, Figure, Id, Inline, LabelledItem, LanguageTag, List, Note, Paragraph,
    ParagraphPart, Text,
};
use crate::render::docx::bookmark;
use std::collections::{BTreeMap, BTreeSet};

/// What the document is known to hold.
pub(super) struct Known<'a> {
    /// By the names of bookmarks in lower case, since Word takes no notice of case.
    pub(super) ids: BTreeMap<String, Id>,
    /// Sections and paragraphs, in order.
    pub(super) passages: Vec<&'a Id>,
    tables: BTreeSet<&'a Id>,
    languages: BTreeMap<&'a Id, &'a LanguageTag>,
}

impl<'a> Known<'a> {
    pub(super) fn of(document: &'a Document) -> Self {
        let (ids, languages) = (BTreeMap::new(), BTreeMap::new());
        let mut known = Self { ids, passages: Vec::new(), tables: BTreeSet::new(), languages };
        document.meta.summary.iter().for_each(|paragraph| known.add_paragraph(paragraph));
        known.add(&document.blocks);
        known
    }

    fn add(&mut self, blocks: &'a [Block]) {
        for block in blocks {
            match block {
                Block::Section(section) => {
                    self.name(&section.id);
                    self.passages.push(&section.id);
                    self.add(&section.blocks);
                }
                Block::Paragraph(paragraph) => self.add_paragraph(paragraph),
                Block::Table(table) | Block::Figure(Figure { table, .. }) => {
                    self.name(&table.id);
                    self.tables.insert(&table.id);
                }
            }
        }
    }

    fn add_paragraph(&mut self, paragraph: &'a Paragraph) {
        self.name(&paragraph.id);
        self.passages.push(&paragraph.id);
        self.languages.extend(paragraph.lang.as_ref().map(|language| (&paragraph.id, language)));
    }

    fn name(&mut self, id: &Id) {
        self.ids.insert(bookmark(id).to_ascii_lowercase(), id.clone());
    }
}

/// A passage of which the end is not yet seen.
struct Open {
    passage: Passage,
    cell: Option<usize>,
    parts: Vec<ParagraphPart>,
    notes: Vec<Note>,
}

/// Joins lines to passages.
pub(super) struct Collector<'a> {
    known: &'a Known<'a>,
    maker: Maker<'a>,
    passages: Vec<Passage>,
    open: Option<Open>,
}

impl<'a> Collector<'a> {
    pub(super) fn new(known: &'a Known<'a>, maker: Maker<'a>) -> Self {
        Self { known, maker, passages: Vec::new(), open: None }
    }

    pub(super) fn finish(mut self) -> Vec<Passage> {
        self.close();
        self.passages
    }

    pub(super) fn take(&mut self, line: Line) {
        let known = |name: &String| self.known.ids.get(&name.to_ascii_lowercase());
        let found: Vec<&Id> = line.bookmarks.iter().filter_map(known).collect();
        let of_table = found.iter().any(|id| self.known.tables.contains(id));
        let mut ids = found.into_iter().filter(|id| !self.known.tables.contains(id)).cloned();
        let (id, joined) = (ids.next(), ids.collect());
        if id.is_none() && (of_table || line.role == Role::Apart) {
            return self.close();
        }
        let is_item = !matches!(line.role, Role::Heading(_) | Role::Numbered | Role::Text);
        let goes_on = is_item
            && id.is_none()
            && self.open.as_ref().is_some_and(|open| {
                open.cell == line.cell && !matches!(open.passage.kind, Kind::Heading(_))
            });
        if line.is_blank() && id.is_none() {
            return;
        }
        if !goes_on {
            self.close();
            let language = match &id {
                Some(id) => self.known.languages.get(id).map(|&language| language.clone()),
                None => self.only_language(&line.pieces),
            };
            let kind = match line.role {
                Role::Heading(level) => Kind::Heading(level),
                Role::Numbered | Role::Counted => Kind::Numbered,
                _ => Kind::Unnumbered,
            };
            let (source, lost_emphasis) = (String::new(), false);
            let passage = Passage { id, joined, kind, language, source, lost_emphasis };
            let (parts, notes) = (Vec::new(), Vec::new());
            self.open = Some(Open { passage, cell: line.cell, parts, notes });
        }
        self.add(line, goes_on);
    }

    /// The language of a new paragraph, when all of it is in one that is not that of the document.
    fn only_language(&self, pieces: &[Piece]) -> Option<LanguageTag> {
        let has_letters = |piece: &&Piece| matches!(&piece.content, Content::Text(text) if text.chars().any(char::is_alphabetic));
        let mut languages = pieces.iter().filter(has_letters).map(|piece| piece.language.as_ref());
        let first =
            languages.next().flatten().filter(|&language| language != self.maker.language)?;
        languages.all(|language| language == Some(first)).then(|| first.clone())
    }

    fn add(&mut self, line: Line, goes_on: bool) {
        let Some(open) = &mut self.open else { return };
        let (label, pieces) = match line.role {
            Role::Label => label(line.pieces),
            _ => (String::new(), line.pieces),
        };
        let inlines = self.maker.inlines(pieces, open.passage.language.as_ref(), &mut open.notes);
        if inlines.is_empty() {
            return;
        }
        let item = |label: String, inlines: Vec<Inline>| LabelledItem {
            label: Text::new(&label),
            inlines,
        };
        let last = open.parts.last_mut();
        match (line.role, last) {
            (Role::Bullet, Some(ParagraphPart::List(List::Bulleted(items))))
            | (Role::Letter, Some(ParagraphPart::List(List::Lettered(items)))) => {
                items.push(inlines);
            }
            // An item to which nobody gave a label goes on with the paragraph.
            (Role::Label, _) if label.is_empty() => open.parts.push(ParagraphPart::Text(inlines)),
            (Role::Label, Some(ParagraphPart::List(List::Labelled(items)))) => {
                items.push(item(label, inlines));
            }
            (Role::Counted, Some(ParagraphPart::List(List::Labelled(items)))) => {
                let label = format!("{}.", items.len() + 1);
                items.push(item(label, inlines));
            }
            (Role::Bullet, _) => {
                open.parts.push(ParagraphPart::List(List::Bulleted(vec![inlines])));
            }
            (Role::Letter, _) => {
                open.parts.push(ParagraphPart::List(List::Lettered(vec![inlines])));
            }
            (Role::Label, _) => {
                open.parts.push(ParagraphPart::List(List::Labelled(vec![item(label, inlines)])));
            }
            (Role::Counted, _) if goes_on => {
                let first = item("1.".to_owned(), inlines);
                open.parts.push(ParagraphPart::List(List::Labelled(vec![first])));
            }
            _ => open.parts.push(ParagraphPart::Text(inlines)),
        }
    }

    fn close(&mut self) {
        let Some(Open { mut passage, parts, notes, .. }) = self.open.take() else { return };
        (passage.source, passage.lost_emphasis) = source(letters(parts), notes);
        self.passages.push(passage);
    }
}

/// The label of an item, which stands before the first tab, and what is left of the item.
fn label(pieces: Vec<Piece>) -> (String, Vec<Piece>) {
    let tab = pieces.iter().position(|piece| has_tab(&piece.content));
    let mut label = String::new();
    let mut rest = Vec::new();
    for (at, mut piece) in pieces.into_iter().enumerate() {
        // Without a tab, which somebody deleted, only what looks like a label is one.
        let is_label = tab.map_or(piece.is_label, |tab| at <= tab);
        if let (true, Content::Text(text)) = (is_label, &mut piece.content) {
            let (before, after) = text.split_once('\t').unwrap_or((text, ""));
            label.push_str(before);
            *text = after.to_owned();
            piece.is_label = false;
        }
        rest.push(piece);
    }
    (label.trim().to_owned(), rest)
}

fn has_tab(content: &Content) -> bool {
    matches!(content, Content::Text(text) if text.contains('\t'))
}

/// A long lettered list is written with labels, see `MOST_LETTERED`; here it is one again.
fn letters(parts: Vec<ParagraphPart>) -> Vec<ParagraphPart> {
    let again = |part| match part {
        ParagraphPart::List(List::Labelled(items)) => {
            let lettered = List::Lettered(items.iter().map(|item| item.inlines.clone()).collect());
            let labels: Vec<_> = lettered.entries().into_iter().map(|(label, _)| label).collect();
            let is_same = items
                .iter()
                .zip(&labels)
                .all(|(item, label)| Some(item.label.as_str()) == label.as_deref());
            ParagraphPart::List(if is_same { lettered } else { List::Labelled(items) })
        }
        part => part,
    };
    parts.into_iter().map(again).collect()
}
