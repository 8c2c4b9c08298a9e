//! What somebody looks for: words that must all be there, `"a phrase"` word after word, `-word` or `-"a phrase"` for what must
//! not be. Written for FTS5 and for `tsquery`, and checked here exactly, because PostgreSQL is given words without positions and
//! can only narrow a phrase down. Whatever is typed gives a query that both databases can read, or a sentence that says what to
//! type. Must never know where the words are stored.

use unicode_segmentation::UnicodeSegmentation;

use super::{fold, is_of_word, is_unspaced, may_stand_in_word, words};

/// Most words of a search; a stretch of a script without spaces counts as one.
pub const MOST_WORDS: usize = 12;
/// Longest search, in characters.
pub const LONGEST_QUERY: usize = 200;
/// From how many letters on a word also finds longer ones.
const LETTERS_OF_PREFIX: usize = 3;

/// A search that names at least one thing that must be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query(Vec<Term>);

/// Words that stand one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    words: Vec<String>,
    /// Whether the last word may be only the beginning of one.
    prefix: bool,
    excluded: bool,
}

impl Query {
    /// Reads what was typed. A plain word of three letters or more also finds the words that begin with it; a quoted or excluded
    /// one means itself. What is typed without a space (`non-refoulement`, `32.3`, Thai, Chinese) stands together, as a phrase
    /// does, but an apostrophe, a stroke or a bracket divides as a space does. A quotation mark that is not closed reaches to the
    /// end.
    ///
    /// # Errors
    /// A sentence for the person who typed: nothing to look for, only exclusions, or too much.
    pub fn parse(text: &str) -> Result<Self, String> {
        let length = text.chars().count();
        if length > LONGEST_QUERY {
            return Err(format!(
                "A search has at most {LONGEST_QUERY} characters; this one has {length}. Shorten it."
            ));
        }
        let visible: String = text.chars().filter(|&c| !fold::is_dropped(c)).collect();
        let mut terms = Vec::new();
        let mut rest = visible.trim_start();
        while !rest.is_empty() {
            rest = take(rest, &mut terms).trim_start();
        }
        Self(terms).checked()
    }

    fn checked(self) -> Result<Self, String> {
        let count: usize = self.0.iter().map(Term::count).sum();
        if self.0.is_empty() {
            Err("There is no word to look for; type at least one word or number.".to_owned())
        } else if self.0.iter().all(|term| term.excluded) {
            Err("A search cannot consist of exclusions alone; type at least one word without a minus sign before it.".to_owned())
        } else if count > MOST_WORDS {
            Err(format!(
                "A search has at most {MOST_WORDS} words; this one has {count}. Leave out some."
            ))
        } else {
            Ok(self)
        }
    }

    /// The search for `MATCH` of an FTS5 table that holds [`words`] with spaces between; finds exactly what [`Query::holds`] says.
    #[must_use]
    pub fn to_fts5(&self) -> String {
        let needed: Vec<String> = self.needed().map(Term::to_fts5).collect();
        let excluded: Vec<String> = self.excluded().map(Term::to_fts5).collect();
        let needed = needed.join(" AND ");
        if excluded.is_empty() {
            needed
        } else {
            format!("({needed}) NOT ({})", excluded.join(" OR "))
        }
    }

    /// The search as text for `::tsquery`, against `array_to_tsvector` of [`words`]. Finds all that [`Query::holds`] says, and
    /// more when [`Query::needs_check`].
    #[must_use]
    pub fn to_tsquery(&self) -> String {
        let needed = self.needed().flat_map(Term::to_lexemes);
        // Without positions a phrase cannot be excluded: texts would go that hold its words apart.
        let excluded = self.excluded().filter(|term| term.words.len() == 1);
        let excluded = excluded.flat_map(Term::to_lexemes).map(|lexeme| format!("!{lexeme}"));
        needed.chain(excluded).collect::<Vec<_>>().join(" & ")
    }

    /// Whether what [`Query::to_tsquery`] finds has still to be checked with [`Query::holds`], because words must stand together.
    #[must_use]
    pub fn needs_check(&self) -> bool {
        self.0.iter().any(|term| term.words.len() > 1)
    }

    /// Whether the search finds this text: the exact meaning.
    #[must_use]
    pub fn holds(&self, text: &str) -> bool {
        let words = words(text);
        self.0.iter().all(|term| term.is_in(&words) != term.excluded)
    }

    fn needed(&self) -> impl Iterator<Item = &Term> {
        self.0.iter().filter(|term| !term.excluded)
    }

    fn excluded(&self) -> impl Iterator<Item = &Term> {
        self.0.iter().filter(|term| term.excluded)
    }
}

impl Term {
    fn exact(text: &str, excluded: bool) -> Option<Self> {
        let words = words(text);
        if words.is_empty() { None } else { Some(Self { words, prefix: false, excluded }) }
    }

    fn plain(text: &str) -> Option<Self> {
        let exact = Self::exact(text, false)?;
        let prefix = exact.words.last().is_some_and(|word| begins_others(word));
        Some(Self { prefix, ..exact })
    }

    fn count(&self) -> usize {
        let unspaced = self.words.iter().filter(|word| is_unspaced(word)).count();
        self.words.len() - unspaced + unspaced.min(1)
    }

    fn to_fts5(&self) -> String {
        let words = self.words.join(" ").replace('"', "\"\"");
        format!("\"{words}\"{}", if self.prefix { "*" } else { "" })
    }

    fn to_lexemes(&self) -> Vec<String> {
        let last = self.words.len() - 1;
        let lexeme = |(index, word): (usize, &String)| {
            let word = word.replace('\\', "\\\\").replace('\'', "''");
            format!("'{word}'{}", if self.prefix && index == last { ":*" } else { "" })
        };
        self.words.iter().enumerate().map(lexeme).collect()
    }

    fn is_in(&self, words: &[String]) -> bool {
        let Some((last, before)) = self.words.split_last() else { return false };
        words.windows(self.words.len()).any(|window| {
            let (found, beside) = (&window[before.len()], &window[..before.len()]);
            beside == before && (found == last || (self.prefix && found.starts_with(last.as_str())))
        })
    }
}

/// Takes one phrase or one stretch without spaces and returns what comes after.
fn take<'text>(text: &'text str, terms: &mut Vec<Term>) -> &'text str {
    let (excluded, text) = exclusion(text);
    if let Some(quoted) = text.strip_prefix(is_quotation_mark) {
        let (phrase, rest) = quoted.split_once(is_quotation_mark).unwrap_or((quoted, ""));
        terms.extend(Term::exact(phrase, excluded));
        return rest;
    }
    let end = text.find(|c: char| c.is_whitespace() || is_quotation_mark(c)).unwrap_or(text.len());
    let (typed, rest) = text.split_at(end);
    for part in typed.split(|c| !may_stand_in_word(c) && !joins(c)) {
        terms.extend(if excluded { Term::exact(part, true) } else { Term::plain(part) });
    }
    rest
}

/// A minus sign excludes when something stands right after it; otherwise it is a dash.
fn exclusion(text: &str) -> (bool, &str) {
    match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) if rest.starts_with(|c| is_of_word(c) || is_quotation_mark(c)) => (true, rest),
        Some(rest) => (false, rest),
        None => (false, text),
    }
}

fn is_quotation_mark(c: char) -> bool {
    matches!(c, '"' | '«' | '»' | '\u{201c}'..='\u{201f}' | '\u{300c}'..='\u{300f}' | '\u{301d}'..='\u{301f}' | '\u{ff02}')
}

/// Signs that hold together what stands on both sides: hyphens, points and commas in numbers and names, middle dots.
fn joins(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}' | '.' | ',' | ':' | '_' | '\u{b7}' | '\u{30fb}')
}

/// Whether a plain word also finds longer ones: words of letters when they are long enough to mean something (two syllables in
/// Hangul, where particles follow), a single grapheme of a script without spaces because it is stored in pairs.
fn begins_others(word: &str) -> bool {
    if is_unspaced(word) {
        return word.graphemes(true).count() == 1;
    }
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let is_hangul = word.starts_with(|c| matches!(c, '\u{ac00}'..='\u{d7a3}'));
    let enough = if is_hangul { LETTERS_OF_PREFIX - 1 } else { LETTERS_OF_PREFIX };
    letters >= enough && !word.ends_with(char::is_numeric)
}
