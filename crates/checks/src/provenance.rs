//! What a paragraph of the outcomes rests on.

use crate::drafted::{Citation, Paragraph, Section, State};
use crate::finding::{Check, Level};
use crate::findings::{Findings, Spot};

/// Fewest words of a reason that somebody can follow, and fewest letters where words are not divided.
const REASON_WORDS: usize = 4;
const REASON_LETTERS: usize = 15;

pub(crate) fn check(
    section: &Section,
    paragraph: &Paragraph,
    spot: &Spot<'_>,
    found: &mut Findings,
) {
    if let Some(reason) = &paragraph.editorial_reason
        && !is_sentence(reason)
    {
        found.add(
            Check::Provenance,
            "reason",
            Level::Blocks,
            spot.whole(),
            "The reason why this paragraph rests on no input is shorter than a sentence.",
            "Say in a sentence where its content comes from.",
        );
    }
    if section.outcome && !paragraph.computed {
        rests(paragraph, spot, found);
        belongs(section, paragraph, spot, found);
    }
    unaccepted(paragraph, spot, found);
}

fn is_sentence(reason: &str) -> bool {
    let letters = reason.chars().filter(|c| c.is_alphanumeric()).count();
    let spaced =
        reason.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count();
    letters >= REASON_LETTERS
        && (spaced >= REASON_WORDS || !reason.contains(|c: char| c.is_ascii_alphabetic()))
}

fn rests(paragraph: &Paragraph, spot: &Spot<'_>, found: &mut Findings) {
    let accepted = paragraph.cites.iter().any(|cite| cite.state == State::Accepted);
    if !accepted && paragraph.sources == 0 && paragraph.editorial_reason.is_none() {
        found.add(
            Check::Provenance,
            "nothing",
            Level::BlocksAlways,
            spot.whole(),
            "This paragraph rests on no accepted input.",
            "Cite what it rests on, or say in a sentence why it rests on nothing.",
        );
    }
}

/// Inputs that became something else since they were cited.
fn unaccepted(paragraph: &Paragraph, spot: &Spot<'_>, found: &mut Findings) {
    let mut told: Vec<State> = Vec::new();
    for state in paragraph.cites.iter().map(|cite| cite.state) {
        let (rule, sentence) = match state {
            State::Accepted => continue,
            State::Submitted => {
                ("submitted", "This paragraph rests on an input that was not accepted yet.")
            }
            State::Merged => {
                ("merged", "This paragraph rests on an input that became part of another.")
            }
            State::Returned => {
                ("returned", "This paragraph rests on an input that went back with a question.")
            }
            State::Withdrawn => {
                ("withdrawn", "This paragraph rests on an input that was withdrawn.")
            }
            State::SetAside => {
                ("set_aside", "This paragraph rests on an input that was set aside.")
            }
        };
        if told.contains(&state) {
            continue;
        }
        told.push(state);
        let remedy = match state {
            State::Merged => "Cite the input that it became part of.",
            State::Withdrawn => "Take the citation out, and what rests on it alone.",
            _ => "Wait until it is accepted, or take the citation out.",
        };
        found.add(Check::Provenance, rule, Level::BlocksAlways, spot.whole(), sentence, remedy);
    }
}

/// Whether inputs stand under their own objective and category.
fn belongs(section: &Section, paragraph: &Paragraph, spot: &Spot<'_>, found: &mut Findings) {
    let of_other_objective = |cite: &Citation| {
        !section.objectives.is_empty()
            && !cite.objectives.is_empty()
            && !cite.objectives.iter().any(|one| section.objectives.contains(one))
    };
    if paragraph.cites.iter().any(of_other_objective) {
        found.add(
            Check::Provenance,
            "objective",
            Level::Blocks,
            spot.whole(),
            "This paragraph rests on an input about another objective than its section.",
            "Move what it says to the section of that objective, or cite another input.",
        );
    }
    let of_other_category = |cite: &Citation| matches!((&section.category, &cite.category), (Some(here), Some(there)) if here != there);
    if paragraph.cites.iter().any(of_other_category) {
        found.add(
            Check::Provenance,
            "category",
            Level::Advises,
            spot.whole(),
            "This paragraph rests on an input of another category than its section.",
            "Look whether it belongs under the other heading.",
        );
    }
}
