//! Which tracked changes count in a reading: all, none, or those of one author. Must never know what was changed.

use super::ReadError;
use crate::document::clean;
use crate::office::xml::{Event, Reader, attribute, name};

/// Authors whose changes are told apart; those of all others are told together.
const MOST_AUTHORS: usize = 8;

/// Characters of a name: a file may name anybody, at any length.
const LONGEST_NAME: usize = 100;

/// The name of an author as it is told.
pub(super) fn told(author: &str) -> String {
    clean(author).trim().chars().take(LONGEST_NAME).collect()
}

/// Which tracked changes count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View<'a> {
    All,
    None,
    Of(&'a str),
}

impl View<'_> {
    /// Whether a change by this author counts.
    pub(super) fn takes(self, author: &str) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::Of(one) => one == author,
        }
    }
}

/// Who made tracked changes, in the order in which they are met: some of them when there are many.
pub(super) fn authors<'x>(parts: impl Iterator<Item = &'x str>) -> Result<Vec<String>, ReadError> {
    let mut authors: Vec<String> = Vec::new();
    for xml in parts {
        let mut reader = Reader::new(xml);
        while let Some(event) = reader.event()? {
            let Event::Start(start) = event else { continue };
            let is_change = matches!(
                name(&start),
                "ins" | "del" | "moveFrom" | "moveTo" | "cellIns" | "cellDel"
            );
            if is_change && authors.len() < MOST_AUTHORS {
                let author = attribute(&start, "author").unwrap_or_default();
                if !authors.contains(&author) {
                    authors.push(author);
                }
            }
        }
    }
    Ok(authors)
}
