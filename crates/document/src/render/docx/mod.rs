//! A document as a Word file (.docx, ISO/IEC 29500 transitional), with true styles, numbering, footnotes and cross-references, and
//! read back from one that somebody edited. Pure: the same document gives the same bytes. Must never let the word processor print
//! another number than the model computed.

mod body;
mod bookmarks;
mod contents;
pub mod filled;
mod inlines;
mod languages;
mod masthead;
mod memory;
mod notes;
mod numbering;
mod package;
mod parts;
mod pictures;
pub mod read;
mod styles;
mod tables;
mod tracking;
mod xml;

pub use bookmarks::bookmark;
pub use memory::Memory;

use crate::document::{Block, Direction, Document, Meta, Words};
use body::Body;
use inlines::Part;
use notes::Footnotes;
use package::{Links, Package, Relation};
use parts::Side;
use pictures::Picture;
use xml::{RELATIONS, Tag, WORD, Xml, on};

/// The value of a `Content-Type` header.
pub const MEDIA_TYPE: &str =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// Parts that the document refers to: id, type of relationship, file. Headers and footers are referred to by id.
const RELATED: [(&str, &str, &str); 10] = [
    ("styles", "styles", "styles.xml"),
    ("numbering", "numbering", "numbering.xml"),
    ("settings", "settings", "settings.xml"),
    ("fonts", "fontTable", "fontTable.xml"),
    ("footnotes", "footnotes", "footnotes.xml"),
    ("headerFirst", "header", "header1.xml"),
    ("headerOdd", "header", "header2.xml"),
    ("headerEven", "header", "header3.xml"),
    ("footerOdd", "footer", "footer1.xml"),
    ("footerEven", "footer", "footer2.xml"),
];

/// The whole file.
#[must_use]
pub fn render(document: &Document) -> Vec<u8> {
    file(document, None, Pictures::Drawn)
}

/// The file of a draft, which knows what it was made from when it comes back.
#[must_use]
pub fn render_draft(document: &Document, memory: &Memory) -> Vec<u8> {
    file(document, Some(memory), Pictures::Drawn)
}

/// The file as far as it is read back: where a chart stands, nothing is drawn, which takes most of the time.
#[must_use]
fn render_texts(document: &Document) -> Vec<u8> {
    file(document, None, Pictures::Left)
}

/// Whether charts are drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pictures {
    Drawn,
    Left,
}

fn file(document: &Document, memory: Option<&Memory>, drawn: Pictures) -> Vec<u8> {
    let meta = &document.meta;
    let words = Words::of(&meta.lang);
    let targets = bookmarks::targets(document);
    let (masthead, footnotes) = (document.masthead().trimmed(), Footnotes::of(document));
    let mut body = Body::new(Part::new(document, &targets, footnotes));
    body.part.draws = drawn == Pictures::Drawn;
    body.part.xml.open("w:document", &[("xmlns:w", WORD), ("xmlns:r", RELATIONS)]);
    body.part.xml.open("w:body", &[]);
    body.masthead(&masthead, words);
    if document.compared.is_none() && document.has_contents() {
        body.contents(words);
    }
    body.blocks(&document.blocks, numbering::HEADINGS);
    page(&mut body.part.xml, meta, !masthead.symbol.is_empty());
    body.part.xml.close("w:body");
    body.part.xml.close("w:document");
    let Body { part: Part { xml, links, footnotes, pictures, .. }, numbering, .. } = body;
    let (notes, links_of_notes) = notes::part(document, &targets, &footnotes);

    let comments = tracking::comments(document);
    let mut package = begin(memory, comments.is_some());
    let own = [
        Relation::inside("document", "officeDocument", "word/document.xml"),
        Relation::core("core", "docProps/core.xml"),
    ];
    package.relations("", own.into_iter().chain(memory.map(Memory::relation_of_package)));
    package.part("docProps/core.xml", &parts::core_properties(meta));
    package.part("word/document.xml", &xml.finish());
    relate(&mut package, &links, &pictures, memory, comments.is_some());
    memory.iter().for_each(|memory| memory.write(&mut package));
    for (name, bytes) in pictures.iter().flat_map(Picture::parts) {
        package.part(&name, bytes);
    }
    package.part("word/footnotes.xml", &notes);
    package.relations("word/footnotes.xml", links_of_notes.relations());
    comments.iter().for_each(|comments| package.part("word/comments.xml", comments));
    package.part("word/styles.xml", &styles::part(meta));
    let numbering = numbering.part(meta.heading_style, words, counts_annexes(document));
    package.part("word/numbering.xml", &numbering);
    package.part("word/settings.xml", &parts::settings(meta));
    package.part("word/fontTable.xml", &parts::fonts());
    package.part("word/header1.xml", &parts::empty_header());
    package.part("word/header2.xml", &parts::header(document, Side::Odd));
    package.part("word/header3.xml", &parts::header(document, Side::Even));
    package.part("word/footer1.xml", &parts::footer(meta, Side::Odd));
    package.part("word/footer2.xml", &parts::footer(meta, Side::Even));
    package.finish()
}

fn begin(memory: Option<&Memory>, has_comments: bool) -> Package {
    let word = |kind: &str| format!("officedocument.wordprocessingml.{kind}");
    let mut types: Vec<_> =
        RELATED.iter().map(|(_, kind, file)| (format!("word/{file}"), word(kind))).collect();
    types.insert(0, ("word/document.xml".to_owned(), word("document.main")));
    if has_comments {
        types.push(("word/comments.xml".to_owned(), word("comments")));
    }
    types.push(("docProps/core.xml".to_owned(), "package.core-properties".to_owned()));
    types.extend(memory.into_iter().flat_map(|_| Memory::types()));
    let types: Vec<_> = types.iter().map(|(part, kind)| (part.as_str(), kind.as_str())).collect();
    Package::begin(&types)
}

fn relate(
    package: &mut Package,
    links: &Links,
    pictures: &[Picture],
    memory: Option<&Memory>,
    has_comments: bool,
) {
    let comments = has_comments.then_some(&("comments", "comments", "comments.xml"));
    let parts = RELATED.iter().chain(comments);
    let parts = parts.map(|(id, kind, file)| Relation::inside(id, kind, file));
    let pictures = pictures.iter().flat_map(Picture::relations);
    let memory = memory.map(Memory::relation_of_document);
    let all = parts.chain(links.relations()).chain(pictures).chain(memory);
    package.relations("word/document.xml", all);
}

/// The page: A4, another first page, other even pages.
fn page(xml: &mut Xml, meta: &Meta, has_symbol: bool) {
    xml.open("w:sectPr", &[]);
    let references = [
        ("w:headerReference", "first", "headerFirst"),
        ("w:headerReference", "default", "headerOdd"),
        ("w:headerReference", "even", "headerEven"),
        ("w:footerReference", "first", "footerOdd"),
        ("w:footerReference", "default", "footerOdd"),
        ("w:footerReference", "even", "footerEven"),
    ];
    for (name, pages, id) in references {
        // Without a symbol there is nothing to head a page with.
        if has_symbol || name == "w:footerReference" {
            xml.empty(name, &[("w:type", pages), ("r:id", id)]);
        }
    }
    let margins = [
        ("w:top", "1474"),
        ("w:right", "1418"),
        ("w:bottom", "1361"),
        ("w:left", "1418"),
        ("w:header", "680"),
        ("w:footer", "624"),
        ("w:gutter", "0"),
    ];
    xml.tags(&[
        Tag::One("w:pgSz", &[("w:w", "11906"), ("w:h", "16838")]),
        Tag::One("w:pgMar", &margins),
        on("w:titlePg"),
    ]);
    if meta.dir == Direction::RightToLeft {
        xml.tag(on("w:bidi"));
    }
    xml.close("w:sectPr");
}

/// Annexes are counted when there are several.
fn counts_annexes(document: &Document) -> bool {
    let is_annex = |block: &&Block| matches!(block, Block::Section(section) if section.annex);
    document.blocks.iter().filter(is_annex).nth(1).is_some()
}

#[cfg(test)]
mod tests;
