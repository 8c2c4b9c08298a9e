//! Plain text and Markdown: a paragraph or list item is a line, headings are what lines stand under. Markup inside a
//! line stays as it was typed. It must never know what a speaker is.

use super::gather::{Gather, Said};
use super::headings::{Headings, LONGEST_HEADING};
use super::text::Row;
use super::{Unreadable, Why};

/// What is being read, over several lines of the file.
#[derive(Default)]
struct Block {
    first: u32,
    last: u32,
    text: String,
    is_item: bool,
    rows: usize,
}

struct Walk<'a> {
    block: Block,
    headings: Headings,
    gather: &'a mut Gather,
}

pub(super) fn read(rows: &[Row<'_>], gather: &mut Gather) -> Result<(), Unreadable> {
    let mut walk = Walk { block: Block::default(), headings: Headings::default(), gather };
    for row in rows {
        walk.row(*row)?;
    }
    walk.finish()?;
    walk.headings.end(0, walk.gather)
}

impl Walk<'_> {
    fn row(&mut self, row: Row<'_>) -> Result<(), Unreadable> {
        let text = row.text.trim();
        if text.is_empty() {
            return self.finish();
        }
        if is_line(text) {
            return self.divided(row, text);
        }
        if let Some((level, heading)) = heading(text) {
            self.finish()?;
            return self.headings.begin(level, row.number, heading, self.gather);
        }
        if let Some(item) = item(text, self.goes_on()) {
            self.finish()?;
            self.add(row, item);
            self.block.is_item = true;
            return Ok(());
        }
        self.add(row, text);
        Ok(())
    }

    /// Whether a paragraph goes on, in which a number at the start of a line may be part of a sentence.
    fn goes_on(&self) -> bool {
        self.block.rows > 0 && !self.block.is_item
    }

    /// Joins lines that a program broke at the margin. Two spaces or a backslash at the end mean that somebody did.
    fn add(&mut self, row: Row<'_>, text: &str) {
        if self.block.rows == 0 {
            self.block.first = row.number;
        } else if !self.block.text.ends_with('\n') {
            let before = self.block.text.chars().next_back();
            let joined = before.is_some_and(is_wide) && text.chars().next().is_some_and(is_wide);
            if !joined {
                self.block.text.push(' ');
            }
        }
        self.block.text.push_str(text);
        if row.text.ends_with("  ") {
            self.block.text.push('\n');
        } else if text.ends_with('\\') && text.len() > 1 {
            self.block.text.pop();
            self.block.text.push('\n');
        }
        self.block.last = row.number;
        self.block.rows += 1;
    }

    /// A line of dashes makes the one line above it a heading; elsewhere it only divides.
    fn divided(&mut self, row: Row<'_>, text: &str) -> Result<(), Unreadable> {
        let single = self.goes_on() && self.block.rows == 1;
        let short = self.block.text.len() <= LONGEST_HEADING;
        match underline(text) {
            Some(level) if single && short => {
                let block = std::mem::take(&mut self.block);
                self.headings.begin(level, block.first, &block.text, self.gather)
            }
            _ => {
                self.finish()?;
                self.gather.pass_over(row.number, row.number, Why::Divider)
            }
        }
    }

    fn finish(&mut self) -> Result<(), Unreadable> {
        let block = std::mem::take(&mut self.block);
        if block.rows == 0 {
            return Ok(());
        }
        let Block { first, last, text, .. } = &block;
        let said = Said { first: *first, last: *last, body: text, ..Said::default() };
        self.headings.take(&said, self.gather)
    }
}

/// `## heading`, with its level.
fn heading(text: &str) -> Option<(u8, &str)> {
    let after = text.trim_start_matches('#');
    let level = u8::try_from(text.len() - after.len()).ok()?;
    let apart = after.starts_with([' ', '\t']);
    let words = after.trim().trim_end_matches('#').trim();
    let whole = (1..=6).contains(&level) && apart && text.len() <= LONGEST_HEADING;
    (whole && !words.is_empty()).then_some((level, words))
}

/// Whether this is a line of one sign, drawn to divide or to underline.
fn is_line(text: &str) -> bool {
    let sign = text.chars().next().filter(|sign| matches!(sign, '=' | '-' | '*' | '_' | '~'));
    let only = text.chars().all(|c| Some(c) == sign || c == ' ');
    only && text.chars().filter(|c| *c != ' ').count() >= 3
}

/// The level of the heading that such a line makes of the line above it.
fn underline(text: &str) -> Option<u8> {
    match text.chars().next() {
        Some('=') if !text.contains(' ') => Some(1),
        Some('-') if !text.contains(' ') => Some(2),
        _ => None,
    }
}

/// The text of a list item, without its mark. Inside a paragraph only marks count that no sentence would put at the
/// start of a line.
fn item(text: &str, in_paragraph: bool) -> Option<&str> {
    let (mark, after) = text.split_once([' ', '\t'])?;
    let bullet = matches!(mark, "-" | "*" | "+" | "•" | "▪" | "◦" | "‣" | "●" | "○" | "■" | "·")
        || !in_paragraph && matches!(mark, "–" | "—");
    let numbered = number(mark).is_some_and(|number| !in_paragraph || number == 1);
    let after = after.trim();
    ((bullet || numbered) && !after.is_empty()).then_some(after)
}

/// The number of `1.`, `12)`, `(3)`, `a)` and `(iv)`: letters by their place, where it matters whether they are the
/// first.
fn number(mark: &str) -> Option<u32> {
    let closed = mark.strip_suffix(')');
    let inner = closed.or_else(|| mark.strip_suffix('.'))?;
    let inner = if closed.is_some() { inner.strip_prefix('(').unwrap_or(inner) } else { inner };
    if (1..=3).contains(&inner.len()) && inner.bytes().all(|byte| byte.is_ascii_digit()) {
        return inner.parse().ok();
    }
    let letters = closed.is_some() && (1..=4).contains(&inner.len());
    let roman = inner.bytes().all(|byte| matches!(byte, b'i' | b'v' | b'x'));
    let one = inner.len() == 1 && inner.bytes().all(|byte| byte.is_ascii_lowercase());
    let first = matches!(inner, "a" | "i");
    (letters && (roman || one)).then_some(if first { 1 } else { 2 })
}

/// Whether words are written without spaces between them in the script of this character.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}')
}
