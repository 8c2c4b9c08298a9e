//! A document as CommonMark with footnotes and pipe tables, for reading, comparing and pasting. Every character that could be taken
//! for markup is escaped, and numbers are written out as text, so that a reader's software gives back the same words. Languages and
//! spans of cells have no form in Markdown and are left out; a cell that spans others is followed by empty ones. Must never
//! write a construct that only one dialect knows, but notes and tables.

mod inlines;
mod table;

use crate::document::{
    Block, Document, List, MastheadLine, Meta, Note, Paragraph, ParagraphPart, Section, Text, Words,
};
use inlines::{Writer, escape, escape_opening};

/// The whole document, with a line end at its end.
#[must_use]
pub fn render(document: &Document) -> String {
    let mut blocks = masthead(&document.meta);
    blocks.extend(summary(document));
    blocks.extend(masthead_notes(document));
    for block in &document.blocks {
        add_block(document, block, &mut blocks);
    }
    let in_run = document.notes.iter().filter(|note| note.table.is_none());
    blocks.extend(in_run.map(|note| definition(document, note)));
    blocks.join("\n\n") + "\n"
}

fn masthead(meta: &Meta) -> Vec<String> {
    let words = Words::of(&meta.lang);
    let symbol = if meta.symbol.is_blank() {
        String::new()
    } else {
        format!(" · {}{}", escape(meta.symbol.as_str()), marks(meta, MastheadLine::Symbol))
    };
    let mut blocks = vec![format!("**{}**{symbol}", words.united_nations)];
    blocks.push(lines(std::slice::from_ref(&meta.organ)));
    blocks.push(lines(&[
        meta.distribution.clone(),
        meta.date.clone(),
        meta.original_language.clone(),
    ]));
    blocks.push(lines(&meta.meeting));
    let agenda = lines(&meta.agenda_items);
    blocks.push(if agenda.is_empty() {
        agenda
    } else {
        agenda + &marks(meta, MastheadLine::AgendaItems)
    });
    if !meta.title.is_blank() {
        let title = escape(meta.title.as_str().trim());
        blocks.push(format!("# {title}{}", marks(meta, MastheadLine::Title)));
    }
    blocks.push(lines(std::slice::from_ref(&meta.subtitle)));
    blocks.retain(|block| !block.is_empty());
    blocks
}

/// Asterisks as text, since a footnote of Markdown would be counted with the others.
fn marks(meta: &Meta, line: MastheadLine) -> String {
    escape(&meta.marks(line))
}

/// The notes to lines of the first page, a block each.
fn masthead_notes(document: &Document) -> impl Iterator<Item = String> {
    document.meta.notes.iter().enumerate().map(|(place, note)| {
        let mark = escape(&document.meta.mark(place));
        format!("{mark} {}", Writer::write(document, &note.inlines, "\\\n"))
    })
}

/// Lines of the masthead as one block.
fn lines(lines: &[Text]) -> String {
    let shown = lines.iter().filter(|line| !line.is_blank());
    shown.map(|line| escape_opening(&escape(line.as_str().trim()))).collect::<Vec<_>>().join("\\\n")
}

fn summary(document: &Document) -> Option<String> {
    let paragraphs = &document.meta.summary;
    let mut blocks = vec![format!(
        "## {}{}",
        Words::of(&document.meta.lang).summary,
        marks(&document.meta, MastheadLine::Summary)
    )];
    paragraphs.iter().for_each(|paragraph| add_paragraph(document, paragraph, &mut blocks));
    let quoted = |line: &str| if line.is_empty() { ">".to_owned() } else { format!("> {line}") };
    (!paragraphs.is_empty())
        .then(|| blocks.join("\n\n").split('\n').map(quoted).collect::<Vec<_>>().join("\n"))
}

fn add_block(document: &Document, block: &Block, blocks: &mut Vec<String>) {
    match block {
        Block::Section(section) => {
            blocks.push(heading(document, section));
            section.blocks.iter().for_each(|block| add_block(document, block, blocks));
        }
        Block::Paragraph(paragraph) => add_paragraph(document, paragraph, blocks),
        Block::Table(table) => table::add(document, table, "", blocks),
        Block::Figure(figure) => table::add(document, &figure.table, &figure.label, blocks),
    }
}

/// The title is the heading of level 1, so sections begin with level 2.
fn heading(document: &Document, section: &Section) -> String {
    let marks = "#".repeat(usize::from(section.level.get()) + 1);
    let label = match section.printed_label() {
        label if label.is_empty() => label,
        label => format!("{label} "),
    };
    format!("{marks} {label}{}", Writer::write(document, &section.heading, " "))
}

fn add_paragraph(document: &Document, paragraph: &Paragraph, blocks: &mut Vec<String>) {
    let mut number = paragraph.number.map(|number| format!("{number}\\."));
    let mut marker = "-";
    for part in &paragraph.parts {
        match (part, number.take()) {
            (ParagraphPart::Text(inlines), number) => {
                let text = Writer::write_block(document, inlines, "\\\n");
                blocks.push(number.map_or(text.clone(), |number| format!("{number} {text}")));
                marker = "-";
            }
            (ParagraphPart::List(list), number) => {
                blocks.extend(number);
                blocks.push(items(document, list, marker));
                // Another mark begins another list (CommonMark, lists).
                marker = if marker == "-" { "*" } else { "-" };
            }
        }
    }
}

/// Labels are written out: CommonMark has no lettered list, and would count numbered ones by itself.
fn items(document: &Document, list: &List, marker: &str) -> String {
    let item = |(label, inlines): (Option<String>, &[_])| {
        let text = Writer::write_block(document, inlines, "\\\n  ");
        match label {
            Some(label) => format!("{marker} {} {text}", escape_opening(&escape(&label))),
            None => format!("{marker} {text}"),
        }
    };
    list.entries().into_iter().map(item).collect::<Vec<_>>().join("\n")
}

fn definition(document: &Document, note: &Note) -> String {
    format!("[^{}]: {}", note.label(), Writer::write_block(document, &note.inlines, "\\\n    "))
}

#[cfg(test)]
mod tests;
