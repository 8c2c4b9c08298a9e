//! A document in portions, each a text that is translated by itself: lines and notes of the first page, paragraphs, headings, captions,
//! cells, what is said of a chart. They are known by what three-way comparison knows them by: a paragraph, section, table or line of the
//! first page by its id, a cell by that of its table with row and column. The same document in other words keeps its structure, and with
//! it all its numbers. Must never decide what is to be translated.

use std::mem;

use crate::document::inline::{InlineError, parse, plain_text, to_source};
use crate::document::{
    Block, Cell, Chart, Counted, Direction, Document, Figure, Id, Inline, LabelledItem,
    LanguageTag, LineLanguage, List, Note, NoteRef, Paragraph, ParagraphPart, Row, Section, Table,
    Text, each, spots,
};

pub mod xliff;

#[cfg(test)]
mod tests;

/// What a portion of a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PortionPlace {
    /// A line of the first page.
    FirstPage,
    /// A note to a line of the first page.
    Note,
    /// A paragraph of the summary.
    Summary,
    /// The heading of a section.
    Heading,
    /// A paragraph with its lists and notes.
    Paragraph,
    /// What stands over a table or chart.
    Caption,
    /// A cell of a table, or what stands in a chart.
    Cell,
    /// What somebody is told who does not see a chart.
    Alternative,
}

/// A portion of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextPortion {
    /// What it is known by: "first-page-title-1", the id of a paragraph, "programme:2:1". No other has the same in the document.
    pub name: String,
    /// What it is.
    pub place: PortionPlace,
    /// The number that the paragraph is printed with, or the label of the heading.
    pub label: String,
    /// The language that it is in, where that is not the document's.
    pub lang: Option<LanguageTag>,
    /// Its words as inline Markdown with its notes; as they are printed where it takes no marks.
    pub text: String,
    /// Whether it is one line that takes no marks.
    pub is_plain: bool,
}

/// What a portion becomes in another language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wording {
    /// It stays as it is: it has no words, or they are the same.
    Same,
    /// These words.
    Said(String),
    /// It stays as it is, in the language of the document that it is of.
    Untranslated,
}

/// Why words cannot stand in the place of a portion.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsuited {
    #[error(transparent)]
    Markup(#[from] InlineError),
    #[error("it is one line: no list and no second paragraph stands here")]
    OneLine,
    #[error("no footnote stands here")]
    Note,
    #[error("it has {found} footnotes, and the original has {expected}")]
    Notes { expected: usize, found: usize },
    #[error("it refers to other paragraphs or sections than the original: write {0}")]
    References(String),
    #[error("its lists are not those of the original: write the same number of items")]
    Lists,
}

/// Where the words of a portion stand.
enum Slot<'a> {
    /// Texts that say the same; a line of the first page with what it is known by there.
    Texts(Vec<&'a mut Text>, Option<Id>),
    Run(&'a mut Vec<Inline>),
    Paragraph(&'a mut Paragraph),
}

/// A portion that is met, without its words.
struct Met {
    name: String,
    place: PortionPlace,
    label: String,
}

impl Met {
    fn new(name: impl Into<String>, place: PortionPlace) -> Self {
        Self { name: name.into(), place, label: String::new() }
    }

    fn labelled(self, label: impl Into<String>) -> Self {
        Self { label: label.into(), ..self }
    }

    /// With what stands there; nothing where nothing does.
    fn portion(self, slot: &Slot, notes: &[Note]) -> Option<TextPortion> {
        let (text, lang) = match slot {
            Slot::Texts(texts, _) => (texts.first().map(ToString::to_string), None),
            Slot::Run(inlines) => {
                let source = || to_source(&[ParagraphPart::Text((*inlines).clone())], notes);
                (says(inlines).then(source), None)
            }
            Slot::Paragraph(one) => (Some(to_source(&one.parts, notes)), one.lang.clone()),
        };
        let text = text.filter(|text| !text.trim().is_empty())?;
        let (Self { name, place, label }, is_plain) = (self, matches!(slot, Slot::Texts(..)));
        Some(TextPortion { name, place, label, lang, text, is_plain })
    }
}

impl Document {
    /// All portions that say something, in reading order.
    #[must_use]
    pub fn portions(&self) -> Vec<TextPortion> {
        let mut found = Vec::new();
        walk(&mut self.clone(), &mut |met, slot| found.extend(met.portion(&slot, &self.notes)));
        found
    }

    /// The same document in other words, to be numbered again.
    ///
    /// # Errors
    /// Words that cannot stand where they are to, with what the portion is known by.
    pub fn reworded(
        &self,
        lang: &LanguageTag,
        word: &mut dyn FnMut(&TextPortion) -> Wording,
    ) -> Result<Self, (String, Unsuited)> {
        let mut document = self.clone();
        let mut putting = Putting {
            original: &self.meta.lang,
            lang,
            before: mem::take(&mut document.notes),
            notes: Document::default(),
            others: Vec::new(),
        };
        let mut result = Ok(());
        walk(&mut document, &mut |met, slot| {
            let Some(portion) = met.portion(&slot, &putting.before) else { return };
            let put = putting.put(&word(&portion), slot);
            if result.is_ok() {
                result = put.map_err(|why| (portion.name, why));
            }
        });
        result?;
        document.notes = putting.notes.notes;
        let others = putting.others.into_iter();
        document.meta.other_languages = others.collect();
        (document.meta.lang, document.meta.dir) = (lang.clone(), lang.direction());
        Ok(document)
    }
}

/// Puts words where they stand.
struct Putting<'a> {
    original: &'a LanguageTag,
    lang: &'a LanguageTag,
    before: Vec<Note>,
    /// Takes in the notes as they are met.
    notes: Document,
    others: Vec<LineLanguage>,
}

impl Putting<'_> {
    fn put(&mut self, wording: &Wording, slot: Slot) -> Result<(), Unsuited> {
        match (wording, slot) {
            (Wording::Said(said), Slot::Texts(texts, _)) => {
                texts.into_iter().for_each(|text| *text = Text::new(said));
            }
            (Wording::Said(said), Slot::Run(inlines)) => {
                let parts = self.notes.adopt(parse(said)?);
                let Ok([ParagraphPart::Text(run)]) = <[_; 1]>::try_from(parts) else {
                    return Err(Unsuited::OneLine);
                };
                *inlines = run;
            }
            (Wording::Said(said), Slot::Paragraph(paragraph)) => {
                paragraph.parts = self.notes.adopt(parse(said)?);
                paragraph.lang = None;
            }
            (Wording::Same, Slot::Texts(..)) => {}
            (Wording::Untranslated, Slot::Texts(texts, line)) => {
                texts.into_iter().for_each(|text| self.keep_together(text));
                let lang = self.original.clone();
                self.others.extend(line.map(|line| LineLanguage { line, lang }));
            }
            (wording, Slot::Run(inlines)) => {
                self.keep_notes(inlines);
                if *wording == Wording::Untranslated {
                    *inlines = in_language(self.original, mem::take(inlines));
                }
            }
            (wording, Slot::Paragraph(paragraph)) => {
                each_run(&mut paragraph.parts, &mut |run| self.keep_notes(run));
                if *wording == Wording::Untranslated && paragraph.lang.is_none() {
                    paragraph.lang = Some(self.original.clone());
                }
                paragraph.lang = paragraph.lang.take().filter(|lang| lang != self.lang);
            }
        }
        Ok(())
    }

    /// A text among lines that run the other way (UAX 9).
    fn keep_together(&self, text: &mut Text) {
        if self.original.direction() != self.lang.direction() {
            let opening = match self.original.direction() {
                Direction::LeftToRight => '\u{2066}',
                Direction::RightToLeft => '\u{2067}',
            };
            *text = Text::new(&format!("{opening}{text}\u{2069}"));
        }
    }

    fn keep_notes(&mut self, inlines: &mut [Inline]) {
        for inline in inlines {
            if let Inline::Note(NoteRef(index)) = inline {
                let note = self.before.get(*index).cloned().unwrap_or_default();
                self.notes.notes.push(note);
                *index = self.notes.notes.len() - 1;
            }
            self.keep_notes(inline.children_mut());
        }
    }
}

/// Whether there is a word or a note in a run.
fn says(inlines: &[Inline]) -> bool {
    let mut has_note = false;
    each(inlines, &mut |inline| has_note |= matches!(inline, Inline::Note(_)));
    has_note || !plain_text(inlines).trim().is_empty()
}

/// A run marked as being in a language, but for its notes, which stand for themselves.
fn in_language(lang: &LanguageTag, inlines: Vec<Inline>) -> Vec<Inline> {
    let mut marked = Vec::new();
    for inline in inlines {
        match (inline, marked.last_mut()) {
            (note @ Inline::Note(_), _) => marked.push(note),
            (inline, Some(Inline::Language { inlines, .. })) => inlines.push(inline),
            (inline, _) => {
                marked.push(Inline::Language { lang: lang.clone(), inlines: vec![inline] });
            }
        }
    }
    marked
}

fn each_run(parts: &mut [ParagraphPart], visit: &mut dyn FnMut(&mut Vec<Inline>)) {
    for part in parts {
        match part {
            ParagraphPart::Text(inlines) => visit(inlines),
            ParagraphPart::List(List::Bulleted(items) | List::Lettered(items)) => {
                items.iter_mut().for_each(&mut *visit);
            }
            ParagraphPart::List(List::Labelled(items)) => {
                items.iter_mut().for_each(|LabelledItem { inlines, .. }| visit(inlines));
            }
        }
    }
}

type Visit<'v> = &'v mut dyn FnMut(Met, Slot);

/// Meets every portion in reading order.
fn walk(document: &mut Document, visit: Visit) {
    let meta = &mut document.meta;
    let mut line = |name: &str, place: usize, text: &mut Text| {
        let id = spots::line(name, place);
        let met = Met::new(id.as_str(), PortionPlace::FirstPage);
        visit(met, Slot::Texts(vec![text], Some(id)));
    };
    line(spots::ORGAN, 0, &mut meta.organ);
    let release = [&mut meta.distribution, &mut meta.date, &mut meta.original_language];
    release.into_iter().enumerate().for_each(|(place, text)| line(spots::RELEASE, place, text));
    for (name, lines) in
        [(spots::MEETING, &mut meta.meeting), (spots::AGENDA, &mut meta.agenda_items)]
    {
        lines.iter_mut().enumerate().for_each(|(place, text)| line(name, place, text));
    }
    line(spots::TITLE, 0, &mut meta.title);
    line(spots::SUBTITLE, 0, &mut meta.subtitle);
    for (place, note) in meta.notes.iter_mut().enumerate() {
        let id = spots::line(spots::NOTE, place);
        visit(Met::new(id.as_str(), PortionPlace::Note), Slot::Run(&mut note.inlines));
    }
    for paragraph in &mut meta.summary {
        let met = Met::new(paragraph.id.as_str(), PortionPlace::Summary);
        visit(met, Slot::Paragraph(paragraph));
    }
    blocks(&mut document.blocks, visit);
}

fn blocks(blocks: &mut [Block], visit: Visit) {
    for block in blocks {
        match block {
            Block::Section(section) => self::section(section, visit),
            Block::Paragraph(paragraph) => {
                let number = paragraph.number.map(|number| number.to_string());
                let met = Met::new(paragraph.id.as_str(), PortionPlace::Paragraph);
                visit(met.labelled(number.unwrap_or_default()), Slot::Paragraph(paragraph));
            }
            Block::Table(table) => self::table(table, visit),
            Block::Figure(figure) => self::figure(figure, visit),
        }
    }
}

fn section(section: &mut Section, visit: Visit) {
    let met = Met::new(section.id.as_str(), PortionPlace::Heading);
    visit(met.labelled(section.printed_label()), Slot::Run(&mut section.heading));
    blocks(&mut section.blocks, visit);
}

fn caption(table: &mut Table, label: &str, visit: Visit) {
    let met = Met::new(table.id.as_str(), PortionPlace::Caption).labelled(label);
    visit(met, Slot::Run(&mut table.caption));
}

/// A cell, by its place from 1.
fn cell(of: &Id, row: usize, column: usize) -> Met {
    Met::new(format!("{of}:{}:{}", row + 1, column + 1), PortionPlace::Cell)
}

fn table(table: &mut Table, visit: Visit) {
    caption(table, "", visit);
    let Table { id, columns, header, rows, .. } = table;
    // For each column how many more rows a cell from above reaches into, and how wide that cell is.
    let mut hanging = vec![(0_u16, 1_usize); columns.len()];
    let heads = header.len();
    for (row, Row { cells }) in header.iter_mut().chain(rows).enumerate() {
        if row == heads {
            hanging.fill((0, 1));
        }
        // As word processors count: what a cell from above reaches into is a cell of the row.
        let (mut at, mut column) = (0, 0);
        for Cell { inlines, colspan, rowspan, .. } in cells {
            while let Some((rows, span)) = hanging.get_mut(at).filter(|(rows, _)| *rows > 0) {
                *rows -= 1;
                (at, column) = (at + *span, column + 1);
            }
            visit(cell(id, row, column), Slot::Run(inlines));
            let span = usize::from(*colspan).max(1);
            if let Some(below) = hanging.get_mut(at) {
                *below = (rowspan.saturating_sub(1), span);
            }
            (at, column) = (at + span, column + 1);
        }
        while let Some((rows, span)) = hanging.get_mut(at) {
            at += if *rows > 0 { *span } else { 1 };
            *rows = rows.saturating_sub(1);
        }
    }
}

/// What stands in a chart is known by the cells of its table.
fn figure(figure: &mut Figure, visit: Visit) {
    caption(&mut figure.table, &figure.label, visit);
    let id = &figure.table.id;
    let met = Met::new(format!("{id}:alt"), PortionPlace::Alternative);
    visit(met, Slot::Texts(vec![&mut figure.alt], None));
    let Chart { group_heading, value_heading, series, groups } = &mut figure.chart;
    visit(cell(id, 0, 0), Slot::Texts(vec![group_heading], None));
    match series.as_mut_slice() {
        // One of which no name is shown.
        [one] if one == value_heading => {
            visit(cell(id, 0, 1), Slot::Texts(vec![value_heading, one], None));
        }
        [_] => visit(cell(id, 0, 1), Slot::Texts(vec![value_heading], None)),
        several => {
            let met = Met::new(format!("{id}:value"), PortionPlace::Cell);
            visit(met, Slot::Texts(vec![value_heading], None));
            for (column, name) in several.iter_mut().enumerate() {
                visit(cell(id, 0, column + 1), Slot::Texts(vec![name], None));
            }
        }
    }
    for (row, group) in groups.iter_mut().enumerate() {
        visit(cell(id, row + 1, 0), Slot::Texts(vec![&mut group.label], None));
        for (column, value) in group.values.iter_mut().enumerate() {
            if let Counted::Withheld(words) = value {
                visit(cell(id, row + 1, column + 1), Slot::Texts(vec![words], None));
            }
        }
    }
}

impl TextPortion {
    /// Whether words in another language can stand in its place: they have its footnotes, its references and the items of its lists, so
    /// that the numbers of both are the same.
    ///
    /// # Errors
    /// What to change.
    pub fn check(&self, said: &str) -> Result<(), Unsuited> {
        if self.is_plain {
            return if said.trim().is_empty() { Err(Unsuited::OneLine) } else { Ok(()) };
        }
        let said = Shape::of(said)?;
        let is_line = !matches!(self.place, PortionPlace::Paragraph | PortionPlace::Summary);
        if is_line && !said.is_line {
            return Err(Unsuited::OneLine);
        }
        if self.place == PortionPlace::Note && said.notes > 0 {
            return Err(Unsuited::Note);
        }
        // What no source can say is printed all the same; nobody can be asked to write it.
        let Ok(original) = Shape::of(&self.text) else { return Ok(()) };
        if said.notes != original.notes {
            let (expected, found) = (original.notes, said.notes);
            return Err(Unsuited::Notes { expected, found });
        }
        if said.references != original.references {
            let written = original.references.iter().map(|to| format!("[](#{to})"));
            let written: Vec<_> = written.collect();
            let none = || "none".to_owned();
            let all = Some(written.join(" ")).filter(|all| !all.is_empty());
            return Err(Unsuited::References(all.unwrap_or_else(none)));
        }
        if said.lists == original.lists { Ok(()) } else { Err(Unsuited::Lists) }
    }
}

/// What two texts must have in common that say the same in two languages.
#[derive(Default)]
struct Shape {
    is_line: bool,
    notes: usize,
    /// Where cross-references lead, in the order of ids.
    references: Vec<Id>,
    /// The items of each list.
    lists: Vec<usize>,
}

impl Shape {
    fn of(source: &str) -> Result<Self, InlineError> {
        let parsed = parse(source)?;
        let mut shape = Self { notes: parsed.notes.len(), ..Self::default() };
        shape.is_line = matches!(parsed.parts.as_slice(), [ParagraphPart::Text(_)]);
        for part in &parsed.parts {
            if let ParagraphPart::List(list) = part {
                shape.lists.push(list.entries().len());
            }
        }
        let paragraph = Paragraph::unnumbered("-", parsed.parts);
        let notes = parsed.notes.iter().map(|note| note.inlines.as_slice());
        for run in paragraph.runs().into_iter().chain(notes) {
            each(run, &mut |inline| {
                if let Inline::CrossReference { to, .. } = inline {
                    shape.references.push(to.clone());
                }
            });
        }
        shape.references.sort();
        Ok(shape)
    }
}
