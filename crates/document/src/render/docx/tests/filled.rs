//! Reading what was filled in, and comments in the margin.

use super::super::bookmark;
use super::super::filled::{CommentPlace, Form, is_word, read_form};
use super::reading::edited;
use super::*;
use crate::document::{Cell, Column, Href, Inline, Row, Table};
use std::io::Write;
use zip::{ZipWriter, write::SimpleFileOptions};

/// A paragraph, and a table of two columns in which the first cell of each row is a link.
fn sheet() -> Document {
    let mut document = document(&["Fees differ widely.", "Offices close."]);
    let linked = |number: &str| {
        let href = Href::parse(&format!("https://example.org/?at={number}&version=2")).unwrap();
        let inlines = vec![Inline::Link { href, inlines: vec![Inline::text(number)] }];
        Cell { inlines, ..Cell::default() }
    };
    let row = |first, second: &str| Row { cells: vec![first, Cell::text(second)] };
    document.blocks.push(Block::Table(Table {
        id: "comments".into(),
        caption: Vec::new(),
        columns: [1, 4].map(|width| Column { width }).to_vec(),
        header: vec![row(Cell::text("Paragraph"), "Comment")],
        rows: vec![row(linked("1"), "EMPTY"), row(linked("2"), "")],
        lettered_notes: false,
    }));
    document.number().unwrap();
    document
}

/// The file with comments, by their numbers, and with the marks that say where they stand.
fn commented(bytes: &[u8], comments: &[(&str, &str)]) -> Vec<u8> {
    let relation = format!(
        "<Relationship Id=\"c\" Type=\"{RELATIONS}/comments\" Target=\"comments.xml\"/></Relationships>"
    );
    let bytes = edited(bytes, "word/_rels/document.xml.rels", |text| {
        text.replace("</Relationships>", &relation)
    });
    let each = comments.iter().map(|(id, text)| {
        format!("<w:comment w:id=\"{id}\" w:author=\"Zyxwvut\"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:comment>")
    });
    let part = format!("<w:comments xmlns:w=\"{WORD}\">{}</w:comments>", each.collect::<String>());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let all = parts(&bytes).into_iter().chain([("word/comments.xml".to_owned(), part)]);
    for (name, text) in all {
        zip.start_file(&name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn texts(form: &Form) -> Vec<Vec<&str>> {
    let row = |row: &super::super::filled::FormRow| row.cells.len();
    assert!(form.tables[0].iter().all(|one| row(one) == 2));
    form.tables[0]
        .iter()
        .map(|row| row.cells.iter().map(|cell| cell.text.as_str()).collect())
        .collect()
}

#[test]
fn cells_are_read_with_their_links_once_changes_are_accepted() {
    let filled = edited(&render(&sheet()), DOCUMENT, |text| {
        text.replace(
            "<w:t xml:space=\"preserve\">EMPTY</w:t></w:r></w:p>",
            "<w:t>Which </w:t></w:r><w:del><w:r><w:delText>old </w:delText><w:t>gone</w:t></w:r></w:del>\
             <w:ins><w:r><w:t>fees?</w:t></w:r></w:ins></w:p><w:p><w:r><w:t>And &amp; where?</w:t></w:r></w:p>",
        )
    });
    let form = read_form(&filled).unwrap();
    assert_eq!(
        texts(&form),
        [vec!["Paragraph", "Comment"], vec!["1", "Which fees?\nAnd & where?"], vec!["2", ""]]
    );
    assert_eq!(form.tables[0][1].cells[0].links, ["https://example.org/?at=1&version=2"]);
    assert_eq!(form.tables[0].iter().map(|row| row.number).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(is_word(&filled) && !is_word(b"PK\x03\x04") && read_form(b"text").is_err());
}

#[test]
fn a_row_that_was_deleted_is_none() {
    let filled = edited(&render(&sheet()), DOCUMENT, |text| {
        let (before, last) = text.rsplit_once("<w:trPr>").unwrap();
        format!("{before}<w:trPr><w:del w:id=\"9\"/>{last}")
    });
    assert_eq!(read_form(&filled).unwrap().tables[0].len(), 2);
}

#[test]
fn comments_are_known_by_what_they_are_set_beside() {
    let document = sheet();
    let Block::Paragraph(first) = &document.blocks[0] else { panic!() };
    let name = bookmark(&first.id);
    let start = |id: u8| format!("<w:commentRangeStart w:id=\"{id}\"/>");
    let end = |id: u8| {
        format!("<w:commentRangeEnd w:id=\"{id}\"/><w:r><w:commentReference w:id=\"{id}\"/></w:r>")
    };
    let marked = edited(&render(&document), DOCUMENT, |text| {
        let of_cell = "<w:r><w:t xml:space=\"preserve\">EMPTY</w:t></w:r>";
        let text = text.replace(of_cell, &format!("{}{of_cell}{}", start(1), end(1)));
        let body = "<w:r><w:t xml:space=\"preserve\">Fees differ widely.</w:t></w:r>";
        let parted = format!(
            "<w:r><w:t xml:space=\"preserve\">Fees </w:t></w:r>{}<w:r><w:t>differ</w:t></w:r>{}<w:r><w:t> widely.</w:t></w:r>",
            start(0),
            end(0)
        );
        assert!(text.contains(body), "{text}");
        text.replace(body, &parted)
    });
    let said = [("0", "How?"), ("1", "Why empty?"), ("7", "Lost."), ("8", " ")];
    let form = read_form(&commented(&marked, &said)).unwrap();
    let told: Vec<_> = form
        .comments
        .iter()
        .map(|one| (one.text.as_str(), one.words.as_str(), one.place.clone()))
        .collect();
    assert_eq!(
        told,
        [
            ("How?", "differ", CommentPlace::Bookmark(name)),
            ("Why empty?", "EMPTY", CommentPlace::Row(0, 2)),
            ("Lost.", "", CommentPlace::Nowhere),
        ]
    );
}
