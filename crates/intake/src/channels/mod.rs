//! What other programs saved of a discussion — chats, transcripts, captions, Word files, notes — read into lines that a
//! rapporteur later turns into inputs. Pure: bytes come in, lines go out. It must never know of databases, requests, times
//! or who is logged in; what was said privately must never leave it, nor any name of who said something: speakers leave
//! it as numbers, and where they are spoken of stands `[name]`.
//!
//! A file is held as something (`holding`) and says something: people speak in it (`speech`, whatever it is held in),
//! or it is a document. What cannot be told apart is not read ([`Unreadable::Unclear`]) until somebody says which.

mod dividing;
mod gather;
mod headings;
mod holding;
mod plain;
mod speech;
mod table;
mod text;
mod unreadable;
mod webvtt;
mod word;
mod zoom_chat;

#[cfg(test)]
mod tests;

pub use crate::encoding::Unknown;
pub use unreadable::{Signs, Unreadable};

use gather::Gather;
use holding::Holding;
use text::Row;

/// Longest body of a line, in characters: as long as an input may be. What is longer comes in parts.
pub const LONGEST_BODY: usize = 5000;
/// Most lines that are taken of one file.
pub const MOST_LINES: usize = 20_000;
/// Bytes of text that are taken of one file, counted as UTF-8.
pub const MOST_TEXT: usize = 10 << 20;

/// What a file says, whatever it is held in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// People write to one another, some of them privately.
    Chat,
    /// People speak, one after the other: a transcript or captions.
    Transcript,
    /// A text of which nobody is the speaker.
    Document,
}

/// A file to be read.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// The content type that its sender names, with the charset of a text.
    pub content_type: Option<&'a str>,
    /// What somebody says that it is.
    pub kind: Option<Kind>,
    /// The names of those who are registered: taken out wherever they stand.
    pub registrants: &'a [String],
}

/// One thing that was said, as it came but for the names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Where it begins: the line of the file, in Word the paragraph, in a table the row. Counted from 1.
    pub at: u32,
    /// Which speaker of this file said it, as far as the file tells. Counted from 0; it means nothing elsewhere.
    pub speaker: Option<u32>,
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

/// Names each reason once, with its code and what is said of the lines.
macro_rules! reasons {
    ($($(#[$about:meta])* $name:ident = $code:literal $sentence:literal;)*) => {
        /// Why something was not taken.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Why { $($(#[$about])* $name,)* }

        impl Why {
            /// The word for it, to count by.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }

        impl std::fmt::Display for Why {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(match self { $(Self::$name => $sentence,)* })
            }
        }
    };
}

reasons! {
    /// Sent to some people only.
    Private = "private" "is not addressed to everyone, or cannot be told to be";
    /// A reaction to a message, or one that was taken back.
    Reaction = "reaction" "is a reaction, no contribution";
    /// A quotation to which nothing was added.
    OnlyQuoted = "only_quoted" "only quotes another message";
    /// Nothing was said.
    Empty = "empty" "has no text";
    /// It stands before the first message.
    BeforeFirst = "before_first" "stands before the first message";
    /// A list of who was there.
    Attendees = "attendees" "lists who was there";
    /// What the program says that saved the file.
    Remark = "remark" "is a remark of the program that saved the file";
    /// A caption that repeats the one before.
    Repeated = "repeated" "repeats the caption before";
    /// A note, style or region of a caption file, or a block without a time.
    NoCaption = "no_caption" "is a remark of the program that saved the captions";
    /// A heading with nothing below it.
    HeadingAlone = "heading_alone" "is a heading with nothing below it";
    /// An entry of a table of contents.
    Contents = "contents" "belongs to a table of contents";
    /// Text that is formatted as hidden.
    Hidden = "hidden" "is formatted as hidden text";
    /// What a form shows until somebody fills it in.
    Placeholder = "placeholder" "is the placeholder of a form field that nobody filled in";
    /// A line that only divides.
    Divider = "divider" "only divides what is above from what is below";
    /// Text that somebody deleted while changes were tracked.
    Deleted = "deleted" "was deleted while changes were tracked";
    /// A comment of a reviewer.
    Comment = "comment" "has a comment in the margin";
    /// A file within the file.
    Embedded = "embedded" "holds another file, which is not read";
    /// A picture or chart.
    Picture = "picture" "has a picture or chart";
    /// A sign that only its font shows.
    Symbol = "symbol" "has a symbol that only a special font shows";
    /// Letters and digits together above or below the line; their text is taken.
    Raised = "raised" "has raised or lowered letters beside digits, which stand on the line here";
    /// A formula of several storeys; its signs are taken.
    Formula = "formula" "has a formula, of which the signs are taken in a row";
    /// A box or list of a form.
    FormField = "form_field" "has a box or list of a form, whose state is not read";
    /// The text at the head or foot of every page.
    PageEdge = "page_edge" "stands at the head or foot of the pages";
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// What it is.
    pub kind: Kind,
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
/// When it cannot be told what the file is, when it is not what it is said to be, is damaged or locked, or holds more than
/// is taken.
pub fn read(file: &File<'_>) -> Result<Read, Unreadable> {
    let holding = holding::of(file).ok_or(Unreadable::Unknown)?;
    let (kind, gather) = gathered(holding, file)?;
    gather.finish(kind, file.registrants)
}

/// What is in the file, with the names that stand in it.
fn gathered(holding: Holding, file: &File<'_>) -> Result<(Kind, Gather), Unreadable> {
    let mut gather = Gather::default();
    match holding {
        Holding::Word => {
            let pieces = word::read(file.bytes, &mut gather)?;
            let rows: Vec<Row<'_>> = word::rows(&pieces).collect();
            if let Some(kind) = spoken(file, &rows, true, &mut gather)? {
                return Ok((kind, gather));
            }
            word::document(&pieces, &mut gather)?;
        }
        Holding::Table => {
            let kind = table::read(&text::decode(file)?, &mut gather)?;
            return Ok((said_to_be(file, kind)?, gather));
        }
        Holding::Text => {
            let text = text::decode(file)?;
            let rows: Vec<Row<'_>> = text::rows(text.trim_start_matches('\u{feff}')).collect();
            if let Some(kind) = spoken(file, &rows, false, &mut gather)? {
                return Ok((kind, gather));
            }
            plain::read(&rows, &mut gather)?;
        }
    }
    Ok((Kind::Document, gather))
}

/// Reads rows in which people speak into lines; nothing when they are a document.
fn spoken(
    file: &File<'_>,
    rows: &[Row<'_>],
    by_paragraph: bool,
    gather: &mut Gather,
) -> Result<Option<Kind>, Unreadable> {
    let found = speech::recognized(rows, by_paragraph);
    match (file.kind, found) {
        (None | Some(Kind::Chat | Kind::Transcript), Some(form)) => {
            let kind = speech::read(form, rows, by_paragraph, gather)?;
            Ok(Some(file.kind.unwrap_or(kind)))
        }
        (Some(Kind::Chat | Kind::Transcript), None) => {
            speech::read_untimed(rows, by_paragraph, file.registrants, gather)?;
            Ok(file.kind)
        }
        // Who says that a chat is a document would see what was said privately.
        (Some(Kind::Document), Some(_)) => Err(Unreadable::IsSpeech),
        (Some(Kind::Document), None) => Ok(None),
        (None, None) => match speech::signs(rows, file.registrants) {
            Some(signs) => Err(Unreadable::Unclear(signs)),
            None => Ok(None),
        },
    }
}

/// The kind of what is certainly speech.
fn said_to_be(file: &File<'_>, kind: Kind) -> Result<Kind, Unreadable> {
    match file.kind {
        Some(Kind::Document) => Err(Unreadable::IsSpeech),
        said => Ok(said.unwrap_or(kind)),
    }
}
