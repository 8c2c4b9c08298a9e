//! A paragraph of a Word file: its text while it grows, and what its properties say. It must never know where in the
//! file it stands.

use std::collections::BTreeSet;

use quick_xml::events::BytesStart;

use super::super::{Unreadable, Why};
use super::styles::{Role, Styles};
use rapporteur_document::office::xml::{Event, Reader, attribute, name};

/// A paragraph.
#[derive(Debug, Default)]
pub(super) struct Paragraph {
    /// Counted from 1 through the document.
    pub(super) at: u32,
    pub(super) text: String,
    pub(super) notes: Vec<String>,
    pub(super) is_item: bool,
    /// What of it is not taken.
    pub(super) lost: BTreeSet<Why>,
    /// Somebody deleted its end: it goes on with the paragraph that follows.
    pub(super) goes_on: bool,
    pub(super) style: Option<String>,
    level: Option<u8>,
}

impl Paragraph {
    /// A paragraph begins, which may go on with what one before left.
    pub(super) fn begin(at: u32, before: Option<Self>) -> Self {
        let before = before.unwrap_or(Self { at, ..Self::default() });
        // What it is, the last of them says.
        Self { goes_on: false, is_item: false, style: None, level: None, ..before }
    }

    pub(super) fn role(&self, styles: &Styles) -> Role {
        match (self.level, &self.style) {
            (Some(level), _) if level < 9 => Role::Heading(level + 1),
            (Some(_), _) | (None, None) => Role::Text,
            (None, Some(style)) => styles.role(style),
        }
    }

    /// Reads the properties that have just started.
    pub(super) fn learn(&mut self, reader: &mut Reader<'_>) -> Result<(), Unreadable> {
        each_inside(reader, |start| match name(start) {
            "pStyle" => self.style = attribute(start, "val"),
            "outlineLvl" => {
                self.level = attribute(start, "val").and_then(|level| level.parse().ok());
            }
            "numId" => self.is_item = attribute(start, "val").is_some_and(|id| id != "0"),
            "del" | "moveFrom" => self.goes_on = true,
            _ => {}
        })
    }

    /// Adds text. Soft hyphens only say where a word may be divided; control characters are not allowed in XML.
    pub(super) fn push(&mut self, text: &str) {
        push(&mut self.text, text);
    }
}

/// As [`Paragraph::push`].
pub(super) fn push(to: &mut String, text: &str) {
    let kept = |c: &char| *c != '\u{ad}' && (!c.is_control() || matches!(c, '\t' | '\n' | '\r'));
    to.extend(text.chars().filter(kept));
}

/// What an element means for the text around it.
pub(super) enum Meaning {
    /// It and all inside is not seen, and nobody misses it: what moved elsewhere, how something was before, the codes of
    /// fields, sounds above Chinese characters, properties.
    Unseen,
    /// It and all inside is not taken, which is told.
    Lost(Why),
    /// What it shows is not taken, which is told; what is inside may be.
    Shown(Why),
    /// A sign by the number of its font.
    Symbol,
    /// Its text is seen.
    Text,
    /// It stands for this text.
    Sign(&'static str),
    /// What is inside may be seen.
    Inside,
}

/// What an element of this name means.
pub(super) fn meaning(name: &str) -> Meaning {
    match name {
        "moveFrom" | "delText" | "delInstrText" | "instrText" | "fldData" | "rt" | "tblPr"
        | "tblPrEx" | "tblGrid" | "tcPr" | "sectPr" | "rPrChange" | "binData" => Meaning::Unseen,
        "del" => Meaning::Lost(Why::Deleted),
        "altChunk" | "subDoc" => Meaning::Lost(Why::Embedded),
        "OLEObject" | "contentPart" => Meaning::Shown(Why::Embedded),
        "blip" | "imagedata" | "chart" | "relIds" => Meaning::Shown(Why::Picture),
        "commentReference" => Meaning::Shown(Why::Comment),
        "checkBox" | "ddList" => Meaning::Shown(Why::FormField),
        "sSup" | "sSub" | "sSubSup" | "sPre" | "rad" | "nary" | "eqArr" | "limLow" | "limUpp"
        | "num" => Meaning::Shown(Why::Formula),
        "sym" => Meaning::Symbol,
        "t" => Meaning::Text,
        "br" | "cr" => Meaning::Sign("\n"),
        "tab" | "ptab" => Meaning::Sign("\t"),
        "noBreakHyphen" => Meaning::Sign("\u{2011}"),
        // Also `softHyphen`, which people do not see.
        _ => Meaning::Inside,
    }
}

/// Shows every element of the properties that have just started, but not how they were before a change.
pub(super) fn each_inside(
    reader: &mut Reader<'_>,
    mut show: impl FnMut(&BytesStart<'_>),
) -> Result<(), Unreadable> {
    let mut depth = 1_usize;
    while depth > 0 {
        match reader.event()? {
            Some(Event::Start(start)) if matches!(name(&start), "pPrChange" | "rPrChange") => {
                reader.skip()?;
            }
            Some(Event::Start(start)) => {
                show(&start);
                depth += 1;
            }
            Some(Event::End) => depth -= 1,
            Some(Event::Text(_)) => {}
            None => return Err(Unreadable::DamagedWord),
        }
    }
    Ok(())
}
