//! How documents that show differences are rendered: seen, heard, and as a file for the gate.

use super::{Format, html, json, render};
use crate::difference::{Names, compare};
use crate::document::{Block, Document, Id, Inline, Mark, sample};

fn names() -> Names {
    Names { from: "edition 1".into(), to: "edition 2".into(), day: String::new() }
}

#[test]
fn marks_are_heard_as_well_as_seen_and_no_anchor_stands_twice() {
    let mut later = sample::sample();
    later.blocks.swap(0, 1);
    later.meta.title = "Summary of the consultation".into();
    later.number().unwrap();
    let merged = compare(&sample::sample(), &later, &names());
    let page = String::from_utf8(render(&merged, Format::Html)).unwrap();
    assert!(
        page.contains(html::MARKS)
            && page.contains("[deleted: ")
            && page.contains("class=\"moved\"")
    );
    let mut ids: Vec<&str> =
        page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "every anchor once");
    for target in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(ids.contains(&target), "{target} is nowhere");
    }
    // It goes to whoever sets it in PDF as JSON.
    assert_eq!(json::read(&json::render(&merged)).unwrap(), merged);
}

#[test]
fn a_document_that_shows_no_difference_has_no_trace_of_it() {
    let page = String::from_utf8(render(&sample::sample(), Format::Html)).unwrap();
    assert!(!page.contains("legend") || !page.contains(html::MARKS));
    assert!(!String::from_utf8(json::render(&sample::sample())).unwrap().contains("compared"));
}

/// The gate renders this file in every format and has others read it. `UPDATE_FIXTURES=1` writes it anew.
#[test]
fn the_fixture_shows_every_kind_of_difference() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/files/documents/differences.json");
    let merged = compare(&sample::sample(), &changed(), &names());
    let now = String::from_utf8(json::render(&merged)).unwrap();
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        std::fs::write(path, &now).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), now);
    for mark in [Mark::Inserted, Mark::Deleted, Mark::MovedHere, Mark::MovedAway] {
        let name = serde_json::to_string(&mark).unwrap();
        assert!(now.contains(&format!("\"mark\":{name}")), "{name}");
    }
}

/// The sample as somebody revised it: words, a footnote, a paragraph more and one less, one that moved, a row, a line of the first
/// page.
fn changed() -> Document {
    let mut document = sample::sample();
    document.meta.title = "Summary report of the consultation".into();
    document.meta.symbol = "ESCAP/GCM/2021/CRP.2/Rev.1".into();
    document.meta.date = "26 February 2021".into();
    let mut moved = None;
    for block in &mut document.blocks {
        let Block::Section(section) = block else { continue };
        if section.id == Id::new("background") {
            section.heading = vec![Inline::text("Background and mandate")];
            moved = Some(section.blocks.remove(1));
        }
    }
    let added = document.add_note(vec![Inline::text("As released.")]);
    for block in &mut document.blocks {
        let Block::Section(section) = block else { continue };
        if section.id == Id::new("outcomes") {
            section.blocks.extend(moved.take());
            let parts = vec![crate::document::ParagraphPart::Text(vec![
                Inline::text("Participants asked that fees be lowered."),
                added.clone(),
            ])];
            section
                .blocks
                .insert(0, Block::Paragraph(crate::document::Paragraph::numbered("asked", parts)));
        }
        if section.annex
            && let Some(Block::Table(table)) = section.blocks.first_mut()
        {
            table.caption = vec![Inline::text("Programme of 20 November 2020")];
        }
    }
    document.number().unwrap();
    document
}
