//! The headings of a document with the paragraphs under each: for contents lists and for tests. Must never compute a number;
//! it reads what numbering wrote.

use super::{Block, Document, Id, Level, Section, inline::plain_text};

/// A heading in the outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineEntry {
    pub id: Id,
    pub level: Level,
    /// "IV", "B", "i", "Annex"; empty when unnumbered.
    pub label: String,
    /// As printed before the heading, see [`Section::printed_label`].
    pub printed_label: String,
    /// The heading without its notes.
    pub heading: String,
    /// Numbers of the first and the last paragraph in it and in its subsections, if it has numbered paragraphs.
    pub paragraphs: Option<(u32, u32)>,
}

/// Numbered paragraphs from which on a document has a list of contents: what does not fit on a few pages.
const CONTENTS_FROM: u32 = 40;

impl Document {
    /// Whether a list of contents stands before the text where it is printed.
    #[must_use]
    pub fn has_contents(&self) -> bool {
        self.last_number() >= CONTENTS_FROM
    }

    /// All sections in reading order, flat, each with the range of its paragraphs.
    #[must_use]
    pub fn outline(&self) -> Vec<OutlineEntry> {
        let mut entries = Vec::new();
        outline(&self.blocks, &mut entries);
        entries
    }

    /// How many figures there are.
    #[must_use]
    pub fn figures(&self) -> usize {
        fn count(blocks: &[Block]) -> usize {
            let of = |block: &Block| match block {
                Block::Section(section) => count(&section.blocks),
                Block::Figure(_) => 1,
                Block::Paragraph(_) | Block::Table(_) => 0,
            };
            blocks.iter().map(of).sum()
        }
        count(&self.blocks)
    }

    /// The number of the last numbered paragraph, which is how many there are.
    #[must_use]
    pub fn last_number(&self) -> u32 {
        outline(&self.blocks, &mut Vec::new()).map_or(0, |(_, last)| last)
    }
}

/// Adds the sections among `blocks` and returns the range of all paragraphs in them.
fn outline(blocks: &[Block], entries: &mut Vec<OutlineEntry>) -> Option<(u32, u32)> {
    let mut range = None;
    for block in blocks {
        let found = match block {
            Block::Section(section) => enter(section, entries),
            Block::Paragraph(paragraph) => paragraph.number.map(|number| (number, number)),
            Block::Table(_) | Block::Figure(_) => None,
        };
        range = join(range, found);
    }
    range
}

fn enter(section: &Section, entries: &mut Vec<OutlineEntry>) -> Option<(u32, u32)> {
    let index = entries.len();
    entries.push(OutlineEntry {
        id: section.id.clone(),
        level: section.level,
        label: section.label.clone(),
        printed_label: section.printed_label(),
        heading: plain_text(&section.heading),
        paragraphs: None,
    });
    let range = outline(&section.blocks, entries);
    entries[index].paragraphs = range;
    range
}

fn join(left: Option<(u32, u32)>, right: Option<(u32, u32)>) -> Option<(u32, u32)> {
    match (left, right) {
        (Some((first, _)), Some((_, last))) => Some((first, last)),
        (left, right) => left.or(right),
    }
}
