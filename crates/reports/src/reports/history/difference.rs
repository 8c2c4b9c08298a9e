//! What differs between two texts, word by word, as the API tells it; how it is found is `document::difference`.

use crate::difference::words::{self, Side};
use crate::text_enum;

text_enum! {
    /// How a piece of text stands in two versions.
    pub enum DifferenceOp {
        /// In both.
        Equal => "equal",
        /// In the later one only.
        Insert => "insert",
        /// In the earlier one only.
        Delete => "delete",
    }
}

/// A piece of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// How it stands in the two.
    pub op: DifferenceOp,
    /// Its words.
    pub text: String,
}

impl From<Side> for DifferenceOp {
    fn from(side: Side) -> Self {
        match side {
            Side::Both => Self::Equal,
            Side::After => Self::Insert,
            Side::Before => Self::Delete,
        }
    }
}

/// The two texts as pieces, in order: without what was inserted they are the first text, without what was deleted the second.
pub fn words(from: &str, to: &str) -> Vec<Piece> {
    pieces(words::words(from, to))
}

/// Words as pieces.
pub fn pieces(words: Vec<(Side, String)>) -> Vec<Piece> {
    words.into_iter().map(|(side, text)| Piece { op: side.into(), text }).collect()
}

/// What of `from` is not in `to`.
pub fn without<T: PartialEq + Copy>(from: &[T], to: &[T]) -> Vec<T> {
    from.iter().filter(|item| !to.contains(item)).copied().collect()
}
