//! Renders a numbered document into the formats in which it is read and kept. Pure: the same document gives the same bytes. Must
//! never compute a number, look at a clock or know what a document is about.

pub mod akn;
pub mod docx;
pub mod figure;
pub mod html;
pub mod json;
pub mod json_schema;
pub mod markdown;

use crate::document::{Document, Inline};
use serde::{Deserialize, Serialize};

/// How a report is set in PDF: the template of whoever does it, kept here because another one may print the same text otherwise.
pub const TEMPLATE: &str = include_str!("report.typ");

/// A format that this module writes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    Json,
    Markdown,
    Html,
    AkomaNtoso,
    Docx,
}

impl Format {
    pub const ALL: [Self; 5] =
        [Self::Json, Self::Markdown, Self::Html, Self::AkomaNtoso, Self::Docx];

    /// The value of a `Content-Type` header.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
            Self::AkomaNtoso => akn::MEDIA_TYPE,
            Self::Docx => docx::MEDIA_TYPE,
        }
    }

    /// The end of a file name, without the full stop.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Markdown => "md",
            Self::Html => "html",
            Self::AkomaNtoso => "xml",
            Self::Docx => "docx",
        }
    }
}

/// Renders a document that has been numbered. One that has not prints "?" for its notes and no other numbers.
#[must_use]
pub fn render(document: &Document, format: Format) -> Vec<u8> {
    match format {
        Format::Json => json::render(document),
        Format::Markdown => markdown::render(document).into_bytes(),
        Format::Html => html::render(document).into_bytes(),
        Format::AkomaNtoso => akn::render(document, &akn::Frbr::from_meta(&document.meta)),
        Format::Docx => docx::render(document),
    }
}

/// Stands between the indicators of two notes at one place (UN Editorial Manual, footnotes).
const NOTE_SEPARATOR: &str = ", ";

/// Whether the indicator at the beginning of `inlines[index]` comes right after another one.
#[must_use]
pub fn is_beside_note(inlines: &[Inline], index: usize) -> bool {
    let before = index.checked_sub(1).and_then(|before| inlines.get(before));
    before.is_some_and(|inline| touches(inline, <[Inline]>::last))
        && inlines.get(index).is_some_and(|inline| touches(inline, <[Inline]>::first))
}

/// Whether the note stands at the end of `inline` that `edge` picks.
fn touches(inline: &Inline, edge: fn(&[Inline]) -> Option<&Inline>) -> bool {
    // The two sides of a mark do not stand beside each other in either of the documents.
    matches!(inline, Inline::Note(_))
        || !matches!(inline, Inline::Marked { .. })
            && edge(inline.children()).is_some_and(|child| touches(child, edge))
}

#[cfg(test)]
mod marks;
#[cfg(test)]
mod tests;
