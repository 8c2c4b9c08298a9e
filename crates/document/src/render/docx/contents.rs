//! A list of contents as a field: what stands in it is right as it is written, and a word processor makes it anew when somebody asks it
//! to. Without page numbers, which only a word processor knows: documents are cited by paragraph.

use super::body::{Body, Line};
use super::bookmarks::bookmark;
use super::xml::{Tag, Xml};
use crate::document::{Level, OutlineEntry, Words};

/// Headings of the first two levels, by style and by outline level (annexes), each as a link, without page numbers.
const CODE: &str = " TOC \\o \"1-2\" \\n \\h \\z \\u ";

impl Body<'_> {
    pub(super) fn contents(&mut self, words: &'static Words) {
        let outline = self.part.document.outline();
        let shown: Vec<&OutlineEntry> =
            outline.iter().filter(|entry| entry.level <= Level::TWO).collect();
        let Some(last) = shown.len().checked_sub(1) else { return };
        let xml = &mut self.part.xml;
        xml.open("w:sdt", &[]);
        let gallery = Tag::One("w:docPartGallery", &[("w:val", "Table of Contents")]);
        let part = Tag::In("w:docPartObj", &[gallery, Tag::One("w:docPartUnique", &[])]);
        xml.tag(Tag::In("w:sdtPr", &[part]));
        xml.open("w:sdtContent", &[]);
        let looks = self.part.looks();
        self.line(Line::new("TOCHeading", looks), None, |part| part.text(words.contents, looks));
        for (place, entry) in shown.into_iter().enumerate() {
            let style = if entry.level == Level::ONE { "TOC1" } else { "TOC2" };
            self.line(Line::new(style, looks), None, |part| {
                if place == 0 {
                    begin(&mut part.xml);
                }
                let anchor = bookmark(&entry.id);
                part.xml.open("w:hyperlink", &[("w:anchor", &anchor), ("w:history", "1")]);
                if !entry.printed_label.is_empty() {
                    part.text(&entry.printed_label, looks);
                    part.tab(looks);
                }
                part.text(&entry.heading, looks);
                part.xml.close("w:hyperlink");
                if place == last {
                    mark(&mut part.xml, "end");
                }
            });
        }
        self.part.xml.close("w:sdtContent");
        self.part.xml.close("w:sdt");
    }
}

fn begin(xml: &mut Xml) {
    mark(xml, "begin");
    xml.within("w:r", &[], |xml| {
        xml.with_text("w:instrText", &[("xml:space", "preserve")], CODE);
    });
    mark(xml, "separate");
}

fn mark(xml: &mut Xml, kind: &str) {
    xml.within("w:r", &[], |xml| xml.empty("w:fldChar", &[("w:fldCharType", kind)]));
}
