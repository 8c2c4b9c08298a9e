//! Everything that drafts are held against, made ready once: names, words that must not be repeated, figures, titles. It must never
//! tell what it knows, only that a text has something of it.

mod affiliations;
mod contacts;
mod official;
mod persons;
pub(crate) mod shingles;
pub(crate) mod voiced;

pub(crate) use affiliations::{Affiliations, speaks};
pub(crate) use contacts::Contacts;
pub(crate) use official::Title;
pub(crate) use persons::{Named, Persons};

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::drafted::{
    Citation, Draft, Figures, Input, Material, Objective, Paragraph, People, Section, State,
};
use crate::findings::Spot;
use crate::lexicon::Style;
use crate::strand::Reading;

use shingles::{Common, Piece, Protected, pieces};

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

/// The same, made ready.
pub(crate) struct Ready<'g> {
    pub(crate) ground: Ground<'g>,
    pub(crate) style: &'g Style,
    pub(crate) is_english: bool,
    pub(crate) persons: Persons<'g>,
    pub(crate) affiliations: Affiliations,
    pub(crate) contacts: Contacts,
    pub(crate) protected: Protected,
    pub(crate) titles: Vec<Title<'g>>,
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
    pub(crate) fn of(section: &'d Section, paragraph: &'d Paragraph) -> Self {
        Self {
            section,
            paragraph: Some(paragraph),
            spot: Spot { section: &section.key, paragraph: Some(&paragraph.key) },
            reading: Reading::of(&paragraph.text),
        }
    }

    /// All of a draft, in its order.
    pub(crate) fn all(draft: &'d Draft) -> Vec<Self> {
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

impl<'g> Ready<'g> {
    /// Makes everything ready. Its cost grows with the words of the inputs.
    pub(crate) fn of(ground: Ground<'g>) -> Self {
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
            titles: Title::all(ground.objectives),
            inputs: material.inputs.iter().map(|input| (input.key.as_str(), input)).collect(),
        }
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
        } else if matches!(input.state, State::Accepted) {
            others.push(pieces);
        }
    }
    others.iter().for_each(|pieces| protected.free(pieces));
    ground.objectives.iter().for_each(|objective| protected.free(&pieces(&objective.title)));
    protected
}
