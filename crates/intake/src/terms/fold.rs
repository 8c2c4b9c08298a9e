//! Folds letters so that spellings of one word meet: case, width, composition, Latin, Greek and Cyrillic diacritics, Hebrew and
//! Arabic vowel signs, the forms of alef, yeh and kaf that keyboards disagree on, digits of other scripts. Marks that make other
//! letters (Indic, Thai, kana) stay. Must never know where words begin or end.

use unicode_normalization::UnicodeNormalization;

const ALEF: char = '\u{627}';

/// The folded form of a run of letters, marks, digits and invisible characters; folding again changes nothing.
pub(crate) fn fold(run: &str) -> String {
    if run.is_ascii() {
        return run.to_ascii_lowercase();
    }
    let decomposed = run.chars().filter(|&c| !is_dropped(c)).nfkd();
    let mut folded = String::with_capacity(run.len());
    for c in decomposed.flat_map(char::to_lowercase).filter(|&c| !is_dropped(c)) {
        add(&mut folded, c);
    }
    folded.nfc().collect()
}

fn add(folded: &mut String, c: char) {
    match c {
        // Madda and hamza make other letters of waw and yeh, but only spellings of alef.
        '\u{653}'..='\u{655}' if folded.ends_with(ALEF) => {}
        c if is_foldable_mark(c) => {}
        c if is_tone(c) => add_tone(folded, c),
        c => match spelled(c) {
            Some(letters) => folded.push_str(letters),
            None => folded.push(alike(c)),
        },
    }
}

/// Characters that are not seen, or only stretch a word: joiners, marks and controls of direction, fillers, variation selectors,
/// tags, tatweel.
pub(crate) fn is_dropped(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{640}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Marks that are left out when people write in haste or look for something.
fn is_foldable_mark(c: char) -> bool {
    matches!(c,
        // Common to Latin, Greek and Cyrillic; Cyrillic titlo and its like.
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{2de0}'..='\u{2dff}' | '\u{a66f}'..='\u{a672}' | '\u{a674}'..='\u{a67d}'
        | '\u{a69e}' | '\u{a69f}' | '\u{fe20}'..='\u{fe2f}'
        // Hebrew points and accents.
        | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}'
        // Arabic harakat, superscript alef and recitation marks.
        | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{652}' | '\u{656}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}'
        | '\u{6df}'..='\u{6e4}' | '\u{6e7}' | '\u{6e8}' | '\u{6ea}'..='\u{6ed}' | '\u{8ca}'..='\u{8e1}' | '\u{8e3}'..='\u{8ff}')
}

fn is_tone(c: char) -> bool {
    matches!(c, '\u{e48}'..='\u{e4b}' | '\u{ec8}'..='\u{ecb}')
}

/// Thai and Lao sara am comes apart into a ring and an aa; a tone looks the same on either side of that ring.
fn add_tone(folded: &mut String, tone: char) {
    let ring = if folded.ends_with(['\u{e4d}', '\u{ecd}']) { folded.pop() } else { None };
    folded.push(tone);
    folded.extend(ring);
}

/// Letters that are written with two where a keyboard lacks them.
fn spelled(c: char) -> Option<&'static str> {
    match c {
        'ß' => Some("ss"),
        'æ' => Some("ae"),
        'œ' => Some("oe"),
        'þ' => Some("th"),
        _ => None,
    }
}

/// The letter or digit that stands for this one in words.
fn alike(c: char) -> char {
    match c {
        'ø' => 'o',
        'đ' | 'ð' => 'd',
        'ł' => 'l',
        'ħ' => 'h',
        'ŧ' => 't',
        'ı' => 'i',
        'ς' => 'σ',
        '\u{671}'..='\u{673}' | '\u{675}' => ALEF,
        // Alef maksura and Farsi yeh; keheh.
        '\u{649}' | '\u{6cc}' => '\u{64a}',
        '\u{6a9}' => '\u{643}',
        c => digit(c).unwrap_or(c),
    }
}

/// The zeros of the scripts whose digits people mix with European ones: Arabic (two sets), Devanagari, Bengali, Thai, Lao,
/// Myanmar, Khmer.
const ZEROS: [char; 8] =
    ['\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}', '\u{ed0}', '\u{1040}', '\u{17e0}'];

fn digit(c: char) -> Option<char> {
    let value = |zero: char| u32::from(c).checked_sub(u32::from(zero)).filter(|&value| value < 10);
    ZEROS.into_iter().find_map(value).and_then(|value| char::from_digit(value, 10))
}
