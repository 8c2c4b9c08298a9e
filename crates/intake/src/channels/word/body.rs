//! The text of a Word file in reading order: paragraphs, list items and table cells under their headings. It must never
//! show what was deleted, hidden or commented, nor lose anything that a reader sees without telling it.

use quick_xml::events::BytesStart;

use super::super::gather::Gather;
use super::super::headings::LONGEST_HEADING;
use super::super::text::is_visible;
use super::super::{LONGEST_BODY, MOST_LINES, Unreadable, Why};
use super::Piece;
use super::notes::Notes;
use super::paragraph::{Meaning, Paragraph, each_inside, meaning};
use super::run::{Around, Look, seen, symbol};
use super::styles::{Role, Styles};
use rapporteur_document::office::xml::{Event, Reader, attribute, is_on, name};

/// Most elements that may be open at once. What people write stays far below.
const MOST_DEPTH: usize = 1000;
/// What Word calls the gallery that tables of contents come from, in every language.
const CONTENTS: &str = "Table of Contents";

/// An element that is open.
enum Frame {
    Paragraph,
    Run,
    Text,
    /// A row of a table, and why its cells are not taken.
    Row {
        passed_over: Option<Why>,
    },
    /// A table with its style.
    Table {
        style: Option<String>,
    },
    Formula,
    Cell,
    /// A content control, and why its content is not taken.
    Control {
        passed_over: Option<Why>,
    },
    Alternate {
        chosen: bool,
    },
    Other,
}

/// A table cell that is open: most are one line, whatever their paragraphs.
type Cell = Vec<Paragraph>;

struct Walk<'a> {
    reader: Reader<'a>,
    styles: &'a Styles,
    notes: Notes,
    frames: Vec<Frame>,
    /// The paragraphs that are open; a text box has paragraphs inside one.
    paragraphs: Vec<Paragraph>,
    cells: Vec<Cell>,
    /// How each open run looks.
    runs: Vec<Look>,
    /// A paragraph whose end was deleted.
    carried: Option<Paragraph>,
    count: u32,
    pieces: Vec<Piece>,
    gather: &'a mut Gather,
}

pub(super) fn read(
    xml: &str,
    styles: &Styles,
    notes: Notes,
    gather: &mut Gather,
) -> Result<Vec<Piece>, Unreadable> {
    let mut walk = Walk {
        reader: Reader::new(xml),
        styles,
        notes,
        frames: Vec::new(),
        paragraphs: Vec::new(),
        cells: Vec::new(),
        runs: Vec::new(),
        carried: None,
        count: 0,
        pieces: Vec::new(),
        gather,
    };
    while let Some(event) = walk.reader.event()? {
        match event {
            Event::Start(start) => walk.start(&start)?,
            Event::Text(text) => walk.text(&text),
            Event::End => walk.end()?,
        }
    }
    walk.finish()
}

impl Walk<'_> {
    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), Unreadable> {
        let frame = match name(start) {
            "p" => {
                self.begin_paragraph();
                Frame::Paragraph
            }
            "r" => {
                self.runs.push(Look::default());
                Frame::Run
            }
            "tbl" => Frame::Table { style: None },
            "oMath" => Frame::Formula,
            "tc" if self.passes_over_row() => return Ok(self.reader.skip()?),
            "tc" => {
                self.cells.push(Cell::new());
                Frame::Cell
            }
            "tr" => Frame::Row { passed_over: None },
            "sdt" => Frame::Control { passed_over: None },
            "AlternateContent" => Frame::Alternate { chosen: false },
            key @ ("pPr" | "rPr" | "trPr" | "sdtPr" | "tblPr") => return self.properties(key),
            "Choice" | "Fallback" if !self.choose() => return Ok(self.reader.skip()?),
            "sdtContent" => match self.frames.last() {
                Some(Frame::Control { passed_over: Some(why) }) => return self.pass_over(*why),
                _ => Frame::Other,
            },
            key @ ("footnoteReference" | "endnoteReference") => {
                self.refer(key, &attribute(start, "id").unwrap_or_default());
                Frame::Other
            }
            key => match meaning(key) {
                Meaning::Unseen => return Ok(self.reader.skip()?),
                Meaning::Lost(why) => {
                    self.lose(why)?;
                    return Ok(self.reader.skip()?);
                }
                Meaning::Shown(Why::Formula) if !self.in_formula() => Frame::Other,
                Meaning::Shown(why) => {
                    self.lose(why)?;
                    Frame::Other
                }
                Meaning::Symbol => {
                    match symbol(start) {
                        Some(sign) => self.add(sign.encode_utf8(&mut [0; 4])),
                        None => self.lose(Why::Symbol)?,
                    }
                    Frame::Other
                }
                Meaning::Text => Frame::Text,
                Meaning::Inside => Frame::Other,
                Meaning::Sign(sign) => {
                    self.add(sign);
                    Frame::Other
                }
            },
        };
        self.frames.push(frame);
        if self.frames.len() > MOST_DEPTH { Err(Unreadable::DamagedWord) } else { Ok(()) }
    }

    fn properties(&mut self, key: &str) -> Result<(), Unreadable> {
        match (key, self.frames.last_mut()) {
            ("pPr", Some(Frame::Paragraph)) => match self.paragraphs.last_mut() {
                Some(paragraph) => paragraph.learn(&mut self.reader),
                None => Ok(self.reader.skip()?),
            },
            ("rPr", Some(Frame::Run)) => {
                let look = Look::read(&mut self.reader)?;
                if let Some(run) = self.runs.last_mut() {
                    *run = look;
                }
                Ok(())
            }
            ("tblPr", Some(Frame::Table { style })) => each_inside(&mut self.reader, |start| {
                if name(start) == "tblStyle" {
                    *style = attribute(start, "val");
                }
            }),
            ("trPr", Some(Frame::Row { .. })) => {
                let mut why = None;
                each_inside(&mut self.reader, |start| match name(start) {
                    "del" if is_on(start) => why = Some(Why::Deleted),
                    "hidden" if is_on(start) => why = why.or(Some(Why::Hidden)),
                    _ => {}
                })?;
                if let Some(Frame::Row { passed_over }) = self.frames.last_mut() {
                    *passed_over = why;
                }
                why.map_or(Ok(()), |why| self.lose(why))
            }
            ("sdtPr", Some(Frame::Control { passed_over })) => {
                each_inside(&mut self.reader, |start| match name(start) {
                    "showingPlcHdr" if is_on(start) => *passed_over = Some(Why::Placeholder),
                    "docPartGallery" if attribute(start, "val").as_deref() == Some(CONTENTS) => {
                        *passed_over = Some(Why::Contents);
                    }
                    _ => {}
                })
            }
            _ => Ok(self.reader.skip()?),
        }
    }

    /// Passes over the content of a control that has just started.
    fn pass_over(&mut self, why: Why) -> Result<(), Unreadable> {
        let inside = u32::from(self.paragraphs.is_empty());
        let at = self.count.saturating_add(inside);
        self.gather.pass_over(at, at, why)?;
        Ok(self.reader.skip()?)
    }

    /// Notes that something of the paragraph that is open, or of the next one, is not taken.
    fn lose(&mut self, why: Why) -> Result<(), Unreadable> {
        match self.paragraphs.last_mut() {
            Some(paragraph) => {
                paragraph.lost.insert(why);
                Ok(())
            }
            None => {
                let at = self.count.saturating_add(1);
                self.gather.pass_over(at, at, why)
            }
        }
    }

    fn passes_over_row(&self) -> bool {
        matches!(self.frames.last(), Some(Frame::Row { passed_over: Some(_) }))
    }

    fn in_formula(&self) -> bool {
        self.frames.iter().rev().any(|frame| matches!(frame, Frame::Formula))
    }

    /// Of alternatives that show the same, the first is taken.
    fn choose(&mut self) -> bool {
        match self.frames.last_mut() {
            Some(Frame::Alternate { chosen }) => !std::mem::replace(chosen, true),
            _ => true,
        }
    }

    fn begin_paragraph(&mut self) {
        self.count = self.count.saturating_add(1);
        let carried = if self.paragraphs.is_empty() { self.carried.take() } else { None };
        self.paragraphs.push(Paragraph::begin(self.count, carried));
    }

    fn text(&mut self, text: &str) {
        if matches!(self.frames.last(), Some(Frame::Text)) {
            self.add(text);
        }
    }

    fn add(&mut self, text: &str) {
        let table = self.frames.iter().rev().find_map(|frame| match frame {
            Frame::Table { style } => Some(style.as_deref()),
            _ => None,
        });
        let Some(paragraph) = self.paragraphs.last_mut() else { return };
        let plain = Look::default();
        let look = self.runs.last().unwrap_or(&plain);
        let around = Around { paragraph: paragraph.style.as_deref(), table: table.flatten() };
        let (seen, lost) = seen(self.styles, look, around, text);
        // What nobody would see is not missed.
        let lost = lost.filter(|_| is_visible(text));
        paragraph.push(&seen);
        paragraph.lost.extend(lost);
    }

    fn refer(&mut self, element: &str, id: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            let Some(note) = self.notes.take(element, id) else { return };
            paragraph.notes.push(note.text);
            paragraph.lost.extend(note.lost);
        }
    }

    fn end(&mut self) -> Result<(), Unreadable> {
        match self.frames.pop() {
            Some(Frame::Paragraph) => {
                let Some(paragraph) = self.paragraphs.pop() else { return Ok(()) };
                if paragraph.goes_on && self.paragraphs.is_empty() {
                    self.carried = Some(paragraph);
                    return Ok(());
                }
                self.put(paragraph)
            }
            Some(Frame::Run) => {
                self.runs.pop();
                Ok(())
            }
            Some(Frame::Cell) => {
                if let Some(carried) = self.carried.take() {
                    self.put(carried)?;
                }
                self.end_cell()
            }
            _ => Ok(()),
        }
    }

    fn put(&mut self, paragraph: Paragraph) -> Result<(), Unreadable> {
        match self.cells.last_mut() {
            Some(cell) => {
                cell.push(paragraph);
                Ok(())
            }
            None => self.take(&paragraph),
        }
    }

    /// A cell is one line, unless it holds a list, headings or more than fits a line: then each paragraph is one.
    fn end_cell(&mut self) -> Result<(), Unreadable> {
        let cell = self.cells.pop().unwrap_or_default();
        let length: usize = cell.iter().map(|paragraph| paragraph.text.len()).sum();
        let plain = |one: &Paragraph| !one.is_item && one.role(self.styles) == Role::Text;
        if length > LONGEST_BODY || !cell.iter().all(plain) {
            return cell.iter().try_for_each(|paragraph| self.take(paragraph));
        }
        let mut seen = cell.into_iter();
        let Some(mut whole) = seen.next() else { return Ok(()) };
        for paragraph in seen {
            whole.text.push('\n');
            whole.text.push_str(&paragraph.text);
            whole.notes.extend(paragraph.notes);
            whole.lost.extend(paragraph.lost);
        }
        self.take(&whole)
    }

    fn take(&mut self, paragraph: &Paragraph) -> Result<(), Unreadable> {
        let Paragraph { at, text, notes, .. } = paragraph;
        for why in &paragraph.lost {
            self.gather.pass_over(*at, *at, *why)?;
        }
        if !is_visible(text) && notes.is_empty() {
            return Ok(());
        }
        let heading = match paragraph.role(self.styles) {
            Role::Contents => return self.gather.pass_over(*at, *at, Why::Contents),
            // A heading with a footnote, or one as long as a paragraph, says something of its own.
            Role::Heading(level) => {
                Some(level).filter(|_| text.len() <= LONGEST_HEADING && notes.is_empty())
            }
            Role::Text => None,
        };
        self.pieces.push(Piece { at: *at, heading, text: text.clone(), notes: notes.clone() });
        if self.pieces.len() > 2 * MOST_LINES { Err(Unreadable::TooManyLines) } else { Ok(()) }
    }

    fn finish(mut self) -> Result<Vec<Piece>, Unreadable> {
        // The file ends inside an element.
        if !self.frames.is_empty() {
            return Err(Unreadable::DamagedWord);
        }
        if let Some(carried) = self.carried.take() {
            self.put(carried)?;
        }
        Ok(self.pieces)
    }
}
