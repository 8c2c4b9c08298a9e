//! What a file is held in, by its first bytes and its name. It must never refuse: reading tells what is wrong.

use super::text::decode;
use super::word::OLD;
use super::{File, table};

/// What holds the text of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holding {
    /// A .docx file, or one that Word wrote before.
    Word,
    /// A table of who said what (CSV).
    Table,
    /// Text: of captions, a chat, a transcript, a document.
    Text,
}

/// What the file is held in; nothing when it is neither text nor a Word file.
pub(super) fn of(file: &File<'_>) -> Option<Holding> {
    let (name, bytes) = (file.name.to_lowercase(), file.bytes);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let packed = bytes.starts_with(b"PK") || bytes.starts_with(OLD);
    if packed {
        let word = matches!(ending, "docx" | "docm" | "dotx" | "doc");
        let inside = |part: &[u8]| part == b"word/document.xml";
        return (word || bytes.windows(17).any(inside)).then_some(Holding::Word);
    }
    if bytes.starts_with(b"{\\rtf") || bytes.starts_with(b"%PDF") {
        return None;
    }
    // What cannot be decoded is refused by who reads it, with the line.
    let text = decode(file).ok();
    let text = text.as_deref().unwrap_or_default().trim_start_matches('\u{feff}');
    let markup = text.trim_start().get(..5).unwrap_or_default().to_lowercase();
    if markup == "<html" || markup == "<!doc" || markup == "<?xml" || text.starts_with("BEGIN:V") {
        return None;
    }
    if text.starts_with(['{', '[']) && ending == "json" {
        return None;
    }
    let table = matches!(ending, "csv" | "tsv") || table::has_header(text);
    Some(if table { Holding::Table } else { Holding::Text })
}
