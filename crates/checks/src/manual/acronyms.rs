//! Acronyms: spelt out where they first stand, and written one way.

use std::collections::HashMap;

use crate::finding::{Check, Level, Telling};
use crate::findings::{Findings, Spot};
use crate::ground::{Passage, Ready};
use crate::strand::{Reading, Strand};

/// Most letters of one.
const LONGEST: usize = 9;

/// What is known of an acronym so far, by its letters in capitals.
struct Met {
    written: String,
    spelt_out: bool,
    told: bool,
}

pub(super) fn check(ready: &Ready<'_>, passages: &[Passage<'_>], found: &mut Findings) {
    let mut met: HashMap<String, Met> = HashMap::new();
    for Passage { reading, spot, .. } in passages {
        read(ready, reading, spot, &mut met, found);
    }
}

fn read(
    ready: &Ready<'_>,
    reading: &Reading,
    spot: &Spot<'_>,
    met: &mut HashMap<String, Met>,
    found: &mut Findings,
) {
    // What is spelt out anywhere in a paragraph is spelt out in it.
    for strand in reading.strands() {
        for at in (0..strand.words.len()).filter(|at| is_acronym(strand, *at)) {
            let bare = bare(strand.written(at));
            if spells_out(strand, at) {
                let key = bare.to_uppercase();
                met.entry(key)
                    .or_insert(Met { written: bare.to_owned(), spelt_out: true, told: false })
                    .spelt_out = true;
            }
        }
    }
    let strand = &reading.body;
    for at in (0..strand.words.len()).filter(|at| is_acronym(strand, *at)) {
        let bare = bare(strand.written(at));
        if ready.style.known.contains(bare) || is_of_symbol(strand, at) || is_of_name(strand, at) {
            continue;
        }
        let seen = met.entry(bare.to_uppercase()).or_insert(Met {
            written: bare.to_owned(),
            spelt_out: false,
            told: false,
        });
        let word = &strand.words[at];
        let place = spot.at(strand.source(&(word.start..word.end)));
        if seen.written != bare {
            found.add(
                Check::Style,
                "acronym_form",
                Level::Advises,
                place,
                Telling::new(
                    "“{}” is written “{}” further up.",
                    [bare.to_owned(), seen.written.clone()],
                ),
                "Write it one way, or in words.",
            );
        } else if !seen.spelt_out && !seen.told {
            seen.told = true;
            found.add(
                Check::Style,
                "acronym",
                Level::Advises,
                place,
                Telling::new("“{}” is not spelt out where it first stands.", [bare]),
                "Write the words, and the acronym behind them in parentheses; from then on the acronym.",
            );
        }
    }
}

/// “CSOs” and “CSO’s” are of “CSO”.
fn bare(written: &str) -> &str {
    let owned =
        written.strip_suffix("'s").or_else(|| written.strip_suffix("’s")).unwrap_or(written);
    owned.strip_suffix('s').filter(|rest| rest.ends_with(char::is_uppercase)).unwrap_or(owned)
}

fn is_acronym(strand: &Strand, at: usize) -> bool {
    let written = bare(strand.written(at));
    let capitals = written.chars().filter(|c| c.is_uppercase()).count();
    let letters = written.chars().count();
    let roman = written.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C'));
    written.is_ascii()
        && capitals >= 2
        && letters <= LONGEST
        && !roman
        && written.starts_with(|c: char| c.is_ascii_uppercase())
        && capitals * 2 >= letters
        && written.chars().all(|c| c.is_ascii_alphabetic())
}

/// “civil society organizations (CSOs)”, “CSOs (civil society organizations)”
fn spells_out(strand: &Strand, at: usize) -> bool {
    let word = &strand.words[at];
    let before =
        strand.text[..word.start].ends_with('(') || strand.text[..word.start].ends_with("(the ");
    let behind = strand.text[word.end..].starts_with([')', ',', ';']);
    before && behind || strand.text[word.end..].starts_with(" (") && strand.small(at + 1).len() > 2
}

/// “ESCAP/GCM/2021/CRP.2”, “CRP.2”
fn is_of_symbol(strand: &Strand, at: usize) -> bool {
    let word = &strand.words[at];
    strand.text[word.end..].starts_with('/')
        || strand.text[..word.start].ends_with(['/', '.'])
        || strand.text[word.end..].starts_with('.')
            && strand.text[word.end + 1..].starts_with(|c: char| c.is_ascii_digit())
}

/// Part of the name of something (“Kantor KITA”), or one of several words in capitals.
fn is_of_name(strand: &Strand, at: usize) -> bool {
    let before = at.checked_sub(1).filter(|_| strand.follows(at) && strand.before(at) == " ");
    let named = before.is_some_and(|before| {
        strand.has_capital(before) && !strand.begins_sentence(before) && !is_acronym(strand, before)
    });
    named || is_of_shout(strand, at)
}

/// One of several words in capitals that follow one another.
fn is_of_shout(strand: &Strand, at: usize) -> bool {
    let loud = |at: usize| {
        let written = strand.written(at);
        written.len() > 2 && written.chars().all(|c| c.is_ascii_uppercase())
    };
    let next = strand.follows(at + 1) && strand.before(at + 1) == " " && loud(at + 1);
    let last = at > 0 && strand.follows(at) && strand.before(at) == " " && loud(at - 1);
    (next || last) && loud(at)
}
