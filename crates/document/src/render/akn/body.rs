//! Sections, paragraphs and their lists. A list in the text is a `list` of `point` and `indent`, so that "paragraph 4 (b)" can
//! be cited; where the schema wants blocks (the summary) it is a `blockList`. Must never write text outside a `p`.

use super::{Writer, eid};
use crate::document::{Block, Inline, List, Paragraph, ParagraphPart, Section};

impl<'a> Writer<'a> {
    pub(super) fn block(&mut self, block: &'a Block) {
        match block {
            Block::Section(section) => self.section(section),
            Block::Paragraph(paragraph) => self.paragraph(paragraph),
            Block::Table(table) => self.table_block(table, ""),
            Block::Figure(figure) => self.table_block(&figure.table, &figure.label),
        }
    }

    fn section(&mut self, section: &'a Section) {
        let named = self.plan.next();
        self.xml.open_line(eid::element(section), &named.attributes());
        self.heading(section, &named.eid);
        section.blocks.iter().for_each(|block| self.block(block));
        self.xml.close();
    }

    /// Number and heading of a section or an annex.
    pub(super) fn heading(&mut self, section: &'a Section, eid: &str) {
        let label = section.printed_label();
        if !label.is_empty() {
            self.xml.open_line("num", &[]);
            self.xml.text(&label);
            self.xml.close();
        }
        self.hold(eid);
        self.xml.open_line("heading", &[("eId", &format!("{eid}__heading"))]);
        self.inlines(&section.heading, false);
        self.xml.close();
    }

    /// Inlines that follow stand in the part with this `eId`.
    pub(super) fn hold(&mut self, eid: &str) {
        eid.clone_into(&mut self.holder.eid);
        self.holder.references = 0;
    }

    fn paragraph(&mut self, paragraph: &'a Paragraph) {
        let named = self.plan.next();
        let eid = named.eid.as_str();
        let mut attributes = named.attributes();
        attributes.extend(paragraph.lang.as_ref().map(|lang| ("xml:lang", lang.as_str())));
        self.xml.open_line("paragraph", &attributes);
        if let Some(number) = paragraph.number {
            self.xml.open_line("num", &[]);
            self.xml.text(&format!("{number}."));
            self.xml.close();
        }
        self.hold(eid);
        if paragraph.parts.iter().any(is_list) {
            self.lists(&paragraph.parts, eid);
        } else {
            self.content(eid, &texts(&paragraph.parts));
        }
        self.xml.close();
    }

    fn content(&mut self, above: &str, texts: &[&'a [Inline]]) {
        self.xml.open_line("content", &[("eId", &format!("{above}__content"))]);
        self.lines(texts);
        self.xml.close();
    }

    fn lines(&mut self, texts: &[&'a [Inline]]) {
        for inlines in texts {
            self.xml.open("p", &[]);
            self.inlines(inlines, false);
            self.xml.close();
        }
    }

    /// Text before a list introduces it; text after the last one wraps it up.
    fn lists(&mut self, parts: &'a [ParagraphPart], above: &str) {
        let mut before = 0;
        let mut count = 0;
        let end = parts.iter().rposition(is_list).map_or(0, |last| last + 1);
        for (index, part) in parts.iter().enumerate().take(end) {
            let ParagraphPart::List(list) = part else { continue };
            count += 1;
            let eid = format!("{above}__list_{count}");
            self.xml.open_line("list", &[("eId", &eid)]);
            self.texts("intro", &format!("{eid}__intro"), &texts(&parts[before..index]));
            self.points(list, &eid);
            if index + 1 == end {
                self.texts("wrapUp", &format!("{eid}__wrapup"), &texts(&parts[end..]));
            }
            self.xml.close();
            before = index + 1;
        }
    }

    fn texts(&mut self, name: &'static str, eid: &str, texts: &[&'a [Inline]]) {
        if !texts.is_empty() {
            self.hold(eid);
            self.xml.open_line(name, &[("eId", eid)]);
            self.lines(texts);
            self.xml.close();
        }
    }

    fn points(&mut self, list: &'a List, above: &str) {
        for (index, (label, inlines)) in entries(list).into_iter().enumerate() {
            let (name, eid) = match &label {
                None => ("indent", format!("{above}__indent_{}", index + 1)),
                Some(label) => ("point", self.point(above, label, index)),
            };
            self.xml.open_line(name, &[("eId", &eid)]);
            if let Some(label) = label {
                self.xml.element("num", &[], &label);
            }
            self.hold(&eid);
            self.content(&eid, &[inlines]);
            self.xml.close();
        }
    }

    /// Labels from elsewhere may be anything, even twice the same.
    fn point(&mut self, above: &str, label: &str, index: usize) -> String {
        let number = eid::number(label).unwrap_or_else(|| format!("nn_{}", index + 1));
        self.plan.claim(format!("{above}__point_{number}"))
    }

    /// A paragraph among blocks, where nothing is numbered; `lists` counts those of all paragraphs there.
    pub(super) fn paragraph_as_blocks(
        &mut self,
        paragraph: &'a Paragraph,
        above: &str,
        lists: &mut usize,
    ) {
        let lang = paragraph.lang.as_ref().map(|lang| ("xml:lang", lang.as_str()));
        for part in &paragraph.parts {
            match part {
                ParagraphPart::Text(inlines) => {
                    self.xml.open_line("p", lang.as_slice());
                    self.inlines(inlines, false);
                    self.xml.close();
                }
                ParagraphPart::List(list) => {
                    *lists += 1;
                    self.block_list(list, &format!("{above}__list_{lists}"), lang.as_slice());
                }
            }
        }
    }

    fn block_list(&mut self, list: &'a List, eid: &str, lang: &[(&str, &str)]) {
        let entries = entries(list);
        if entries.is_empty() {
            return;
        }
        let mut attributes = vec![("eId", eid)];
        attributes.extend(lang);
        self.xml.open_line("blockList", &attributes);
        for (index, (label, inlines)) in entries.into_iter().enumerate() {
            self.xml.open_line("item", &[("eId", &format!("{eid}__item_{}", index + 1))]);
            if let Some(label) = label {
                self.xml.element("num", &[], &label);
            }
            self.lines(&[inlines]);
            self.xml.close();
        }
        self.xml.close();
    }
}

/// The items of a list with their labels; one that is blank prints nothing.
fn entries(list: &List) -> Vec<(Option<String>, &[Inline])> {
    let printed = |label: &String| !label.trim().is_empty();
    list.entries().into_iter().map(|(label, item)| (label.filter(printed), item)).collect()
}

/// A list without items is none: the schema has no empty ones.
fn is_list(part: &ParagraphPart) -> bool {
    matches!(part, ParagraphPart::List(list) if !list.entries().is_empty())
}

fn texts<'a>(parts: &'a [ParagraphPart]) -> Vec<&'a [Inline]> {
    let text = |part: &'a ParagraphPart| match part {
        ParagraphPart::Text(inlines) => Some(inlines.as_slice()),
        ParagraphPart::List(_) => None,
    };
    parts.iter().filter_map(text).collect()
}
