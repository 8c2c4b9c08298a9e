//! The words of a text as names are made of them. It must never know which of them are names.

use unicode_normalization::char::is_combining_mark;

use crate::terms::fold::{fold, is_dropped};

/// A word of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    /// Where it begins.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// Whether it is of a script that puts no spaces between words, so that a name may stand within it.
    pub(super) dense: bool,
}

/// Whether the script of this letter puts no spaces between words or, as Korean, hangs others on them.
pub(crate) const fn is_dense(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1100}'..='\u{11ff}' | '\u{1780}'..='\u{17ff}'
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The words of a text: runs of letters, digits and what stands upon them, divided where scripts meet.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    let mut open = false;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let rides = is_combining_mark(c) || is_dropped(c);
        let dense = is_dense(c);
        match found.last_mut() {
            Some(word) if open && (rides || c.is_alphanumeric() && word.dense == dense) => {
                word.end = end;
            }
            _ if c.is_alphanumeric() => {
                found.push(Word { start: at, end, dense });
                open = true;
            }
            _ => open = false,
        }
    }
    found
}

/// A word as it is compared: folded, and in Cyrillic without the ending of its case.
pub(super) fn key(word: &str) -> String {
    let folded = fold(word);
    if folded.chars().next().is_some_and(is_cyrillic) {
        return stem(&folded).to_owned();
    }
    // What is written with two dots at the end of an Arabic name is often written without.
    if folded.ends_with('\u{629}') { folded.replace('\u{629}', "\u{647}") } else { folded }
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}')
}

pub(super) fn is_arabic(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{8a0}'..='\u{8ff}')
}

/// The endings of names in Russian, Ukrainian and Bulgarian, folded, the longest first.
const ENDINGS: &[&str] = &[
    "ого", "его", "ому", "ему", "ыми", "ими", "ами", "ями", "ови", "еви", "ом", "ем", "ои", "еи",
    "ою", "ею", "ым", "им", "ых", "их", "ыи", "ии", "ую", "ая", "яя", "ия", "ию", "а", "я", "у",
    "ю", "е", "ы", "и", "і", "о", "ь",
];

fn stem(folded: &str) -> &str {
    let long = |rest: &&str| rest.chars().count() >= 3;
    let cut = |ending: &&str| folded.strip_suffix(*ending).filter(long);
    ENDINGS.iter().find_map(cut).unwrap_or(folded)
}

/// The letters that cling to the front of an Arabic word: and, so, by, for, as.
pub(super) fn without_clinging(word: &str) -> Option<&str> {
    let rest = word.strip_prefix(['\u{648}', '\u{641}', '\u{628}', '\u{644}', '\u{643}'])?;
    (rest.chars().count() >= 3 && rest.chars().all(|c| is_arabic(c) || is_dropped(c)))
        .then_some(rest)
}

/// The letters of a dense word as they are compared, each with the place in the text where it begins and ends.
pub(super) fn letters(text: &str, word: Word) -> Vec<(char, usize, usize)> {
    let mut found: Vec<(char, usize, usize)> = Vec::new();
    for (at, c) in text[word.start..word.end].char_indices() {
        let (start, end) = (word.start + at, word.start + at + c.len_utf8());
        if is_dropped(c) {
            if let Some(last) = found.last_mut() {
                last.2 = end;
            }
            continue;
        }
        let mut parts = Vec::new();
        match c {
            // Syllables stay whole: a name does not begin in the middle of one.
            '\u{ac00}'..='\u{d7a3}' => parts.push(c),
            _ => unicode_normalization::char::decompose_compatible(c, |part| parts.push(part)),
        }
        for part in parts {
            let joined =
                found.last().and_then(|last| unicode_normalization::char::compose(last.0, part));
            match (joined, found.last_mut()) {
                (Some(joined), Some(last)) => *last = (joined, last.1, end),
                _ => found.push((part, start, end)),
            }
        }
    }
    found
}
