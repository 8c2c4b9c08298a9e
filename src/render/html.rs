//! A document as one web page that also prints well: semantic, without script, without anything to fetch and without a style
//! attribute, so that the strictest content security policy admits it. Must never write text other than through maud, which escapes.

mod blocks;
mod inlines;

use crate::document::{
    Block, Direction, Document, Id, Inline, Level, Meta, Note, OutlineEntry, Text, Words,
};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The style sheet, as it stands between `<style>` and `</style>`.
pub const STYLE: &str = include_str!("report.css");

/// The source of [`STYLE`] for a `Content-Security-Policy` header: `style-src 'sha256-…'`, quotation marks included. With it
/// `default-src 'none'` is enough for the page.
#[must_use]
pub fn style_source() -> String {
    format!("'sha256-{}'", base64(&Sha256::digest(STYLE)))
}

/// What the parts of a page look up.
struct Page<'a> {
    document: &'a Document,
    words: &'static Words,
    /// The anchor of each section and numbered paragraph.
    anchors: BTreeMap<&'a Id, String>,
}

/// The whole page.
#[must_use]
pub fn render(document: &Document) -> String {
    let meta = &document.meta;
    let mut page = Page { document, words: Words::of(&meta.lang), anchors: BTreeMap::new() };
    add_anchors(&document.blocks, &mut page.anchors);
    html! {
        (DOCTYPE)
        html lang=(meta.lang) dir=(meta.dir.as_str()) {
            (page.head())
            body {
                a.skip href="#document" { (page.words.skip) }
                (page.masthead())
                main #document {
                    (page.title())
                    (page.summary())
                    (page.contents())
                    @for block in &document.blocks { (page.block(block)) }
                    (page.notes())
                }
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
                    paragraph.number.map(|number| (&paragraph.id, format!("paragraph-{number}"))),
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

fn figure_anchor(id: &Id) -> String {
    format!("figure-{id}")
}

fn note_anchor(note: &Note) -> String {
    match &note.table {
        None => format!("note-{}", note.label()),
        Some(table) => format!("letter-{table}-{}", note.label()),
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
            div.identity { p.united-nations { (self.words.united_nations) } @if !meta.symbol.is_blank() { p.symbol { (meta.symbol) } } }
            @if !meta.organ.is_blank() || issue.iter().any(|line| !line.is_blank()) {
                div.issue { (lines("organ", std::slice::from_ref(&meta.organ))) (lines("release", &issue)) }
            }
            (lines("meeting", &meta.meeting))
            (lines("agenda", &meta.agenda_items))
        } }
    }

    fn title(&self) -> Markup {
        let meta = self.meta();
        html! { div.title {
            @if !meta.title.is_blank() { h1 { (meta.title) } }
            @if !meta.subtitle.is_blank() { p role="doc-subtitle" { (meta.subtitle) } }
        } }
    }

    fn summary(&self) -> Markup {
        let paragraphs = &self.meta().summary;
        html! { @if !paragraphs.is_empty() {
            section.summary {
                h2 { (self.words.summary) }
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

    fn notes(&self) -> Markup {
        let in_run: Vec<_> =
            self.document.notes.iter().filter(|note| note.table.is_none()).collect();
        html! { @if !in_run.is_empty() {
            section.endnotes role="doc-endnotes" aria-labelledby="footnotes" {
                h2 #footnotes { (self.words.footnotes) }
                (self.note_list(&in_run))
            }
        } }
    }

    fn note_list(&self, notes: &[&Note]) -> Markup {
        html! { ol.notes { @for note in notes { @let (anchor, label) = (note_anchor(note), note.label());
            li id=(anchor) {
                span.label { (label) } " "
                span.text {
                    (self.inlines(&note.inlines)) " "
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

/// Lines of the masthead that are not blank, as one paragraph.
fn lines(class: &str, lines: &[Text]) -> Markup {
    let shown: Vec<_> = lines.iter().filter(|line| !line.is_blank()).collect();
    html! { @if !shown.is_empty() { p class=(class) { @for (index, line) in shown.iter().enumerate() { @if index > 0 { br; } (line) } } } }
}

/// Base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0_u32, |bits, index| {
            bits << 8 | u32::from(chunk.get(index).copied().unwrap_or(0))
        });
        for digit in 0..4 {
            let shown = digit <= chunk.len();
            let value = (bits >> (18 - 6 * digit) & 63) as usize;
            encoded.push(if shown { char::from(DIGITS[value]) } else { '=' });
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_is_that_of_the_rfc() {
        for (plain, encoded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
    }
}
