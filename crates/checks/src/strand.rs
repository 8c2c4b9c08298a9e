//! A paragraph as its readers see it: without markup, its footnotes apart, each letter with its place in the source, divided into
//! sentences and words. It reads any source, whether or not it could be kept. It must never know what is looked for.

use std::ops::Range;

use rapporteur_document::sentences;
pub(crate) use rapporteur_document::sentences::PRINTED;

/// What the addresses of cross-references begin with.
const HERE: &str = "#";

/// A run of text and where its letters come from.
#[derive(Debug, Default)]
pub(crate) struct Strand {
    pub text: String,
    /// For each byte of the text the character of the source that it comes from.
    origins: Vec<u32>,
    pub words: Vec<Word>,
    pub sentences: Vec<Sentence>,
    /// Whether it is the text of a footnote.
    pub is_note: bool,
}

/// A word: letters and digits, with the apostrophes inside it.
#[derive(Debug)]
pub(crate) struct Word {
    pub start: usize,
    pub end: usize,
    /// In small letters.
    pub small: Box<str>,
}

/// A sentence, or a line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sentence {
    /// Bytes of the text.
    pub place: Range<usize>,
    /// Its words.
    pub words: Range<usize>,
}

/// A footnote.
#[derive(Debug)]
pub(crate) struct Note {
    /// Where its indicator stands in the text.
    pub at: usize,
    /// All of it in the source, in characters.
    pub source: Range<usize>,
    pub strand: Strand,
    /// Whether it has a title in italics.
    pub emphasized: bool,
    /// The addresses of its links.
    pub links: Vec<Link>,
}

/// A link with the words that stand for it.
#[derive(Debug)]
pub(crate) struct Link {
    pub words: Range<usize>,
    pub address: String,
    /// All of it in the source, in characters.
    pub source: Range<usize>,
}

/// A reference to a paragraph or section of the same document.
#[derive(Debug)]
pub(crate) struct Crossing {
    pub to: String,
    /// All of it in the source, in characters.
    pub source: Range<usize>,
}

/// A paragraph that was read.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub body: Strand,
    pub notes: Vec<Note>,
    pub links: Vec<Link>,
    pub crossings: Vec<Crossing>,
    /// Stretches that say which language they are in, in bytes of the text.
    pub languages: Vec<Range<usize>>,
    /// The items of each list, in bytes of the text.
    pub lists: Vec<Vec<Range<usize>>>,
}

impl Reading {
    /// Reads a source.
    pub(crate) fn of(source: &str) -> Self {
        let letters: Vec<(u32, char)> =
            source.chars().enumerate().map(|(at, c)| (at as u32, c)).collect();
        let mut reader = Reader::default();
        for line in lines(&letters) {
            reader.line(line);
        }
        let Reader { mut reading, .. } = reader;
        reading.body.divide();
        reading
    }

    /// A line without markup, such as a heading.
    pub(crate) fn plain(text: &str) -> Self {
        let mut reading = Self::default();
        for (at, c) in text.chars().enumerate() {
            reading.body.push(at as u32, if c.is_control() { ' ' } else { c });
        }
        reading.body.divide();
        reading
    }

    /// The text and the texts of its notes.
    pub(crate) fn strands(&self) -> impl Iterator<Item = &Strand> {
        std::iter::once(&self.body).chain(self.notes.iter().map(|note| &note.strand))
    }
}

impl Strand {
    fn push(&mut self, origin: u32, c: char) {
        self.text.push(c);
        self.origins.resize(self.text.len(), origin);
    }

    /// Where bytes of the text stand in the source, in characters.
    pub(crate) fn source(&self, place: &Range<usize>) -> Range<usize> {
        let first = self.origins.get(place.start).or(self.origins.last()).copied();
        let last = place.end.checked_sub(1).and_then(|last| self.origins.get(last)).copied();
        let start = first.unwrap_or_default() as usize;
        start..last.map_or(start, |last| last as usize + 1).max(start)
    }

    /// The text of some words, with what stands between them.
    pub(crate) fn said(&self, words: &Range<usize>) -> &str {
        &self.text[self.place(words)]
    }

    /// The bytes of some words.
    pub(crate) fn place(&self, words: &Range<usize>) -> Range<usize> {
        match self.words.get(words.clone()) {
            Some([first, .., last]) => first.start..last.end,
            Some([only]) => only.start..only.end,
            _ => 0..0,
        }
    }

    pub(crate) fn small(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| &word.small)
    }

    pub(crate) fn written(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| &self.text[word.start..word.end])
    }

    /// What stands between a word and the one before it.
    pub(crate) fn before(&self, at: usize) -> &str {
        let from = at.checked_sub(1).map_or(0, |before| self.words[before].end);
        self.words.get(at).map_or("", |word| &self.text[from..word.start])
    }

    /// Whether nothing but a space or a hyphen stands between a word and the one before it.
    pub(crate) fn follows(&self, at: usize) -> bool {
        at > 0 && at < self.words.len() && matches!(self.before(at), " " | "-" | "\u{a0}" | "‑")
    }

    /// The first word that ends behind this byte.
    pub(crate) fn word_at(&self, byte: usize) -> usize {
        self.words.partition_point(|word| word.end <= byte)
    }

    /// The words that stand within these bytes.
    pub(crate) fn words_in(&self, place: &Range<usize>) -> Range<usize> {
        let first = self.words.partition_point(|word| word.start < place.start);
        let last = self.words.partition_point(|word| word.end <= place.end);
        first..last.max(first)
    }

    /// The words of which something stands within these bytes.
    pub(crate) fn words_touching(&self, place: &Range<usize>) -> Range<usize> {
        let first = self.words.partition_point(|word| word.end <= place.start);
        let last = self.words.partition_point(|word| word.start < place.end);
        first..last.max(first)
    }

    /// The sentence that this byte stands in.
    pub(crate) fn sentence_at(&self, byte: usize) -> Option<&Sentence> {
        let at = self.sentences.partition_point(|sentence| sentence.place.end <= byte);
        self.sentences.get(at)
    }

    /// Whether a word begins its sentence.
    pub(crate) fn begins_sentence(&self, word: usize) -> bool {
        let start = self.words.get(word).map_or(0, |word| word.start);
        self.sentence_at(start).is_some_and(|sentence| sentence.words.start == word)
    }

    pub(crate) fn has_capital(&self, word: usize) -> bool {
        self.written(word).starts_with(char::is_uppercase)
    }

    fn divide(&mut self) {
        let (mut start, mut words) = (None, Vec::new());
        let mut ends = 0;
        for (at, c) in self.text.char_indices() {
            let inner = matches!(c, '\'' | '’') && start.is_some();
            if is_of_word(c) || inner {
                start.get_or_insert(at);
                ends = if inner { ends } else { at + c.len_utf8() };
            } else if let Some(from) = start.take() {
                words.push(from..ends);
            }
        }
        words.extend(start.map(|from| from..ends));
        let small =
            |place: &Range<usize>| self.text[place.clone()].to_lowercase().replace('’', "'");
        self.words = words
            .iter()
            .map(|place| Word { start: place.start, end: place.end, small: small(place).into() })
            .collect();
        self.sentences = self.divided();
    }

    fn divided(&self) -> Vec<Sentence> {
        let sentences = sentences::of(&self.text).into_iter();
        let worded = sentences.map(|place| Sentence { words: self.words_in(&place), place });
        worded.filter(|one| !one.words.is_empty()).collect()
    }
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || is_mark(c)
}

/// Marks that stand upon letters, and joiners inside words.
fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6ed}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}'
        | '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' | '\u{eb1}' | '\u{eb4}'..='\u{ebc}'
        | '\u{ec8}'..='\u{ece}' | '\u{102b}'..='\u{103e}' | '\u{17b4}'..='\u{17d3}' | '\u{200b}'..='\u{200d}')
}

type Letters<'l> = &'l [(u32, char)];

fn lines(letters: Letters<'_>) -> impl Iterator<Item = Letters<'_>> {
    letters.split(|(_, c)| matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}'))
}

/// Reads line after line.
#[derive(Default)]
struct Reader {
    reading: Reading,
    in_list: bool,
    after_blank: bool,
}

impl Reader {
    fn line(&mut self, line: Letters<'_>) {
        let blank = line.iter().take_while(|(_, c)| c.is_whitespace()).count();
        let line = &line[blank..];
        let Some((first, _)) = line.first() else {
            self.after_blank = true;
            return;
        };
        let marks = if self.reading.body.text.is_empty() { 0 } else { item_mark(line) };
        let begins = marks > 0 || self.in_list && self.after_blank;
        if !self.reading.body.text.is_empty() {
            self.reading.body.push(*first, if begins { '\n' } else { ' ' });
        }
        if marks > 0 && !self.in_list {
            self.reading.lists.push(Vec::new());
        }
        let start = self.reading.body.text.len();
        self.in_list = marks > 0 || self.in_list && !self.after_blank;
        self.after_blank = false;
        self.inlines(&line[marks..]);
        let end = self.reading.body.text.trim_end().len();
        let Some(items) = self.reading.lists.last_mut().filter(|_| self.in_list) else { return };
        match items.last_mut() {
            Some(item) if marks == 0 => item.end = end.max(item.end),
            _ => items.push(start..end.max(start)),
        }
    }

    /// What stands in a line, or inside a link of it.
    fn inlines(&mut self, run: Letters<'_>) {
        let mut at = 0;
        while at < run.len() {
            at += self.inline(run, at);
        }
    }

    /// Reads what begins here, and says how many characters it has.
    fn inline(&mut self, run: Letters<'_>, at: usize) -> usize {
        let (origin, c) = run[at];
        let next = run.get(at + 1).map(|(_, c)| *c);
        match (c, next) {
            ('\\', Some(escaped)) if escaped.is_ascii_punctuation() => {
                self.reading.body.push(run[at + 1].0, escaped);
                2
            }
            ('\\', None) | ('*', _) => 1,
            ('^', Some('[')) => match closing(&run[at + 2..]) {
                Some(length) => {
                    self.note(&run[at..at + length + 3]);
                    length + 3
                }
                None => self.push(origin, c),
            },
            ('[', _) => match closing(&run[at + 1..]) {
                Some(length) => self.bracket(run, at, length),
                None => self.push(origin, c),
            },
            (c, _) if c.is_control() => self.push(origin, ' '),
            _ => self.push(origin, c),
        }
    }

    fn push(&mut self, origin: u32, c: char) -> usize {
        self.reading.body.push(origin, c);
        1
    }

    /// `^[…]`.
    fn note(&mut self, whole: Letters<'_>) {
        let inside = &whole[2..whole.len() - 1];
        let mut reader = Reader::default();
        reader.inlines(inside);
        let mut strand = reader.reading.body;
        strand.is_note = true;
        strand.divide();
        self.reading.notes.push(Note {
            at: self.reading.body.text.len(),
            source: source_of(whole),
            strand,
            emphasized: inside.iter().any(|(_, c)| *c == '*'),
            links: reader.reading.links,
        });
        self.reading.crossings.extend(reader.reading.crossings);
    }

    /// `[words](address)`, `[](#key)`, `[mots]{lang=fr}`, or brackets.
    fn bracket(&mut self, run: Letters<'_>, at: usize, length: usize) -> usize {
        let inside = &run[at + 1..at + 1 + length];
        let rest = &run[at + length + 2..];
        let opened = rest.first().map(|(_, c)| *c);
        let until = |closes: char| rest.iter().position(|(_, c)| *c == closes);
        let start = self.reading.body.text.len();
        match (opened, until(')'), until('}')) {
            (Some('('), Some(end), _) => {
                let address: String =
                    rest[1..end].iter().map(|(_, c)| *c).filter(|c| *c != '\\').collect();
                let source = source_of(&run[at..=at + length + 2 + end]);
                match address.strip_prefix(HERE) {
                    Some(to) => {
                        self.reading.crossings.push(Crossing { to: to.to_owned(), source });
                        self.reading.body.push(run[at].0, PRINTED);
                    }
                    None => {
                        self.inlines(inside);
                        let words = start..self.reading.body.text.len();
                        self.reading.links.push(Link { words, address, source });
                    }
                }
                length + 2 + end + 1
            }
            (Some('{'), _, Some(end)) => {
                self.inlines(inside);
                self.reading.languages.push(start..self.reading.body.text.len());
                length + 2 + end + 1
            }
            _ => self.push(run[at].0, '['),
        }
    }
}

fn source_of(letters: Letters<'_>) -> Range<usize> {
    let first = letters.first().map_or(0, |(at, _)| *at as usize);
    first..letters.last().map_or(first, |(at, _)| *at as usize + 1)
}

/// How many characters stand before the bracket that closes one already opened.
fn closing(run: Letters<'_>) -> Option<usize> {
    let (mut open, mut escaped) = (1, false);
    for (index, (_, c)) in run.iter().enumerate() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => open += 1,
            ']' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Some(index);
        }
    }
    None
}

/// How many characters mark a line as an item of a list: `- `, `(a) `, `4. `.
fn item_mark(line: Letters<'_>) -> usize {
    let mark: String = line.iter().map(|(_, c)| *c).take_while(|c| *c != ' ').take(6).collect();
    let letters = mark.strip_prefix('(').and_then(|mark| mark.strip_suffix(')'));
    let digits = mark.strip_suffix('.');
    let is_mark = matches!(mark.as_str(), "-" | "*" | "•")
        || letters.is_some_and(|one| {
            matches!(one.len(), 1..=2) && one.bytes().all(|byte| byte.is_ascii_lowercase())
        })
        || digits.is_some_and(|one| {
            matches!(one.len(), 1..=3) && one.bytes().all(|byte| byte.is_ascii_digit())
        });
    let count = mark.chars().count();
    let spaces = line.iter().skip(count).take_while(|(_, c)| *c == ' ').count();
    if is_mark && spaces > 0 { count + spaces } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_out_of_sight_and_places_are_kept() {
        let source = "See **bold** [words](https://x.org) and [](#p1).^[A *note*.]\n- one;\n- two.";
        let reading = Reading::of(source);
        assert_eq!(reading.body.text, "See bold words and \u{fffc}.\none;\ntwo.");
        assert_eq!(reading.notes[0].strand.text, "A note.");
        assert!(reading.notes[0].emphasized);
        assert_eq!(reading.crossings[0].to, "p1");
        assert_eq!(reading.links[0].address, "https://x.org");
        assert_eq!(reading.lists[0].len(), 2);
        let at = reading.body.text.find("words").unwrap();
        let place = reading.body.source(&(at..at + 5));
        assert_eq!(source.chars().skip(place.start).take(5).collect::<String>(), "words");
        assert_eq!(place.len(), 5);
    }

    #[test]
    fn sentences_end_where_they_do() {
        let text = "Mr. Invented spoke. J. Sample did (e.g. today). Was it so? Yes";
        let reading = Reading::of(text);
        let found: Vec<&str> = reading
            .body
            .sentences
            .iter()
            .map(|one| reading.body.text[one.place.clone()].trim())
            .collect();
        assert_eq!(
            found,
            ["Mr. Invented spoke.", "J. Sample did (e.g. today).", "Was it so?", "Yes"]
        );
    }
}
