//! Reading back what somebody edited.

use super::super::read::{FileComment, Kind, Passage, Reading, UnreadKind, WordFile, reading_of};
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

/// What a file says with all its tracked changes.
pub(super) fn read(bytes: &[u8], document: &Document) -> Result<Reading, ReadError> {
    file(bytes, document).map(|file| without_first_page(file.accepted))
}

fn without_first_page(mut reading: Reading) -> Reading {
    reading.passages.retain(|one| one.kind != Kind::FirstPage);
    reading
}

fn file(bytes: &[u8], document: &Document) -> Result<WordFile, ReadError> {
    read::read(bytes, &[document])
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
    let file = file(&render(&document), &document).unwrap();
    let text = |one: &&Passage| !matches!(one.kind, Kind::FirstPage | Kind::Caption);
    let now = file.accepted.passages.iter().filter(text);
    let now: Vec<_> = now.map(|one| (one.id.clone().unwrap(), one.source.clone())).collect();
    assert_eq!(now, sources(&document));
    assert_eq!(file.unread, []);
    assert_eq!((&file.rejected, file.by_author.len()), (&file.accepted, 0));
    assert_eq!(reading_of(&document), file.accepted);
    let origin = read::origin(&render(&document)).unwrap();
    assert_eq!(origin.identifier.as_deref(), Some("urn:example:crp-2"));
    let remembers = !(origin.sealed.is_empty() && origin.marks.is_empty());
    assert!(!remembers, "a published file remembers nothing");
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
        let third = xml.find("<w:bookmarkStart w:id=\"4\"").unwrap();
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
    let start = "<w:bookmarkStart w:id=\"3\" w:name=\"rp_p1\"/>";
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
        let (start, end) = ("<w:bookmarkStart w:id=\"3\"", "<w:bookmarkEnd w:id=\"3\"");
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
    let read = |bytes: &[u8], document: &Document| read(bytes, document).map(drop);
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
    let raised = "<w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr>";
    let deleted = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr></w:p>";
    let body = |inside: String| format!("<w:body>{inside}</w:body>");
    for much in [
        body(start.repeat(100_000) + &"<w:p/>".repeat(100_000)),
        body(deleted.repeat(100_000)),
        format!("<w:p>{}</w:p>", field.repeat(60_000)),
        // Bookmarks in a paragraph of blanks; marks of notes without their notes.
        format!("<w:p>{}{}</w:p>", start.repeat(60_000), "<w:r><w:tab/></w:r>".repeat(60_000)),
        format!("<w:p><w:r>{}{}</w:r></w:p>", raised, "<w:t>*</w:t>".repeat(150_000)),
    ] {
        let _ = read(&bomb(&much), &document);
    }
    // An address of some kilobytes on every word of a long text.
    let address = format!("https://example.org/{}", "a".repeat(7_000));
    let linked = format!(
        "<w:r><w:fldChar w:fldCharType=\"begin\"/><w:instrText>HYPERLINK {address}</w:instrText><w:fldChar w:fldCharType=\"separate\"/></w:r>{}<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>",
        "<w:r><w:t>a</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>b</w:t></w:r>".repeat(2_000)
    );
    assert_eq!(read(&bomb(&format!("<w:p>{linked}</w:p>")), &document), Err(ReadError::TooLarge));
    let hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>a</w:t></w:r>".repeat(30_000);
    let hidden = format!("<w:p>{hidden}</w:p>");
    assert_eq!(read(&bomb(&hidden), &document), Err(ReadError::TooMany));
    let large = " ".repeat(300 << 20);
    assert_eq!(read(&bomb(&large), &document), Err(ReadError::TooLarge));
}

const ADDED: &str = "<w:p><w:pPr><w:pStyle w:val=\"NumberedParagraph\"/></w:pPr>";

/// A run with this text.
fn run(text: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

fn tracked(kind: &str, author: &str, text: &str) -> String {
    let run = if kind == "del" { run(text).replace("w:t", "w:delText") } else { run(text) };
    format!("<w:{kind} w:id=\"900\" w:author=\"{author}\">{run}</w:{kind}>")
}

#[test]
fn tracked_changes_are_told_by_author() {
    let document = document(&["First text here.", "Second."]);
    let bytes = edited(&render(&document), DOCUMENT, |xml| {
        let now = [
            run("First "),
            tracked("ins", "Ana Example", "new "),
            run("text"),
            tracked("del", "Bo Example", " here"),
            run("."),
        ];
        let own = format!(
            "{ADDED}<w:ins w:id=\"901\" w:author=\"Bo Example\">{}</w:ins></w:p>",
            run("Brought in.")
        );
        let end = xml.find("<w:sectPr").unwrap();
        let (start, end) = xml.split_at(end);
        format!("{start}{own}{end}").replace(&run("First text here."), &now.concat())
    });
    let file = file(&bytes, &document).unwrap();
    let first = |reading: &Reading| without_first_page(reading.clone()).passages[0].source.clone();
    assert_eq!(first(&file.accepted), "First new text.");
    assert_eq!(first(&file.rejected), "First text here.");
    let by_author: Vec<_> =
        file.by_author.iter().map(|(author, one)| (author.as_str(), first(one))).collect();
    let expected = [("Ana Example", "First new text here."), ("Bo Example", "First text.")];
    assert_eq!(by_author, expected.map(|(author, text)| (author, text.to_owned())));
    let last = |reading: &Reading| reading.passages.last().unwrap().source.clone();
    let expected = ["Brought in.", "Second."].map(str::to_owned);
    assert_eq!([last(&file.accepted), last(&file.rejected)], expected);
    assert!(!file.accepted.passages[1].is_mixed);
}

#[test]
fn comments_are_read_with_the_words_that_they_are_on() {
    let document = document(&["First text here.", "Second."]);
    let bytes = edited(&render(&document), DOCUMENT, |xml| {
        let now = [
            run("First "),
            "<w:commentRangeStart w:id=\"0\"/>".to_owned(),
            run("text"),
            "<w:commentRangeEnd w:id=\"0\"/><w:r><w:commentReference w:id=\"0\"/></w:r>".to_owned(),
            run(" here."),
        ];
        xml.replace(&run("First text here."), &now.concat())
    });
    let relations = "word/_rels/document.xml.rels";
    let bytes = edited(&bytes, relations, |xml| {
        let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments";
        let own = format!("<Relationship Id=\"c\" Type=\"{kind}\" Target=\"fontTable.xml\"/>");
        xml.replace("</Relationships>", &format!("{own}</Relationships>"))
    });
    // A part that nothing else is read of.
    let bytes = edited(&bytes, "word/fontTable.xml", |_| {
        format!(
            "<w:comments xmlns:w=\"w\"><w:comment w:id=\"0\" w:author=\"Ana Example\"><w:p>{}</w:p></w:comment></w:comments>",
            run("Is that so?")
        )
    });
    let file = file(&bytes, &document).unwrap();
    let expected = FileComment {
        id: "0".to_owned(),
        author: "Ana Example".to_owned(),
        text: "Is that so?".to_owned(),
        passage: Some(1),
        quote: "text".to_owned(),
        answers: None,
    };
    assert_eq!(file.comments, [expected]);
    assert_eq!(file.accepted.passages[1].source, "First text here.");
}

#[test]
fn what_is_not_read_is_told() {
    let document = document(&["First text.", "Second."]);
    let bytes = edited(&render(&document), DOCUMENT, |xml| {
        let of_style =
            "<w:r><w:rPr><w:rStyle w:val=\"Hid\"/></w:rPr><w:t>hidden by style</w:t></w:r>";
        let own = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>";
        let shown = "<w:r><w:rPr><w:rStyle w:val=\"Hid\"/><w:vanish w:val=\"0\"/></w:rPr><w:t xml:space=\"preserve\"> Shown.</w:t></w:r>";
        let text_box = "<w:r><mc:AlternateContent xmlns:mc=\"m\"><mc:Choice><w:drawing><w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p></w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict/></mc:Fallback></mc:AlternateContent></w:r>";
        let object = "<w:r><w:object/></w:r><w:r><w:sym w:font=\"Wingdings\" w:char=\"F0FC\"/></w:r><m:oMath xmlns:m=\"m\"><m:r><m:t>x=35</m:t></m:r></m:oMath>";
        let chunk = "<w:altChunk r:id=\"none\"/><w:sectPr";
        let text = run("First text.");
        xml.replace(&text, &format!("{text}{of_style}{own}{shown}{text_box}{object}"))
            .replace("<w:sectPr", chunk)
    });
    let hidden = "<w:style w:type=\"character\" w:styleId=\"Hid\"><w:name w:val=\"Hidden note\"/><w:rPr><w:vanish/></w:rPr></w:style>";
    let bytes = edited(&bytes, "word/styles.xml", |xml| {
        xml.replace("</w:styles>", &format!("{hidden}</w:styles>"))
    });
    let file = file(&bytes, &document).unwrap();
    assert_eq!(file.accepted.passages[1].source, "First text. Shown.");
    let told: Vec<_> = file.unread.iter().map(|one| (one.kind, one.text.as_str())).collect();
    assert_eq!(
        told,
        [
            (UnreadKind::Hidden, "hidden by style"),
            (UnreadKind::Hidden, "hidden"),
            (UnreadKind::TextBox, "In a box"),
            (UnreadKind::Embedded, ""),
            (UnreadKind::Symbol, "Wingdings F0FC"),
            (UnreadKind::Formula, "x=35"),
            (UnreadKind::OtherFile, ""),
        ]
    );
    let of_paragraph = file.unread.iter().filter(|one| one.at == Some(Id::new("p0")));
    assert_eq!(of_paragraph.count(), 6);
}

#[test]
fn the_first_page_and_tables_are_read_as_they_stand() {
    let document = sample();
    let reading = file(&render(&document), &document).unwrap().accepted;
    let first_page = reading.passages.iter().filter(|one| one.kind == Kind::FirstPage);
    let first_page: Vec<_> =
        first_page.map(|one| (one.id.clone().unwrap().to_string(), one.source.as_str())).collect();
    assert!(first_page.contains(&(
        "first-page-title-1".to_owned(),
        "Summary report of <the> consultation^[Issued without formal editing; see paragraph [](#origin).]"
    )));
    assert_eq!(first_page.len(), 11);
    let programme = reading.tables.iter().find(|one| one.id == Some(Id::new("programme"))).unwrap();
    assert_eq!(programme.rows.len(), 5 + 2, "two notes stand under it");
    assert_eq!(programme.rows[3][1], "Objective 4");
    assert_eq!(reading.tables.len(), 2, "the chart has its figures as a table");
}

#[test]
fn a_draft_remembers_and_a_long_one_has_contents_that_are_no_text() {
    let texts: Vec<String> = (0..45).map(|nth| format!("Text {nth}.")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut document = document(&texts);
    let blocks = std::mem::take(&mut document.blocks);
    let section =
        crate::document::Section::new("s", crate::document::Level::ONE, "Outcomes", blocks);
    document.blocks = vec![Block::Section(section)];
    document.number().unwrap();
    let memory = Memory { sealed: vec![7; 5000], mark: "abc".to_owned() };
    let bytes = render_draft(&document, &memory);
    let xml = part(&bytes, DOCUMENT);
    assert!(
        xml.contains(" TOC \\o &quot;1-2&quot; \\n \\h \\z \\u ")
            || xml.contains(" TOC \\o \"1-2\" \\n \\h \\z \\u ")
    );
    let origin = read::origin(&bytes).unwrap();
    assert_eq!(
        (origin.sealed, origin.marks),
        (vec![memory.sealed.clone()], vec!["abc".to_owned(); 2])
    );
    // A foreign property of the same name, pretty-printed, and a foreign part beside ours.
    let foreign = edited(&bytes, "docProps/custom.xml", |xml| {
        let own = "<property name=\"Company\">\n <vt:lpwstr>Draft</vt:lpwstr>\n</property>";
        xml.replacen("<property ", &format!("{own}<property "), 1)
            .replace("<vt:lpwstr>", "\n  <vt:lpwstr>\n    ")
    });
    let foreign = edited(&foreign, "word/_rels/document.xml.rels", |xml| {
        let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml";
        let own = format!("<Relationship Id=\"f\" Type=\"{kind}\" Target=\"styles.xml\"/>");
        xml.replace("</Relationships>", &format!("{own}</Relationships>"))
    });
    let origin = read::origin(&foreign).unwrap();
    assert_eq!((origin.sealed.len(), origin.marks), (1, vec!["abc".to_owned(); 2]));
    let reading = read(&bytes, &document).unwrap();
    assert_eq!(reading.passages.len(), 46);
    assert!(!xml.contains("BwcHBw"), "what it remembers is no part of the text");
    assert!(!parts(&render(&document)).iter().any(|(name, _)| name.contains("custom")));
}
