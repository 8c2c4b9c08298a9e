//! Differences as tracked changes: whoever accepts all of them has the later document, whoever rejects all of them the earlier one,
//! run by run.

use super::*;
use crate::difference::{Names, compare};
use crate::document::{
    Cell, Column, Inline, Level, Mark, MastheadLine, MastheadNote, ParagraphPart, Row, Section,
    Table, Text, sample::sample,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// An element of XML.
#[derive(Clone, Debug, Default, PartialEq)]
struct Node {
    name: String,
    attributes: BTreeMap<String, String>,
    children: Vec<Node>,
    text: String,
}

impl Node {
    fn read(xml: &str) -> Self {
        use quick_xml::events::Event;
        let start = |event: &quick_xml::events::BytesStart| Self {
            name: event.name().0.to_owned(),
            attributes: event
                .attributes()
                .map(Result::unwrap)
                .map(|one| (one.key.0.to_owned(), one.value.into_owned()))
                .collect(),
            ..Self::default()
        };
        let (mut open, mut reader) = (vec![Self::default()], quick_xml::Reader::from_str(xml));
        loop {
            match reader.read_event().unwrap() {
                Event::Start(event) => open.push(start(&event)),
                Event::Empty(event) => open.last_mut().unwrap().children.push(start(&event)),
                Event::End(_) => {
                    let done = open.pop().unwrap();
                    open.last_mut().unwrap().children.push(done);
                }
                Event::Text(text) => open.last_mut().unwrap().text.push_str(&text.xml10_content()),
                Event::GeneralRef(name) => {
                    open.last_mut().unwrap().text.push_str(&format!("&{};", &*name));
                }
                Event::Eof => return open.pop().unwrap().children.pop().unwrap(),
                _ => {}
            }
        }
    }

    fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    fn value(&self, path: &[&str]) -> &str {
        let found = path.iter().try_fold(self, |node, name| node.child(name));
        found.and_then(|node| node.attributes.get("w:val")).map_or("", String::as_str)
    }

    /// Whether a mark in these properties takes away what they are of.
    fn vanishes(&self, path: &[&str], accept: bool) -> bool {
        let found = path.iter().try_fold(self, |node, name| node.child(name));
        found
            .is_some_and(|node| node.children.iter().any(|mark| taken(&mark.name) == Some(!accept)))
    }
}

/// Whether what is marked so stays when changes are accepted; none where it is no change.
fn taken(name: &str) -> Option<bool> {
    match name {
        "w:ins" | "w:moveTo" => Some(true),
        "w:del" | "w:moveFrom" => Some(false),
        _ => None,
    }
}

/// A part as it is once all changes are accepted or rejected.
fn resolved(node: &Node, accept: bool) -> Node {
    let mut children: Vec<Node> = Vec::new();
    // Runs of a paragraph whose end vanished.
    let mut carried: Vec<Node> = Vec::new();
    for child in &node.children {
        match (child.name.as_str(), taken(&child.name)) {
            (_, Some(stays)) if node.name != "w:rPr" && node.name != "w:trPr" => {
                if stays == accept {
                    children.extend(resolved(child, accept).children);
                }
            }
            ("w:tr", _) if child.vanishes(&["w:trPr"], accept) => {}
            ("w:p", _) => {
                let mut paragraph = resolved(child, accept);
                let at = usize::from(paragraph.child("w:pPr").is_some());
                paragraph.children.splice(at..at, carried.drain(..));
                if child.vanishes(&["w:pPr", "w:rPr"], accept) {
                    carried = paragraph.children.split_off(at);
                    carried.retain(|one| {
                        // A link without words is nothing.
                        one.name == "w:r" || one.name == "w:hyperlink" && one.child("w:r").is_some()
                    });
                } else {
                    children.push(paragraph);
                }
            }
            _ => children.push(resolved(child, accept)),
        }
    }
    assert!(carried.is_empty(), "nothing is left of a paragraph that stands in one of the two");
    children.retain(|child| child.name != "w:tbl" || child.child("w:tr").is_some());
    Node { children, ..node.clone() }
}

/// Everything that is printed, in order: paragraphs with their looks, runs with theirs, rows and cells.
struct Printed<'n> {
    notes: &'n BTreeMap<String, Vec<String>>,
    lines: Vec<String>,
}

impl Printed<'_> {
    fn add(&mut self, node: &Node) {
        match node.name.as_str() {
            "w:p" => {
                let looks = [&["w:pPr", "w:pStyle"][..], &["w:pPr", "w:numPr", "w:ilvl"]];
                let looks = looks.map(|path| node.value(path)).join(" ");
                let mut runs: Vec<(String, String)> = Vec::new();
                self.runs(node, &mut runs);
                self.lines.push(format!("{looks} {runs:?}"));
            }
            "w:tr" | "w:tc" => {
                self.lines.push(format!("<{}>", node.name));
                node.children.iter().for_each(|child| self.add(child));
            }
            _ => node.children.iter().for_each(|child| self.add(child)),
        }
    }

    fn runs(&self, node: &Node, runs: &mut Vec<(String, String)>) {
        for child in &node.children {
            if child.name != "w:r" {
                self.runs(child, runs);
                continue;
            }
            let (mut looks, mut text) = (String::new(), String::new());
            for part in &child.children {
                match part.name.as_str() {
                    "w:rPr" => looks = format!("{:?}", part.children),
                    "w:t" | "w:delText" => text.push_str(&part.text),
                    "w:instrText" | "w:delInstrText" => {
                        text.push_str(&format!("{{{}}}", part.text));
                    }
                    "w:tab" => text.push('\t'),
                    "w:br" => text.push('\n'),
                    "w:drawing" => text.push_str("[picture]"),
                    "w:footnoteReference" => {
                        let note = &self.notes[&part.attributes["w:id"]];
                        text.push_str(&format!("[note {note:?}]"));
                    }
                    _ => {}
                }
            }
            // A note looks the same whatever it stands in.
            if text.starts_with("[note ") {
                looks.clear();
            }
            match runs.last_mut() {
                _ if text.is_empty() => {}
                Some((same, before)) if *same == looks => before.push_str(&text),
                _ => runs.push((looks, text)),
            }
        }
    }
}

fn printed(bytes: &[u8], accept: bool) -> Vec<String> {
    let resolve = |name: &str| resolved(&Node::read(&part(bytes, name)), accept);
    let (none, mut notes) = (BTreeMap::new(), BTreeMap::new());
    for note in resolve("word/footnotes.xml").children {
        let mut text = Printed { notes: &none, lines: Vec::new() };
        text.add(&note);
        notes.insert(note.attributes["w:id"].clone(), text.lines);
    }
    let mut printed = Printed { notes: &notes, lines: Vec::new() };
    printed.add(&resolve("word/document.xml"));
    if part(bytes, "word/document.xml").contains("headerOdd") {
        printed.add(&resolve("word/header2.xml"));
        // An empty one is as good as none.
        printed.lines.retain(|line| line != "Header  []");
    }
    printed.lines
}

fn names() -> Names {
    Names { from: "edition 1".into(), to: "edition 2".into(), day: "2021-02-26".into() }
}

/// Both documents are in the tracked file.
fn holds(old: &Document, new: &Document) -> Vec<u8> {
    let tracked = render(&compare(old, new, &names()));
    assert_eq!(printed(&tracked, true), printed(&render(new), true), "accepted");
    assert_eq!(printed(&tracked, false), printed(&render(old), false), "rejected");
    tracked
}

/// A section or a paragraph, or its absence, in a random document.
#[derive(Clone, Debug)]
struct Piece {
    within: u8,
    order: u8,
    source: String,
}

fn source() -> impl Strategy<Value = String> {
    let words = [
        "Migrants ",
        "need ",
        "papers ",
        "in ",
        "time ",
        "*high* ",
        "**fees** ",
        "and ",
        "of ",
        "work ",
        "[a page](https://example.org/) ",
        "移民",
        "ก\u{200b}า ",
        "[mots]{lang=fr} ",
        "(see [](#fixed)) ",
        "said^[A note of theirs.] ",
        "twice^[A note.]^[Another one.] ",
        "\u{2067}عمل\u{2069} ",
    ];
    let line = prop::collection::vec(prop::sample::select(words.to_vec()), 1..9)
        .prop_map(|words| words.concat().trim().to_owned());
    let lists = ["\n- ", "\n4. ", "\n\nAlso "];
    let more = prop::collection::vec((prop::sample::select(lists.to_vec()), line.clone()), 0..3);
    (line, more, any::<bool>()).prop_map(|(first, more, letters)| {
        let more: String = more.iter().map(|(mark, line)| format!("{mark}{line}")).collect();
        let letters = if letters { "\n\n(a) one\n(b) two" } else { "" };
        let text = format!("Text {first}{more}{letters}");
        if parse(&text).is_ok() { text } else { "Text that is plain".to_owned() }
    })
}

fn pieces() -> impl Strategy<Value = Vec<Piece>> {
    let piece = (0_u8..5, any::<u8>(), source()).prop_map(|(within, order, source)| Piece {
        within,
        order,
        source,
    });
    prop::collection::vec(piece, 7)
}

#[derive(Clone, Debug)]
struct Plan {
    pieces: Vec<Piece>,
    sections: [u8; 3],
    headings: [u8; 3],
    rows: Vec<u8>,
    front: u8,
    summary: Vec<String>,
}

fn plan() -> impl Strategy<Value = Plan> {
    let heads = prop::array::uniform3(0_u8..3);
    let front = (any::<u8>(), prop::collection::vec(source(), 0..3));
    (
        pieces(),
        prop::array::uniform3(any::<u8>()),
        heads,
        prop::collection::vec(0_u8..6, 0..5),
        front,
    )
        .prop_map(|(pieces, sections, headings, rows, (front, summary))| Plan {
            pieces,
            sections,
            headings,
            rows,
            front,
            summary,
        })
}

fn document_of(plan: &Plan) -> Document {
    let mut document = Document::default();
    let mut within: BTreeMap<u8, Vec<(u8, Block)>> = BTreeMap::new();
    // Under a heading that is not there it is nowhere.
    let placed = plan.pieces.iter().enumerate().filter(|(_, piece)| piece.within < 3);
    for (index, piece) in placed {
        let parts = document.adopt(parse(&piece.source).unwrap());
        let block = Block::Paragraph(Paragraph::numbered(format!("p{index}"), parts));
        within.entry(piece.within).or_default().push((piece.order, block));
    }
    let mut blocks = vec![(
        0,
        Block::Paragraph(Paragraph::numbered("fixed", vec![ParagraphPart::text("It stays.")])),
    )];
    for at in 0..3_u8 {
        let mut inside = within.remove(&at).unwrap_or_default();
        inside.sort_by_key(|(order, _)| *order);
        let mut inside: Vec<Block> = inside.into_iter().map(|(_, block)| block).collect();
        if at == 2 && !plan.rows.is_empty() {
            inside.push(Block::Table(table(&mut document, &plan.rows)));
        }
        let place = usize::from(at);
        let heading =
            ["Fees of offices", "Papers", "Work in offices"][usize::from(plan.headings[place])];
        let mut section = Section::new(format!("s{at}"), Level::ONE, heading, inside);
        section.keep = true;
        blocks.push((plan.sections[place], Block::Section(section)));
    }
    // A section within another, where it happens so.
    if plan.sections[0] > 128
        && let Some((_, Block::Section(inner))) = blocks
            .iter()
            .position(|(_, block)| matches!(block, Block::Section(one) if one.id == Id::new("s1")))
            .map(|at| blocks.remove(at))
    {
        let inner = Section { level: Level::TWO, ..inner };
        for (_, block) in &mut blocks {
            if let Block::Section(outer) = block
                && outer.id == Id::new("s2")
            {
                outer.blocks.push(Block::Section(inner.clone()));
            }
        }
    }
    blocks.sort_by_key(|(order, _)| *order);
    document.blocks = blocks.into_iter().map(|(_, block)| block).collect();
    let front = plan.front;
    let meta = &mut document.meta;
    let when =
        |bit: u8, text: &str| if front & bit > 0 { Text::from(text) } else { Text::default() };
    meta.symbol = when(1, if front & 2 > 0 { "A/1" } else { "A/1/Corr.1" });
    meta.organ = "Economic and Social Commission".into();
    meta.title = if front & 4 > 0 { "Report on fees".into() } else { "Report on high fees".into() };
    meta.subtitle = when(8, "Note");
    meta.meeting = vec![when(16, "First meeting"), "Bangkok, 2021".into()];
    meta.distribution = "Distr.: General".into();
    meta.date = when(32, "1 March 2021");
    if front & 64 > 0 {
        let note = |text: &str, to| MastheadNote { to, inlines: vec![Inline::text(text)] };
        meta.notes = vec![note("Not edited.", MastheadLine::Title)];
        if front & 128 > 0 {
            meta.notes.insert(0, note("Late.", MastheadLine::Title));
        }
    }
    for (index, source) in plan.summary.iter().enumerate() {
        let parts = document.adopt(parse(source).unwrap());
        document.meta.summary.push(Paragraph::unnumbered(format!("summary-{index}"), parts));
    }
    document.number().unwrap();
    document
}

fn table(document: &mut Document, rows: &[u8]) -> Table {
    let cell = |raw: &str| Cell::text(raw);
    let row = |(at, kind): (usize, &u8)| {
        let mut first =
            Cell { heading: true, ..cell(["Monday", "Tuesday", "Friday"][usize::from(kind % 3)]) };
        if *kind > 4 {
            first.inlines.push(document.add_note(vec![Inline::text("By video.")]));
        }
        Row { cells: vec![first, cell(&format!("Group {} meets", at / 2))] }
    };
    Table {
        id: Id::new("table"),
        caption: vec![Inline::text("Programme")],
        columns: vec![Column { width: 1 }, Column { width: 2 }],
        rows: rows.iter().enumerate().map(row).collect(),
        header: vec![Row { cells: vec![cell("Day"), cell("What")] }],
        lettered_notes: rows.len().is_multiple_of(2),
    }
}

proptest! {
    #[test]
    fn accepting_all_gives_the_later_document_and_rejecting_all_the_earlier_one(old in plan(), new in plan()) {
        holds(&document_of(&old), &document_of(&new));
    }
}

#[test]
fn a_document_compared_with_itself_shows_nothing() {
    let document = sample();
    let tracked = holds(&document, &document);
    let text = part(&tracked, DOCUMENT);
    assert!(
        !["<w:ins ", "<w:del ", "<w:moveTo ", "<w:moveFrom "]
            .iter()
            .any(|mark| text.contains(mark))
    );
    assert!(!compare(&document, &document, &names()).differs());
    assert!(!parts(&tracked).iter().any(|(name, _)| name == "word/comments.xml"));
}

#[test]
fn everything_is_tracked_from_nothing_and_to_nothing() {
    holds(&Document::default(), &sample());
    holds(&sample(), &Document::default());
}

#[test]
fn what_moved_is_said_to_have_moved_and_why_stands_in_a_comment() {
    let old = document(&[
        "One paragraph stands first here.",
        "Two of them follow.",
        "Three is the last.",
    ]);
    let mut new = document(&[
        "Three is the very last.",
        "One paragraph stands first here.",
        "Two of them follow.",
    ]);
    for (block, id) in new.blocks.iter_mut().zip(["p2", "p0", "p1"]) {
        if let Block::Paragraph(paragraph) = block {
            paragraph.id = Id::new(id);
        }
    }
    let bytes = holds(&old, &new);
    let text = part(&bytes, DOCUMENT);
    for mark in [
        "<w:moveFrom ",
        "<w:moveTo ",
        "<w:moveFromRangeStart ",
        "<w:moveToRangeEnd ",
        "<w:commentReference ",
    ] {
        assert!(text.contains(mark), "{mark}");
    }
    assert_eq!(text.matches("w:name=\"mv_p2\"").count(), 2, "the two places have one name");
    assert!(part(&bytes, "word/comments.xml").contains("Moved here; it was paragraph 3."));
    let merged = compare(&old, &new, &names());
    let marks: Vec<Option<Mark>> = merged
        .blocks
        .iter()
        .map(|block| match block {
            Block::Paragraph(paragraph) => paragraph.mark(),
            _ => None,
        })
        .collect();
    assert_eq!(marks, [Some(Mark::MovedHere), None, None, Some(Mark::MovedAway)]);
}
