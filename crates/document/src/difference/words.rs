//! What differs between two texts, word by word. Words go by the Unicode rules (UAX 29): where a script has no spaces, they are
//! as short as its letters. No clock limits the search, so that the same texts always differ in the same way.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use similar::DiffTag;
use unicode_segmentation::UnicodeSegmentation;

use super::pairing::stretches;

/// In which of two texts something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Both,
    Before,
    After,
}

/// Two texts of which less is alike are told one after the other: word by word they would be a riddle.
const LEAST_ALIKE: f64 = 0.25;

/// The two texts as stretches, in order: without those that stand after they are the first text, without those that stood before
/// the second.
#[must_use]
pub fn words(from: &str, to: &str) -> Vec<(Side, String)> {
    let (old, new) = (split(from), split(to));
    let mut told = Vec::new();
    let mut tell = |side, words: &[&str]| {
        if !words.is_empty() {
            told.push((side, words.concat()));
        }
    };
    for (before, after) in steps(&old, &new, |word| is_thin(word)) {
        match after {
            Step::Same(_) => tell(Side::Both, &old[before]),
            Step::Other(after) => {
                tell(Side::Before, &old[before]);
                tell(Side::After, &new[after]);
            }
        }
    }
    told
}

/// What stands in the later sequence in place of a stretch of the earlier one.
pub(super) enum Step {
    /// The same, from that place on.
    Same(usize),
    Other(Range<usize>),
}

/// Two sequences as stretches of the earlier one, in order. What is thin between two replacements is replaced with them.
pub(super) fn steps<T: Eq + Hash>(
    old: &[T],
    new: &[T],
    thin: impl Fn(&T) -> bool,
) -> Vec<(Range<usize>, Step)> {
    let telling = |words: &[T]| TellingWords::among(words, &thin);
    if old != new && !telling(old).is_like(&telling(new), LEAST_ALIKE) {
        return vec![(0..old.len(), Step::Other(0..new.len()))];
    }
    let mut steps: Vec<(Range<usize>, Step)> = Vec::new();
    for op in stretches(old, new) {
        let (before, after) = (op.old_range(), op.new_range());
        if op.tag() == DiffTag::Equal {
            steps.push((before, Step::Same(after.start)));
            continue;
        }
        // Between two replacements something that matters is the same.
        let bridged = match steps.as_slice() {
            [.., (gone, Step::Other(come)), (between, Step::Same(_))] => {
                let replaced = [gone, come, &before, &after].iter().all(|one| !one.is_empty());
                replaced && old[between.clone()].iter().all(&thin)
            }
            _ => false,
        };
        if bridged {
            steps.pop();
        }
        match steps.last_mut() {
            Some((earlier, Step::Other(later))) => {
                earlier.end = before.end;
                later.end = after.end;
            }
            _ => steps.push((before, Step::Other(after))),
        }
    }
    steps
}

/// What a text is recognized by: its words, as often as each stands there, whatever their order. Two are held against each other
/// without either text being read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TellingWords(Vec<u64>);

impl TellingWords {
    /// Those of a text. What is thin counts only where there is nothing else.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self::among(&split(text), |word| is_thin(word))
    }

    /// Those of each of several texts.
    pub(super) fn each(texts: &[String]) -> Vec<Self> {
        texts.iter().map(|text| Self::of(text)).collect()
    }

    fn among<T: Hash>(words: &[T], thin: impl Fn(&T) -> bool) -> Self {
        let hash = |word: &T| {
            let mut hasher = DefaultHasher::new();
            word.hash(&mut hasher);
            hasher.finish()
        };
        let mut hashes: Vec<u64> = words.iter().filter(|word| !thin(word)).map(hash).collect();
        if hashes.is_empty() {
            hashes.extend(words.iter().map(hash));
        }
        hashes.sort_unstable();
        Self(hashes)
    }

    /// How much of the two is the same, from 0 to 1; nothing where that is less than `least`. Of texts that are too unequal in
    /// length no word is looked at.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "words of a text are few")]
    pub fn likeness(&self, other: &Self, least: f64) -> Option<f64> {
        let all = self.0.len() + other.0.len();
        let share = |common: usize| if all == 0 { 1.0 } else { 2.0 * common as f64 / all as f64 };
        if share(self.0.len().min(other.0.len())) < least {
            return None;
        }
        let (mut left, mut right, mut common) = (0, 0, 0_usize);
        while let (Some(one), Some(two)) = (self.0.get(left), other.0.get(right)) {
            left += usize::from(one <= two);
            right += usize::from(two <= one);
            common += usize::from(one == two);
        }
        Some(share(common)).filter(|likeness| *likeness >= least)
    }

    /// Whether as much of the two is the same.
    pub(super) fn is_like(&self, other: &Self, least: f64) -> bool {
        self.likeness(other, least).is_some()
    }
}

/// Nothing to recognize a text by: blanks and punctuation.
pub(super) fn is_thin(word: &str) -> bool {
    !word.chars().any(char::is_alphanumeric)
}

/// The words of a text with what stands between them. Nothing is cut where the halves could not stand alone: between marks that
/// turn the direction of a text, and beside a zero-width space.
pub(super) fn split(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut open, mut glued) = (0, 0_i32, true);
    for (at, word) in text.split_word_bound_indices() {
        let holds_space = word.contains('\u{200b}');
        if !(glued || open > 0 || holds_space) {
            words.push(&text[start..at]);
            start = at;
        }
        for c in word.chars() {
            match c {
                '\u{202a}' | '\u{202b}' | '\u{2066}'..='\u{2068}' => open += 1,
                '\u{202c}' | '\u{2069}' => open -= 1,
                _ => {}
            }
        }
        glued = holds_space;
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::clean;

    fn without(told: &[(Side, String)], side: Side) -> String {
        told.iter().filter(|(one, _)| *one != side).map(|(_, text)| text.as_str()).collect()
    }

    #[test]
    fn whole_words_are_told_and_characters_where_there_are_no_spaces() {
        use Side::{After, Before, Both};
        let one = |side, text: &str| (side, text.to_owned());
        assert_eq!(
            words("Fees differ widely.", "Fees vary widely."),
            [one(Both, "Fees "), one(Before, "differ"), one(After, "vary"), one(Both, " widely.")]
        );
        assert_eq!(
            words("移民工人", "移徙工人"),
            [one(Both, "移"), one(Before, "民"), one(After, "徙"), one(Both, "工人")]
        );
        assert_eq!(words("", ""), []);
    }

    #[test]
    fn what_is_replaced_in_a_row_is_told_at_once() {
        let told = words(
            "Some of the fees are too high there.",
            "Many among the fees are too high there.",
        );
        assert_eq!(told[0], (Side::Before, "Some of".to_owned()));
        assert_eq!(told[1], (Side::After, "Many among".to_owned()));
        let nothing = words("One and two.", "Quite another thing");
        assert_eq!(nothing.len(), 2, "nothing in common: one after the other");
    }

    #[test]
    fn a_text_with_endless_punctuation_is_told_without_delay() {
        let long = format!("Fees {}differ.", "… ".repeat(500_000));
        let told = words("Fees differ.", &long);
        assert_eq!(without(&told, Side::Before), long);
        assert_eq!(without(&told, Side::After), "Fees differ.");
    }

    #[test]
    fn a_text_is_recognized_by_its_words() {
        let alike = |one: &str, other: &str| {
            TellingWords::of(one).likeness(&TellingWords::of(other), 0.0).unwrap()
        };
        let same = |one: &str, other: &str, expected: f64| {
            assert!(
                (alike(one, other) - expected).abs() < 1e-9,
                "{one} / {other}: {}",
                alike(one, other)
            );
        };
        same("Fees differ, widely.", "widely differ fees", 2.0 / 3.0);
        same("a a b", "a b b", 2.0 / 3.0);
        same("移民工人", "移徙工人", 0.75);
        same("—", "—", 1.0);
        same("—", "…", 0.0);
        same("", "", 1.0);
        same("", "Fees", 0.0);
    }

    proptest! {
        #[test]
        fn both_texts_are_in_the_difference(
            from in "[a-d移民 .กา\u{200b}\u{2067}\u{2069}\n]{0,60}", to in "[a-d移民 .กา\u{200b}\u{2067}\u{2069}\n]{0,60}"
        ) {
            let told = words(&from, &to);
            prop_assert_eq!(without(&told, Side::After), from);
            prop_assert_eq!(without(&told, Side::Before), to);
        }

        #[test]
        fn each_word_of_a_clean_text_is_clean(text in "[a-c กา\u{200b}\u{2067}\u{2069}]{0,30}") {
            let text = clean(&text);
            for word in split(&text) {
                prop_assert_eq!(clean(word), word);
            }
        }
    }
}
