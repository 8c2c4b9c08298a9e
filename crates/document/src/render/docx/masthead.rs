//! What stands before the text: "United Nations" and symbol over a rule, organ and release, meeting, agenda, title, summary in its
//! box (UN Editorial Manual, mastheads). Must never print a line for a text that is blank.

use super::body::{Body, Line};
use super::styles::TEXT_WIDTH;
use super::tables::{begin, cell_properties};
use crate::difference::list::common;
use crate::document::{
    Inline, Mark, Masthead, MastheadLine, Meta, Paragraph, Text, Words, spots, wholly,
};

/// Width of the column with distribution, date and language.
const RELEASE_WIDTH: u32 = 3000;

impl<'a> Body<'a> {
    pub(super) fn masthead(&mut self, masthead: &'a Masthead, words: &'static Words) {
        let looks = self.part.looks();
        self.line(Line::new("MastheadTop", looks), Some(&spots::symbol()), |part| {
            part.text(words.united_nations, looks);
            part.remarks();
            if !masthead.symbol.is_empty() {
                part.tab(looks.marked(wholly(&masthead.symbol)));
                part.inlines(&masthead.symbol, looks.class("MastheadSymbol"));
                part.masthead_notes(MastheadLine::Symbol, looks);
            }
        });
        self.issue(masthead);
        let (meta, agenda) = (&self.part.document.meta, Some(MastheadLine::AgendaItems));
        let (titles, subtitles) = ([&meta.title], [&meta.subtitle]);
        self.plain_lines("MastheadMeeting", spots::MEETING, &meta.meeting, &masthead.meeting, None);
        self.plain_lines(
            "MastheadAgenda",
            spots::AGENDA,
            &meta.agenda_items,
            &masthead.agenda,
            agenda,
        );
        self.plain_lines("Title", spots::TITLE, titles, &masthead.title, Some(MastheadLine::Title));
        self.plain_lines("Subtitle", spots::SUBTITLE, subtitles, &masthead.subtitle, None);
        if !meta.summary.is_empty() {
            self.summary(meta, words);
        }
    }

    /// Lines of a text each, known by the place of that; the notes, if any, stand behind the last one.
    fn plain_lines(
        &mut self,
        style: &'static str,
        name: &str,
        texts: impl IntoIterator<Item = &'a Text>,
        lines: &'a [Vec<Inline>],
        notes: Option<MastheadLine>,
    ) {
        let line = Line::new(style, self.part.looks());
        let mut printed = texts.into_iter().enumerate().filter(|(_, text)| !text.is_blank());
        for (count, inlines) in (1..).zip(lines) {
            let notes = notes.filter(|_| count == lines.len());
            let id = printed.next().map(|(place, _)| spots::line(name, place));
            self.line(line.ending(wholly(inlines)), id.as_ref(), |part| {
                part.inlines(inlines, line.looks);
                notes.into_iter().for_each(|to| part.masthead_notes(to, line.looks));
            });
        }
    }

    /// The organ beside what says how this document is released.
    fn issue(&mut self, masthead: &'a Masthead) {
        if masthead.organ.is_empty() && masthead.release.is_empty() {
            return;
        }
        let widths = [TEXT_WIDTH - RELEASE_WIDTH, RELEASE_WIDTH];
        let mark = common(masthead.organ.iter().chain(&masthead.release).map(|line| wholly(line)));
        let meta = &self.part.document.meta;
        let release = [&meta.distribution, &meta.date, &meta.original_language];
        self.layout_table("MastheadTable", &widths, mark, |body, column| match column {
            0 => body.plain_lines(
                "MastheadOrgan",
                spots::ORGAN,
                [&meta.organ],
                &masthead.organ,
                None,
            ),
            _ => body.plain_lines(
                "MastheadRelease",
                spots::RELEASE,
                release,
                &masthead.release,
                None,
            ),
        });
    }

    fn summary(&mut self, meta: &'a Meta, words: &'static Words) {
        // The box as a whole stands where all of it does.
        let mark = common(meta.summary.iter().map(Paragraph::mark));
        self.layout_table("SummaryBox", &[TEXT_WIDTH], mark, |body, _| {
            let line = Line::new("SummaryHeading", body.part.looks()).marked(mark);
            body.line(line, Some(&spots::summary()), |part| {
                part.text(words.summary, line.looks);
                part.masthead_notes(MastheadLine::Summary, line.looks);
            });
            meta.summary.iter().for_each(|paragraph| body.paragraph(paragraph));
        });
        self.line(Line::new("TableEnd", self.part.looks()).marked(mark), None, |_| {});
    }

    /// A table of one row that only lays out what stands in it.
    fn layout_table(
        &mut self,
        style: &str,
        widths: &[u32],
        mark: Option<Mark>,
        mut write: impl FnMut(&mut Self, usize),
    ) {
        let direction = self.part.document.meta.dir;
        let looks = self.part.looks();
        let xml = &mut self.part.xml;
        xml.open("w:tbl", &[]);
        begin(xml, style, widths, direction, |_| {});
        xml.open("w:tr", &[]);
        if let Some(mark) = mark {
            xml.open("w:trPr", &[]);
            self.part.mark(mark);
            self.part.xml.close("w:trPr");
        }
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
