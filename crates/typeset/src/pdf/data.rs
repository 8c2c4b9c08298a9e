//! A numbered document as the template reads it: everything that is printed is written out here, so that the template only sets
//! it. Strings stay strings and are never read as markup. Must never compute a number.

use chrono::Datelike;
use rapporteur_document::document::{
    self, Block, Cell, Column, Direction, Document, Figure, Id, Inline, LanguageTag, Level, List,
    MastheadLine, MastheadNote, Meta, Note, NoteRef, Paragraph, ParagraphPart, Row, Section, Table,
    Words,
};
use rapporteur_document::render::{figure, is_beside_note};
use serde::Serialize;

/// What the template gets.
#[derive(Serialize)]
pub(super) struct Data<'a> {
    meta: Masthead<'a>,
    words: Fixed,
    /// Whether a list of contents stands before the text.
    contents: bool,
    /// Families of fonts, first choice first.
    fonts: Vec<String>,
    summary: Vec<Node<'a>>,
    blocks: Vec<Node<'a>>,
    /// To lines of the first page.
    notes: Vec<MarkedNote<'a>>,
    /// What is compared, and how the marks are to be read, a line each.
    legend: Vec<String>,
}

#[derive(Serialize)]
struct Masthead<'a> {
    symbol: &'a str,
    organ: &'a str,
    title: &'a str,
    subtitle: &'a str,
    /// The same as they are printed.
    printed: Printed<'a>,
    lang: Tongue,
    author: &'a str,
    /// Year, month and day: PDF/A wants a date.
    date: (i32, u32, u32),
}

/// The lines of the first page.
#[derive(Serialize)]
struct Printed<'a> {
    symbol: Vec<Node<'a>>,
    organ: Vec<Vec<Node<'a>>>,
    /// Distribution, date and language, those that there are.
    issue: Vec<Vec<Node<'a>>>,
    meeting: Vec<Vec<Node<'a>>>,
    agenda: Vec<Vec<Node<'a>>>,
    title: Vec<Vec<Node<'a>>>,
    subtitle: Vec<Vec<Node<'a>>>,
}

#[derive(Serialize)]
struct MarkedNote<'a> {
    to: MastheadLine,
    label: String,
    c: Vec<Node<'a>>,
}

#[derive(Serialize)]
struct Fixed {
    united_nations: &'static str,
    summary: &'static str,
    contents: &'static str,
    inserted: &'static str,
    deleted: &'static str,
    end: &'static str,
}

/// A language as Typst sets it.
#[derive(Serialize)]
struct Tongue {
    lang: String,
    region: Option<String>,
    rtl: bool,
}

/// A block or a stretch of a line; a string is text as it is.
#[derive(Serialize)]
#[serde(untagged)]
enum Node<'a> {
    Text(&'a str),
    Made(Made<'a>),
}

#[derive(Serialize)]
#[serde(tag = "t", rename_all = "snake_case")]
enum Made<'a> {
    Section {
        id: &'a str,
        level: u8,
        label: String,
        annex: bool,
        heading: Vec<Node<'a>>,
        remarks: Vec<&'a str>,
        blocks: Vec<Node<'a>>,
    },
    Paragraph {
        id: &'a str,
        number: Option<u32>,
        lang: Option<Tongue>,
        parts: Vec<Node<'a>>,
        remarks: Vec<&'a str>,
    },
    Run {
        c: Vec<Node<'a>>,
    },
    List {
        items: Vec<Item<'a>>,
    },
    Table {
        id: &'a str,
        caption: Vec<Node<'a>>,
        columns: Vec<u16>,
        header: Vec<Vec<Slot<'a>>>,
        rows: Vec<Vec<Slot<'a>>>,
        notes: Vec<Item<'a>>,
    },
    Figure {
        label: String,
        alt: &'a str,
        svg: String,
        table: Box<Node<'a>>,
    },
    Emphasis {
        c: Vec<Node<'a>>,
    },
    Strong {
        c: Vec<Node<'a>>,
    },
    Link {
        href: &'a str,
        c: Vec<Node<'a>>,
    },
    Language {
        lang: Tongue,
        c: Vec<Node<'a>>,
    },
    Note {
        label: String,
        beside: bool,
        c: Vec<Node<'a>>,
    },
    Letter {
        label: String,
        beside: bool,
    },
    Reference {
        to: &'a str,
        s: &'a str,
    },
    Break,
    Marked {
        /// Whether it is gone.
        gone: bool,
        c: Vec<Node<'a>>,
    },
}

/// An item with what stands before it; a bullet when that is nothing.
#[derive(Serialize)]
struct Item<'a> {
    label: Option<String>,
    c: Vec<Node<'a>>,
}

#[derive(Serialize)]
struct Slot<'a> {
    colspan: u16,
    rowspan: u16,
    heading: bool,
    c: Vec<Node<'a>>,
}

impl<'a> Data<'a> {
    pub(super) fn of(
        document: &'a Document,
        front: &'a document::Masthead,
        fonts: Vec<String>,
    ) -> Self {
        let words = Words::of(&document.meta.lang);
        let fixed = Fixed {
            united_nations: words.united_nations,
            summary: words.summary,
            contents: words.contents,
            inserted: words.inserted,
            deleted: words.deleted,
            end: words.end,
        };
        let compared = document.compared.as_deref();
        let legend =
            compared.map(|compared| [words.differences(compared), words.legend.to_owned()]);
        let reader = Reader { document };
        Self {
            meta: masthead(&document.meta, reader.printed(front)),
            words: fixed,
            // The numbers of two documents would be no contents of either.
            contents: compared.is_none() && document.has_contents(),
            fonts,
            summary: document
                .meta
                .summary
                .iter()
                .map(|paragraph| reader.paragraph(paragraph))
                .collect(),
            blocks: reader.blocks(&document.blocks),
            notes: reader.masthead_notes(&document.meta.notes),
            legend: legend.into_iter().flatten().collect(),
        }
    }
}

fn masthead<'a>(meta: &'a Meta, printed: Printed<'a>) -> Masthead<'a> {
    let author = meta.work.as_ref().map_or(meta.organ.as_str(), |work| work.author_name.as_str());
    Masthead {
        symbol: meta.symbol.as_str().trim(),
        organ: meta.organ.as_str().trim(),
        title: meta.title.as_str().trim(),
        subtitle: meta.subtitle.as_str().trim(),
        printed,
        lang: Tongue { rtl: meta.dir == Direction::RightToLeft, ..tongue(&meta.lang) },
        author: author.trim(),
        date: date(meta),
    }
}

/// The day of this text, else of what it is about; a document that tells none gets the first day that computers count from.
fn date(meta: &Meta) -> (i32, u32, u32) {
    let work = meta.work.as_ref();
    let day = work.and_then(|work| work.issued_on.or(work.dated_on)).unwrap_or_default();
    (day.year(), day.month(), day.day())
}

fn tongue(language: &LanguageTag) -> Tongue {
    let is_region =
        |part: &&str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    Tongue {
        lang: language.primary(),
        region: language.as_str().split('-').skip(1).find(is_region).map(str::to_ascii_uppercase),
        rtl: language.direction() == Direction::RightToLeft,
    }
}

struct Reader<'a> {
    document: &'a Document,
}

impl<'a> Reader<'a> {
    fn printed(&self, front: &'a document::Masthead) -> Printed<'a> {
        let lines = |lines: &'a [Vec<Inline>]| lines.iter().map(|line| self.run(line)).collect();
        Printed {
            symbol: self.run(&front.symbol),
            organ: lines(&front.organ),
            issue: lines(&front.release),
            meeting: lines(&front.meeting),
            agenda: lines(&front.agenda),
            title: lines(&front.title),
            subtitle: lines(&front.subtitle),
        }
    }

    fn remarks(&self, id: &Id) -> Vec<&'a str> {
        let all = self.document.compared.iter().flat_map(|compared| &compared.remarks);
        all.filter(|remark| remark.at == *id).map(|remark| remark.text.as_str()).collect()
    }

    fn masthead_notes(&self, notes: &'a [MastheadNote]) -> Vec<MarkedNote<'a>> {
        let marked = |(place, note): (usize, &'a MastheadNote)| MarkedNote {
            to: note.to,
            label: self.document.meta.mark(place),
            c: self.inlines(&note.inlines, false),
        };
        notes.iter().enumerate().map(marked).collect()
    }

    fn blocks(&self, blocks: &'a [Block]) -> Vec<Node<'a>> {
        let block = |block: &'a Block| match block {
            Block::Section(section) => self.section(section),
            Block::Paragraph(paragraph) => self.paragraph(paragraph),
            Block::Table(table) => Node::Made(self.table(table)),
            Block::Figure(figure) => self.figure(figure),
        };
        blocks.iter().map(block).collect()
    }

    fn section(&self, section: &'a Section) -> Node<'a> {
        Node::Made(Made::Section {
            id: section.id.as_str(),
            level: section.level.get(),
            label: section.printed_label(),
            annex: section.annex && section.level == Level::ONE,
            heading: self.run(&section.heading),
            remarks: self.remarks(&section.id),
            blocks: self.blocks(&section.blocks),
        })
    }

    fn paragraph(&self, paragraph: &'a Paragraph) -> Node<'a> {
        let part = |part: &'a ParagraphPart| match part {
            ParagraphPart::Text(inlines) => Node::Made(Made::Run { c: self.run(inlines) }),
            ParagraphPart::List(list) => Node::Made(Made::List { items: self.items(list) }),
        };
        Node::Made(Made::Paragraph {
            id: paragraph.id.as_str(),
            number: paragraph.number,
            lang: paragraph.lang.as_ref().map(tongue),
            parts: paragraph.parts.iter().map(part).collect(),
            remarks: self.remarks(&paragraph.id),
        })
    }

    fn items(&self, list: &'a List) -> Vec<Item<'a>> {
        let entries = list.entries().into_iter();
        entries.map(|(label, inlines)| Item { label, c: self.run(inlines) }).collect()
    }

    fn figure(&self, figure: &'a Figure) -> Node<'a> {
        let meta = &self.document.meta;
        let alt = figure.alt.as_str();
        Node::Made(Made::Figure {
            label: figure.label.clone(),
            alt,
            svg: figure::svg(&figure.chart, alt, meta.dir, meta.lang.as_str()),
            table: Box::new(Node::Made(self.table(&figure.table))),
        })
    }

    fn table(&self, table: &'a Table) -> Made<'a> {
        let below =
            self.document.notes.iter().filter(|note| note.table.as_ref() == Some(&table.id));
        let below = below.map(|note| Item { label: Some(note.label()), c: self.text_of(note) });
        Made::Table {
            id: table.id.as_str(),
            caption: self.run(&table.caption),
            columns: widths(&table.columns),
            header: table.header.iter().map(|row| self.row(row)).collect(),
            rows: table.rows.iter().map(|row| self.row(row)).collect(),
            notes: below.collect(),
        }
    }

    fn row(&self, row: &'a Row) -> Vec<Slot<'a>> {
        let slot = |cell: &'a Cell| Slot {
            colspan: cell.colspan,
            rowspan: cell.rowspan,
            heading: cell.heading,
            c: self.run(&cell.inlines),
        };
        row.cells.iter().map(slot).collect()
    }

    /// A note holds no note; a document that has not been numbered might, even in a circle.
    fn text_of(&self, note: &'a Note) -> Vec<Node<'a>> {
        self.inlines(&note.inlines, false)
    }

    fn run(&self, inlines: &'a [Inline]) -> Vec<Node<'a>> {
        self.inlines(inlines, true)
    }

    fn inlines(&self, inlines: &'a [Inline], notes: bool) -> Vec<Node<'a>> {
        let places = inlines.iter().enumerate();
        places
            .filter_map(|(index, inline)| {
                self.inline(inline, is_beside_note(inlines, index), notes)
            })
            .collect()
    }

    fn inline(&self, inline: &'a Inline, beside: bool, notes: bool) -> Option<Node<'a>> {
        let inside = || self.inlines(inline.children(), notes);
        Some(match inline {
            Inline::Text(text) => Node::Text(text.as_str()),
            Inline::Emphasis(_) => Node::Made(Made::Emphasis { c: inside() }),
            Inline::Strong(_) => Node::Made(Made::Strong { c: inside() }),
            Inline::Link { href, .. } => {
                Node::Made(Made::Link { href: href.as_str(), c: inside() })
            }
            Inline::Language { lang, .. } => {
                Node::Made(Made::Language { lang: tongue(lang), c: inside() })
            }
            Inline::Note(_) if !notes => return None,
            Inline::Note(note) => return self.note(*note, beside),
            Inline::CrossReference { to, text } => {
                Node::Made(Made::Reference { to: to.as_str(), s: text })
            }
            Inline::LineBreak => Node::Made(Made::Break),
            Inline::Marked { mark, .. } => {
                Node::Made(Made::Marked { gone: mark.is_before(), c: inside() })
            }
        })
    }

    fn note(&self, NoteRef(index): NoteRef, beside: bool) -> Option<Node<'a>> {
        let note = self.document.notes.get(index)?;
        let label = note.label();
        Some(Node::Made(match note.table {
            Some(_) => Made::Letter { label, beside },
            None => Made::Note { label, beside, c: self.text_of(note) },
        }))
    }
}

/// A width of nothing would be no column.
fn widths(columns: &[Column]) -> Vec<u16> {
    columns.iter().map(|column| column.width.max(1)).collect()
}
