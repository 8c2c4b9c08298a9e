//! Reads what stands inside a line. Notes are taken out by matching brackets and leave a noncharacter in their place (which no
//! cleaned text can hold); marks that are not part of the grammar are escaped; the rest is pulldown-cmark's. Must never see more
//! than one line, so that no block syntax of Markdown can arise.

use super::super::{Href, Id, Inline, LanguageTag, Note, NoteRef, Text};
use super::{InlineError, Refusal, Run, plain_text};
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag};
use std::ops::Range;

/// Stands for a note, between two carets, which count as punctuation beside emphasis as `^[` and `]` would.
const NOTE: char = '\u{fdd0}';
/// Begins the line given to pulldown-cmark, so that it cannot begin a block.
const START: char = '\u{fdd1}';
/// Begins the address of what is not a link but a language span.
const LANGUAGE: char = '\u{fdd2}';
/// Stands for a line break, between two spaces.
const BREAK: char = '\u{fdd3}';

/// Emphasis in emphasis is rarely meant; the limit keeps every renderer's recursion small.
const DEEPEST: usize = 8;

/// Reads a run. Without `notes` it is itself a note and can hold none.
pub(super) fn inlines(
    run: &[(usize, char)],
    notes: Option<&mut Vec<Note>>,
) -> Result<Vec<Inline>, InlineError> {
    let prepared = Prepared::of(run, notes.is_none())?;
    let first_note = notes.as_ref().map_or(0, |notes| notes.len());
    let inlines = Reader::read(&prepared, first_note)?;
    if let Some(notes) = notes {
        for note in &prepared.notes {
            notes.push(Note::new(self::inlines(note, None)?));
        }
    }
    Ok(inlines)
}

/// A run as pulldown-cmark is to see it.
struct Prepared {
    markdown: String,
    /// For each byte of `markdown` the offset in the source of what it came from.
    origins: Vec<usize>,
    notes: Vec<Run>,
}

impl Prepared {
    fn of(run: &[(usize, char)], in_note: bool) -> Result<Self, InlineError> {
        let mut prepared = Self { markdown: String::new(), origins: Vec::new(), notes: Vec::new() };
        let start = run.first().map_or(0, |&(at, _)| at);
        prepared.push(start, START);
        prepared.push(start, ' ');
        let mut index = 0;
        while index < run.len() {
            index += prepared.take(run, index, in_note)?;
        }
        Ok(prepared)
    }

    /// Takes over what stands at `index` and returns how many characters that was.
    fn take(
        &mut self,
        run: &[(usize, char)],
        index: usize,
        in_note: bool,
    ) -> Result<usize, InlineError> {
        let (at, c) = run[index];
        let next = run.get(index + 1).map(|&(_, next)| next);
        match (c, next) {
            ('\\', Some('•')) => self.push_all(at, "•"),
            ('\\', Some(next)) if next.is_ascii_punctuation() => {
                self.push_all(at, &format!("\\{next}"));
            }
            ('^', Some('[')) if in_note => return Err(Refusal::NoteInNote.at(at)),
            ('^', Some('[')) => return self.take_note(run, index),
            ('!', Some('[')) => return Err(Refusal::Image.at(at)),
            (']', Some('{')) if let Some(tag) = language_mark(&run[index + 1..]) => {
                let language =
                    LanguageTag::parse(&tag).map_err(|error| Refusal::from(error).at(at))?;
                self.push_all(at, &format!("]({LANGUAGE}{language})"));
                return Ok(tag.chars().count() + "]{lang=}".len());
            }
            ('\n', _) => {
                self.push_space(at);
                self.push_all(at, &format!("{BREAK} "));
                return Ok(1);
            }
            (' ', _) => {
                self.push_space(at);
                return Ok(1);
            }
            ('\\' | '^' | '`' | '<' | '&' | '_' | '~', _) => {
                self.push_all(at, &format!("\\{c}"));
                return Ok(1);
            }
            _ => {
                self.push(at, c);
                return Ok(1);
            }
        }
        Ok(2)
    }

    fn take_note(&mut self, run: &[(usize, char)], index: usize) -> Result<usize, InlineError> {
        let at = run[index].0;
        let inside = &run[index + 2..];
        let length = matching_bracket(inside).ok_or_else(|| Refusal::UnclosedNote.at(at))?;
        if inside[..length].iter().all(|&(_, c)| c == ' ' || c == '\n') {
            return Err(Refusal::EmptyNote.at(at));
        }
        self.notes.push(trimmed(&inside[..length]));
        self.push_all(at, &format!("^{NOTE}^"));
        Ok(length + 3)
    }

    fn push(&mut self, at: usize, c: char) {
        self.markdown.push(c);
        self.origins.resize(self.markdown.len(), at);
    }

    fn push_all(&mut self, at: usize, text: &str) {
        text.chars().for_each(|c| self.push(at, c));
    }

    fn push_space(&mut self, at: usize) {
        if !self.markdown.ends_with(' ') {
            self.push(at, ' ');
        }
    }

    fn origin(&self, byte: usize) -> usize {
        self.origins.get(byte).or(self.origins.last()).copied().unwrap_or_default()
    }
}

/// How many characters stand before the bracket that closes one already opened.
fn matching_bracket(run: &[(usize, char)]) -> Option<usize> {
    let mut open = 1;
    let mut escaped = false;
    for (index, &(_, c)) in run.iter().enumerate() {
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

fn trimmed(run: &[(usize, char)]) -> Run {
    let is_text = |&(_, c): &(usize, char)| c != ' ' && c != '\n';
    let first = run.iter().position(is_text).unwrap_or_default();
    let last = run.iter().rposition(is_text).map_or(0, |last| last + 1);
    run[first..last].to_vec()
}

/// The tag in `{lang=…}`, if that is what `run` begins with.
fn language_mark(run: &[(usize, char)]) -> Option<String> {
    let start: String = run.iter().take("{lang=".len()).map(|&(_, c)| c).collect();
    let rest = run.get(start.chars().count()..).filter(|_| start == "{lang=")?;
    let end = rest.iter().take(64).position(|&(_, c)| c == '}')?;
    Some(rest[..end].iter().map(|&(_, c)| c).collect())
}

/// An emphasis or a link that is still open.
struct Open<'a> {
    tag: Tag<'a>,
    at: usize,
    inlines: Vec<Inline>,
}

/// Builds inlines from the events of pulldown-cmark.
struct Reader<'a> {
    prepared: &'a Prepared,
    open: Vec<Open<'a>>,
    done: Vec<Inline>,
    /// Text of which the end is not yet seen, and where it began.
    text: String,
    text_at: usize,
    next_note: usize,
}

impl<'a> Reader<'a> {
    fn read(prepared: &'a Prepared, first_note: usize) -> Result<Vec<Inline>, InlineError> {
        let mut reader = Self {
            prepared,
            open: Vec::new(),
            done: Vec::new(),
            text: String::new(),
            text_at: 0,
            next_note: first_note,
        };
        for (event, range) in
            Parser::new_ext(&prepared.markdown, Options::empty()).into_offset_iter()
        {
            reader.event(event, &range)?;
        }
        reader.flush()?;
        if reader.next_note != first_note + prepared.notes.len() {
            return Err(Refusal::Unsupported.at(prepared.origin(0)));
        }
        Ok(reader.done)
    }

    fn event(&mut self, event: Event<'a>, range: &Range<usize>) -> Result<(), InlineError> {
        let at = self.prepared.origin(range.start);
        match event {
            Event::Text(text) => {
                if self.text.is_empty() {
                    self.text_at = at;
                }
                self.text.push_str(&text);
            }
            Event::Start(Tag::Paragraph) => {}
            Event::Start(tag @ (Tag::Emphasis | Tag::Strong | Tag::Link { .. })) => {
                self.flush()?;
                if self.open.len() == DEEPEST {
                    return Err(Refusal::TooDeep.at(at));
                }
                self.open.push(Open { tag, at, inlines: Vec::new() });
            }
            Event::End(_) => {
                self.flush()?;
                if let Some(open) = self.open.pop() {
                    let at = open.at;
                    let inline = close(open).map_err(|refusal| refusal.at(at))?;
                    self.add(inline);
                }
            }
            _ => return Err(Refusal::Unsupported.at(at)),
        }
        Ok(())
    }

    fn add(&mut self, inline: Inline) {
        self.open.last_mut().map_or(&mut self.done, |open| &mut open.inlines).push(inline);
    }

    /// Turns the text so far into inlines, with the notes and line breaks in it.
    fn flush(&mut self) -> Result<(), InlineError> {
        let text = std::mem::take(&mut self.text);
        let mut rest = text
            .strip_prefix(START)
            .map_or(text.as_str(), |text| text.strip_prefix(' ').unwrap_or(text));
        while let Some(mark) = rest.find([NOTE, BREAK, LANGUAGE]) {
            let (before, after) = rest.split_at(mark);
            let border = if after.starts_with(NOTE) { '^' } else { ' ' };
            self.add_text(before.strip_suffix(border).unwrap_or(before))?;
            self.add_mark(after.starts_with(NOTE), after.starts_with(BREAK))?;
            let after = &after[NOTE.len_utf8()..];
            rest = after.strip_prefix(border).unwrap_or(after);
        }
        self.add_text(rest)
    }

    fn add_mark(&mut self, note: bool, line_break: bool) -> Result<(), InlineError> {
        if note {
            self.add(Inline::Note(NoteRef(self.next_note)));
            self.next_note += 1;
        } else if line_break {
            self.add(Inline::LineBreak);
        } else {
            return Err(Refusal::LanguageSpan.at(self.text_at));
        }
        Ok(())
    }

    fn add_text(&mut self, raw: &str) -> Result<(), InlineError> {
        let text = Text::new(raw);
        if text.as_str() != raw {
            return Err(Refusal::Invisible.at(self.text_at));
        }
        if !raw.is_empty() {
            self.add(Inline::Text(text));
        }
        Ok(())
    }
}

fn close(open: Open) -> Result<Inline, Refusal> {
    match open.tag {
        Tag::Emphasis => Ok(Inline::Emphasis(open.inlines)),
        Tag::Strong => Ok(Inline::Strong(open.inlines)),
        Tag::Link { dest_url, title, .. } => link(&dest_url, &title, open.inlines),
        _ => Err(Refusal::Unsupported),
    }
}

fn link(address: &CowStr, title: &CowStr, inlines: Vec<Inline>) -> Result<Inline, Refusal> {
    if !title.is_empty() {
        return Err(Refusal::LinkTitle);
    }
    if let Some(id) = address.strip_prefix('#') {
        return cross_reference(id, &inlines);
    }
    if plain_text(&inlines).trim().is_empty() {
        return Err(Refusal::EmptyLink);
    }
    if let Some(tag) = address.strip_prefix(LANGUAGE) {
        return Ok(Inline::Language { lang: LanguageTag::parse(tag)?, inlines });
    }
    if holds_note(&inlines) {
        return Err(Refusal::NoteInLink);
    }
    Ok(Inline::Link { href: Href::parse(address)?, inlines })
}

fn cross_reference(id: &str, inlines: &[Inline]) -> Result<Inline, Refusal> {
    let to = Id::new(id);
    let exact = to.as_str() == id && inlines.is_empty();
    if exact {
        Ok(Inline::CrossReference { to, text: String::new() })
    } else {
        Err(Refusal::CrossReference)
    }
}

fn holds_note(inlines: &[Inline]) -> bool {
    inlines.iter().any(|inline| matches!(inline, Inline::Note(_)) || holds_note(inline.children()))
}
