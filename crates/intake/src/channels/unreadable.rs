//! Why a file cannot be read, in sentences for the people who sent it. They must never quote the file.

use std::fmt::{Display, Formatter, Result};

use super::{MOST_LINES, MOST_TEXT};

/// Why a file cannot be read. `Display` says what is wrong and what to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// More text than is taken.
    TooMuchText,
    /// More lines than are taken.
    TooManyLines,
    /// Bytes that are no text in any reading.
    NoText {
        /// The line of the file.
        line: u32,
    },
    /// The first bytes promise an encoding that the rest does not keep.
    WrongEncoding {
        /// The encoding that was promised.
        encoding: &'static str,
        /// The first line of the file that is wrong.
        line: u32,
    },
    /// There is no message in it.
    NotZoomChat,
    /// There is no caption in it.
    NotWebVtt,
    /// It is no Word file.
    NotWord,
    /// A .doc file, as Word wrote them before 2007.
    OldWord,
    /// A Word file that a password protects.
    LockedWord,
    /// A Word file that is damaged.
    DamagedWord,
    /// A Word file that unpacks to more than is taken.
    UnpacksTooLarge,
}

impl Display for Unreadable {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        match self {
            Self::TooMuchText => write!(
                formatter,
                "The file holds more than the {} MiB of text that are taken. Divide it and send the pieces one by one.",
                MOST_TEXT >> 20
            ),
            Self::TooManyLines => write!(
                formatter,
                "The file holds more than the {MOST_LINES} lines that are taken. Divide it and send the pieces one by one."
            ),
            Self::NoText { line } => write!(
                formatter,
                "Line {line} holds bytes that are no text. Save the file as text in UTF-8 and try again."
            ),
            Self::WrongEncoding { encoding, line } => write!(
                formatter,
                "The text is not the {encoding} that its first bytes promise; line {line} is the first that is wrong. Save the file as text in UTF-8 and try again."
            ),
            Self::NotZoomChat => formatter.write_str(
                "No line of the file begins a Zoom message, such as “09:41:12 From Pat One to Everyone:”. Send the chat as Zoom saved it, or send the file as plain text.",
            ),
            Self::NotWebVtt => formatter.write_str(
                "The file holds no captions: line 1 should be “WEBVTT”, and times such as “00:00:01.000 --> 00:00:04.000” should follow. Download the transcript as .vtt and try again.",
            ),
            Self::NotWord => formatter.write_str(
                "The file is no Word file. Open it, save it as .docx and try again.",
            ),
            Self::OldWord => formatter.write_str(
                "The file is of a kind that Word wrote before 2007 (.doc). Open it, save it as .docx and try again.",
            ),
            Self::LockedWord => formatter.write_str(
                "A password protects the file. Remove the password in Word (File, Info, Protect Document), save it and try again.",
            ),
            Self::DamagedWord => formatter.write_str(
                "The Word file is damaged. Open it, save it anew as .docx and try again.",
            ),
            Self::UnpacksTooLarge => write!(
                formatter,
                "The Word file unpacks to more than the {} MiB that are taken. Remove its pictures or divide it, and try again.",
                super::word::MOST_UNPACKED >> 20
            ),
        }
    }
}

impl std::error::Error for Unreadable {}
