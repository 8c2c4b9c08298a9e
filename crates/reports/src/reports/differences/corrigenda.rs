//! The list of changes of an edition that amends another: where, and what is to be read there, as the United Nations print it (UN
//! Editorial Manual, corrigenda). Lines are not counted, since they differ from format to format; sentences are. Pure.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Differences;
use crate::difference::list::{self, Altered, Edit, Spot};
use crate::difference::words::Side;
use crate::document::{Block, Document, Id, Inline, Mark, Meta, Paragraph, ParagraphPart};
use crate::i18n::Language;
use crate::reports::Amendment;

/// The words of one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    corrigendum: String,
    revision: String,
    none: String,
    first_page: String,
    summary: String,
    heading: String,
    paragraph: String,
    text: String,
    table: String,
    note: String,
    item: String,
    sentence: String,
    read: String,
    insert: String,
    begin: String,
    delete: String,
    added: String,
    removed: String,
    moved: String,
    moved_plain: String,
}

static ALL: LazyLock<BTreeMap<Language, Said>> = LazyLock::new(|| {
    let words =
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/i18n/changes.toml"));
    toml::from_str(words).expect("changes.toml is read by a test")
});

/// The list, as a document of its own.
pub fn list(differences: &Differences, amendment: Amendment) -> Document {
    let (from, to) = (&differences.from.document, &differences.to.document);
    let meta = &to.meta;
    let said = &ALL[&Language::of_tag(meta.lang.as_str()).unwrap_or(Language::English)];
    let subtitle = match amendment {
        Amendment::Corrigendum => &said.corrigendum,
        Amendment::Revision => &said.revision,
    };
    let meta = Meta {
        subtitle: subtitle.as_str().into(),
        summary: Vec::new(),
        notes: Vec::new(),
        identifier: format!("{}:changes", meta.identifier).as_str().into(),
        ..meta.clone()
    };
    let numbers = list::numbers(from);
    let mut lines: Vec<Vec<Inline>> = Vec::new();
    for one in list::of(&differences.marked) {
        // That the symbol is another one is what the list is headed by, and what is gone from its place is told where it is now.
        if one.spot == Spot::FirstPage("symbol") || one.mark == Some(Mark::MovedAway) {
            continue;
        }
        lines.extend(said.told(&one, one.id.as_ref().and_then(|id| numbers.get(id)).copied()));
    }
    if lines.is_empty() {
        lines.push(vec![Inline::text(&said.none)]);
    }
    let block = |(number, inlines): (usize, Vec<Inline>)| {
        let id = Id::new(&format!("change-{number}"));
        Block::Paragraph(Paragraph::unnumbered(id, vec![ParagraphPart::Text(inlines)]))
    };
    let blocks = (1..).zip(lines).map(block).collect();
    Document { meta, blocks, ..Document::default() }
}

impl Said {
    /// What is to be read at one place, a line for each change.
    fn told(&self, one: &Altered, number_before: Option<u32>) -> Vec<Vec<Inline>> {
        let place = self.place(one);
        let all = |side: Side| -> String {
            let stands =
                one.words.iter().filter(|(other, _)| *other == side || *other == Side::Both);
            stands.map(|(_, text)| text.as_str()).collect()
        };
        let line = |template: &str, old: &str, new: &str| {
            let mut inlines = vec![Inline::Strong(vec![Inline::text(&place)]), Inline::text(". ")];
            inlines.extend(filled(template, old, new));
            inlines
        };
        match one.mark {
            Some(Mark::Inserted) => vec![line(&self.added, "", &all(Side::After))],
            Some(Mark::Deleted) => vec![line(&self.removed, &all(Side::Before), "")],
            Some(Mark::MovedHere | Mark::MovedAway) => {
                let moved = match number_before {
                    Some(number) => self.moved.replace("{number}", &number.to_string()),
                    None => self.moved_plain.clone(),
                };
                let mut lines = vec![line(&moved, "", "")];
                lines.extend(self.edits(one, &place));
                lines
            }
            None => self.edits(one, &place),
        }
    }

    fn edits(&self, one: &Altered, place: &str) -> Vec<Vec<Inline>> {
        let edits = list::edits(&one.words);
        let line = |Edit { sentence, after, gone, come }: Edit| {
            let place =
                format!("{place}, {}", self.sentence.replace("{number}", &sentence.to_string()));
            let mut inlines = vec![Inline::Strong(vec![Inline::text(&place)]), Inline::text(". ")];
            inlines.extend(match (gone.trim().is_empty(), come.trim().is_empty()) {
                (false, true) => filled(&self.delete, gone.trim(), ""),
                (true, _) if after.is_empty() => filled(&self.begin, "", come.trim()),
                (true, _) => filled(&self.insert, &after, come.trim()),
                (false, false) => filled(&self.read, gone.trim(), come.trim()),
            });
            inlines
        };
        edits.into_iter().map(line).collect()
    }

    fn place(&self, one: &Altered) -> String {
        let place = match &one.spot {
            Spot::FirstPage(_) => self.first_page.clone(),
            Spot::Summary => self.summary.clone(),
            Spot::Heading(label) => self.heading.replace("{label}", label).trim().to_owned(),
            Spot::Paragraph(number) => self.paragraph.replace("{number}", &number.to_string()),
            Spot::Text => self.text.clone(),
            Spot::Table(caption) => self.table.replace("{caption}", caption),
            Spot::Note(label) => self.note.replace("{label}", label),
        };
        match &one.item {
            Some(label) => format!("{place}, {}", self.item.replace("{label}", label)),
            None => place,
        }
    }
}

/// A sentence with the words that it is about set apart.
fn filled(template: &str, old: &str, new: &str) -> Vec<Inline> {
    let mut inlines = Vec::new();
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        let end = rest[at..].find('}').map_or(rest.len(), |end| at + end + 1);
        let words = if &rest[at..end] == "{old}" { old } else { new };
        inlines.push(Inline::text(&rest[..at]));
        inlines.push(Inline::Emphasis(vec![Inline::text(words)]));
        rest = &rest[end..];
    }
    inlines.push(Inline::text(rest));
    inlines
}

#[cfg(test)]
mod tests {
    use super::super::Stood;
    use super::*;
    use crate::document::inline::plain_text;
    use crate::reports::differences::Stand;

    fn document(sources: &[(&str, &str)]) -> Document {
        let mut document = Document::default();
        for (id, source) in sources {
            let parts = document.adopt(crate::document::inline::parse(source).unwrap());
            document.blocks.push(Block::Paragraph(Paragraph::numbered(*id, parts)));
        }
        document.number().unwrap();
        document
    }

    fn stood(number: i32, document: Document) -> Stood {
        Stood { stand: Stand::Edition(number), document, day: "2021-02-26".to_owned() }
    }

    #[test]
    fn a_corrigendum_says_what_is_to_be_read_where() {
        let old = document(&[
            ("a", "Fees differ. They are low in most offices."),
            ("b", "This goes away."),
            ("c", "Whoever pays waits.\n- Some for weeks\n- Others for months"),
        ]);
        let new = document(&[
            ("a", "Fees differ. They are high in most public offices."),
            ("c", "Whoever pays waits.\n- Some for weeks\n- Others for years"),
            ("d", "This is new."),
        ]);
        let differences = Differences::between(stood(1, old), stood(2, new));
        let list = list(&differences, Amendment::Corrigendum);
        assert_eq!(list.meta.subtitle.as_str(), "Corrigendum");
        let lines: Vec<String> = list.runs().into_iter().map(plain_text).collect();
        assert_eq!(
            lines,
            [
                "Paragraph 1, sentence 2. For low read high",
                "Paragraph 1, sentence 2. After low in most insert public",
                "Paragraph 2. Delete: This goes away.",
                "Paragraph 2, sentence 1. For months read years",
                "Paragraph 3. Add: This is new.",
            ]
        );
    }

    #[test]
    fn every_language_has_its_words() {
        for language in Language::ALL {
            assert!(!ALL[language].read.is_empty(), "{language}");
        }
    }
}
