//! A document as one web page that also prints well: semantic, without script, without anything to fetch and without a style
//! attribute, so that the strictest content security policy admits it. Must never write text other than through maud, which escapes.

mod blocks;
mod inlines;

use super::NOTE_SEPARATOR;
use crate::document::{
    Block, Direction, Document, Id, Inline, Level, MastheadLine, MastheadNote, Meta, Note,
    OutlineEntry, Section, Text, Words,
};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The style sheet, as it stands between `<style>` and `</style>`.
pub const STYLE: &str = include_str!("../report.css");

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
                anchors.extend(
                    paragraph.number.map(|number| (&paragraph.id, paragraph_anchor(number))),
                );
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
    fn of(note: &'a Note) -> Self {
        let label = note.label();
        let anchor = match &note.table {
            None => format!("note-{label}"),
            Some(table) => format!("letter-{table}-{label}"),
        };
        Self { anchor, label, inlines: &note.inlines }
    }

    /// The note of the first page at this place.
    fn of_masthead(meta: &'a Meta, place: usize) -> Self {
        let inlines = meta.notes.get(place).map_or(&[][..], |note| &note.inlines);
        Self { anchor: format!("mark-{}", place + 1), label: MastheadNote::mark(place), inlines }
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
        } }
    }

    /// UN Editorial Manual, mastheads: symbol, organ, distribution, date and language; meeting; agenda items.
    fn masthead(&self) -> Markup {
        let meta = self.meta();
        let issue = [meta.distribution.clone(), meta.date.clone(), meta.original_language.clone()];
        html! { header.masthead {
            div.identity { p.united-nations { (self.words.united_nations) } @if !meta.symbol.is_blank() { p.symbol { (meta.symbol) (self.marks(MastheadLine::Symbol)) } } }
            @if !meta.organ.is_blank() || issue.iter().any(|line| !line.is_blank()) {
                div.issue { (lines("organ", std::slice::from_ref(&meta.organ), None)) (lines("release", &issue, None)) }
            }
            (lines("meeting", &meta.meeting, None))
            (lines("agenda", &meta.agenda_items, Some(self.marks(MastheadLine::AgendaItems))))
        } }
    }

    fn title(&self) -> Markup {
        let meta = self.meta();
        html! { div.title {
            @if !meta.title.is_blank() { h1 { (meta.title) (self.marks(MastheadLine::Title)) } }
            @if !meta.subtitle.is_blank() { p role="doc-subtitle" { (meta.subtitle) } }
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
        let outline = self.document.outline();
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
        let in_run = self.document.notes.iter().filter(|note| note.table.is_none());
        let all: Vec<_> = first.chain(in_run.map(Listed::of)).collect();
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

/// Lines of the masthead that are not blank, as one paragraph, and what stands behind the last one.
fn lines(class: &str, lines: &[Text], behind: Option<Markup>) -> Markup {
    let shown: Vec<_> = lines.iter().filter(|line| !line.is_blank()).collect();
    html! { @if !shown.is_empty() { p class=(class) {
        @for (index, line) in shown.iter().enumerate() { @if index > 0 { br; } (line) }
        @if let Some(behind) = behind { (behind) }
    } } }
}
