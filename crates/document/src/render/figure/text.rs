//! Measures, wraps and shortens text without fonts. Must never know where it stands.

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

const ELLIPSIS: &str = "…";

/// About how many pixels wide a text is, rather more than less.
pub(super) fn width(text: &str, size: i32) -> i32 {
    let hundredths: i32 = text.chars().map(advance).fold(0, i32::saturating_add);
    hundredths.saturating_mul(size) / 100 + 1
}

/// The advance of a character in hundredths of an em. Up to "~" these are the wider ones of
/// Libertinus Serif and Noto Serif, rounded up for each class; beyond, means of the Noto fonts with
/// something on top, since they vary and the font is not known. Far Eastern characters fill one em.
fn advance(c: char) -> i32 {
    match c {
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' => 0,
        ' ' | '!' | '\'' | ',' | '.' | '/' | ':' | ';' | 'i' | 'j' | 'l' => 33,
        '(' | ')' | '-' | 'I' | 'J' | '[' | '\\' | ']' | '`' | 'f' | 't' => 37,
        'M' | 'W' => 105,
        '%' | '@' | 'm' | 'w' => 94,
        'E' | 'F' | 'L' | 'P' | 'S' | 'T' | 'Y' | 'Z' => 62,
        '&' | 'A'..='Z' => 79,
        'c' | 'r' | 's' | 'z' => 51,
        'a' | 'e' | 'g' | 'y' | '0'..='9' => 56,
        'k' | 'o' | 'v' | 'x' => 58,
        ' '..='~' => 64,
        '—' | '…' | 'Æ' | 'æ' | 'Œ' | 'œ' => 100,
        'Ж' | 'М' | 'Ф' | 'Ш' | 'Щ' | 'Ы' | 'Ю' | 'ж' | 'м' | 'ш' | 'щ' | 'ы' | 'ю' => {
            108
        }
        c if is_combining_mark(c) => 30,
        '\u{a0}'..='\u{5ff}' if c.is_uppercase() => 85,
        '\u{a0}'..='\u{5ff}' => 72,
        '\u{600}'..='\u{8ff}' | '\u{fb50}'..='\u{fdf9}' | '\u{fe70}'..='\u{feff}' => 70,
        // Whole phrases in one character.
        '\u{fdfa}'..='\u{fdfd}' => 1000,
        '\u{e00}'..='\u{eff}' => 80,
        '\u{1e00}'..='\u{2027}' => 85,
        '\u{2e3a}'..='\u{2e3b}' => 300,
        '\u{1f000}'.. => 140,
        _ => 110,
    }
}

/// Lines of at most `max` pixels, at most `most` of them; what is over is shortened.
pub(super) fn wrap(text: &str, size: i32, max: i32, most: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() && lines.len() + 1 < most {
        let (line, after) = rest.split_at(end_of_line(rest, size, max));
        lines.push(line.trim_end().to_owned());
        rest = after.trim_start();
    }
    if !rest.is_empty() {
        lines.push(shorten(rest, size, max));
    }
    lines
}

/// The text, or as much of its beginning as fits before an ellipsis.
pub(super) fn shorten(text: &str, size: i32, max: i32) -> String {
    if width(text, size) <= max {
        return text.to_owned();
    }
    let end = end_of_fit(text, size, max - width(ELLIPSIS, size));
    // Half a word is worse than none, unless it is most of the text.
    let end = text[..end].rfind(' ').filter(|at| *at > end / 2).unwrap_or(end);
    format!("{}{ELLIPSIS}", text[..end].trim_end())
}

/// Where the first line ends: after the last space or hyphen that fits, else within a word.
fn end_of_line(text: &str, size: i32, max: i32) -> usize {
    let fit = end_of_fit(text, size, max);
    if fit == text.len() || text[fit..].starts_with(' ') {
        return fit;
    }
    let break_after = text[..fit].rfind([' ', '-', '/']).map(|at| at + 1);
    let first = text.chars().next().map_or(0, char::len_utf8);
    break_after.unwrap_or(fit).max(first)
}

/// The end of the longest beginning that fits and cuts no character from its accents.
fn end_of_fit(text: &str, size: i32, max: i32) -> usize {
    let fits = |end: &usize| width(&text[..*end], size) <= max;
    let ends = text.grapheme_indices(true).map(|(at, grapheme)| at + grapheme.len());
    ends.take_while(fits).last().unwrap_or(0)
}

/// A text that holds letters of right-to-left scripts, kept together (UAX 9), so that its
/// punctuation and digits stay where its reader expects them.
pub(super) fn isolated(text: &str, right_to_left: bool) -> String {
    match (text.chars().any(is_right_to_left), right_to_left) {
        (false, _) => text.to_owned(),
        (true, true) => format!("\u{2067}{text}\u{2069}"),
        (true, false) => format!("\u{2068}{text}\u{2069}"),
    }
}

fn is_right_to_left(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}
