//! The moment that stands beside a name: `0:03`, `[10:15 AM]`, `28/11/2026, 10:15 -`, in any script's digits. It must never
//! tell the moment: only that one stands there.

/// Longest part of a row in which a moment and names are looked for, in bytes.
pub(super) const LONGEST_HEAD: usize = 300;

/// What follows a clock.
const HALVES: &[&str] = &[
    "AM", "PM", "am", "pm", "a.m.", "p.m.", "a. m.", "p. m.", "A.M.", "P.M.", "ص", "م", "上午",
    "下午", "午前", "午後", "오전", "오후", "น.", "Uhr", "uhr", "UTC", "GMT", "Z",
];

/// What follows the moment that a row begins with.
pub(super) fn after(text: &str) -> Option<&str> {
    let text = text.trim_start_matches(skipped);
    let (mut at, mut clock, mut date, mut bracket) = (0, false, false, false);
    // A clock whose fields are divided by dots is one only where a date or a bracket says so.
    while let Some(c) = text[at..].chars().next() {
        if at > LONGEST_HEAD {
            return None;
        }
        let rest = &text[at..];
        if c.is_numeric() {
            let run = rest.find(|c: char| !(c.is_numeric() || is_divider(c))).unwrap_or(rest.len());
            let run = rest[..run].trim_end_matches(is_divider);
            match kind(run, date, bracket) {
                Some(Run::Clock) if clock => return None,
                Some(Run::Clock) => clock = true,
                Some(Run::Date) => date = true,
                None => break,
            }
            at += run.len();
            if clock {
                at += halves(&text[at..]);
            }
            continue;
        }
        if clock && let Some(range) = rest.strip_prefix("-->") {
            let until = after(range)?;
            return Some(until);
        }
        if let Some(half) = HALVES.iter().find(|half| rest.starts_with(**half))
            && !clock
            && !half.is_ascii()
        {
            at += half.len();
            continue;
        }
        match c {
            '[' | '(' | '【' | '（' if !clock => bracket = true,
            ']' | ')' | '】' | '）' | ',' | '،' | '-' | '–' | '—' | '|' | '~' | '‑' => {}
            'T' | '日' if date && !clock => {}
            c if skipped(c) => {}
            _ => break,
        }
        at += c.len_utf8();
    }
    let whole =
        clock && (at == text.len() || text[..at].ends_with(|c: char| !c.is_numeric() && c != ':'));
    whole.then(|| &text[at..])
}

/// What stands before the moment that a row ends with, or that a colon follows, and what follows the colon.
pub(super) fn before(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_matches(skipped);
    let limit = LONGEST_HEAD.min(text.len());
    let places = text.char_indices().take_while(|(at, _)| *at <= limit);
    for (at, c) in places.skip(1) {
        let opens = matches!(c, '[' | '(' | '（' | '【' | ',' | '-' | '–' | '|') || skipped(c);
        if !opens {
            continue;
        }
        let Some(rest) = after(&text[at..]) else { continue };
        let name = text[..at]
            .trim_end_matches(|c: char| skipped(c) || matches!(c, ',' | '-' | '–' | '|' | '·'));
        if name.is_empty() {
            return None;
        }
        if rest.is_empty() {
            return Some((name, ""));
        }
        // `name (0:03): text`.
        let rest = rest.strip_prefix([':', '：'])?;
        return Some((name, rest.trim_start_matches(skipped)));
    }
    None
}

/// Whether a row is a moment and nothing else.
pub(super) fn is_alone(text: &str) -> bool {
    text.len() <= LONGEST_HEAD && after(text).is_some_and(str::is_empty)
}

/// Spaces, and marks of direction that chats put around moments.
fn skipped(c: char) -> bool {
    c.is_whitespace() || super::super::text::is_invisible(c)
}

fn is_divider(c: char) -> bool {
    matches!(c, ':' | '：' | '.' | ',' | '/' | '-' | '年' | '月' | '日' | '時' | '时' | '分')
}

fn halves(rest: &str) -> usize {
    let trimmed = rest.trim_start_matches(skipped);
    let ends = |after: &str| !after.starts_with(char::is_alphabetic);
    let half = HALVES.iter().find(|half| trimmed.strip_prefix(**half).is_some_and(ends));
    half.map_or(0, |half| rest.len() - trimmed.len() + half.len())
}

enum Run {
    Clock,
    Date,
}

/// What digits with dividers between are.
fn kind(run: &str, date: bool, bracket: bool) -> Option<Run> {
    let fields: Vec<&str> = run.split(|c: char| !c.is_numeric()).collect();
    let short =
        |fields: &[&str]| fields.iter().all(|field| (1..=2).contains(&field.chars().count()));
    let colons = run.matches([':', '：']).count();
    if colons > 0 {
        // `0:03`, `10:15:03`, `0:0:3.450`.
        let clock = run.split(['.', ',']).next().unwrap_or_default();
        let fields: Vec<&str> = clock.split([':', '：']).collect();
        let digits = fields.iter().all(|field| field.chars().all(char::is_numeric));
        let whole = (2..=3).contains(&fields.len()) && digits && short(&fields);
        return whole.then_some(Run::Clock);
    }
    let dotted = if date { (2..=3).contains(&fields.len()) } else { bracket && fields.len() == 2 };
    if dotted && short(&fields) && run.contains('.') {
        return Some(Run::Clock);
    }
    let many = fields.iter().filter(|field| !field.is_empty()).count();
    let sized = fields.iter().all(|field| field.chars().count() <= 4);
    ((2..=3).contains(&many) && sized && !run.contains(',')).then_some(Run::Date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_before_and_after_names() {
        for (text, rest) in [
            ("[10:15 AM] Pat One", Some("Pat One")),
            ("10:15:03 Pat", Some("Pat")),
            ("28/11/2026, 10:15 - Pat One: hi", Some("Pat One: hi")),
            ("[28.11.26, 10:15:03] Pat: hi", Some("Pat: hi")),
            ("\u{200e}[28/11/26, 10:15:03\u{202f}PM] Pat", Some("Pat")),
            ("2026-11-28T10:15:03Z Pat", Some("Pat")),
            ("٢٨/١١/٢٠٢٦، ١٠:١٥ ص - فاطمة: نعم", Some("فاطمة: نعم")),
            ("28/11/26 10.15 - Pat", Some("Pat")),
            ("๑๐:๑๕ น. สมชาย", Some("สมชาย")),
            ("2026年11月28日 上午10:15 小明：好", Some("小明：好")),
            ("0:0:0.0 --> 0:0:3.450", Some("")),
            ("(0:03)", Some("")),
            ("3.50 Euro", None),
            ("10 people", None),
            ("2019-2020 plan", None),
            ("Pat 10:15", None),
        ] {
            assert_eq!(after(text), rest, "{text}");
        }
        for (text, found) in [
            ("Pat One   0:03", Some(("Pat One", ""))),
            ("Pat One (10:15): hi", Some(("Pat One", "hi"))),
            ("Pat One [10:15 AM]", Some(("Pat One", ""))),
            ("Pat One, 28/11/2026 10:15", Some(("Pat One", ""))),
            ("สมชาย ใจดี  ๐:๐๓", Some(("สมชาย ใจดี", ""))),
            ("the fee of 0:03 a day", None),
            ("0:03", None),
        ] {
            assert_eq!(before(text), found, "{text}");
        }
    }
}
