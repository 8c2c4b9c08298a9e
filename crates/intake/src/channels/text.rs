//! The letters and lines of a text file, in whichever encoding a program saved it. It must never know what they mean.

use super::{File, MOST_TEXT, Unreadable};
use crate::encoding;

/// A line of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    /// Counted from 1.
    pub(super) number: u32,
    /// Without its line end.
    pub(super) text: &'a str,
}

impl Row<'_> {
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// The text of a file, in the charset that its sender names, if it does not say its own.
pub(super) fn decode(file: &File<'_>) -> Result<String, Unreadable> {
    // UTF-16 takes at most twice the bytes of UTF-8.
    if file.bytes.len() > 2 * MOST_TEXT + 2 {
        return Err(Unreadable::TooMuchText);
    }
    let text = encoding::decode(file.bytes, file.content_type.and_then(encoding::charset))?.text;
    if text.len() > MOST_TEXT {
        return Err(Unreadable::TooMuchText);
    }
    Ok(text)
}

/// The number of a line that so many stand before.
pub(super) fn number(before: usize) -> u32 {
    u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
}

/// The lines of a text. A lone carriage return ends a line only where nothing else does: in a chat it may stand inside
/// a private message, and what follows it must not pass for a message of its own.
pub(super) fn rows(text: &str) -> impl Iterator<Item = Row<'_>> {
    let end = if text.contains('\n') { '\n' } else { '\r' };
    text.split(end)
        .enumerate()
        .map(|(before, text)| Row { number: number(before), text: text.trim_matches('\r') })
}

/// Whether a character leaves no mark of its own: joiners, direction marks, fillers.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
    )
}

/// Whether people would see anything of the text.
pub(super) fn is_visible(text: &str) -> bool {
    text.chars().any(|c| !c.is_whitespace() && !is_invisible(c))
}
