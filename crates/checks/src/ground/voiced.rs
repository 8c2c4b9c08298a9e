//! Whether somebody is told to have said something: what stands around a name. It must never know whose name it is.

use crate::lexicon::Style;
use crate::strand::Strand;

/// Most words between a name and what its bearer said.
const BETWEEN: usize = 4;

/// Whether what stands from this word on tells that somebody said something: “also noted”, “’s delegate had said”.
pub(crate) fn follows(style: &Style, strand: &Strand, from: usize) -> bool {
    let Some(end) = sentence_end(strand, from.saturating_sub(1)) else { return false };
    let from = behind_parenthesis(strand, from, end);
    for at in from..end.min(from + BETWEEN) {
        let word = strand.small(at);
        if style.words.reporting.contains(word) {
            // “was reported missing”
            let before = if at > from { strand.small(at - 1) } else { "" };
            return !matches!(before, "was" | "were" | "been" | "be" | "is" | "are");
        }
        let gap = strand.before(at);
        let torn = gap.contains([';', ':', '.', '\n']) || gap.contains(',') && at > from;
        if torn || !style.words.between.contains(word) {
            return false;
        }
    }
    false
}

/// The first word behind what is put in: “… (the one in the harbour) said”.
fn behind_parenthesis(strand: &Strand, from: usize, end: usize) -> usize {
    if from >= end || !strand.before(from).contains('(') {
        return from;
    }
    (from + 1..end).find(|at| strand.before(*at).contains(')')).unwrap_or(from)
}

/// Whether what stands before this word tells it: “according to”, “as noted by the”.
pub(crate) fn precedes(style: &Style, strand: &Strand, word: usize) -> bool {
    let mut at = word;
    while at > 0
        && strand.follows(at)
        && (strand.small(at - 1) == "the" || is_title(style, strand.small(at - 1)))
    {
        at -= 1;
    }
    let back = |steps: usize| at.checked_sub(steps).map_or("", |at| strand.small(at));
    match (back(2), back(1)) {
        ("according", "to") | ("words", "of") => true,
        // “…”, said the …
        (_, verb) if style.words.reporting.contains(verb) => {
            strand.before(at - 1).contains([',', '”', '"'])
        }
        (verb, "by") => {
            style.words.reporting.contains(verb) || verb == "out" && back(3) == "pointed"
        }
        _ => false,
    }
}

pub(crate) fn is_title(style: &Style, small: &str) -> bool {
    style.words.titles.contains(small)
}

fn sentence_end(strand: &Strand, word: usize) -> Option<usize> {
    let start = strand.words.get(word)?.start;
    strand.sentence_at(start).map(|sentence| sentence.words.end)
}
