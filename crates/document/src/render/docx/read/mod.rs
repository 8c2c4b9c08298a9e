//! Reads a file of ours back after somebody edited it in Word or another word processor: what each part of the document now says, as
//! source, with all tracked changes, with none, and with those of each author; comments; and what is not read. Must never open what a
//! file points to, nor unpack or nest more than fits.

mod annotations;
mod lines;
mod notes;
mod passages;
mod pieces;
mod revisions;
mod source;
mod styles;
mod tree;
mod unread;

use crate::document::{Document, Id, LanguageTag};
use crate::office::Unfit;
use crate::office::package::Package;
use crate::office::xml::{Event, Reader, attribute, name};
use crate::render::docx::memory::{self, Memory};
use lines::Lines;
use notes::Notes;
use passages::{Collected, Collector, Known};
use pieces::Surroundings;
use revisions::View;
use source::Maker;
use std::collections::BTreeMap;
use styles::{Role, Styles};

pub use unread::{Unread, UnreadKind};

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
    #[error(
        "the Word file has more comments, or more that is not read, than can be told one by one"
    )]
    TooMany,
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
    /// A line of the first page.
    FirstPage,
    /// A paragraph of the summary.
    Summary,
    /// A heading of this level.
    Heading(u8),
    Numbered,
    Unnumbered,
    /// What stands over a table or a chart.
    Caption,
}

/// A line of the first page, a heading, a caption, or a paragraph with its lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// The part of the document that it was written from; none when its bookmark is gone or somebody added it.
    pub id: Option<Id>,
    /// Other parts that were joined to this one.
    pub joined: Vec<Id>,
    pub kind: Kind,
    /// The language, where it is not that of the document.
    pub language: Option<LanguageTag>,
    /// As `document::inline::parse` reads it, or refuses it and says why. Empty when all text was deleted.
    pub source: String,
    /// Emphasis was left out where source cannot say it.
    pub lost_emphasis: bool,
    /// Somebody made a tracked change in what somebody else had changed.
    pub is_mixed: bool,
}

/// The cells of a table, row by row, and the notes under it as rows of one cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    /// The table; none when its caption lost its bookmark or somebody added it.
    pub id: Option<Id>,
    pub rows: Vec<Vec<String>>,
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// In reading order.
    pub passages: Vec<Passage>,
    /// In reading order.
    pub tables: Vec<Grid>,
}

/// A comment in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileComment {
    /// Its id in the file.
    pub id: String,
    pub author: String,
    pub text: String,
    /// The place of the passage that it is on, among those of the reading with all changes.
    pub passage: Option<usize>,
    /// The words that it is on; empty when it is on the passage as a whole.
    pub quote: String,
    /// The comment that it answers.
    pub answers: Option<String>,
}

/// A file that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WordFile {
    /// With all tracked changes.
    pub accepted: Reading,
    /// With none of them; the same where there are none.
    pub rejected: Reading,
    /// With those of one author, for each of them.
    pub by_author: Vec<(String, Reading)>,
    pub comments: Vec<FileComment>,
    pub unread: Vec<Unread>,
}

/// What a file says of where it comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileOrigin {
    /// `dc:identifier`, to tell whether the file is of the same document.
    pub identifier: Option<String>,
    /// What it was made from, sealed by whoever made it. A file into which somebody took parts of another one may have several.
    pub sealed: Vec<Vec<u8>>,
    /// The marks of what it was made from.
    pub marks: Vec<String>,
    /// The program that saved it last, as it calls itself.
    pub program: Option<String>,
}

fn opened(bytes: &[u8]) -> Result<Package<'_>, ReadError> {
    if !bytes.starts_with(b"PK") {
        return Err(ReadError::NotWord);
    }
    Ok(Package::open(bytes, MOST_UNPACKED)?)
}

/// What a file says of where it comes from.
///
/// # Errors
/// Other files, damaged files, and files that would take more memory than is fit.
pub fn origin(bytes: &[u8]) -> Result<FileOrigin, ReadError> {
    let mut package = opened(bytes)?;
    let document = package.document()?;
    let mut origin = FileOrigin {
        identifier: package.identifier()?,
        marks: package.property(memory::PROPERTY)?.into_iter().collect(),
        ..FileOrigin::default()
    };
    for (_, part) in package.all_related(&document, "customXml")? {
        if let Some((sealed, mark)) = remembered(&part)? {
            origin.sealed.extend(Memory::of_part(&sealed));
            origin.marks.extend(mark);
        }
    }
    if let Some((_, properties)) = package.related("", "extended-properties")? {
        origin.program = element_text(&properties, "Application")?;
    }
    Ok(origin)
}

/// What our part holds, if this is it, and the mark on it.
fn remembered(part: &str) -> Result<Option<(String, Option<String>)>, ReadError> {
    let mut reader = Reader::new(part);
    while let Some(event) = reader.event()? {
        let Event::Start(start) = event else { continue };
        let namespace = attribute(&start, "xmlns");
        if name(&start) != "draft" || !namespace.is_some_and(|one| Memory::is_ours(&one)) {
            return Ok(None);
        }
        let mark = attribute(&start, "mark");
        return Ok(element_text(part, "draft")?.map(|text| (text, mark)));
    }
    Ok(None)
}

fn element_text(part: &str, wanted: &str) -> Result<Option<String>, ReadError> {
    let mut reader = Reader::new(part);
    let mut found: Option<String> = None;
    while let Some(event) = reader.event()? {
        match event {
            Event::Start(start) if name(&start) == wanted => found = Some(String::new()),
            Event::Text(text) => found.iter_mut().for_each(|found| found.push_str(&text)),
            Event::End if found.is_some() => break,
            Event::Start(_) | Event::End => {}
        }
    }
    Ok(found.filter(|text| !text.is_empty()))
}

/// The parts of a file that are read, as text.
struct Parts {
    styles: Styles,
    /// The kind of notes, their text, where their links lead.
    notes: Vec<(&'static str, String, BTreeMap<String, String>)>,
    document: String,
    links: BTreeMap<String, String>,
    comments: String,
    answers: String,
}

impl Parts {
    fn of(package: &mut Package) -> Result<Self, ReadError> {
        let part = package.document()?;
        let text =
            |found: Option<(String, String)>| found.map(|(_, text)| text).unwrap_or_default();
        let styles = text(package.related(&part, "styles")?);
        let styles = Styles::read(&styles, &text(package.related(&part, "numbering")?))?;
        let mut notes = Vec::new();
        for (kind, relation) in [("footnote", "footnotes"), ("endnote", "endnotes")] {
            if let Some((name, xml)) = package.related(&part, relation)? {
                notes.push((kind, xml, package.links(&name)?));
            }
        }
        let links = package.links(&part)?;
        let comments = text(package.related(&part, "comments")?);
        let answers = text(package.related(&part, "commentsExtended")?);
        let document = package.part(&part)?.ok_or(ReadError::NotWord)?;
        Ok(Self { styles, notes, document, links, comments, answers })
    }

    fn reading(&self, view: View, known: &Known) -> Result<Collected, ReadError> {
        let mut notes = Notes::default();
        for (kind, xml, links) in &self.notes {
            notes.add(kind, xml, &Surroundings { styles: &self.styles, links, view })?;
        }
        let around = Surroundings { styles: &self.styles, links: &self.links, view };
        let Lines { mut lines, unread, .. } = Lines::read(&self.document, &around)?;
        if lines.iter().all(|line| line.bookmarks.is_empty()) {
            // What lost its styles with its bookmarks is counted by a list.
            let counted = lines.iter_mut().filter(|line| line.role == Role::Counted);
            counted.for_each(|line| line.role = Role::Numbered);
        }
        let of_notes = std::mem::take(&mut notes.unread);
        let maker = Maker { ids: &known.ids, notes: &mut notes, language: known.language };
        let mut collector = Collector::new(known, maker);
        lines.into_iter().for_each(|line| collector.take(line));
        let mut collected = collector.finish();
        collected.unread.extend(unread);
        collected.unread.extend(of_notes);
        // The pictures of charts are ours, also where a program has lost what they say.
        let mut nameless = known.charts.len();
        collected.unread.retain(|one| {
            let is_chart =
                known.charts.contains(one.text.as_str()) || (one.text.is_empty() && nameless > 0);
            let is_ours = one.kind == UnreadKind::Picture && is_chart;
            nameless -= usize::from(is_ours && one.text.is_empty());
            !is_ours
        });
        Ok(collected)
    }
}

/// Reads a file that was rendered from one of these documents and edited since; the first is the one that it was made from.
///
/// # Errors
/// Other files, damaged files, and files that would take more memory than is fit.
pub fn read(bytes: &[u8], documents: &[&Document]) -> Result<WordFile, ReadError> {
    let parts = Parts::of(&mut opened(bytes)?)?;
    let known = Known::of(documents);
    let Collected { reading: accepted, comments, unread } = parts.reading(View::All, &known)?;
    let all = parts.notes.iter().map(|(_, xml, _)| xml).chain([&parts.document]);
    let authors = revisions::authors(all.map(String::as_str))?;
    let rejected = if authors.is_empty() {
        accepted.clone()
    } else {
        parts.reading(View::None, &known)?.reading
    };
    let mut by_author = Vec::with_capacity(authors.len());
    for author in authors {
        let reading = parts.reading(View::Of(&author), &known)?.reading;
        by_author.push((revisions::told(&author), reading));
    }
    let comments = placed(&parts, &comments)?;
    Ok(WordFile { accepted, rejected, by_author, comments, unread })
}

/// The comments of a file, each with where it stands.
fn placed(
    parts: &Parts,
    places: &[(String, String, Option<usize>)],
) -> Result<Vec<FileComment>, ReadError> {
    let mut by_id: BTreeMap<&str, (&str, Option<usize>)> = BTreeMap::new();
    for (id, quote, passage) in places {
        by_id.entry(id).or_insert((quote, *passage));
    }
    let said = annotations::remarks(&parts.comments)?;
    let answers = annotations::answers(&said, &parts.answers)?;
    let placed = said.into_iter().map(|one| {
        let (quote, passage) = by_id.get(one.id.as_str()).copied().unwrap_or_default();
        let quote = quote.to_owned();
        let answers = answers.get(&one.id).cloned();
        FileComment { id: one.id, author: one.author, text: one.text, passage, quote, answers }
    });
    Ok(placed.filter(|one| !one.text.is_empty()).collect())
}

/// What a document says when its own file is read: what a file that came back is compared with, so that what reading cannot tell
/// differs in neither.
///
/// # Panics
/// Never: a file of ours can be read.
#[must_use]
pub fn reading_of(document: &Document) -> Reading {
    let file = read(&super::render_texts(document), &[document]);
    file.map(|file| file.accepted).unwrap_or_default()
}
