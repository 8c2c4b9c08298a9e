//! No dangling provenance (ARCHITECTURE.md, rule 2): every paragraph of the outcomes rests on something, and everything that could be
//! used is used or left out for a recorded reason. Pure; must never know who contributed what.

use std::collections::{BTreeMap, BTreeSet};

use crate::inputs::{InputId, InputState};
use crate::problem::{Code, Problem};
use crate::reports::{ParagraphId, Source};

/// What the check needs to know of a paragraph.
#[derive(Debug, Clone)]
pub struct Cover {
    /// Which one.
    pub id: ParagraphId,
    /// Whether it says what came out of a consultation.
    pub outcome: bool,
    /// Whether it has a reason why it rests on nothing.
    pub editorial: bool,
    /// The inputs it cites.
    pub inputs: Vec<InputId>,
    /// The paragraphs of editions it cites.
    pub sources: Vec<Source>,
}

/// What a draft could use, and what was left out of it with a reason.
#[derive(Debug, Clone, Default)]
pub struct Material {
    /// Accepted inputs of the consultation.
    pub inputs: BTreeSet<InputId>,
    /// What became of those that are cited and not accepted, or not any more.
    pub unaccepted: BTreeMap<InputId, InputState>,
    /// Paragraphs of the outcomes in the editions of a paper.
    pub sources: BTreeSet<Source>,
    /// Inputs left out.
    pub omitted_inputs: BTreeSet<InputId>,
    /// Paragraphs of editions left out.
    pub omitted_sources: BTreeSet<Source>,
}

/// A paragraph that cites an input that is not accepted, or not any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unaccepted {
    /// The paragraph.
    pub paragraph: ParagraphId,
    /// The input.
    pub input: InputId,
    /// What became of it.
    pub state: Option<InputState>,
}

/// What is covered of a draft and what is not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// How many inputs, or paragraphs of editions, could be used.
    pub available: u32,
    /// How many of them are cited.
    pub cited: u32,
    /// How many of them are not cited and have a reason why not.
    pub omitted: u32,
    /// Paragraphs of the outcomes that rest on nothing and do not say why.
    pub unsupported_paragraphs: Vec<ParagraphId>,
    /// Paragraphs that cite an input that is not accepted, or not any more.
    pub unaccepted_citations: Vec<Unaccepted>,
    /// Accepted inputs that are neither cited nor left out with a reason.
    pub uncovered_inputs: Vec<InputId>,
    /// Paragraphs of editions that are neither cited nor left out with a reason.
    pub uncovered_sources: Vec<Source>,
}

impl Coverage {
    /// Whether nothing is missing.
    pub fn is_complete(&self) -> bool {
        self.unsupported_paragraphs.is_empty()
            && self.unaccepted_citations.is_empty()
            && self.uncovered_inputs.is_empty()
            && self.uncovered_sources.is_empty()
    }

    /// Nothing, or 409 `coverage_incomplete` that lists what is missing.
    ///
    /// # Errors
    /// When something is missing.
    pub fn require_complete(&self) -> Result<(), Problem> {
        if self.is_complete() {
            return Ok(());
        }
        let (paragraphs, stale) =
            (self.unsupported_paragraphs.len(), self.unaccepted_citations.len());
        let uncovered = self.uncovered_inputs.len() + self.uncovered_sources.len();
        let detail = format!(
            "Paragraphs that rest on nothing: {paragraphs}; citations of inputs that are not accepted: {stale}; \
             neither used nor left out with a reason: {uncovered}."
        );
        let mut problem = Problem::new(Code::CoverageIncomplete, detail);
        for id in &self.unsupported_paragraphs {
            problem = problem.at(
                format!("/paragraphs/{id}"),
                "rests on nothing: cite an input or say why it is editorial",
            );
        }
        for Unaccepted { paragraph, input, state } in &self.unaccepted_citations {
            let state = state.map_or("not accepted", InputState::as_str);
            let detail = format!("cites the input {input}, which is {state}");
            problem = problem.at(format!("/paragraphs/{paragraph}"), detail);
        }
        for id in &self.uncovered_inputs {
            problem =
                problem.at(format!("/inputs/{id}"), "is neither cited nor left out with a reason");
        }
        for Source { edition_id, number } in &self.uncovered_sources {
            let pointer = format!("/editions/{edition_id}/paragraphs/{number}");
            problem = problem.at(pointer, "is neither taken up nor left out with a reason");
        }
        Err(problem)
    }
}

/// Compares what was drafted with what there is.
pub fn check(paragraphs: &[Cover], material: &Material) -> Coverage {
    let inputs: BTreeSet<InputId> =
        cited(paragraphs, |paragraph| &paragraph.inputs, &material.inputs);
    let sources: BTreeSet<Source> =
        cited(paragraphs, |paragraph| &paragraph.sources, &material.sources);
    let rests = |paragraph: &Cover| {
        let on_input = paragraph.inputs.iter().any(|input| material.inputs.contains(input));
        on_input || !paragraph.sources.is_empty() || paragraph.editorial
    };
    let unaccepted = |paragraph: &Cover| {
        let missing = paragraph.inputs.iter().filter(|input| !material.inputs.contains(input));
        let missing = missing.map(|input| Unaccepted {
            paragraph: paragraph.id,
            input: *input,
            state: material.unaccepted.get(input).copied(),
        });
        missing.collect::<Vec<_>>()
    };
    let (open_inputs, omitted_inputs) = open(&material.inputs, &inputs, &material.omitted_inputs);
    let (open_sources, omitted_sources) =
        open(&material.sources, &sources, &material.omitted_sources);
    Coverage {
        available: count(material.inputs.len() + material.sources.len()),
        cited: count(inputs.len() + sources.len()),
        omitted: count(omitted_inputs + omitted_sources),
        unsupported_paragraphs: paragraphs
            .iter()
            .filter(|paragraph| paragraph.outcome && !rests(paragraph))
            .map(|paragraph| paragraph.id)
            .collect(),
        unaccepted_citations: paragraphs.iter().flat_map(unaccepted).collect(),
        uncovered_inputs: open_inputs,
        uncovered_sources: open_sources,
    }
}

fn cited<T: Ord + Copy>(
    paragraphs: &[Cover],
    of: impl Fn(&Cover) -> &Vec<T>,
    available: &BTreeSet<T>,
) -> BTreeSet<T> {
    paragraphs
        .iter()
        .flat_map(|paragraph| of(paragraph).iter().copied())
        .filter(|item| available.contains(item))
        .collect()
}

/// What is neither cited nor left out, and how many were left out.
fn open<T: Ord + Copy>(
    available: &BTreeSet<T>,
    cited: &BTreeSet<T>,
    omitted: &BTreeSet<T>,
) -> (Vec<T>, usize) {
    let (left_out, open): (Vec<T>, Vec<T>) =
        available.difference(cited).copied().partition(|item| omitted.contains(item));
    (open, left_out.len())
}

fn count(items: usize) -> u32 {
    u32::try_from(items).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Ids;

    fn paragraph(ids: &Ids, inputs: Vec<InputId>) -> Cover {
        Cover { id: ids.next(), outcome: true, editorial: false, inputs, sources: Vec::new() }
    }

    #[test]
    fn a_paragraph_of_the_outcomes_rests_on_an_accepted_input_or_says_why_not() {
        let ids = Ids::sequence();
        let (accepted, withdrawn): (InputId, InputId) = (ids.next(), ids.next());
        let material = Material {
            inputs: BTreeSet::from([accepted]),
            unaccepted: BTreeMap::from([(withdrawn, InputState::Withdrawn)]),
            ..Material::default()
        };
        let good = paragraph(&ids, vec![accepted]);
        let stale = paragraph(&ids, vec![withdrawn]);
        let bare = paragraph(&ids, Vec::new());
        let editorial = Cover { editorial: true, ..paragraph(&ids, Vec::new()) };
        let opening = Cover { outcome: false, ..paragraph(&ids, Vec::new()) };
        let coverage = check(&[good, stale.clone(), bare.clone(), editorial, opening], &material);
        assert_eq!(coverage.unsupported_paragraphs, [stale.id, bare.id]);
        let state = Some(InputState::Withdrawn);
        let unaccepted = Unaccepted { paragraph: stale.id, input: withdrawn, state };
        assert_eq!(coverage.unaccepted_citations, [unaccepted]);
        assert!(coverage.uncovered_inputs.is_empty());
        let problem = coverage.require_complete().unwrap_err();
        assert_eq!(problem.code(), Code::CoverageIncomplete);
        assert_eq!(problem.errors().len(), 3);
    }

    #[test]
    fn every_accepted_input_is_cited_or_left_out_with_a_reason() {
        let ids = Ids::sequence();
        let (cited, omitted, forgotten): (InputId, InputId, InputId) =
            (ids.next(), ids.next(), ids.next());
        let material = Material {
            inputs: BTreeSet::from([cited, omitted, forgotten]),
            omitted_inputs: BTreeSet::from([omitted]),
            ..Material::default()
        };
        let coverage = check(&[paragraph(&ids, vec![cited])], &material);
        assert_eq!(coverage.uncovered_inputs, [forgotten]);
        assert_eq!((coverage.available, coverage.cited, coverage.omitted), (3, 1, 1));
    }
}
