//! Inlines and the footnotes that stand among them. Must never nest a link in a link or a footnote in a footnote.

use super::super::{NOTE_SEPARATOR, is_beside_note};
use super::{Writer, eid};
use crate::document::{Id, Inline, MastheadLine, Note, NoteRef};
use std::mem;

impl<'a> Writer<'a> {
    pub(super) fn inlines(&mut self, inlines: &'a [Inline], in_link: bool) {
        for (index, inline) in inlines.iter().enumerate() {
            // Markers are printed raised, and so is what stands between two of them.
            if !self.in_note && is_beside_note(inlines, index) {
                self.xml.element("sup", &[], NOTE_SEPARATOR);
            }
            self.inline(inline, in_link);
        }
    }

    fn inline(&mut self, inline: &'a Inline, in_link: bool) {
        match inline {
            Inline::Text(text) => self.xml.text(text.as_str()),
            Inline::Emphasis(inlines) => self.around("i", &[], inlines, in_link),
            Inline::Strong(inlines) => self.around("b", &[], inlines, in_link),
            Inline::Language { lang, inlines } => {
                self.around("span", &[("xml:lang", lang.as_str())], inlines, in_link);
            }
            Inline::Link { inlines, .. } if in_link => self.inlines(inlines, true),
            Inline::Link { href, inlines } => {
                self.around("a", &[("href", href.as_str())], inlines, true);
            }
            Inline::Note(NoteRef(index)) => self.note(*index),
            Inline::CrossReference { to, text } => self.reference(to, text, in_link),
            Inline::LineBreak => self.xml.empty("eol", &[]),
            Inline::Marked { mark, inlines } => {
                self.around(if mark.is_before() { "del" } else { "ins" }, &[], inlines, in_link);
            }
        }
    }

    fn around(
        &mut self,
        name: &'static str,
        attributes: &[(&str, &str)],
        inlines: &'a [Inline],
        in_link: bool,
    ) {
        self.xml.open(name, attributes);
        self.inlines(inlines, in_link);
        self.xml.close();
    }

    fn reference(&mut self, to: &Id, text: &str, in_link: bool) {
        let Some(target) = self.plan.target(to).filter(|_| !in_link) else {
            return self.xml.text(text);
        };
        let href = format!("#{target}");
        self.holder.references += 1;
        let eid = format!("{}__ref_{}", self.holder.eid, self.holder.references);
        self.xml.element("ref", &[("eId", &eid), ("href", &href)], text);
    }

    fn note(&mut self, index: usize) {
        let Some(note) = self.document.notes.get(index).filter(|_| !self.in_note) else { return };
        let label = note.label();
        let (eid, base) = self.note_place(note, &label);
        let mut attributes =
            vec![("eId", eid.as_str()), ("marker", label.as_str()), ("placement", "bottom")];
        attributes.extend(base.as_deref().map(|base| ("placementBase", base)));
        self.authorial_note(&eid, &attributes, &note.inlines);
    }

    /// The notes to a line of the first page, which have marks in place of numbers.
    pub(super) fn masthead_notes(&mut self, line: MastheadLine) {
        let document = self.document;
        for (nth, (place, note)) in document.meta.notes_to(line).enumerate() {
            if nth > 0 {
                self.xml.element("sup", &[], NOTE_SEPARATOR);
            }
            let eid = self.plan.claim(format!("fn_nn_{}", place + 1));
            let mark = document.meta.mark(place);
            let attributes = [("eId", eid.as_str()), ("marker", &mark), ("placement", "bottom")];
            self.authorial_note(&eid, &attributes, &note.inlines);
        }
    }

    fn authorial_note(&mut self, eid: &str, attributes: &[(&str, &str)], inlines: &'a [Inline]) {
        self.xml.open("authorialNote", attributes);
        self.xml.open("p", &[]);
        let inside = super::Holder { eid: eid.to_owned(), references: 0 };
        let outside = mem::replace(&mut self.holder, inside);
        self.in_note = true;
        self.inlines(inlines, false);
        self.in_note = false;
        self.holder = outside;
        self.xml.close();
        self.xml.close();
    }

    /// The `eId` of a note and, for one that is lettered under a table, what it is placed under.
    fn note_place(&mut self, note: &Note, label: &str) -> (String, Option<String>) {
        let number = eid::number(label).unwrap_or_else(|| "nn".to_owned());
        let table = note.table.as_ref().and_then(|table| self.plan.table(table));
        let above = table.as_ref().map_or_else(|| self.scope.clone(), |eid| format!("{eid}__"));
        (self.plan.claim(format!("{above}fn_{number}")), table.map(|eid| format!("#{eid}")))
    }
}
