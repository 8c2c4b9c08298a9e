//! The UN Editorial Manual, as far as a machine can hold a text to it: rules that are data (`config/style/un.toml`), and those that
//! need code. It must never know what a report is about.

mod acronyms;
mod enumeration;
mod headed;
mod numerals;
mod spelling;

use std::ops::Range;

use crate::drafted::Draft;
use crate::finding::Check;
use crate::findings::{Findings, Spot};
use crate::ground::{Passage, Ready};
use crate::strand::{Reading, Strand};

/// Whether a match begins or ends within a word, since `\b` stands before and behind letters beyond ASCII.
fn is_torn(text: &str, place: &Range<usize>) -> bool {
    let beyond = |c: char| c.is_alphabetic() && !c.is_ascii();
    let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    let found = &text[place.clone()];
    letter(found.chars().next()) && text[..place.start].ends_with(beyond)
        || letter(found.chars().next_back()) && text[place.end..].starts_with(beyond)
}

/// Holds a paragraph or a heading to the manual.
pub(crate) fn check(ready: &Ready<'_>, reading: &Reading, spot: &Spot<'_>, found: &mut Findings) {
    if !ready.is_english {
        return;
    }
    for strand in reading.strands() {
        rules(ready, reading, strand, spot, found);
        spelling::check(ready, reading, strand, spot, found);
        numerals::check(ready.style, strand, spot, found);
    }
    enumeration::check(reading, spot, found);
}

/// What shows only in a whole draft: acronyms at their first use, headings beside each other.
pub(crate) fn check_whole(
    ready: &Ready<'_>,
    draft: &Draft,
    passages: &[Passage<'_>],
    found: &mut Findings,
) {
    if ready.is_english {
        acronyms::check(ready, passages, found);
    }
    headed::check(draft, found);
}

fn rules(
    ready: &Ready<'_>,
    reading: &Reading,
    strand: &Strand,
    spot: &Spot<'_>,
    found: &mut Findings,
) {
    let style = ready.style;
    for at in &style.set.matches(&strand.text) {
        let rule = &style.rules[at];
        if rule.not_in_notes && strand.is_note {
            continue;
        }
        for place in rule.pattern.find_iter(&strand.text).map(|one| one.range()) {
            let sentence = strand.sentence_at(place.start).map(|one| one.place.clone());
            let around = sentence.map_or("", |sentence| &strand.text[sentence]);
            let right = rule.unless.as_ref().is_some_and(|unless| unless.is_match(around));
            if right
                || place.is_empty()
                || is_torn(&strand.text, &place)
                || is_foreign(reading, strand, place.start)
            {
                continue;
            }
            let written = strand.text[place.clone()].trim();
            found.add(
                Check::Style,
                &rule.code,
                rule.level,
                spot.at(strand.source(&place)),
                rule.sentence.around(written),
                rule.remedy.around(written),
            );
        }
    }
}

/// Whether something of the paragraph stands in another language.
fn is_foreign(reading: &Reading, strand: &Strand, byte: usize) -> bool {
    !strand.is_note && reading.languages.iter().any(|place| place.contains(&byte))
}
