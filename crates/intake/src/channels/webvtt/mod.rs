//! Captions and transcripts in WebVTT, by the W3C's grammar and as Zoom, Teams and YouTube write it, and in the older forms
//! SRT and SBV, in which Meet keeps its chat. It must never drop what somebody said twice: only captions that roll are freed from repetitions.

// Read by hand: fasrt 0.5 (MIT OR Apache-2.0, kept) follows the W3C in dropping a cue whose time is wrong and all after
// “a < b” in a cue, and gives no line numbers; here nothing that somebody said may vanish.

mod cues;
mod payload;

use std::collections::{HashMap, HashSet};

use super::dividing::ends_sentence;
use super::gather::{Gather, Said};
use super::speech::{Common, To, addressed, heard, named};
use super::text::Row;
use super::{Kind, Unreadable, Why};
use cues::{Caption, Cue, cues, is_time};
use payload::{Span, spans};

/// A pause that ends what one says when nobody knows who speaks, in milliseconds.
const PAUSE: u64 = 3000;

/// What one speaker says without another between.
#[derive(Default)]
struct Speech {
    speaker: Option<String>,
    body: String,
    first: u32,
    last: u32,
    ends: Option<u64>,
}

/// Whether rows are captions.
pub(super) fn recognized(rows: &[Row<'_>]) -> bool {
    let mut seen = rows.iter().filter(|row| !row.is_blank());
    let first = seen.next();
    first.is_some_and(|row| row.text.starts_with("WEBVTT") || is_time(row.text))
        || seen.next().is_some_and(|row| is_time(row.text))
}

/// What the captions are: messages of a chat take no time.
pub(super) fn read(rows: &[Row<'_>], gather: &mut Gather) -> Result<Kind, Unreadable> {
    let cues = cues(rows, gather)?;
    let voiced = cues.iter().flat_map(|cue| &cue.rows).any(Caption::has_voice);
    let rolling = !voiced && is_rolling(&cues);
    let names = if voiced { HashSet::new() } else { names_of(&cues) };
    let (mut speech, mut before): (Speech, &[Caption]) = (Speech::default(), &[]);
    for cue in &cues {
        let (repeated, rows) =
            cue.rows.split_at(if rolling { overlap(before, &cue.rows) } else { 0 });
        before = &cue.rows;
        if let (Some(first), Some(last)) = (repeated.first(), repeated.last()) {
            gather.pass_over(first.number, last.number, Why::Repeated)?;
        }
        let text = rows.iter().map(|row| row.text.as_str()).collect::<Vec<_>>().join("\n");
        let spans = spans(&text);
        if spans.is_empty() && repeated.is_empty() {
            gather.pass_over(cue.first, cue.last, Why::Empty)?;
        }
        for span in spans {
            speech = go_on(speech, with_name(span, &names), cue, gather)?;
        }
        speech.ends = cue.ends.or(speech.ends);
    }
    finish(&speech, gather)?;
    let messages = cues.iter().filter(|cue| cue.begins.is_some() && cue.begins == cue.ends).count();
    Ok(if cues.is_empty() || messages < cues.len() { Kind::Transcript } else { Kind::Chat })
}

/// Joins what the same speaker says; otherwise the speech ends and another begins.
fn go_on(
    mut speech: Speech,
    span: Span,
    cue: &Cue,
    gather: &mut Gather,
) -> Result<Speech, Unreadable> {
    let same = speech.speaker == span.speaker;
    let paused = span.speaker.is_none() && is_pause(&speech, cue);
    if !same || paused {
        finish(&speech, gather)?;
        speech = Speech { speaker: span.speaker, ..Speech::default() };
    }
    let text = span.text.trim();
    if text.is_empty() {
        return Ok(speech);
    }
    if speech.body.is_empty() {
        speech.first = cue.first;
    } else {
        speech.body.push(' ');
    }
    speech.last = cue.last;
    // Captions break lines for the screen.
    let mut rows = text.split('\n').map(str::trim).filter(|row| !row.is_empty());
    speech.body.push_str(rows.next().unwrap_or_default());
    for row in rows {
        speech.body.push(' ');
        speech.body.push_str(row);
    }
    Ok(speech)
}

fn is_pause(speech: &Speech, cue: &Cue) -> bool {
    let (Some(ended), Some(begins)) = (speech.ends, cue.begins) else { return false };
    let last = speech.body.trim_end_matches(['"', '”', '’', '»', ')']).chars().next_back();
    begins.saturating_sub(ended) >= PAUSE && last.is_some_and(ends_sentence)
}

fn finish(speech: &Speech, gather: &mut Gather) -> Result<(), Unreadable> {
    if speech.body.is_empty() {
        return Ok(());
    }
    let Speech { first, last, body, .. } = speech;
    let names = speech.speaker.as_deref().map(|names| addressed(names, &Common::default()));
    if let (Some((_, To::Others)), Some(names)) = (names, &speech.speaker) {
        heard(names, &Common::default()).iter().for_each(|name| gather.hear(name));
        return gather.pass_over(*first, *last, Why::Private);
    }
    let speaker = names.map(|(speaker, _)| speaker);
    gather.take(&Said { first: *first, last: *last, speaker, body, ..Said::default() })
}

/// Whether the captions roll: two rows are shown, and each cue repeats the row that was below as the row above.
fn is_rolling(cues: &[Cue]) -> bool {
    let repeats = |pair: &&[Cue]| match (pair[0].rows.last(), pair[1].rows.first()) {
        (Some(below), Some(above)) => below.plain == above.plain,
        _ => false,
    };
    let pairs = cues.len().saturating_sub(1);
    let repeating: Vec<&[Cue]> = cues.windows(2).filter(repeats).collect();
    let goes_on = repeating.iter().any(|pair| pair[1].rows.len() > 1);
    goes_on && 5 * repeating.len() >= 2 * pairs
}

/// How many rows a cue repeats of the one before: the most that end the one and begin the other.
fn overlap(before: &[Caption], rows: &[Caption]) -> usize {
    // Captions have a few rows; more of them are no captions that roll.
    let most = before.len().min(rows.len()).min(8);
    let same = |many: &usize| {
        let ending = before[before.len() - many..].iter().map(|row| &row.plain);
        ending.eq(rows[..*many].iter().map(|row| &row.plain))
    };
    (1..=most).rev().find(same).unwrap_or(0)
}

/// Who is named before a colon in captions as Zoom and Meet write them, where no voice is marked up: names of several
/// words, those that come again, and any where half of the captions begin so.
fn names_of(cues: &[Cue]) -> HashSet<&str> {
    let rows = cues.iter().filter_map(|cue| cue.rows.first());
    let found: Vec<&str> = rows.filter_map(|row| named(&row.plain)).map(|(name, _)| name).collect();
    let half = 2 * found.len() >= cues.len();
    let mut times: HashMap<&str, usize> = HashMap::new();
    for name in &found {
        *times.entry(name).or_default() += 1;
    }
    let kept = |name: &&str| {
        half || times.get(name).is_some_and(|times| *times > 1)
            || name.split_whitespace().count() > 1
    };
    found.into_iter().filter(kept).collect()
}

fn with_name(span: Span, names: &HashSet<&str>) -> Span {
    match named(&span.text).filter(|(name, _)| names.contains(name)) {
        Some((name, text)) => Span { speaker: Some(name.to_owned()), text: text.to_owned() },
        None => span,
    }
}
