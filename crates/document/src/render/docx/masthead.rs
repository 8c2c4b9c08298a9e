//! What stands before the text: "United Nations" and symbol over a rule, organ and release, meeting, agenda, title, summary in its
//! box (UN Editorial Manual, mastheads). Must never print a line for a text that is blank.

use super::body::{Body, Line};
use super::spots;
use super::styles::TEXT_WIDTH;
use super::tables::{begin, cell_properties};
use crate::document::{MastheadLine, Meta, Text, Words};

/// Width of the column with distribution, date and language.
const RELEASE_WIDTH: u32 = 3000;

impl<'a> Body<'a> {
    pub(super) fn masthead(&mut self, meta: &'a Meta, words: &'static Words) {
        let looks = self.part.looks();
        self.line(Line::new("MastheadTop", looks), Some(&spots::symbol()), |part| {
            part.text(words.united_nations, looks);
            if !meta.symbol.is_blank() {
                part.tab(looks);
                part.text(meta.symbol.as_str(), looks.class("MastheadSymbol"));
                part.masthead_notes(MastheadLine::Symbol, looks);
            }
        });
        self.issue(meta);
        let agenda = Some(MastheadLine::AgendaItems);
        self.plain_lines("MastheadMeeting", spots::MEETING, &meta.meeting, None);
        self.plain_lines("MastheadAgenda", spots::AGENDA, &meta.agenda_items, agenda);
        self.plain_lines("Title", spots::TITLE, [&meta.title], Some(MastheadLine::Title));
        self.plain_lines("Subtitle", spots::SUBTITLE, [&meta.subtitle], None);
        if !meta.summary.is_empty() {
            self.summary(meta, words);
        }
    }

    /// Lines that are not blank; the notes, if any, stand behind the last one.
    fn plain_lines(
        &mut self,
        style: &'static str,
        name: &str,
        texts: impl IntoIterator<Item = &'a Text>,
        notes: Option<MastheadLine>,
    ) {
        let line = Line::new(style, self.part.looks());
        let texts = texts.into_iter().enumerate().filter(|(_, text)| !text.is_blank());
        let mut texts = texts.peekable();
        while let Some((place, text)) = texts.next() {
            let notes = notes.filter(|_| texts.peek().is_none());
            self.line(line, Some(&spots::line(name, place)), |part| {
                part.text(text.as_str().trim(), line.looks);
                notes.into_iter().for_each(|to| part.masthead_notes(to, line.looks));
            });
        }
    }

    /// The organ beside what says how this document is released.
    fn issue(&mut self, meta: &'a Meta) {
        let release = [&meta.distribution, &meta.date, &meta.original_language];
        if meta.organ.is_blank() && release.iter().all(|text| text.is_blank()) {
            return;
        }
        let widths = [TEXT_WIDTH - RELEASE_WIDTH, RELEASE_WIDTH];
        self.layout_table("MastheadTable", &widths, |body, column| match column {
            0 => body.plain_lines("MastheadOrgan", spots::ORGAN, [&meta.organ], None),
            _ => body.plain_lines("MastheadRelease", spots::RELEASE, release, None),
        });
    }

    fn summary(&mut self, meta: &'a Meta, words: &'static Words) {
        self.layout_table("SummaryBox", &[TEXT_WIDTH], |body, _| {
            let line = Line::new("SummaryHeading", body.part.looks());
            body.line(line, Some(&spots::summary()), |part| {
                part.text(words.summary, line.looks);
                part.masthead_notes(MastheadLine::Summary, line.looks);
            });
            meta.summary.iter().for_each(|paragraph| body.paragraph(paragraph));
        });
        self.text_line(Line::new("TableEnd", self.part.looks()), None, &[]);
    }

    /// A table of one row that only lays out what stands in it.
    fn layout_table(
        &mut self,
        style: &str,
        widths: &[u32],
        mut write: impl FnMut(&mut Self, usize),
    ) {
        let direction = self.part.document.meta.dir;
        let looks = self.part.looks();
        let xml = &mut self.part.xml;
        xml.open("w:tbl", &[]);
        begin(xml, style, widths, direction, |_| {});
        xml.open("w:tr", &[]);
        for (column, &width) in widths.iter().enumerate() {
            self.part.xml.open("w:tc", &[]);
            cell_properties(&mut self.part.xml, width, 1, None);
            let before = self.part.xml.length();
            write(self, column);
            // A cell without a paragraph is damage to Word.
            if self.part.xml.length() == before {
                self.text_line(Line::new("TableText", looks), None, &[]);
            }
            self.part.xml.close("w:tc");
        }
        self.part.xml.close("w:tr");
        self.part.xml.close("w:tbl");
    }
}
