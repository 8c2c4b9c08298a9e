//! Objectives: their numbers exist, and their titles have the official words.

use std::ops::Range;

use crate::finding::{Check, Level, Telling};
use crate::findings::{Findings, Spot};
use crate::ground::{Ready, Title};
use crate::numbers::number_at;
use crate::strand::{Reading, Strand};

/// Words that begin a title and tell it from other sentences.
const OPENING: usize = 2;
/// So many words more than it has may stand in a title that is not in its official words.
const SPARE: usize = 3;
/// From this share of its words on, in per cent, a title was meant.
const MEANT: usize = 60;

pub(crate) fn check(ready: &Ready<'_>, reading: &Reading, spot: &Spot<'_>, found: &mut Findings) {
    if ready.titles.is_empty() {
        return;
    }
    for strand in reading.strands() {
        for at in 0..strand.words.len() {
            if matches!(strand.small(at), "objective" | "objectives") && ready.is_english {
                numbered(ready, strand, at, spot, found);
            }
            titled(ready, strand, at, spot, found);
        }
    }
}

/// “objectives 9, 10 and 24”
fn numbered(
    ready: &Ready<'_>,
    strand: &Strand,
    word: usize,
    spot: &Spot<'_>,
    found: &mut Findings,
) {
    let others = ["strategic", "policy", "development", "plan", "programme", "project", "learning"];
    if word > 0 && others.contains(&strand.small(word - 1)) {
        return;
    }
    let mut at = word + 1;
    while let Some(number) = number_at(strand, at).filter(|number| number.in_digits) {
        let gap = strand.before(at);
        let near =
            matches!(gap, " " | ", " | "\u{a0}" | "–" | "-") || at > word + 1 && gap.trim() == "";
        let rest = strand.small(number.words.end);
        let of_other = matches!(rest, "of") && !is_compact(strand, number.words.end);
        if !near || of_other {
            return;
        }
        let exists =
            ready.ground.objectives.iter().any(|one| u32::from(one.number) == number.value);
        if !exists {
            found.add(
                Check::Objective,
                "number",
                Level::Blocks,
                spot.at(strand.source(&strand.place(&(word..number.words.end)))),
                Telling::new("There is no objective {}.", [number.value.to_string()]),
                Telling::new(
                    "Objectives have the numbers 1 to {}.",
                    [ready.ground.objectives.len().to_string()],
                ),
            );
        }
        at = number.words.end;
        if matches!(strand.small(at), "and" | "or" | "to") {
            at += 1;
        }
    }
}

fn is_compact(strand: &Strand, of: usize) -> bool {
    let next = |steps: usize| strand.small(of + steps);
    next(1) == "gcm" || next(1) == "the" && matches!(next(2), "global" | "compact" | "gcm")
}

/// A title that begins with this word.
fn titled(ready: &Ready<'_>, strand: &Strand, at: usize, spot: &Spot<'_>, found: &mut Findings) {
    if !strand.has_capital(at) {
        return;
    }
    let begins = |title: &&Title<'_>| {
        (0..OPENING.min(title.words.len())).all(|step| strand.small(at + step) == title.words[step])
    };
    let number = number_before(strand, at);
    let same = |title: &&Title<'_>| number == Some(u32::from(title.objective.number));
    // Behind its number a title is meant even when it begins otherwise.
    let by_number = ready.titles.iter().find(same).filter(|title| is_meant(title, strand, at));
    let by_words = ready.titles.iter().find(begins).filter(|title| {
        is_meant(title, strand, at) && (number.is_some() || is_alone(title, strand, at))
    });
    let Some(title) = by_words.or(by_number) else { return };
    let place = passage(title, strand, at);
    let official = &title.objective.title;
    let exact = strand.text[place.start..].starts_with(official.as_str());
    if !exact {
        found.add(
            Check::Objective,
            "wording",
            Level::Blocks,
            spot.at(strand.source(&place)),
            "The title of an objective is not in its official words.",
            Telling::new("Write “{}”.", [official]),
        );
    } else if number.is_some_and(|number| number != u32::from(title.objective.number)) {
        found.add(
            Check::Objective,
            "other_number",
            Level::Blocks,
            spot.at(strand.source(&place)),
            "This is the title of another objective than the number says.",
            Telling::new(
                "“{}” is objective {}.",
                [official.clone(), title.objective.number.to_string()],
            ),
        );
    }
}

/// Whether what may be a title is all that stands there, and not the beginning of a sentence about something.
fn is_alone(title: &Title<'_>, strand: &Strand, at: usize) -> bool {
    let start = strand.words[at].start;
    let marked = strand.text[..start].trim_end().ends_with(['“', '"', '(', ':', '\n'])
        || strand.begins_sentence(at);
    let end = strand.sentence_at(start).map_or(at, |sentence| sentence.words.end);
    let closed = (at + 1..end).find(|at| strand.before(*at).contains(['”', '"', ')']));
    let many = closed.unwrap_or(end) - at;
    let ends =
        strand.text[strand.words[end - 1].end..].starts_with(['.', '!', '?']) && closed.is_none();
    marked && !ends && many <= title.words.len() + SPARE
}

/// The number that stands right before a title: “Objective 8: ”, “objective 8 (”, “8. ”.
fn number_before(strand: &Strand, at: usize) -> Option<u32> {
    let before = at.checked_sub(1)?;
    let gap = strand.before(at);
    let near = gap.len() <= 6
        && !gap.contains('\n')
        && (gap.contains([':', '(', '“', '"', '–', '—', ',']) || gap == " ");
    let of_objective = at >= 2 && matches!(strand.small(at - 2), "objective");
    let value = strand.small(before).parse().ok()?;
    (near && of_objective).then_some(value)
}

/// The words that were meant as the title: as many as it has, within the sentence.
fn meant(title: &Title<'_>, strand: &Strand, at: usize) -> Range<usize> {
    let start = strand.words[at].start;
    let end = strand.sentence_at(start).map_or(at, |sentence| sentence.words.end);
    let mut last = at + 1;
    while last < end.min(at + title.words.len())
        && !strand.before(last).contains([';', '”', '"', ')', ':', '('])
    {
        last += 1;
    }
    at..last
}

fn is_meant(title: &Title<'_>, strand: &Strand, at: usize) -> bool {
    let words = meant(title, strand, at);
    let same =
        title.words.iter().filter(|word| words.clone().any(|at| strand.small(at) == word.as_str()));
    same.count() * 100 >= title.words.len() * MEANT
}

fn passage(title: &Title<'_>, strand: &Strand, at: usize) -> Range<usize> {
    strand.place(&meant(title, strand, at))
}
