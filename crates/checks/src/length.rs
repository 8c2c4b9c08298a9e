//! How many words a report has: those of paragraphs, notes and headings, and those that are printed beside them.

use unicode_segmentation::UnicodeSegmentation;

use crate::drafted::Draft;
use crate::finding::{Check, Level, Place, Telling};
use crate::findings::Findings;
use crate::ground::Passage;

pub(crate) fn check(draft: &Draft, passages: &[Passage<'_>], found: &mut Findings) {
    let Some(most) = draft.most_words else { return };
    let strands = passages.iter().flat_map(|passage| passage.reading.strands());
    let words = draft.other_words + strands.map(|strand| count(&strand.text)).sum::<usize>();
    if words > most {
        found.add(
            Check::Length,
            "words",
            Level::Blocks,
            Place::default(),
            Telling::new(
                "The report has {} words, notes and headings counted; {} are allowed.",
                [words.to_string(), most.to_string()],
            ),
            Telling::new("Shorten it by {} words.", [(words - most).to_string()]),
        );
    }
}

/// Words between spaces; where there are none, by the Unicode rules.
fn count(text: &str) -> usize {
    let spaced = text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric));
    if text.is_ascii() {
        spaced.count()
    } else {
        spaced.map(|word| word.unicode_words().count()).sum()
    }
}
