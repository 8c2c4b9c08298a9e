//! Which program saved a file, by its first bytes and its name. It must never refuse: reading tells what is wrong.

use super::text::{decode, rows};
use super::word::OLD;
use super::{Kind, zoom_chat};

/// Lines in which a chat must show itself.
const LINES_LOOKED_AT: usize = 50;

/// What kind of file it seems to be; nothing when it is neither text nor a Word file.
#[must_use]
pub fn guess(file_name: &str, bytes: &[u8]) -> Option<Kind> {
    let name = file_name.to_lowercase();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let packed = bytes.starts_with(b"PK") || bytes.starts_with(OLD);
    if packed {
        let word = matches!(ending, "docx" | "docm" | "dotx" | "doc");
        let inside = |part: &[u8]| part == b"word/document.xml";
        return (word || bytes.windows(17).any(inside)).then_some(Kind::Word);
    }
    if bytes.starts_with(b"{\\rtf") || bytes.starts_with(b"%PDF") {
        return None;
    }
    let text = decode(bytes).ok()?;
    let text = text.trim_start_matches('\u{feff}');
    if text.starts_with("WEBVTT") || matches!(ending, "vtt" | "srt") {
        return Some(Kind::WebVtt);
    }
    let chat = rows(text).take(LINES_LOOKED_AT).any(|row| zoom_chat::begins_message(row.text));
    Some(if chat { Kind::ZoomChat } else { Kind::PlainText })
}
