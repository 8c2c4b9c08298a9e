//! Tables as pipe tables. Must never lose a cell: spans become empty cells, further header rows body rows.

use super::inlines::Writer;
use crate::document::{Cell, Document, Inline, Row, Table};

/// A line break inside a cell; the one element of HTML that every reader of pipe tables knows.
const LINE_BREAK: &str = " <br> ";

/// A table; with a label before its caption, the figures of a chart.
pub(super) fn add(document: &Document, table: &Table, label: &str, blocks: &mut Vec<String>) {
    let label = (!label.is_empty()).then(|| Inline::text(&format!("{label}. ")));
    let caption = label.into_iter().chain(table.caption.iter().cloned());
    let caption = vec![Inline::Strong(caption.collect())];
    blocks.push(Writer::write_block(document, &caption, " "));
    blocks.push(pipe_table(document, table));
    let lettered = document.notes.iter().filter(|note| note.table.as_ref() == Some(&table.id));
    blocks.extend(lettered.map(|note| {
        format!("\\[{}\\] {}", note.label(), Writer::write(document, &note.inlines, "\\\n"))
    }));
    blocks.retain(|block| !block.is_empty());
}

fn pipe_table(document: &Document, table: &Table) -> String {
    let columns = table.columns.len();
    let mut grid = Grid { document, hanging: vec![0; columns], lines: Vec::new() };
    table.header.iter().for_each(|row| grid.add(row, false));
    if table.header.is_empty() {
        grid.lines.push("|".to_owned() + &"  |".repeat(columns));
    }
    grid.lines.insert(1, "|".to_owned() + &" --- |".repeat(columns));
    grid.hanging.fill(0);
    table.rows.iter().for_each(|row| grid.add(row, true));
    grid.lines.join("\n")
}

/// Lays rows out with an empty cell wherever a span reaches.
struct Grid<'a> {
    document: &'a Document,
    /// For each column how many more rows a cell from above reaches into.
    hanging: Vec<u16>,
    lines: Vec<String>,
}

impl Grid<'_> {
    fn add(&mut self, row: &Row, in_body: bool) {
        let mut texts = vec![String::new(); self.hanging.len()];
        let mut at = 0;
        for cell in &row.cells {
            at += self.hanging.iter().skip(at).take_while(|&&rows| rows > 0).count();
            if let Some(text) = texts.get_mut(at) {
                *text = self.cell(cell, in_body);
            }
            let span = usize::from(cell.colspan);
            self.hanging.iter_mut().skip(at).take(span).for_each(|rows| *rows = cell.rowspan);
            at += span;
        }
        self.hanging.iter_mut().for_each(|rows| *rows = rows.saturating_sub(1));
        self.lines.push(format!("| {} |", texts.join(" | ")));
    }

    fn cell(&self, cell: &Cell, in_body: bool) -> String {
        if cell.heading && in_body {
            return Writer::write(
                self.document,
                &[Inline::Strong(cell.inlines.clone())],
                LINE_BREAK,
            );
        }
        Writer::write(self.document, &cell.inlines, LINE_BREAK)
    }
}
