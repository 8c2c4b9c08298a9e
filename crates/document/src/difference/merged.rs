//! Sections, paragraphs, tables and figures, merged. What belongs together is known by its id, else by what it says. What stands
//! under another heading, or elsewhere among the others, has moved. Must never know a format.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::before;
use super::pairing::{Pair, pairs};
use super::runs::Runs;
use super::words::TellingWords;
use crate::document::inline::plain_text;
use crate::document::{
    Block, Cell, Document, Figure, Id, Inline, LabelledItem, List, Mark, Paragraph, ParagraphPart,
    Remark, Row, Section, Table, Text, Words, wholly,
};

/// Two texts of which more is alike are the same paragraph, where no id says so.
const SAME_PARAGRAPH: f64 = 0.5;
/// The same for lines of a paragraph and rows of a table, which stand among few others.
const SAME_LINE: f64 = 0.3;
/// Words from which on a paragraph can be recognized anywhere by its text alone.
const TELLING_WORDS: usize = 4;
/// Items up to which a list is lettered by word processors as the model does it; longer ones are written out.
const MOST_LETTERED: usize = 27;

/// What a line of a paragraph is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Text,
    Bullet,
    Letter,
    Label(Text),
}

/// A line of a paragraph: a text of it, or an item of a list.
pub(super) struct Line<'a> {
    kind: Kind,
    inlines: &'a [Inline],
}

/// What is being merged.
pub(super) struct Merging<'a> {
    pub(super) runs: Runs<'a>,
    pub(super) remarks: Vec<Remark>,
    /// What of the later document each thing of the earlier one is, and the other way round.
    later: HashMap<&'a Id, &'a Id>,
    earlier: HashMap<&'a Id, &'a Block>,
    /// Where things stand in the later document.
    place: HashMap<&'a Id, &'a Block>,
    words: &'static Words,
    /// Ids that are taken in the later document.
    taken: BTreeSet<&'a Id>,
}

impl<'a> Merging<'a> {
    pub(super) fn of(old: &'a Document, new: &'a Document) -> Self {
        let mut place = HashMap::new();
        collect(&new.blocks, &mut place);
        let summary = new.meta.summary.iter().map(|paragraph| &paragraph.id);
        let taken = place.keys().copied().chain(summary).collect();
        let mut merging = Self {
            runs: Runs { old, new, notes: Vec::new() },
            remarks: Vec::new(),
            later: HashMap::new(),
            earlier: HashMap::new(),
            place,
            words: Words::of(&new.meta.lang),
            taken,
        };
        merging.match_by_id(&old.blocks);
        merging.match_by_likeness(&old.blocks, &new.blocks);
        merging.match_by_text(old, new);
        merging
    }

    fn couple(&mut self, old: &'a Block, new: &'a Block) {
        self.later.insert(id(old), id(new));
        self.earlier.insert(id(new), old);
    }

    fn match_by_id(&mut self, old: &'a [Block]) {
        for block in old {
            if let Some(new) =
                self.place.get(id(block)).copied().filter(|new| are_alike(block, new))
            {
                self.couple(block, new);
            }
            if let Block::Section(section) = block {
                self.match_by_id(&section.blocks);
            }
        }
    }

    /// Under headings that belong together, what is alike in the same order.
    fn match_by_likeness(&mut self, old: &'a [Block], new: &'a [Block]) {
        let rest = |blocks: &'a [Block], known: &dyn Fn(&Id) -> bool| -> Vec<&'a Block> {
            blocks.iter().filter(|block| !known(id(block))).collect()
        };
        let before = rest(old, &|id| self.later.contains_key(id));
        let after = rest(new, &|id| self.earlier.contains_key(id));
        let texts = |blocks: &[&Block]| blocks.iter().map(|block| text(block)).collect::<Vec<_>>();
        let (old_texts, new_texts) = (texts(&before), texts(&after));
        let (was, is) = (TellingWords::each(&old_texts), TellingWords::each(&new_texts));
        let found = pairs(&old_texts, &new_texts, |left, right| {
            let least = match before[left] {
                Block::Paragraph(_) => SAME_PARAGRAPH,
                _ => 1.0,
            };
            are_alike(before[left], after[right]) && was[left].is_like(&is[right], least)
        });
        for pair in found {
            if let Pair::Both(left, right) = pair
                && are_alike(before[left], after[right])
            {
                self.couple(before[left], after[right]);
            }
        }
        for block in old {
            let Block::Section(section) = block else { continue };
            let later = self.later.get(&section.id).and_then(|id| self.place.get(id)).copied();
            if let Some(Block::Section(now)) = later {
                self.match_by_likeness(&section.blocks, &now.blocks);
            }
        }
    }

    /// What says the same elsewhere.
    fn match_by_text(&mut self, old: &'a Document, new: &'a Document) {
        let mut by_text: BTreeMap<String, &'a Block> = BTreeMap::new();
        each(&new.blocks, &mut |block| {
            let text = text(block);
            let is_free =
                matches!(block, Block::Paragraph(_)) && !self.earlier.contains_key(id(block));
            if is_free && text.split_whitespace().count() >= TELLING_WORDS {
                by_text.entry(text).or_insert(block);
            }
        });
        let mut found = Vec::new();
        each(&old.blocks, &mut |block| {
            if !self.later.contains_key(id(block))
                && matches!(block, Block::Paragraph(_))
                && by_text.get(&text(block)).is_some_and(|new| are_alike(block, new))
            {
                found.extend(by_text.remove(&text(block)).map(|new| (block, new)));
            }
        });
        found.into_iter().for_each(|(old, new)| self.couple(old, new));
    }

    pub(super) fn children(&mut self, old: &'a [Block], new: &'a [Block]) -> Vec<Block> {
        // What belongs together has one key, and everything else one of its own.
        let before: Vec<(bool, &Id)> = old
            .iter()
            .map(|block| self.later.get(id(block)).map_or((false, id(block)), |id| (true, *id)))
            .collect();
        let after: Vec<(bool, &Id)> =
            new.iter().map(|block| (self.earlier.contains_key(id(block)), id(block))).collect();
        let mut blocks = Vec::new();
        for pair in pairs(&before, &after, |_, _| false) {
            match pair {
                Pair::Both(left, right) if self.earlier.contains_key(id(&new[right])) => {
                    self.both(&old[left], &new[right], &mut blocks);
                }
                // One id for different things.
                Pair::Both(left, right) => {
                    blocks.extend([self.gone(&old[left]), self.come(&new[right])]);
                }
                Pair::Before(left) => blocks.push(self.gone(&old[left])),
                Pair::After(right) => blocks.push(self.come(&new[right])),
            }
        }
        blocks
    }

    fn both(&mut self, old: &'a Block, new: &'a Block, blocks: &mut Vec<Block>) {
        blocks.push(match (old, new) {
            (Block::Section(old), Block::Section(new)) => {
                let heading = self.runs.both(&old.heading, &new.heading);
                let blocks = self.children(&old.blocks, &new.blocks);
                Block::Section(Section { heading, blocks, ..bare(new) })
            }
            (Block::Paragraph(old), Block::Paragraph(new)) => {
                let lines = self.lines(&old.parts, &new.parts);
                Block::Paragraph(Paragraph { parts: parts(lines), ..new.clone() })
            }
            (Block::Table(left), Block::Table(right)) => match self.table(left, right) {
                Some(table) => Block::Table(table),
                None => return blocks.extend([self.gone(old), self.come(new)]),
            },
            (Block::Figure(left), Block::Figure(right)) if is_same_picture(left, right) => {
                let caption = self.runs.both(&left.table.caption, &right.table.caption);
                let table = Table { caption, ..right.table.clone() };
                Block::Figure(Figure { table, ..right.clone() })
            }
            _ => return blocks.extend([self.gone(old), self.come(new)]),
        });
    }

    /// A paragraph of the first page.
    pub(super) fn front_paragraph(&mut self, old: &'a Paragraph, new: &'a Paragraph) -> Paragraph {
        let lines = self.lines(&old.parts, &new.parts);
        Paragraph { parts: parts(lines), ..new.clone() }
    }

    /// A paragraph that stands in one of the two.
    pub(super) fn only(&mut self, paragraph: &'a Paragraph, mark: Mark) -> Paragraph {
        let id =
            if mark.is_before() { self.id_before(&paragraph.id) } else { paragraph.id.clone() };
        let marked =
            |merging: &mut Self, line: Line<'a>| (line.kind, merging.runs.one(line.inlines, mark));
        let lines = lines(&paragraph.parts).into_iter().map(|line| marked(self, line)).collect();
        Paragraph { id, parts: parts(lines), ..bare_paragraph(paragraph) }
    }

    fn id_before(&self, id: &Id) -> Id {
        if self.taken.contains(id) { before(id) } else { id.clone() }
    }

    /// What does not stand at this place any more.
    fn gone(&mut self, block: &'a Block) -> Block {
        let later = self.later.get(id(block)).and_then(|id| self.place.get(id)).copied();
        match block {
            Block::Section(section) => {
                let mark = if later.is_some() { Mark::MovedAway } else { Mark::Deleted };
                let id = self.id_before(&section.id);
                if later.is_some() {
                    self.remark(&id, self.words.moved_away, None);
                }
                let heading = self.runs.one(&section.heading, mark);
                let blocks = section.blocks.iter().map(|block| self.gone(block)).collect();
                Block::Section(Section { id, heading, blocks, ..bare(section) })
            }
            Block::Paragraph(paragraph) => match later {
                Some(Block::Paragraph(now)) => {
                    let gone = self.only(paragraph, Mark::MovedAway);
                    self.remark(&gone.id, self.words.moved_away, now.number);
                    Block::Paragraph(gone)
                }
                _ => Block::Paragraph(self.only(paragraph, Mark::Deleted)),
            },
            Block::Table(table) => Block::Table(self.whole_table(table, Mark::Deleted)),
            Block::Figure(figure) => {
                let table = self.whole_table(&figure.table, Mark::Deleted);
                Block::Figure(Figure { table, ..figure.clone() })
            }
        }
    }

    /// What did not stand at this place before.
    fn come(&mut self, block: &'a Block) -> Block {
        let earlier = self.earlier.get(id(block)).copied();
        match block {
            Block::Section(section) => {
                let mark = if earlier.is_some() { Mark::MovedHere } else { Mark::Inserted };
                if earlier.is_some() {
                    self.remark(&section.id, self.words.moved_here, None);
                }
                let heading = self.runs.one(&section.heading, mark);
                let blocks = section.blocks.iter().map(|block| self.come(block)).collect();
                Block::Section(Section { heading, blocks, ..bare(section) })
            }
            Block::Paragraph(paragraph) => match earlier {
                Some(Block::Paragraph(was)) => {
                    let inside = self.lines(&was.parts, &paragraph.parts);
                    let stands = inside
                        .into_iter()
                        .filter(|(_, inlines)| !wholly(inlines).is_some_and(Mark::is_before));
                    let mark = Mark::MovedHere;
                    let moved = stands
                        .map(|(kind, inlines)| (kind, vec![Inline::Marked { mark, inlines }]));
                    let moved = moved.collect();
                    self.remark(&paragraph.id, self.words.moved_here, was.number);
                    Block::Paragraph(Paragraph { parts: parts(moved), ..paragraph.clone() })
                }
                _ => Block::Paragraph(self.only(paragraph, Mark::Inserted)),
            },
            Block::Table(table) => Block::Table(self.whole_table(table, Mark::Inserted)),
            Block::Figure(figure) => {
                let table = self.whole_table(&figure.table, Mark::Inserted);
                Block::Figure(Figure { table, ..figure.clone() })
            }
        }
    }

    fn remark(&mut self, at: &Id, (plain, numbered): (&str, &str), number: Option<u32>) {
        let text = match number {
            Some(number) => numbered.replace("{number}", &number.to_string()),
            None => plain.to_owned(),
        };
        self.remarks.push(Remark { at: at.clone(), text: text.as_str().into() });
    }

    /// The lines of a paragraph. The first text of both is one line, since it carries the number.
    fn lines(
        &mut self,
        old: &'a [ParagraphPart],
        new: &'a [ParagraphPart],
    ) -> Vec<(Kind, Vec<Inline>)> {
        let (old, new) = (lines(old), lines(new));
        let begins = |lines: &[Line]| lines.first().is_some_and(|line| line.kind == Kind::Text);
        let first = usize::from(begins(&old) && begins(&new));
        let keys = |lines: &[Line]| -> Vec<(Kind, String)> {
            lines[first..]
                .iter()
                .map(|line| (line.kind.clone(), plain_text(line.inlines)))
                .collect()
        };
        let (before, after) = (keys(&old), keys(&new));
        let words = |keys: &[(Kind, String)]| -> Vec<TellingWords> {
            keys.iter().map(|(_, text)| TellingWords::of(text)).collect()
        };
        let (words_before, words_after) = (words(&before), words(&after));
        let found = pairs(&before, &after, |left, right| {
            let ((kind, was), (same, is)) = (&before[left], &after[right]);
            kind == same
                && was.is_empty() == is.is_empty()
                && words_before[left].is_like(&words_after[right], SAME_LINE)
        });
        let rest = found.into_iter().map(|pair| match pair {
            Pair::Both(left, right) => Pair::Both(left + first, right + first),
            Pair::Before(left) => Pair::Before(left + first),
            Pair::After(right) => Pair::After(right + first),
        });
        let start = (first > 0).then_some(Pair::Both(0, 0));
        let merged = start.into_iter().chain(rest).map(|pair| match pair {
            Pair::Both(left, right) => {
                let inlines = self.runs.both(old[left].inlines, new[right].inlines);
                (new[right].kind.clone(), inlines)
            }
            Pair::Before(left) => {
                (old[left].kind.clone(), self.runs.one(old[left].inlines, Mark::Deleted))
            }
            Pair::After(right) => {
                (new[right].kind.clone(), self.runs.one(new[right].inlines, Mark::Inserted))
            }
        });
        merged.collect()
    }

    /// Row by row, where both have the same columns.
    fn table(&mut self, old: &'a Table, new: &'a Table) -> Option<Table> {
        let same_grid = old.columns.len() == new.columns.len()
            && old.lettered_notes == new.lettered_notes
            && old.header.iter().map(shape).eq(new.header.iter().map(shape));
        let same_rows = old.rows.iter().map(shape).eq(new.rows.iter().map(shape));
        let spans = |table: &Table| {
            table.rows.iter().flat_map(|row| &row.cells).any(|cell| cell.rowspan > 1)
        };
        if !same_grid || ((spans(old) || spans(new)) && !same_rows) {
            return None;
        }
        let caption = self.runs.both(&old.caption, &new.caption);
        let header =
            old.header.iter().zip(&new.header).map(|(old, new)| self.row(old, new)).collect();
        let rows = if spans(old) {
            old.rows.iter().zip(&new.rows).map(|(old, new)| self.row(old, new)).collect()
        } else {
            self.rows(&old.rows, &new.rows)
        };
        Some(Table { caption, header, rows, ..new.clone() })
    }

    fn rows(&mut self, old: &'a [Row], new: &'a [Row]) -> Vec<Row> {
        let keys = |rows: &[Row]| rows.iter().map(row_text).collect::<Vec<_>>();
        let (before, after) = (keys(old), keys(new));
        let (was, is) = (TellingWords::each(&before), TellingWords::each(&after));
        let is_same = |left: usize, right: usize| {
            let first = |row: &Row| row.cells.first().map(|cell| plain_text(&cell.inlines));
            shape(&old[left]) == shape(&new[right])
                && (first(&old[left]) == first(&new[right])
                    || was[left].is_like(&is[right], SAME_LINE))
        };
        let mut rows = Vec::new();
        for pair in pairs(&before, &after, is_same) {
            match pair {
                Pair::Both(left, right) if shape(&old[left]) == shape(&new[right]) => {
                    rows.push(self.row(&old[left], &new[right]));
                }
                Pair::Both(left, right) => {
                    rows.push(self.whole_row(&old[left], Mark::Deleted));
                    rows.push(self.whole_row(&new[right], Mark::Inserted));
                }
                Pair::Before(left) => rows.push(self.whole_row(&old[left], Mark::Deleted)),
                Pair::After(right) => rows.push(self.whole_row(&new[right], Mark::Inserted)),
            }
        }
        rows
    }

    fn row(&mut self, old: &'a Row, new: &'a Row) -> Row {
        let cell = |(old, new): (&'a Cell, &'a Cell)| Cell {
            inlines: self.runs.both(&old.inlines, &new.inlines),
            ..new.clone()
        };
        Row { cells: old.cells.iter().zip(&new.cells).map(cell).collect() }
    }

    fn whole_row(&mut self, row: &'a Row, mark: Mark) -> Row {
        let cell =
            |cell: &'a Cell| Cell { inlines: self.runs.one(&cell.inlines, mark), ..cell.clone() };
        Row { cells: row.cells.iter().map(cell).collect() }
    }

    fn whole_table(&mut self, table: &'a Table, mark: Mark) -> Table {
        let first = self.runs.notes.len();
        let caption = self.runs.one(&table.caption, mark);
        let rows = |merging: &mut Self, rows: &'a [Row]| -> Vec<Row> {
            rows.iter().map(|row| merging.whole_row(row, mark)).collect()
        };
        let (header, body) = (rows(self, &table.header), rows(self, &table.rows));
        let id = if mark.is_before() { self.id_before(&table.id) } else { table.id.clone() };
        for note in self.runs.notes.iter_mut().skip(first).filter(|note| note.table.is_some()) {
            note.table = Some(id.clone());
        }
        Table { id, caption, header, rows: body, ..table.clone() }
    }
}

fn collect<'a>(blocks: &'a [Block], place: &mut HashMap<&'a Id, &'a Block>) {
    each(blocks, &mut |block| _ = place.insert(id(block), block));
}

fn each<'a>(blocks: &'a [Block], visit: &mut dyn FnMut(&'a Block)) {
    for block in blocks {
        visit(block);
        if let Block::Section(section) = block {
            each(&section.blocks, visit);
        }
    }
}

fn id(block: &Block) -> &Id {
    match block {
        Block::Section(section) => &section.id,
        Block::Paragraph(paragraph) => &paragraph.id,
        Block::Table(table) => &table.id,
        Block::Figure(figure) => &figure.table.id,
    }
}

/// Whether two blocks can be one: of one kind, and written alike but for the words.
fn are_alike(old: &Block, new: &Block) -> bool {
    match (old, new) {
        (Block::Section(old), Block::Section(new)) => {
            let looks = |section: &Section| (section.level, section.annex, section.unnumbered);
            looks(old) == looks(new)
        }
        (Block::Paragraph(old), Block::Paragraph(new)) => {
            let begins = |paragraph: &Paragraph| {
                matches!(paragraph.parts.first(), Some(ParagraphPart::Text(_)))
            };
            old.numbered == new.numbered && old.lang == new.lang && begins(old) && begins(new)
        }
        (Block::Table(_), Block::Table(_)) | (Block::Figure(_), Block::Figure(_)) => true,
        _ => false,
    }
}

fn text(block: &Block) -> String {
    match block {
        Block::Section(section) => plain_text(&section.heading),
        Block::Paragraph(paragraph) => {
            paragraph.runs().into_iter().map(plain_text).collect::<Vec<_>>().join(" ")
        }
        Block::Table(table) | Block::Figure(Figure { table, .. }) => plain_text(&table.caption),
    }
}

fn is_same_picture(old: &Figure, new: &Figure) -> bool {
    old.chart == new.chart && old.alt == new.alt && old.label == new.label
}

/// All of a section but what stands in it.
fn bare(section: &Section) -> Section {
    Section { heading: Vec::new(), blocks: Vec::new(), ..section.clone() }
}

fn bare_paragraph(paragraph: &Paragraph) -> Paragraph {
    Paragraph { parts: Vec::new(), ..paragraph.clone() }
}

fn shape(row: &Row) -> Vec<(u16, u16, bool)> {
    row.cells.iter().map(|cell| (cell.colspan, cell.rowspan, cell.heading)).collect()
}

fn row_text(row: &Row) -> String {
    row.cells.iter().map(|cell| plain_text(&cell.inlines)).collect::<Vec<_>>().join("\t")
}

fn lines(parts: &[ParagraphPart]) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    for part in parts {
        match part {
            ParagraphPart::Text(inlines) => lines.push(Line { kind: Kind::Text, inlines }),
            ParagraphPart::List(list) => {
                lines.extend(list.entries().into_iter().map(|(label, inlines)| {
                    let kind = match (list, label) {
                        (List::Bulleted(_), _) | (_, None) => Kind::Bullet,
                        (List::Lettered(items), _) if items.len() <= MOST_LETTERED => Kind::Letter,
                        (_, Some(label)) => Kind::Label(label.as_str().into()),
                    };
                    Line { kind, inlines }
                }));
            }
        }
    }
    lines
}

/// Lines as parts of a paragraph again.
fn parts(lines: Vec<(Kind, Vec<Inline>)>) -> Vec<ParagraphPart> {
    let mut parts: Vec<ParagraphPart> = Vec::new();
    for (kind, inlines) in lines {
        match (parts.last_mut(), kind) {
            (_, Kind::Text) => parts.push(ParagraphPart::Text(inlines)),
            (Some(ParagraphPart::List(List::Bulleted(items))), Kind::Bullet)
            | (Some(ParagraphPart::List(List::Lettered(items))), Kind::Letter) => {
                items.push(inlines);
            }
            (Some(ParagraphPart::List(List::Labelled(items))), Kind::Label(label)) => {
                items.push(LabelledItem { label, inlines });
            }
            (_, Kind::Bullet) => parts.push(ParagraphPart::List(List::Bulleted(vec![inlines]))),
            (_, Kind::Letter) => parts.push(ParagraphPart::List(List::Lettered(vec![inlines]))),
            (_, Kind::Label(label)) => {
                let item = LabelledItem { label, inlines };
                parts.push(ParagraphPart::List(List::Labelled(vec![item])));
            }
        }
    }
    parts
}
