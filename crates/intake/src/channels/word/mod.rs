//! Word files (.docx) by Word, LibreOffice, Google Docs, pandoc and others: what a reader sees once all changes are
//! accepted, without the headers and footers of pages. It must never open anything that the file only points to, nor
//! unpack more than fits.

mod body;
mod notes;
mod paragraph;
mod run;
mod styles;

use super::gather::{Gather, Said};
use super::headings::Headings;
use super::text::{Row, is_visible};
use super::{Unreadable, Why};
use rapporteur_document::office::Unfit;
use rapporteur_document::office::package::Package;
use rapporteur_document::office::xml::{Event, Reader, name};
use styles::Styles;

/// Bytes that a file may unpack to.
pub(super) const MOST_UNPACKED: u64 = 50 << 20;

impl From<Unfit> for Unreadable {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Damaged => Self::DamagedWord,
            Unfit::TooLarge => Self::UnpacksTooLarge,
        }
    }
}

/// The first bytes of the files that Word wrote before 2007, and of locked ones still.
pub(super) const OLD: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// A paragraph, a list item or a cell, as a reader sees it.
pub(super) struct Piece {
    /// The paragraph of the file, counted from 1.
    pub(super) at: u32,
    /// The level, when it is a heading.
    pub(super) heading: Option<u8>,
    pub(super) text: String,
    pub(super) notes: Vec<String>,
}

/// What a reader sees, as a document: lines under headings.
pub(super) fn document(pieces: &[Piece], gather: &mut Gather) -> Result<(), Unreadable> {
    let mut headings = Headings::default();
    for Piece { at, heading, text, notes } in pieces {
        match heading {
            Some(level) => headings.begin(*level, *at, text, gather)?,
            None => {
                let said = Said { first: *at, last: *at, body: text, notes, ..Said::default() };
                headings.take(&said, gather)?;
            }
        }
    }
    headings.end(0, gather)
}

/// What a reader sees, as rows: what people say has no headings, and its footnotes stand where they are referred to.
pub(super) fn rows(pieces: &[Piece]) -> impl Iterator<Item = Row<'_>> {
    pieces.iter().flat_map(|piece| {
        let texts = std::iter::once(&piece.text).chain(&piece.notes);
        let rows = texts.flat_map(|text| text.split(['\n', '\u{b}']));
        rows.map(|text| Row { number: piece.at, text: text.trim_end_matches('\r') })
    })
}

/// Reads a file into what a reader sees; what is not taken is passed over already.
pub(super) fn read(bytes: &[u8], gather: &mut Gather) -> Result<Vec<Piece>, Unreadable> {
    if bytes.starts_with(OLD) {
        return Err(if is_locked(bytes) { Unreadable::LockedWord } else { Unreadable::OldWord });
    }
    if !bytes.starts_with(b"PK") {
        return Err(Unreadable::NotWord);
    }
    let mut package = Package::open(bytes, MOST_UNPACKED)?;
    let document = package.document()?;
    let styles = match package.related(&document, "styles")? {
        Some((_, xml)) => Styles::read(&xml)?,
        None => Styles::default(),
    };
    let footnotes = package.related(&document, "footnotes")?;
    let endnotes = package.related(&document, "endnotes")?;
    let text = |part: &Option<(String, String)>| part.as_ref().map(|(_, xml)| xml.clone());
    let notes =
        notes::Notes::read(text(&footnotes).as_deref(), text(&endnotes).as_deref(), &styles)?;
    let xml = package.part(&document)?.ok_or(Unreadable::NotWord)?;
    if let Some(tag) = &styles.language {
        gather.language(tag);
    }
    for edge in ["header", "footer"] {
        let part = package.related(&document, edge)?;
        if part.is_some_and(|(_, xml)| has_text(&xml)) {
            gather.pass_over(1, 1, Why::PageEdge)?;
        }
    }
    body::read(&xml, &styles, notes, gather)
}

/// Whether a part shows any text.
fn has_text(xml: &str) -> bool {
    let (mut reader, mut inside) = (Reader::new(xml), false);
    while let Ok(Some(event)) = reader.event() {
        match event {
            Event::Start(start) => inside = name(&start) == "t",
            Event::Text(text) if inside && is_visible(&text) => return true,
            Event::Text(_) | Event::End => {}
        }
    }
    false
}

/// Whether an old container holds a new file that is locked; the names in it are UTF-16.
fn is_locked(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".bytes().flat_map(|byte| [byte, 0]).collect();
    bytes.windows(name.len()).any(|part| part == name)
}
