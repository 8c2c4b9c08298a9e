//! Everything that drafts are held against, made ready once: names, words that must not be repeated, figures, titles. It must never
//! tell what it knows, only that a text has something of it.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::attribution::{affiliations::Affiliations, contacts::Contacts, persons::Persons};
use crate::drafted::{
    Citation, Draft, Figures, Input, Material, Objective, Paragraph, People, Section,
};
use crate::finding::Finding;
use crate::findings::{Findings, Spot};
use crate::manual::{self, Style};
use crate::shingles::{Common, Piece, Protected, pieces};
use crate::strand::Reading;
use crate::{
    accessibility, attribution, combination, counts, freshness, length, provenance, quantifier,
    quotation, references, titles, usage,
};

/// What a draft is held against.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'g> {
    /// The language of the draft (BCP 47). Checks that read English are silent in any other.
    pub language: &'g str,
    /// Whom a text could name.
    pub people: &'g People,
    /// What was contributed.
    pub material: &'g Material,
    /// Figures as they were released.
    pub figures: &'g Figures,
    /// All objectives there are.
    pub objectives: &'g [Objective],
    /// How texts are written.
    pub style: &'g Style,
}

/// Holds drafts against what it was made of.
pub struct Checker<'g> {
    pub(crate) ground: Ground<'g>,
    pub(crate) style: &'g Style,
    pub(crate) is_english: bool,
    pub(crate) persons: Persons<'g>,
    pub(crate) affiliations: Affiliations,
    pub(crate) contacts: Contacts,
    pub(crate) protected: Protected,
    pub(crate) titles: Vec<titles::Title<'g>>,
    inputs: HashMap<&'g str, &'g Input>,
}

/// A paragraph or heading that was read.
#[derive(Debug)]
pub(crate) struct Passage<'d> {
    pub section: &'d Section,
    /// None for the heading of the section.
    pub paragraph: Option<&'d Paragraph>,
    pub spot: Spot<'d>,
    pub reading: Reading,
}

impl<'d> Passage<'d> {
    fn of(section: &'d Section, paragraph: &'d Paragraph) -> Self {
        Self {
            section,
            paragraph: Some(paragraph),
            spot: Spot { section: &section.key, paragraph: Some(&paragraph.key) },
            reading: Reading::of(&paragraph.text),
        }
    }

    /// All of a draft, in its order.
    fn all(draft: &'d Draft) -> Vec<Self> {
        let mut passages = Vec::new();
        for section in &draft.sections {
            passages.extend(section.heading.as_deref().map(|heading| Self {
                section,
                paragraph: None,
                spot: Spot { section: &section.key, paragraph: None },
                reading: Reading::plain(heading),
            }));
            passages
                .extend(section.paragraphs.iter().map(|paragraph| Self::of(section, paragraph)));
        }
        passages
    }
}

/// What a paragraph can refer to.
#[derive(Debug, Default)]
pub(crate) struct Targets {
    pub keys: HashSet<String>,
    pub numbers: BTreeSet<u32>,
    pub notes: usize,
}

impl<'g> Checker<'g> {
    /// Makes everything ready. Its cost grows with the words of the inputs.
    pub fn new(ground: Ground<'g>) -> Self {
        let Ground { people, material, style, .. } = ground;
        let mut common = Common::of(people.persons.iter().map(|person| person.name.as_str()));
        let protected = protect(&ground, &mut common);
        Self {
            ground,
            style,
            is_english: ground.language.to_ascii_lowercase().starts_with("en"),
            persons: Persons::of(people, style, common),
            affiliations: Affiliations::of(&people.organizations),
            contacts: Contacts::of(people),
            protected,
            titles: titles::Title::all(ground.objectives),
            inputs: material.inputs.iter().map(|input| (input.key.as_str(), input)).collect(),
        }
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
        manual::check_whole(self, draft, &passages, &mut found);
        usage::check(self, draft, &mut found);
        length::check(draft, &passages, &mut found);
        found.0
    }

    fn read(&self, passage: &Passage<'_>, targets: Option<&Targets>, found: &mut Findings) {
        let Passage { section, reading, spot, .. } = passage;
        if let Some(paragraph) = passage.paragraph {
            provenance::check(section, paragraph, spot, found);
            freshness::check(paragraph, spot, found);
            references::check(paragraph, reading, targets, spot, found);
            accessibility::check(self, reading, spot, found);
            // What is written from data was checked where it is written.
            if paragraph.computed {
                return;
            }
            quotation::check(self, section, paragraph, reading, spot, found);
            if self.is_english {
                combination::check(self, section, reading, spot, found);
                quantifier::check(self, section, paragraph, reading, spot, found);
                counts::check(self, section, reading, spot, found);
            }
        }
        attribution::check(self, section, reading, spot, found);
        titles::check(self, reading, spot, found);
        manual::check(self, reading, spot, found);
    }

    /// The input that a paragraph cites.
    pub(crate) fn input(&self, citation: &Citation) -> Option<&'g Input> {
        self.inputs.get(citation.key.as_str()).copied()
    }
}

/// Reads all inputs, once: what of them must not be repeated, and which words of names are words.
fn protect(ground: &Ground<'_>, common: &mut Common) -> Protected {
    let mut protected = Protected::default();
    let mut others: Vec<Vec<Piece>> = Vec::new();
    for (number, input) in ground.material.inputs.iter().enumerate() {
        let pieces = pieces(&input.text);
        common.count(number as u32, &input.text, &pieces);
        if input.is_protected() {
            protected.protect(&pieces);
        } else if matches!(input.state, crate::drafted::State::Accepted) {
            others.push(pieces);
        }
    }
    others.iter().for_each(|pieces| protected.free(pieces));
    ground.objectives.iter().for_each(|objective| protected.free(&pieces(&objective.title)));
    protected
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
