//! The names of speakers, and bodies without them, since those who read the queue must not learn who spoke. It must
//! never know who the people are.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::Line;
use super::text::is_invisible;

/// What stands where a name stood.
const REMOVED: &str = "[name]";
/// Most words of a name that are looked for.
const MOST_WORDS: usize = 16;

/// A name on one line, with single spaces, in composed form and without marks that nobody sees. The two joiners stay:
/// names in Persian and in Indian scripts are written with them.
pub(super) fn squeezed(name: &str) -> String {
    let seen = |c: &char| !is_invisible(*c) || matches!(c, '\u{200c}' | '\u{200d}');
    let composed: String = name.nfc().filter(seen).collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Replaces mentions (`@Pat One`) of this file's speakers, and their names of two or more words, by `[name]`, in
/// bodies, notes and headings. Names are told by case and as whole words; “Pat One (she/her)” is also found as “Pat
/// One”. Lines keep their speakers.
pub fn without_names(lines: &mut [Line]) {
    let names = Names::of(lines);
    if names.most_words == 0 {
        return;
    }
    for line in lines {
        let texts = std::iter::once(&mut line.body).chain(&mut line.notes).chain(&mut line.under);
        for text in texts {
            if let Some(changed) = names.removed_from(text) {
                *text = changed;
            }
        }
    }
}

struct Names {
    keys: HashSet<String>,
    most_words: usize,
}

impl Names {
    fn of(lines: &[Line]) -> Self {
        let speakers: HashSet<&str> =
            lines.iter().filter_map(|line| line.speaker.as_deref()).collect();
        let mut names = Self { keys: HashSet::new(), most_words: 0 };
        for speaker in speakers {
            names.learn(speaker);
            let short = speaker.split(['(', '|', ',']).next().unwrap_or_default();
            let short = short.split(" - ").next().unwrap_or_default();
            if words(short).count() > 1 {
                names.learn(short);
            }
        }
        names
    }

    fn learn(&mut self, name: &str) {
        let found: Vec<(usize, usize)> = words(name).take(MOST_WORDS + 1).collect();
        let (Some(first), Some(last)) = (found.first(), found.last()) else { return };
        if found.len() <= MOST_WORDS {
            self.most_words = self.most_words.max(found.len());
            self.keys.insert(key(&name[first.0..last.1]));
        }
    }

    /// The text without names; nothing when it holds none.
    fn removed_from(&self, text: &str) -> Option<String> {
        let found: Vec<(usize, usize)> = words(text).collect();
        let (mut changed, mut copied, mut at) = (String::new(), 0, 0);
        while at < found.len() {
            let start = found[at].0;
            let mentioned = text[..start].ends_with('@');
            let Some(count) = self.longest_at(text, &found[at..], mentioned) else {
                at += 1;
                continue;
            };
            changed.push_str(&text[copied..start - usize::from(mentioned)]);
            changed.push_str(REMOVED);
            copied = found[at + count - 1].1;
            at += count;
        }
        if copied == 0 {
            return None;
        }
        changed.push_str(&text[copied..]);
        Some(changed)
    }

    /// How many words, the most that make up a name. One word alone is a name only when it is mentioned.
    fn longest_at(&self, text: &str, words: &[(usize, usize)], mentioned: bool) -> Option<usize> {
        let (start, _) = *words.first()?;
        let least = if mentioned { 1 } else { 2 };
        // What lies between two words of a name is short: without this, a page of dots would be compared again and
        // again.
        let near = words
            .windows(2)
            .take(MOST_WORDS)
            .take_while(|pair| pair[1].0 - pair[0].1 <= 16)
            .count()
            + 1;
        let most = self.most_words.min(near);
        (least..=most)
            .rev()
            .find(|count| self.keys.contains(&key(&text[start..words[count - 1].1])))
    }
}

/// The places of the words of a text: runs of letters, digits and what stands upon them.
fn words(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut rest = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, _) = rest.find(|(_, c)| c.is_alphanumeric())?;
        let mut end = text[start..].chars().next().map_or(start, |c| start + c.len_utf8());
        while let Some((at, c)) = rest.next_if(|(_, c)| is_of_word(*c)) {
            end = at + c.len_utf8();
        }
        Some((start, end))
    })
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c) || is_invisible(c)
}

/// As names are compared: what nobody sees does not count, nor how wide a space is.
fn key(name: &str) -> String {
    let seen: String = name.chars().filter(|c| !is_invisible(*c)).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}
