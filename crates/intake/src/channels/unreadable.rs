//! Why a file cannot be read, in sentences for the people who sent it. They must never quote the file.

use std::fmt::{Display, Formatter, Result};

use super::{MOST_LINES, MOST_TEXT};
use crate::encoding;

/// Why a file cannot be read. `Display` says what is wrong and what to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// More text than is taken.
    TooMuchText,
    /// More lines than are taken.
    TooManyLines,
    /// Its letters are not known.
    Letters(encoding::Unknown),
    /// It is neither text nor a Word file.
    Unknown,
    /// People seem to speak in it, and nobody has said whether they do.
    Unclear(Signs),
    /// It is said to be a document, and people speak in it.
    IsSpeech,
    /// It is said that people speak in it, and nobody does.
    NobodySpeaks,
    /// A table whose columns do not say who said what.
    NoSpeechTable {
        /// The column, counted from 1, that nobody can tell; none when one is missing.
        column: Option<u32>,
    },
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

/// What in a file looks as if people spoke in it. Numbers only: it names nobody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signs {
    /// How many lines begin with words that may be a name, and a colon.
    pub turns: usize,
    /// How many lines have a moment beside what may be a name.
    pub timed: usize,
    /// How many lines are marked as private.
    pub private: usize,
    /// Whether the name of somebody who is registered stands in it.
    pub registrants: bool,
}

impl Display for Signs {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        let lines =
            |many: usize| if many == 1 { "1 line".to_owned() } else { format!("{many} lines") };
        let told = [
            (self.turns > 0)
                .then(|| format!("{} with what may be a name and a colon", lines(self.turns))),
            (self.timed > 0)
                .then(|| format!("{} with a time beside what may be a name", lines(self.timed))),
            (self.private > 0).then(|| format!("{} marked as private", lines(self.private))),
            self.registrants.then(|| "the name of somebody who is registered".to_owned()),
        ];
        formatter.write_str(&told.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }
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
            Self::Letters(why) => why.fmt(formatter),
            Self::Unknown => formatter.write_str(
                "It cannot be told what this file is. Send a saved chat or transcript (.txt, .vtt, .sbv, .csv, .docx), a Word document (.docx) or plain text.",
            ),
            Self::Unclear(signs) => write!(
                formatter,
                "It cannot be told whether people speak in this file: it holds {signs}. Look at it, and say `kind=transcript` or `kind=chat` when they do (each becomes a voice without a name), or `kind=document` when nobody does. A dry run then shows its lines as they would stand."
            ),
            Self::IsSpeech => formatter.write_str(
                "People speak in this file, so it cannot be taken as a document, which would show who they are. Leave `kind` out, or say `kind=chat` or `kind=transcript`.",
            ),
            Self::NobodySpeaks => formatter.write_str(
                "No line of the file begins what somebody says, such as “Pat One: text”, “Pat One 0:03” or “09:41 Pat One: text”. Send the chat or transcript as it was saved, or say `kind=document`.",
            ),
            Self::NoSpeechTable { column: Some(column) } => write!(
                formatter,
                "It cannot be told what column {column} of the table holds, and it may say to whom something was said. Give it a heading (time, name, to, text) or delete it, and try again."
            ),
            Self::NoSpeechTable { column: None } => formatter.write_str(
                "The table has no column of which it can be told that it holds what was said. Give the columns headings (time, name, to, text) and try again; a table of inputs is imported as such.",
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

impl From<encoding::Unknown> for Unreadable {
    fn from(why: encoding::Unknown) -> Self {
        Self::Letters(why)
    }
}

impl std::error::Error for Unreadable {}
