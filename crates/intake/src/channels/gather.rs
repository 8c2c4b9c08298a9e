//! Where every channel puts what it reads: it tidies, takes names out, divides what is too long and counts, so that no
//! file can fill the memory. It must never know which program wrote the file, and never let a name leave it.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use super::dividing::parts;
use super::text::{is_invisible, is_visible};
use super::{Kind, Line, MOST_LINES, MOST_TEXT, PassedOver, Read, Unreadable, Why};
use crate::names::Register;
use crate::terms::fold::fold;

/// Most entries of what is passed over.
const MOST_PASSED_OVER: usize = 5 * MOST_LINES;

/// What has been read so far.
#[derive(Debug, Default)]
pub(super) struct Gather {
    told: Vec<Told>,
    /// The names of speakers, by their numbers.
    pub(super) names: Vec<String>,
    /// Names of others.
    heard: Vec<String>,
    speakers: HashMap<String, u32>,
    passed_over: Vec<PassedOver>,
    language: Option<String>,
    bytes: usize,
}

/// One thing that was said, before it is tidied.
#[derive(Debug, Default)]
pub(super) struct Said<'a> {
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) speaker: Option<&'a str>,
    pub(super) body: &'a str,
    pub(super) notes: &'a [String],
    pub(super) under: &'a [String],
}

/// The same, tidied.
#[derive(Debug)]
struct Told {
    at: u32,
    speaker: Option<u32>,
    body: String,
    notes: Vec<String>,
    under: Vec<String>,
}

impl Gather {
    /// Takes what was said.
    pub(super) fn take(&mut self, said: &Said<'_>) -> Result<(), Unreadable> {
        // Before anything is copied.
        if self.bytes.saturating_add(said.body.len()) > 2 * MOST_TEXT {
            return Err(Unreadable::TooMuchText);
        }
        let mut body = tidy(said.body);
        let mut notes: Vec<String> =
            said.notes.iter().map(|note| tidy(note)).filter(|note| is_visible(note)).collect();
        // A note to which there is no text says something by itself.
        if !is_visible(&body) {
            body = notes.join("\n\n");
            notes.clear();
        }
        let speaker = said.speaker.and_then(|name| self.speaker(name));
        if !is_visible(&body) {
            return self.pass_over(said.first, said.last, Why::Empty);
        }
        let (noted, under): (usize, usize) =
            (notes.iter().map(String::len).sum(), said.under.iter().map(String::len).sum());
        self.bytes += body.len() + noted + under;
        self.told.push(Told { at: said.first, speaker, body, notes, under: said.under.to_vec() });
        if self.told.len() > MOST_LINES {
            return Err(Unreadable::TooManyLines);
        }
        if self.bytes > MOST_TEXT { Err(Unreadable::TooMuchText) } else { Ok(()) }
    }

    /// Which speaker of the file this is.
    fn speaker(&mut self, name: &str) -> Option<u32> {
        let name = squeezed(name);
        if name.is_empty() {
            return None;
        }
        let next = u32::try_from(self.speakers.len()).unwrap_or(u32::MAX);
        let number = *self.speakers.entry(fold(&name)).or_insert(next);
        if number == next {
            self.bytes += name.len();
            self.names.push(name);
        }
        Some(number)
    }

    /// Hears the name of somebody who says nothing, or nothing that is taken: it is taken out of what others say.
    pub(super) fn hear(&mut self, name: &str) {
        let name = squeezed(name);
        if !name.is_empty() && self.heard.len() < 2 * MOST_LINES && self.bytes <= MOST_TEXT {
            self.bytes += name.len();
            self.heard.push(name);
        }
    }

    /// Says what was not taken.
    pub(super) fn pass_over(&mut self, first: u32, last: u32, why: Why) -> Result<(), Unreadable> {
        if self.passed_over.len() >= MOST_PASSED_OVER {
            return Err(Unreadable::TooManyLines);
        }
        self.passed_over.push(PassedOver { first, last, why });
        Ok(())
    }

    /// The language that the file says it is in; the first that makes sense counts.
    pub(super) fn language(&mut self, tag: &str) {
        let tag = tag.trim();
        let letters = tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if self.language.is_none() && letters && (2..=35).contains(&tag.len()) {
            self.language = Some(tag.to_owned());
        }
    }

    /// What was read, without the names that were heard and these: they end here.
    pub(super) fn finish(mut self, kind: Kind, registrants: &[String]) -> Result<Read, Unreadable> {
        // Headings turn out to be alone only when the next one comes.
        self.passed_over.sort_by_key(|passed| (passed.first, passed.last));
        let names = self.names.iter().chain(&self.heard).chain(registrants).map(String::as_str);
        let register = Register::of(names);
        let masked = |texts: Vec<String>| texts.iter().map(|text| register.mask(text)).collect();
        let mut read = Read {
            kind,
            passed_over: self.passed_over,
            language: self.language,
            lines: Vec::new(),
        };
        for told in self.told {
            let body = register.mask(&told.body);
            let under: Vec<String> = masked(told.under);
            let pieces = parts(&body);
            let of = u32::try_from(pieces.len()).unwrap_or(u32::MAX);
            for (piece, number) in pieces.iter().zip(1..) {
                read.lines.push(Line {
                    at: told.at,
                    speaker: told.speaker,
                    body: (*piece).to_owned(),
                    notes: Vec::new(),
                    under: under.clone(),
                    part: (of > 1).then_some((number, of)),
                });
            }
            if let Some(line) = read.lines.last_mut() {
                line.notes = masked(told.notes);
            }
            if read.lines.len() > MOST_LINES {
                return Err(Unreadable::TooManyLines);
            }
        }
        Ok(read)
    }
}

/// A name on one line, with single spaces, in composed form and without marks that nobody sees. The two joiners stay:
/// names in Persian and in Indian scripts are written with them.
pub(super) fn squeezed(name: &str) -> String {
    let seen = |c: &char| !is_invisible(*c) || matches!(c, '\u{200c}' | '\u{200d}');
    let composed: String = name.nfc().filter(seen).collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text in composed form with plain line ends, without spaces at the ends of lines and with one empty line at most.
pub(super) fn tidy(text: &str) -> String {
    let ends = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
    let composed: String = text.replace("\r\n", "\n").nfc().collect();
    let (mut tidy, mut blank) = (String::with_capacity(composed.len()), 0);
    for row in composed.split(ends).map(str::trim) {
        if row.is_empty() {
            blank += 1;
            continue;
        }
        if !tidy.is_empty() {
            tidy.push_str(if blank > 0 { "\n\n" } else { "\n" });
        }
        tidy.extend(row.chars().map(|c| if c == '\t' { ' ' } else { c }));
        blank = 0;
    }
    tidy
}
