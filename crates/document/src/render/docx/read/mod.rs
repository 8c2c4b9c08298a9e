//! Reads a file of ours back after somebody edited it in Word or LibreOffice: what each section and paragraph of the document now
//! says, as source, and what was added. All tracked changes count as accepted. Must never open what a file points to, nor unpack
//! or nest more than fits.

mod lines;
mod notes;
mod passages;
mod pieces;
mod source;
mod styles;
mod tree;

use crate::document::{Document, Id, LanguageTag};
use crate::office::Unfit;
use crate::office::package::Package;
use lines::Lines;
use notes::Notes;
use passages::{Collector, Known};
use pieces::Surroundings;
use source::Maker;
use std::collections::BTreeSet;
use styles::Styles;

/// Why a file could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("this is not a Word file (.docx)")]
    NotWord,
    #[error("the Word file is damaged")]
    Damaged,
    #[error("the Word file unpacks to more than can be read")]
    TooLarge,
    #[error("tables, fields or other elements of the Word file are nested too deeply")]
    TooDeep,
}

/// Bytes that a file may unpack to.
const MOST_UNPACKED: u64 = 256 << 20;

impl From<Unfit> for ReadError {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Damaged => Self::Damaged,
            Unfit::TooLarge => Self::TooLarge,
        }
    }
}

/// What a passage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A heading of this level.
    Heading(u8),
    Numbered,
    Unnumbered,
}

/// A heading, or a paragraph with its lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// The section or paragraph of the document that it was written from; none when its bookmark is gone or somebody added it.
    pub id: Option<Id>,
    /// Other paragraphs that were joined to this one.
    pub joined: Vec<Id>,
    pub kind: Kind,
    /// The language, where it is not that of the document.
    pub language: Option<LanguageTag>,
    /// As `document::inline::parse` reads it, or refuses it and says why. Empty when all text was deleted.
    pub source: String,
    /// Emphasis was left out where source cannot say it.
    pub lost_emphasis: bool,
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// `dc:identifier`, to tell whether the file is of the same document.
    pub identifier: Option<String>,
    /// In reading order. Title, masthead, captions and tables are not read.
    pub passages: Vec<Passage>,
    /// Sections and paragraphs of which nothing is left, in the order of the document.
    pub missing: Vec<Id>,
    /// Pictures, text boxes and formulas that were passed over.
    pub objects: usize,
}

/// Reads a file that was rendered from `document` and edited since.
///
/// # Errors
/// Other files, damaged files, and files that would take more memory than is fit.
pub fn read(bytes: &[u8], document: &Document) -> Result<Reading, ReadError> {
    if !bytes.starts_with(b"PK") {
        return Err(ReadError::NotWord);
    }
    let mut package = Package::open(bytes, MOST_UNPACKED)?;
    let part = package.document()?;
    let text = |found: Option<(String, String)>| found.map(|(_, text)| text).unwrap_or_default();
    let styles = text(package.related(&part, "styles")?);
    let styles = Styles::read(&styles, &text(package.related(&part, "numbering")?))?;
    let mut notes = Notes::default();
    for (kind, relation) in [("footnote", "footnotes"), ("endnote", "endnotes")] {
        if let Some((name, xml)) = package.related(&part, relation)? {
            let links = package.links(&name)?;
            notes.add(kind, &xml, &Surroundings { styles: &styles, links: &links })?;
        }
    }
    let links = package.links(&part)?;
    let xml = package.part(&part)?.ok_or(ReadError::NotWord)?;
    let lines = Lines::read(&xml, &Surroundings { styles: &styles, links: &links })?;
    let known = Known::of(document);
    let maker = Maker { ids: &known.ids, notes: &mut notes, language: &document.meta.lang };
    let mut collector = Collector::new(&known, maker);
    lines.lines.into_iter().for_each(|line| collector.take(line));
    let passages = collector.finish();
    let found: BTreeSet<&Id> =
        passages.iter().flat_map(|one| one.id.iter().chain(&one.joined)).collect();
    let missing = known.passages.iter().filter(|id| !found.contains(*id));
    let missing = missing.map(|&id| id.clone()).collect();
    // The pictures of charts are ours.
    let objects = lines.objects.saturating_sub(document.figures());
    Ok(Reading { identifier: package.identifier()?, passages, missing, objects })
}
