//! The only way text gets into a document. One stray control character fails a whole PDF or XML file, and an unclosed
//! direction mark turns the rest of a page round, so both are taken out here, once. Must never know markup or where the text goes.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Text that every format can carry: one line, no control characters, no noncharacters, direction controls in balanced
/// pairs, no invisible characters but joiners where they join. Spaces at the ends are kept, since a run may need them.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String")]
pub struct Text(String);

impl Text {
    /// Cleans `raw`, see [`clean`].
    #[must_use]
    pub fn new(raw: &str) -> Self {
        Self(clean(raw))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing would be seen.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<&str> for Text {
    fn from(raw: &str) -> Self {
        Self::new(raw)
    }
}

impl From<String> for Text {
    fn from(raw: String) -> Self {
        Self::new(&raw)
    }
}

/// Takes out what no format can carry and what nobody can see. Line ends and tabs become spaces; control characters,
/// noncharacters and invisible fillers vanish; direction overrides vanish, embeddings and isolates stay when balanced;
/// a joiner stays after a character that it can join; a zero-width space stays inside Thai, Lao, Myanmar and Khmer,
/// which write no spaces between words. Cleaning twice changes nothing.
#[must_use]
pub fn clean(raw: &str) -> String {
    if raw.chars().all(is_plain) {
        return raw.to_owned();
    }
    clean_indices(raw).into_iter().map(|(_, kept)| kept).collect()
}

/// What [`clean`] keeps, each character with its byte offset in `raw`, so that a parser can point into what was typed.
pub(super) fn clean_indices(raw: &str) -> Vec<(usize, char)> {
    let printable = raw.char_indices().filter_map(|(at, c)| Some((at, printable(c)?)));
    only_joining(&balanced(printable.collect()))
}

/// Characters that need no thought; most texts hold no others.
fn is_plain(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{2ff}')
}

fn printable(c: char) -> Option<char> {
    match c {
        '\t'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        c if c.is_control() || is_noncharacter(c) || is_filler(c) => None,
        c => Some(c),
    }
}

/// The 66 code points that Unicode reserves for no character; XML refuses two of them, PDF fonts have none.
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

/// Invisible characters without a use in running text: soft hyphen, grapheme joiner, Hangul fillers, word joiner and
/// invisible operators, deprecated format characters, annotation marks, object marks, tags.
fn is_filler(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}' | '\u{2060}'..='\u{2065}'
        | '\u{206a}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffc}' | '\u{e0000}'..='\u{e007f}')
}

fn opens_direction(c: char) -> bool {
    matches!(c, '\u{202a}' | '\u{202b}' | '\u{202d}' | '\u{202e}' | '\u{2066}'..='\u{2068}')
}

/// Overrides reorder letters that the reader takes for something else; nothing in a report needs one.
fn overrides_direction(c: char) -> bool {
    matches!(c, '\u{202d}' | '\u{202e}')
}

fn closes_direction(c: char) -> bool {
    matches!(c, '\u{202c}' | '\u{2069}')
}

fn closer_of(opener: char) -> char {
    if matches!(opener, '\u{2066}'..='\u{2068}') { '\u{2069}' } else { '\u{202c}' }
}

/// Keeps direction controls only as properly nested pairs.
fn balanced(mut chars: Vec<(usize, char)>) -> Vec<(usize, char)> {
    let mut keep = vec![true; chars.len()];
    let mut open: Vec<usize> = Vec::new();
    for (index, &(_, c)) in chars.iter().enumerate() {
        if opens_direction(c) {
            open.push(index);
        } else if closes_direction(c) {
            match open.pop_if(|opener| closer_of(chars[*opener].1) == c) {
                Some(opener) if overrides_direction(chars[opener].1) => {
                    (keep[opener], keep[index]) = (false, false);
                }
                Some(_) => {}
                None => keep[index] = false,
            }
        }
    }
    open.into_iter().for_each(|opener| keep[opener] = false);
    let mut kept = keep.into_iter();
    chars.retain(|_| kept.next().unwrap_or(true));
    chars
}

/// Keeps a zero-width character only where it does its work, so that none can be used to hide or to tell texts apart.
fn only_joining(chars: &[(usize, char)]) -> Vec<(usize, char)> {
    let mut kept: Vec<(usize, char)> = Vec::with_capacity(chars.len());
    for (index, &(at, c)) in chars.iter().enumerate() {
        let before = kept.last().map_or(' ', |&(_, c)| c);
        let stays = match c {
            '\u{200b}' => {
                is_unspaced(before)
                    && chars.get(index + 1).is_some_and(|&(_, next)| is_unspaced(next))
            }
            '\u{200c}' | '\u{200d}' => is_visible(before) || is_selector(before),
            '\u{200e}' | '\u{200f}' | '\u{61c}' => !is_direction_mark(before),
            c if is_selector(c) => is_visible(before),
            _ => true,
        };
        if stays {
            kept.push((at, c));
        }
    }
    kept
}

fn is_visible(c: char) -> bool {
    let invisible = matches!(c, '\u{200b}'..='\u{200f}' | '\u{61c}')
        || is_selector(c)
        || opens_direction(c)
        || closes_direction(c);
    !c.is_whitespace() && !invisible
}

fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}')
}

/// Variation selectors, which choose between glyphs of the character before them.
fn is_selector(c: char) -> bool {
    matches!(c, '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Thai, Lao, Myanmar and Khmer: scripts in which a zero-width space marks where a line may break.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e01}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{a9e0}'..='\u{a9ff}' | '\u{aa60}'..='\u{aa7f}')
}

#[cfg(test)]
mod tests {
    use super::clean;
    use proptest::prelude::*;

    #[test]
    fn line_ends_become_spaces_and_controls_vanish() {
        assert_eq!(
            clean("a\tb\r\nc\u{0}\u{1b}\u{7f}\u{9f}\u{2028}d\u{fffe}\u{ffff}\u{fdd0}\u{feff}"),
            "a b  c d"
        );
    }

    #[test]
    fn direction_controls_stay_only_in_pairs() {
        assert_eq!(clean("a\u{202e}b"), "ab");
        assert_eq!(clean("a\u{202e}b\u{202c}c"), "abc", "an override goes with its end");
        assert_eq!(clean("a\u{2067}b\u{2069}c"), "a\u{2067}b\u{2069}c");
        assert_eq!(clean("\u{202b}a\u{2069}\u{202c}b\u{202c}"), "\u{202b}a\u{202c}b");
    }

    #[test]
    fn joiners_stay_where_they_join() {
        assert_eq!(clean("\u{6cc}\u{200c}\u{6a9}"), "\u{6cc}\u{200c}\u{6a9}");
        assert_eq!(clean("a\u{200d}\u{200d}b \u{200c}c"), "a\u{200d}b c");
        assert_eq!(clean("\u{2764}\u{fe0f}\u{200d}\u{1f525}"), "\u{2764}\u{fe0f}\u{200d}\u{1f525}");
    }

    #[test]
    fn zero_width_spaces_stay_in_khmer_and_go_elsewhere() {
        assert_eq!(clean("\u{1780}\u{200b}\u{1781}"), "\u{1780}\u{200b}\u{1781}");
        assert_eq!(clean("mi\u{200b}grant"), "migrant");
    }

    pub(crate) fn invisible_text() -> impl Strategy<Value = String> {
        let hostile: Vec<char> = "\u{0}\u{7f}\t\n\u{ad}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\u{fe0f}\u{fffe}\u{fdd0}\u{feff}a \u{1780}\u{627}".chars().collect();
        prop::collection::vec(prop_oneof![prop::sample::select(hostile), any::<char>()], 0..60)
            .prop_map(|chars| chars.into_iter().collect())
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(raw in invisible_text()) {
            let once = clean(&raw);
            prop_assert_eq!(clean(&once), once);
        }

        #[test]
        fn nothing_unprintable_is_left(raw in invisible_text()) {
            prop_assert!(!clean(&raw).chars().any(|c| c.is_control() || super::is_noncharacter(c) || super::overrides_direction(c)));
        }
    }
}
