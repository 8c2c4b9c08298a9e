//! Lists inside paragraphs: items end alike, the last with a full stop, and no list has one item. And what opens is closed.

use crate::finding::{Check, Level};
use crate::findings::{Findings, Spot};
use crate::strand::Reading;

pub(super) fn check(reading: &Reading, spot: &Spot<'_>, found: &mut Findings) {
    if spot.paragraph.is_none() {
        return;
    }
    for items in &reading.lists {
        list(reading, items, spot, found);
    }
    ending(reading, spot, found);
    parentheses(reading, spot, found);
}

fn list(
    reading: &Reading,
    items: &[std::ops::Range<usize>],
    spot: &Spot<'_>,
    found: &mut Findings,
) {
    let strand = &reading.body;
    let bare = |at: usize| {
        let item =
            strand.text[items[at].clone()].trim_end_matches(crate::strand::PRINTED).trim_end();
        item.strip_suffix("and").or_else(|| item.strip_suffix("or")).unwrap_or(item).trim_end()
    };
    if items.len() == 1 {
        return found.add(
            Check::Style,
            "list_of_one",
            Level::Advises,
            spot.at(strand.source(&items[0])),
            "This list has one item.",
            "Write it as a sentence.",
        );
    }
    let last = items.len() - 1;
    let marks: Vec<Option<char>> = (0..last)
        .map(|at| bare(at).chars().next_back().filter(|c| matches!(c, ';' | '.' | ',')))
        .collect();
    let uneven = marks.iter().any(|mark| *mark != marks[0]);
    let closed = bare(last).ends_with(['.', '!', '?']);
    let unclosed = marks[0].is_some() != closed || bare(last).ends_with([';', ',']);
    if uneven || unclosed || marks[0] == Some(',') {
        found.add(
            Check::Style,
            "list_punctuation",
            Level::Advises,
            spot.at(strand.source(&(items[0].start..items[last].end))),
            "The items of this list do not end alike.",
            "End each with a semicolon and the last with a full stop; or, where they are titles, none with anything.",
        );
    }
}

/// A paragraph ends with a full stop, or with a list.
fn ending(reading: &Reading, spot: &Spot<'_>, found: &mut Findings) {
    let strand = &reading.body;
    let text = strand.text.trim_end();
    let open = text.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ',' | ';' | ')'));
    if reading.lists.is_empty() && open && strand.words.len() > 3 {
        let start = strand.words.last().map_or(0, |word| word.start);
        found.add(
            Check::Style,
            "full_stop",
            Level::Advises,
            spot.at(strand.source(&(start..text.len()))),
            "This paragraph does not end with a full stop.",
            "End its last sentence.",
        );
    }
}

fn parentheses(reading: &Reading, spot: &Spot<'_>, found: &mut Findings) {
    for strand in reading.strands() {
        let mut open: Vec<usize> = Vec::new();
        let mut wrong = None;
        for (at, c) in strand.text.char_indices() {
            match c {
                '(' => open.push(at),
                ')' if open.pop().is_none() && !is_label(&strand.text[..at]) => {
                    wrong = wrong.or(Some(at));
                }
                _ => {}
            }
        }
        if let Some(at) = wrong.or(open.pop()) {
            found.add(
                Check::Style,
                "parenthesis",
                Level::Advises,
                spot.at(strand.source(&(at..at + 1))),
                "This parenthesis has no other half.",
                "Open and close it, or take it out.",
            );
        }
    }
}

/// “a)” before a list in a line.
fn is_label(before: &str) -> bool {
    let label = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    let short =
        (1..=2).contains(&label.chars().count()) && label.chars().all(char::is_alphanumeric);
    short
        || label.len() < 5
            && !label.is_empty()
            && label.chars().all(|c| matches!(c, 'i' | 'v' | 'x'))
}
