//! Captions and transcripts in WebVTT, by the W3C's grammar and as Zoom, Teams and YouTube write it. It must never drop
//! what somebody said twice: only captions that roll are freed from repetitions.

// Read by hand: fasrt 0.5 (MIT OR Apache-2.0, kept) follows the W3C in dropping a cue whose time is wrong and all after
// “a < b” in a cue, and gives no line numbers; here nothing that somebody said may vanish.

mod cues;
mod payload;

use super::dividing::ends_sentence;
use super::gather::{Gather, Said};
use super::{Unreadable, Why};
use cues::{Caption, Cue, cues};
use payload::{Span, spans};

/// A pause that ends what one says when nobody knows who speaks, in milliseconds.
const PAUSE: u64 = 3000;
/// Longest name before a colon, in bytes.
const LONGEST_NAME: usize = 100;

/// What one speaker says without another between.
#[derive(Default)]
struct Speech {
    speaker: Option<String>,
    body: String,
    first: u32,
    last: u32,
    ends: Option<u64>,
}

pub(super) fn read(text: &str, gather: &mut Gather) -> Result<(), Unreadable> {
    let cues = cues(text, gather)?;
    if cues.is_empty() && !text.trim_start_matches('\u{feff}').starts_with("WEBVTT") {
        return Err(Unreadable::NotWebVtt);
    }
    let voiced = cues.iter().flat_map(|cue| &cue.rows).any(Caption::has_voice);
    let rolling = !voiced && is_rolling(&cues);
    let named = !voiced && is_named(&cues);
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
            let span = if named { with_name(span) } else { span };
            speech = go_on(speech, span, cue, gather)?;
        }
        speech.ends = cue.ends.or(speech.ends);
    }
    finish(&speech, gather)
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
    let speaker = speech.speaker.as_deref();
    let Speech { first, last, body, .. } = speech;
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

/// Whether the file writes speakers as `Pat One: text`, as Zoom does: half of its cues begin so.
fn is_named(cues: &[Cue]) -> bool {
    let rows = cues.iter().filter_map(|cue| cue.rows.first());
    let named = rows.filter(|row| name(&row.plain).is_some()).count();
    named > 0 && 2 * named >= cues.len()
}

fn with_name(span: Span) -> Span {
    match name(&span.text) {
        Some((name, text)) => Span { speaker: Some(name.to_owned()), text: text.to_owned() },
        None => span,
    }
}

/// A name before a colon: a few words that no sentence would hold, most of them with capitals where there are any.
fn name(text: &str) -> Option<(&str, &str)> {
    let (name, after) = text.trim_start().split_once(':')?;
    let name = name.trim();
    let words: Vec<&str> = name.split_whitespace().collect();
    let apart = after.is_empty() || after.starts_with(char::is_whitespace);
    if !apart || name.len() > LONGEST_NAME || !(1..=10).contains(&words.len()) {
        return None;
    }
    // “Dr.” and initials end with a dot.
    let stops = words.iter().any(|word| word.ends_with('.') && word.chars().count() > 5);
    if stops || name.contains(['\n', '?', '!', ';', '…', '<', '“', '"']) {
        return None;
    }
    // “Pat van der Berg”, but not “so my point is”.
    let small = words.iter().filter(|word| word.starts_with(char::is_lowercase)).count();
    (small < 2 || 2 * small <= words.len()).then_some((name, after))
}
