//! Footnotes and endnotes of a file, by the numbers under which the text refers to them; which numbers a word processor gave them
//! does not matter. Must never give one note to two places: a small file could ask for it without end.

use super::ReadError;
use super::pieces::{Content, MOST_ADDRESSES, MOST_TEXT, Piece, Pieces, Surroundings};
use super::tree::Element;
use super::unread::{self, Unread};
use crate::office::xml::{Event, Reader, attribute, name};
use std::collections::HashMap;

#[derive(Default)]
pub(super) struct Notes {
    /// What of them is not read.
    pub(super) unread: Vec<Unread>,
    /// Bytes of all addresses.
    addresses: usize,
    notes: HashMap<(&'static str, String), Vec<Piece>>,
}

impl Notes {
    /// Reads a part with notes of one kind.
    pub(super) fn add(
        &mut self,
        kind: &'static str,
        xml: &str,
        around: &Surroundings,
    ) -> Result<(), ReadError> {
        let mut reader = Reader::new(xml);
        let (mut id, mut size) = (String::new(), 0);
        while let Some(event) = reader.event()? {
            let Event::Start(start) = event else { continue };
            if name(&start) == kind {
                id = attribute(&start, "id").unwrap_or_default();
                size = 0;
            } else if name(&start) == "p" {
                let read = Pieces::read(&Element::read(&start, &mut reader)?, around);
                let note = self.notes.entry((kind, id.clone())).or_default();
                // Paragraphs of a note become one.
                if !note.is_empty() {
                    note.push(Piece { content: Content::Text(" ".to_owned()), ..Piece::plain() });
                }
                size += read.size();
                self.addresses += read.addresses();
                self.unread.extend(read.unread);
                if self.unread.len() > unread::MOST {
                    return Err(ReadError::TooMany);
                }
                if size > 2 * MOST_TEXT || self.addresses > MOST_ADDRESSES {
                    return Err(ReadError::TooLarge);
                }
                // A mark that is written out stands before the text.
                note.extend(read.pieces.into_iter().skip_while(|piece| piece.is_raised));
            }
        }
        Ok(())
    }

    pub(super) fn take(&mut self, kind: &'static str, id: &str) -> Option<Vec<Piece>> {
        self.notes.remove(&(kind, id.to_owned()))
    }
}
