//! The `eId` of every part, by the naming convention of Akoma Ntoso as AKN4UN applies it: `sec_IV__title_B__chp_i` names a
//! section with those above it, `para_34` a paragraph by its number alone, since numbers run through the document; what has no
//! number is counted after `nn`. Must never give two parts one `eId`, not even in a document that was never numbered.

use super::{Kind, annex};
use crate::document::{Block, Document, Figure, Id, Paragraph, Section};
use std::collections::HashMap;

/// The one component of a collection.
pub(super) const COMPONENT: &str = "cmp_1";

/// All sections, paragraphs and tables in the order in which they are written, so that references can lead forward.
pub(super) struct Plan<'a> {
    /// What begins every `eId` of the text: nothing in a report, the component in a collection.
    pub(super) scope: String,
    named: Vec<Named<'a>>,
    places: HashMap<&'a Id, usize>,
    written: usize,
    taken: HashMap<String, usize>,
}

/// What a part is called.
#[derive(Clone, Default)]
pub(super) struct Named<'a> {
    pub(super) eid: String,
    /// Its id in the model, which stays when numbers change; none when another part has it already.
    guid: Option<&'a Id>,
    is_table: bool,
}

impl Named<'_> {
    pub(super) fn attributes(&self) -> Vec<(&'static str, &str)> {
        let guid = self.guid.map(|guid| ("GUID", guid.as_str()));
        std::iter::once(("eId", self.eid.as_str())).chain(guid).collect()
    }
}

impl<'a> Plan<'a> {
    pub(super) fn of(document: &'a Document, kind: Kind) -> Self {
        let scope = match kind {
            Kind::SummaryReport => String::new(),
            Kind::ConferenceRoomPaper => format!("{COMPONENT}__"),
        };
        let mut plan = Self {
            scope: scope.clone(),
            named: Vec::new(),
            places: HashMap::new(),
            written: 0,
            taken: HashMap::new(),
        };
        let (annexes, body): (Vec<_>, Vec<_>) =
            document.blocks.iter().partition(|block| annex(block).is_some());
        plan.blocks(body.into_iter(), &scope);
        for (index, annex) in annexes.into_iter().filter_map(annex).enumerate() {
            let eid = plan.claim(format!("{scope}att_{}", index + 1));
            plan.add(&annex.id, eid.clone(), false);
            plan.blocks(annex.blocks.iter(), &format!("{eid}__"));
        }
        plan
    }

    /// The names of the section, paragraph or table that is written next.
    pub(super) fn next(&mut self) -> Named<'a> {
        let named = self.named.get(self.written).cloned().unwrap_or_default();
        self.written += 1;
        named
    }

    /// The `eId` of what a cross-reference leads to.
    pub(super) fn target(&self, to: &Id) -> Option<&str> {
        self.named(to).map(|named| named.eid.as_str())
    }

    /// The `eId` of a table, which stands in the container that is planned for it.
    pub(super) fn table(&self, id: &Id) -> Option<String> {
        self.named(id).filter(|named| named.is_table).map(|named| table(&named.eid))
    }

    fn named(&self, id: &Id) -> Option<&Named<'a>> {
        self.places.get(id).and_then(|&place| self.named.get(place))
    }

    /// Takes an `eId`, or one that begins with it when it is taken.
    pub(super) fn claim(&mut self, wanted: String) -> String {
        let Some(count) = self.taken.get_mut(&wanted) else {
            self.taken.insert(wanted.clone(), 1);
            return wanted;
        };
        *count += 1;
        let other = format!("{wanted}-{count}");
        self.claim(other)
    }

    fn add(&mut self, id: &'a Id, eid: String, is_table: bool) {
        let place = self.named.len();
        let is_first = *self.places.entry(id).or_insert(place) == place;
        self.named.push(Named { eid, guid: is_first.then_some(id), is_table });
    }

    fn blocks(&mut self, blocks: impl Iterator<Item = &'a Block>, above: &str) {
        let mut unnumbered = Unnumbered::default();
        for block in blocks {
            match block {
                Block::Section(section) => self.section(section, above, &mut unnumbered),
                Block::Paragraph(paragraph) => self.paragraph(paragraph, above, &mut unnumbered),
                Block::Table(table) | Block::Figure(Figure { table, .. }) => {
                    unnumbered.tables += 1;
                    let eid = self.claim(format!("{above}hcontainer_{}", unnumbered.tables));
                    self.add(&table.id, eid, true);
                }
            }
        }
    }

    fn section(&mut self, section: &'a Section, above: &str, unnumbered: &mut Unnumbered) {
        let number = number(&section.label).unwrap_or_else(|| {
            unnumbered.sections += 1;
            format!("nn_{}", unnumbered.sections)
        });
        let eid = self.claim(format!("{above}{}_{number}", abbreviation(section)));
        self.add(&section.id, eid.clone(), false);
        self.blocks(section.blocks.iter(), &format!("{eid}__"));
    }

    fn paragraph(&mut self, paragraph: &'a Paragraph, above: &str, unnumbered: &mut Unnumbered) {
        let wanted = match paragraph.number {
            Some(number) => format!("{}para_{number}", self.scope),
            None => {
                unnumbered.paragraphs += 1;
                format!("{above}para_nn_{}", unnumbered.paragraphs)
            }
        };
        let eid = self.claim(wanted);
        self.add(&paragraph.id, eid, false);
    }
}

/// Counts what has no number among its siblings.
#[derive(Default)]
struct Unnumbered {
    sections: usize,
    paragraphs: usize,
    tables: usize,
}

/// The `eId` of the table in the container with this one.
pub(super) fn table(container: &str) -> String {
    format!("{container}__table_1")
}

/// The element of a section: AKN4UN has `section > title > chapter > division > paragraph`.
pub(super) fn element(section: &Section) -> &'static str {
    match section.level.get() {
        1 => "section",
        2 => "title",
        3 => "chapter",
        _ => "division",
    }
}

fn abbreviation(section: &Section) -> &'static str {
    match section.level.get() {
        1 => "sec",
        2 => "title",
        3 => "chp",
        _ => "dvs",
    }
}

/// What the naming convention makes of a printed number: "(a)" is `a`, "4.1." is `4-1`; none when nothing is left. An
/// underscore would read as the end of a part.
pub(super) fn number(label: &str) -> Option<String> {
    let parts = label.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    Some(parts.collect::<Vec<_>>().join("-")).filter(|number| !number.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Kind, Plan, number};
    use crate::document::Document;

    #[test]
    fn numbers_lose_their_punctuation() {
        assert_eq!(number("(a)").as_deref(), Some("a"));
        assert_eq!(number("IV.").as_deref(), Some("IV"));
        assert_eq!(number("4_1.").as_deref(), Some("4-1"));
        assert_eq!(number("…"), None);
    }

    #[test]
    fn no_eid_is_given_twice() {
        let document = Document::default();
        let mut plan = Plan::of(&document, Kind::SummaryReport);
        let given: Vec<_> =
            ["a", "a", "a-2", "a"].map(|wanted| plan.claim(wanted.to_owned())).to_vec();
        assert_eq!(given, ["a", "a-2", "a-2-2", "a-3"]);
    }
}
