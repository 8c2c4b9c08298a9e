//! Holds a draft, or a paragraph of one, against all that is known, check by check. It must never decide what a check finds.

use crate::drafted::{Draft, Paragraph, People, Section};
use crate::finding::Finding;
use crate::findings::Findings;
use crate::ground::shingles::Common;
use crate::ground::{Contacts, Ground, Passage, Persons, Ready, Targets};
use crate::lexicon::Style;
use crate::strand::Reading;
use crate::{
    accessibility, attribution, combination, counts, freshness, length, manual, provenance,
    quantifier, quotation, references, titles, usage,
};

/// Holds drafts against what they were made of.
pub struct Checker<'g>(Ready<'g>);

impl<'g> Checker<'g> {
    /// Makes everything ready. Its cost grows with the words of the inputs.
    pub fn new(ground: Ground<'g>) -> Self {
        Self(Ready::of(ground))
    }

    /// What is to be said of one paragraph, as it is saved. What only the whole draft shows is not looked for: live references,
    /// numbers of paragraphs, acronyms at their first use.
    pub fn paragraph(&self, section: &Section, paragraph: &Paragraph) -> Vec<Finding> {
        let mut found = Findings::default();
        self.read(&Passage::of(section, paragraph), None, &mut found);
        found.0
    }

    /// What is to be said of a whole draft, in its order; what concerns all of it comes last.
    pub fn draft(&self, draft: &Draft) -> Vec<Finding> {
        let mut found = Findings::default();
        let passages = Passage::all(draft);
        let targets = references::targets(draft, &passages);
        for passage in &passages {
            self.read(passage, Some(&targets), &mut found);
        }
        references::check_whole(&passages, &mut found);
        manual::check_whole(&self.0, draft, &passages, &mut found);
        usage::check(&self.0, draft, &mut found);
        freshness::check_whole(draft, &mut found);
        length::check(draft, &passages, &mut found);
        found.0
    }

    fn read(&self, passage: &Passage<'_>, targets: Option<&Targets>, found: &mut Findings) {
        let ready = &self.0;
        let Passage { section, reading, spot, .. } = passage;
        if let Some(paragraph) = passage.paragraph {
            provenance::check(section, paragraph, spot, found);
            freshness::check(paragraph, spot, found);
            references::check(paragraph, reading, targets, spot, found);
            accessibility::check(ready, reading, spot, found);
            // What is written from data was checked where it is written.
            if paragraph.computed {
                return;
            }
            quotation::check(ready, section, paragraph, reading, spot, found);
            if ready.is_english {
                combination::check(ready, section, reading, spot, found);
                quantifier::check(ready, section, paragraph, reading, spot, found);
                counts::check(ready, section, reading, spot, found);
            }
        }
        attribution::check(ready, section, reading, spot, found);
        titles::check(ready, reading, spot, found);
        manual::check(ready, reading, spot, found);
    }
}

/// Whether a text that somebody submits names a person of the register, or has an address or number of one; never whose.
///
/// The answer tells whoever asks often enough who is registered: ask it for those who may see the register. For anybody else
/// [`rapporteur_intake::names::by_shape`] knows nobody.
pub fn names_in(text: &str, people: &People, style: &Style) -> bool {
    Names::of(people, style).are_in(text)
}

/// As [`names_in`], made once for many texts.
pub struct Names<'s> {
    persons: Persons<'s>,
    contacts: Contacts,
}

impl<'s> Names<'s> {
    /// The names of these people.
    pub fn of(people: &People, style: &'s Style) -> Self {
        let common = Common::of(std::iter::empty());
        Self { persons: Persons::of(people, style, common), contacts: Contacts::of(people) }
    }

    /// Whether the text has one of them.
    pub fn are_in(&self, text: &str) -> bool {
        let reading = Reading::of(text);
        reading.strands().any(|strand| self.persons.are_in(strand) || self.contacts.are_in(strand))
    }
}
