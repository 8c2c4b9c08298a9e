//! Writes parsed paragraphs back as source, so that they can be edited, and as plain text. Must never know what the source is for;
//! what it writes, `parse` reads back to the same parts.

use super::super::{Inline, List, Note, NoteRef, ParagraphPart, number::lower_alpha};
use super::{Opening, opening};

/// The text of inlines without markup and notes; a line break is a space, a cross-reference its number.
#[must_use]
pub fn plain_text(inlines: &[Inline]) -> String {
    let mut text = String::new();
    for inline in inlines {
        match inline {
            Inline::Text(run) => text.push_str(run.as_str()),
            Inline::LineBreak => text.push(' '),
            Inline::CrossReference { text: number, .. } => text.push_str(number),
            Inline::Note(_) => {}
            // What stood there before is not read as if it still did.
            Inline::Marked { mark, .. } if mark.is_before() => {}
            other => text.push_str(&plain_text(other.children())),
        }
    }
    text
}

/// The source of a paragraph whose note references count in `notes` (those of a [`super::ParsedParagraph`] or of a whole
/// document). Exact for everything that `parse` returns. Labels of a list that are not one to three digits and a full stop,
/// and parts that no source can say, come out as near as the grammar allows.
#[must_use]
pub fn to_source(parts: &[ParagraphPart], notes: &[Note]) -> String {
    let mut source = String::new();
    let mut after_list = false;
    for part in parts {
        if !source.is_empty() {
            source.push('\n');
        }
        match part {
            ParagraphPart::Text(inlines) => {
                source.push_str(if after_list { "\n" } else { "" });
                source.push_str(&block(inlines, notes));
            }
            ParagraphPart::List(list) => source.push_str(&items(list, notes).join("\n")),
        }
        after_list = matches!(part, ParagraphPart::List(_));
    }
    source
}

fn items(list: &List, notes: &[Note]) -> Vec<String> {
    match list {
        List::Bulleted(items) => {
            items.iter().map(|item| format!("- {}", item_text(item, notes))).collect()
        }
        List::Lettered(items) => {
            let lettered = |(index, item): (usize, &Vec<Inline>)| {
                format!("({}) {}", lower_alpha(index + 1), item_text(item, notes))
            };
            items.iter().enumerate().map(lettered).collect()
        }
        List::Labelled(items) => items
            .iter()
            .map(|item| format!("{} {}", item.label, item_text(&item.inlines, notes)))
            .collect(),
    }
}

/// An item may begin with what would open a line, but its later lines may not.
fn item_text(inlines: &[Inline], notes: &[Note]) -> String {
    let text = run(inlines, notes);
    match text.split_once('\n') {
        Some((first, rest)) => format!("{first}\n{}", escape_openings(rest)),
        None => text,
    }
}

fn block(inlines: &[Inline], notes: &[Note]) -> String {
    escape_openings(&run(inlines, notes))
}

fn escape_openings(text: &str) -> String {
    text.split('\n').map(escape_opening).collect::<Vec<_>>().join("\n")
}

fn escape_opening(line: &str) -> String {
    match opening(line) {
        Opening::Text => line.to_owned(),
        Opening::Label(_, marks) => format!("{}\\{}", &line[..marks - 1], &line[marks - 1..]),
        Opening::Bullet(_) | Opening::Letter(..) | Opening::Refused(_) => format!("\\{line}"),
    }
}

fn run(inlines: &[Inline], notes: &[Note]) -> String {
    inlines.iter().map(|inline| source_of(inline, notes)).collect()
}

fn source_of(inline: &Inline, notes: &[Note]) -> String {
    let inside = || run(inline.children(), notes);
    match inline {
        Inline::Text(text) => escape(text.as_str()),
        Inline::Emphasis(_) => format!("*{}*", inside()),
        Inline::Strong(_) => format!("**{}**", inside()),
        Inline::Link { href, .. } => format!("[{}]({})", inside(), escape_address(href.as_str())),
        Inline::Language { lang, .. } => format!("[{}]{{lang={lang}}}", inside()),
        Inline::Note(NoteRef(index)) => notes
            .get(*index)
            .map(|note| format!("^[{}]", run(&note.inlines, &[])))
            .unwrap_or_default(),
        Inline::CrossReference { to, .. } => format!("[](#{to})"),
        Inline::LineBreak => "\\\n".to_owned(),
        Inline::Marked { mark, .. } if mark.is_before() => String::new(),
        Inline::Marked { .. } => inside(),
    }
}

/// Escapes what begins markup. `^` and `!` do so only before a bracket, which may follow at the end of the text.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if matches!(c, '\\' | '*' | '[' | ']') || (matches!(c, '^' | '!') && chars.peek().is_none())
        {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

fn escape_address(address: &str) -> String {
    address.chars().fold(String::with_capacity(address.len()), |mut escaped, c| {
        if matches!(c, '(' | ')' | '*' | '!') {
            escaped.push('\\');
        }
        escaped.push(c);
        escaped
    })
}
