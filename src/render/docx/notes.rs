//! True footnotes in the order of their indicators. Notes that a table letters stand under it and are not of these. Must never
//! let the word processor count to another number than the model did.

use super::bookmarks::Targets;
use super::inlines::Part;
use super::package::Links;
use super::xml::{RELATIONS, WORD};
use crate::document::{Direction, Document, Note};

/// How a note is shown at its place.
pub(super) enum Indicator {
    /// By a footnote that the word processor counts.
    Counted(usize),
    /// By a footnote with a mark that is written out, since counting would give another.
    Marked(usize),
    /// By a letter or number alone.
    Written,
}

/// The footnotes placed so far.
#[derive(Default)]
pub(super) struct Footnotes {
    /// For each footnote which note it is, and whether it is counted.
    placed: Vec<(usize, bool)>,
    seen: Vec<bool>,
    counted: u32,
    /// In the footnotes themselves there can be none.
    closed: bool,
}

impl Footnotes {
    pub(super) fn place(&mut self, index: usize, note: &Note) -> Indicator {
        if self.seen.len() <= index {
            self.seen.resize(index + 1, false);
        }
        let again = std::mem::replace(&mut self.seen[index], true);
        if self.closed || again || note.table.is_some() {
            return Indicator::Written;
        }
        let is_counted = note.number == Some(self.counted + 1);
        self.counted += u32::from(is_counted);
        self.placed.push((index, is_counted));
        let id = self.placed.len();
        if is_counted { Indicator::Counted(id) } else { Indicator::Marked(id) }
    }
}

/// The part with the footnotes, and the links in it.
pub(super) fn part(
    document: &Document,
    targets: &Targets,
    footnotes: &Footnotes,
) -> (Vec<u8>, Links) {
    let closed = Footnotes { closed: true, ..Footnotes::default() };
    let mut part = Part::new(document, targets, closed);
    part.xml.open("w:footnotes", &[("xmlns:w", WORD), ("xmlns:r", RELATIONS)]);
    separators(&mut part);
    for (id, &(index, is_counted)) in (1_usize..).zip(&footnotes.placed) {
        let Some(note) = document.notes.get(index) else { continue };
        part.xml.open("w:footnote", &[("w:id", &id.to_string())]);
        part.xml.open("w:p", &[]);
        part.xml.within("w:pPr", &[], |xml| xml.value("w:pStyle", "FootnoteText"));
        let looks = part.looks();
        if is_counted {
            part.xml.within("w:r", &[], |xml| {
                xml.within("w:rPr", &[], |xml| {
                    xml.value("w:rStyle", "FootnoteReference");
                    if document.meta.dir == Direction::RightToLeft {
                        xml.empty("w:rtl", &[]);
                    }
                });
                xml.empty("w:footnoteRef", &[]);
            });
        } else {
            part.text(&note.label(), looks.class("FootnoteReference"));
        }
        part.text(" ", looks);
        part.inlines(&note.inlines, looks);
        part.xml.close("w:p");
        part.xml.close("w:footnote");
    }
    part.xml.close("w:footnotes");
    (part.xml.finish(), part.links)
}

/// The rules between text and footnotes; the settings point to them.
fn separators(part: &mut Part) {
    for (id, kind) in [("-1", "separator"), ("0", "continuationSeparator")] {
        part.xml.within("w:footnote", &[("w:type", kind), ("w:id", id)], |xml| {
            xml.within("w:p", &[], |xml| {
                xml.within("w:pPr", &[], |xml| {
                    let spacing = [("w:after", "0"), ("w:line", "240"), ("w:lineRule", "auto")];
                    xml.empty("w:spacing", &spacing);
                });
                xml.within("w:r", &[], |xml| xml.empty(&format!("w:{kind}"), &[]));
            });
        });
    }
}
