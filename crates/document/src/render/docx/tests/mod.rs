use super::*;
use crate::document::inline::parse;
use crate::document::{
    Direction, Id, LanguageTag, Paragraph,
    sample::{of as document, sample},
};
use std::io::{Cursor, Read};
use zip::ZipArchive;

mod filled;
mod hostile;
mod reading;
mod tracked;

use super::read::{self, ReadError};

/// The parts of a package by name.
fn parts(bytes: &[u8]) -> Vec<(String, String)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut file = archive.by_index(index).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            // Pictures are not text; nobody looks into them here.
            (file.name().unwrap().into_owned(), String::from_utf8_lossy(&content).into_owned())
        })
        .collect()
}

fn part(bytes: &[u8], name: &str) -> String {
    parts(bytes).into_iter().find(|(each, _)| each == name).unwrap().1
}

const DOCUMENT: &str = "word/document.xml";

#[test]
fn the_same_document_gives_the_same_bytes() {
    let document = sample();
    let bytes = render(&document);
    assert_eq!(render(&document.clone()), bytes);
    assert!(!bytes.windows(4).any(|four| four == b"PK\x06\x06"), "no ZIP64");
    assert!(!render(&Document::default()).is_empty());
}

#[test]
fn notes_side_by_side_get_a_separator_and_lettered_ones_stand_under_their_table() {
    let bytes = render(&sample());
    let text = part(&bytes, DOCUMENT);
    let separator = concat!(
        "<w:r><w:rPr><w:rStyle w:val=\"FootnoteReference\"/></w:rPr>",
        "<w:t xml:space=\"preserve\">, </w:t></w:r>"
    );
    assert_eq!(text.matches(separator).count(), 1);
    assert_eq!(
        text.matches("<w:footnoteReference ").count(),
        5 + 2,
        "two are to lines of the first page"
    );
    assert_eq!(text.matches("w:customMarkFollows=\"1\"").count(), 2);
    assert_eq!(text.matches("<w:pStyle w:val=\"TableNote\"/>").count(), 2);
    assert_eq!(part(&bytes, "word/footnotes.xml").matches("<w:footnoteRef/>").count(), 5);
    assert_eq!(text.matches("<w:tblHeader/>").count(), 3, "the figure has a table as well");
    assert_eq!(text.matches("<w:vMerge w:val=\"restart\"/>").count(), 2);
}

#[test]
fn a_number_out_of_turn_begins_its_list_again() {
    let mut document = document(&["one", "two", "three"]);
    if let Block::Paragraph(paragraph) = &mut document.blocks[1] {
        paragraph.number = Some(7);
    }
    let numbering = part(&render(&document), "word/numbering.xml");
    assert!(numbering.contains("<w:startOverride w:val=\"7\"/>"));
    assert!(numbering.contains("<w:startOverride w:val=\"3\"/>"));
}

#[test]
fn a_document_that_was_never_numbered_prints_no_numbers() {
    let mut document = document(&["one^[note]"]);
    document.notes[0].number = None;
    if let Block::Paragraph(paragraph) = &mut document.blocks[0] {
        paragraph.number = None;
    }
    let text = part(&render(&document), DOCUMENT);
    assert!(!text.contains("NumberedParagraph"));
    assert!(text.contains("w:customMarkFollows=\"1\"") && text.contains(">?</w:t>"));
}

#[test]
fn right_to_left_documents_say_so_everywhere() {
    let mut document = document(&["واحد^[ملاحظة]"]);
    document.meta.lang = LanguageTag::parse("ar").unwrap();
    document.meta.dir = Direction::RightToLeft;
    document.meta.symbol = "A/1".into();
    let bytes = render(&document);
    let text = part(&bytes, DOCUMENT);
    let layout = "<w:bidi/><w:rPr><w:rtl/></w:rPr></w:pPr>";
    assert_eq!(text.matches("<w:p>").count(), text.matches(layout).count());
    assert!(text.contains("<w:titlePg/><w:bidi/></w:sectPr>"));
    assert!(part(&bytes, "word/header2.xml").contains("<w:bidi/>"));
    assert!(part(&bytes, "word/styles.xml").contains("w:bidi=\"ar-SA\""));
}
