//! What a file holds and is not read: told with what it says, and never taken for text.

use super::tree::Element;
use crate::document::Id;

/// Characters of it that are told.
const LONGEST: usize = 300;
/// Things of one file that are told. Somebody may have coloured a whole draft, run by run.
pub(super) const MOST: usize = 20_000;

/// A kind of thing that is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnreadKind {
    /// Formatted as hidden text.
    Hidden,
    /// Struck through by hand: it is read as text, its stroke is not.
    Struck,
    /// Marked with a colour by hand: it is read as text, its colour is not.
    Highlighted,
    Picture,
    TextBox,
    /// A workbook or another object of another program.
    Embedded,
    Formula,
    /// A character of a font of pictures.
    Symbol,
    /// A part of another file that a word processor would fetch or unpack (`altChunk`, `subDoc`).
    OtherFile,
}

impl UnreadKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Hidden,
        Self::Struck,
        Self::Highlighted,
        Self::Picture,
        Self::TextBox,
        Self::Embedded,
        Self::Formula,
        Self::Symbol,
        Self::OtherFile,
    ];

    /// Its code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hidden => "hidden_text",
            Self::Struck => "struck_text",
            Self::Highlighted => "highlighted_text",
            Self::Picture => "picture",
            Self::TextBox => "text_box",
            Self::Embedded => "embedded_object",
            Self::Formula => "formula",
            Self::Symbol => "symbol",
            Self::OtherFile => "other_file",
        }
    }
}

/// Something that is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    pub kind: UnreadKind,
    /// Its words, or what stands in place of it; not all of them when they are many.
    pub text: String,
    /// In which section, paragraph or table it stands, if that is one of the document.
    pub at: Option<Id>,
}

impl Unread {
    pub(super) fn of(kind: UnreadKind, element: &Element) -> Self {
        let mut text = String::new();
        let mut found = Found { text: &mut text, description: None, is_box: false };
        found.look(element);
        let (description, is_box) = (found.description, found.is_box);
        let kind = if is_box && kind == UnreadKind::Picture { UnreadKind::TextBox } else { kind };
        if text.trim().is_empty() {
            text = description.unwrap_or_default();
        }
        if kind == UnreadKind::Symbol {
            let of = |name: &str| element.attribute(name).unwrap_or_default().to_owned();
            text = format!("{} {}", of("font"), of("char"));
        }
        Self { kind, text: text.trim().chars().take(LONGEST).collect(), at: None }
    }

    /// A part of another file, which has no words here.
    pub(super) fn other_file() -> Self {
        Self { kind: UnreadKind::OtherFile, text: String::new(), at: None }
    }
}

struct Found<'t> {
    text: &'t mut String,
    description: Option<String>,
    is_box: bool,
}

impl Found<'_> {
    fn look(&mut self, element: &Element) {
        match element.name.as_str() {
            // The same once more, for older programs.
            "Fallback" => return,
            "txbxContent" => self.is_box = true,
            "docPr" => self.description = element.attribute("descr").map(str::to_owned),
            "t" | "delText" if self.text.len() < 4 * LONGEST => self.text.push_str(&element.text),
            "p" if !self.text.is_empty() => self.text.push(' '),
            _ => {}
        }
        element.children.iter().for_each(|child| self.look(child));
    }
}
