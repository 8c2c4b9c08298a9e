//! Any text in any slot, and damaged files.

use super::reading::{edited, read};
use super::*;
use crate::document::inline::to_source;
use crate::document::{
    Cell, Column, Inline, LabelledItem, Level, List, MastheadLine, MastheadNote, ParagraphPart,
    Row, Section, Table, Text, sample::sample,
};
use proptest::prelude::*;

/// A document with `raw` in every slot that takes text.
fn filled_with(raw: &str) -> Document {
    let text = || Text::new(raw);
    let mut document = Document::default();
    let note = document.add_note(vec![Inline::text(raw)]);
    let lettered = document.add_note(vec![Inline::text(raw)]);
    let marked = vec![
        Inline::text(raw),
        Inline::Emphasis(vec![Inline::text(raw)]),
        Inline::Strong(vec![Inline::text(raw), Inline::LineBreak]),
        Inline::Language {
            lang: LanguageTag::parse("ar").unwrap(),
            inlines: vec![Inline::text(raw)],
        },
        Inline::CrossReference { to: Id::new("p"), text: raw.to_owned() },
        Inline::CrossReference { to: Id::new("s"), text: raw.to_owned() },
        note,
    ];
    let plain = vec![Inline::text(raw)];
    let labelled = LabelledItem { label: text(), inlines: plain.clone() };
    let list = |list| ParagraphPart::List(list);
    let parts = vec![
        ParagraphPart::Text(marked),
        list(List::Bulleted(vec![plain.clone()])),
        list(List::Lettered(vec![plain.clone()])),
        list(List::Labelled(vec![labelled])),
        ParagraphPart::Text(plain.clone()),
    ];
    let cell = |inlines| Row { cells: vec![Cell { inlines, ..Cell::default() }] };
    let table = Table {
        id: Id::new(&format!("table {raw}")),
        caption: plain.clone(),
        columns: vec![Column { width: 0 }],
        header: vec![cell(plain.clone())],
        rows: vec![cell(vec![Inline::text(raw), lettered])],
        lettered_notes: true,
    };
    let blocks = vec![Block::Paragraph(Paragraph::numbered("p", parts)), Block::Table(table)];
    document.blocks = vec![Block::Section(Section::new("s", Level::ONE, raw, blocks))];
    let meta = &mut document.meta;
    for field in [
        &mut meta.symbol,
        &mut meta.organ,
        &mut meta.distribution,
        &mut meta.date,
        &mut meta.original_language,
        &mut meta.title,
        &mut meta.subtitle,
        &mut meta.identifier,
    ] {
        *field = text();
    }
    (meta.meeting, meta.agenda_items) = (vec![text()], vec![text()]);
    meta.summary = vec![Paragraph::unnumbered("summary", vec![ParagraphPart::Text(plain)])];
    let lines = [
        MastheadLine::Symbol,
        MastheadLine::AgendaItems,
        MastheadLine::Title,
        MastheadLine::Summary,
    ];
    let printed = lines.into_iter().filter(|&line| document.meta.prints(line));
    document.meta.notes =
        printed.map(|to| MastheadNote { to, inlines: vec![Inline::text(raw)] }).collect();
    document.number().unwrap();
    // A file of JSON may claim any label.
    if let Block::Section(section) = &mut document.blocks[0] {
        section.label = raw.to_owned();
    }
    document
}

/// The text of a part, and how many elements it has; fails when it is not well-formed or holds a character XML has not.
fn text_and_elements(xml: &str) -> (String, usize) {
    use quick_xml::events::Event;
    let (mut text, mut elements) = (String::new(), 0);
    let mut reader = quick_xml::Reader::from_str(xml);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(_) | Event::Empty(_) => elements += 1,
            Event::Text(part) => text.push_str(&part.xml10_content()),
            Event::GeneralRef(name) => match &*name {
                "amp" => text.push('&'),
                "lt" => text.push('<'),
                "gt" => text.push('>'),
                "quot" => text.push('"'),
                "apos" => text.push('\''),
                other => panic!("{other}"),
            },
            Event::Decl(_) | Event::End(_) => {}
            Event::Eof => return (text, elements),
            other => panic!("{other:?}"),
        }
    }
}

fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

proptest! {
    #[test]
    fn any_text_is_printed_literally(raw in "[<>&\"'\\]\\[!a-c/-]{1,30}|\\PC{1,20}|.{1,20}") {
        let document = filled_with(&raw);
        let bytes = render(&document);
        for (name, xml) in parts(&bytes) {
            let (text, _) = text_and_elements(&xml);
            prop_assert!(xml.chars().all(is_xml), "{}", name);
            let clean = Text::new(&raw);
            if name == DOCUMENT && !clean.is_blank() {
                // All slots but the note, the identifier and what is trimmed.
                prop_assert!(text.matches(clean.as_str().trim()).count() >= 18, "{}", text);
            }
        }
        prop_assert!(read(&bytes, &document).is_ok());
    }

    #[test]
    fn what_parses_reads_back_from_a_file(raw in "[a-c *\\\\.“\\[\\]()^-]{1,30}") {
        if let Ok(parsed) = parse(&raw) {
            let mut document = Document::default();
            let parts = document.adopt(parsed);
            document.blocks = vec![Block::Paragraph(Paragraph::numbered("p", parts.clone()))];
            document.number().unwrap();
            let reading = read(&render(&document), &document).unwrap();
            let now = parse(&reading.passages[0].source).unwrap();
            let flat = |parts: &[ParagraphPart]| to_source(parts, &[]).replace(['*', '\\', ' '], "");
            prop_assert_eq!(flat(&now.parts), flat(&parts));
        }
    }

    #[test]
    fn damaged_files_do_no_harm(at in 0_usize..20_000, byte: u8) {
        let document = sample();
        let xml = part(&render(&document), DOCUMENT);
        let damaged = edited(&render(&document), DOCUMENT, |_| {
            let mut bytes = xml.clone().into_bytes();
            let at = at % bytes.len();
            bytes[at] = byte;
            String::from_utf8_lossy(&bytes).into_owned() + " "
        });
        let _ = read(&damaged, &document);
    }
}
