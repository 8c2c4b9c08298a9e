//! Runs of words, merged: what stands in both documents once, what stands in one of them marked. Emphasis, links and languages
//! belong to the words; a change of them is a change. Must never know what a run is part of.

use super::words::{self, Side, Step};
use crate::document::{Document, Href, Id, Inline, LanguageTag, Mark, Note, NoteRef, Text, wholly};

/// What words stand in.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Around<'a> {
    Emphasis,
    Strong,
    Link(&'a Href),
    Language(&'a LanguageTag),
}

/// What a run is made of.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Atom<'a> {
    Word(String),
    Break,
    Reference(&'a Id, &'a str),
    /// Notes side by side: how many, and the letters of those that a table letters.
    Notes(Vec<Option<String>>),
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Token<'a> {
    around: Vec<Around<'a>>,
    atom: Atom<'a>,
}

impl Token<'_> {
    fn is_thin(&self) -> bool {
        match &self.atom {
            Atom::Word(word) => words::is_thin(word),
            Atom::Break => true,
            Atom::Reference(..) | Atom::Notes(_) => false,
        }
    }
}

/// A run laid flat.
struct Flat<'a> {
    tokens: Vec<Token<'a>>,
    /// For each token, the notes that it places.
    notes: Vec<Vec<usize>>,
}

impl<'a> Flat<'a> {
    fn of(document: &'a Document, inlines: &'a [Inline]) -> Self {
        let mut laid: Vec<(Vec<Around<'a>>, Laid<'a>)> = Vec::new();
        lay(inlines, &mut Vec::new(), &mut laid);
        let mut flat = Self { tokens: Vec::new(), notes: Vec::new() };
        for (around, piece) in laid {
            match piece {
                Laid::Text(text) => words::split(&text).into_iter().for_each(|word| {
                    flat.add(around.clone(), Atom::Word(word.to_owned()), Vec::new());
                }),
                Laid::Break => flat.add(around, Atom::Break, Vec::new()),
                Laid::Reference(to, text) => {
                    flat.add(around, Atom::Reference(to, text), Vec::new());
                }
                Laid::Notes(notes) => {
                    let letter = |index: &usize| {
                        let note = document.notes.get(*index)?;
                        note.table.as_ref().map(|_| note.label())
                    };
                    let letters = notes.iter().map(letter).collect();
                    flat.add(around, Atom::Notes(letters), notes);
                }
            }
        }
        flat
    }

    fn add(&mut self, around: Vec<Around<'a>>, atom: Atom<'a>, notes: Vec<usize>) {
        self.tokens.push(Token { around, atom });
        self.notes.push(notes);
    }
}

/// A piece of a run on its way to be laid flat: texts in one style become one.
enum Laid<'a> {
    Text(String),
    Break,
    Reference(&'a Id, &'a str),
    Notes(Vec<usize>),
}

fn lay<'a>(
    inlines: &'a [Inline],
    around: &mut Vec<Around<'a>>,
    laid: &mut Vec<(Vec<Around<'a>>, Laid<'a>)>,
) {
    for inline in inlines {
        let wrap = match inline {
            Inline::Text(text) => {
                match laid.last_mut() {
                    Some((same, Laid::Text(before))) if same == around => {
                        before.push_str(text.as_str());
                    }
                    _ if text.as_str().is_empty() => {}
                    _ => laid.push((around.clone(), Laid::Text(text.to_string()))),
                }
                continue;
            }
            Inline::Note(NoteRef(index)) => {
                // Whatever they stand in: their indicators look alike.
                match laid.last_mut() {
                    Some((_, Laid::Notes(notes))) => notes.push(*index),
                    _ => laid.push((around.clone(), Laid::Notes(vec![*index]))),
                }
                continue;
            }
            Inline::LineBreak => {
                laid.push((around.clone(), Laid::Break));
                continue;
            }
            Inline::CrossReference { to, text } => {
                laid.push((around.clone(), Laid::Reference(to, text)));
                continue;
            }
            Inline::Emphasis(_) => Around::Emphasis,
            Inline::Strong(_) => Around::Strong,
            Inline::Link { href, .. } => Around::Link(href),
            Inline::Language { lang, .. } => Around::Language(lang),
            // Neither of the documents that are compared shows differences itself.
            Inline::Marked { .. } => continue,
        };
        around.push(wrap);
        lay(inline.children(), around, laid);
        around.pop();
    }
}

/// What is being merged, and the notes of what is merged already.
pub(super) struct Runs<'a> {
    pub(super) old: &'a Document,
    pub(super) new: &'a Document,
    pub(super) notes: Vec<Note>,
}

impl<'a> Runs<'a> {
    /// A run that stands in both: what of it differs is marked, and never all of it alike.
    pub(super) fn both(&mut self, old: &'a [Inline], new: &'a [Inline]) -> Vec<Inline> {
        let (before, after) = (Flat::of(self.old, old), Flat::of(self.new, new));
        if before.tokens == after.tokens && self.same_notes(&before.notes, &after.notes) {
            return self.carried(new, Side::Both, None);
        }
        let mut inlines = Vec::new();
        for (gone, step) in words::steps(&before.tokens, &after.tokens, Token::is_thin) {
            match step {
                Step::Same(from) => {
                    let kept = &after.notes[from..from + gone.len()];
                    let notes = self.pairs(&before.notes[gone.clone()], kept);
                    inlines.extend(nest(&before.tokens[gone], &notes, 0));
                }
                Step::Other(come) => {
                    let sides = [
                        (&before, gone, Side::Before, Mark::Deleted),
                        (&after, come, Side::After, Mark::Inserted),
                    ];
                    for (flat, place, side, mark) in sides {
                        if !place.is_empty() {
                            let notes = self.single(&flat.notes[place.clone()], side, mark);
                            let words = nest(&flat.tokens[place], &notes, 0);
                            inlines.push(Inline::Marked { mark, inlines: words });
                        }
                    }
                }
            }
        }
        if wholly(&inlines).is_some() {
            inlines.push(Inline::text(""));
        }
        inlines
    }

    /// A line that stands in one of the two.
    pub(super) fn one(&mut self, inlines: &'a [Inline], mark: Mark) -> Vec<Inline> {
        let side = if mark.is_before() { Side::Before } else { Side::After };
        let inlines = self.carried(inlines, side, Some(mark));
        vec![Inline::Marked { mark, inlines }]
    }

    /// A run as it stands in one of the two, with its notes.
    fn carried(&mut self, inlines: &'a [Inline], side: Side, mark: Option<Mark>) -> Vec<Inline> {
        let inside = |runs: &mut Self, inlines: &'a [Inline]| runs.carried(inlines, side, mark);
        let mut carried = Vec::with_capacity(inlines.len());
        for inline in inlines {
            carried.push(match inline {
                Inline::Note(NoteRef(index)) => self.note(*index, side, mark),
                Inline::Emphasis(inlines) => Inline::Emphasis(inside(self, inlines)),
                Inline::Strong(inlines) => Inline::Strong(inside(self, inlines)),
                Inline::Link { href, inlines } => {
                    Inline::Link { href: href.clone(), inlines: inside(self, inlines) }
                }
                Inline::Language { lang, inlines } => {
                    Inline::Language { lang: lang.clone(), inlines: inside(self, inlines) }
                }
                other => other.clone(),
            });
        }
        carried
    }

    fn note(&mut self, index: usize, side: Side, mark: Option<Mark>) -> Inline {
        let document = if side == Side::Before { self.old } else { self.new };
        let Some(note) = document.notes.get(index) else { return Inline::text("") };
        let inlines = match mark {
            Some(mark) => vec![Inline::Marked { mark, inlines: note.inlines.clone() }],
            None => note.inlines.clone(),
        };
        let table = note.table.clone();
        self.place(Note { number: note.number, table, inlines })
    }

    fn place(&mut self, note: Note) -> Inline {
        self.notes.push(note);
        Inline::Note(NoteRef(self.notes.len() - 1))
    }

    fn same_notes(&self, old: &[Vec<usize>], new: &[Vec<usize>]) -> bool {
        let text = |document: &'a Document, index: &usize| {
            document.notes.get(*index).map(|note| &note.inlines)
        };
        let (mut old, mut new) = (old.iter().flatten(), new.iter().flatten());
        old.by_ref()
            .zip(new.by_ref())
            .all(|(left, right)| text(self.old, left) == text(self.new, right))
    }

    fn pairs(&mut self, old: &[Vec<usize>], new: &[Vec<usize>]) -> Vec<Vec<Inline>> {
        let pair = |(before, after): (&Vec<usize>, &Vec<usize>)| {
            before.iter().zip(after).map(|(before, after)| self.pair(*before, *after)).collect()
        };
        old.iter().zip(new).map(pair).collect()
    }

    fn pair(&mut self, before: usize, after: usize) -> Inline {
        let (old, new) = (self.old, self.new);
        match (old.notes.get(before), new.notes.get(after)) {
            (Some(before), Some(after)) => {
                let inlines = self.both(&before.inlines, &after.inlines);
                self.place(Note { inlines, ..after.clone() })
            }
            _ => Inline::text(""),
        }
    }

    fn single(&mut self, notes: &[Vec<usize>], side: Side, mark: Mark) -> Vec<Vec<Inline>> {
        let mut one = |index: &usize| self.note(*index, side, Some(mark));
        notes.iter().map(|notes| notes.iter().map(&mut one).collect()).collect()
    }
}

/// Words as a run again.
fn nest(tokens: &[Token], notes: &[Vec<Inline>], depth: usize) -> Vec<Inline> {
    let mut inlines = Vec::new();
    let mut at = 0;
    for group in tokens.chunk_by(|left, right| left.around.get(depth) == right.around.get(depth)) {
        let placed = &notes[at..at + group.len()];
        at += group.len();
        let inside = |group| nest(group, placed, depth + 1);
        match group.first().and_then(|token| token.around.get(depth)) {
            None => bare(group, placed, &mut inlines),
            Some(Around::Emphasis) => inlines.push(Inline::Emphasis(inside(group))),
            Some(Around::Strong) => inlines.push(Inline::Strong(inside(group))),
            Some(Around::Link(href)) => {
                let href = (*href).clone();
                inlines.push(Inline::Link { href, inlines: inside(group) });
            }
            Some(Around::Language(lang)) => {
                let lang = (*lang).clone();
                inlines.push(Inline::Language { lang, inlines: inside(group) });
            }
        }
    }
    inlines
}

fn bare(tokens: &[Token], notes: &[Vec<Inline>], inlines: &mut Vec<Inline>) {
    let mut text = String::new();
    let flush = |text: &mut String, inlines: &mut Vec<Inline>| {
        if !text.is_empty() {
            inlines.push(Inline::Text(Text::new(&std::mem::take(text))));
        }
    };
    for (token, placed) in tokens.iter().zip(notes) {
        if let Atom::Word(word) = &token.atom {
            text.push_str(word);
            continue;
        }
        flush(&mut text, inlines);
        match &token.atom {
            Atom::Break => inlines.push(Inline::LineBreak),
            Atom::Reference(to, text) => {
                inlines
                    .push(Inline::CrossReference { to: (*to).clone(), text: (*text).to_owned() });
            }
            Atom::Notes(_) => inlines.extend(placed.iter().cloned()),
            Atom::Word(_) => {}
        }
    }
    flush(&mut text, inlines);
}
