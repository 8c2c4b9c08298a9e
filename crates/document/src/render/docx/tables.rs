//! Tables: caption, repeated header rows, spans, notes lettered a, b, c underneath. Must never write a row that does not fill the
//! grid, whatever the model says, since Word refuses such a file.

use super::body::{Body, Line};
use super::styles::TEXT_WIDTH;
use super::xml::{Tag, Xml, on};
use crate::document::{
    Cell, Column, Direction, Figure, Mark, Row, Table, inline::plain_text, wholly,
};

impl<'a> Body<'a> {
    pub(super) fn table(&mut self, table: &'a Table) {
        let looks = self.part.looks();
        self.text_line(Line::new("Caption", looks), Some(&table.id), &table.caption);
        self.under_caption(table);
    }

    /// The caption with its label, the picture, and its figures as a table.
    pub(super) fn figure(&mut self, figure: &'a Figure) {
        let (looks, mark) = (self.part.looks(), wholly(&figure.table.caption));
        self.line(Line::new("Caption", looks).marked(mark), Some(&figure.table.id), |part| {
            if !figure.label.is_empty() {
                part.text(&format!("{}. ", figure.label), looks.marked(mark));
            }
            part.inlines(&figure.table.caption, looks);
        });
        let line = Line::new("Picture", looks).marked(mark);
        self.line(line, None, |part| part.under(mark, |part| part.picture(figure)));
        self.under_caption(&figure.table);
    }

    fn under_caption(&mut self, table: &'a Table) {
        let looks = self.part.looks();
        if !(table.header.is_empty() && table.rows.is_empty()) {
            self.grid(table);
        }
        let document = self.part.document;
        let notes = || document.notes.iter().filter(|note| note.table.as_ref() == Some(&table.id));
        for note in notes() {
            let line = Line::new("TableNote", looks).marked(wholly(&note.inlines));
            self.line(line, None, |part| {
                part.text(&note.label(), line.looks.class("TableNoteReference"));
                part.tab(line.looks);
                part.inlines(&note.inlines, looks);
            });
        }
        // Two tables that touch become one, in either of two documents that are compared.
        let stands = |is_before: bool| {
            let mut marks = notes().map(|note| wholly(&note.inlines));
            marks.any(|mark| mark.is_none_or(|mark| mark.is_before() == is_before))
        };
        let end = match (wholly(&table.caption), stands(true), stands(false)) {
            (mark, false, false) => Some(mark),
            (None, true, false) => Some(Some(Mark::Inserted)),
            (None, false, true) => Some(Some(Mark::Deleted)),
            _ => None,
        };
        if let Some(mark) = end {
            self.line(Line::new("TableEnd", looks).marked(mark), None, |_| {});
        }
    }

    fn grid(&mut self, table: &'a Table) {
        let widths = widths(&table.columns);
        let has_row_headings =
            table.rows.iter().any(|row| row.cells.first().is_some_and(|cell| cell.heading));
        let xml = &mut self.part.xml;
        xml.open("w:tbl", &[]);
        begin(xml, "ReportTable", &widths, self.part.document.meta.dir, |xml| {
            let on_or_off = |on: bool| if on { "1" } else { "0" };
            xml.empty(
                "w:tblLook",
                &[
                    ("w:val", "0000"),
                    ("w:firstRow", on_or_off(!table.header.is_empty())),
                    ("w:lastRow", "0"),
                    ("w:firstColumn", on_or_off(has_row_headings)),
                    ("w:lastColumn", "0"),
                    ("w:noHBand", "1"),
                    ("w:noVBand", "1"),
                ],
            );
            let caption = plain_text(&table.caption);
            if !caption.trim().is_empty() {
                xml.value("w:tblCaption", &caption);
            }
        });
        let mut rows = Rows { widths: &widths, hanging: vec![(0, 0); widths.len()] };
        table.header.iter().for_each(|row| rows.add(self, row, true));
        rows.hanging.fill((0, 0));
        table.rows.iter().for_each(|row| rows.add(self, row, false));
        self.part.xml.close("w:tbl");
    }
}

/// Properties and columns of a table that has just begun.
pub(super) fn begin(
    xml: &mut Xml,
    style: &str,
    widths: &[u32],
    direction: Direction,
    more: impl FnOnce(&mut Xml),
) {
    xml.open("w:tblPr", &[]);
    xml.value("w:tblStyle", style);
    if direction == Direction::RightToLeft {
        xml.tag(on("w:bidiVisual"));
    }
    let total = widths.iter().sum::<u32>().to_string();
    xml.tags(&[
        Tag::One("w:tblW", &[("w:w", &total), ("w:type", "dxa")]),
        Tag::One("w:tblLayout", &[("w:type", "fixed")]),
    ]);
    more(xml);
    xml.close("w:tblPr");
    xml.open("w:tblGrid", &[]);
    for width in widths {
        xml.empty("w:gridCol", &[("w:w", &width.to_string())]);
    }
    xml.close("w:tblGrid");
}

/// Properties of a cell that has just begun.
pub(super) fn cell_properties(xml: &mut Xml, width: u32, span: usize, merge: Option<&str>) {
    xml.open("w:tcPr", &[]);
    xml.empty("w:tcW", &[("w:w", &width.to_string()), ("w:type", "dxa")]);
    if span > 1 {
        xml.value("w:gridSpan", &span.to_string());
    }
    merge.iter().for_each(|merge| xml.value("w:vMerge", merge));
    xml.close("w:tcPr");
}

/// The width of the text, divided as the columns ask; the last column takes what rounding leaves.
fn widths(columns: &[Column]) -> Vec<u32> {
    let total: u32 = columns.iter().map(|column| u32::from(column.width)).sum();
    let count = u32::try_from(columns.len()).unwrap_or(u32::MAX).max(1);
    let share = |column: &Column| {
        (TEXT_WIDTH * u32::from(column.width)).checked_div(total).unwrap_or(TEXT_WIDTH / count)
    };
    let mut widths: Vec<u32> = columns.iter().map(|column| share(column).max(1)).collect();
    let rest = TEXT_WIDTH.saturating_sub(widths.iter().sum());
    match widths.last_mut() {
        Some(last) => *last += rest,
        None => widths.push(TEXT_WIDTH),
    }
    widths
}

/// Lays rows out on the grid.
struct Rows<'w> {
    widths: &'w [u32],
    /// For each column how many more rows a cell from above reaches into, and how wide that cell is.
    hanging: Vec<(u16, usize)>,
}

impl Rows<'_> {
    fn add<'a>(&mut self, body: &mut Body<'a>, row: &'a Row, is_header: bool) {
        let xml = &mut body.part.xml;
        xml.open("w:tr", &[]);
        xml.open("w:trPr", &[]);
        xml.tag(on("w:cantSplit"));
        if is_header {
            xml.tag(on("w:tblHeader"));
        }
        row.mark().into_iter().for_each(|mark| body.part.mark(mark));
        body.part.xml.close("w:trPr");
        let mut cells = row.cells.iter();
        let mut at = 0;
        while at < self.widths.len() {
            at += match self.hanging[at] {
                (0, _) => self.cell(body, cells.next(), at, is_header),
                (rows, span) => {
                    self.hanging[at].0 = rows - 1;
                    self.write(body, None, at, span, Some("continue"), is_header);
                    span
                }
            };
        }
        // A row that overflows its grid, which numbering refuses, still shows all its cells.
        for cell in cells {
            self.write(body, Some(cell), self.widths.len() - 1, 1, None, is_header);
        }
        body.part.xml.close("w:tr");
    }

    /// Writes a cell that begins at this column and returns how wide it is.
    fn cell<'a>(
        &mut self,
        body: &mut Body<'a>,
        cell: Option<&'a Cell>,
        at: usize,
        is_header: bool,
    ) -> usize {
        let free = self.hanging[at..].iter().take_while(|&&(rows, _)| rows == 0).count();
        let span = cell.map_or(1, |cell| usize::from(cell.colspan)).clamp(1, free);
        let rows = cell.map_or(1, |cell| cell.rowspan).max(1);
        self.hanging[at] = (rows - 1, span);
        self.write(body, cell, at, span, (rows > 1).then_some("restart"), is_header);
        span
    }

    fn write<'a>(
        &self,
        body: &mut Body<'a>,
        cell: Option<&'a Cell>,
        at: usize,
        span: usize,
        merge: Option<&str>,
        is_header: bool,
    ) {
        let width = self.widths[at..at + span].iter().sum();
        body.part.xml.open("w:tc", &[]);
        cell_properties(&mut body.part.xml, width, span, merge);
        let is_heading = cell.is_some_and(|cell| cell.heading || is_header);
        let style = if is_heading { "TableHeading" } else { "TableText" };
        let inlines = cell.map_or(&[][..], |cell| &cell.inlines);
        body.text_line(Line::new(style, body.part.looks()), None, inlines);
        body.part.xml.close("w:tc");
    }
}
