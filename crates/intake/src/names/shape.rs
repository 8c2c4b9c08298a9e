//! What looks like a name by its shape alone, for somebody who is about to send a text: the register is not asked, since
//! what it would mark would tell who is registered. It must never change a text; it may mark too much.

use std::ops::Range;

use super::telling_words::{
    BEGIN_SENTENCES, CUES, DENSE_CUES, DENSE_TITLES, OF_THINGS, SURNAMES, TITLES, WITHIN,
};
use super::words::{Word, words};
use crate::terms::fold::fold;

/// Most words of a name with capitals; more of them are a heading.
const MOST_CAPITALS: usize = 4;

/// What looks like somebody's name, in order and apart: words with capitals that follow one another and name nothing known,
/// what follows a title or “my name is”, mentions (`@pat`), addresses, and in Chinese, Japanese, Korean and Thai what stands
/// beside a title. A single word with a capital is none, nor is a line all in capitals.
pub fn by_shape(text: &str) -> Vec<Range<usize>> {
    let found = words(text);
    let folded = found.iter().map(|word| fold(&text[word.start..word.end])).collect();
    let read = Reading { text, words: &found, folded };
    let mut places = Vec::new();
    for at in 0..found.len() {
        places.extend(read.mention(at));
        places.extend(read.after_title(at));
        places.extend(read.after_cue(at));
        places.extend(read.capitals(at));
    }
    if !text.is_ascii() {
        places.extend(dense(text));
    }
    places.sort_by_key(|place: &Range<usize>| (place.start, place.end));
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(places.len());
    for place in places {
        match apart.last_mut() {
            Some(last) if last.end >= place.start => last.end = last.end.max(place.end),
            _ => apart.push(place),
        }
    }
    apart
}

struct Reading<'a> {
    text: &'a str,
    words: &'a [Word],
    /// Each of them.
    folded: Vec<String>,
}

impl Reading<'_> {
    fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| &self.text[word.start..word.end])
    }

    fn folded(&self, at: usize) -> &str {
        self.folded.get(at).map_or("", String::as_str)
    }

    /// What stands between this word and the one before.
    fn before(&self, at: usize) -> &str {
        let from = at.checked_sub(1).map_or(0, |before| self.words[before].end);
        &self.text[from..self.words[at].start]
    }

    /// Whether this word stands right behind the one before, with nothing but a space between, or what names have.
    fn follows(&self, at: usize) -> bool {
        at > 0
            && at < self.words.len()
            && matches!(self.before(at), " " | "-" | "'" | "’" | "\u{a0}" | "  ")
    }

    /// Whether this word stands behind the initial or title before it.
    fn follows_short(&self, at: usize) -> bool {
        self.follows(at)
            || at > 0 && at < self.words.len() && matches!(self.before(at), ". " | "." | ".\u{a0}")
    }

    fn has_capital(&self, at: usize) -> bool {
        let word = self.word(at);
        let mut letters = word.chars();
        let first = letters.next().is_some_and(char::is_uppercase);
        // What is all in capitals is an abbreviation, or shouted.
        first && (word.chars().count() == 1 || letters.any(char::is_lowercase))
    }

    fn is_initial(&self, at: usize) -> bool {
        self.word(at).chars().count() == 1 && self.has_capital(at)
    }

    fn begins_sentence(&self, at: usize) -> bool {
        let before = self.before(at);
        at == 0 || before.contains(['.', '!', '?', '\n', ':', '•', '…', '"', '“'])
    }

    /// `@pat`, `pat@example.org`.
    fn mention(&self, at: usize) -> Option<Range<usize>> {
        let word = self.words[at];
        let before = self.text[..word.start].strip_suffix(['@', '＠'])?;
        let end = |from: usize| {
            let rest = &self.text[from..];
            let ends = |c: char| !(c.is_alphanumeric() || matches!(c, '.' | '_' | '-'));
            let length = rest.find(ends).unwrap_or(rest.len());
            from + rest[..length].trim_end_matches(['.', '-', '_']).len()
        };
        let local =
            before.rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+')));
        let start =
            local.map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        let mut last = end(word.start);
        // “@Pat One” is more than the first word.
        if start == before.len() {
            let mut next = at + 1;
            while next < self.words.len()
                && self.follows(next)
                && self.has_capital(at)
                && self.has_capital(next)
            {
                last = self.words[next].end;
                next += 1;
            }
        }
        Some(start..last.max(word.end))
    }

    /// `Ms One`, `السيدة فاطمة`.
    fn after_title(&self, at: usize) -> Option<Range<usize>> {
        let title = self.folded(at);
        let hyphened = at > 0 && matches!(self.before(at), "-") && matches!(title, "н" | "жа");
        if !hyphened && !TITLES.contains(&title) {
            return None;
        }
        let cased = self.word(at).chars().any(|c| c.is_uppercase() || c.is_lowercase());
        // “M.” and “Don” are titles with a capital only; so are “Miss” and “Sir”, behind which a name follows.
        let next = at + 1;
        let named = self.follows_short(next) && (!cased || self.has_capital(next));
        if !named || cased && OF_THINGS.contains(&self.folded(next)) {
            return None;
        }
        let mut last = next;
        while self.follows_short(last + 1) && last < next + 3 && cased && self.goes_on(last + 1) {
            last += 1;
        }
        if !cased && self.follows(last + 1) {
            last += 1;
        }
        Some(self.words[next].start..self.words[last].end)
    }

    /// `my name is pat`, `меня зовут Анна`.
    fn after_cue(&self, at: usize) -> Option<Range<usize>> {
        let cue = CUES.iter().find(|cue| {
            cue.len() <= at + 1
                && cue.iter().rev().zip((0..=at).rev()).all(|(word, at)| self.folded(at) == *word)
        })?;
        let next = at + 1;
        if !self.follows(next)
            && !matches!(self.words.get(next).map(|_| self.before(next)), Some(": "))
        {
            return None;
        }
        let cased = self.word(next).chars().any(|c| c.is_uppercase() || c.is_lowercase());
        // “I am tired”, but “my name is pat”.
        let names = cue.len() > 2
            || cue.contains(&"llamo")
            || cue.contains(&"зовут")
            || cue.contains(&"اسمي");
        if cased && !self.has_capital(next) && !names || OF_THINGS.contains(&self.folded(next)) {
            return None;
        }
        let mut last = next;
        while self.follows_short(last + 1) && last < next + 3 && self.goes_on(last + 1) {
            last += 1;
        }
        if !cased && names && self.follows(last + 1) {
            last += 1;
        }
        Some(self.words[next].start..self.words[last].end)
    }

    /// Whether a name may go on with this word.
    fn goes_on(&self, at: usize) -> bool {
        self.has_capital(at)
            || WITHIN.contains(&self.word(at)) && self.follows(at + 1) && self.has_capital(at + 1)
    }

    /// Two to four words with capitals that follow one another.
    fn capitals(&self, at: usize) -> Option<Range<usize>> {
        let starts = self.has_capital(at)
            && !(self.follows_short(at) && self.has_capital(at - 1) && self.follows(at));
        if !starts || at > 0 && self.follows(at) && WITHIN.contains(&self.word(at - 1)) {
            return None;
        }
        let mut last = at;
        while last < at + 8 {
            let short =
                self.is_initial(last) && self.follows_short(last + 1) || self.follows(last + 1);
            if !short || !self.goes_on(last + 1) {
                break;
            }
            last += 1;
        }
        let mut first = at;
        if self.begins_sentence(first) && BEGIN_SENTENCES.contains(&self.folded(first)) {
            first += 1;
        }
        let many = (last + 1).saturating_sub(first);
        if !(2..=MOST_CAPITALS).contains(&many) {
            return None;
        }
        let thing = (first..=last).any(|at| OF_THINGS.contains(&self.folded(at)));
        let (start, end) = (self.words[first].start, self.words[last].end);
        let initials = (first..=last).all(|at| self.is_initial(at));
        (!thing && !initials).then_some(start..end)
    }
}

/// Names beside what stands before or after them in scripts without spaces.
fn dense(text: &str) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    let letter = |c: &(usize, char)| {
        c.1.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c.1)
    };
    for (cue, most) in DENSE_CUES {
        for (at, _) in text.match_indices(cue) {
            // A Thai title stands at the beginning of a word.
            let titled = cue.starts_with(['น', 'ค']);
            if titled && text[..at].ends_with(|c: char| c.is_alphabetic() && !c.is_ascii()) {
                continue;
            }
            let start = at + cue.len();
            let rest = &text[start..];
            let skipped = rest.len() - rest.trim_start_matches(' ').len();
            let name = rest[skipped..].char_indices().take_while(letter).take(*most);
            if let Some((last, c)) = name.last() {
                places.push(start + skipped..start + skipped + last + c.len_utf8());
            }
        }
    }
    for title in DENSE_TITLES {
        for (at, _) in text.match_indices(title) {
            let before: Vec<(usize, char)> =
                text[..at].trim_end_matches(' ').char_indices().rev().take(4).collect();
            let named = before.iter().take(4).enumerate().find(|(_, (_, c))| SURNAMES.contains(*c));
            let whole = before.iter().take_while(|c| super::is_dense(c.1)).count();
            if let Some((many, (start, _))) = named
                && many < whole
            {
                places.push(*start..at);
            }
        }
    }
    places
}
