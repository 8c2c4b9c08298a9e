//! E-mail addresses and telephone numbers: any where nobody is named, and those of people who have not agreed anywhere.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::drafted::People;
use crate::finding::Level;
use crate::strand::Strand;

/// Digits at the end of a number by which it is known, whatever stands before them.
const TELLING: usize = 8;
/// Most digits of a telephone number (E.164).
const MOST_DIGITS: usize = 15;

/// Addresses and numbers that are known, and whether their owner agreed to be named.
#[derive(Debug, Default)]
pub(crate) struct Contacts {
    emails: HashMap<String, bool>,
    telephones: HashMap<String, bool>,
}

#[expect(clippy::unwrap_used, reason = "written here, and tried by every test")]
fn pattern(text: &str) -> Regex {
    // At the borders of any letters each text beyond ASCII would be read far more slowly.
    Regex::new(&text.replace(r"\b", r"(?-u:\b)")).unwrap()
}

static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)[\p{L}\p{N}._%+'-]+(?:\s?@\s?|\s?[\[(]at[\])]\s?| at )[\p{L}\p{N}-]+(?:(?:\.|\s?[\[(]dot[\])]\s?| dot )[\p{L}\p{N}-]+)*(?:\.|\s?[\[(]dot[\])]\s?| dot )\p{L}{2,24}",
    )
});
static TELEPHONE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:\+|\b00)?\(?\p{Nd}[\p{Nd}\s().\-–/\u{a0}]{5,22}\p{Nd}"));
static CALL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\btel(?:ephone)?\b|\bphone\b|\bmobile\b|\bcall(?:ed)?\b|\bwhatsapp\b|\bviber\b|\bline\b|\bfax\b)[\s.:]*(?:at|on|under|number)?[\s:]*$",
    )
});

impl Contacts {
    pub(crate) fn of(people: &People) -> Self {
        let mut known = Self::default();
        for person in &people.persons {
            for email in &person.emails {
                known.emails.insert(plain_email(email), person.may_be_named);
            }
            for number in &person.telephones {
                known.telephones.extend(tail(number).map(|tail| (tail, person.may_be_named)));
            }
        }
        known
    }

    /// Where addresses and numbers stand that must not, with the rule and the level.
    pub(crate) fn found(
        &self,
        strand: &Strand,
        on_record: bool,
    ) -> Vec<(Range<usize>, &'static str, Level)> {
        let text = &strand.text;
        let mut found = Vec::new();
        if text.contains('@') || text.contains("at") {
            for one in EMAIL.find_iter(text) {
                let known = self.emails.get(&plain_email(one.as_str())).copied();
                let plain = one.as_str().contains('@') || one.as_str().contains(['[', '(']);
                if let Some(level) = judged(known, on_record, plain) {
                    found.push((one.range(), "email", level));
                }
            }
        }
        for one in TELEPHONE.find_iter(text) {
            let Some(tail) = tail(one.as_str()) else { continue };
            let known = self.telephones.get(&tail).copied();
            let plain = one.as_str().starts_with('+') || CALL.is_match(&text[..one.start()]);
            if let Some(level) = judged(known, on_record, plain) {
                found.push((one.range(), "telephone", level));
            }
        }
        found
    }

    /// Whether one that is known stands in a text.
    pub(crate) fn are_in(&self, strand: &Strand) -> bool {
        self.found(strand, true).iter().any(|(.., level)| level.blocks())
    }
}

/// Of somebody who agreed nothing is said on record; of nobody known, something where nobody is named.
fn judged(agreed: Option<bool>, on_record: bool, plain: bool) -> Option<Level> {
    match (agreed, on_record) {
        (Some(true) | None, true) => None,
        (Some(_), _) => Some(Level::BlocksAlways),
        (None, false) => plain.then_some(Level::Blocks),
    }
}

fn plain_email(written: &str) -> String {
    let small = written.to_lowercase();
    let at = ["[at]", "(at)", " at "].iter().fold(small, |text, at| text.replace(at, "@"));
    let dot = ["[dot]", "(dot)", " dot "].iter().fold(at, |text, dot| text.replace(dot, "."));
    dot.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The last digits of a number, in whatever script; none for what is too short or too long to be one.
fn tail(written: &str) -> Option<String> {
    let digits: String = written.chars().filter_map(digit).collect();
    (TELLING..=MOST_DIGITS)
        .contains(&digits.len())
        .then(|| digits[digits.len() - TELLING..].to_owned())
}

fn digit(c: char) -> Option<char> {
    let zeros = [
        '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}', '\u{ed0}', '\u{1040}', '\u{17e0}',
        '\u{ff10}',
    ];
    if c.is_ascii_digit() {
        return Some(c);
    }
    let value = |zero: char| u32::from(c).checked_sub(u32::from(zero)).filter(|value| *value < 10);
    zeros.into_iter().find_map(value).and_then(|value| char::from_digit(value, 10))
}
