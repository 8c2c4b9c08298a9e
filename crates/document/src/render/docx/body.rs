//! Sections, paragraphs and lists. A paragraph of the model is one paragraph of the file for each of its texts and list items: the
//! first has the number and the bookmark. Must never print a number that the model did not compute.

use super::bookmarks::bookmark;
use super::inlines::{Looks, Part};
use super::numbering::{
    ANNEXES, HEADINGS, MOST_LETTERED, Numbering, PARAGRAPHS, in_list, is_automatic, outside_lists,
};
use super::xml::on;
use crate::document::{
    Block, Direction, HeadingNumbering, Id, Inline, List, Mark, Paragraph, ParagraphPart, Section,
    wholly,
};

/// The text of a document while it is written.
pub(super) struct Body<'a> {
    pub(super) part: Part<'a>,
    pub(super) numbering: Numbering,
    /// Bookmarks are numbered through a document.
    bookmarks: usize,
}

/// What a paragraph of the file is like.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) style: &'static str,
    /// Level and list, where the style does not tell.
    list: Option<(u8, u32)>,
    is_outside_lists: bool,
    /// The last item of a list stands further from what follows than from the item before.
    ends_list: bool,
    /// In which of two compared documents it is a paragraph.
    mark: Option<Mark>,
    pub(super) looks: Looks<'a>,
}

impl<'a> Line<'a> {
    pub(super) fn new(style: &'static str, looks: Looks<'a>) -> Self {
        let (list, is_outside_lists, ends_list, mark) = (None, false, false, None);
        Self { style, list, is_outside_lists, ends_list, mark, looks }
    }

    /// A paragraph, and all that is written into it, of one of two compared documents.
    pub(super) fn marked(self, mark: Option<Mark>) -> Self {
        Self { mark, looks: self.looks.marked(mark), ..self }
    }

    /// A paragraph of one of two compared documents; what is written into it says so itself.
    pub(super) fn ending(self, mark: Option<Mark>) -> Self {
        Self { mark, ..self }
    }

    fn in_list(self, level: u8, list: u32) -> Self {
        Self { list: Some((level, list)), ..self }
    }
}

impl<'a> Body<'a> {
    pub(super) fn new(part: Part<'a>) -> Self {
        Self { part, numbering: Numbering::new(), bookmarks: 0 }
    }

    pub(super) fn blocks(&mut self, blocks: &'a [Block], headings: u32) {
        for block in blocks {
            match block {
                Block::Section(section) => self.section(section, headings),
                Block::Paragraph(paragraph) => self.paragraph(paragraph),
                Block::Table(table) => self.table(table),
                Block::Figure(figure) => self.figure(figure),
            }
        }
    }

    /// A paragraph of the file.
    pub(super) fn line(
        &mut self,
        line: Line<'a>,
        id: Option<&Id>,
        write: impl FnOnce(&mut Part<'a>),
    ) {
        let direction = self.part.document.meta.dir;
        let xml = &mut self.part.xml;
        xml.open("w:p", &[]);
        xml.open("w:pPr", &[]);
        xml.value("w:pStyle", line.style);
        if let Some((level, list)) = line.list {
            in_list(xml, level, list);
        } else if line.is_outside_lists {
            outside_lists(xml);
        }
        let own = line.looks.language.map_or(direction, |language| language.direction());
        match own {
            _ if own != direction && own == Direction::LeftToRight => xml.value("w:bidi", "0"),
            Direction::RightToLeft => xml.tag(on("w:bidi")),
            Direction::LeftToRight => {}
        }
        if line.ends_list {
            xml.empty("w:spacing", &[("w:after", "120")]);
        }
        if line.is_outside_lists {
            xml.empty("w:ind", &[("w:left", "0"), ("w:firstLine", "0")]);
        }
        if own == Direction::RightToLeft || line.mark.is_some() {
            xml.open("w:rPr", &[]);
            line.mark.into_iter().for_each(|mark| self.part.mark(mark));
            // Word prints the number of a paragraph in the looks of its end.
            if own == Direction::RightToLeft {
                self.part.xml.tag(on("w:rtl"));
            }
            self.part.xml.close("w:rPr");
        }
        self.part.xml.close("w:pPr");
        let number = id.map(|id| self.begin_bookmark(id));
        write(&mut self.part);
        if let Some(number) = number {
            self.part.xml.empty("w:bookmarkEnd", &[("w:id", &number)]);
        }
        self.part.xml.close("w:p");
    }

    fn begin_bookmark(&mut self, id: &Id) -> String {
        self.bookmarks += 1;
        let number = self.bookmarks.to_string();
        let attributes = [("w:id", number.as_str()), ("w:name", &bookmark(id))];
        self.part.xml.empty("w:bookmarkStart", &attributes);
        number
    }

    pub(super) fn text_line(&mut self, line: Line<'a>, id: Option<&Id>, inlines: &'a [Inline]) {
        self.line(line.ending(wholly(inlines)), id, |part| part.inlines(inlines, line.looks));
    }

    /// `headings` is the list in which headings at this place are counted.
    fn section(&mut self, section: &'a Section, headings: u32) {
        let numbering = self.part.document.meta.heading_style;
        let is_automatic = is_automatic(section, numbering);
        let level = section.level.get();
        let style = match level {
            1 if section.annex => "AnnexHeading",
            1 => "Heading1",
            2 => "Heading2",
            3 => "Heading3",
            _ => "Heading4",
        };
        let mark = wholly(&section.heading);
        let mut line = Line::new(style, self.part.looks()).ending(mark);
        // A style leads to the list of its headings; only what the style does not say is written.
        if is_automatic && !section.annex && headings != HEADINGS {
            line = line.in_list(level - 1, headings);
        }
        let is_counted_by_style =
            numbering.numbering(section.level) != HeadingNumbering::Unnumbered;
        line.is_outside_lists = !is_automatic && (is_counted_by_style || section.annex);
        let begun = self.part.begin_move(mark, &section.id);
        self.line(line, Some(&section.id), |part| {
            if !is_automatic && !section.label.is_empty() {
                let looks = line.looks.marked(mark).class("Label");
                part.text(&section.printed_label(), looks);
                part.tab(looks);
            }
            part.inlines(&section.heading, line.looks);
        });
        self.part.end_move(begun);
        let inside = match () {
            () if section.annex && is_automatic => ANNEXES,
            () if is_automatic || !has_labels(section) => headings,
            // Nothing was counted here that would let the levels below begin again.
            () => self.numbering.headings(headings, level + 1),
        };
        self.blocks(&section.blocks, inside);
    }

    pub(super) fn paragraph(&mut self, paragraph: &'a Paragraph) {
        let begun = self.part.begin_move(paragraph.mark(), &paragraph.id);
        self.lines_of(paragraph);
        self.part.end_move(begun);
    }

    fn lines_of(&mut self, paragraph: &'a Paragraph) {
        let looks = Looks::of(self.part.document.meta.dir, paragraph.lang.as_ref());
        let first = match paragraph.number {
            Some(number) => {
                let list = match self.part.document.compared {
                    // The numbers of two documents; each counts its own once the changes are accepted or rejected.
                    Some(_) => PARAGRAPHS,
                    None => self.numbering.paragraph(number),
                };
                let line = Line::new("NumberedParagraph", looks);
                if list == PARAGRAPHS { line } else { line.in_list(0, list) }
            }
            None => Line::new("BodyText", looks),
        };
        // The first line takes the bookmark; a number needs a line even where the paragraph begins with a list.
        let mut id = Some(&paragraph.id);
        let begins_with_text = matches!(paragraph.parts.first(), Some(ParagraphPart::Text(_)));
        if !begins_with_text && (paragraph.number.is_some() || paragraph.parts.is_empty()) {
            self.text_line(first, id.take(), &[]);
        }
        let mut may_count_letters = paragraph.number.is_some();
        for part in &paragraph.parts {
            match part {
                ParagraphPart::Text(inlines) => {
                    let continued = Line::new("BodyContinued", looks);
                    let line = if id.is_some() { first } else { continued };
                    self.text_line(line, id.take(), inlines);
                }
                ParagraphPart::List(list) => {
                    let is_lettered = matches!(list, List::Lettered(_));
                    self.list(list, looks, &mut id, may_count_letters);
                    may_count_letters &= !is_lettered;
                }
            }
        }
    }

    fn list(
        &mut self,
        list: &'a List,
        looks: Looks<'a>,
        id: &mut Option<&Id>,
        may_count_letters: bool,
    ) {
        let line = match list {
            List::Bulleted(_) => Line::new("ListBullet", looks),
            List::Lettered(items) if items.len() > MOST_LETTERED => Line::new("ListLabel", looks),
            List::Lettered(_) if may_count_letters => {
                let list = self.numbering.letters_of_paragraph();
                let line = Line::new("ListLetter", looks);
                if list == PARAGRAPHS { line } else { line.in_list(1, list) }
            }
            List::Lettered(_) => {
                Line::new("ListLetter", looks).in_list(0, self.numbering.letters())
            }
            List::Labelled(_) => Line::new("ListLabel", looks),
        };
        let entries = list.entries();
        let last = entries.len().saturating_sub(1);
        for (index, (label, inlines)) in entries.into_iter().enumerate() {
            let mark = wholly(inlines);
            let line = Line { ends_list: index == last, mark, ..line };
            let written = label.filter(|_| line.style == "ListLabel");
            self.line(line, id.take(), |part| {
                if let Some(label) = written {
                    let looks = line.looks.marked(mark).class("Label");
                    part.text(&label, looks);
                    part.tab(looks);
                }
                part.inlines(inlines, line.looks);
            });
        }
    }
}

/// Whether sections right inside this one have numbers.
fn has_labels(section: &Section) -> bool {
    section
        .blocks
        .iter()
        .any(|block| matches!(block, Block::Section(inside) if !inside.label.is_empty()))
}
