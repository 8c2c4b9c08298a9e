//! Inlines as HTML. Must never nest a link in a link.

use super::super::{NOTE_SEPARATOR, is_beside_note};
use super::{Listed, Page};
use crate::document::{Inline, Mark, NoteRef};
use maud::{Markup, html};

pub(super) fn render(page: &Page, inlines: &[Inline], in_link: bool) -> Markup {
    html! { @for (index, each) in inlines.iter().enumerate() {
        @if is_beside_note(inlines, index) { sup { (NOTE_SEPARATOR) } }
        (inline(page, each, in_link))
    } }
}

fn inline(page: &Page, inline: &Inline, in_link: bool) -> Markup {
    let inside = || render(page, inline.children(), in_link);
    html! { @match inline {
        Inline::Text(text) => (text),
        Inline::Emphasis(_) => em { (inside()) },
        Inline::Strong(_) => strong { (inside()) },
        Inline::Language { lang, .. } => span lang=(lang) dir=[page.other_direction(lang)] { (inside()) },
        Inline::Link { .. } if in_link => (inside()),
        Inline::Link { href, inlines } => a href=(href) { (render(page, inlines, true)) },
        Inline::Note(NoteRef(index)) => (note(page, *index)),
        Inline::CrossReference { to, text } => @match page.anchors.get(to).filter(|_| !in_link) {
            Some(anchor) => a.reference href={ "#" (anchor) } { (text) },
            None => (text),
        },
        Inline::LineBreak => br;,
        Inline::Marked { mark, .. } => (marked(page, *mark, inside())),
    } }
}

/// Seen by a line under or through the words, heard by a word before and behind them.
pub(super) fn marked(page: &Page, mark: Mark, inside: Markup) -> Markup {
    let words = page.words;
    let word = if mark.is_before() { words.deleted } else { words.inserted };
    let around = html! {
        span.unseen { " [" (word) ": " } (inside) span.unseen { " – " (words.end) "] " }
    };
    let moved = matches!(mark, Mark::MovedHere | Mark::MovedAway).then_some("moved");
    html! { @if mark.is_before() { del class=[moved] { (around) } } @else { ins class=[moved] { (around) } } }
}

fn note(page: &Page, index: usize) -> Markup {
    html! { @if let Some(note) = page.document.notes.get(index) { (indicator(page, &Listed::of(index, note))) } }
}

/// What stands at the place of a note and leads to it.
pub(super) fn indicator(page: &Page, Listed { anchor, label, .. }: &Listed) -> Markup {
    // An asterisk is raised by itself.
    let class = label.starts_with('*').then_some("mark");
    html! {
        sup class=[class] { a id={ (anchor) "-reference" } href={ "#" (anchor) } role="doc-noteref" aria-label={ (page.words.footnote) " " (label) } { (label) } }
    }
}
