//! What is told of “a participant” and may tell who it is: a role, a place, a trait, something lived through. Found in the words, held
//! against the groups of which a number was released. It advises.

use std::ops::Range;

use crate::drafted::{Attribution, Section};
use crate::finding::{Check, Level, Telling};
use crate::findings::{Findings, Spot};
use crate::ground::Ready;
use crate::strand::{Reading, Sentence, Strand};

/// In a group of so many nobody is known by it alone.
const MANY: u32 = 10;
/// Most words of what is told.
const LONGEST: usize = 14;

pub(crate) fn check(
    ready: &Ready<'_>,
    section: &Section,
    reading: &Reading,
    spot: &Spot<'_>,
    found: &mut Findings,
) {
    if section.attribution == Attribution::OnRecord {
        return;
    }
    let strand = &reading.body;
    for sentence in &strand.sentences {
        let mut at = sentence.words.start;
        while at < sentence.words.end {
            let told = of_speaker(ready, strand, sentence, at)
                .or_else(|| of_role(ready, strand, sentence, at));
            at = told.as_ref().map_or(at + 1, |words| words.end.max(at + 1));
            if let Some(words) = told {
                tell(strand, &words, spot, found);
            }
        }
    }
}

fn tell(strand: &Strand, words: &Range<usize>, spot: &Spot<'_>, found: &mut Findings) {
    found.add(
        Check::IdentifyingCombination,
        "told_of_one",
        Level::Advises,
        spot.at(strand.source(&strand.place(words))),
        Telling::new("“{}” may tell who it was to somebody who was there.", [strand.said(words)]),
        "Leave out what is told of the person, or tell it as of people in general.",
    );
}

/// “A young participant from the coast”, “a participant who had been”.
fn of_speaker(
    ready: &Ready<'_>,
    strand: &Strand,
    sentence: &Sentence,
    at: usize,
) -> Option<Range<usize>> {
    let words = &ready.style.words;
    if !words.speaker.contains(strand.small(at)) {
        return None;
    }
    let first = article(strand, sentence, at)?;
    // “one participant, a nurse,”, “a woman participant”
    let before = (first + 1..at).any(|at| {
        words.traits.contains(strand.small(at)) || words.roles.contains(strand.small(at))
    });
    let end = behind(ready, strand, sentence, at + 1);
    match end {
        Some(end) => Some(first..end),
        None => before.then_some(first..at + 1),
    }
}

/// “A nurse from the coast said”, “a domestic worker reported”.
fn of_role(
    ready: &Ready<'_>,
    strand: &Strand,
    sentence: &Sentence,
    at: usize,
) -> Option<Range<usize>> {
    let words = &ready.style.words;
    if !words.roles.contains(strand.small(at)) {
        return None;
    }
    let first = article(strand, sentence, at)?;
    let next = at + 1;
    let reports = |at: usize| words.reporting.contains(strand.small(at));
    let end = (next..sentence.words.end.min(next + 8)).find(|at| reports(*at))?;
    let near = end == next
        || matches!(
            strand.small(next),
            "from" | "who" | "in" | "of" | "working" | "at" | "also" | "had" | "further"
        );
    let passive =
        matches!(strand.small(end.saturating_sub(1)), "was" | "were" | "been" | "is" | "be");
    (near && !passive && !strand.said(&(next..end)).contains(['.', ';'])).then_some(first..end + 1)
}

/// Where a noun phrase begins that tells of one: “a”, “another”, “one”, with at most three words up to the noun.
fn article(strand: &Strand, sentence: &Sentence, noun: usize) -> Option<usize> {
    let least = sentence.words.start.max(noun.saturating_sub(4));
    let is_article =
        |at: &usize| matches!(strand.small(*at), "a" | "an" | "one" | "another" | "the");
    let first = (least..noun).rev().take_while(|at| strand.follows(at + 1)).find(is_article)?;
    // “the participant” is one only where “only” or a trait stands between.
    (strand.small(first) != "the" || strand.small(first + 1) == "only").then_some(first)
}

/// Where what is told behind the noun ends; nothing if nothing is told that tells who it is.
fn behind(ready: &Ready<'_>, strand: &Strand, sentence: &Sentence, from: usize) -> Option<usize> {
    let words = &ready.style.words;
    let end = sentence.words.end.min(from + LONGEST);
    let torn = |at: usize| strand.before(at).contains([';', ':', '.', '(', '\n']);
    let clause = || {
        (from + 1..end)
            .find(|at| words.reporting.contains(strand.small(*at)) || torn(*at))
            .unwrap_or(end)
    };
    match strand.small(from) {
        "from" if strand.follows(from) => {
            let last = clause();
            let place = strand.said(&(from + 1..last));
            let known = ready
                .ground
                .figures
                .groups
                .iter()
                .any(|group| group.people >= MANY && is_same_group(&group.name, place));
            // “from one country”, “from another island”
            let of_any =
                matches!(strand.small(from + 1), "a" | "an" | "one" | "another" | "each" | "that");
            let of_group = of_any
                || matches!(strand.small(from + 1), "working" | "group")
                || strand.small(from + 2) == "group"
                || strand.small(from + 2) == "working"
                || matches!(
                    place.to_lowercase().as_str(),
                    "the region" | "civil society" | "the floor" | "academia"
                );
            (!known && !of_group && last > from + 1).then_some(last)
        }
        "who" | "whose" if strand.follows(from) || strand.before(from) == ", " => {
            let next = strand.small(from + 1);
            let spoke = words.reporting.contains(next)
                || matches!(
                    next,
                    "spoke" | "attended" | "joined" | "participated" | "asked" | "took"
                );
            let last = (from + 2..end)
                .find(|at| {
                    words.reporting.contains(strand.small(*at))
                        || strand.before(*at).contains([',', ';', '.'])
                })
                .unwrap_or(end);
            (!spoke).then_some(last)
        }
        "working" | "living" | "representing" | "employed" | "based" | "with" | "aged" | "born"
        | "married" | "formerly" | "speaking"
            if strand.follows(from) =>
        {
            let own = strand.small(from) != "with"
                || matches!(
                    strand.small(from + 1),
                    "a" | "an"
                        | "experience"
                        | "disabilities"
                        | "lived"
                        | "children"
                        | "two"
                        | "three"
                );
            let spoken = strand.small(from) == "speaking" && strand.small(from + 1) != "as";
            (own && !spoken).then(clause)
        }
        "a" | "an" | "himself" | "herself" | "formerly" if strand.before(from) == ", " => {
            let last = (from + 1..end)
                .find(|at| strand.before(*at).contains([',', ';', '.']))
                .unwrap_or(end);
            let role = (from..last).any(|at| {
                words.roles.contains(strand.small(at)) || words.traits.contains(strand.small(at))
            });
            role.then_some(last)
        }
        _ => None,
    }
}

/// “the Pacific” and “Pacific” are one.
fn is_same_group(name: &str, told: &str) -> bool {
    let plain = |text: &str| {
        let small = text.trim().trim_end_matches(',').to_lowercase();
        small.strip_prefix("the ").map(str::to_owned).unwrap_or(small)
    };
    plain(name) == plain(told)
}
