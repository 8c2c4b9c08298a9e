//! The chat of a Zoom meeting as Zoom saves it. It must never hand out a message that is not known to be for everyone,
//! nor the names of those who exchanged it.

mod header;
pub(super) mod labels;

use super::gather::{Gather, Said};
use super::speech::{Common, heard};
use super::text::Row;
use super::{Unreadable, Why};
use header::{Header, header, is_below};

pub(super) use header::begins_message;

/// Longest quotation that a reply begins with. Zoom cuts it after some 20 characters; what is longer was typed.
const LONGEST_QUOTATION: usize = 120;
/// Longest sign of a reaction, in bytes: an emoji of several people with their skin tones, or `:its_name:`.
const LONGEST_REACTION: usize = 64;

/// A message with the lines that belong to it.
struct Message<'a> {
    header: Header<'a>,
    first: u32,
    last: u32,
    body: String,
}

pub(super) fn read(rows: &[Row<'_>], gather: &mut Gather) -> Result<(), Unreadable> {
    let mut message: Option<Message<'_>> = None;
    let below = is_below(rows);
    for row in rows {
        if let Some(header) = header(row.text, below) {
            finish(message.take(), gather)?;
            let body = header.text.to_owned();
            message = Some(Message { header, first: row.number, last: row.number, body });
            continue;
        }
        match &mut message {
            Some(message) => message.go_on(*row),
            None if row.is_blank() => {}
            None => gather.pass_over(row.number, row.number, Why::BeforeFirst)?,
        }
    }
    finish(message, gather)
}

impl Message<'_> {
    fn go_on(&mut self, row: Row<'_>) {
        self.body.push('\n');
        self.body.push_str(row.text.strip_prefix('\t').unwrap_or(row.text));
        if !row.is_blank() {
            self.last = row.number;
        }
    }
}

fn finish(message: Option<Message<'_>>, gather: &mut Gather) -> Result<(), Unreadable> {
    let Some(message) = message else { return Ok(()) };
    let Message { header, first, last, body } = message;
    // Before anything else looks at the text.
    if !header.to_everyone {
        let names = heard(header.names, &Common::default());
        names.iter().for_each(|name| gather.hear(name));
        return gather.pass_over(first, last, Why::Private);
    }
    let body = body.trim();
    if is_reaction(body) {
        return gather.pass_over(first, last, Why::Reaction);
    }
    let (whole, body) = (body, without_quotation(body));
    if body.is_empty() && !whole.is_empty() {
        return gather.pass_over(first, last, Why::OnlyQuoted);
    }
    let speaker = Some(header.speaker);
    gather.take(&Said { first, last, speaker, body, ..Said::default() })
}

/// `Reacted to "…" with 👍` and `Removed a 👍 reaction from "…"`. What follows `with` must be a sign: who types such a
/// sentence says something.
fn is_reaction(body: &str) -> bool {
    if let Some(rest) = body.strip_prefix("Reacted to ") {
        let Some((quoted, sign)) = rest.rsplit_once(" with ") else { return false };
        return is_quoted(quoted) && is_sign(sign);
    }
    let Some(rest) = body.strip_prefix("Removed a ").or_else(|| body.strip_prefix("Removed an "))
    else {
        return false;
    };
    let Some((sign, quoted)) = rest.split_once(" reaction from ") else { return false };
    is_sign(sign) && is_quoted(quoted)
}

fn is_quoted(text: &str) -> bool {
    let text = text.trim();
    text.len() <= 4 * LONGEST_QUOTATION
        && text.starts_with(['"', '“'])
        && text.ends_with(['"', '”'])
}

fn is_sign(text: &str) -> bool {
    let text = text.trim();
    let named = text.len() > 2 && text.starts_with(':') && text.ends_with(':');
    let letters = text.chars().any(char::is_alphabetic);
    let words = text.contains(char::is_whitespace);
    (1..=LONGEST_REACTION).contains(&text.len()) && !words && (named || !letters)
}

/// The reply without `Replying to "…"` above it; whole when it cannot be told where the quotation ends.
fn without_quotation(body: &str) -> &str {
    let Some(rest) = body.strip_prefix("Replying to ").filter(|rest| rest.starts_with(['"', '“']))
    else {
        return body;
    };
    let mut length = 0;
    for row in rest.split_inclusive('\n') {
        length += row.len();
        if length > LONGEST_QUOTATION * 4 || rest[..length].chars().count() > LONGEST_QUOTATION {
            return body;
        }
        let quoted = rest[..length].trim_end();
        if quoted.chars().count() > 1 && quoted.ends_with(['"', '”']) {
            return rest[length..].trim();
        }
    }
    body
}
