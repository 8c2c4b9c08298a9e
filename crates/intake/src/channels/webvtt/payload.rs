//! The text of a cue without its markup. Only tags that WebVTT knows are markup: all else is text that somebody said.

/// What one speaker says in a cue.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    /// Who, when the cue marks a voice.
    pub(super) speaker: Option<String>,
    pub(super) text: String,
}

/// The text of a cue by speaker.
pub(super) fn spans(text: &str) -> Vec<Span> {
    let (mut spans, mut span, mut rest) = (Vec::new(), Span::default(), text);
    while let Some(at) = rest.find(['<', '&']) {
        span.text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((sign, after)) = escape(rest) {
            span.text.push_str(&sign);
            rest = after;
            continue;
        }
        match tag(rest) {
            Some((Tag::Voice(name), after)) => {
                spans.push(std::mem::take(&mut span));
                span.speaker = name;
                rest = after;
            }
            Some((Tag::Other, after)) => rest = after,
            None => {
                span.text.push_str(&rest[..1]);
                rest = &rest[1..];
            }
        }
    }
    span.text.push_str(rest);
    spans.push(span);
    spans.retain(|span| !span.text.trim().is_empty());
    spans
}

enum Tag {
    /// A voice begins, or none.
    Voice(Option<String>),
    Other,
}

/// The tag that the text begins with, and what follows it.
fn tag(text: &str) -> Option<(Tag, &str)> {
    const LONGEST: usize = 400;
    let inner = text.strip_prefix('<')?;
    let end = inner.bytes().take(LONGEST).position(|byte| matches!(byte, b'>' | b'<'))?;
    let (inner, after) = (&inner[..end], inner[end..].strip_prefix('>')?);
    let closes = inner.starts_with('/');
    let inner = inner.trim_start_matches('/');
    let (name, annotation) = match inner.find([' ', '\t', '\n']) {
        Some(at) => (&inner[..at], inner[at..].trim()),
        None => (inner, ""),
    };
    let time = name.len() > 4 && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b':' | b'.'));
    match name.split('.').next().unwrap_or_default() {
        "v" if closes || annotation.is_empty() => Some((Tag::Voice(None), after)),
        "v" => Some((Tag::Voice(Some(unescaped(annotation))), after)),
        "c" | "i" | "b" | "u" | "lang" | "ruby" | "rt" => Some((Tag::Other, after)),
        _ if time => Some((Tag::Other, after)),
        _ => None,
    }
}

fn unescaped(text: &str) -> String {
    let (mut plain, mut rest) = (String::new(), text);
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let (sign, after) = escape(rest).unwrap_or_else(|| ("&".to_owned(), &rest[1..]));
        plain.push_str(&sign);
        rest = after;
    }
    plain.push_str(rest);
    plain
}

/// The sign that `&amp;` and the like stand for, and what follows.
fn escape(text: &str) -> Option<(String, &str)> {
    const LONGEST: usize = 10;
    let inner = text.strip_prefix('&')?;
    let end = inner.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let (name, after) = (&inner[..end], &inner[end + 1..]);
    let sign = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "lrm" => '\u{200e}',
        "rlm" => '\u{200f}',
        _ => numbered(name).filter(|sign| !sign.is_control())?,
    };
    Some((sign.to_string(), after))
}

fn numbered(name: &str) -> Option<char> {
    let number = name.strip_prefix('#')?;
    let hex = number.strip_prefix(['x', 'X']).map(|hex| u32::from_str_radix(hex, 16));
    char::from_u32(hex.unwrap_or_else(|| number.parse()).ok()?)
}
