//! What people filled into the tables of a Word file, and the comments that they set beside its text, once all tracked changes are
//! accepted. Must never open what a file points to, nor unpack or nest more than fits; who wrote a comment is not read.

use std::collections::BTreeMap;

use super::bookmarks::is_ours;
use super::read::ReadError;
use crate::office::package::Package;
use crate::office::xml::{Event, Reader, attribute, name};

/// Bytes that a file may unpack to.
const MOST_UNPACKED: u64 = 64 << 20;
/// Elements that may be open at once. What people write stays far below.
const MOST_DEPTH: usize = 500;
/// Comments that are read.
const MOST_COMMENTS: usize = 5_000;
/// Bytes of all addresses, each as often as something leads there.
const MOST_ADDRESSES: usize = 16 << 20;
/// Longest stretch of words that a comment is known by, in characters.
const LONGEST_STRETCH: usize = 2_000;

/// What stands in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// Its tables, in order; those inside of others are part of their cells.
    pub tables: Vec<Vec<FormRow>>,
    /// Comments, in the order of the text; those that stand nowhere in it come last.
    pub comments: Vec<MarginComment>,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormRow {
    /// Which row it is, counted from 1, with those that somebody deleted.
    pub number: u32,
    /// Its cells.
    pub cells: Vec<FormCell>,
}

/// A cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormCell {
    /// Its words; a line for each of its paragraphs.
    pub text: String,
    /// Where its links lead.
    pub links: Vec<String>,
}

/// A comment in the margin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarginComment {
    /// What it says.
    pub text: String,
    /// The words that it is set beside; none where it is beside a point.
    pub words: String,
    /// Where these stand.
    pub place: CommentPlace,
}

/// Where a comment stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CommentPlace {
    /// In a table, by its index, and the number of the row.
    Row(usize, u32),
    /// In a section, paragraph or caption of ours: the name of its bookmark.
    Bookmark(String),
    /// Nowhere that is known.
    #[default]
    Nowhere,
}

/// Whether a file is one of Word.
#[must_use]
pub fn is_word(bytes: &[u8]) -> bool {
    let open = || {
        let mut package = Package::open(bytes, MOST_UNPACKED).ok()?;
        let part = package.document().ok()?;
        part.ends_with("document.xml").then_some(())
    };
    bytes.starts_with(b"PK") && open().is_some()
}

/// Reads a file.
///
/// # Errors
/// Other files, damaged files, and files that would take more memory than is fit.
pub fn read_form(bytes: &[u8]) -> Result<Form, ReadError> {
    if !bytes.starts_with(b"PK") {
        return Err(ReadError::NotWord);
    }
    let mut package = Package::open(bytes, MOST_UNPACKED)?;
    let part = package.document()?;
    let said = match package.related(&part, "comments")? {
        Some((_, xml)) => said(&xml)?,
        None => BTreeMap::new(),
    };
    let links = package.links(&part)?;
    let xml = package.part(&part)?.ok_or(ReadError::NotWord)?;
    let mut body = Body { links, ..Body::default() };
    body.read(&xml)?;
    Ok(body.finish(said))
}

/// What each comment of a file says, by its number there.
fn said(xml: &str) -> Result<BTreeMap<String, String>, ReadError> {
    let (mut said, mut open): (BTreeMap<String, String>, _) = (BTreeMap::new(), None);
    let mut reader = Reader::new(xml);
    let mut text = Words::default();
    while let Some(event) = reader.event()? {
        if let Event::Start(start) = &event
            && name(start) == "comment"
        {
            if said.len() == MOST_COMMENTS {
                return Err(ReadError::TooLarge);
            }
            let id = attribute(start, "id").unwrap_or_default();
            said.insert(id.clone(), String::new());
            (open, text) = (Some(id), Words { depth: text.depth, ..Words::default() });
        }
        let added = text.take(&event)?;
        if let Some(text) = open.as_ref().and_then(|id| said.get_mut(id)) {
            add(text, &added);
        }
    }
    Ok(said)
}

/// Adds words; that a paragraph begins parts them from what stands before it, if anything does.
fn add(text: &mut String, added: &Added) {
    match added {
        Added::Nothing => {}
        Added::Line if text.is_empty() => {}
        Added::Line => text.push('\n'),
        Added::Text(more) => text.push_str(more),
    }
}

/// What an event adds to the text.
enum Added {
    Nothing,
    /// A paragraph begins, or a line.
    Line,
    Text(String),
}

/// Tells words that count from those that were deleted, and from properties and codes.
#[derive(Default)]
struct Words {
    depth: Vec<String>,
    /// How many of what is open holds no text that counts.
    apart: usize,
    code: String,
}

/// Elements in which nothing is text of the file.
fn is_apart(name: &str) -> bool {
    let apart = [
        "del",
        "moveFrom",
        "instrText",
        "delText",
        "delInstrText",
        "pPr",
        "rPr",
        "tblPr",
        "tcPr",
        "sdtPr",
        "sectPr",
        "AlternateContent",
        "drawing",
        "pict",
        "object",
    ];
    apart.contains(&name)
}

impl Words {
    fn take(&mut self, event: &Event<'_>) -> Result<Added, ReadError> {
        match event {
            Event::Start(start) => {
                let key = name(start);
                if self.depth.len() == MOST_DEPTH {
                    return Err(ReadError::TooDeep);
                }
                self.depth.push(key.to_owned());
                self.apart += usize::from(is_apart(key));
                Ok(match key {
                    _ if self.apart > 0 => Added::Nothing,
                    "p" | "br" | "cr" => Added::Line,
                    "tab" => Added::Text(" ".to_owned()),
                    "noBreakHyphen" => Added::Text("\u{2011}".to_owned()),
                    _ => Added::Nothing,
                })
            }
            Event::End => {
                let key = self.depth.pop().ok_or(ReadError::Damaged)?;
                self.apart -= usize::from(is_apart(&key));
                Ok(Added::Nothing)
            }
            Event::Text(text) => {
                let inside = self.depth.last().map_or("", String::as_str);
                if inside == "instrText" && self.apart == 1 {
                    self.code.push_str(text);
                }
                let counts = inside == "t" && self.apart == 0;
                Ok(if counts { Added::Text(text.clone()) } else { Added::Nothing })
            }
        }
    }
}

/// Where a comment stands, and which words of the text it is set beside.
#[derive(Default)]
struct Mark {
    place: CommentPlace,
    words: std::ops::Range<usize>,
}

/// The text of a file while it is read.
#[derive(Default)]
struct Body {
    links: BTreeMap<String, String>,
    /// Bytes of all addresses that were met.
    addresses: usize,
    words: Words,
    /// All that counts, for the words of comments.
    text: String,
    tables: Vec<Vec<FormRow>>,
    /// How many tables are open.
    inside: usize,
    /// Rows of the table that is open, with those that were deleted.
    rows: u32,
    is_deleted: bool,
    marks: BTreeMap<String, Mark>,
    order: Vec<String>,
    /// Comments that begin in the paragraph that is open.
    begun: Vec<String>,
    /// Our bookmark that began last.
    bookmark: Option<String>,
}

impl Body {
    fn read(&mut self, xml: &str) -> Result<(), ReadError> {
        let mut reader = Reader::new(xml);
        while let Some(event) = reader.event()? {
            let ended = self.words.depth.last().cloned();
            let added = self.words.take(&event)?;
            add(&mut self.text, &added);
            if let Some(cell) = self.cell() {
                add(&mut cell.text, &added);
            }
            match &event {
                Event::Start(start) => {
                    let (id, named) = (attribute(start, "id"), attribute(start, "name"));
                    self.open(name(start), id, named)?;
                }
                Event::End => self.end(ended.as_deref().unwrap_or_default()),
                Event::Text(_) => {}
            }
        }
        if self.words.depth.is_empty() { Ok(()) } else { Err(ReadError::Damaged) }
    }

    fn cell(&mut self) -> Option<&mut FormCell> {
        if self.inside == 0 {
            return None;
        }
        self.tables.last_mut()?.last_mut()?.cells.last_mut()
    }

    fn open(
        &mut self,
        key: &str,
        id: Option<String>,
        named: Option<String>,
    ) -> Result<(), ReadError> {
        let outermost = self.inside == 1;
        match (key, id) {
            ("tbl", _) => {
                self.inside += 1;
                if self.inside == 1 {
                    self.tables.push(Vec::new());
                    self.rows = 0;
                }
            }
            ("tr", _) if outermost => {
                self.rows += 1;
                self.is_deleted = false;
                let row = FormRow { number: self.rows, cells: Vec::new() };
                self.tables.last_mut().into_iter().for_each(|table| table.push(row.clone()));
            }
            ("tc", _) if outermost => {
                let row = self.tables.last_mut().and_then(|table| table.last_mut());
                row.into_iter().for_each(|row| row.cells.push(FormCell::default()));
            }
            ("del", _) if outermost => {
                let above = self.words.depth.iter().rev().nth(1).map(String::as_str);
                self.is_deleted |= above == Some("trPr");
            }
            ("hyperlink", Some(id)) => {
                let link = self.links.get(&id).cloned();
                self.addresses += link.as_ref().map_or(0, String::len);
                if self.addresses > MOST_ADDRESSES {
                    return Err(ReadError::TooLarge);
                }
                self.cell().into_iter().for_each(|cell| cell.links.extend(link.clone()));
            }
            ("bookmarkStart", _) if named.as_deref().is_some_and(is_ours) => self.bookmark = named,
            ("commentRangeStart" | "commentReference", Some(id)) => self.begin(id)?,
            ("commentRangeEnd", Some(id)) => {
                let end = self.text.len();
                self.marks.get_mut(&id).into_iter().for_each(|mark| mark.words.end = end);
            }
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, id: String) -> Result<(), ReadError> {
        if self.marks.contains_key(&id) {
            return Ok(());
        }
        if self.marks.len() == MOST_COMMENTS {
            return Err(ReadError::TooLarge);
        }
        let place = match self.inside {
            0 => {
                self.begun.push(id.clone());
                CommentPlace::Nowhere
            }
            _ => CommentPlace::Row(self.tables.len() - 1, self.rows),
        };
        let at = self.text.len();
        self.marks.insert(id.clone(), Mark { place, words: at..at });
        self.order.push(id);
        Ok(())
    }

    fn end(&mut self, key: &str) {
        match key {
            "tbl" => self.inside = self.inside.saturating_sub(1),
            "tr" if self.inside == 1 && self.is_deleted => {
                self.tables.last_mut().into_iter().for_each(|table| drop(table.pop()));
            }
            "instrText" => self.field(),
            // Word puts a comment before the bookmark of the paragraph that it begins with.
            "p" => {
                for id in std::mem::take(&mut self.begun) {
                    let place =
                        self.bookmark.clone().map_or(CommentPlace::Nowhere, CommentPlace::Bookmark);
                    self.marks.get_mut(&id).into_iter().for_each(|mark| mark.place = place.clone());
                }
            }
            _ => {}
        }
    }

    /// A link that is written as a field: `HYPERLINK "https://…"`.
    fn field(&mut self) {
        let code = std::mem::take(&mut self.words.code);
        let link = code.trim().strip_prefix("HYPERLINK").and_then(|rest| rest.split('"').nth(1));
        if let (Some(link), Some(cell)) = (link.map(str::to_owned), self.cell()) {
            cell.links.push(link);
        }
    }

    fn finish(self, mut said: BTreeMap<String, String>) -> Form {
        let Self { text, tables, marks, order, .. } = self;
        let words = |mark: &Mark| {
            let words = text.get(mark.words.clone()).unwrap_or_default();
            // Cut first: thousands of comments may be on the same blanks.
            words.chars().take(LONGEST_STRETCH).collect::<String>().trim().to_owned()
        };
        let placed = order.iter().filter_map(|id| {
            let (said, mark) = (said.remove(id)?, marks.get(id)?);
            Some(MarginComment { text: said, words: words(mark), place: mark.place.clone() })
        });
        let mut comments: Vec<MarginComment> = placed.collect();
        comments.extend(said.into_values().map(|text| MarginComment {
            text,
            words: String::new(),
            place: CommentPlace::Nowhere,
        }));
        comments.retain_mut(|comment| {
            comment.text = comment.text.trim().to_owned();
            !comment.text.is_empty()
        });
        Form { tables, comments }
    }
}
