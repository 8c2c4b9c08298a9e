//! How a run of text looks by itself and by its styles: hidden, raised, of a font of symbols. It must never know what the
//! text says.

use std::borrow::Cow;

use quick_xml::events::BytesStart;

use super::super::{Unreadable, Why};
use super::paragraph::each_inside;
use super::styles::Styles;
use rapporteur_document::office::xml::{Reader, attribute, is_on, name};

/// Whether text stands above or below its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Line,
    Raised,
    Lowered,
}

/// What properties say of text; what they do not say, others do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) style: Option<String>,
    pub(super) hidden: Option<bool>,
    pub(super) level: Option<Level>,
    /// Whether letters stand for the pictures of a font.
    pub(super) symbols: bool,
}

impl Look {
    /// Reads the properties that have just started.
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Unreadable> {
        let mut look = Self::default();
        each_inside(reader, |start| look.learn(start))?;
        Ok(look)
    }

    pub(super) fn learn(&mut self, start: &BytesStart<'_>) {
        match name(start) {
            "rStyle" => self.style = attribute(start, "val"),
            "vanish" => self.hidden = Some(is_on(start)),
            "vertAlign" => {
                self.level = Some(match attribute(start, "val").as_deref() {
                    Some("superscript") => Level::Raised,
                    Some("subscript") => Level::Lowered,
                    _ => Level::Line,
                });
            }
            "rFonts" => {
                let fonts = ["ascii", "hAnsi"].map(|of| attribute(start, of));
                self.symbols = fonts.iter().flatten().any(|font| is_of_symbols(font));
            }
            _ => {}
        }
    }
}

/// Where a run stands: what its paragraph and its table are styled as.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Around<'a> {
    pub(super) paragraph: Option<&'a str>,
    pub(super) table: Option<&'a str>,
}

/// Text as a reader sees it, with what is lost of it.
pub(super) fn seen<'a>(
    styles: &Styles,
    look: &Look,
    around: Around<'_>,
    text: &'a str,
) -> (Cow<'a, str>, Option<Why>) {
    if styles.is_hidden(look, around) {
        return (Cow::Borrowed(""), Some(Why::Hidden));
    }
    let private = |c: char| matches!(c, '\u{e000}'..='\u{f8ff}');
    if look.symbols && text.chars().any(|c| !c.is_whitespace()) {
        return (Cow::Borrowed(" "), Some(Why::Symbol));
    }
    if text.contains(private) {
        return (Cow::Owned(text.replace(private, "")), Some(Why::Symbol));
    }
    match styles.level(look, around) {
        Level::Line => (Cow::Borrowed(text), None),
        level => at_level(text, level),
    }
}

/// The sign that a `sym` shows; nothing when only its font has it.
pub(super) fn symbol(start: &BytesStart<'_>) -> Option<char> {
    let code = attribute(start, "char").and_then(|code| u32::from_str_radix(&code, 16).ok())?;
    let of_font = attribute(start, "font").is_some_and(|font| is_of_symbols(&font));
    let sign = char::from_u32(code).filter(|sign| !sign.is_control())?;
    let private = matches!(code, 0xe000..=0xf8ff) || of_font && code < 0x100;
    (!private).then_some(sign)
}

/// Fonts that show pictures where letters are written.
fn is_of_symbols(font: &str) -> bool {
    let font = font.to_lowercase();
    let unicode = font.contains("segoe") || font.contains("noto") || font.contains("apple");
    !unicode
        && ["symbol", "wingdings", "webdings", "dingbats"].iter().any(|known| font.contains(known))
}

const PLAIN: &str = "0123456789+-−=()ni";
const RAISED: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ";
const LOWERED: &str = "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₙᵢ";

/// Digits above or below the line, as signs of their own: “10²” is not “102”. Words there stay as they are; told is where
/// both stand together.
fn at_level(text: &str, level: Level) -> (Cow<'_, str>, Option<Why>) {
    let signs = if level == Level::Raised { RAISED } else { LOWERED };
    let sign = |c: char| {
        PLAIN.chars().zip(signs.chars()).find(|(plain, _)| *plain == c).map(|(_, sign)| sign)
    };
    let whole = text.chars().all(|c| c.is_whitespace() || sign(c).is_some());
    if !whole && !text.chars().any(|c| c.is_ascii_digit()) {
        return (Cow::Borrowed(text), None);
    }
    let of_digits = |c: char| if whole || !c.is_alphabetic() { sign(c) } else { None };
    let changed = text.chars().map(|c| of_digits(c).unwrap_or(c)).collect();
    (Cow::Owned(changed), (!whole).then_some(Why::Raised))
}
