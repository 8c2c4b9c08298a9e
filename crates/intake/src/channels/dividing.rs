//! Divides what is too long for one line where a reader would pause. It must never lose a letter.

use unicode_segmentation::UnicodeSegmentation;

use super::LONGEST_BODY;
use super::text::is_visible;

/// The pieces of a tidied text, each of [`LONGEST_BODY`] characters at most.
pub(super) fn parts(text: &str) -> Vec<&str> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some((limit, _)) = rest.char_indices().nth(LONGEST_BODY) {
        let (piece, after) = rest.split_at(cut(&rest[..limit], &rest[limit..]));
        pieces.push(piece.trim_end());
        rest = after.trim_start();
    }
    if !rest.is_empty() || pieces.is_empty() {
        pieces.push(rest);
    }
    pieces.retain(|piece| is_visible(piece));
    pieces
}

/// Where to cut: after a sentence, or else a word, or else a sign as people see it; anywhere when one sign fills it
/// all.
fn cut(window: &str, after: &str) -> usize {
    // A first part of a few words would tell its reader nothing.
    let least = window.len() / 4;
    let late = |at: &usize| *at > least;
    let found = last_sentence(window).filter(late).or_else(|| last_space(window).filter(late));
    found.unwrap_or_else(|| last_sign(window, after))
}

fn last_sentence(window: &str) -> Option<usize> {
    let mut next: Option<char> = None;
    let mut end = window.len();
    for (at, c) in window.char_indices().rev() {
        let ends = match c {
            '\n' | '。' | '！' | '？' => true,
            _ => {
                ends_sentence(c)
                    && next.is_some_and(char::is_whitespace)
                    && begins_sentence(&window[end..])
            }
        };
        if ends {
            return Some(end.max(at + c.len_utf8()));
        }
        // Quotation marks and brackets after the full stop belong to the sentence.
        if !matches!(c, '"' | '”' | '’' | '»' | ')' | ']' | '」' | '』') {
            (next, end) = (Some(c), at);
        }
    }
    None
}

/// Whether a sentence may begin here: after “e.g.” it goes on in small letters.
fn begins_sentence(after: &str) -> bool {
    let first = after.chars().find(|c| !c.is_whitespace());
    first.is_some_and(|c| !c.is_lowercase())
}

/// Whether a sentence may end with this character.
pub(super) fn ends_sentence(c: char) -> bool {
    matches!(
        c,
        '.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟' | '۔' | '।' | '॥' | '።' | '։' | '။'
    )
}

fn last_space(window: &str) -> Option<usize> {
    window.rfind(char::is_whitespace)
}

fn last_sign(window: &str, after: &str) -> usize {
    // Whether the cut at the end would divide a sign is seen only with the character that follows.
    let following = after.chars().next().map_or(0, char::len_utf8);
    let seen = [window, &after[..following]].concat();
    let last = seen.grapheme_indices(true).map(|(at, _)| at).take_while(|at| *at <= window.len());
    last.last().filter(|at| *at > 0).unwrap_or(window.len())
}
