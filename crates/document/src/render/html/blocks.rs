//! Sections, paragraphs, lists and tables as HTML. Must never skip a heading level: sections begin with `h2` under the title.

use super::super::figure;
use super::{Listed, Page, figure_anchor, paragraph_anchor, section_anchor, was_there};
use crate::document::{
    Block, Cell, Column, Figure, Inline, List, Paragraph, ParagraphPart, Section, Table,
    inline::plain_text,
};
use maud::{Markup, PreEscaped, html};

impl Page<'_> {
    pub(super) fn block(&self, block: &Block) -> Markup {
        match block {
            Block::Section(section) => self.section(section),
            Block::Paragraph(paragraph) => self.paragraph(paragraph),
            Block::Table(table) => self.table(table),
            Block::Figure(figure) => self.figure(figure),
        }
    }

    fn section(&self, section: &Section) -> Markup {
        html! { section class=[section.annex.then_some("annex")] id=(section_anchor(&section.id)) {
            (self.heading(section))
            (self.remarks(&section.id))
            @for block in &section.blocks { (self.block(block)) }
        } }
    }

    pub(super) fn heading(&self, section: &Section) -> Markup {
        let label = section.printed_label();
        let heading = html! {
            @if !label.is_empty() { span.label { (label) } " " }
            span.text { (self.inlines(&section.heading)) }
        };
        html! { @match section.level.get() {
            1 => h2 { (heading) },
            2 => h3 { (heading) },
            3 => h4 { (heading) },
            _ => h5 { (heading) },
        } }
    }

    pub(super) fn paragraph(&self, paragraph: &Paragraph) -> Markup {
        let anchor = match paragraph.number {
            Some(number) if !was_there(paragraph) => paragraph_anchor(number),
            _ => format!("text-{}", paragraph.id),
        };
        let direction = paragraph.lang.as_ref().and_then(|lang| self.other_direction(lang));
        html! { div.paragraph id=(anchor) {
            @if let Some(number) = paragraph.number { a.number href={ "#" (anchor) } { (number) "." } " " }
            div.body lang=[paragraph.lang.as_ref()] dir=[direction] {
                @for part in &paragraph.parts { @match part {
                    ParagraphPart::Text(inlines) => p { (self.inlines(inlines)) },
                    ParagraphPart::List(list) => (self.list(list)),
                } }
                (self.remarks(&paragraph.id))
            }
        } }
    }

    /// Labels are written out, so that copied text keeps them.
    fn list(&self, list: &List) -> Markup {
        let items = html! { @for (label, inlines) in list.entries() {
            li { @match label {
                Some(label) => { span.label { (label) } " " span.text { (self.inlines(inlines)) } },
                None => (self.inlines(inlines)),
            } }
        } };
        html! { @match list {
            List::Bulleted(_) => ul { (items) },
            List::Lettered(_) | List::Labelled(_) => ol.labelled { (items) },
        } }
    }

    /// The picture and, folded beside it, its numbers: who cannot see the one reads the other.
    fn figure(&self, figure: &Figure) -> Markup {
        let (meta, table) = (self.meta(), &figure.table);
        let caption = format!("caption-{}", table.id);
        let picture = figure::svg(&figure.chart, figure.alt.as_str(), meta.dir, meta.lang.as_str());
        html! { figure id=(figure_anchor(&table.id)) {
            figcaption id=(caption) {
                @if !figure.label.is_empty() { span.label { (figure.label) "." } " " }
                (self.inlines(&table.caption))
            }
            div.picture { (PreEscaped(picture)) }
            details {
                summary { (self.words.data) }
                div.scroll role="region" tabindex="0" aria-labelledby=(caption) { table { (self.rows(table)) } }
                (self.lettered(table))
            }
        } }
    }

    fn table(&self, table: &Table) -> Markup {
        let caption = format!("caption-{}", table.id);
        html! { div.table id={ "table-" (table.id) } {
            div.scroll role="region" tabindex="0" aria-labelledby=(caption) { table {
                caption id=(caption) { (self.inlines(&table.caption)) }
                (self.rows(table))
            } }
            (self.lettered(table))
        } }
    }

    fn rows(&self, table: &Table) -> Markup {
        html! {
            colgroup { @for class in width_classes(&table.columns) { col class=(class); } }
            @if !table.header.is_empty() {
                thead { @for row in &table.header { tr { @for cell in &row.cells { (self.cell(cell, Some("col"))) } } } }
            }
            tbody { @for row in &table.rows { tr { @for cell in &row.cells { (self.cell(cell, cell.heading.then_some("row"))) } } } }
        }
    }

    /// Notes that stand under their table.
    fn lettered(&self, table: &Table) -> Markup {
        let notes = self.document.notes.iter().enumerate();
        let notes = notes.filter(|(_, note)| note.table.as_ref() == Some(&table.id));
        let notes: Vec<_> = notes.map(|(index, note)| Listed::of(index, note)).collect();
        html! { @if !notes.is_empty() { (self.note_list(&notes)) } }
    }

    /// A heading cell without text heads nothing, so it is a plain one.
    fn cell(&self, cell: &Cell, scope: Option<&str>) -> Markup {
        let scope = scope.filter(|_| !is_blank(&cell.inlines));
        let (colspan, rowspan) = (span(cell.colspan), span(cell.rowspan));
        let text = self.inlines(&cell.inlines);
        html! { @match scope {
            Some(scope) => th scope=(scope) colspan=[colspan] rowspan=[rowspan] { (text) },
            None => td colspan=[colspan] rowspan=[rowspan] { (text) },
        } }
    }
}

fn is_blank(inlines: &[Inline]) -> bool {
    plain_text(inlines).trim().is_empty()
}

fn span(cells: u16) -> Option<u16> {
    (cells != 1).then_some(cells)
}

/// Widths in steps of five per cent as classes of the style sheet, since a style attribute would need a laxer policy.
fn width_classes(columns: &[Column]) -> Vec<String> {
    let total: u32 = columns.iter().map(|column| u32::from(column.width)).sum();
    let percent = |column: &Column| (u32::from(column.width) * 100).checked_div(total).unwrap_or(5);
    columns
        .iter()
        .map(|column| format!("w{}", ((percent(column) + 2) / 5 * 5).clamp(5, 100)))
        .collect()
}
