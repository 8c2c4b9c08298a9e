//! Turns text in any language into the words that a search looks up, so that SQLite and PostgreSQL find the same: the words are
//! stored, and neither database is left to decide what a word is. Letters are folded by `fold`; what somebody looks for is read
//! by [`Query`]. Scripts that write no spaces (Thai, Lao, Khmer, Myanmar, Han, kana) become overlapping pairs of graphemes, since
//! finding their words would need dictionaries. What is stored depends on the Unicode version of `unicode-normalization` and
//! `unicode-segmentation`: words stored before such an upgrade should be made again. Must never know a database, a clock or who
//! wrote the text.

pub(crate) mod fold;
mod query;

pub use query::Query;

use std::collections::HashSet;
use std::ops::Range;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;

/// Longest word, in characters; what is longer is cut, when it is stored and when it is looked for.
pub const LONGEST_WORD: usize = 40;

/// A word and the run of letters that it was read from; words of one run share it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The folded word, as [`words`] gives it.
    pub word: String,
    /// The bytes of that run in the text.
    pub run: Range<usize>,
}

/// The search words of a text, in its order and with repeats.
///
/// Each consists of letters, marks and digits only, so that SQLite's `unicode61` takes it whole where it stands between spaces.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    readings(text).into_iter().map(|reading| reading.word).collect()
}

/// As [`words`], each once, where it first stands.
#[must_use]
pub fn distinct(text: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut words = words(text);
    words.retain(|word| seen.insert(word.clone()));
    words
}

/// As [`words`], each with where it stands.
#[must_use]
pub fn readings(text: &str) -> Vec<Reading> {
    let mut readings = Vec::new();
    let mut start = 0;
    for piece in text.split_inclusive(|c| !may_stand_in_word(c)) {
        let run = piece.trim_end_matches(|c| !may_stand_in_word(c));
        add_readings(run, start, &mut readings);
        start += piece.len();
    }
    readings
}

/// Folding can take a run apart (`½` is 1, a stroke and 2), so that it is divided again afterwards.
fn add_readings(run: &str, start: usize, readings: &mut Vec<Reading>) {
    let mut add = |word: String| readings.push(Reading { word, run: start..start + run.len() });
    for part in fold::fold(run).split(|c| !is_of_word(c)) {
        // A mark that follows nothing is no word and begins none.
        let part = part.trim_start_matches(|c: char| !c.is_alphanumeric());
        if !part.is_empty() {
            divide(part, &mut add);
        }
    }
}

/// Divides a part that holds nothing but letters, marks and digits. UAX #29 decides the graphemes; its word boundaries are not
/// asked, because those keep apostrophes and points inside words, where `unicode61` would divide again.
fn divide(part: &str, add: &mut impl FnMut(String)) {
    if !part.contains(is_unspaced_char) {
        return add(cut(part));
    }
    // The crates know different versions of Unicode: what is a mark for one may stand alone for the other.
    let graphemes: Vec<&str> = part
        .graphemes(true)
        .filter(|grapheme| grapheme.starts_with(char::is_alphanumeric))
        .collect();
    for span in graphemes.chunk_by(|before, after| is_unspaced(before) == is_unspaced(after)) {
        match span {
            [first, _, ..] if is_unspaced(first) => {
                span.windows(2).for_each(|pair| add(cut(&pair.concat())));
            }
            _ => add(cut(&span.concat())),
        }
    }
}

fn cut(word: &str) -> String {
    word.chars().take(LONGEST_WORD).collect()
}

/// Letters, marks and digits: the categories L, M and N. Circled and squared letters that have no plain form count as letters
/// for Rust, but are symbols.
fn is_of_word(c: char) -> bool {
    let is_symbol = matches!(c, '\u{1f100}'..='\u{1f1ff}');
    (c.is_alphanumeric() && !is_symbol) || (!c.is_ascii() && is_combining_mark(c))
}

/// Whether folding may make a part of a word of it; `㎏` is a symbol that reads kg.
fn may_stand_in_word(c: char) -> bool {
    is_of_word(c) || (!c.is_ascii() && (fold::is_dropped(c) || stands_for_letters(c)))
}

fn stands_for_letters(c: char) -> bool {
    let mut letters = false;
    decompose_compatible(c, |part| letters |= part.is_alphanumeric() && part != c);
    letters
}

/// Whether a word (or grapheme) is of a script without spaces between words.
pub(super) fn is_unspaced(word: &str) -> bool {
    word.starts_with(is_unspaced_char)
}

fn is_unspaced_char(c: char) -> bool {
    matches!(c,
        // Thai, Lao, Myanmar, Khmer.
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        // Tai Le, New Tai Lue, Tai Tham; Myanmar and Tai Viet extensions.
        | '\u{1950}'..='\u{19df}' | '\u{1a20}'..='\u{1aaf}' | '\u{a9e0}'..='\u{a9ff}' | '\u{aa60}'..='\u{aadf}'
        // Ideographic marks, kana, Han.
        | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{1b000}'..='\u{1b16f}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests;
