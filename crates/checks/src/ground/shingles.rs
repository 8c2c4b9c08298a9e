//! Runs of words of texts that must not be repeated, by their hashes: they say whether a text repeats eight words in a row, and never
//! whose. Cost grows with the words that are read, however many texts there are.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use crate::strand::Strand;

/// So many words in a row are somebody's.
const WORDS: usize = 8;
/// So many letters, where words are not divided.
const LETTERS: usize = 16;

/// Hashes that are already spread need not be hashed again.
#[derive(Default)]
pub(crate) struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

type Hashes = HashSet<u64, BuildHasherDefault<AsItIs>>;

/// A word or letter as it is compared.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece {
    pub hash: u64,
    /// Bytes of the text.
    start: u32,
    end: u32,
    /// A letter of a script without spaces.
    dense: bool,
}

/// The pieces of a text. Case and punctuation do not count, nor apostrophes.
pub(crate) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::with_capacity(text.len() / 5);
    let mut open: Option<(usize, u64)> = None;
    let mut end = 0;
    for (at, c) in text.char_indices() {
        let dense = is_dense(c);
        let of_word = !dense && (c.is_alphanumeric() || is_accent(c));
        if of_word {
            let (start, mut hash) = open.unwrap_or((at, START));
            if c.is_ascii() {
                hash = step(hash, u32::from(c.to_ascii_lowercase()));
            } else if !is_accent(c) {
                c.to_lowercase().for_each(|c| hash = step(hash, u32::from(plain(c))));
            }
            open = Some((start, hash));
            end = at + c.len_utf8();
            continue;
        }
        if open.is_some() && matches!(c, '\'' | '’' | '\u{ad}' | '\u{200b}'..='\u{200d}') {
            continue;
        }
        pieces.extend(open.take().map(|(start, hash)| piece(hash, start, end, false)));
        if dense {
            pieces.push(piece(step(START, u32::from(c)), at, at + c.len_utf8(), true));
        }
    }
    pieces.extend(open.map(|(start, hash)| piece(hash, start, end, false)));
    pieces
}

fn piece(hash: u64, start: usize, end: usize, dense: bool) -> Piece {
    Piece { hash: spread(hash), start: start as u32, end: end as u32, dense }
}

const START: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a, a letter at a time.
const fn step(hash: u64, letter: u32) -> u64 {
    (hash ^ letter as u64).wrapping_mul(0x0000_0100_0000_01b3)
}

/// The finalizer of splitmix64.
const fn spread(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{652}')
}

/// Latin letters without what stands upon them; others as they are.
fn plain(c: char) -> char {
    match c {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' | 'ø' => 'o',
        'ù'..='ü' => 'u',
        'ý' | 'ÿ' => 'y',
        c => c,
    }
}

fn is_dense(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Each run of pieces that is long enough, with its hash.
fn runs(pieces: &[Piece]) -> impl Iterator<Item = (u64, &[Piece])> {
    let of_one_kind = pieces.chunk_by(|before, after| before.dense == after.dense);
    of_one_kind.flat_map(|kind| {
        let length = if kind[0].dense { LETTERS } else { WORDS };
        kind.windows(length).map(|window| (hashed(window), window))
    })
}

fn hashed(window: &[Piece]) -> u64 {
    let sum = window.iter().fold(START, |hash, piece| {
        (hash.rotate_left(7) ^ piece.hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    });
    spread(sum)
}

/// What must not be repeated.
#[derive(Debug, Default)]
pub(crate) struct Protected {
    runs: Hashes,
}

impl Protected {
    /// Takes in a text that must not be repeated.
    pub(crate) fn protect(&mut self, pieces: &[Piece]) {
        self.runs.extend(runs(pieces).map(|(hash, _)| hash));
    }

    /// Takes out what may be repeated, since it stands elsewhere too: official titles, inputs that may be quoted.
    pub(crate) fn free(&mut self, pieces: &[Piece]) {
        if !self.runs.is_empty() {
            for (hash, _) in runs(pieces) {
                self.runs.remove(&hash);
            }
        }
    }

    /// Where a text repeats what must not be; in bytes, in order and apart.
    pub(crate) fn repeated_in(&self, strand: &Strand) -> Vec<Range<usize>> {
        let mut places: Vec<Range<usize>> = Vec::new();
        if self.runs.is_empty() {
            return places;
        }
        let pieces = pieces(&strand.text);
        for (_, window) in runs(&pieces).filter(|(hash, _)| self.runs.contains(hash)) {
            let place = window[0].start as usize..window[window.len() - 1].end as usize;
            match places.last_mut() {
                Some(last) if last.end >= place.start => last.end = place.end,
                _ => places.push(place),
            }
        }
        places
    }
}

/// Whether the pieces follow one another in a text, somewhere.
pub(crate) fn stands_in(words: &[Piece], text: &[Piece]) -> bool {
    let same =
        |window: &[Piece]| window.iter().zip(words).all(|(one, other)| one.hash == other.hash);
    !words.is_empty() && text.windows(words.len()).any(same)
}

/// How often single words stand in small letters in texts: what many write so is a word, and no name.
#[derive(Debug, Default)]
pub(crate) struct Common {
    counted: HashMap<u64, (u32, u32), BuildHasherDefault<AsItIs>>,
}

/// In so many texts a word stands in small letters that is no name.
const TEXTS: u32 = 5;

impl Common {
    /// Of these words only.
    pub(crate) fn of<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        let hashes = words.flat_map(pieces).map(|piece| (piece.hash, (0, u32::MAX)));
        Self { counted: hashes.collect() }
    }

    /// Counts those of a text, each once.
    pub(crate) fn count(&mut self, number: u32, text: &str, pieces: &[Piece]) {
        for piece in pieces {
            if let Some((times, last)) = self.counted.get_mut(&piece.hash)
                && *last != number
                && text[piece.start as usize..].starts_with(char::is_lowercase)
            {
                *times += 1;
                *last = number;
            }
        }
    }

    /// Whether a word is one that many write in small letters.
    pub(crate) fn has(&self, word: &str) -> bool {
        pieces(word).first().is_some_and(|piece| {
            self.counted.get(&piece.hash).is_some_and(|(times, _)| *times >= TEXTS)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strand::Reading;

    #[test]
    fn eight_words_in_a_row_are_found_whatever_stands_between_them() {
        let mut protected = Protected::default();
        protected.protect(&pieces("They took my papers on the first day, and kept them."));
        let found = |protected: &Protected, text: &str| {
            protected.repeated_in(&Reading::of(text).body).len()
        };
        assert_eq!(
            found(&protected, "that they TOOK *my* papers – on the first day – and so on"),
            1
        );
        assert_eq!(found(&protected, "that they took her papers on the first day and left"), 0);
        protected.protect(&pieces("เจ้าหน้าที่ยึดหนังสือเดินทางของฉันไว้"));
        assert_eq!(found(&protected, "ว่าเจ้าหน้าที่ยึดหนังสือเดินทางของฉัน"), 1);
        protected.free(&pieces("they took my papers on the first day"));
        assert_eq!(found(&protected, "they took my papers on the first day"), 0);
    }
}
