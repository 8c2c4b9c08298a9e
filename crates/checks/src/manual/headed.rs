//! Headings beside each other: none stands alone, and what is headed alike is written alike.

use std::collections::HashMap;

use crate::drafted::Draft;
use crate::finding::{Check, Level, Telling};
use crate::findings::{Findings, Spot};

pub(super) fn check(draft: &Draft, found: &mut Findings) {
    let shown: Vec<usize> = (0..draft.sections.len()).filter(|at| is_shown(draft, *at)).collect();
    for at in &shown {
        if is_alone(draft, &shown, *at) {
            let spot = Spot { section: &draft.sections[*at].key, paragraph: None };
            found.add(
                Check::Style,
                "lone_heading",
                Level::Advises,
                spot.whole(),
                "This is the only heading under the one above it.",
                "Add another beside it, or take it out and let its paragraphs stand under the one above.",
            );
        }
    }
    capitals(draft, &shown, found);
}

/// Sections without text are not printed.
fn is_shown(draft: &Draft, at: usize) -> bool {
    let section = &draft.sections[at];
    let within = draft.sections[at + 1..].iter().take_while(|other| other.level > section.level);
    section.heading.is_some()
        && std::iter::once(section).chain(within).any(|one| !one.paragraphs.is_empty())
}

fn is_alone(draft: &Draft, shown: &[usize], at: usize) -> bool {
    let level = draft.sections[at].level;
    if level < 2 {
        return false;
    }
    let higher = |other: &usize| draft.sections[*other].level < level;
    let above = shown.iter().copied().filter(|other| *other < at && higher(other)).max();
    let next = shown.iter().copied().filter(|other| *other > at && higher(other)).min();
    let beside = shown.iter().filter(|other| {
        **other != at
            && draft.sections[**other].level == level
            && above.is_none_or(|above| **other > above)
            && next.is_none_or(|next| **other < next)
    });
    beside.count() == 0
}

fn capitals(draft: &Draft, shown: &[usize], found: &mut Findings) {
    let mut seen: HashMap<String, &str> = HashMap::new();
    for at in shown {
        let section = &draft.sections[*at];
        let Some(heading) = section.heading.as_deref().map(str::trim) else { continue };
        let first = *seen.entry(heading.to_lowercase()).or_insert(heading);
        if first != heading {
            let spot = Spot { section: &section.key, paragraph: None };
            found.add(
                Check::Style,
                "heading_capitals",
                Level::Advises,
                spot.whole(),
                Telling::new("“{}” is written “{}” further up.", [heading, first]),
                "Write headings alike, with a capital for the first word and for names.",
            );
        }
    }
}
