//! To whom something is said, by what stands around the names before it. In doubt it is private: what is shown by mistake
//! cannot be taken back.

use std::collections::{BTreeSet, HashSet};

use super::super::zoom_chat::labels::{LANGUAGES, PRIVATE};
use super::plausible::PARTICLES;
use crate::names::is_dense;

/// To whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum To {
    /// Everyone, in words that are known.
    Everyone,
    /// Somebody else, or whoever some unknown word means.
    Others,
    /// Nobody is named: so it is said before all.
    Unsaid,
}

/// Words that a file writes around every name.
#[derive(Debug, Default)]
pub(in super::super) struct Common {
    first: Option<String>,
    between: BTreeSet<String>,
}

/// What stands in brackets when somebody is spoken to alone. Folded beginnings of words.
const ALONE: &[&str] = &[
    "priva",
    "privé",
    "privee",
    "direct",
    "direkt",
    "diret",
    "dm",
    "whisper",
    "confiden",
    "secret",
    "geheim",
    "vertraulich",
    "личн",
    "приват",
    "конфиденц",
    "особист",
    "私",
    "密",
    "直接",
    "非公開",
    "悄悄",
    "ダイレクト",
    "プライベート",
    "비공개",
    "다이렉트",
    "귓속말",
    "ส่วนตัว",
    "โดยตรง",
    "خاص",
    "مباشر",
    "سري",
    "riêng",
    "trực tiếp",
    "pribadi",
    "langsung",
    "peribadi",
    "özel",
    "doğrudan",
    "nur für",
    "only",
    "निजी",
    "ব্যক্তিগত",
    "ব্যক্তি",
    "prywatn",
    "bezpośredni",
];
const ARROWS: &[&str] = &["→", "->", "=>", "➔", "➜", "⇒", "▶", " > ", "»"];
/// Words between sender and recipient in scripts that need no spaces around them.
const DENSE_TO: &[&str] =
    &["发送给", "發送給", "对", "對", "给", "給", "到", "至", "から", "에게", "ถึง"];

impl Common {
    /// What all of these have in common; of fewer than two different ones nothing can be said.
    pub(in super::super) fn of<'a>(heads: impl Iterator<Item = &'a str>) -> Self {
        // What stands in brackets belongs to somebody's name; so does what has a capital.
        let bare = |head: &'a str| head.split(['(', '（', '[']).next().unwrap_or_default().trim();
        let heads: HashSet<&str> = heads.map(bare).collect();
        let split: Vec<Vec<&str>> =
            heads.iter().map(|head| head.split_whitespace().collect()).collect();
        if split.len() < 2 || split.iter().any(|words| words.len() < 3) {
            return Self::default();
        }
        let first =
            split[0].first().filter(|word| split.iter().all(|words| words.first() == Some(word)));
        let inner = |words: &[&str]| -> BTreeSet<String> {
            let inner = words[1..words.len() - 1].iter();
            inner
                .filter(|word| !word.starts_with(char::is_uppercase))
                .map(|word| (*word).to_owned())
                .collect()
        };
        let mut between = inner(&split[0]);
        for words in &split[1..] {
            let others = inner(words);
            between.retain(|word| others.contains(word));
        }
        Self { first: first.map(|word| (*word).to_owned()), between }
    }

    fn joins(&self, word: &str) -> bool {
        self.between.contains(word)
    }
}

/// Who speaks, and to whom.
pub(in super::super) fn addressed<'a>(names: &'a str, common: &Common) -> (&'a str, To) {
    let names = names.trim();
    if is_marked_alone(names) {
        return (names, To::Others);
    }
    if let Some(arrow) = ARROWS.iter().find_map(|arrow| names.split_once(arrow)) {
        let to = if is_everyone(arrow.1) { To::Everyone } else { To::Others };
        return (without_from(arrow.0, common), to);
    }
    let words: Vec<(usize, &str)> = places(names);
    let last = words.len().saturating_sub(1);
    let joins = |at: &usize| {
        common.joins(words[*at].1) || is_to(words[*at].1) || is_to_after(words[0].1, words[*at].1)
    };
    if let Some(at) = (1..last).rev().find(joins) {
        let recipient = &names[words[at + 1].0..];
        let to = if is_everyone(recipient) { To::Everyone } else { To::Others };
        return (without_from(&names[..words[at].0], common), to);
    }
    if let Some(found) = dense(names) {
        return found;
    }
    if is_doubtful(&words) {
        return (names, To::Others);
    }
    (names, To::Unsaid)
}

/// The names among what stands before something that is said.
pub(in super::super) fn heard<'a>(names: &'a str, common: &'a Common) -> Vec<String> {
    let mut found = vec![String::new()];
    let plain =
        ARROWS.iter().fold(names.to_owned(), |names, arrow| names.replace(arrow, " \u{0} "));
    for word in plain.split_whitespace() {
        let lower = word.to_lowercase();
        let from = LANGUAGES.iter().any(|words| words.from.contains(&lower.as_str()));
        let first = found.len() == 1 && found[0].is_empty();
        if word == "\u{0}"
            || common.joins(word)
            || is_to(word)
            || first && (from || common.first.as_deref() == Some(word))
        {
            found.push(String::new());
        } else if let Some(name) = found.last_mut() {
            name.push(' ');
            name.push_str(word);
        }
    }
    found.retain(|name| !name.trim().is_empty() && !is_everyone(name));
    found
}

/// Whether a bracket, or a mark, says that somebody is spoken to alone.
pub(super) fn is_marked_alone(names: &str) -> bool {
    let lower = names.to_lowercase();
    let mut brackets = lower.split(['(', '（', '[', '【']).skip(1);
    PRIVATE.iter().any(|mark| lower.contains(mark))
        || brackets.any(|inside| {
            let inside = inside.split([')', '）', ']', '】']).next().unwrap_or_default();
            // “Pat One (Private Sector)”.
            if ["sector", "secteur", "sektor", "сектор"].iter().any(|word| inside.contains(word))
            {
                return false;
            }
            let to = inside
                .split_whitespace()
                .next()
                .is_some_and(|word| is_to(word) && !PARTICLES.contains(&word));
            to || ALONE.iter().any(|mark| {
                inside
                    .match_indices(mark)
                    .any(|(at, _)| !mark.is_ascii() || !inside[..at].ends_with(char::is_alphabetic))
            })
        })
}

/// Whether these words mean everyone, in any language that is known.
pub(in super::super) fn is_everyone(recipient: &str) -> bool {
    let lower =
        recipient.trim().trim_end_matches([':', '：', 'に', '에', '게']).trim().to_lowercase();
    let plain = lower.split(['(', '（']).next().unwrap_or_default().trim();
    LANGUAGES.iter().any(|words| {
        words.everyone.iter().any(|word| *word == lower || *word == plain && in_meeting(&lower))
    })
}

/// “Everyone (in Meeting)”, but not “Everyone (Direct Message)”.
fn in_meeting(lower: &str) -> bool {
    let inside = lower.split_once(['(', '（']).map_or("", |(_, inside)| inside);
    inside.starts_with("in meeting") || inside.is_empty()
}

/// Whether a word stands between sender and recipient in some language. With a capital it is a name.
fn is_to(word: &str) -> bool {
    LANGUAGES.iter().any(|words| words.to.contains(&word))
        && (!PARTICLES.contains(&word) || word.chars().all(|c| !c.is_ascii()))
}

/// Whether a word that names have, too, stands between sender and recipient behind this first word: `Od Pat do Jo`.
fn is_to_after(first: &str, word: &str) -> bool {
    let lower = first.to_lowercase();
    LANGUAGES.iter().any(|words| words.from.contains(&lower.as_str()) && words.to.contains(&word))
}

fn without_from<'a>(names: &'a str, common: &Common) -> &'a str {
    let names = names.trim();
    let Some((first, rest)) = names.split_once(char::is_whitespace) else { return names };
    let lower = first.to_lowercase();
    let from = LANGUAGES.iter().any(|words| words.from.contains(&lower.as_str()));
    if from || common.first.as_deref() == Some(first) { rest.trim() } else { names }
}

fn places(names: &str) -> Vec<(usize, &str)> {
    let start = |word: &str| word.as_ptr() as usize - names.as_ptr() as usize;
    names.split_whitespace().map(|word| (start(word), word)).collect()
}

/// Sender and recipient without a space between.
fn dense(names: &str) -> Option<(&str, To)> {
    if !names.chars().any(is_dense) {
        return None;
    }
    for to in DENSE_TO {
        let Some((sender, recipient)) = names.rsplit_once(to) else { continue };
        let far = !sender.trim().is_empty() && !recipient.trim().is_empty();
        // “สถึงบ้าน” and “马到成” are names, too: only what is known makes something public.
        if far && is_everyone(recipient) {
            let from = LANGUAGES.iter().flat_map(|words| words.from);
            let bare = from
                .filter(|word| !word.is_ascii())
                .find_map(|word| sender.trim().strip_prefix(*word));
            return Some((bare.unwrap_or(sender).trim(), To::Everyone));
        }
        if far {
            return Some((names, To::Others));
        }
    }
    None
}

/// Whether a word among names may be one that nobody has seen yet between sender and recipient: small among capitals, or
/// of another script than what stands around it.
fn is_doubtful(words: &[(usize, &str)]) -> bool {
    let latin = |word: &str| {
        word.chars().find(|c| c.is_alphabetic()).map(|c| c.is_ascii() || (c as u32) < 0x250)
    };
    let small = |word: &str| {
        word.starts_with(char::is_lowercase)
            && !PARTICLES.contains(&word)
            && !word.contains(['.', '@', '-', '\'', '’'])
    };
    let capital = |word: &str| word.starts_with(char::is_uppercase);
    words.windows(3).any(|three| {
        let [(_, before), (_, word), (_, after)] = three else { return false };
        let torn = latin(before).is_some()
            && latin(before) == latin(after)
            && latin(word).is_some()
            && latin(word) != latin(before);
        torn || small(word) && capital(after) && words.iter().any(|(_, word)| capital(word))
    })
}
