//! Words of inputs: what stands in quotation marks was said so, and what must not be repeated is not, with marks or without. It must
//! never tell the words of an input.

use std::ops::Range;

use crate::drafted::{Paragraph, Section};
use crate::finding::{Check, Level};
use crate::findings::{Findings, Spot};
use crate::ground::Ready;
use crate::ground::shingles::{Piece, pieces, stands_in};
use crate::strand::{Reading, Strand};

/// Quoted words from which on they are taken for what somebody said; fewer are a term.
const SAID: usize = 5;
/// Where it is told that somebody said them, so few are enough.
const SAID_BY_SOMEBODY: usize = 2;
/// Fewer quoted words than these may be a term, where nobody is told to have said them.
const NO_TERM: usize = 7;
/// So many quoted words in a row are those of whoever told what must not be quoted.
const OWN: usize = 3;
/// Words with a small letter that titles have: of, the, and.
const SMALL_IN_TITLES: usize = 4;
/// Most letters of a quotation.
const LONGEST: usize = 2_000;

pub(crate) fn check(
    ready: &Ready<'_>,
    section: &Section,
    paragraph: &Paragraph,
    reading: &Reading,
    spot: &Spot<'_>,
    found: &mut Findings,
) {
    for strand in reading.strands() {
        let repeated = ready.protected.repeated_in(strand);
        for place in &repeated {
            tell_repeated(strand, place, spot, found);
        }
        if !section.outcome || strand.text.is_empty() {
            continue;
        }
        for quote in quotes(&strand.text) {
            let told =
                repeated.iter().any(|place| place.start < quote.end && quote.start < place.end);
            if !told {
                quoted(ready, paragraph, reading, strand, &quote, spot, found);
            }
        }
    }
}

fn tell_repeated(strand: &Strand, place: &Range<usize>, spot: &Spot<'_>, found: &mut Findings) {
    found.add(
        Check::Quotation,
        "repeated",
        Level::BlocksAlways,
        spot.at(strand.source(place)),
        "These words stand in a row in a contribution whose words must not be repeated.",
        "Say it in other words, and in more general ones.",
    );
}

/// What stands in double or pointed quotation marks, without them; bytes of the text.
fn quotes(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open: Option<(char, usize)> = None;
    for (at, c) in text.char_indices() {
        match (open, c) {
            (None, '“' | '«' | '„' | '「' | '"' | '＂') => {
                open = Some((c, at + c.len_utf8()));
            }
            (Some(('“', start)), '”')
            | (Some(('«', start)), '»')
            | (Some(('„', start)), '“' | '”')
            | (Some(('「', start)), '」')
            | (Some(('"', start)), '"')
            | (Some(('＂', start)), '＂') => {
                found.push(start..at);
                open = None;
            }
            (Some((_, start)), '\n') if at > start => open = None,
            (Some((_, start)), _) if at - start > LONGEST => open = None,
            _ => {}
        }
    }
    found
}

fn quoted(
    ready: &Ready<'_>,
    paragraph: &Paragraph,
    reading: &Reading,
    strand: &Strand,
    quote: &Range<usize>,
    spot: &Spot<'_>,
    found: &mut Findings,
) {
    let words = strand.words_in(quote);
    let said = is_said(ready, strand, quote);
    let count =
        words.len().max(strand.text[quote.clone()].chars().filter(|c| !c.is_ascii()).count() / 3);
    if count < if said { SAID_BY_SOMEBODY } else { SAID } || !said && is_title(strand, &words) {
        return;
    }
    let inputs: Vec<_> = paragraph.cites.iter().filter_map(|cite| ready.input(cite)).collect();
    let parts = parts(&strand.text[quote.clone()]);
    let has_all = |text: &str| {
        let text = pieces(text);
        parts.iter().all(|part| stands_in(part, &text))
    };
    let source = inputs.iter().find(|input| has_all(&input.text));
    match source {
        Some(input) if !input.is_protected() => {}
        Some(_) if count < OWN => {}
        Some(_) => found.add(
            Check::Quotation,
            "protected",
            Level::BlocksAlways,
            spot.at(strand.source(quote)),
            "What this paragraph rests on must not be quoted.",
            "Say it in other words, without quotation marks.",
        ),
        None if is_of_document(reading, strand, quote) => {}
        None => found.add(
            Check::Quotation,
            "not_said",
            if said || count >= NO_TERM { Level::Blocks } else { Level::Advises },
            spot.at(strand.source(quote)),
            "None of the inputs that this paragraph cites has these words.",
            "Quote an input word for word and cite it, or say it without quotation marks.",
        ),
    }
}

/// The parts of a quotation between what was left out or put in: “… […] …”.
fn parts(quote: &str) -> Vec<Vec<Piece>> {
    let mut open = 0_i32;
    let bare: String = quote
        .chars()
        .map(|c| {
            open += i32::from(c == '[') - i32::from(c == ']');
            if open > 0 || c == ']' || c == '…' { '\u{1}' } else { c }
        })
        .collect();
    let bare = bare.replace("...", "\u{1}");
    bare.split('\u{1}').map(pieces).filter(|part| !part.is_empty()).collect()
}

/// Whether it is told that somebody said the words: “as a participant put it, “…”” or “…”, said a participant.
fn is_said(ready: &Ready<'_>, strand: &Strand, quote: &Range<usize>) -> bool {
    let words = &ready.style.words;
    let first = strand.word_at(quote.start);
    let before = first.saturating_sub(4)..first;
    let behind = strand.words_in(quote).end;
    let tells = |at: usize| {
        words.reporting.contains(strand.small(at))
            || matches!(strand.small(at), "put" | "words" | "quote" | "says")
    };
    let speaks = |at: usize| {
        words.speaker.contains(strand.small(at)) || words.speakers.contains(strand.small(at))
    };
    let opening =
        strand.text[..quote.start].trim_end_matches(['“', '"', '«', '„', '「', '＂']).trim_end();
    let introduced = opening.ends_with([',', ':']) || before.clone().last().is_some_and(tells);
    introduced && before.clone().any(tells)
        || (behind..behind + 3).any(tells) && (behind..behind + 5).any(speaks)
}

/// Whether words in quotation marks are the title or the name of something: all that matter have a capital.
fn is_title(strand: &Strand, words: &std::ops::Range<usize>) -> bool {
    let long = |at: &usize| strand.written(*at).chars().count() > SMALL_IN_TITLES;
    strand.has_capital(words.start) && words.clone().filter(long).all(|at| strand.has_capital(at))
}

/// Whether the words are those of an instrument or a publication that the sentence names.
fn is_of_document(reading: &Reading, strand: &Strand, quote: &Range<usize>) -> bool {
    const DOCUMENTS: &[&str] = &[
        "compact",
        "convention",
        "resolution",
        "declaration",
        "agenda",
        "covenant",
        "protocol",
        "law",
        "act",
        "article",
        "constitution",
        "charter",
        "guidelines",
        "policy",
        "report",
        "study",
        "survey",
        "regulation",
        "decree",
        "principles",
        "principle",
        "phrase",
        "expression",
        "concept",
        "notion",
        "category",
        "label",
        "sign",
        "question",
        "campaign",
        "initiative",
        "project",
        "programme",
        "slogan",
        "theme",
        "motto",
        "entitled",
        "called",
        "titled",
        "objective",
        "target",
        "paragraph",
        "framework",
        "judgment",
        "memorandum",
        "bill",
        "term",
        "terms",
        "word",
        "so-called",
    ];
    let Some(sentence) = strand.sentence_at(quote.start) else { return false };
    let names = sentence.words.clone().filter(|at| {
        let word = &strand.words[*at];
        word.end <= quote.start || word.start >= quote.end
    });
    let noted = !strand.is_note
        && reading.notes.iter().any(|note| (quote.end..=sentence.place.end + 1).contains(&note.at));
    let mut names = names.map(|at| strand.small(at));
    noted || strand.is_note || names.any(|word| DOCUMENTS.contains(&word))
}
