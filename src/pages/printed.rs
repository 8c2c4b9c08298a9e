//! What is printed of each portion of a draft: a paragraph, or the tables and charts that stand in a section.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::document::{Block, Document};
use crate::render::html::Pieces;
use crate::vocabulary::ThingId;

/// The portions of a document, by their ids.
pub struct Print<'a> {
    pieces: Pieces<'a>,
    blocks: BTreeMap<String, Vec<&'a Block>>,
}

impl<'a> Print<'a> {
    /// Of a document that is numbered.
    pub fn of(document: &'a Document) -> Self {
        let mut blocks = BTreeMap::new();
        take(&document.blocks, None, &mut blocks);
        Self { pieces: Pieces::of(document), blocks }
    }

    /// A portion as it is printed; nothing of what is no part of the text.
    pub fn portion(&self, id: ThingId) -> Option<Markup> {
        Some(match self.blocks.get(&id.to_string())?.as_slice() {
            [one] => self.pieces.block(one),
            blocks => html! { div { @for block in blocks { (self.pieces.block(block)) } } },
        })
    }

    /// The footnotes, to stand behind everything.
    pub fn notes(&self) -> Markup {
        self.pieces.notes()
    }
}

fn take<'d>(from: &'d [Block], section: Option<&str>, all: &mut BTreeMap<String, Vec<&'d Block>>) {
    for block in from {
        let of = match block {
            Block::Section(inside) => {
                take(&inside.blocks, Some(inside.id.as_str()), all);
                continue;
            }
            Block::Paragraph(paragraph) => Some(paragraph.id.as_str()),
            Block::Table(_) | Block::Figure(_) => section,
        };
        if let Some(of) = of {
            all.entry(of.to_owned()).or_default().push(block);
        }
    }
}

/// The headings that something stands under and that what is printed before it does not, the outermost first and of this level.
pub fn headings(before: &[&str], now: &[&str], outermost: usize) -> Markup {
    let same = before.iter().zip(now).take_while(|(before, now)| before == now).count();
    html! { @for (deep, heading) in now.iter().enumerate().skip(same) {
        @match outermost + deep {
            0..=2 => h2 { (heading) },
            3 => h3 { (heading) },
            4 => h4 { (heading) },
            5 => h5 { (heading) },
            _ => h6 { (heading) },
        }
    } }
}

/// A portion of which nothing but its words is known.
pub fn words(text: &str) -> Markup {
    html! { div .paragraph { div .body { p .said { (text) } } } }
}
