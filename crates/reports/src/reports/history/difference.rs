//! What differs between two texts, word by word. Words go by the Unicode rules (UAX 29): where a script has no spaces, they are
//! as short as its letters.

use std::time::Duration;

use similar::{ChangeTag, TextDiff};

use crate::text_enum;

/// After this, the rest is told in one piece: two long texts that have nothing in common need not be compared to the end.
const LONGEST_SEARCH: Duration = Duration::from_millis(500);

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

/// The two texts as pieces, in order: without what was inserted they are the first text, without what was deleted the second.
pub fn words(from: &str, to: &str) -> Vec<Piece> {
    let difference = TextDiff::configure().timeout(LONGEST_SEARCH).diff_unicode_words(from, to);
    let mut pieces: Vec<Piece> = Vec::new();
    for change in difference.iter_all_changes() {
        let op = match change.tag() {
            ChangeTag::Equal => DifferenceOp::Equal,
            ChangeTag::Insert => DifferenceOp::Insert,
            ChangeTag::Delete => DifferenceOp::Delete,
        };
        match pieces.last_mut().filter(|last| last.op == op) {
            Some(last) => last.text.push_str(change.value()),
            None => pieces.push(Piece { op, text: change.value().to_owned() }),
        }
    }
    pieces
}

/// What of `from` is not in `to`.
pub fn without<T: PartialEq + Copy>(from: &[T], to: &[T]) -> Vec<T> {
    from.iter().filter(|item| !to.contains(item)).copied().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(from: &str, to: &str) -> Vec<(DifferenceOp, String)> {
        words(from, to).into_iter().map(|piece| (piece.op, piece.text)).collect()
    }

    fn of(pieces: &[Piece], without: DifferenceOp) -> String {
        pieces.iter().filter(|piece| piece.op != without).map(|piece| piece.text.as_str()).collect()
    }

    #[test]
    fn whole_words_are_told_and_characters_where_there_are_no_spaces() {
        use DifferenceOp::{Delete, Equal, Insert};
        let piece = |op, text: &str| (op, text.to_owned());
        assert_eq!(
            told("Fees differ widely.", "Fees vary widely."),
            [
                piece(Equal, "Fees "),
                piece(Delete, "differ"),
                piece(Insert, "vary"),
                piece(Equal, " widely."),
            ]
        );
        assert_eq!(
            told("移民工人", "移徙工人"),
            [piece(Equal, "移"), piece(Delete, "民"), piece(Insert, "徙"), piece(Equal, "工人")]
        );
        assert_eq!(told("", ""), []);
    }

    proptest! {
        #[test]
        fn both_texts_are_in_the_difference(from in "[a-d移民 .\n]{0,60}", to in "[a-d移民 .\n]{0,60}") {
            let pieces = words(&from, &to);
            prop_assert_eq!(of(&pieces, DifferenceOp::Insert), from);
            prop_assert_eq!(of(&pieces, DifferenceOp::Delete), to);
        }
    }
}
