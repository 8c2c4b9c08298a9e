//! Passages that lost their bookmarks are known again by their words: by all of them, else by most. Must never give one passage to two.

use std::collections::{BTreeMap, BTreeSet};

use super::Same;
use crate::difference::words::TellingWords;
use crate::document::inline::{ParsedParagraph, parse, plain_text};
use crate::document::{Document, Id, Inline, List, NoteRef, ParagraphPart, each};
use crate::render::docx::read::{Grid, Kind, Passage, Reading};

/// From how much likeness on two texts are one that was edited.
const LIKE: f64 = 0.6;
/// Passages on each side that are compared with each other one by one.
pub(super) const MOST: usize = 2_000;

/// Gives passages and tables without an id that of the part of the document that they say, where nothing else does. What has another
/// kind of style than it had is told, and read as what it was.
pub(super) fn recognize(reading: &mut Reading, base: &Reading, same: &Same) -> Vec<Id> {
    once(&mut reading.passages);
    by_words(reading, base, same);
    tables(&mut reading.tables, &base.tables);
    let kinds: BTreeMap<&Id, Kind> =
        base.passages.iter().filter_map(|one| Some((one.id.as_ref()?, one.kind))).collect();
    let mut restyled = Vec::new();
    for passage in &mut reading.passages {
        let Some((id, kind)) = passage.id.as_ref().and_then(|id| Some((id, *kinds.get(id)?)))
        else {
            continue;
        };
        let is_same = match (passage.kind, kind) {
            (Kind::Heading(_), Kind::Heading(_)) => true,
            (one, other) => one == other,
        };
        if !is_same {
            restyled.push(id.clone());
            passage.kind = kind;
        }
    }
    restyled
}

/// What was copied with its bookmark is no second one of it.
fn once(passages: &mut [Passage]) {
    let mut seen = BTreeSet::new();
    for passage in passages {
        if passage.id.as_ref().is_some_and(|id| !seen.insert(id.clone())) {
            passage.id = None;
        }
    }
}

fn by_words(reading: &mut Reading, base: &Reading, same: &Same) {
    let present: BTreeSet<&Id> = reading
        .passages
        .iter()
        .filter(|one| !one.source.is_empty())
        .flat_map(|one| one.id.iter().chain(&one.joined))
        .collect();
    let is_missing = |one: &&Passage| {
        !one.source.is_empty() && one.id.as_ref().is_some_and(|id| !present.contains(id))
    };
    let mut missing: Vec<&Passage> = base.passages.iter().filter(is_missing).collect();
    let unknown = |one: &Passage| one.id.is_none() && !one.source.is_empty();
    let places: Vec<usize> =
        (0..reading.passages.len()).filter(|&at| unknown(&reading.passages[at])).collect();
    if !missing.is_empty() && !places.is_empty() {
        let mut taken: Vec<(usize, &Passage)> = Vec::new();
        if let Same::Words(labels) = same {
            rejoin(&mut reading.passages, &places, &missing, labels);
        }
        exact(&reading.passages, &places, &mut missing, &mut taken, same);
        let found: BTreeSet<usize> = taken.iter().map(|(at, _)| *at).collect();
        let left: Vec<usize> = places.iter().filter(|at| !found.contains(at)).copied().collect();
        if left.len() <= MOST && missing.len() <= MOST {
            alike(&reading.passages, &left, &missing, &mut taken);
        }
        let taken: Vec<(usize, Id, Kind)> = taken
            .into_iter()
            .filter_map(|(at, one)| Some((at, one.id.clone()?, one.kind)))
            .collect();
        // Where it stood an empty paragraph may have kept its bookmark.
        let ids: BTreeSet<&Id> = taken.iter().map(|(_, id, _)| id).collect();
        let empty = reading.passages.iter_mut();
        let empty = empty.filter(|one| one.id.as_ref().is_some_and(|id| ids.contains(id)));
        empty.for_each(|one| one.id = None);
        for (at, id, kind) in taken {
            let passage = &mut reading.passages[at];
            (passage.id, passage.kind) = (Some(id), kind);
        }
    }
}

/// Most passages into which a program takes a paragraph with lists apart.
const MOST_PIECES: usize = 60;

/// Makes one of the passages into which a program took a paragraph with its lists apart, where all together they say the same.
fn rejoin(
    passages: &mut [Passage],
    places: &[usize],
    missing: &[&Passage],
    labels: &BTreeMap<String, String>,
) {
    let mut texts: BTreeMap<usize, String> =
        places.iter().map(|&at| (at, plain(&passages[at].source, labels))).collect();
    for one in missing {
        let wanted = plain(&one.source, labels);
        let found = texts.keys().find_map(|&start| {
            let mut rest = wanted.as_str();
            for (at, text) in texts.range(start..start + MOST_PIECES) {
                rest = rest.strip_prefix(text.as_str())?;
                if rest.is_empty() {
                    return (*at > start).then_some((start, *at));
                }
                // Of one without words nothing is left between the two beside it.
                rest = if text.is_empty() { rest } else { rest.strip_prefix(' ')? };
            }
            None
        });
        let Some((start, end)) = found else { continue };
        let taken: Vec<usize> = texts.range(start..=end).map(|(at, _)| *at).collect();
        for at in taken {
            texts.remove(&at);
            passages[at].source = if at == start { one.source.clone() } else { String::new() };
        }
        texts.insert(start, wanted);
    }
}

fn fits(one: &Passage, other: &Passage) -> bool {
    let is_heading = |kind: Kind| matches!(kind, Kind::Heading(_));
    is_heading(one.kind) == is_heading(other.kind)
}

fn exact<'b>(
    passages: &[Passage],
    places: &[usize],
    missing: &mut Vec<&'b Passage>,
    taken: &mut Vec<(usize, &'b Passage)>,
    same: &Same,
) {
    let key = |text: &str| match same {
        Same::Exact => text.to_owned(),
        Same::Words(labels) => plain(text, labels),
    };
    let mut by_text: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for &at in places.iter().rev() {
        by_text.entry(key(&passages[at].source)).or_default().push(at);
    }
    missing.retain(|one| {
        let found = by_text.get_mut(&key(&one.source));
        let found = found.and_then(|places| {
            let at = places
                .iter()
                .rposition(|&at| fits(&passages[at], one) || one.kind == Kind::FirstPage)?;
            Some(places.remove(at))
        });
        taken.extend(found.map(|at| (at, *one)));
        found.is_none()
    });
}

fn alike<'b>(
    passages: &[Passage],
    places: &[usize],
    missing: &[&'b Passage],
    taken: &mut Vec<(usize, &'b Passage)>,
) {
    let of_file: Vec<TellingWords> = places.iter().map(|&at| told(&passages[at].source)).collect();
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (nth, one) in missing.iter().enumerate().filter(|(_, one)| one.kind != Kind::FirstPage) {
        let words = told(&one.source);
        for (words_of_other, &at) in of_file.iter().zip(places) {
            if fits(&passages[at], one)
                && let Some(likeness) = words.likeness(words_of_other, LIKE)
            {
                pairs.push((likeness, nth, at));
            }
        }
    }
    pairs.sort_by(|one, other| {
        other.0.total_cmp(&one.0).then((one.1, one.2).cmp(&(other.1, other.2)))
    });
    let (mut used, mut found) = (BTreeSet::new(), BTreeSet::new());
    for (_, nth, at) in pairs {
        if !found.contains(&nth) && used.insert(at) {
            found.insert(nth);
            taken.push((at, missing[nth]));
        }
    }
}

/// Tables that lost their caption's bookmark, by the words in them.
fn tables(tables: &mut [Grid], base: &[Grid]) {
    let present: BTreeSet<Id> = tables.iter().filter_map(|one| one.id.clone()).collect();
    let words = |grid: &Grid| told(&grid.rows.concat().join(" "));
    let mut unknown: Vec<(TellingWords, &mut Grid)> =
        tables.iter_mut().filter(|one| one.id.is_none()).map(|one| (words(one), one)).collect();
    for one in base.iter().filter(|one| one.id.as_ref().is_some_and(|id| !present.contains(id))) {
        let own = words(one);
        let scored = unknown.iter().enumerate();
        let scored = scored.filter_map(|(at, (words, _))| Some((own.likeness(words, LIKE)?, at)));
        let best = scored.max_by(|(one, _), (other, _)| one.total_cmp(other));
        if let Some((_, at)) = best {
            unknown.remove(at).1.id = one.id.clone();
        }
    }
}

/// What a text is recognized by, whatever its case.
pub(super) fn told(text: &str) -> TellingWords {
    TellingWords::of(&text.to_lowercase())
}

/// What cross-references print, by the ids that they lead to.
pub(super) fn labels(documents: &[&Document]) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::new();
    for document in documents.iter().rev() {
        for run in document.runs() {
            each(run, &mut |inline| {
                if let Inline::CrossReference { to, text } = inline {
                    labels.insert(to.to_string(), text.clone());
                }
            });
        }
    }
    labels
}

/// The words of a text without its marks, with notes where their indicators stand, and lists item by item.
pub(super) fn plain(source: &str, labels: &BTreeMap<String, String>) -> String {
    let Ok(ParsedParagraph { mut parts, notes }) = parse(source) else { return squeezed(source) };
    let notes: Vec<String> = notes
        .into_iter()
        .map(|mut note| {
            resolve(&mut note.inlines, labels, &[]);
            // Marks that a program wrote out, and the comma that stood between two of them.
            plain_text(&note.inlines).trim_start_matches(['*', ' ']).to_owned()
        })
        .collect();
    let mut text = String::new();
    let mut add = |inlines: &mut Vec<Inline>| {
        resolve(inlines, labels, &notes);
        text.push_str(&plain_text(inlines));
        text.push(' ');
    };
    for part in &mut parts {
        match part {
            ParagraphPart::Text(inlines) => add(inlines),
            ParagraphPart::List(List::Bulleted(items) | List::Lettered(items)) => {
                items.iter_mut().for_each(&mut add);
            }
            ParagraphPart::List(List::Labelled(items)) => {
                for item in items {
                    let mut label = vec![Inline::Text(item.label.clone())];
                    add(&mut label);
                    add(&mut item.inlines);
                }
            }
        }
    }
    squeezed(&text)
}

fn resolve(inlines: &mut Vec<Inline>, labels: &BTreeMap<String, String>, notes: &[String]) {
    let is_note = |inline: Option<&Inline>| matches!(inline, Some(Inline::Note(_)));
    let is_comma = |at: usize| {
        let comma = matches!(&inlines[at], Inline::Text(text) if text.as_str().trim() == ",");
        comma
            && is_note(at.checked_sub(1).and_then(|at| inlines.get(at)))
            && is_note(inlines.get(at + 1))
    };
    let mut kept = (0..inlines.len()).map(|at| !is_comma(at)).collect::<Vec<_>>().into_iter();
    inlines.retain(|_| kept.next() == Some(true));
    for inline in inlines {
        match inline {
            Inline::CrossReference { to, text } => {
                *text = labels.get(to.as_str()).cloned().unwrap_or_default();
            }
            Inline::Note(NoteRef(at)) => {
                let note = notes.get(*at).map_or("", String::as_str);
                *inline = Inline::text(&format!(" {note} "));
            }
            Inline::Emphasis(inside)
            | Inline::Strong(inside)
            | Inline::Link { inlines: inside, .. }
            | Inline::Language { inlines: inside, .. }
            | Inline::Marked { inlines: inside, .. } => resolve(inside, labels, notes),
            Inline::Text(_) | Inline::LineBreak => {}
        }
    }
}

fn squeezed(text: &str) -> String {
    let spaced = text.replace('\u{a0}', " ");
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}
