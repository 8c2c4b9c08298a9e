//! The single numbering pass: paragraph numbers, heading labels, footnote numbers and cross-references, computed once so that
//! all formats agree. It also refuses a document that no format could print rightly. Must never change what was written.

use super::{
    Block, Document, Figure, HeadingNumbering, Id, Inline, MastheadLine, Note, NoteRef, Paragraph,
    Section, Table, Words, inline::plain_text, walk,
};
use std::collections::{BTreeMap, BTreeSet};

/// Why a document cannot be numbered. The document is then left as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberingError {
    #[error("two parts of the document have the id {0}")]
    DuplicateId(Id),
    #[error("section {0} is empty; prune the document first or mark the section to be kept")]
    EmptySection(Id),
    #[error("section {section} has level {found} where level {expected} belongs")]
    SkippedLevel { section: Id, expected: u8, found: u8 },
    #[error("annex {0} stands inside another section")]
    AnnexInside(Id),
    #[error("section {0} stands after an annex")]
    SectionAfterAnnex(Id),
    #[error("paragraph {0} of the summary is numbered; paragraph numbers begin with the text")]
    NumberedSummary(Id),
    #[error("footnote {note} (\"{text}\") is placed nowhere")]
    NoteNeverPlaced { note: usize, text: String },
    #[error("footnote {note} (\"{text}\") is placed more than once")]
    NotePlacedTwice { note: usize, text: String },
    #[error("there is no footnote {0}")]
    UnknownNote(usize),
    #[error("footnote {0} has a footnote itself")]
    NoteInNote(usize),
    #[error("footnote {0} stands inside a link")]
    NoteInLink(usize),
    #[error("a note is to the {0:?} of the first page, which is not printed")]
    MastheadNoteToNothing(MastheadLine),
    #[error("a note of the first page has a footnote itself")]
    NoteInMastheadNote,
    #[error("a cross-reference leads to {0}, which is not in the document")]
    UnknownTarget(Id),
    #[error("a cross-reference leads to {0}, which has no number to print")]
    UnnumberedTarget(Id),
    #[error("the chart of figure {0} has not one value for each of its series in each group")]
    ChartShape(Id),
    #[error("row {row} (header rows counted) of table {table} does not fill the columns exactly")]
    TableShape { table: Id, row: usize },
}

impl Document {
    /// Sets all computed fields: paragraph numbers 1…n through the document (annexes continue the run), heading labels
    /// among siblings, footnote numbers by first reference (lettered in tables that say so), cross-references. Puts
    /// `notes` and those of the first page into reading order. Numbering twice changes nothing.
    ///
    /// # Errors
    /// See [`NumberingError`]; on an error nothing was changed.
    pub fn number(&mut self) -> Result<(), NumberingError> {
        let survey = Survey::of(self)?;
        survey.resolve(self)?;
        survey.write(self);
        Ok(())
    }

    /// As [`Self::number`], for what is being written: where a cross-reference leads nowhere, or to what has no number, "?" is printed in its
    /// place. Returns where those lead that were taken out, each once.
    ///
    /// # Errors
    /// Every other [`NumberingError`].
    pub fn number_draft(&mut self) -> Result<BTreeSet<Id>, NumberingError> {
        let survey = Survey::of(self)?;
        let mut lost = BTreeSet::new();
        self.each_inline_mut(&mut |inline| {
            if let Inline::CrossReference { to, .. } = inline
                && survey.target(to).is_err()
            {
                lost.insert(to.clone());
                *inline = Inline::text("?");
            }
        });
        survey.write(self);
        Ok(lost)
    }
}

/// A read through the document in reading order.
struct Survey<'a> {
    document: &'a Document,
    found: Findings,
    /// Numbered paragraphs so far.
    paragraphs: u32,
    /// Notes of the run so far.
    run: u32,
    /// Figures so far.
    figures: usize,
}

/// What the survey found.
struct Findings {
    /// What a cross-reference to an id prints; none where there is no number.
    printed: BTreeMap<Id, Option<String>>,
    /// Labels of all sections in reading order.
    labels: Vec<String>,
    /// Old indices of the notes in the order of their indicators.
    order: Vec<usize>,
    /// By old index: number, and table if lettered.
    numbers: Vec<Option<(u32, Option<Id>)>>,
}

/// What a section hands down to those inside it.
struct Above<'a> {
    level: u8,
    path: &'a str,
}

impl<'a> Survey<'a> {
    fn of(document: &'a Document) -> Result<Findings, NumberingError> {
        let numbers = vec![None; document.notes.len()];
        let found =
            Findings { printed: BTreeMap::new(), labels: Vec::new(), order: Vec::new(), numbers };
        let mut survey = Self { document, found, paragraphs: 0, run: 0, figures: 0 };
        for paragraph in &document.meta.summary {
            survey.summary(paragraph)?;
        }
        survey.check_masthead()?;
        survey.blocks(&document.blocks, &Above { level: 0, path: "" })?;
        survey.check_notes()?;
        Ok(survey.found)
    }

    fn check_masthead(&self) -> Result<(), NumberingError> {
        let meta = &self.document.meta;
        for note in &meta.notes {
            if !meta.prints(note.to) {
                return Err(NumberingError::MastheadNoteToNothing(note.to));
            }
            if !notes_in(&note.inlines)?.is_empty() {
                return Err(NumberingError::NoteInMastheadNote);
            }
        }
        Ok(())
    }

    fn summary(&mut self, paragraph: &Paragraph) -> Result<(), NumberingError> {
        if paragraph.numbered {
            return Err(NumberingError::NumberedSummary(paragraph.id.clone()));
        }
        self.paragraph(paragraph)
    }

    fn blocks(&mut self, blocks: &[Block], above: &Above) -> Result<(), NumberingError> {
        let mut siblings = Siblings::of(self.document, blocks);
        for block in blocks {
            match block {
                Block::Section(section) => self.section(section, above, &mut siblings)?,
                Block::Paragraph(paragraph) => self.paragraph(paragraph)?,
                Block::Table(table) => self.table(table, None)?,
                Block::Figure(figure) => self.figure(figure)?,
            }
        }
        Ok(())
    }

    fn section(
        &mut self,
        section: &Section,
        above: &Above,
        siblings: &mut Siblings,
    ) -> Result<(), NumberingError> {
        check_place(section, above)?;
        let label = siblings.label(section)?;
        let mut path = join_path(above.path, &label);
        let printed = (!label.is_empty()).then(|| path.clone());
        if section.annex {
            path.push(',');
        }
        self.name(&section.id, printed)?;
        self.found.labels.push(label);
        self.place_notes(&section.heading, None)?;
        self.blocks(&section.blocks, &Above { level: section.level.get(), path: &path })
    }

    fn paragraph(&mut self, paragraph: &Paragraph) -> Result<(), NumberingError> {
        self.paragraphs += u32::from(paragraph.numbered);
        let number = paragraph.numbered.then_some(self.paragraphs);
        self.name(&paragraph.id, number.map(|number| number.to_string()))?;
        let mut runs = Vec::new();
        walk::paragraph_runs(paragraph, &mut runs);
        runs.into_iter().try_for_each(|run| self.place_notes(run, None))
    }

    fn figure(&mut self, figure: &Figure) -> Result<(), NumberingError> {
        if !figure.chart.is_whole() {
            return Err(NumberingError::ChartShape(figure.table.id.clone()));
        }
        self.figures += 1;
        let mut figure = figure.clone();
        figure.fill_table();
        self.table(&figure.table, Some(roman(self.figures)))
    }

    fn table(&mut self, table: &Table, printed: Option<String>) -> Result<(), NumberingError> {
        self.name(&table.id, printed)?;
        check_shape(table)?;
        let mut letters = 0;
        let mut runs = Vec::new();
        walk::table_runs(table, &mut runs);
        let mut lettered = table.lettered_notes.then_some((&table.id, &mut letters));
        runs.into_iter().try_for_each(|run| {
            self.place_notes(run, lettered.as_mut().map(|(id, count)| (*id, &mut **count)))
        })
    }

    fn name(&mut self, id: &Id, printed: Option<String>) -> Result<(), NumberingError> {
        match self.found.printed.insert(id.clone(), printed) {
            None => Ok(()),
            Some(_) => Err(NumberingError::DuplicateId(id.clone())),
        }
    }

    fn place_notes(
        &mut self,
        inlines: &[Inline],
        mut lettered: Option<(&Id, &mut u32)>,
    ) -> Result<(), NumberingError> {
        for note in notes_in(inlines)? {
            let number = match &mut lettered {
                Some((table, letters)) => {
                    **letters += 1;
                    (**letters, Some((*table).clone()))
                }
                None => {
                    self.run += 1;
                    (self.run, None)
                }
            };
            let place =
                self.found.numbers.get_mut(note).ok_or(NumberingError::UnknownNote(note))?;
            if place.replace(number).is_some() {
                return Err(NumberingError::NotePlacedTwice {
                    note,
                    text: excerpt(&self.document.notes[note]),
                });
            }
            self.found.order.push(note);
        }
        Ok(())
    }

    fn check_notes(&self) -> Result<(), NumberingError> {
        for (index, note) in self.document.notes.iter().enumerate() {
            if self.found.numbers[index].is_none() {
                return Err(NumberingError::NoteNeverPlaced { note: index, text: excerpt(note) });
            }
            if !notes_in(&note.inlines)?.is_empty() {
                return Err(NumberingError::NoteInNote(index));
            }
        }
        Ok(())
    }
}

impl Findings {
    /// Checks that every cross-reference leads to a number.
    fn resolve(&self, document: &Document) -> Result<(), NumberingError> {
        let mut result = Ok(());
        for run in document.runs() {
            walk::each(run, &mut |inline| {
                if let Inline::CrossReference { to, .. } = inline
                    && result.is_ok()
                {
                    result = self.target(to).map(|_| ());
                }
            });
        }
        result
    }

    fn target(&self, to: &Id) -> Result<&String, NumberingError> {
        let printed =
            self.printed.get(to).ok_or_else(|| NumberingError::UnknownTarget(to.clone()))?;
        printed.as_ref().ok_or_else(|| NumberingError::UnnumberedTarget(to.clone()))
    }

    fn write(mut self, document: &mut Document) {
        self.write_notes(document);
        let mut labels = std::mem::take(&mut self.labels).into_iter();
        write_blocks(&mut document.blocks, &mut labels, &mut 0);
        let word = Words::of(&document.meta.lang).figure;
        label_figures(&mut document.blocks, word, &mut 0);
        document.meta.summary.iter_mut().for_each(|paragraph| paragraph.number = None);
        document.meta.notes.sort_by_key(|note| note.to);
        let mut place = vec![0; self.order.len()];
        self.order.iter().enumerate().for_each(|(new, &old)| place[old] = new);
        document.each_inline_mut(&mut |inline| match inline {
            Inline::Note(NoteRef(index)) => *index = place[*index],
            Inline::CrossReference { to, text } => {
                *text = self.target(to).cloned().unwrap_or_default();
            }
            _ => {}
        });
    }

    fn write_notes(&mut self, document: &mut Document) {
        let mut old = std::mem::take(&mut document.notes);
        document.notes = self.order.iter().map(|&index| std::mem::take(&mut old[index])).collect();
        for (note, &index) in document.notes.iter_mut().zip(&self.order) {
            (note.number, note.table) = self.numbers[index]
                .take()
                .map_or((None, None), |(number, table)| (Some(number), table));
        }
    }
}

fn write_blocks(
    blocks: &mut [Block],
    labels: &mut impl Iterator<Item = String>,
    paragraphs: &mut u32,
) {
    for block in blocks {
        match block {
            Block::Section(section) => {
                section.label = labels.next().unwrap_or_default();
                write_blocks(&mut section.blocks, labels, paragraphs);
            }
            Block::Paragraph(paragraph) => {
                *paragraphs += u32::from(paragraph.numbered);
                paragraph.number = paragraph.numbered.then_some(*paragraphs);
            }
            Block::Table(_) | Block::Figure(_) => {}
        }
    }
}

fn label_figures(blocks: &mut [Block], word: &str, count: &mut usize) {
    for block in blocks {
        match block {
            Block::Section(section) => label_figures(&mut section.blocks, word, count),
            Block::Figure(figure) => {
                *count += 1;
                figure.label = format!("{word} {}", roman(*count));
                figure.fill_table();
            }
            Block::Paragraph(_) | Block::Table(_) => {}
        }
    }
}

/// Counts sections that stand side by side.
struct Siblings<'a> {
    document: &'a Document,
    numbered: usize,
    annexes: usize,
    of_annexes: usize,
}

impl<'a> Siblings<'a> {
    fn of(document: &'a Document, blocks: &[Block]) -> Self {
        let of_annexes = blocks
            .iter()
            .filter(|block| matches!(block, Block::Section(section) if section.annex))
            .count();
        Self { document, numbered: 0, annexes: 0, of_annexes }
    }

    fn label(&mut self, section: &Section) -> Result<String, NumberingError> {
        let meta = &self.document.meta;
        if section.annex {
            self.annexes += 1;
            let word = Words::of(&meta.lang).annex;
            return Ok(if self.of_annexes == 1 {
                word.to_owned()
            } else {
                format!("{word} {}", roman(self.annexes))
            });
        }
        if self.annexes > 0 {
            return Err(NumberingError::SectionAfterAnnex(section.id.clone()));
        }
        if section.unnumbered {
            return Ok(String::new());
        }
        self.numbered += 1;
        Ok(label(meta.heading_style.numbering(section.level), self.numbered))
    }
}

fn check_place(section: &Section, above: &Above) -> Result<(), NumberingError> {
    if section.annex && above.level > 0 {
        return Err(NumberingError::AnnexInside(section.id.clone()));
    }
    let (expected, found) = (above.level + 1, section.level.get());
    if found != expected {
        return Err(NumberingError::SkippedLevel { section: section.id.clone(), expected, found });
    }
    if section.blocks.is_empty() && !section.keep {
        return Err(NumberingError::EmptySection(section.id.clone()));
    }
    Ok(())
}

/// Checks that spans fill each row exactly: no gap, no overlap, nothing hanging over the edge, no row
/// made of spans from above alone.
fn check_shape(table: &Table) -> Result<(), NumberingError> {
    let header = fills(&table.header, table.columns.len()).map_err(|row| row + 1);
    let rows = fills(&table.rows, table.columns.len()).map_err(|row| row + 1 + table.header.len());
    header.and(rows).map_err(|row| NumberingError::TableShape { table: table.id.clone(), row })
}

/// The index of the first row that is not filled, as the error.
fn fills(rows: &[super::Row], columns: usize) -> Result<(), usize> {
    let mut hanging = vec![0_u16; columns];
    for (index, row) in rows.iter().enumerate() {
        let mut at = 0;
        for cell in &row.cells {
            at += hanging[at.min(columns)..].iter().take_while(|&&rows| rows > 0).count();
            let end = at + usize::from(cell.colspan);
            let place =
                hanging.get_mut(at..end).filter(|place| !place.is_empty() && cell.rowspan > 0);
            let place = place.filter(|place| place.iter().all(|&rows| rows == 0)).ok_or(index)?;
            place.fill(cell.rowspan);
            at = end;
        }
        if row.cells.is_empty() || hanging.contains(&0) {
            return Err(index);
        }
        hanging.iter_mut().for_each(|rows| *rows -= 1);
    }
    if hanging.iter().any(|&rows| rows > 0) || columns == 0 {
        Err(rows.len().saturating_sub(1))
    } else {
        Ok(())
    }
}

/// The notes placed in a run, in order.
fn notes_in(inlines: &[Inline]) -> Result<Vec<usize>, NumberingError> {
    let mut found = Vec::new();
    let mut in_link = None;
    walk::each(inlines, &mut |inline| match inline {
        Inline::Note(NoteRef(index)) => found.push(*index),
        Inline::Link { inlines, .. } => walk::each(inlines, &mut |inside| {
            if let Inline::Note(NoteRef(index)) = inside {
                in_link = Some(*index);
            }
        }),
        _ => {}
    });
    in_link.map_or(Ok(found), |index| Err(NumberingError::NoteInLink(index)))
}

fn excerpt(note: &Note) -> String {
    plain_text(&note.inlines).chars().take(60).collect()
}

/// "IV" and "B" make "IV.B"; a label in parentheses needs no full stop; under an annex it is "Annex, A".
fn join_path(above: &str, label: &str) -> String {
    match (above.is_empty(), label.is_empty()) {
        (true, _) => label.to_owned(),
        (_, true) => above.to_owned(),
        _ if above.ends_with(',') => format!("{above} {label}"),
        _ if label.starts_with('(') => format!("{above}{label}"),
        _ => format!("{above}.{label}"),
    }
}

fn label(numbering: HeadingNumbering, count: usize) -> String {
    match numbering {
        HeadingNumbering::Roman => roman(count),
        HeadingNumbering::Alpha => lower_alpha(count).to_ascii_uppercase(),
        HeadingNumbering::LowerRoman => roman(count).to_ascii_lowercase(),
        HeadingNumbering::Arabic => count.to_string(),
        HeadingNumbering::Parenthesized => format!("({})", lower_alpha(count)),
        HeadingNumbering::Unnumbered => String::new(),
    }
}

/// 4 is IV.
pub(super) fn roman(mut count: usize) -> String {
    const NUMERALS: [(usize, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut numeral = String::new();
    for (value, letters) in NUMERALS {
        while count >= value {
            numeral.push_str(letters);
            count -= value;
        }
    }
    numeral
}

/// 1 is a, 26 is z, 27 is aa.
pub(super) fn lower_alpha(mut count: usize) -> String {
    let mut letters = Vec::new();
    while count > 0 {
        count -= 1;
        letters.push(char::from(b'a' + u8::try_from(count % 26).unwrap_or_default()));
        count /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests;
