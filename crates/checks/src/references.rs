//! References to paragraphs, and footnotes: what is referred to exists, a footnote stands once and leads to something that can be found.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::drafted::{Draft, Paragraph};
use crate::finding::{Check, Level, Telling};
use crate::findings::{Findings, Spot};
use crate::ground::{Passage, Targets};
use crate::strand::{Link, Note, Reading, Strand};

/// Fewest words of a footnote that says something by itself.
const SPEAKS: usize = 5;

/// What a whole draft has that can be referred to.
pub(crate) fn targets(draft: &Draft, passages: &[Passage<'_>]) -> Targets {
    let paragraphs = || passages.iter().filter_map(|passage| passage.paragraph);
    let numbered = draft.sections.iter().filter(|section| !section.unnumbered);
    let keys = numbered.map(|section| &section.key);
    // What is computed of data that there are none of is not printed.
    let printed = paragraphs().filter(|one| !one.computed || one.number.is_some());
    Targets {
        keys: keys.chain(printed.map(|paragraph| &paragraph.key)).cloned().collect(),
        numbers: paragraphs().filter_map(|paragraph| paragraph.number).collect(),
        notes: passages.iter().map(|passage| passage.reading.notes.len()).sum(),
    }
}

pub(crate) fn check(
    paragraph: &Paragraph,
    reading: &Reading,
    targets: Option<&Targets>,
    spot: &Spot<'_>,
    found: &mut Findings,
) {
    if let Some(targets) = targets {
        for crossing in reading.crossings.iter().filter(|one| !targets.keys.contains(&one.to)) {
            found.add(
                Check::Reference,
                "nowhere",
                Level::BlocksAlways,
                spot.at(crossing.source.clone()),
                "This reference leads to a paragraph or section that is not in the report.",
                "Refer to another paragraph, or take the reference out.",
            );
        }
        for strand in reading.strands() {
            typed(strand, targets, spot, found);
        }
    }
    for crossing in reading.crossings.iter().filter(|one| one.to == paragraph.key) {
        found.add(
            Check::Reference,
            "itself",
            Level::Advises,
            spot.at(crossing.source.clone()),
            "This paragraph refers to itself.",
            "Refer to another paragraph, or take the reference out.",
        );
    }
    indicators(reading, spot, found);
    reading.notes.iter().for_each(|note| leads_somewhere(note, spot, found));
}

#[expect(clippy::unwrap_used, reason = "written here, and tried by every test")]
fn pattern(text: &str) -> Regex {
    // At the borders of any letters each text beyond ASCII would be read far more slowly.
    Regex::new(&text.replace(r"\b", r"(?-u:\b)")).unwrap()
}

/// “see paragraph 12”, “paras. 12–15 and 17 above”, “footnote 3”.
static TYPED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(paragraphs?|paras?\.?|footnotes?|notes?)\s+(\d{1,4}(?:\s*(?:[–‑-]|to|and|,|, and|or)\s*\d{1,4})*)\b",
    )
});
static NUMBERS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\d{1,4}"));
/// What follows a reference to another document.
static ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:\([a-z0-9]{1,3}\))?\s*,?\s*(?:of|in|to)\s+(?:the\s+|its\s+|that\s+|their\s+|general\s|human\s|[A-Z]/|[A-Z]+/|resolution|document)",
    )
});
/// What stands before one, or in its sentence.
/// What follows one to this very report.
static HERE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\s*of (?:the present|this) report"));
static INSTRUMENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:[A-Z]+/[A-Z0-9]|[Rr]esolution|[Cc]ompact|[Cc]onvention|[Cc]ovenant|[Pp]rotocol|[Dd]eclaration|[Aa]genda|GCM|[Gg]eneral [Cc]omment|[Aa]rticle|[Ss]ee A/|[Aa]nnex)\b",
    )
});

/// Numbers of paragraphs and footnotes that somebody typed.
fn typed(strand: &Strand, targets: &Targets, spot: &Spot<'_>, found: &mut Findings) {
    for one in TYPED.captures_iter(&strand.text) {
        let (Some(all), Some(what), Some(numbers)) = (one.get(0), one.get(1), one.get(2)) else {
            continue;
        };
        if is_elsewhere(strand, &all.range()) {
            continue;
        }
        let rest = &strand.text[all.end()..];
        let of_notes = what.as_str().to_lowercase().contains("note");
        if of_notes
            && what.as_str().to_lowercase().starts_with("note")
            && !rest.starts_with(" above")
        {
            continue;
        }
        let exists = |number: u32| {
            if of_notes {
                (1..=targets.notes as u32).contains(&number)
            } else {
                targets.numbers.contains(&number)
            }
        };
        let told = NUMBERS.find_iter(numbers.as_str()).filter_map(|one| one.as_str().parse().ok());
        let gone: Vec<u32> = told.filter(|number| !exists(*number)).collect();
        let place = spot.at(strand.source(&all.range()));
        let written = all.as_str();
        match gone.first() {
            Some(number) => found.add(
                Check::Reference,
                "missing",
                Level::Blocks,
                place,
                Telling::new(
                    if of_notes {
                        "“{}”: the report has no footnote {}."
                    } else {
                        "“{}”: the report has no paragraph {}."
                    },
                    [written.to_owned(), number.to_string()],
                ),
                "Refer to one that exists, by a live reference; say of which document it is if it is of another.",
            ),
            None if !of_notes => found.add(
                Check::Reference,
                "typed",
                Level::Advises,
                place,
                Telling::new(
                    "“{}” is typed, and will be wrong as soon as a paragraph is added before it.",
                    [written],
                ),
                "Write the number as a live reference.",
            ),
            None => {}
        }
    }
}

/// Whether a number is of another document: “paragraph 15 (j) of the Compact”.
fn is_elsewhere(strand: &Strand, place: &std::ops::Range<usize>) -> bool {
    let rest = &strand.text[place.end..];
    if HERE.is_match(rest) {
        return false;
    }
    let has_letter = rest
        .strip_prefix(" (")
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
    let sentence =
        strand.sentence_at(place.start).map_or("", |one| &strand.text[one.place.clone()]);
    let near = rest.trim_start().starts_with("above") || rest.trim_start().starts_with("below");
    has_letter || ELSEWHERE.is_match(rest) || INSTRUMENT.is_match(sentence) && !near
}

/// Indicators of footnotes that somebody typed: “rights.¹”
fn indicators(reading: &Reading, spot: &Spot<'_>, found: &mut Findings) {
    let is_raised = |c: char| matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹');
    let text = &reading.body.text;
    let mut end = 0;
    for (at, c) in text.char_indices() {
        if at < end || !is_raised(c) {
            continue;
        }
        let rest = &text[at..];
        end = at + rest.find(|c| !is_raised(c)).unwrap_or(rest.len());
        let word = text[..at].rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let is_unit = matches!(word, "m" | "km" | "cm" | "dm" | "ha" | "mm");
        if !is_unit && !word.starts_with(|c: char| c.is_ascii_digit()) {
            found.add(
                Check::Reference,
                "indicator",
                Level::Blocks,
                spot.at(reading.body.source(&(at..end))),
                "A footnote’s number is typed here, without a footnote.",
                "Write the footnote where its number stands, as ^[its text]; it is numbered by itself.",
            );
        }
    }
}

/// An address, a symbol, a number of a resolution, a year beside a title, a standard number.
static FINDABLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)https?://|www\.|\bdoi\b|\bISBN\b|\b[A-Z]{1,6}/[A-Z0-9./()-]+|\bresolution \d+|\b(?:vol|No)\.? ?\d|\barts?\. \d|[“\x22«].+[”\x22»]|\b[a-z0-9-]+\.(?:org|int|net|gov|com|edu)\b",
    )
});
/// What leads back to another footnote, which may have moved.
static BACK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\W*(?:ibid|idem|op\.? ?cit|loc\.? ?cit|see above|as above|supra|same as above)\b",
    )
});

fn leads_somewhere(note: &Note, spot: &Spot<'_>, found: &mut Findings) {
    let text = note.strand.text.trim();
    let words = note.strand.words.len();
    if BACK.is_match(text) {
        return found.add(
            Check::Reference,
            "back",
            Level::Blocks,
            spot.at(note.source.clone()),
            "This footnote leads back to another, which stands elsewhere as soon as a paragraph moves.",
            "Name the source again, in short.",
        );
    }
    let dense = !text.is_ascii() && words < SPEAKS && text.chars().count() > 2 * SPEAKS;
    let led = !note.links.is_empty() || note.emphasized || FINDABLE.is_match(text);
    let said =
        words >= SPEAKS && text.ends_with(['.', '!', '?', ')', '”', '"', '’', '。']) || dense;
    let source_only =
        text.to_lowercase().starts_with("source:") || text.to_lowercase().contains("available at");
    if !(led || said && !source_only) {
        found.add(
            Check::Reference,
            "unfindable",
            Level::Blocks,
            spot.at(note.source.clone()),
            "Nobody can find what this footnote refers to.",
            "Give a title, a symbol or an address; or say in a sentence what the note explains.",
        );
    }
    let words = |link: &Link| &note.strand.text[link.words.clone()];
    if let Some(link) = note.links.iter().find(|link| hides(words(link), note)) {
        found.add(
            Check::Reference,
            "address_hidden",
            Level::Advises,
            spot.at(note.source.clone()),
            Telling::new(
                "Printed, this footnote loses the address behind “{}”, and nothing else leads there.",
                [words(link)],
            ),
            "Name the title, the symbol or the site in its words.",
        );
    }
}

/// Whether whoever reads a footnote on paper cannot find what these words of it link to: they are no title, symbol or address, nor is
/// there one beside them.
fn hides(words: &str, note: &Note) -> bool {
    let is_title = words.split_whitespace().count() >= SPEAKS
        || words.contains(|c: char| c.is_ascii_digit())
        || !words.is_ascii();
    !(is_title || note.emphasized || FINDABLE.is_match(&note.strand.text))
}

/// Footnotes that stand twice.
pub(crate) fn check_whole(passages: &[Passage<'_>], found: &mut Findings) {
    let mut seen: HashSet<String> = HashSet::new();
    for Passage { reading, spot, .. } in passages {
        for note in &reading.notes {
            let text = note.strand.text.trim().to_lowercase();
            if text.is_empty() || seen.insert(text) {
                continue;
            }
            found.add(
                Check::Reference,
                "twice",
                Level::Advises,
                spot.at(note.source.clone()),
                "The same footnote stands further up.",
                "Keep the first, or name the source in short here.",
            );
        }
    }
}
