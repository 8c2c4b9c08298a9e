//! The differences that a document shows, one by one, with their places: for programs, for people, and for lists of changes. Must
//! never find a difference by itself; it reads the marks.

use std::collections::BTreeMap;
use std::ops::Range;

use super::words::Side;
use crate::document::{
    Block, Document, Figure, Id, Inline, List, Mark, Masthead, NoteRef, Paragraph, ParagraphPart,
    Row, Section, Table, wholly,
};
use crate::sentences;

/// Where something differs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    /// A line of the first page, by the name of its field: "title".
    FirstPage(&'static str),
    /// A paragraph of the summary.
    Summary,
    /// The heading of a section, with its label.
    Heading(String),
    /// A numbered paragraph.
    Paragraph(u32),
    /// A paragraph without a number.
    Text,
    /// The caption of a table or figure, or what stands in it.
    Table(String),
    /// A footnote by its number, or of a table by its letter.
    Note(String),
}

/// What differs at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Altered {
    /// The place; of what is gone, where it stood.
    pub spot: Spot,
    /// The item of a list in the paragraph: "(b)".
    pub item: Option<String>,
    /// The paragraph, section or table; none for the first page.
    pub id: Option<Id>,
    /// How all of it stands; none where it stands in both and its words differ.
    pub mark: Option<Mark>,
    /// Its words in both, in order.
    pub words: Vec<(Side, String)>,
}

/// Every difference that a document shows, in reading order.
#[must_use]
pub fn of(document: &Document) -> Vec<Altered> {
    let mut lister = Lister { document, found: Vec::new() };
    lister.front();
    lister.blocks(&document.blocks);
    lister.found
}

/// The number that each numbered paragraph of a document has, by its id.
#[must_use]
pub fn numbers(document: &Document) -> BTreeMap<Id, u32> {
    fn collect(blocks: &[Block], numbers: &mut BTreeMap<Id, u32>) {
        for block in blocks {
            match block {
                Block::Section(section) => collect(&section.blocks, numbers),
                Block::Paragraph(Paragraph { id, number: Some(number), .. }) => {
                    numbers.insert(id.clone(), *number);
                }
                Block::Paragraph(_) | Block::Table(_) | Block::Figure(_) => {}
            }
        }
    }
    let mut numbers = BTreeMap::new();
    collect(&document.blocks, &mut numbers);
    numbers
}

struct Lister<'a> {
    document: &'a Document,
    found: Vec<Altered>,
}

impl<'a> Lister<'a> {
    fn front(&mut self) {
        let Masthead { symbol, organ, release, meeting, agenda, title, subtitle } =
            self.document.masthead();
        self.line(Spot::FirstPage("symbol"), None, None, &symbol);
        let fields = [
            ("organ", organ),
            ("release", release),
            ("meeting", meeting),
            ("agenda_items", agenda),
            ("title", title),
            ("subtitle", subtitle),
        ];
        for (name, lines) in fields {
            lines.iter().for_each(|line| self.line(Spot::FirstPage(name), None, None, line));
        }
        for note in &self.document.meta.notes {
            self.line(Spot::FirstPage("note"), None, None, &note.inlines);
        }
        for paragraph in &self.document.meta.summary {
            self.paragraph(Spot::Summary, paragraph);
        }
    }

    fn blocks(&mut self, blocks: &'a [Block]) {
        for block in blocks {
            match block {
                Block::Section(section) => self.section(section),
                Block::Paragraph(paragraph) => {
                    let spot = paragraph.number.map_or(Spot::Text, Spot::Paragraph);
                    self.paragraph(spot, paragraph);
                }
                Block::Table(table) => self.table(table),
                Block::Figure(Figure { table, .. }) => self.table(table),
            }
        }
    }

    fn section(&mut self, section: &'a Section) {
        let spot = Spot::Heading(section.label.clone());
        self.line(spot, None, Some(&section.id), &section.heading);
        self.blocks(&section.blocks);
    }

    /// A paragraph that stands in one of the two is one difference, however many lines it has.
    fn paragraph(&mut self, spot: Spot, paragraph: &'a Paragraph) {
        if let Some(mark) = paragraph.mark() {
            let mut words = Vec::new();
            for (at, run) in paragraph.runs().into_iter().enumerate() {
                if at > 0 {
                    add(&mut words, side(mark), "\n");
                }
                self.words(run, None, &mut words);
            }
            let id = Some(paragraph.id.clone());
            self.found.push(Altered { spot, item: None, id, mark: Some(mark), words });
            return;
        }
        for part in &paragraph.parts {
            match part {
                ParagraphPart::Text(inlines) => {
                    self.line(spot.clone(), None, Some(&paragraph.id), inlines);
                }
                ParagraphPart::List(list) => self.list(&spot, &paragraph.id, list),
            }
        }
    }

    fn list(&mut self, spot: &Spot, id: &Id, list: &'a List) {
        for (label, inlines) in list.entries() {
            self.line(spot.clone(), label, Some(id), inlines);
        }
    }

    fn table(&mut self, table: &'a Table) {
        let spot = Spot::Table(crate::document::inline::plain_text(&table.caption));
        if let Some(mark) = wholly(&table.caption) {
            let mut words = Vec::new();
            self.words(&table.caption, None, &mut words);
            let id = Some(table.id.clone());
            self.found.push(Altered { spot, item: None, id, mark: Some(mark), words });
            return;
        }
        for run in table.runs() {
            self.line(spot.clone(), None, Some(&table.id), run);
        }
    }

    /// A line, if anything differs in it, and its notes that differ though they stand in both.
    fn line(&mut self, spot: Spot, item: Option<String>, id: Option<&Id>, inlines: &[Inline]) {
        let mut words = Vec::new();
        self.words(inlines, None, &mut words);
        if has_marks(inlines) && !words.is_empty() {
            let (id, mark) = (id.cloned(), wholly(inlines));
            self.found.push(Altered { spot, item, id, mark, words });
        }
        let mut notes = Vec::new();
        kept_notes(inlines, &mut notes);
        for index in notes {
            let Some(note) = self.document.notes.get(index) else { continue };
            let inlines = note.inlines.clone();
            self.line(Spot::Note(note.label()), None, None, &inlines);
        }
    }

    /// The words of a run; of notes that are gone or new, their text in brackets.
    fn words(&self, inlines: &[Inline], mark: Option<Mark>, words: &mut Vec<(Side, String)>) {
        for inline in inlines {
            let here = mark.map_or(Side::Both, side);
            match inline {
                Inline::Text(text) => add(words, here, text.as_str()),
                Inline::LineBreak => add(words, here, " "),
                Inline::CrossReference { text, .. } => add(words, here, text),
                Inline::Note(NoteRef(index)) => {
                    if let (Some(_), Some(note)) = (mark, self.document.notes.get(*index)) {
                        add(words, here, " [");
                        self.words(&note.inlines, mark, words);
                        add(words, here, "]");
                    }
                }
                // Within what has moved, what differs; and what has moved stands in both.
                Inline::Marked { mark: inner, inlines } => self.words(inlines, Some(*inner), words),
                other => self.words(other.children(), mark, words),
            }
        }
    }
}

fn side(mark: Mark) -> Side {
    match mark {
        Mark::Inserted => Side::After,
        Mark::Deleted => Side::Before,
        Mark::MovedHere | Mark::MovedAway => Side::Both,
    }
}

fn add(words: &mut Vec<(Side, String)>, side: Side, text: &str) {
    match words.last_mut().filter(|(last, _)| *last == side) {
        _ if text.is_empty() => {}
        Some((_, before)) => before.push_str(text),
        None => words.push((side, text.to_owned())),
    }
}

fn has_marks(inlines: &[Inline]) -> bool {
    inlines
        .iter()
        .any(|inline| matches!(inline, Inline::Marked { .. }) || has_marks(inline.children()))
}

fn kept_notes(inlines: &[Inline], notes: &mut Vec<usize>) {
    for inline in inlines {
        match inline {
            Inline::Note(NoteRef(index)) => notes.push(*index),
            Inline::Marked { mark: Mark::MovedHere, .. } => kept_notes(inline.children(), notes),
            Inline::Marked { .. } => {}
            other => kept_notes(other.children(), notes),
        }
    }
}

impl Row {
    /// The mark that all of its cells carry, if they do.
    #[must_use]
    pub fn mark(&self) -> Option<Mark> {
        common(self.cells.iter().map(|cell| wholly(&cell.inlines)))
    }
}

/// The one mark of all that there are.
pub(crate) fn common(mut marks: impl Iterator<Item = Option<Mark>>) -> Option<Mark> {
    let first = marks.next().flatten()?;
    marks.all(|mark| mark == Some(first)).then_some(first)
}

impl Paragraph {
    /// The mark that all of its lines carry, if they do.
    #[must_use]
    pub fn mark(&self) -> Option<Mark> {
        common(self.runs().into_iter().map(wholly))
    }
}

/// A stretch of words that reads otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// In which sentence of the earlier text it stands, from 1.
    pub sentence: usize,
    /// The last words before it that stand in both; empty at the beginning.
    pub after: String,
    /// The words that are gone.
    pub gone: String,
    /// The words that are new.
    pub come: String,
}

/// Words that stand before an insertion are told so many at least.
const TOLD_BEFORE: usize = 3;
/// So many words are told beside those that read otherwise, at most.
const TOLD_BESIDE: usize = 8;

/// The stretches of a line that read otherwise, in order. What is told of the earlier text stands in its sentence once, as far as words
/// around it can tell it from others, and is no bare figure.
#[must_use]
pub fn edits(words: &[(Side, String)]) -> Vec<Edit> {
    let (mut text, mut places) = (String::new(), Vec::<(Range<usize>, String)>::new());
    let mut open = false;
    for (side, words) in words {
        if *side != Side::Both && !open {
            places.push((text.len()..text.len(), String::new()));
        }
        open = *side != Side::Both;
        if *side != Side::After {
            text.push_str(words);
        }
        match places.last_mut().filter(|_| open) {
            Some((place, _)) if *side == Side::Before => place.end = text.len(),
            Some((_, come)) => come.push_str(words),
            None => {}
        }
    }
    let sentences = sentences::of(&text);
    let told = places.iter().enumerate().map(|(nth, (place, come))| {
        let mut sentence = sentences.partition_point(|one| one.end <= place.start);
        if sentence == sentences.len() && !sentences::is_over(&text) {
            sentence = sentence.saturating_sub(1);
        }
        // What begins a sentence is told by the end of the one before.
        let earlier = sentences.get(sentence.saturating_sub(1)).map_or(0, |one| one.start);
        let within = sentences.get(sentence).cloned().unwrap_or(place.clone());
        let before = nth.checked_sub(1).map_or(0, |nth| places[nth].0.end);
        let after = places.get(nth + 1).map_or(text.len(), |(next, _)| next.start);
        let free = before.max(within.start).min(place.start)..after.min(within.end).max(place.end);
        let beside = Beside { text: &text, within: &text[within], free };
        let (gone, come) = beside.told(place, come);
        Edit {
            sentence: sentence + 1,
            after: last_words(&text[earlier.min(place.start)..place.start]),
            gone,
            come,
        }
    });
    told.collect()
}

/// The last words of a text: as many as tell them from those before.
fn last_words(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let most = words.len().min(TOLD_BESIDE);
    let told = |count: usize| words[words.len() - count..].join(" ");
    let tells = |count: &usize| occurrences(text, &told(*count)) <= 1;
    told((TOLD_BEFORE.min(most)..=most).find(tells).unwrap_or(most))
}

/// What stands around words that read otherwise.
struct Beside<'a> {
    text: &'a str,
    /// The sentence that they stand in.
    within: &'a str,
    /// How far what stands in both reaches around them in it.
    free: Range<usize>,
}

impl Beside<'_> {
    /// What is gone and what has come, with as many words around them as are needed to find what is gone.
    fn told(&self, place: &Range<usize>, come: &str) -> (String, String) {
        let mut told = place.clone();
        for _ in 0..TOLD_BESIDE {
            let gone = &self.text[told.clone()];
            let is_found =
                gone.contains(char::is_alphabetic) && occurrences(self.within, gone) == 1;
            if place.is_empty() || is_found {
                break;
            }
            match (self.word_after(told.end), self.word_before(told.start)) {
                (Some(end), _) => told.end = end,
                (None, Some(start)) => told.start = start,
                (None, None) => break,
            }
        }
        let (left, right) = (&self.text[told.start..place.start], &self.text[place.end..told.end]);
        (self.text[told].to_owned(), format!("{left}{come}{right}"))
    }

    /// Where the word ends that follows after a space.
    fn word_after(&self, at: usize) -> Option<usize> {
        let rest = &self.text[at..self.free.end];
        let word = rest.trim_start();
        let length = word.find(char::is_whitespace).unwrap_or(word.len());
        let word = word[..length].trim_end_matches(|c: char| !c.is_alphanumeric());
        let spaces = rest.len() - rest.trim_start().len();
        (spaces > 0 && !word.is_empty()).then(|| at + spaces + word.len())
    }

    /// Where the word begins that stands before a space.
    fn word_before(&self, at: usize) -> Option<usize> {
        let rest = &self.text[self.free.start..at];
        let word = rest.trim_end();
        let begins = word.char_indices().rfind(|(_, c)| c.is_whitespace());
        let begins = begins.map_or(0, |(at, c)| at + c.len_utf8());
        (word.len() < rest.len() && begins < word.len()).then(|| self.free.start + begins)
    }
}

/// How often words stand in a text, not as a part of others.
fn occurrences(text: &str, words: &str) -> usize {
    let words = words.trim();
    let is_apart = |(at, _): &(usize, &str)| {
        let before = text[..*at].chars().next_back();
        let after = text[at + words.len()..].chars().next();
        let begins = words.starts_with(char::is_alphanumeric);
        let ends = words.ends_with(char::is_alphanumeric);
        let goes_on = begins && before.is_some_and(char::is_alphanumeric)
            || ends && after.is_some_and(char::is_alphanumeric);
        !goes_on
    };
    if words.is_empty() { 0 } else { text.match_indices(words).filter(is_apart).count() }
}
