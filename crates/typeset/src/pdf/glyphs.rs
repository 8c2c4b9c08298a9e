//! Which characters a document prints, and where: so that those no font has are told before anything is set.
//! Must never pass over text that the template prints.

use std::collections::{BTreeMap, BTreeSet};

use rapporteur_document::document::{
    Block, Document, Inline, Meta, Paragraph, ParagraphPart, Table, Words,
};
use rapporteur_document::failure::Missing;

/// The characters of a document, each with the places where it stands.
#[derive(Default)]
pub(super) struct Glyphs {
    places: BTreeMap<char, BTreeSet<String>>,
}

impl Glyphs {
    pub(super) fn of(document: &Document) -> Self {
        let mut glyphs = Self::default();
        let (meta, words) = (&document.meta, Words::of(&document.meta.lang));
        glyphs.masthead(meta);
        for word in [words.united_nations, words.summary, words.contents] {
            glyphs.add("masthead", word);
        }
        if let Some(compared) = &document.compared {
            glyphs.masthead(&compared.before);
            glyphs.add("masthead", &words.differences(compared));
            for word in [words.legend, words.inserted, words.deleted, words.end, "[–]"] {
                glyphs.add("masthead", word);
            }
            compared.remarks.iter().for_each(|one| glyphs.add("remarks", one.text.as_str()));
        }
        for paragraph in &meta.summary {
            paragraph.runs().into_iter().for_each(|run| glyphs.run("summary", run));
        }
        meta.notes.iter().for_each(|note| glyphs.run("masthead", &note.inlines));
        document.blocks.iter().for_each(|block| glyphs.block(block));
        for note in &document.notes {
            glyphs.run(&format!("footnote {}", note.label()), &note.inlines);
        }
        glyphs
    }

    fn masthead(&mut self, meta: &Meta) {
        let lines = [
            &meta.symbol,
            &meta.organ,
            &meta.distribution,
            &meta.date,
            &meta.original_language,
            &meta.title,
            &meta.subtitle,
        ];
        for line in lines.into_iter().chain(&meta.meeting).chain(&meta.agenda_items) {
            self.add("masthead", line.as_str());
        }
    }

    pub(super) fn characters(&self) -> BTreeSet<char> {
        self.places.keys().copied().collect()
    }

    /// The characters with the places where they stand.
    pub(super) fn missing(&self, characters: &BTreeSet<char>) -> Vec<Missing> {
        let found = characters.iter().filter_map(|c| Some((*c, self.places.get(c)?)));
        found
            .map(|(character, places)| Missing {
                character,
                places: places.iter().cloned().collect(),
            })
            .collect()
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Section(section) => {
                self.run("headings", &section.heading);
                section.blocks.iter().for_each(|block| self.block(block));
            }
            Block::Paragraph(paragraph) => {
                let place = paragraph.number.map_or_else(
                    || "text without a number".to_owned(),
                    |number| format!("paragraph {number}"),
                );
                paragraph.runs().into_iter().for_each(|run| self.run(&place, run));
                self.labels(&place, paragraph);
            }
            Block::Table(table) => self.table(table),
            // All that the chart says stands in its table as well.
            Block::Figure(figure) => {
                self.add("figures", &figure.label);
                self.table(&figure.table);
            }
        }
    }

    fn table(&mut self, table: &Table) {
        table.runs().into_iter().for_each(|run| self.run("tables", run));
    }

    /// Labels of items come from outside as well.
    fn labels(&mut self, place: &str, paragraph: &Paragraph) {
        for part in &paragraph.parts {
            let ParagraphPart::List(list) = part else { continue };
            list.entries()
                .into_iter()
                .filter_map(|(label, _)| label)
                .for_each(|label| self.add(place, &label));
        }
    }

    fn run(&mut self, place: &str, inlines: &[Inline]) {
        for inline in inlines {
            match inline {
                Inline::Text(text) => self.add(place, text.as_str()),
                Inline::CrossReference { text, .. } => self.add(place, text),
                other => self.run(place, other.children()),
            }
        }
    }

    fn add(&mut self, place: &str, text: &str) {
        for c in text.chars().filter(|c| !is_invisible(*c)) {
            self.places.entry(c).or_default().insert(place.to_owned());
        }
    }
}

/// Prints nothing by itself: joiners, direction marks, selectors of variants, spaces of other widths.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' | ' ' | '\u{a0}')
}
