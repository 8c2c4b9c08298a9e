//! Tables, with captions, header cells and true spans. Akoma Ntoso has neither columns nor a table head: widths are left out,
//! and rows of the head are marked by a class. Must never write a cell without a `p`, in which its text stands.

use super::{Writer, eid};
use crate::document::{Cell, Row, Table};

/// Marks the rows of the head.
const HEAD: &str = "head";

impl<'a> Writer<'a> {
    /// A table beside paragraphs: the schema lets it stand in the content of a container only.
    /// Of a chart its figures are written, with its label before the caption; Akoma Ntoso refers to pictures elsewhere only.
    pub(super) fn table_block(&mut self, table: &'a Table, label: &str) {
        let named = self.plan.next();
        let eid = named.eid.as_str();
        let mut attributes = named.attributes();
        attributes.push(("name", if label.is_empty() { "table" } else { "figure" }));
        self.xml.open_line("hcontainer", &attributes);
        self.xml.open_line("content", &[("eId", &format!("{eid}__content"))]);
        self.table(table, label, &eid::table(eid));
        self.xml.close();
        self.xml.close();
    }

    fn table(&mut self, table: &'a Table, label: &str, eid: &str) {
        self.xml.open_line("table", &[("eId", eid)]);
        self.hold(eid);
        if !table.caption.is_empty() || !label.is_empty() {
            self.xml.open_line("caption", &[]);
            if !label.is_empty() {
                self.xml.text(&format!("{label}. "));
            }
            self.inlines(&table.caption, false);
            self.xml.close();
        }
        table.header.iter().for_each(|row| self.row(row, true));
        table.rows.iter().for_each(|row| self.row(row, false));
        // The schema has no table without rows.
        if table.header.iter().chain(&table.rows).all(|row| row.cells.is_empty()) {
            self.xml.open("tr", &[]);
            self.xml.empty("td", &[]);
            self.xml.close();
        }
        self.xml.close();
    }

    fn row(&mut self, row: &'a Row, head: bool) {
        if !row.cells.is_empty() {
            let class = head.then_some(("class", HEAD));
            self.xml.open_line("tr", class.as_slice());
            row.cells.iter().for_each(|cell| self.cell(cell, head));
            self.xml.close();
        }
    }

    fn cell(&mut self, cell: &'a Cell, head: bool) {
        let (columns, rows) = (cell.colspan.to_string(), cell.rowspan.to_string());
        let mut attributes = Vec::new();
        if cell.colspan != 1 {
            attributes.push(("colspan", columns.as_str()));
        }
        if cell.rowspan != 1 {
            attributes.push(("rowspan", rows.as_str()));
        }
        self.xml.open(if head || cell.heading { "th" } else { "td" }, &attributes);
        self.xml.open("p", &[]);
        self.inlines(&cell.inlines, false);
        self.xml.close();
        self.xml.close();
    }
}
