//! Where sentences end, in the scripts of the six languages. Pure; it must never know markup.

use std::ops::Range;

/// A letter that stands where something is printed that the text does not say, such as a number.
pub const PRINTED: char = '\u{fffc}';
/// Titles and abbreviations whose full stop ends no sentence. Small letters.
const SHORT: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "no", "nos", "para", "paras", "art", "arts", "st", "vs",
    "e.g", "i.e", "cf", "vol", "fig", "ed", "eds", "hon", "rev", "jr", "sr", "inc", "ltd", "a.m",
    "p.m", "al", "op", "pp", "p",
];
const CLOSING: [char; 5] = ['"', '”', '’', ')', '»'];

/// The sentences of a text, or its lines: its bytes, end to end, with the spaces before each.
#[must_use]
pub fn of(text: &str) -> Vec<Range<usize>> {
    let (mut sentences, mut start) = (Vec::<Range<usize>>::new(), 0);
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let ends = match c {
            '\n' | '。' | '！' | '？' => true,
            '.' | '!' | '?' | '؟' => ends_at(text, at, end),
            _ => false,
        };
        if ends && start < end && !text[start..end].trim().is_empty() {
            let rest = &text[end..];
            let end = end + rest.len() - rest.trim_start_matches(CLOSING).len();
            sentences.push(start..end);
            start = end;
        }
    }
    match sentences.last_mut() {
        Some(last) if text[start..].trim().is_empty() => last.end = text.len(),
        _ if !text[start..].trim().is_empty() => sentences.push(start..text.len()),
        _ => {}
    }
    sentences
}

/// Whether the last sentence of a text is over.
#[must_use]
pub fn is_over(text: &str) -> bool {
    let text = text.trim_end().trim_end_matches(CLOSING);
    text.ends_with(['.', '!', '?', '؟', '。', '！', '？'])
}

/// Whether a full stop ends a sentence: behind it stands a space and what begins one, before it nothing that is short.
fn ends_at(text: &str, at: usize, end: usize) -> bool {
    let rest = text[end..].trim_start_matches(CLOSING).trim_start_matches(PRINTED);
    if !rest.is_empty() && !rest.starts_with(char::is_whitespace) {
        return false;
    }
    let next = rest.trim_start().trim_start_matches(['"', '“', '‘', '«', '(', '[']);
    if next.chars().next().is_some_and(char::is_lowercase) {
        return false;
    }
    let before = text[..at].rsplit(|c: char| c.is_whitespace() || c == '(').next();
    let before = before.unwrap_or_default().to_lowercase();
    let initial = before.chars().count() == 1
        && text[..at].chars().next_back().is_some_and(char::is_uppercase)
        && !is_numbered(&text[..at]);
    !text[at..].starts_with('.') || !(initial || SHORT.contains(&before.as_str()))
}

/// Whether a single letter is the number of something: “annex I”, “category B”.
fn is_numbered(before: &str) -> bool {
    const OF: &[&str] = &[
        "annex", "part", "section", "appendix", "chapter", "category", "class", "type", "group",
        "schedule",
    ];
    let mut words = before.rsplit(' ').skip(1);
    words.next().is_some_and(|word| OF.contains(&word.to_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_they_do() {
        for (text, wanted) in [
            ("Mr. Invented spoke. J. Sample did (e.g. today). Was it so? Yes", 4),
            ("See annex I. It is long. ", 2),
            ("One line\n\nAnd another\n", 2),
            ("هل دفعت؟ نعم.", 2),
            ("他们付款。其他人等待。", 2),
            ("", 0),
            (" \n ", 0),
        ] {
            let found = of(text);
            assert_eq!(found.len(), wanted, "{text:?}: {found:?}");
            let ends: Vec<usize> = found.iter().map(|one| one.end).collect();
            let begins: Vec<usize> = found.iter().map(|one| one.start).collect();
            assert!(found.is_empty() || begins[0] == 0 && ends.last() == Some(&text.len()));
            assert_eq!(begins.get(1..).unwrap_or_default(), &ends[..ends.len().saturating_sub(1)]);
        }
        assert!(is_over("He said: “Yes.” ") && !is_over("Fees are") && !is_over(""));
    }
}
