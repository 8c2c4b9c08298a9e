//! What stands before the text: the masthead as cover page, then the preface with meeting, agenda items, title and summary (UN
//! Editorial Manual, mastheads). A line that has no element of its own is an `inline` with a name of AKN4UN. Must never print
//! a line that is blank.

use super::{
    Kind, Writer,
    frbr::{date_in, written},
    metadata::{UNITED_NATIONS, reference},
};
use crate::document::{MastheadLine, Text};

const SUMMARY: &str = "preface__container_1";

impl<'a> Writer<'a> {
    /// The title, or what stands for it where there is none.
    pub(super) fn title(&self) -> &'a str {
        let meta = &self.document.meta;
        let shown = [&meta.title, &meta.symbol].into_iter().find(|text| !text.is_blank());
        shown.map_or(self.words.united_nations, Text::as_str)
    }

    /// A report without symbol is no United Nations document yet and has no masthead.
    pub(super) fn cover_page(&mut self) {
        let meta = &self.document.meta;
        if self.frbr.kind == Kind::SummaryReport && meta.symbol.is_blank() {
            return;
        }
        self.xml.open_line("coverPage", &[("eId", "coverPage"), ("xml:lang", meta.lang.as_str())]);
        self.xml.open_line("p", &[]);
        let refers = [("refersTo", &*reference(UNITED_NATIONS))];
        self.xml.element("docAuthority", &refers, self.words.united_nations);
        if !meta.symbol.is_blank() {
            self.xml.text(" ");
            self.xml.element("docNumber", &[], meta.symbol.as_str());
            self.masthead_notes(MastheadLine::Symbol);
        }
        self.xml.close();
        self.line("docAuthority", &[("refersTo", &*reference(self.author()))], &meta.organ);
        self.named("akn4un:distribution", &meta.distribution);
        self.date();
        self.named("akn4un:originalLanguage", &meta.original_language);
        self.xml.close();
    }

    /// Only a date that is known can be marked up as one; what is printed goes before what the metadata says.
    fn date(&mut self) {
        let date = &self.document.meta.date;
        match written(date_in(date.as_str()).or(self.frbr.expression_date)) {
            Some(day) => self.line("docDate", &[("date", &*day)], date),
            None => self.named("akn4un:date", date),
        }
    }

    pub(super) fn preface(&mut self) {
        let meta = &self.document.meta;
        self.xml.open_line("preface", &[("eId", "preface"), ("xml:lang", meta.lang.as_str())]);
        for (index, line) in meta.meeting.iter().enumerate() {
            self.named(
                if index == 0 { "akn4un:meetingName" } else { "akn4un:meetingDetails" },
                line,
            );
        }
        self.agenda();
        self.xml.open_line("p", &[]);
        self.xml.element("docTitle", &[], self.title());
        if !meta.title.is_blank() {
            self.masthead_notes(MastheadLine::Title);
        }
        self.xml.close();
        self.line("docType", &[], &meta.subtitle);
        self.summary();
        self.xml.close();
    }

    fn summary(&mut self) {
        let document = self.document;
        let paragraphs = &document.meta.summary;
        if paragraphs.is_empty() {
            return;
        }
        self.xml.open_line("container", &[("eId", SUMMARY), ("name", "summary")]);
        self.xml.open_line("p", &[]);
        self.xml.element("inline", &[("name", "akn4un:summaryHeading")], self.words.summary);
        self.masthead_notes(MastheadLine::Summary);
        self.xml.close();
        self.hold(SUMMARY);
        let mut lists = 0;
        for paragraph in paragraphs {
            self.paragraph_as_blocks(paragraph, SUMMARY, &mut lists);
        }
        self.xml.close();
    }

    /// Notes to the agenda items stand behind the last one.
    fn agenda(&mut self) {
        let items = self.document.meta.agenda_items.iter().filter(|item| !item.is_blank());
        let mut items = items.peekable();
        while let Some(item) = items.next() {
            self.xml.open_line("p", &[]);
            self.xml.element("inline", &[("name", "akn4un:agendaItem")], item.as_str());
            if items.peek().is_none() {
                self.masthead_notes(MastheadLine::AgendaItems);
            }
            self.xml.close();
        }
    }

    fn named(&mut self, name: &str, text: &Text) {
        self.line("inline", &[("name", name)], text);
    }

    fn line(&mut self, name: &'static str, attributes: &[(&str, &str)], text: &Text) {
        if !text.is_blank() {
            self.xml.open_line("p", &[]);
            self.xml.element(name, attributes, text.as_str());
            self.xml.close();
        }
    }
}
