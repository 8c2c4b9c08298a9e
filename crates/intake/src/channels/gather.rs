//! Where every channel puts what it reads: it tidies, divides what is too long and counts, so that no file can fill the
//! memory. It must never know which program wrote the file.

use unicode_normalization::UnicodeNormalization;

use super::dividing::parts;
use super::names::squeezed;
use super::text::is_visible;
use super::{Line, MOST_LINES, MOST_TEXT, PassedOver, Read, Unreadable, Why};

/// Most entries of what is passed over.
const MOST_PASSED_OVER: usize = 5 * MOST_LINES;

/// What has been read so far.
#[derive(Debug, Default)]
pub(super) struct Gather {
    read: Read,
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
        if body.is_empty() {
            return self.pass_over(said.first, said.last, Why::Empty);
        }
        let speaker = said.speaker.map(squeezed).filter(|name| !name.is_empty());
        let pieces = parts(&body);
        let of = u32::try_from(pieces.len()).unwrap_or(u32::MAX);
        for (piece, number) in pieces.iter().zip(1..) {
            let line = Line {
                at: said.first,
                speaker: speaker.clone(),
                body: (*piece).to_owned(),
                notes: Vec::new(),
                under: said.under.to_vec(),
                part: (of > 1).then_some((number, of)),
            };
            self.put(line)?;
        }
        let Some(line) = self.read.lines.last_mut() else { return Ok(()) };
        self.bytes += notes.iter().map(String::len).sum::<usize>();
        line.notes = notes;
        self.check_size()
    }

    fn put(&mut self, line: Line) -> Result<(), Unreadable> {
        let under: usize = line.under.iter().map(String::len).sum();
        self.bytes += line.body.len() + under + line.speaker.as_ref().map_or(0, String::len);
        self.read.lines.push(line);
        self.check_size()
    }

    fn check_size(&self) -> Result<(), Unreadable> {
        if self.read.lines.len() > MOST_LINES {
            return Err(Unreadable::TooManyLines);
        }
        if self.bytes > MOST_TEXT {
            return Err(Unreadable::TooMuchText);
        }
        Ok(())
    }

    /// Says what was not taken.
    pub(super) fn pass_over(&mut self, first: u32, last: u32, why: Why) -> Result<(), Unreadable> {
        if self.read.passed_over.len() >= MOST_PASSED_OVER {
            return Err(Unreadable::TooManyLines);
        }
        self.read.passed_over.push(PassedOver { first, last, why });
        Ok(())
    }

    /// The language that the file says it is in; the first that makes sense counts.
    pub(super) fn language(&mut self, tag: &str) {
        let tag = tag.trim();
        let letters = tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if self.read.language.is_none() && letters && (2..=35).contains(&tag.len()) {
            self.read.language = Some(tag.to_owned());
        }
    }

    pub(super) fn finish(mut self) -> Read {
        // Headings turn out to be alone only when the next one comes.
        self.read.passed_over.sort_by_key(|passed| (passed.first, passed.last));
        self.read
    }
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
