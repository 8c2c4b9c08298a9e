//! The small parts: headers and footers, settings, fonts, core properties. Must never say when, by whom or with what a file was
//! made: the same document would then give other bytes.

use super::bookmarks::Targets;
use super::inlines::{Looks, Part};
use super::languages::word_tag;
use super::notes::Footnotes;
use super::xml::{Tag, WORD, Xml, on};
use crate::document::{Direction, Document, Inline, Meta};

/// Where the number stands on a page: at the outer edge, as in a printed document.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Odd,
    Even,
}

fn layout(xml: &mut Xml, style: &str, side: Side, meta: &Meta) {
    xml.open("w:pPr", &[]);
    xml.value("w:pStyle", style);
    if meta.dir == Direction::RightToLeft {
        xml.tag(on("w:bidi"));
    }
    // In a right-to-left paragraph "right" means its end, which is left: pages mirror by themselves.
    xml.value("w:jc", if matches!(side, Side::Odd) { "right" } else { "left" });
    xml.close("w:pPr");
}

/// The symbol, on all pages but the first.
pub(super) fn header(document: &Document, side: Side) -> Vec<u8> {
    let targets = Targets::new();
    let symbol = document.masthead().symbol;
    let mut part = Part::new(document, &targets, Footnotes::default());
    part.xml.open("w:hdr", &[("xmlns:w", WORD)]);
    part.xml.open("w:p", &[]);
    layout(&mut part.xml, "Header", side, &document.meta);
    match symbol.as_slice() {
        [Inline::Text(symbol)] => part.text(symbol.as_str().trim(), Looks::plain()),
        [] => part.run(Looks::plain(), |xml| {
            xml.with_text("w:t", &[("xml:space", "preserve")], "");
        }),
        both => part.inlines(both, Looks::plain()),
    }
    part.xml.close("w:p");
    part.xml.close("w:hdr");
    part.xml.finish()
}

/// Nothing: the first page has the symbol in its masthead.
pub(super) fn empty_header() -> Vec<u8> {
    let mut xml = Xml::new();
    xml.within("w:hdr", &[("xmlns:w", WORD)], |xml| {
        xml.within("w:p", &[], |xml| {
            xml.within("w:pPr", &[], |xml| xml.value("w:pStyle", "Normal"));
        });
    });
    xml.finish()
}

/// "2/14", counted by the word processor.
pub(super) fn footer(meta: &Meta, side: Side) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.within("w:ftr", &[("xmlns:w", WORD)], |xml| {
        xml.within("w:p", &[], |xml| {
            layout(xml, "Footer", side, meta);
            field(xml, " PAGE ");
            xml.within("w:r", &[], |xml| xml.with_text("w:t", &[], "/"));
            field(xml, " NUMPAGES ");
        });
    });
    xml.finish()
}

fn field(xml: &mut Xml, code: &str) {
    let mark = |xml: &mut Xml, kind: &str| {
        xml.within("w:r", &[], |xml| xml.empty("w:fldChar", &[("w:fldCharType", kind)]));
    };
    mark(xml, "begin");
    xml.within("w:r", &[], |xml| {
        xml.with_text("w:instrText", &[("xml:space", "preserve")], code);
    });
    mark(xml, "separate");
    xml.within("w:r", &[], |xml| xml.with_text("w:t", &[], "1"));
    mark(xml, "end");
}

/// Behaviour of Word since 2013; footnote separators; headers that differ on even pages.
pub(super) fn settings(meta: &Meta) -> Vec<u8> {
    let compatibility = [
        ("compatibilityMode", "15"),
        ("overrideTableStyleFontSizeAndJustification", "1"),
        ("enableOpenTypeFeatures", "1"),
        ("doNotFlipMirrorIndents", "1"),
        ("differentiateMultirowTableHeaders", "1"),
    ];
    let separators =
        [Tag::One("w:footnote", &[("w:id", "-1")]), Tag::One("w:footnote", &[("w:id", "0")])];
    let mut xml = Xml::new();
    xml.within("w:settings", &[("xmlns:w", WORD)], |xml| {
        xml.empty("w:zoom", &[("w:percent", "100")]);
        if meta.dir == Direction::RightToLeft {
            xml.tag(on("w:mirrorMargins"));
        }
        xml.value("w:defaultTabStop", "567");
        xml.tag(on("w:evenAndOddHeaders"));
        xml.value("w:characterSpacingControl", "doNotCompress");
        xml.tag(Tag::In("w:footnotePr", &separators));
        xml.within("w:compat", &[], |xml| {
            for (name, value) in compatibility {
                let uri = "http://schemas.microsoft.com/office/word";
                let attributes = [("w:name", name), ("w:uri", uri), ("w:val", value)];
                xml.empty("w:compatSetting", &attributes);
            }
        });
    });
    xml.finish()
}

/// Fonts with substitutes where they are not installed.
pub(super) fn fonts() -> Vec<u8> {
    let fonts = [
        ("Times New Roman", "Liberation Serif", "roman"),
        ("SimSun", "Noto Serif CJK SC", "auto"),
        ("MS Mincho", "Noto Serif CJK JP", "auto"),
        ("Batang", "Noto Serif CJK KR", "auto"),
        ("Angsana New", "Noto Serif Thai", "roman"),
        ("DaunPenh", "Noto Serif Khmer", "roman"),
        ("Mangal", "Noto Serif Devanagari", "roman"),
    ];
    let mut xml = Xml::new();
    xml.within("w:fonts", &[("xmlns:w", WORD)], |xml| {
        for (name, substitute, family) in fonts {
            xml.within("w:font", &[("w:name", name)], |xml| {
                xml.value("w:altName", substitute);
                xml.value("w:family", family);
                xml.value("w:pitch", "variable");
            });
        }
    });
    xml.finish()
}

/// Title, symbol, language and identifier; no dates, since those of a document are printed text.
pub(super) fn core_properties(meta: &Meta) -> Vec<u8> {
    let core = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties";
    let namespaces = [("xmlns:cp", core), ("xmlns:dc", "http://purl.org/dc/elements/1.1/")];
    let language = word_tag(&meta.lang);
    let properties = [
        ("dc:title", meta.title.as_str()),
        ("dc:identifier", meta.identifier.as_str()),
        ("dc:language", &language),
        ("cp:keywords", meta.symbol.as_str()),
    ];
    let mut xml = Xml::new();
    xml.within("cp:coreProperties", &namespaces, |xml| {
        for (name, value) in properties.into_iter().filter(|(_, value)| !value.trim().is_empty()) {
            xml.with_text(name, &[], value.trim());
        }
    });
    xml.finish()
}
