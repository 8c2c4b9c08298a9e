//! Reading back what somebody edited.

use super::super::read::{Kind, Passage};
use super::*;
use crate::document::inline::to_source;
use crate::document::{ParagraphPart, sample::sample};
use std::io::Write;
use zip::{ZipWriter, write::SimpleFileOptions};

/// The file with one part changed, as if somebody had edited it.
pub(super) fn edited(bytes: &[u8], name: &str, edit: impl Fn(&str) -> String) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (each, text) in parts(bytes) {
        zip.start_file(&each, SimpleFileOptions::default()).unwrap();
        let text = if each == name {
            let now = edit(&text);
            assert_ne!(now, text, "the edit changes nothing");
            now
        } else {
            text
        };
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn ids_and_sources(reading: &Reading) -> Vec<(Option<Id>, String)> {
    let each = |one: &Passage| (one.id.clone(), one.source.clone());
    reading.passages.iter().map(each).collect()
}

/// A passage as [`ids_and_sources`] gives it; without id when that is empty.
fn passage(id: &str, source: &str) -> (Option<Id>, String) {
    ((!id.is_empty()).then(|| Id::new(id)), source.to_owned())
}

/// Headings and paragraphs with their source.
fn sources(document: &Document) -> Vec<(Id, String)> {
    fn add(blocks: &[Block], document: &Document, found: &mut Vec<(Id, String)>) {
        for block in blocks {
            match block {
                Block::Section(section) => {
                    let heading = [ParagraphPart::Text(section.heading.clone())];
                    found.push((section.id.clone(), to_source(&heading, &document.notes)));
                    add(&section.blocks, document, found);
                }
                Block::Paragraph(paragraph) => {
                    let source = to_source(&paragraph.parts, &document.notes);
                    found.push((paragraph.id.clone(), source));
                }
                Block::Table(_) | Block::Figure(_) => {}
            }
        }
    }
    let mut found = Vec::new();
    for paragraph in &document.meta.summary {
        found.push((paragraph.id.clone(), to_source(&paragraph.parts, &document.notes)));
    }
    add(&document.blocks, document, &mut found);
    found
}

#[test]
fn the_sample_reads_back_to_what_it_says() {
    let document = sample();
    let reading = read(&render(&document), &document).unwrap();
    let now: Vec<_> =
        reading.passages.iter().map(|one| (one.id.clone().unwrap(), one.source.clone())).collect();
    assert_eq!(now, sources(&document));
    assert_eq!((reading.missing, reading.objects), (vec![], 0));
    assert_eq!(reading.identifier.as_deref(), Some("urn:example:crp-2"));
}

#[test]
fn edits_of_all_kinds_are_read_as_accepted() {
    let document = document(&["First text here.", "Second *text*.", "Third.", "Fourth."]);
    let bytes = edited(&render(&document), DOCUMENT, |xml| {
        let run = "<w:t xml:space=\"preserve\">First text here.</w:t>";
        let tracked = concat!(
            "<w:t>Fir</w:t></w:r><w:proofErr w:type=\"spellStart\"/><w:r w:rsidR=\"00A\"><w:t>st </w:t></w:r>",
            "<w:ins w:id=\"900\" w:author=\"a\"><w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">new </w:t></w:r></w:ins>",
            "<w:del w:id=\"901\" w:author=\"a\"><w:r><w:delText>text </w:delText></w:r></w:del><w:r><w:t>here.</w:t>"
        );
        let added = "<w:p><w:pPr><w:pStyle w:val=\"NumberedParagraph\"/></w:pPr><w:r><w:t>Added.</w:t></w:r></w:p>";
        let third = xml.find("<w:bookmarkStart w:id=\"3\"").unwrap();
        let before_third = xml[..third].rfind("<w:p>").unwrap();
        let gone = xml.replace("w:name=\"rp_p3\"", "w:name=\"_GoBack\"");
        let (start, end) = gone.split_at(before_third);
        format!("{start}{added}{end}").replace(run, tracked)
    });
    let reading = read(&bytes, &document).unwrap();
    assert_eq!(
        ids_and_sources(&reading),
        [
            passage("p0", "First **new** here."),
            passage("p1", "Second *text*."),
            passage("", "Added."),
            passage("p2", "Third."),
            passage("", "Fourth."),
        ]
    );
    assert_eq!(reading.missing, [Id::new("p3")]);
    assert_eq!(reading.passages[2].kind, Kind::Numbered);
}

#[test]
fn paragraphs_that_were_joined_or_pushed_down_keep_their_ids() {
    let document = document(&["First.", "Second.", "Third."]);
    let bytes = render(&document);
    let mark = "<w:pPr><w:pStyle w:val=\"NumberedParagraph\"/>";
    let deleted = format!("{mark}<w:rPr><w:del w:id=\"900\" w:author=\"a\"/></w:rPr>");
    let joined = edited(&bytes, DOCUMENT, |xml| xml.replacen(mark, &deleted, 1));
    let reading = read(&joined, &document).unwrap();
    assert_eq!(
        ids_and_sources(&reading),
        [passage("p0", "First.Second."), passage("p2", "Third.")]
    );
    assert_eq!(reading.passages[0].joined, [Id::new("p1")]);
    let start = "<w:bookmarkStart w:id=\"2\" w:name=\"rp_p1\"/>";
    let pushed = edited(&bytes, DOCUMENT, |xml| {
        let empty = format!("{start}</w:p><w:p>{mark}</w:pPr>");
        xml.replace(start, &empty)
    });
    let reading = read(&pushed, &document).unwrap();
    assert_eq!(ids_and_sources(&reading)[1], passage("p1", "Second."));
    assert_eq!(reading.passages.len(), 3);
}

#[test]
fn a_paragraph_deleted_under_tracking_is_missing() {
    let document = document(&["First.", "Second.", "Third."]);
    let bytes = edited(&render(&document), DOCUMENT, |xml| {
        let (start, end) = ("<w:bookmarkStart w:id=\"2\"", "<w:bookmarkEnd w:id=\"2\"");
        let (before, rest) = xml.split_once(start).unwrap();
        let (second, after) = rest.split_once(end).unwrap();
        let (before, mark) = before.rsplit_once("</w:pPr>").unwrap();
        let second = second.replace("<w:r>", "<w:del w:id=\"900\" w:author=\"a\"><w:r>");
        let second = second.replace("</w:r>", "</w:r></w:del>").replace("w:t", "w:delText");
        let deleted = "<w:rPr><w:del w:id=\"901\" w:author=\"a\"/></w:rPr></w:pPr>";
        format!("{before}{deleted}{mark}{start}{second}{end}{after}")
    });
    let reading = read(&bytes, &document).unwrap();
    assert_eq!(ids_and_sources(&reading), [passage("p0", "First."), passage("p2", "Third.")]);
    assert_eq!(reading.missing, [Id::new("p1")]);
}

#[test]
fn emphasis_that_source_cannot_say_is_dropped_and_told() {
    let document = document(&["a *b* c"]);
    let bytes = edited(&render(&document), DOCUMENT, |xml| {
        xml.replace(">b</w:t>", ">“b”</w:t>").replace("> c</w:t>", ">c</w:t>")
    });
    let passage = &read(&bytes, &document).unwrap().passages[0];
    assert_eq!((passage.source.as_str(), passage.lost_emphasis), ("a “b”c", true));
}

#[test]
fn files_that_are_no_documents_are_refused() {
    let document = Document::default();
    assert_eq!(read(b"%PDF", &document), Err(ReadError::NotWord));
    assert_eq!(read(b"PK\x03\x04", &document), Err(ReadError::Damaged));
    let bytes = render(&document);
    let bomb = |text: &str| edited(&bytes, DOCUMENT, |_| text.to_owned());
    let entities = "<!DOCTYPE a [<!ENTITY b \"c\">]><w:document xmlns:w=\"w\">&b;</w:document>";
    assert_eq!(read(&bomb(entities), &document), Err(ReadError::Damaged));
    for nested in ["<w:tbl>", "<w:p>", "<w:sdt>"] {
        assert_eq!(read(&bomb(&nested.repeat(100_000)), &document), Err(ReadError::TooDeep));
    }
    let many = format!("<w:p>{}</w:p>", "<w:r/>".repeat(300_000));
    let long = format!("<w:p><w:r><w:t>{}</w:t></w:r></w:p>", "a ".repeat(1 << 20));
    let lines = format!("<w:body>{}</w:body>", "<w:p/>".repeat(1_100_000));
    for large in [many, long, lines] {
        assert_eq!(read(&bomb(&large), &document), Err(ReadError::TooLarge));
    }
    // Much work in little space must not take long.
    let start = "<w:bookmarkStart w:id=\"1\" w:name=\"rp_a\"/>";
    let field = "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>";
    let deleted = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr></w:p>";
    let body = |inside: String| format!("<w:body>{inside}</w:body>");
    for much in [
        body(start.repeat(100_000) + &"<w:p/>".repeat(100_000)),
        body(deleted.repeat(100_000)),
        format!("<w:p>{}</w:p>", field.repeat(60_000)),
    ] {
        let _ = read(&bomb(&much), &document);
    }
    let large = " ".repeat(300 << 20);
    assert_eq!(read(&bomb(&large), &document), Err(ReadError::TooLarge));
}
