//! Numbers in running text: words below ten, figures from ten on, no figure at the beginning of a sentence, a comma for thousands.

use crate::finding::{Check, Level, Telling};
use crate::findings::{Findings, Spot};
use crate::lexicon::Style;
use crate::numbers::{Number, number_at};
use crate::strand::{Sentence, Strand};

/// Below this number words are written, above it figures.
const TEN: u32 = 10;

pub(super) fn check(style: &Style, strand: &Strand, spot: &Spot<'_>, found: &mut Findings) {
    for sentence in &strand.sentences {
        let numbers = numbers(strand, sentence);
        let mixed = numbers.iter().any(|number| number.in_digits && number.value >= TEN);
        for number in &numbers {
            if let Some((rule, told, remedy)) = judge(style, strand, sentence, number, mixed) {
                let place = strand.place(&number.words);
                let written = strand.said(&number.words);
                found.add(
                    Check::Style,
                    rule,
                    Level::Advises,
                    spot.at(strand.source(&place)),
                    Telling::new(told, [written]),
                    remedy,
                );
            }
        }
    }
}

fn numbers(strand: &Strand, sentence: &Sentence) -> Vec<Number> {
    let (mut found, mut at) = (Vec::new(), sentence.words.start);
    while at < sentence.words.end {
        match number_at(strand, at) {
            Some(number) => {
                at = number.words.end;
                found.push(number);
            }
            None => at += 1,
        }
    }
    found
}

type Told = (&'static str, &'static str, &'static str);

fn judge(
    style: &Style,
    strand: &Strand,
    sentence: &Sentence,
    number: &Number,
    mixed: bool,
) -> Option<Told> {
    let first = number.words.start == sentence.words.start;
    let next = strand.small(number.words.end);
    let bound = strand.follows(number.words.end);
    let small_next = bound
        && next.chars().next().is_some_and(char::is_lowercase)
        && strand.before(number.words.end) == " ";
    if number.in_digits
        && first
        && small_next
        && strand.text[sentence.place.start..strand.words[number.words.start].start]
            .trim()
            .is_empty()
    {
        return Some((
            "numeral_first",
            "A sentence begins with the figure “{}”.",
            "Write it in words, or turn the sentence.",
        ));
    }
    if !small_next || !is_counting(style, strand, number) {
        return None;
    }
    if number.in_digits && (1..TEN).contains(&number.value) && !mixed && !is_measure(next) {
        return Some((
            "small_number",
            "“{}” is written in figures.",
            "Write numbers below ten in words.",
        ));
    }
    if !number.in_digits
        && !first
        && number.value > TEN
        && !matches!(number.value, 100 | 1000 | 12)
        && next != "per"
    {
        return Some((
            "large_number",
            "“{}” is written in words.",
            "Write numbers from ten on in figures.",
        ));
    }
    let written = strand.written(number.words.start);
    let plain =
        number.in_digits && number.words.len() == 1 && written.len() >= 4 && !is_function(next);
    if plain && !(1900..=2100).contains(&number.value) {
        return Some((
            "thousands",
            "“{}” has no comma before the last three figures.",
            "Write thousands with a comma: 12,000.",
        ));
    }
    None
}

/// Words behind a number that it does not count.
fn is_function(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "and", "or", "to", "of", "in", "on", "at", "by", "for", "with", "from", "as", "was",
        "were", "is", "are", "had", "has", "have", "that", "which", "who", "when", "while", "but",
        "the", "a",
    ];
    WORDS.contains(&word)
}

/// What is measured is written in figures.
fn is_measure(unit: &str) -> bool {
    const UNITS: &[&str] = &[
        "per",
        "percent",
        "million",
        "billion",
        "km",
        "kilometres",
        "metres",
        "m",
        "kg",
        "hectares",
        "hours",
        "hrs",
        "a",
        "p",
        "years",
        "year",
        "degrees",
        "and",
        "to",
        "or",
        "am",
        "pm",
        "times",
        "january",
        "february",
        "march",
    ];
    UNITS.contains(&unit)
}

/// Whether the number counts something, and is not the number of something.
fn is_counting(style: &Style, strand: &Strand, number: &Number) -> bool {
    let words = &style.words;
    let is_named = |before: &str| {
        words.numbered.contains(before)
            || words.numbered_at_times.contains(before)
            || matches!(before, "and" | "to" | "or")
    };
    let at = number.words.start;
    let before = at.checked_sub(1).map_or("", |at| strand.small(at));
    let gap = strand.before(at);
    let glued = !gap.is_empty() && !gap.ends_with([' ', '\u{a0}', '\n', '(', '“', '"']);
    !(glued
        || is_named(before) && strand.follows(at)
        || gap.contains(['/', '$', '€'])
        || gap.trim_end().ends_with(','))
}
