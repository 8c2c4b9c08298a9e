//! What those need who do not see a page: languages that are named, links that say where they lead, tables with headings, pictures in
//! words.

use rapporteur_document::document::{Block, Document, Figure, Table, inline};

use crate::finding::{Check, Finding, Level, Place, Telling};
use crate::findings::{Findings, Spot};
use crate::ground::Ready;
use crate::strand::Reading;

/// Words of links that say nothing where they are read alone.
const EMPTY: &[&str] =
    &["here", "click here", "link", "this link", "this", "more", "read more", "website"];
/// Letters in a row of another script that are more than a name.
const FOREIGN: usize = 12;

pub(crate) fn check(ready: &Ready<'_>, reading: &Reading, spot: &Spot<'_>, found: &mut Findings) {
    let links = reading.links.iter().map(|link| (&reading.body, link));
    let of_notes =
        reading.notes.iter().flat_map(|note| note.links.iter().map(|link| (&note.strand, link)));
    for (strand, link) in links.chain(of_notes) {
        let words = strand.text.get(link.words.clone()).unwrap_or_default().trim().to_lowercase();
        if EMPTY.contains(&words.as_str()) {
            found.add(
                Check::Accessibility,
                "link",
                Level::Advises,
                spot.at(link.source.clone()),
                Telling::new("Read alone, “{}” does not say where the link leads.", [words]),
                "Let the words of the link name what it leads to.",
            );
        }
    }
    foreign(ready, reading, spot, found);
}

/// Passages in another script than the report's, without a word which language they are in.
fn foreign(ready: &Ready<'_>, reading: &Reading, spot: &Spot<'_>, found: &mut Findings) {
    if !ready.is_english {
        return;
    }
    let text = &reading.body.text;
    let (mut start, mut end, mut letters) = (None, 0, 0);
    let mut stretches = Vec::new();
    for (at, c) in text.char_indices() {
        if c.is_alphabetic() && !is_latin(c) {
            start.get_or_insert(at);
            end = at + c.len_utf8();
            letters += 1;
        } else if c.is_alphabetic() {
            stretches.extend(start.take().map(|start| (start..end, letters)));
            letters = 0;
        }
    }
    stretches.extend(start.map(|start| (start..end, letters)));
    for (place, letters) in stretches {
        let told =
            reading.languages.iter().any(|one| one.start <= place.start && place.end <= one.end);
        if letters >= FOREIGN && !told {
            found.add(
                Check::Accessibility,
                "language",
                Level::Advises,
                spot.at(reading.body.source(&place)),
                "These words are in another language, and nothing says in which.",
                "Write them as [words]{lang=…}, so that they are read aloud and hyphenated rightly.",
            );
        }
    }
}

fn is_latin(c: char) -> bool {
    matches!(c, '\u{0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | '\u{2c60}'..='\u{2c7f}' | 'ﬀ'..='ﬆ')
}

/// What the tables and figures of a finished document lack; their paragraphs are read elsewhere.
pub fn tables_and_figures(document: &Document) -> Vec<Finding> {
    let mut found = Findings::default();
    of_blocks(&document.blocks, "", &mut found);
    found.0
}

fn of_blocks(blocks: &[Block], section: &str, found: &mut Findings) {
    for block in blocks {
        match block {
            Block::Section(inner) => of_blocks(&inner.blocks, inner.id.as_str(), found),
            Block::Table(table) => of_table(table, section, found),
            Block::Figure(figure) => of_figure(figure, section, found),
            Block::Paragraph(_) => {}
        }
    }
}

fn of_table(table: &Table, section: &str, found: &mut Findings) {
    let place = || Place {
        section: Some(section.to_owned()),
        paragraph: Some(table.id.as_str().to_owned()),
        range: None,
    };
    let is_blank = |inlines: &[rapporteur_document::document::Inline]| {
        inline::plain_text(inlines).trim().is_empty()
    };
    let headed =
        table.header.iter().any(|row| row.cells.iter().any(|cell| !is_blank(&cell.inlines)));
    if !headed {
        found.add(
            Check::Accessibility,
            "table_header",
            Level::Blocks,
            place(),
            "This table has no row of headings.",
            "Say in a first row what stands in each column.",
        );
    }
    if is_blank(&table.caption) {
        found.add(
            Check::Accessibility,
            "table_caption",
            Level::Advises,
            place(),
            "This table has no title.",
            "Give it one that says what it shows.",
        );
    }
}

fn of_figure(figure: &Figure, section: &str, found: &mut Findings) {
    if figure.alt.is_blank() {
        let place = Place {
            section: Some(section.to_owned()),
            paragraph: Some(figure.table.id.as_str().to_owned()),
            range: None,
        };
        found.add(
            Check::Accessibility,
            "figure_text",
            Level::Blocks,
            place,
            "This figure has no text for those who do not see it.",
            "Say in a sentence what it shows.",
        );
    }
}
