//! Finds texts that say nearly the same, by MinHash over the distinct words of a text and its pairs of neighbouring words. The
//! hashes are stored, so that they must stay as they are for ever: FNV-1a (64 bits) over UTF-8, spread by splitmix64's finalizer,
//! both written out here. (Of the crates, `gaoya` 0.2.0 hashes with releases of others, `probminhash` 0.1 brings a dozen more, and
//! `xxhash-rust` would save six lines.) Two texts are candidates when one of 20 bands of 4 hashes agrees; [`likeness`] decides.
//! Signatures stored before the Unicode version of `words` changes should be made again with the words.
//! Measured with 2,000 generated texts on migration each in English, French, Arabic, Thai and Chinese (one to five sentences, 82
//! words on average, out of a bank of 56 to 64 phrases, so that unrelated texts share whole phrases as form letters do), and with
//! 445 comments of this program's source as prose on one subject, 32 words in the median. Of edited copies this share is a candidate and at
//! least [`SIMILAR`]: other case and punctuation 100 %, a typing error in about every 12 words (Chinese: in 33 characters) 98.5
//! to 100 %, sentences moved and half as many errors 99.9 to 100 %, a sentence more or less 99 to 99.7 %, 15 % of the words
//! replaced 89 to 94 %, 30 % replaced 15 to 43 %. Of 100,000 unrelated pairs 30 are candidates in the prose, and 910 to 1,620 in
//! the bank (Thai 4,190); found alike are 8, and 11 to 39, which do share most of their phrases. So a new text among 10,000 of
//! its consultation and language has 3 candidates in prose like that, 90 to 420 where form letters are sent in.
//! 20 bands of 3 hashes find 3 to 5 % more of the texts with 15 % replaced, for three to eight times as many candidates; 15 bands
//! of 4 find 3 to 5 % less, for a fifth fewer. A list of commonest words to leave out halves the candidates in English and French,
//! changes nothing in the other three and loses up to 5 % of these copies, so there is none. Pairs alone lose more. On one noisy
//! core a text of 82 words takes 35 µs to divide into words, 60 µs with its signature; [`likeness`] of two takes 80 µs, [`why`]
//! 95 µs. Must never know who wrote a text or where it is kept.

use std::collections::{HashMap, HashSet};
use unicode_segmentation::UnicodeSegmentation;

use crate::terms::{Reading, is_unspaced, readings, words};

/// From this likeness on, per mille, two texts are shown as similar.
pub const SIMILAR: u16 = 450;
/// From this likeness on, per mille, two texts are the same but for a slip, their order, or a short addition to a long text.
pub const SAME: u16 = 900;

/// Bands of a signature; a text is stored under one bucket of each.
pub const BANDS: usize = 20;
/// Hashes that must agree in a band.
const ROWS: usize = 4;
const HASHES: usize = BANDS * ROWS;
/// Fewer words are alike by chance.
const FEWEST_WORDS: usize = 3;
/// The odd number nearest to 2^64 divided by the golden ratio, with which splitmix64 steps.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// The least hash of a text's shingles under each of 80 hash functions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature([u32; HASHES]);

/// The signature of a text, or none for a text too short to compare.
#[must_use]
pub fn signature(text: &str) -> Option<Signature> {
    let words = words(text);
    if words.len() < FEWEST_WORDS {
        return None;
    }
    let functions: [u64; HASHES] =
        std::array::from_fn(|index| spread(STEP.wrapping_mul(index as u64 + 1)));
    let mut least = [u32::MAX; HASHES];
    for shingle in counted(&words).into_keys() {
        for (least, function) in least.iter_mut().zip(functions) {
            *least = (*least).min((spread(shingle ^ function) >> 32) as u32);
        }
    }
    Some(Signature(least))
}

/// The buckets that a text is found by, one for each band. Texts of different scopes (consultations) or languages share none but
/// by chance; of a language tag only the first part counts.
#[must_use]
pub fn buckets(signature: &Signature, scope: u128, language: &str) -> [i64; BANDS] {
    let language = language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let scope = [scope as u64, (scope >> 64) as u64, fnv(language.as_bytes(), FNV_START)];
    std::array::from_fn(|band| {
        let rows = signature.0[band * ROWS..][..ROWS].iter().map(|&row| u64::from(row));
        let parts = scope.into_iter().chain([band as u64]).chain(rows);
        parts.fold(STEP, |hash, part| spread(hash.wrapping_add(STEP) ^ part)).cast_signed()
    })
}

/// How alike two texts are, per mille: words and pairs of neighbouring words that both have, of those that either has, each as
/// often as it stands there (the weighted Jaccard index). 1000 means the same words, hardly ever in another order.
#[must_use]
pub fn likeness(a: &str, b: &str) -> u16 {
    likeness_of(&counted(&words(a)), &counted(&words(b)))
}

/// Why two texts are shown as similar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// See [`likeness`].
    pub likeness_per_mille: u16,
    /// The longest stretches of the first text of which the second has all neighbouring words; else the longest words of both.
    pub shared_words: Vec<String>,
}

/// Most stretches that [`why`] names.
const MOST_STRETCHES: usize = 3;
/// Most words of such a stretch; more would be the text itself.
const LONGEST_STRETCH: usize = 12;

/// Says what two texts have in common.
#[must_use]
pub fn why(a: &str, b: &str) -> Why {
    let in_a = readings(a);
    let of_a: Vec<String> = in_a.iter().map(|reading| reading.word.clone()).collect();
    let of_b = words(b);
    let mut shared = stretches(a, &in_a, &of_b);
    if shared.is_empty() {
        let known: HashSet<&String> = of_b.iter().collect();
        let single = in_a.iter().filter(|reading| known.contains(&reading.word));
        shared = single.map(|reading| shown(a, std::slice::from_ref(reading))).collect();
    }
    Why {
        likeness_per_mille: likeness_of(&counted(&of_a), &counted(&of_b)),
        shared_words: longest(shared),
    }
}

/// How often each word and each pair of neighbouring words stands there, by its hash.
fn counted(words: &[String]) -> HashMap<u64, u32> {
    let single = words.iter().map(|word| hash(word, ""));
    let pairs = words.windows(2).map(|pair| hash(&pair[0], &pair[1]));
    let mut counted = HashMap::with_capacity(2 * words.len());
    for shingle in single.chain(pairs) {
        *counted.entry(shingle).or_default() += 1;
    }
    counted
}

fn likeness_of(a: &HashMap<u64, u32>, b: &HashMap<u64, u32>) -> u16 {
    let in_both = a.iter().filter_map(|(shingle, &count)| Some(count.min(*b.get(shingle)?)));
    let both: u64 = in_both.map(u64::from).sum();
    let all: u64 = a.values().chain(b.values()).map(|&count| u64::from(count)).sum();
    u16::try_from(both * 1000 / (all - both).max(1)).unwrap_or(1000)
}

const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a, going on from `start`.
fn fnv(bytes: &[u8], start: u64) -> u64 {
    bytes
        .iter()
        .fold(start, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// The hash of a word, or of a pair with a space between, which no word has.
fn hash(word: &str, next: &str) -> u64 {
    let first = fnv(word.as_bytes(), FNV_START);
    spread(if next.is_empty() { first } else { fnv(next.as_bytes(), fnv(b" ", first)) })
}

/// The finalizer of splitmix64: every bit of the result depends on every bit that is given.
fn spread(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// Stretches of at least two words of which each pair of neighbours is also in the other text.
fn stretches(text: &str, readings: &[Reading], other: &[String]) -> Vec<String> {
    let known: HashSet<&[String]> = other.windows(2).collect();
    let is_shared = |before: &Reading, after: &Reading| {
        is_unspaced(&before.word) == is_unspaced(&after.word)
            && known.contains([before.word.clone(), after.word.clone()].as_slice())
    };
    let long = readings.chunk_by(is_shared).filter(|stretch| stretch.len() > 1);
    long.flat_map(|stretch| stretch.chunks(LONGEST_STRETCH))
        .map(|stretch| shown(text, stretch))
        .collect()
}

/// A stretch as it reads in the text, on one line; pairs of graphemes are put together again.
fn shown(text: &str, stretch: &[Reading]) -> String {
    let (Some(first), Some(last)) = (stretch.first(), stretch.last()) else {
        return String::new();
    };
    if !is_unspaced(&first.word) {
        let typed = text[first.run.start..last.run.end].split_whitespace();
        return typed.collect::<Vec<_>>().join(" ");
    }
    let mut shown = first.word.clone();
    for pair in stretch.windows(2) {
        if pair[0].run == pair[1].run {
            shown.extend(pair[1].word.graphemes(true).next_back());
        } else {
            shown.push(' ');
            shown.push_str(&pair[1].word);
        }
    }
    shown
}

fn longest(mut shared: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    shared.retain(|stretch| seen.insert(stretch.clone()));
    shared.sort_by_key(|stretch| std::cmp::Reverse(stretch.chars().count()));
    shared.truncate(MOST_STRETCHES);
    shared
}

#[cfg(test)]
mod tests;
