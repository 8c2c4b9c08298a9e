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

/// Which note a footnote is.
#[derive(Clone, Copy)]
enum Placed {
    Counted(usize),
    Marked(usize),
    /// To a line of the first page.
    OfMasthead(usize),
}

/// The footnotes placed so far.
#[derive(Default)]
pub(super) struct Footnotes {
    placed: Vec<Placed>,
    seen: Vec<bool>,
    counted: u32,
    /// In the footnotes themselves there can be none.
    closed: bool,
    /// Where two documents are compared, each counts its own once the changes are accepted or rejected.
    all_counted: bool,
}

impl Footnotes {
    pub(super) fn of(document: &Document) -> Self {
        Self { all_counted: document.compared.is_some(), ..Self::default() }
    }

    pub(super) fn place(&mut self, index: usize, note: &Note) -> Indicator {
        if self.seen.len() <= index {
            self.seen.resize(index + 1, false);
        }
        let again = std::mem::replace(&mut self.seen[index], true);
        if self.closed || again || note.table.is_some() {
            return Indicator::Written;
        }
        let is_counted = self.all_counted || note.number == Some(self.counted + 1);
        self.counted += u32::from(is_counted);
        if is_counted {
            Indicator::Counted(self.add(Placed::Counted(index)))
        } else {
            Indicator::Marked(self.add(Placed::Marked(index)))
        }
    }

    /// The id of the footnote for a note to a line of the first page, which is always marked.
    pub(super) fn place_of_masthead(&mut self, place: usize) -> usize {
        self.add(Placed::OfMasthead(place))
    }

    fn add(&mut self, placed: Placed) -> usize {
        self.placed.push(placed);
        self.placed.len()
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
    let text_of = |index: usize| document.notes.get(index).map(|note| note.inlines.as_slice());
    let label_of = |index: usize| document.notes.get(index).map(Note::label);
    for (id, &placed) in (1_usize..).zip(&footnotes.placed) {
        let (inlines, label) = match placed {
            Placed::Counted(index) => (text_of(index), None),
            Placed::Marked(index) => (text_of(index), label_of(index)),
            Placed::OfMasthead(place) => (
                document.meta.notes.get(place).map(|note| note.inlines.as_slice()),
                Some(document.meta.mark(place)),
            ),
        };
        part.xml.open("w:footnote", &[("w:id", &id.to_string())]);
        part.xml.open("w:p", &[]);
        part.xml.within("w:pPr", &[], |xml| xml.value("w:pStyle", "FootnoteText"));
        let looks = part.looks();
        match label {
            None => part.xml.within("w:r", &[], |xml| {
                xml.within("w:rPr", &[], |xml| {
                    xml.value("w:rStyle", "FootnoteReference");
                    if document.meta.dir == Direction::RightToLeft {
                        xml.empty("w:rtl", &[]);
                    }
                });
                xml.empty("w:footnoteRef", &[]);
            }),
            Some(label) => part.text(&label, looks.class("FootnoteReference")),
        }
        part.text(" ", looks);
        part.inlines(inlines.unwrap_or_default(), looks);
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
