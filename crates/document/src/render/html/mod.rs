//! A document as one web page that also prints well: semantic, without script, without anything to fetch and without a style
//! attribute, so that the strictest content security policy admits it. Must never write text other than through maud, which escapes.

mod blocks;
mod inlines;

use super::NOTE_SEPARATOR;
use crate::document::{
    Block, Direction, Document, Id, Inline, Level, Mark, Masthead, MastheadLine, Meta, Note,
    NoteRef, OutlineEntry, Paragraph, Section, Text, Words, walk, wholly,
};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The style sheet, as it stands between `<style>` and `</style>`.
pub const STYLE: &str = include_str!("../report.css");

/// The style sheet of marks, which stands in a page that shows differences only.
pub const MARKS: &str = "ins { color: #0b5c2b; text-decoration: underline; text-decoration-thickness: 0.12em; text-underline-offset: 0.18em; } \
    del { color: #8f1d1d; text-decoration: line-through; text-decoration-thickness: 0.1em; } \
    ins.moved { text-decoration-style: double; } del.moved { text-decoration-style: double; } \
    .legend { border: 1px solid var(--rule); padding: 0.6rem 1rem; margin-block: 1rem; } \
    .remark { font-size: 0.9375rem; font-style: italic; color: var(--quiet); }";

/// The sources of the style sheets of a page that shows differences, as [`style_source`].
#[must_use]
pub fn style_sources_of_differences() -> String {
    let marks = BASE64_STANDARD.encode(Sha256::digest(MARKS));
    format!("{} 'sha256-{marks}'", style_source())
}

/// The source of [`STYLE`] for a `Content-Security-Policy` header: `style-src 'sha256-…'`, quotation marks included. With it
/// `default-src 'none'` is enough for the page.
#[must_use]
pub fn style_source() -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(STYLE)))
}

/// What the parts of a page look up.
struct Page<'a> {
    document: &'a Document,
    words: &'static Words,
    /// The anchor of each section and numbered paragraph.
    anchors: BTreeMap<&'a Id, String>,
}

/// What a page is made of, in its order: for one that has something of its own around the document. Headings begin with the `h1` of
/// the title, and the anchor of paragraph 12 is `p12`.
pub struct Parts {
    pub masthead: Markup,
    pub title: Markup,
    pub summary: Markup,
    pub contents: Markup,
    pub text: Markup,
    pub notes: Markup,
}

/// The parts of the page.
#[must_use]
pub fn parts(document: &Document) -> Parts {
    let page = Page::of(document);
    Parts {
        masthead: page.masthead(),
        title: page.title(),
        summary: page.summary(),
        contents: page.contents(),
        text: html! { @for block in &document.blocks { (page.block(block)) } },
        notes: page.notes(),
    }
}

/// A document piece by piece: for a page that has something of its own beside each of them.
pub struct Pieces<'a>(Page<'a>);

impl<'a> Pieces<'a> {
    /// Of a document that is numbered.
    #[must_use]
    pub fn of(document: &'a Document) -> Self {
        Self(Page::of(document))
    }

    /// A paragraph, table, figure or whole section.
    #[must_use]
    pub fn block(&self, block: &Block) -> Markup {
        self.0.block(block)
    }

    /// A paragraph by itself, with the notes that it places.
    #[must_use]
    pub fn quoted(&self, block: &Block) -> Markup {
        let Block::Paragraph(paragraph) = block else { return self.block(block) };
        let mut placed = Vec::new();
        for run in paragraph.runs() {
            walk::each(run, &mut |inline| {
                if let Inline::Note(NoteRef(index)) = inline {
                    placed.push(*index);
                }
            });
        }
        let notes = placed.into_iter().filter_map(|index| {
            self.0.document.notes.get(index).map(|note| Listed::of(index, note))
        });
        let notes: Vec<_> = notes.collect();
        html! {
            (self.block(block))
            @if !notes.is_empty() { (self.0.note_list(&notes)) }
        }
    }

    /// The heading of a section, with its label.
    #[must_use]
    pub fn heading(&self, section: &Section) -> Markup {
        self.0.heading(section)
    }

    /// The footnotes, to stand behind everything.
    #[must_use]
    pub fn notes(&self) -> Markup {
        self.0.notes()
    }
}

/// The whole page.
#[must_use]
pub fn render(document: &Document) -> String {
    let (meta, page) = (&document.meta, Page::of(document));
    let Parts { masthead, title, summary, contents, text, notes } = parts(document);
    html! {
        (DOCTYPE)
        html lang=(meta.lang) dir=(meta.dir.as_str()) {
            (page.head())
            body {
                a.skip href="#document" { (page.words.skip) }
                (masthead)
                main #document { (title) (summary) (contents) (text) (notes) }
            }
        }
    }
    .into_string()
}

fn add_anchors<'a>(blocks: &'a [Block], anchors: &mut BTreeMap<&'a Id, String>) {
    for block in blocks {
        match block {
            Block::Section(section) => {
                anchors.insert(&section.id, section_anchor(&section.id));
                add_anchors(&section.blocks, anchors);
            }
            Block::Paragraph(paragraph) => {
                let number = paragraph.number.filter(|_| !was_there(paragraph));
                anchors.extend(number.map(|number| (&paragraph.id, paragraph_anchor(number))));
            }
            Block::Figure(figure) => {
                anchors.insert(&figure.table.id, figure_anchor(&figure.table.id));
            }
            Block::Table(_) => {}
        }
    }
}

/// Anchors of different kinds begin differently, so that no id of a document can meet another.
fn section_anchor(id: &Id) -> String {
    format!("section-{id}")
}

/// Short: people cite it.
fn paragraph_anchor(number: u32) -> String {
    format!("p{number}")
}

/// Whether a paragraph does not stand there any more; the number that it had may be another one's.
fn was_there(paragraph: &Paragraph) -> bool {
    paragraph.mark().is_some_and(Mark::is_before)
}

fn figure_anchor(id: &Id) -> String {
    format!("figure-{id}")
}

/// A note as the page lists it.
struct Listed<'a> {
    anchor: String,
    label: String,
    inlines: &'a [Inline],
}

impl<'a> Listed<'a> {
    fn of(index: usize, note: &'a Note) -> Self {
        let label = note.label();
        let anchor = match &note.table {
            // Its number or letter may be another one's.
            _ if wholly(&note.inlines).is_some_and(Mark::is_before) => format!("note-was-{index}"),
            None => format!("note-{label}"),
            Some(table) => format!("letter-{table}-{label}"),
        };
        Self { anchor, label, inlines: &note.inlines }
    }

    /// The note of the first page at this place.
    fn of_masthead(meta: &'a Meta, place: usize) -> Self {
        let inlines = meta.notes.get(place).map_or(&[][..], |note| &note.inlines);
        Self { anchor: format!("mark-{}", place + 1), label: meta.mark(place), inlines }
    }
}

impl<'a> Page<'a> {
    fn of(document: &'a Document) -> Self {
        let words = Words::of(&document.meta.lang);
        let mut page = Self { document, words, anchors: BTreeMap::new() };
        add_anchors(&document.blocks, &mut page.anchors);
        page
    }
}

impl Page<'_> {
    fn meta(&self) -> &Meta {
        &self.document.meta
    }

    fn head(&self) -> Markup {
        let meta = self.meta();
        let shown = [&meta.title, &meta.symbol].into_iter().filter(|text| !text.is_blank());
        let title = shown.map(Text::as_str).collect::<Vec<_>>().join(" – ");
        html! { head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            title { @if title.is_empty() { (self.words.united_nations) } @else { (title) } }
            @if !meta.identifier.is_blank() { meta name="dcterms.identifier" content=(meta.identifier); }
            style { (PreEscaped(STYLE)) }
            @if self.document.compared.is_some() { style { (PreEscaped(MARKS)) } }
        } }
    }

    /// UN Editorial Manual, mastheads: symbol, organ, distribution, date and language; meeting; agenda items.
    fn masthead(&self) -> Markup {
        let Masthead { symbol, organ, release, meeting, agenda, .. } = self.document.masthead();
        html! { header.masthead {
            div.identity { p.united-nations { (self.words.united_nations) } @if !symbol.is_empty() { p.symbol { (self.inlines(&symbol)) (self.marks(MastheadLine::Symbol)) } } }
            @if !organ.is_empty() || !release.is_empty() {
                div.issue { (self.lines("organ", &organ, None)) (self.lines("release", &release, None)) }
            }
            (self.lines("meeting", &meeting, None))
            (self.lines("agenda", &agenda, Some(self.marks(MastheadLine::AgendaItems))))
        } }
    }

    fn title(&self) -> Markup {
        let Masthead { title, subtitle, .. } = self.document.masthead();
        html! { div.title {
            @for line in &title { h1 { (self.inlines(line)) (self.marks(MastheadLine::Title)) } }
            @for line in &subtitle { p role="doc-subtitle" { (self.inlines(line)) } }
            (self.legend())
        } }
    }

    fn summary(&self) -> Markup {
        let paragraphs = &self.meta().summary;
        html! { @if !paragraphs.is_empty() {
            section.summary {
                h2 { (self.words.summary) (self.marks(MastheadLine::Summary)) }
                @for paragraph in paragraphs { (self.paragraph(paragraph)) }
            }
        } }
    }

    /// Headings of the first two levels, each with its paragraphs, by which the document is cited.
    fn contents(&self) -> Markup {
        let outline = match self.document.compared {
            // Its numbers are of two documents.
            Some(_) => Vec::new(),
            None => self.document.outline(),
        };
        let shown: Vec<_> = outline.iter().filter(|entry| entry.level <= Level::TWO).collect();
        let chapters = shown.chunk_by(|_, next| next.level > Level::ONE);
        html! { @if !shown.is_empty() {
            nav.contents aria-labelledby="contents" {
                p.heading { span #contents { (self.words.contents) } span.range aria-hidden="true" { (self.words.paragraphs) } }
                ol { @for chapter in chapters { @if let [first, inside @ ..] = chapter {
                    li {
                        (self.contents_line(first))
                        @if !inside.is_empty() { ol { @for entry in inside { li { (self.contents_line(entry)) } } } }
                    }
                } } }
            }
        } }
    }

    fn contents_line(&self, entry: &OutlineEntry) -> Markup {
        html! { a href={ "#" (section_anchor(&entry.id)) } {
            span.label { (entry.printed_label) } " "
            span.text { (entry.heading) }
            @if let Some((first, last)) = entry.paragraphs {
                span.range { span.unseen { " " (self.words.paragraphs) " " } (first) @if last > first { "–" (last) } }
            }
        } }
    }

    /// What is compared, and how the marks are to be read.
    fn legend(&self) -> Markup {
        html! { @if let Some(compared) = &self.document.compared {
            div.legend {
                p { strong { (self.words.differences(compared)) } }
                p { (self.words.legend) }
            }
        } }
    }

    /// What is told about a paragraph or section beside its marks.
    fn remarks(&self, id: &Id) -> Markup {
        let compared = self.document.compared.iter();
        let here =
            compared.flat_map(|compared| &compared.remarks).filter(|remark| remark.at == *id);
        html! { @for remark in here { p.remark { (remark.text) } } }
    }

    /// Lines of the masthead as one paragraph, and what stands behind the last one.
    fn lines(&self, class: &str, lines: &[Vec<Inline>], behind: Option<Markup>) -> Markup {
        html! { @if !lines.is_empty() { p class=(class) {
            @for (index, line) in lines.iter().enumerate() { @if index > 0 { br; } (self.inlines(line)) }
            @if let Some(behind) = behind { (behind) }
        } } }
    }

    /// The marks of the notes to a line of the first page.
    fn marks(&self, line: MastheadLine) -> Markup {
        let notes =
            self.meta().notes_to(line).map(|(place, _)| Listed::of_masthead(self.meta(), place));
        html! { @for (nth, note) in notes.enumerate() {
            @if nth > 0 { (NOTE_SEPARATOR) }
            (inlines::indicator(self, &note))
        } }
    }

    fn notes(&self) -> Markup {
        let meta = self.meta();
        let first = (0..meta.notes.len()).map(|place| Listed::of_masthead(meta, place));
        let notes = self.document.notes.iter().enumerate();
        let in_run = notes.filter(|(_, note)| note.table.is_none());
        let in_run = in_run.map(|(index, note)| Listed::of(index, note));
        let all: Vec<_> = first.chain(in_run).collect();
        html! { @if !all.is_empty() {
            section.endnotes role="doc-endnotes" aria-labelledby="footnotes" {
                h2 #footnotes { (self.words.footnotes) }
                (self.note_list(&all))
            }
        } }
    }

    fn note_list(&self, notes: &[Listed]) -> Markup {
        html! { ol.notes { @for Listed { anchor, label, inlines } in notes {
            li id=(anchor) {
                span.label { (label) } " "
                span.text {
                    (self.inlines(inlines)) " "
                    a.back href={ "#" (anchor) "-reference" } role="doc-backlink" aria-label={ (self.words.back) " " (label) } { "↩\u{fe0e}" }
                }
            }
        } } }
    }

    /// Direction of a stretch in `lang`, when it is not that of the document.
    fn other_direction(&self, lang: &crate::document::LanguageTag) -> Option<&'static str> {
        let direction: Direction = lang.direction();
        (direction != self.meta().dir).then_some(direction.as_str())
    }

    fn inlines(&self, inlines: &[Inline]) -> Markup {
        inlines::render(self, inlines, false)
    }
}
