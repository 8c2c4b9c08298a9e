//! Stretches of a line as runs: emphasis, languages, links, cross-references, note indicators. Must never nest a link in a link,
//! nor place a true footnote where there can be none.

use super::super::{NOTE_SEPARATOR, is_beside_note};
use super::bookmarks::{Switch, Targets, bookmark};
use super::languages::{language_attribute, word_tag};
use super::notes::{Footnotes, Indicator};
use super::package::Links;
use super::pictures::Picture;
use super::tracking::{Tracking, code_name, text_name};
use super::xml::{Xml, on};
use crate::document::{
    Direction, Document, Inline, LanguageTag, Mark, MastheadLine, NoteRef, wholly,
};

/// Changes are numbered from here on, bookmarks from 1 on.
const FIRST_CHANGE: usize = 1_000_000;

/// How a run looks.
#[derive(Clone, Copy)]
pub(super) struct Looks<'a> {
    strong: bool,
    emphasis: bool,
    in_link: bool,
    /// The language, when it is not that of the document.
    pub(super) language: Option<&'a LanguageTag>,
    direction: Direction,
    class: Option<&'static str>,
    /// In which of two compared documents it stands.
    pub(super) mark: Option<Mark>,
}

impl<'a> Looks<'a> {
    /// Of text in parts that have no looks of their own.
    pub(super) fn plain() -> Self {
        Self::of(Direction::LeftToRight, None)
    }

    pub(super) fn marked(self, mark: Option<Mark>) -> Self {
        Self { mark: mark.or(self.mark), ..self }
    }

    pub(super) fn of(direction: Direction, language: Option<&'a LanguageTag>) -> Self {
        let direction = language.map_or(direction, LanguageTag::direction);
        let (strong, emphasis, in_link) = (false, false, false);
        Self { strong, emphasis, in_link, language, direction, class: None, mark: None }
    }

    pub(super) fn class(self, class: &'static str) -> Self {
        Self { class: Some(class), ..self }
    }

    fn language(self, language: &'a LanguageTag) -> Self {
        Self { language: Some(language), direction: language.direction(), ..self }
    }

    /// Word expects these in the order of the schema's list, `rtl` before `lang`.
    fn write(self, xml: &mut Xml) {
        let has_any = self.strong
            || self.emphasis
            || self.language.is_some()
            || self.class.is_some()
            || self.direction == Direction::RightToLeft;
        if !has_any {
            return;
        }
        xml.open("w:rPr", &[]);
        self.class.iter().for_each(|class| xml.value("w:rStyle", class));
        if self.strong {
            xml.tags(&[on("w:b"), on("w:bCs")]);
        }
        if self.emphasis {
            xml.tags(&[on("w:i"), on("w:iCs")]);
        }
        if self.direction == Direction::RightToLeft {
            xml.tag(on("w:rtl"));
        }
        if let Some(language) = self.language {
            xml.empty("w:lang", &[(language_attribute(language), &word_tag(language))]);
        }
        xml.close("w:rPr");
    }
}

/// A part with running text: the document itself or its footnotes.
pub(super) struct Part<'a> {
    pub(super) xml: Xml,
    pub(super) links: Links,
    pub(super) footnotes: Footnotes,
    pub(super) pictures: Vec<Picture>,
    /// Whether charts are drawn; where not, their places stay empty.
    pub(super) draws: bool,
    pub(super) document: &'a Document,
    pub(super) tracking: Tracking<'a>,
    targets: &'a Targets<'a>,
}

impl<'a> Part<'a> {
    pub(super) fn new(
        document: &'a Document,
        targets: &'a Targets<'a>,
        footnotes: Footnotes,
    ) -> Self {
        let (xml, links, pictures) = (Xml::new(), Links::default(), Vec::new());
        let tracking = Tracking::of(document, FIRST_CHANGE);
        Self { xml, links, footnotes, pictures, draws: true, document, tracking, targets }
    }

    /// A run of text in the looks of the whole document.
    pub(super) fn looks(&self) -> Looks<'a> {
        Looks::of(self.document.meta.dir, None)
    }

    pub(super) fn inlines(&mut self, inlines: &'a [Inline], looks: Looks<'a>) {
        for (index, inline) in inlines.iter().enumerate() {
            if is_beside_note(inlines, index) {
                self.text(NOTE_SEPARATOR, looks.class("FootnoteReference"));
            }
            self.inline(inline, looks);
        }
    }

    fn inline(&mut self, inline: &'a Inline, looks: Looks<'a>) {
        match inline {
            Inline::Text(text) => self.text(text.as_str(), looks),
            Inline::Emphasis(inside) => self.inlines(inside, Looks { emphasis: true, ..looks }),
            Inline::Strong(inside) => self.inlines(inside, Looks { strong: true, ..looks }),
            Inline::Language { lang, inlines } => self.inlines(inlines, looks.language(lang)),
            Inline::Link { inlines, .. } if looks.in_link => self.inlines(inlines, looks),
            Inline::Link { href, inlines } => {
                let id = self.links.id(href.as_str());
                self.xml.open("w:hyperlink", &[("r:id", &id), ("w:history", "1")]);
                self.inlines(inlines, Looks { in_link: true, ..looks.class("Hyperlink") });
                self.xml.close("w:hyperlink");
            }
            Inline::Note(note) => self.note(*note, looks),
            Inline::CrossReference { to, text } => match self.targets.get(to) {
                Some(_) if text.is_empty() => {}
                Some(switch) => self.reference(&bookmark(to), *switch, text, looks),
                None => self.text(text, looks),
            },
            Inline::LineBreak => self.run(looks, |xml| xml.empty("w:br", &[])),
            // What has moved is here as it reads now; as it read before, it stands at the other place.
            Inline::Marked { mark, .. } if looks.mark.is_some() && mark.is_before() => {}
            Inline::Marked { inlines, .. } if looks.mark.is_some() => self.inlines(inlines, looks),
            Inline::Marked { mark, inlines } => {
                self.inlines(inlines, Looks { mark: Some(*mark), ..looks });
            }
        }
    }

    pub(super) fn text(&mut self, text: &str, looks: Looks) {
        if !text.is_empty() {
            self.run(looks, |xml| {
                xml.with_text(text_name(looks.mark), &[("xml:space", "preserve")], text);
            });
        }
    }

    pub(super) fn tab(&mut self, looks: Looks) {
        self.run(looks, |xml| xml.empty("w:tab", &[]));
    }

    pub(super) fn run(&mut self, looks: Looks, write: impl FnOnce(&mut Xml)) {
        self.under(looks.mark, |part| {
            part.xml.open("w:r", &[]);
            looks.write(&mut part.xml);
            write(&mut part.xml);
            part.xml.close("w:r");
        });
    }

    fn note(&mut self, NoteRef(index): NoteRef, looks: Looks) {
        let Some(note) = self.document.notes.get(index) else { return };
        let looks = Looks { strong: false, emphasis: false, ..looks };
        match self.footnotes.place(index, note) {
            Indicator::Counted(id) => self.run(looks.class("FootnoteReference"), |xml| {
                xml.empty("w:footnoteReference", &[("w:id", &id.to_string())]);
            }),
            Indicator::Marked(id) => {
                self.marked(id, &note.label(), looks.class("FootnoteReference"));
            }
            Indicator::Written => self.text(&note.label(), looks.class("TableNoteReference")),
        }
    }

    /// The marks of the notes to a line of the first page, behind that line. LibreOffice prints a mark of several characters
    /// twice, so that all but the first are text beside it.
    pub(super) fn masthead_notes(&mut self, line: MastheadLine, looks: Looks<'a>) {
        let document = self.document;
        let mut before = Vec::new();
        for (place, note) in document.meta.notes_to(line) {
            let looks = looks.marked(wholly(&note.inlines));
            if !before.is_empty() {
                self.text(NOTE_SEPARATOR, looks.marked(separator(&before)));
            }
            before.push(looks.mark);
            let id = self.footnotes.place_of_masthead(place);
            let looks = looks.class("FootnoteReference");
            let mark = document.meta.mark(place);
            let (first, others) = mark.split_at(1);
            self.marked(id, first, looks);
            self.text(others, looks);
        }
    }

    /// The place of a footnote with a mark that is written out.
    fn marked(&mut self, id: usize, mark: &str, looks: Looks) {
        self.run(looks, |xml| {
            let id = id.to_string();
            xml.empty("w:footnoteReference", &[("w:customMarkFollows", "1"), ("w:id", &id)]);
            xml.with_text(text_name(looks.mark), &[("xml:space", "preserve")], mark);
        });
    }

    /// A field that the word processor can count again, with what the model computed as its present text.
    fn reference(&mut self, name: &str, switch: Switch, text: &str, looks: Looks) {
        let switch = match switch {
            Switch::Number => "\\n",
            Switch::Path => "\\w",
            Switch::Written if looks.in_link => return self.text(text, looks),
            Switch::Written => {
                self.xml.open("w:hyperlink", &[("w:anchor", name), ("w:history", "1")]);
                self.text(text, looks);
                return self.xml.close("w:hyperlink");
            }
        };
        let mark = |xml: &mut Xml, kind: &str| xml.empty("w:fldChar", &[("w:fldCharType", kind)]);
        self.run(looks, |xml| mark(xml, "begin"));
        self.run(looks, |xml| {
            let code = format!(" REF {name} {switch} \\h ");
            xml.with_text(code_name(looks.mark), &[("xml:space", "preserve")], &code);
        });
        self.run(looks, |xml| mark(xml, "separate"));
        self.text(text, looks);
        self.run(looks, |xml| mark(xml, "end"));
    }
}

/// The mark of what stands between a note and those before it: in whichever of the documents none of those stands, neither does it.
fn separator(before: &[Option<Mark>]) -> Option<Mark> {
    let all = |is_before: bool| {
        before.iter().all(|mark| mark.is_some_and(|mark| mark.is_before() == is_before))
    };
    match (all(true), all(false)) {
        (true, _) => Some(Mark::Deleted),
        (_, true) => Some(Mark::Inserted),
        _ => None,
    }
}
