//! A register of names that is asked whether a text holds one of them, and takes them out. It must never say which.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::lists::{ALSO_WORDS, TELLS_NOBODY, TWO_LETTERS};
use super::words::{Word, is_arabic, key, letters, without_clinging, words};
use crate::terms::fold::{fold, is_dropped};

/// What stands where a name stood.
const REMOVED: &str = "[name]";
/// Most words of a name that are looked for together; those of a longer one are looked for one by one.
const MOST_WORDS: usize = 8;
/// Most bytes between two words of a name: without this, a page of dots would be compared again and again.
const MOST_BETWEEN: usize = 6;
/// What titles stand before names without a space in Thai.
const THAI_TITLES: &[&str] = &["นางสาว", "นาง", "นาย", "คุณ", "ดร"];

/// Names that are known. Made once, it is asked many times: a text is read once, however many names there are.
#[derive(Default)]
pub struct Register {
    /// Names of two words and more, their words as they are compared with a space between.
    whole: HashSet<String>,
    /// The words that such a name begins with.
    begins: HashSet<String>,
    most_words: usize,
    /// Parts of names, with the spellings of those that must be alike to the letter.
    parts: HashMap<String, Spelled>,
    /// Names without what stands between their words, as they follow `@`.
    joined: HashSet<String>,
    /// Names of scripts without spaces, by their first letter, the longest first.
    dense: HashMap<char, Vec<Vec<char>>>,
}

/// Where a name, or a part of one, stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The bytes of it, with the `@` or the initials before it.
    pub place: Range<usize>,
    /// Whether it is a whole name or an address, and not a part that others may have too.
    pub whole: bool,
}

/// How a part of a name must be spelled to be one.
#[derive(Default)]
struct Spelled {
    /// With a capital, where the script has them.
    capital: bool,
    /// In small letters, as the name itself has it.
    small: bool,
    /// Alike to the letter.
    exact: Vec<Box<str>>,
}

impl Register {
    /// The register of these names, as people write theirs: `Pat One`, `ONE, Pat (External)`, `Pat One | Harbour Union`.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut register = Self::default();
        for name in names {
            register.learn(name);
        }
        for patterns in register.dense.values_mut() {
            patterns.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
            patterns.dedup();
        }
        register
    }

    /// Whether no name is in it.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.whole.is_empty() && self.dense.is_empty()
    }

    /// Whether one of the names, or a part of one, occurs in the text: whether [`Register::mask`] would change it.
    pub fn occurs_in(&self, text: &str) -> bool {
        !self.is_empty() && !self.found_in(text, true).is_empty()
    }

    /// The text with `[name]` in place of each name and each part of one, with the `@` before it.
    pub fn mask(&self, text: &str) -> String {
        let places = if self.is_empty() { Vec::new() } else { self.found_in(text, false) };
        let (mut masked, mut copied) = (String::with_capacity(text.len()), 0);
        for Found { place, .. } in places {
            masked.push_str(&text[copied..place.start]);
            masked.push_str(REMOVED);
            copied = place.end;
        }
        masked.push_str(&text[copied..]);
        masked
    }

    /// Where names and parts of names stand in the text, in order and apart: what [`Register::mask`] would take out.
    pub fn found(&self, text: &str) -> Vec<Found> {
        if self.is_empty() { Vec::new() } else { self.found_in(text, false) }
    }

    /// Whether a whole name of two words and more occurs in the text, not only a part of one.
    pub fn has_whole_name_in(&self, text: &str) -> bool {
        let found = words(text);
        (0..found.len()).any(|at| {
            if found[at].dense {
                return self.dense_in(text, found[at], 3).next().is_some();
            }
            self.whole_at(text, &found[at..]).is_some()
        })
    }

    fn learn(&mut self, name: &str) {
        let seen: String = name.chars().map(|c| if c == '_' { ' ' } else { c }).collect();
        let main = seen.split(['(', '|', '[', '/']).next().unwrap_or_default();
        let main = main.split(" - ").next().unwrap_or_default();
        let (mut person, turned) = match main.split_once(',') {
            // “One, Pat”, but not “Pat One, Harbour Union”.
            Some((last, first)) if words(last).len() < 2 => (words_of(first), words_of(last)),
            Some((person, _)) => (words_of(person), Vec::new()),
            None => (words_of(main), Vec::new()),
        };
        person.extend(turned);
        self.learn_whole(&words_of(&seen));
        self.learn_whole(&person);
        let back: Vec<&str> = person.iter().rev().copied().collect();
        self.learn_whole(&back);
        if let ([first, .., last], true) = (&person[..], person.len() > 2) {
            self.learn_whole(&[*first, *last]);
            self.learn_whole(&[*last, *first]);
        }
        for word in &person {
            self.learn_part(word);
        }
        self.learn_dense(&seen);
    }

    fn learn_whole(&mut self, name: &[&str]) {
        if !(2..=MOST_WORDS).contains(&name.len()) {
            return;
        }
        let keys: Vec<String> = name.iter().map(|word| key(word)).collect();
        // “Ms One” is told by its part, and “the Secretariat” by nothing.
        if keys.iter().all(|key| TELLS_NOBODY.contains(&key.as_str()) || key.chars().count() < 2) {
            return;
        }
        self.joined.insert(name.iter().map(|word| fold(word)).collect());
        self.most_words = self.most_words.max(keys.len());
        self.begins.insert(keys[0].clone());
        self.whole.insert(keys.join(" "));
    }

    fn learn_part(&mut self, word: &str) {
        let folded = fold(word);
        let letters = folded.chars().count();
        let first = word.chars().next();
        let known = TELLS_NOBODY.contains(&folded.as_str());
        if letters < 2 || known || !folded.chars().any(char::is_alphabetic) {
            return;
        }
        if folded.chars().any(char::is_numeric) && letters < 4 {
            return;
        }
        let spelled = self.parts.entry(key(word)).or_default();
        if letters == 2 {
            spelled.exact.push(word.into());
            return;
        }
        spelled.capital = true;
        let small = first.is_some_and(char::is_lowercase) && letters > 3;
        spelled.small |= small && !ALSO_WORDS.contains(&folded.as_str());
    }

    fn learn_dense(&mut self, name: &str) {
        let runs: Vec<Vec<char>> = words(name)
            .into_iter()
            .filter(|word| word.dense)
            .map(|word| letters(name, word).into_iter().map(|(c, ..)| c).collect())
            .collect();
        if runs.len() > 1 {
            self.put_dense(runs.concat(), 2);
        }
        for run in runs {
            let han = run.iter().all(|c| is_sinic(*c));
            // A given name follows the surname, which has one character, or two of four.
            if han && (3..=4).contains(&run.len()) {
                self.put_dense(run[run.len() - 2..].to_vec(), 2);
            }
            let bare = THAI_TITLES.iter().find_map(|title| {
                let title: Vec<char> = title.chars().collect();
                run.strip_prefix(&title[..]).map(<[char]>::to_vec)
            });
            if let Some(bare) = bare {
                self.put_dense(bare, 3);
            }
            self.put_dense(run, if han { 2 } else { 3 });
        }
    }

    fn put_dense(&mut self, run: Vec<char>, least: usize) {
        let titled = THAI_TITLES.iter().any(|title| title.chars().eq(run.iter().copied()));
        if let (Some(first), true) = (run.first(), run.len() >= least && !titled) {
            self.dense.entry(*first).or_default().push(run);
        }
    }

    /// The places of names, in order and apart; `first` when one is enough.
    fn found_in(&self, text: &str, first: bool) -> Vec<Found> {
        let found = words(text);
        let (mut places, mut at) = (Vec::<Found>::new(), 0);
        while at < found.len() {
            let word = found[at];
            if word.dense {
                places.extend(self.dense_in(text, word, 2).map(|place| Found {
                    whole: text[place.clone()].chars().count() > 2,
                    place: mentioned(text, place),
                }));
                at += 1;
            } else if let Some((name, many)) = self.name_at(text, &found, at) {
                put(&mut places, text, name);
                at += many;
            } else {
                at += 1;
            }
            if first && !places.is_empty() {
                break;
            }
        }
        joined(text, places)
    }

    /// The name that begins with this word, and how many words it has.
    fn name_at(&self, text: &str, found: &[Word], at: usize) -> Option<(Found, usize)> {
        let word = found[at];
        let place = mentioned(text, word.start..word.end);
        if let Some(place) = self.in_address(text, word) {
            let inside = |word: &&Word| word.start < place.end;
            let many = found[at..].iter().take_while(inside).count();
            return Some((Found { place, whole: true }, many));
        }
        if let Some((start, many)) = self.whole_at(text, &found[at..]) {
            let end = closed(text, start, found[at + many - 1].end);
            return Some((Found { place: mentioned(text, start..end), whole: true }, many));
        }
        let at_sign = place.start < word.start;
        let mention = |many: usize| -> bool {
            let Some(last) = found.get(at + many - 1) else { return false };
            let together = text[word.start..last.end].chars().all(|c| !c.is_whitespace());
            let folded: String =
                found[at..at + many].iter().map(|word| fold(&text[word.start..word.end])).collect();
            together
                && (self.joined.contains(&folded)
                    || many == 1 && self.parts.contains_key(&key(&folded)))
        };
        if at_sign && let Some(many) = (1..=4).rev().find(|many| mention(*many)) {
            let place = place.start..found[at + many - 1].end;
            return Some((Found { place, whole: true }, many));
        }
        let start = self.part_at(text, word)?;
        let place = start.min(place.start.max(start))..word.end;
        Some((Found { place, whole: false }, 1))
    }

    /// Where a name of several words begins that the text begins with here, and how many words it has.
    fn whole_at(&self, text: &str, found: &[Word]) -> Option<(usize, usize)> {
        let first = found.first()?;
        let written = &text[first.start..first.end];
        let clinging =
            written.chars().next().filter(|c| is_arabic(*c)).and(without_clinging(written));
        let mut starts = vec![(first.start, key(written))];
        starts.extend(clinging.map(|rest| (first.end - rest.len(), key(rest))));
        for (start, begin) in starts {
            if !self.begins.contains(&begin) {
                continue;
            }
            let mut keys = begin;
            let (mut most, mut last) = (None, first.end);
            for (many, word) in (2..=self.most_words).zip(&found[1..]) {
                let between = &text[last..word.start];
                let torn = between.len() > MOST_BETWEEN || between.contains([';', '!', '?']);
                if torn || word.dense {
                    break;
                }
                keys.push(' ');
                keys.push_str(&key(&text[word.start..word.end]));
                last = word.end;
                if self.whole.contains(&keys) && is_written_as_name(&text[start..last]) {
                    most = Some(many);
                }
            }
            if let Some(many) = most {
                return Some((start, many));
            }
        }
        None
    }

    /// Where the part of a name begins that this word is.
    fn part_at(&self, text: &str, word: Word) -> Option<usize> {
        let written = &text[word.start..word.end];
        if let Some(spelled) = self.parts.get(&key(written)) {
            let first = written.chars().find(|c| !is_dropped(*c))?;
            let fits = spelled.capital && !first.is_lowercase()
                || spelled.small
                || spelled.exact.iter().any(|exact| {
                    let capital = !first.is_lowercase() && !TWO_LETTERS.contains(&written);
                    **exact == *written && capital
                });
            return fits.then_some(word.start);
        }
        written.chars().next().filter(|c| is_arabic(*c))?;
        let rest = without_clinging(written)?;
        self.parts.contains_key(&key(rest)).then_some(word.end - rest.len())
    }

    /// The address that this word stands in, when what stands before its `@` has a part of a name.
    fn in_address(&self, text: &str, word: Word) -> Option<Range<usize>> {
        let of_local = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
        let rest = text[word.start..].find(|c| !of_local(c))?;
        let at = word.start + rest;
        let host = text[at..].strip_prefix('@')?;
        let length = host.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-')));
        let host = host[..length.unwrap_or(host.len())].trim_end_matches(['.', '-']);
        let local = &text[word.start..at];
        let told = words(local).iter().any(|part| {
            let part = fold(&local[part.start..part.end]);
            self.joined.contains(&part) || part.len() > 1 && self.parts.contains_key(&key(&part))
        });
        (told && host.contains('.')).then(|| word.start..at + 1 + host.len())
    }

    /// The names within a word of a script without spaces, of at least so many letters.
    fn dense_in(&self, text: &str, word: Word, least: usize) -> impl Iterator<Item = Range<usize>> {
        let found = if self.dense.is_empty() { Vec::new() } else { letters(text, word) };
        let mut at = 0;
        std::iter::from_fn(move || {
            while at < found.len() {
                let rest = &found[at..];
                let fits = |pattern: &&Vec<char>| {
                    pattern.len() >= least
                        && pattern.len() <= rest.len()
                        && pattern.iter().zip(rest).all(|(one, other)| *one == other.0)
                };
                let longest = self.dense.get(&rest[0].0).and_then(|all| all.iter().find(fits));
                if let Some(pattern) = longest {
                    let place = rest[0].1..rest[pattern.len() - 1].2;
                    at += pattern.len();
                    return Some(place);
                }
                at += 1;
            }
            None
        })
    }
}

/// The words of a name, of scripts with spaces.
fn words_of(name: &str) -> Vec<&str> {
    let spaced = words(name).into_iter().filter(|word| !word.dense);
    spaced.map(|word| &name[word.start..word.end]).collect()
}

/// Chinese characters and Korean syllables, of which names have few.
fn is_sinic(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '\u{ac00}'..='\u{d7a3}')
}

/// Whether words that make a name are meant as one: they have a capital, or one of them is no other word.
fn is_written_as_name(text: &str) -> bool {
    text.chars().any(char::is_uppercase)
        || words(text).iter().any(|word| {
            let folded = fold(&text[word.start..word.end]);
            !ALSO_WORDS.contains(&folded.as_str()) && !TELLS_NOBODY.contains(&folded.as_str())
        })
}

/// With the `@` before it.
fn mentioned(text: &str, place: Range<usize>) -> Range<usize> {
    let before = text[..place.start].strip_suffix(['@', '＠']);
    let mention = before.filter(|before| !before.ends_with(char::is_alphanumeric));
    mention.map_or(place.start, str::len)..place.end
}

/// With the bracket that closes what the name opened.
fn closed(text: &str, start: usize, end: usize) -> usize {
    let opens = text[start..end].matches('(').count() > text[start..end].matches(')').count();
    end + usize::from(opens && text[end..].starts_with(')'))
}

/// Adds a place with the initials before it.
fn put(places: &mut Vec<Found>, text: &str, name: Found) {
    let mut start = name.place.start;
    let floor = places.last().map_or(0, |last| last.place.end);
    while let Some(before) = text[floor..start].trim_end_matches(' ').strip_suffix('.') {
        let Some(initial) = before.chars().next_back().filter(|c| c.is_uppercase()) else { break };
        let rest = &before[..before.len() - initial.len_utf8()];
        if rest.ends_with(char::is_alphanumeric) {
            break;
        }
        start = floor + rest.len();
    }
    places.push(Found { place: start..name.place.end, whole: name.whole });
}

/// Places with nothing but a space or a hyphen between are one.
fn joined(text: &str, places: Vec<Found>) -> Vec<Found> {
    let mut apart: Vec<Found> = Vec::with_capacity(places.len());
    for found in places {
        match apart.last_mut() {
            Some(last) if touches(text, &last.place, &found.place) => {
                last.place.end = last.place.end.max(found.place.end);
                last.whole |= found.whole;
            }
            _ => apart.push(found),
        }
    }
    apart
}

fn touches(text: &str, before: &Range<usize>, place: &Range<usize>) -> bool {
    // Two mentions are two people.
    before.end >= place.start
        || !text[place.start..].starts_with(['@', '＠'])
            && matches!(&text[before.end..place.start], " " | "-" | "'" | "’" | "\u{a0}")
}
