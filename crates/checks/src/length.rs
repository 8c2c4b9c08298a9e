//! How many words a report has: those of paragraphs, notes and headings, and those that are printed beside them.

use unicode_segmentation::UnicodeSegmentation;

use crate::drafted::Draft;
use crate::finding::{Check, Level, Place};
use crate::findings::Findings;
use crate::strand::Reading;

pub(crate) fn check(draft: &Draft, found: &mut Findings) {
    let Some(most) = draft.most_words else { return };
    let words = words(draft);
    if words > most {
        found.add(
            Check::Length,
            "words",
            Level::Blocks,
            Place::default(),
            format!(
                "The report has {words} words, notes and headings counted; {most} are allowed."
            ),
            format!("Shorten it by {} words.", words - most),
        );
    }
}

/// All words of a draft.
fn words(draft: &Draft) -> usize {
    let of_section = |section: &crate::drafted::Section| {
        let heading = section.heading.as_deref().map_or(0, count);
        let paragraphs = section.paragraphs.iter().map(|paragraph| {
            Reading::of(&paragraph.text).strands().map(|strand| count(&strand.text)).sum::<usize>()
        });
        heading + paragraphs.sum::<usize>()
    };
    draft.sections.iter().map(of_section).sum::<usize>() + draft.other_words
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
