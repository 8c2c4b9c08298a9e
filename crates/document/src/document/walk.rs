//! Visits every inline of a document in reading order: the one place that knows where inlines can stand. Must never decide anything.

use super::{Block, Document, Figure, Inline, List, Paragraph, ParagraphPart, Row, Table};

impl Document {
    /// Every run of inlines in reading order: summary, headings, paragraphs, captions and cells, and the notes last, those of the
    /// first page before the others.
    /// (Title and masthead are plain [`super::Text`] in `meta`.)
    #[must_use]
    pub fn runs(&self) -> Vec<&[Inline]> {
        let mut runs = Vec::new();
        self.meta.summary.iter().for_each(|paragraph| paragraph_runs(paragraph, &mut runs));
        self.blocks.iter().for_each(|block| block_runs(block, &mut runs));
        runs.extend(self.meta.notes.iter().map(|note| note.inlines.as_slice()));
        runs.extend(self.notes.iter().map(|note| note.inlines.as_slice()));
        runs
    }

    pub(crate) fn each_inline_mut(&mut self, visit: &mut dyn FnMut(&mut Inline)) {
        self.meta
            .summary
            .iter_mut()
            .for_each(|paragraph| each_part_mut(&mut paragraph.parts, visit));
        self.blocks.iter_mut().for_each(|block| each_block_mut(block, visit));
        self.meta.notes.iter_mut().for_each(|note| each_mut(&mut note.inlines, visit));
        self.notes.iter_mut().for_each(|note| each_mut(&mut note.inlines, visit));
    }
}

impl Paragraph {
    /// Every run of inlines in it, in reading order.
    #[must_use]
    pub fn runs(&self) -> Vec<&[Inline]> {
        let mut runs = Vec::new();
        paragraph_runs(self, &mut runs);
        runs
    }
}

impl Table {
    /// Every run of inlines in it, in reading order.
    #[must_use]
    pub fn runs(&self) -> Vec<&[Inline]> {
        let mut runs = Vec::new();
        table_runs(self, &mut runs);
        runs
    }
}

/// Every run of inlines of a table: caption, header, rows.
pub(super) fn table_runs<'a>(table: &'a Table, runs: &mut Vec<&'a [Inline]>) {
    runs.push(&table.caption);
    let rows = table.header.iter().chain(&table.rows);
    runs.extend(rows.flat_map(|row| &row.cells).map(|cell| cell.inlines.as_slice()));
}

pub(super) fn paragraph_runs<'a>(paragraph: &'a Paragraph, runs: &mut Vec<&'a [Inline]>) {
    for part in &paragraph.parts {
        match part {
            ParagraphPart::Text(inlines) => runs.push(inlines),
            ParagraphPart::List(List::Bulleted(items) | List::Lettered(items)) => {
                runs.extend(items.iter().map(Vec::as_slice));
            }
            ParagraphPart::List(List::Labelled(items)) => {
                runs.extend(items.iter().map(|item| item.inlines.as_slice()));
            }
        }
    }
}

fn block_runs<'a>(block: &'a Block, runs: &mut Vec<&'a [Inline]>) {
    match block {
        Block::Section(section) => {
            runs.push(&section.heading);
            section.blocks.iter().for_each(|block| block_runs(block, runs));
        }
        Block::Paragraph(paragraph) => paragraph_runs(paragraph, runs),
        Block::Table(table) => table_runs(table, runs),
        Block::Figure(figure) => table_runs(&figure.table, runs),
    }
}

pub(super) fn each_part_mut(parts: &mut [ParagraphPart], visit: &mut dyn FnMut(&mut Inline)) {
    for part in parts {
        match part {
            ParagraphPart::Text(inlines) => each_mut(inlines, visit),
            ParagraphPart::List(List::Bulleted(items) | List::Lettered(items)) => {
                items.iter_mut().for_each(|item| each_mut(item, visit));
            }
            ParagraphPart::List(List::Labelled(items)) => {
                items.iter_mut().for_each(|item| each_mut(&mut item.inlines, visit));
            }
        }
    }
}

fn each_block_mut(block: &mut Block, visit: &mut dyn FnMut(&mut Inline)) {
    match block {
        Block::Section(section) => {
            each_mut(&mut section.heading, visit);
            section.blocks.iter_mut().for_each(|block| each_block_mut(block, visit));
        }
        Block::Paragraph(paragraph) => each_part_mut(&mut paragraph.parts, visit),
        Block::Table(Table { caption, header, rows, .. })
        | Block::Figure(Figure { table: Table { caption, header, rows, .. }, .. }) => {
            each_mut(caption, visit);
            let cells = header.iter_mut().chain(rows).flat_map(|Row { cells }| cells);
            cells.for_each(|cell| each_mut(&mut cell.inlines, visit));
        }
    }
}

fn each_mut(inlines: &mut [Inline], visit: &mut dyn FnMut(&mut Inline)) {
    for inline in inlines {
        visit(inline);
        each_mut(inline.children_mut(), visit);
    }
}

/// Every inline of a run, each before what it holds.
pub(crate) fn each<'a>(inlines: &'a [Inline], visit: &mut dyn FnMut(&'a Inline)) {
    for inline in inlines {
        visit(inline);
        each(inline.children(), visit);
    }
}
