//! What differs between two documents, as a document: the later one, in which everything that is not the same in both is marked, so
//! that every format can print it. Without what is marked as gone it says what the later one says, without what is marked as new
//! what the earlier one says. Pure, and without a clock: the same two always give the same.
//!
//! | to find | look in |
//! |---|---|
//! | two texts, word by word | [`words`] |
//! | two rows of things, by what is equal and what is alike | [`pairing`] |
//! | words with their emphasis, links and notes | `runs` |
//! | sections, paragraphs, tables and figures, by their ids and else by likeness | `merged` |
//! | the first page | `first_page` |
//! | the differences one by one, with their places | [`list`] |

mod first_page;
pub mod list;
mod merged;
pub mod pairing;
mod runs;
#[cfg(test)]
mod tests;
pub mod words;

use crate::document::{Compared, Document, Id, Inline, Meta, NoteRef};
use merged::Merging;

/// What the two documents are called where they are told apart.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub from: String,
    pub to: String,
    /// The day of the later one: "2021-02-26"; empty when there is none.
    pub day: String,
}

/// The differences between two numbered documents, as a document. Its numbers are those of the later one, and for what is gone
/// those of the earlier one; it is not to be numbered again.
#[must_use]
pub fn compare(old: &Document, new: &Document, names: &Names) -> Document {
    let mut merging = Merging::of(old, new);
    let meta = merging.front();
    let blocks = merging.children(&old.blocks, &new.blocks);
    let before = Meta { summary: Vec::new(), notes: Vec::new(), ..old.meta.clone() };
    let compared = Compared {
        from: names.from.as_str().into(),
        to: names.to.as_str().into(),
        day: names.day.as_str().into(),
        before,
        remarks: merging.remarks,
    };
    let notes = merging.runs.notes;
    let mut merged = Document { meta, blocks, notes, compared: Some(Box::new(compared)) };
    merged.drop_unplaced_notes();
    merged
}

impl Document {
    /// Whether it shows any difference.
    #[must_use]
    pub fn differs(&self) -> bool {
        !list::of(self).is_empty()
    }

    /// Of a line that is left out, the notes are as well.
    fn drop_unplaced_notes(&mut self) {
        let mut places = vec![None; self.notes.len()];
        self.each_inline_mut(&mut |inline| {
            if let Inline::Note(NoteRef(index)) = inline {
                places[*index] = Some(0);
            }
        });
        let placed = places.iter_mut().flatten();
        placed.enumerate().for_each(|(new, place)| *place = new);
        self.each_inline_mut(&mut |inline| {
            if let Inline::Note(NoteRef(index)) = inline {
                *index = places[*index].unwrap_or_default();
            }
        });
        let mut kept = places.iter();
        self.notes.retain(|_| kept.next().is_some_and(Option::is_some));
    }
}

/// The id of something that stands elsewhere in the later document, at the place where it stood.
fn before(id: &Id) -> Id {
    Id::new(&format!("before-{id}"))
}
