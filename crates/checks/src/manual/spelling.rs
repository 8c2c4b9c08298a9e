//! Words that the United Nations spell otherwise. Names of things keep their spelling.

use crate::finding::{Check, Level, Telling};
use crate::findings::{Findings, Spot};
use crate::ground::Ready;
use crate::lexicon::Style;
use crate::strand::{Reading, Strand};

pub(super) fn check(
    ready: &Ready<'_>,
    reading: &Reading,
    strand: &Strand,
    spot: &Spot<'_>,
    found: &mut Findings,
) {
    for (at, word) in strand.words.iter().enumerate() {
        let bare = word.small.strip_suffix("'s").unwrap_or(&word.small);
        let Some(right) = ready.style.spelt(bare) else { continue };
        let named = is_of_name(strand, at) || strand.is_note && strand.has_capital(at);
        if named || super::is_foreign(reading, strand, word.start) {
            continue;
        }
        let written = strand.written(at);
        let right = as_written(written, &right) + &word.small[bare.len()..];
        found.add(
            Check::Style,
            "spelling",
            Level::Blocks,
            spot.at(strand.source(&(word.start..word.end))),
            Telling::new("The United Nations spell “{}” otherwise.", [written]),
            Telling::new("Write “{}”; the name of something keeps its own spelling.", [right]),
        );
    }
}

impl Style {
    /// How this word is spelt, if otherwise.
    fn spelt(&self, small: &str) -> Option<String> {
        if let Some(right) = self.spelling.get(small) {
            return Some(right.clone());
        }
        self.endings.iter().find_map(|ending| {
            let stem = small.strip_suffix(ending.from.as_str())?;
            let known = ending.unless.contains(small)
                || ending
                    .unless
                    .iter()
                    .any(|word| word.strip_prefix('-').is_some_and(|tail| small.ends_with(tail)));
            (stem.len() > 2 && !known && small.is_ascii()).then(|| format!("{stem}{}", ending.to))
        })
    }
}

/// Whether a word belongs to the name of something: it has a capital, and so has a neighbour.
fn is_of_name(strand: &Strand, at: usize) -> bool {
    let neighbour = |next: usize| strand.follows(next) && strand.has_capital(next);
    let before = at.checked_sub(1).is_some_and(|before| {
        strand.follows(at) && strand.has_capital(before) && !strand.begins_sentence(before)
    });
    strand.has_capital(at) && (before || neighbour(at + 1))
}

/// With the capitals of what was written.
fn as_written(written: &str, right: &str) -> String {
    if written.starts_with(char::is_uppercase) {
        let mut letters = right.chars();
        return letters
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect());
    }
    right.to_owned()
}
