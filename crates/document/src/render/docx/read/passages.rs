//! Joins the lines of a file to passages: a paragraph goes on with its list items and with the text after them. Must never give a
//! line to a paragraph in another table cell.

use super::lines::{CellPlace, Line};
use super::pieces::{Content, Piece};
use super::source::{Maker, source};
use super::styles::Role;
use super::{Grid, Kind, Passage, Reading, Unread};
use crate::document::{
    Block, Document, Id, Inline, LabelledItem, LanguageTag, List, Note, Paragraph, ParagraphPart,
    Table, Text, spots,
};
use crate::render::docx::bookmark;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// What the documents are known to hold from which a file can have been made.
pub(super) struct Known<'a> {
    /// By the names of bookmarks in lower case, since Word takes no notice of case.
    pub(super) ids: BTreeMap<String, Id>,
    pub(super) language: &'a LanguageTag,
    /// The text alternatives of charts.
    pub(super) charts: BTreeSet<&'a str>,
    summary: BTreeSet<&'a Id>,
    tables: BTreeSet<&'a Id>,
    languages: BTreeMap<&'a Id, &'a LanguageTag>,
}

static ENGLISH: LazyLock<LanguageTag> = LazyLock::new(LanguageTag::default);

impl<'a> Known<'a> {
    pub(super) fn of(documents: &[&'a Document]) -> Self {
        let language = documents.first().map_or(&*ENGLISH, |first| &first.meta.lang);
        let mut known = Self {
            ids: BTreeMap::new(),
            language,
            charts: BTreeSet::new(),
            summary: BTreeSet::new(),
            tables: BTreeSet::new(),
            languages: BTreeMap::new(),
        };
        for &document in documents {
            for paragraph in &document.meta.summary {
                known.summary.insert(&paragraph.id);
                known.add_paragraph(paragraph);
            }
            spots::of(&document.meta).iter().for_each(|id| known.name(id));
            known.add(&document.blocks);
        }
        known
    }

    fn add(&mut self, blocks: &'a [Block]) {
        for block in blocks {
            match block {
                Block::Section(section) => {
                    self.name(&section.id);
                    self.add(&section.blocks);
                }
                Block::Paragraph(paragraph) => self.add_paragraph(paragraph),
                Block::Table(table) => self.add_table(table),
                Block::Figure(figure) => {
                    self.charts.insert(figure.alt.as_str());
                    self.add_table(&figure.table);
                }
            }
        }
    }

    fn add_table(&mut self, table: &'a Table) {
        self.name(&table.id);
        self.tables.insert(&table.id);
    }

    fn add_paragraph(&mut self, paragraph: &'a Paragraph) {
        self.name(&paragraph.id);
        if let Some(language) = &paragraph.lang {
            self.languages.entry(&paragraph.id).or_insert(language);
        }
    }

    fn name(&mut self, id: &Id) {
        self.ids.insert(bookmark(id).to_ascii_lowercase(), id.clone());
    }
}

/// A passage of which the end is not yet seen.
struct Open {
    passage: Passage,
    cell: Option<CellPlace>,
    parts: Vec<ParagraphPart>,
    notes: Vec<Note>,
}

/// What was collected.
#[derive(Default)]
pub(super) struct Collected {
    pub(super) reading: Reading,
    /// Comments by id, the words that they are on, and the place of the passage.
    pub(super) comments: Vec<(String, String, Option<usize>)>,
    pub(super) unread: Vec<Unread>,
}

/// Joins lines to passages.
pub(super) struct Collector<'a> {
    known: &'a Known<'a>,
    maker: Maker<'a>,
    collected: Collected,
    open: Option<Open>,
    /// The table whose caption was the last thing seen.
    caption: Option<Id>,
    /// The cell that was read last.
    cell: Option<CellPlace>,
    /// The cell in which the summary stands.
    summary: Option<CellPlace>,
}

impl<'a> Collector<'a> {
    pub(super) fn new(known: &'a Known<'a>, maker: Maker<'a>) -> Self {
        let (collected, open, caption) = (Collected::default(), None, None);
        Self { known, maker, collected, open, caption, cell: None, summary: None }
    }

    pub(super) fn finish(mut self) -> Collected {
        self.close();
        self.collected
    }

    pub(super) fn take(&mut self, mut line: Line) {
        let known = |name: &String| self.known.ids.get(&name.to_ascii_lowercase());
        let mut ids: Vec<Id> = line.bookmarks.iter().filter_map(known).cloned().collect();
        let table = ids.iter().position(|id| self.known.tables.contains(id));
        let table = table.map(|place| ids.remove(place));
        if line.is_tabular && table.is_none() {
            return self.take_cell(line);
        }
        if matches!(line.role, Role::Contents) && ids.is_empty() {
            return self.close();
        }
        if matches!(line.role, Role::TableNote) && ids.is_empty() && table.is_none() {
            return self.take_note(line);
        }
        let mut ids = ids.into_iter();
        let (id, joined) = (table.clone().or_else(|| ids.next()), ids.collect());
        let is_item = matches!(
            line.role,
            Role::Continued | Role::Bullet | Role::Letter | Role::Label | Role::Counted
        );
        let goes_on = is_item
            && id.is_none()
            && self.open.as_ref().is_some_and(|open| {
                let is_text =
                    matches!(open.passage.kind, Kind::Numbered | Kind::Unnumbered | Kind::Summary);
                open.cell == line.cell && is_text
            });
        if line.is_blank && id.is_none() {
            return self.tell(&mut line, None);
        }
        if !goes_on {
            self.close();
            let kind = self.kind(&line, id.as_ref(), table.is_some());
            self.caption = table;
            let language = match &id {
                Some(id) => self.known.languages.get(id).map(|&language| language.clone()),
                None => self.only_language(&line.pieces),
            };
            let (source, lost_emphasis, is_mixed) = (String::new(), false, false);
            let passage = Passage { id, joined, kind, language, source, lost_emphasis, is_mixed };
            let (parts, notes) = (Vec::new(), Vec::new());
            self.open = Some(Open { passage, cell: line.cell, parts, notes });
        }
        let place = self.collected.reading.passages.len();
        self.tell(&mut line, Some(place));
        self.add(line, goes_on);
    }

    fn kind(&mut self, line: &Line, id: Option<&Id>, is_table: bool) -> Kind {
        let in_summary = id.is_some_and(|id| self.known.summary.contains(id));
        if in_summary {
            self.summary = line.cell;
        }
        match line.role {
            _ if is_table => Kind::Caption,
            _ if id.is_some_and(spots::is_of_first_page) => Kind::FirstPage,
            _ if in_summary || (line.cell.is_some() && line.cell == self.summary) => Kind::Summary,
            Role::Heading(level) => Kind::Heading(level),
            Role::Numbered | Role::Counted => Kind::Numbered,
            Role::FirstPage => Kind::FirstPage,
            Role::Caption => Kind::Caption,
            _ => Kind::Unnumbered,
        }
    }

    /// Hands on what stands on a line beside its text.
    fn tell(&mut self, line: &mut Line, passage: Option<usize>) {
        let comments = std::mem::take(&mut line.comments).into_iter();
        let placed = comments.map(|(id, quote)| (id, quote, passage));
        self.collected.comments.extend(placed);
        let open = self.open.as_ref().and_then(|open| open.passage.id.clone());
        let at = if line.is_tabular { self.table_id() } else { open };
        let unread = std::mem::take(&mut line.unread).into_iter();
        self.collected.unread.extend(unread.map(|one| Unread { at: at.clone(), ..one }));
        if let Some(open) = &mut self.open {
            open.passage.is_mixed |= line.is_mixed;
        }
    }

    fn table_id(&self) -> Option<Id> {
        self.collected.reading.tables.last().and_then(|table| table.id.clone())
    }

    /// A line in a cell of a table.
    fn take_cell(&mut self, mut line: Line) {
        self.close();
        let Some(place) = line.cell else { return };
        let before = self.cell.replace(place);
        let tables = &mut self.collected.reading.tables;
        if before.is_none_or(|before| before.table != place.table) {
            tables.push(Grid { id: self.caption.take(), rows: Vec::new() });
        }
        let Some(table) = tables.last_mut() else { return };
        if table.rows.is_empty()
            || before.is_none_or(|before| (before.table, before.row) != (place.table, place.row))
        {
            table.rows.push(Vec::new());
        }
        let Some(row) = table.rows.last_mut() else { return };
        if row.is_empty() || before.is_none_or(|before| before.cell != place.cell) {
            row.push(String::new());
        }
        self.tell(&mut line, None);
        let text = self.plain_source(line.pieces);
        let row = self.collected.reading.tables.last_mut().and_then(|one| one.rows.last_mut());
        if let Some(cell) = row.and_then(|row| row.last_mut()) {
            if !cell.is_empty() && !text.is_empty() {
                cell.push('\n');
            }
            cell.push_str(&text);
        }
    }

    /// A note under a table is a row of its own.
    fn take_note(&mut self, mut line: Line) {
        self.close();
        self.tell(&mut line, None);
        let text = self.plain_source(line.pieces);
        if let Some(table) = self.collected.reading.tables.last_mut().filter(|_| !text.is_empty()) {
            table.rows.push(vec![text]);
        }
    }

    fn plain_source(&mut self, pieces: Vec<Piece>) -> String {
        let mut notes = Vec::new();
        let inlines = self.maker.inlines(pieces, None, &mut notes);
        if inlines.is_empty() {
            return String::new();
        }
        source(vec![ParagraphPart::Text(inlines)], notes).0
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
        self.collected.reading.passages.push(passage);
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
