//! The letters of a text file, in whichever encoding a program saved it, and what its first line says of it. Pure: bytes come in, text goes out. Must never take a guess
//! for knowledge: what neither the file nor its sender says is shown to them, and read once they say that it is right.

use std::fmt::{Display, Formatter};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Words that are shown of a text whose encoding is a guess.
const MOST_WORDS: usize = 5;
/// Characters of each of them that are shown at most.
const LONGEST_WORD: usize = 40;

/// A text, and how its letters were known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The letters. It holds no control characters but tabs, the ends of lines and pages.
    pub text: String,
    /// How they were known.
    pub read_as: ReadAs,
}

/// How the letters of a text were known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadAs {
    /// It is UTF-8: by its first bytes, or because nothing else reads so.
    Utf8,
    /// It is UTF-16, as its first bytes say.
    Utf16,
    /// In the charset that its sender named.
    AsSaid,
}

/// Why the letters are not known. `Display` says what is wrong and what to change, and quotes nothing of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// No such charset is known.
    NoCharset(String),
    /// The first bytes, or the sender, promise an encoding that the rest does not keep.
    NotAsPromised {
        /// The encoding that was promised.
        encoding: &'static str,
        /// The first line of the file that is wrong, counted from 1.
        line: usize,
    },
    /// Bytes that are letters in no reading.
    NoText {
        /// The line of the file, counted from 1.
        line: usize,
    },
    /// Nothing says what it is; this is what it looks like.
    Guessed(Guess),
}

/// What a text looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The name by which a sender says that it is right: of the Encoding Standard.
    pub charset: String,
    /// The first words that have letters beyond ASCII, as they read then.
    pub words: Vec<String>,
}

impl Display for Unknown {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoCharset(name) => {
                write!(formatter, "“{name}” is no charset that is known. Send UTF-8.")
            }
            Self::NotAsPromised { encoding, line } => write!(
                formatter,
                "The text is not the {encoding} that it should be; line {line} is the first that is wrong. Save the file as UTF-8 and try again."
            ),
            Self::NoText { line } => write!(
                formatter,
                "Line {line} holds bytes that are no text. Save the file as UTF-8, or name its charset in the Content-Type."
            ),
            Self::Guessed(Guess { charset, .. }) => write!(
                formatter,
                "The file is not in UTF-8 and does not say what it is in. It looks like {charset}: if that is right, send it with the Content-Type `text/plain; charset={charset}`; else save it as UTF-8 and try again."
            ),
        }
    }
}

impl std::error::Error for Unknown {}

/// The `charset` that a Content-Type names.
pub fn charset(content_type: &str) -> Option<&str> {
    let parameters = content_type.split(';').skip(1).filter_map(|one| one.split_once('='));
    let mut named = parameters.filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    named.next().map(|(_, value)| value.trim().trim_matches('"'))
}

/// The text of a file. The first bytes decide, then the charset that its sender names, then whether it is UTF-8.
///
/// # Errors
///
/// When it is not what it is said to be, is no text, or nothing says what it is: then with what it looks like.
pub fn decode(bytes: &[u8], charset: Option<&str>) -> Result<Text, Unknown> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return decoded(bytes, encoding, known_as(encoding));
    }
    if let Some(name) = charset {
        let encoding = Encoding::for_label(name.as_bytes());
        let encoding = encoding.ok_or_else(|| Unknown::NoCharset(name.to_owned()))?;
        return decoded(bytes, encoding, known_as(encoding));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text_only(text.to_owned(), ReadAs::Utf8),
        Err(_) => Err(guessed(bytes)),
    }
}

fn known_as(encoding: &'static Encoding) -> ReadAs {
    match encoding {
        encoding if encoding == UTF_8 => ReadAs::Utf8,
        encoding if encoding == UTF_16LE || encoding == UTF_16BE => ReadAs::Utf16,
        _ => ReadAs::AsSaid,
    }
}

fn decoded(bytes: &[u8], encoding: &'static Encoding, read_as: ReadAs) -> Result<Text, Unknown> {
    let (text, _, wrong) = encoding.decode(bytes);
    if wrong {
        let before = text.split('\u{fffd}').next().unwrap_or_default();
        return Err(Unknown::NotAsPromised { encoding: encoding.name(), line: line_after(before) });
    }
    text_only(text.into_owned(), read_as)
}

/// Bytes that are no letters in any reading mean that it is no text, or in an encoding that has to be named.
fn text_only(text: String, read_as: ReadAs) -> Result<Text, Unknown> {
    let strange = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}');
    match text.find(strange) {
        Some(at) => Err(Unknown::NoText { line: line_after(&text[..at]) }),
        None => Ok(Text { text, read_as }),
    }
}

/// What bytes that say nothing of themselves look like, as browsers tell it.
fn guessed(bytes: &[u8]) -> Unknown {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    match decoded(bytes, encoding, ReadAs::AsSaid) {
        Ok(Text { text, .. }) => {
            let words = words(&text);
            Unknown::Guessed(Guess { charset: encoding.name().to_ascii_lowercase(), words })
        }
        Err(Unknown::NotAsPromised { line, .. }) => Unknown::NoText { line },
        Err(wrong) => wrong,
    }
}

fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(|c: char| !c.is_alphanumeric() && c.is_ascii() || c.is_whitespace()) {
        let word: String = word.chars().take(LONGEST_WORD).collect();
        if !word.is_ascii() && !words.contains(&word) {
            words.push(word);
        }
        if words.len() == MOST_WORDS {
            break;
        }
    }
    words
}

/// The line on which what follows stands. Where nothing else ends a line, a lone carriage return does.
fn line_after(before: &str) -> usize {
    let ends = if before.contains('\n') { before.matches('\n') } else { before.matches('\r') };
    ends.count() + 1
}

/// The sign that divides the cells of a table, where its first line tells Excel so (`sep=;`), and how many bytes that line has.
pub fn told_delimiter(text: &str) -> Option<(u8, usize)> {
    let end = text.find(['\r', '\n']).unwrap_or(text.len());
    let line = text[..end].trim_start_matches('\u{feff}').trim().trim_matches('"');
    let sign =
        line.get(..4).filter(|word| word.eq_ignore_ascii_case("sep=")).map(|_| &line[4..])?;
    match sign.as_bytes() {
        [sign @ (b',' | b';' | b'\t' | b'|')] => Some((*sign, end)),
        [] if text[..end].ends_with("=\t") => Some((b'\t', end)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
