//! The blocks of a WebVTT file and the times of its cues. A cue whose time is wrong keeps its text. It must never know
//! what the text means.

use super::super::gather::Gather;
use super::super::text::Row;
use super::super::{Unreadable, Why};
use super::payload::spans;

const ARROW: &str = "-->";

/// A caption.
pub(super) struct Cue {
    /// When it is shown, in milliseconds.
    pub(super) begins: Option<u64>,
    /// When it goes.
    pub(super) ends: Option<u64>,
    /// The first line of its text.
    pub(super) first: u32,
    /// The last.
    pub(super) last: u32,
    /// The lines of its text that are not empty.
    pub(super) rows: Vec<Caption>,
}

/// A line of a caption.
pub(super) struct Caption {
    pub(super) number: u32,
    pub(super) text: String,
    /// Without markup: YouTube marks up a line when it comes and not when it is repeated.
    pub(super) plain: String,
}

impl Caption {
    fn of(row: &Row<'_>) -> Self {
        let text = row.text.trim().to_owned();
        let plain: String = spans(&text).into_iter().map(|span| span.text).collect();
        Self { number: row.number, plain: plain.trim().to_owned(), text }
    }

    pub(super) fn has_voice(&self) -> bool {
        self.text.contains("<v ") || self.text.contains("<v.")
    }
}

/// The cues of a file. All other blocks are passed over.
pub(super) fn cues(rows: &[Row<'_>], gather: &mut Gather) -> Result<Vec<Cue>, Unreadable> {
    let (mut cues, mut block): (Vec<Cue>, Vec<Row<'_>>) = (Vec::new(), Vec::new());
    for row in rows.iter().copied() {
        // YouTube writes a line with one space for a row that is still empty.
        if row.text.is_empty() {
            finish(&block, &mut cues, gather)?;
            block.clear();
            continue;
        }
        // A cue may follow another without an empty line between; its number belongs to it.
        if is_time(row.text) && block.iter().any(|other| is_time(other.text)) {
            let numbered = block.len() > 2
                && block
                    .last()
                    .is_some_and(|last| last.text.trim().bytes().all(|b| b.is_ascii_digit()));
            let rest = block.split_off(block.len() - usize::from(numbered));
            finish(&block, &mut cues, gather)?;
            block = rest;
        }
        block.push(row);
    }
    finish(&block, &mut cues, gather)?;
    Ok(cues)
}

fn finish(block: &[Row<'_>], cues: &mut Vec<Cue>, gather: &mut Gather) -> Result<(), Unreadable> {
    let (Some(top), Some(bottom)) = (block.first(), block.last()) else { return Ok(()) };
    if top.number == 1 && top.text.starts_with("WEBVTT") || is_remark(top.text) {
        for row in block {
            language(row.text, gather);
        }
    }
    let timed = block.iter().position(|row| is_time(row.text));
    // The identifier of a cue stands above its time, and is one line.
    let Some(timed) = timed.filter(|at| *at < 2 && (*at == 0 || !is_remark(top.text))) else {
        if top.number == 1 && top.text.starts_with("WEBVTT") {
            return Ok(());
        }
        return gather.pass_over(top.number, bottom.number, Why::NoCaption);
    };
    let (begins, ends) = times(block[timed].text);
    let shown = &block[timed + 1..];
    let first = shown.first().map_or(block[timed].number, |row| row.number);
    let rows = shown.iter().filter(|row| !row.is_blank()).map(Caption::of).collect();
    cues.push(Cue { begins, ends, first, last: bottom.number, rows });
    Ok(())
}

/// Whether a line says when a cue is shown. People may speak of arrows, and of numbers.
pub(in super::super) fn is_time(line: &str) -> bool {
    let Some((begins, _)) = line.split_once(ARROW) else { return is_pair(line) };
    let of_time = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | ',' | ' ' | '\t');
    begins.starts_with(|c: char| c.is_ascii_digit() || c.is_whitespace())
        && begins.chars().all(of_time)
}

/// `0:00:01.000,0:00:04.000`, as YouTube and Google Meet write it (SBV).
fn is_pair(line: &str) -> bool {
    let pair = line.trim().split_once(',');
    let whole = |time: &str| {
        time.contains('.') && time.matches(':').count() == 2 && self::time(time).is_some()
    };
    pair.is_some_and(|(begins, ends)| whole(begins) && whole(ends))
}

/// Whether a block is no caption.
fn is_remark(line: &str) -> bool {
    let word = line.split([' ', '\t']).next().unwrap_or_default().trim_end_matches(':');
    matches!(word, "NOTE" | "STYLE" | "REGION")
}

/// `Language: fr` in YouTube's header, `NOTE language:en-us` in Teams'.
fn language(line: &str, gather: &mut Gather) {
    let line = line.strip_prefix("NOTE ").unwrap_or(line);
    let Some((name, tag)) = line.split_once(':') else { return };
    if name.trim().eq_ignore_ascii_case("language") {
        gather.language(tag);
    }
}

fn times(line: &str) -> (Option<u64>, Option<u64>) {
    let Some((begins, rest)) = line.split_once(ARROW).or_else(|| line.split_once(',')) else {
        return (None, None);
    };
    // What follows the second time are settings.
    (time(begins), rest.split_whitespace().next().and_then(time))
}

/// `00:01.000`, `00:00:01.000`; other programs write a comma.
fn time(text: &str) -> Option<u64> {
    let (whole, millis) = text.trim().split_once(['.', ','])?;
    let mut seconds: u64 = 0;
    for field in whole.split(':') {
        let field: u64 = field.parse().ok()?;
        seconds = seconds.checked_mul(60)?.checked_add(field)?;
    }
    let millis: u64 = millis.parse().ok()?;
    seconds.checked_mul(1000)?.checked_add(millis)
}
