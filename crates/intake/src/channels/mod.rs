//! What other programs saved of a discussion — chats, captions, Word files, notes — read into lines that a rapporteur
//! later turns into inputs. Pure: bytes come in, lines go out. It must never know of databases, requests, times or who
//! is logged in, and what was said privately must never leave it.

mod dividing;
mod gather;
mod guess;
mod headings;
mod names;
mod plain;
mod text;
mod unreadable;
mod webvtt;
mod word;
mod zoom_chat;

#[cfg(test)]
mod tests;

pub use guess::guess;
pub use names::without_names;
pub use unreadable::Unreadable;

use gather::Gather;

/// Longest body of a line, in characters: as long as an input may be. What is longer comes in parts.
pub const LONGEST_BODY: usize = 5000;
/// Most lines that are taken of one file.
pub const MOST_LINES: usize = 20_000;
/// Bytes of text that are taken of one file, counted as UTF-8.
pub const MOST_TEXT: usize = 10 << 20;

/// What saved the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The chat of a Zoom meeting, saved by the client or with a recording in the cloud.
    ZoomChat,
    /// Captions or a transcript in WebVTT, by Zoom, Teams, YouTube and others.
    WebVtt,
    /// A .docx file.
    Word,
    /// Plain text or Markdown.
    PlainText,
}

/// One thing that was said, as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Where it begins: the line of the file, in Word the paragraph. Counted from 1.
    pub at: u32,
    /// Who said it, as far as the file tells.
    pub speaker: Option<String>,
    /// What was said: trimmed, in Unicode's composed form (NFC), never empty, at most [`LONGEST_BODY`] characters.
    pub body: String,
    /// The footnotes and endnotes of a Word file that belong to it. Often they are citations.
    pub notes: Vec<String>,
    /// The headings that it stands under, the outermost first.
    pub under: Vec<String>,
    /// When it was too long for one line: part i of n.
    pub part: Option<(u32, u32)>,
}

/// What was not taken. It holds no text, since some of it must not be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOver {
    /// The first line (in Word: paragraph) of it, counted from 1.
    pub first: u32,
    /// The last line of it.
    pub last: u32,
    /// Why it was not taken.
    pub why: Why,
}

/// Why something was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// Sent to some people only.
    Private,
    /// A reaction to a message, or one that was taken back.
    Reaction,
    /// A quotation to which nothing was added.
    OnlyQuoted,
    /// Nothing was said.
    Empty,
    /// It stands before the first message.
    BeforeFirst,
    /// A caption that repeats the one before.
    Repeated,
    /// A note, style or region of a caption file, or a block without a time.
    NoCaption,
    /// A heading with nothing below it.
    HeadingAlone,
    /// An entry of a table of contents.
    Contents,
    /// Text that is formatted as hidden.
    Hidden,
    /// What a form shows until somebody fills it in.
    Placeholder,
    /// A line that only divides.
    Divider,
}

impl std::fmt::Display for Why {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Private => "is not addressed to everyone, or cannot be told to be",
            Self::Reaction => "is a reaction, no contribution",
            Self::OnlyQuoted => "only quotes another message",
            Self::Empty => "has no text",
            Self::BeforeFirst => "stands before the first message",
            Self::Repeated => "repeats the caption before",
            Self::NoCaption => "is a remark of the program that saved the captions",
            Self::HeadingAlone => "is a heading with nothing below it",
            Self::Contents => "belongs to a table of contents",
            Self::Hidden => "is formatted as hidden text",
            Self::Placeholder => "is the placeholder of a form field that nobody filled in",
            Self::Divider => "only divides what is above from what is below",
        })
    }
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// What was said, in the order of the file.
    pub lines: Vec<Line>,
    /// What was not taken, in the order of the file.
    pub passed_over: Vec<PassedOver>,
    /// The language tag that the file gives for its text. Programs often write their own language here.
    pub language: Option<String>,
}

/// Reads a file.
///
/// # Errors
///
/// When the file is not of that kind, is damaged or locked, or holds more than is taken.
pub fn read(kind: Kind, bytes: &[u8]) -> Result<Read, Unreadable> {
    let mut gather = Gather::default();
    match kind {
        Kind::ZoomChat => zoom_chat::read(&text::decode(bytes)?, &mut gather)?,
        Kind::WebVtt => webvtt::read(&text::decode(bytes)?, &mut gather)?,
        Kind::Word => word::read(bytes, &mut gather)?,
        Kind::PlainText => plain::read(&text::decode(bytes)?, &mut gather)?,
    }
    Ok(gather.finish())
}
