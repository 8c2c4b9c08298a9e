//! The first line of a Zoom message: when, from whom, to whom. In doubt a message is private, since one that is shown
//! by mistake cannot be taken back.

use super::super::text::Row;
use super::labels::{LANGUAGES, PRIVATE, Words};

/// Longest part of a line in which names are looked for, in bytes. Zoom takes 64 characters for a name.
const LONGEST_NAMES: usize = 600;

/// What the first line of a message says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header<'a> {
    pub(super) speaker: &'a str,
    /// All that names stand in.
    pub(super) names: &'a str,
    pub(super) to_everyone: bool,
    /// The text that begins on this line; empty where Zoom writes it below.
    pub(super) text: &'a str,
}

/// Whether a message of a chat begins on this line, for telling chats from other texts.
pub(in super::super) fn begins_message(line: &str) -> bool {
    known(line, false).is_some()
}

/// What the line says when a message begins on it.
///
/// `below`: the chat is one of those that write every text below its first line.
pub(super) fn header(line: &str, below: bool) -> Option<Header<'_>> {
    known(line, below).or_else(|| unknown_private(line)).or_else(|| unknown_stamped(line))
}

/// Whether a chat writes every text below its first line, so that all of a first line is names. Most of its lines with a
/// time tell: each of them must end with a colon, and indented text follow.
pub(super) fn is_below(rows: &[Row<'_>]) -> bool {
    let (mut inline, mut below, mut colon) = (0_usize, 0_usize, false);
    for row in rows {
        below += usize::from(colon && row.text.starts_with('\t'));
        let stamped = after_stamp(row.text).is_some();
        inline += usize::from(stamped);
        colon = stamped && row.text.trim_end().ends_with([':', '：']);
    }
    2 * below > inline
}

fn known(line: &str, below: bool) -> Option<Header<'_>> {
    match after_stamp(line) {
        Some(rest) => from_cloud(rest).or_else(|| from_client(rest, below)),
        None => from_screen(line),
    }
}

/// A line that carries the mark of a private message in a form that nobody has seen yet: it must not pass for the rest
/// of the message above. Where text is indented it cannot be a first line.
fn unknown_private(line: &str) -> Option<Header<'_>> {
    let private = !line.starts_with([' ', '\t']) && is_marked_private(line);
    private.then(|| private_from(head(line)))
}

/// A line with a time and a colon in a form that nobody has seen yet, where no text is indented: what follows may be for
/// one person, and must not pass for the rest of the message above.
fn unknown_stamped(line: &str) -> Option<Header<'_>> {
    let rest = after_stamp(line).filter(|_| !line.starts_with([' ', '\t']))?;
    let (names, after) = head(rest).split_once([':', '：'])?;
    let apart = after.is_empty() || after.starts_with(char::is_whitespace);
    (apart && !names.trim().is_empty()).then(|| private_from(names))
}

fn private_from(names: &str) -> Header<'_> {
    let names = names.split([':', '：']).next().unwrap_or_default();
    Header { speaker: "", names, to_everyone: false, text: "" }
}

/// What follows `09:41:12`, which a date may precede and `AM` follow.
fn after_stamp(line: &str) -> Option<&str> {
    let rest = after_date(line).unwrap_or(line);
    let after = after_clock(rest, 3)?;
    let half = after.trim_start_matches(' ');
    let halves = ["AM", "PM", "am", "pm"].iter().find_map(|mark| half.strip_prefix(mark));
    let after = halves.unwrap_or(after);
    after.starts_with([' ', '\t', '\u{a0}']).then_some(after)
}

/// What follows `2020-11-04 ` or `04/11/2020 `.
fn after_date(line: &str) -> Option<&str> {
    let end = line.find([' ', '\t', 'T'])?;
    let (date, after) = line.split_at(end);
    let digits = date.bytes().filter(u8::is_ascii_digit).count();
    let signs = date.bytes().filter(|byte| matches!(byte, b'-' | b'/' | b'.')).count();
    let whole = (4..=8).contains(&digits) && signs == 2 && digits + signs == date.len();
    whole.then(|| after.trim_start_matches([' ', '\t', 'T']))
}

/// What follows `9:41` or `09:41:12`, by the number of its fields.
fn after_clock(text: &str, fields: usize) -> Option<&str> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(text.len());
    let (clock, after) = text.split_at(end);
    let found: Vec<&str> = clock.splitn(4, ':').collect();
    let whole = found.len() == fields
        && (1..=3).contains(&found[0].len())
        && found[1..].iter().all(|field| field.len() == 2);
    whole.then_some(after)
}

/// `00:12:33<tab>Pat One:<tab>text`, as recordings in the cloud come.
fn from_cloud(rest: &str) -> Option<Header<'_>> {
    let rest = rest.strip_prefix('\t').filter(|rest| !rest.starts_with([' ', '\t']))?;
    let (name, _) = head(rest).split_once(":\t")?;
    // A tab may stand before “From”, too.
    let from = name.starts_with("From ") && name.to_lowercase().contains(" to ");
    let other = from || name.contains(" : ") || name.contains('\t');
    if other || name.trim().is_empty() {
        return None;
    }
    // What the client would have meant for one person is for one person here, too.
    let private = from_client(rest, false).is_some_and(|header| !header.to_everyone);
    let to_everyone = !private && !is_marked_private(rest);
    Some(Header { speaker: name.trim(), names: name, to_everyone, text: &rest[name.len() + 2..] })
}

/// `From Pat One to Everyone : text` in its many forms, after the time.
fn from_client(rest: &str, below: bool) -> Option<Header<'_>> {
    let (from, after) = rest.trim_start().split_once([' ', '\t', '\u{a0}'])?;
    // Somebody who goes on with “10:30:00 from Geneva” begins no message.
    if from.starts_with(char::is_lowercase) {
        return None;
    }
    let lower = from.to_lowercase();
    let languages: Vec<&Words> =
        LANGUAGES.iter().filter(|words| words.from.contains(&lower.as_str())).collect();
    // In a language that is not listed, Zoom's double space still shows where the name begins.
    let unlisted = languages.is_empty();
    if unlisted && (!after.starts_with(' ') || from.contains(':') || from.len() > 40) {
        return None;
    }
    if is_marked_private(after) {
        return Some(private_from(head(after)));
    }
    let whole = after.trim_end().strip_suffix([':', '：']).filter(|_| below);
    let (names, text) = match whole {
        Some(names) => (names, ""),
        None => divided(after, &languages)?,
    };
    if is_divided_twice(after, text, &languages) {
        return Some(private_from(names));
    }
    let (speaker, to_everyone) = match recipient(names, &languages) {
        Some((speaker, everyone)) => (speaker, everyone),
        None if unlisted => (names, names.trim().find("  ").is_none()),
        None => (names, true),
    };
    Some(Header { speaker: speaker.trim(), names, to_everyone, text })
}

/// Divides at the colon that ends the names: ` : ` where there is one, since a name may hold a colon of its own.
fn divided<'a>(after: &'a str, languages: &[&Words]) -> Option<(&'a str, &'a str)> {
    let near = head(after);
    let mut first = None;
    for (at, colon) in near.match_indices([':', '：']).take(8) {
        let (names, text) = (&after[..at], &after[at + colon.len()..]);
        if !text.is_empty() && !text.starts_with(char::is_whitespace) {
            continue;
        }
        let everyone = recipient(names, languages).is_some_and(|(_, everyone)| everyone);
        if everyone || names.ends_with([' ', '\t']) {
            return Some((names, text));
        }
        first = first.or(Some((names, text)));
    }
    // Zoom's own colon ends the line where the text stands below.
    let below = near.trim_end().strip_suffix(':').filter(|_| near.len() == after.len());
    below.map(|names| (names, "")).or(first)
}

/// Whether Zoom's double spaces show a recipient after the colon, which then is one of the sender's name.
fn is_divided_twice(after: &str, text: &str, languages: &[&Words]) -> bool {
    let spaced = after.starts_with(' ');
    let to = |to: &&str| {
        let places = head(text).match_indices(*to).map(|(at, _)| text.split_at(at));
        places.into_iter().any(|(before, rest)| {
            before.ends_with("  ") && rest[to.len()..].starts_with("  ") && rest.contains(" :")
        })
    };
    spaced && languages.iter().flat_map(|words| words.to).any(to)
}

/// The sender, and whether the recipient is everyone; nothing when there is no recipient.
fn recipient<'a>(names: &'a str, languages: &[&Words]) -> Option<(&'a str, bool)> {
    let trimmed = names.trim_end();
    let mut other = None;
    for words in languages {
        for to in words.to {
            let Some((speaker, recipient)) = divided_at_word(trimmed, to) else { continue };
            let recipient = recipient.trim().to_lowercase();
            if words.everyone.contains(&recipient.as_str()) {
                return Some((speaker, true));
            }
            other = other.or(Some((speaker, false)));
        }
    }
    other
}

/// Divides at the last place where the word stands between spaces.
fn divided_at_word<'a>(names: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let mut end = names.len();
    while let Some(at) = names[..end].rfind(char::is_whitespace) {
        let (space, next) = (names[at..].chars().next()?, &names[..at]);
        let start = at + space.len_utf8();
        if names[start..end].to_lowercase() == word && !next.trim().is_empty() {
            return Some((next, &names[end..]));
        }
        end = at;
    }
    None
}

/// Whether the line carries the mark of a private message anywhere before a colon or a time, and not only where names
/// stand: a sender may have a colon in the name, so that nothing else would show it.
fn is_marked_private(after: &str) -> bool {
    let lower = after.to_lowercase();
    PRIVATE.iter().any(|mark| {
        let mut places = lower.match_indices(mark);
        places.any(|(at, _)| lower[at + mark.len()..].trim_start().starts_with([':', '：', '(']))
    })
}

/// `From Pat One to Everyone: (9:41 AM)`, as copied from the window.
fn from_screen(line: &str) -> Option<Header<'_>> {
    let rest = line.strip_prefix("From ").filter(|_| line.len() <= LONGEST_NAMES)?;
    let (names, clock) = rest.trim_end().rsplit_once(':').map(|(before, minutes)| {
        let hours = before.trim_end_matches(|c: char| c.is_ascii_digit());
        let clock = [&before[hours.len()..], ":", minutes].concat();
        (hours.trim_end().trim_end_matches('(').trim_end(), clock)
    })?;
    let after = after_clock(&clock, 2)?.trim_end_matches(')').trim();
    if !matches!(after, "" | "AM" | "PM" | "am" | "pm") {
        return None;
    }
    let marked = is_marked_private(&[names, ":"].concat()) || is_marked_private(rest);
    let lower = names.to_lowercase();
    let mark = PRIVATE.iter().find(|mark| lower.ends_with(**mark));
    let names = if mark.is_some() { names.rsplit_once('(')?.0.trim_end() } else { names };
    let names = names.strip_suffix(':')?;
    let (speaker, everyone) = recipient(names, &[&LANGUAGES[0]])?;
    Some(Header { speaker: speaker.trim(), names, to_everyone: everyone && !marked, text: "" })
}

/// The beginning of a line, in which the names stand.
fn head(text: &str) -> &str {
    let end = (0..=LONGEST_NAMES.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    &text[..end.unwrap_or(0)]
}
