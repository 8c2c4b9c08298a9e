//! Pieces as inlines, and those as the source that people edit. Must never hand on source that does not read back to the same:
//! marks that the grammar cannot say at their place are left out, and that is told.

use super::notes::Notes;
use super::pieces::{Content, Piece};
use crate::document::inline::{ParsedParagraph, parse, to_source};
use crate::document::{Href, Id, Inline, LanguageTag, List, Note, NoteRef, ParagraphPart, clean};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Makes inlines of pieces; collects the notes of one paragraph.
pub(super) struct Maker<'a> {
    /// Our ids by the names of their bookmarks in lower case.
    pub(super) ids: &'a BTreeMap<String, Id>,
    pub(super) notes: &'a mut Notes,
    /// The language of the document.
    pub(super) language: &'a LanguageTag,
}

impl Maker<'_> {
    /// The inlines of a line in a paragraph of language `base`; adds its notes to `notes`.
    pub(super) fn inlines(
        &mut self,
        pieces: Vec<Piece>,
        base: Option<&LanguageTag>,
        notes: &mut Vec<Note>,
    ) -> Vec<Inline> {
        let pieces = self.without_separators(pieces);
        let mut atoms = self.atoms(pieces, base.unwrap_or(self.language));
        tidy(&mut atoms);
        settle(&mut atoms);
        let mut placed = |kind: &'static str, id: &str| self.place(kind, id, notes);
        nest(&atoms, 0, &mut placed)
    }

    fn place(&mut self, kind: &'static str, id: &str, notes: &mut Vec<Note>) -> Option<Inline> {
        let pieces = self.notes.take(kind, id)?;
        // A note in a note is refused by the model; no word processor makes one.
        let pieces: Vec<_> = pieces
            .into_iter()
            .filter(|piece| !matches!(piece.content, Content::Note(..)))
            .collect();
        let inlines = self.inlines(pieces, None, &mut Vec::new());
        if inlines.is_empty() {
            return None;
        }
        notes.push(Note::new(inlines));
        Some(Inline::Note(NoteRef(notes.len() - 1)))
    }

    /// Leaves out the commas between the indicators of notes side by side, what a mark of several asterisks has beside its note, and labels.
    fn without_separators(&self, pieces: Vec<Piece>) -> Vec<Piece> {
        let is_note = |piece: Option<&Piece>| {
            piece.is_some_and(|piece| matches!(piece.content, Content::Note(..)))
        };
        let mut kept = Vec::with_capacity(pieces.len());
        // Behind a mark of several asterisks the comma comes after one of them.
        let mut before: Option<&Piece> = None;
        for (at, piece) in pieces.iter().enumerate() {
            let text = match &piece.content {
                Content::Text(text) if piece.is_raised => Some(text.trim()),
                _ => None,
            };
            let is_mark = text.is_some_and(|text| text.bytes().all(|byte| byte == b'*'));
            let is_comma = text == Some(",") && is_note(pieces.get(at + 1));
            let is_separator = is_comma || (is_mark && text.is_some_and(|text| !text.is_empty()));
            if !(piece.is_label || (is_separator && is_note(before))) {
                kept.push(piece.clone());
            }
            if !is_mark {
                before = Some(piece);
            }
        }
        kept
    }

    /// Cuts text into words and spaces, and states languages where they differ from `base`.
    fn atoms(&self, pieces: Vec<Piece>, base: &LanguageTag) -> Vec<Piece> {
        let mut atoms = Vec::new();
        for mut piece in pieces {
            piece.language = piece.language.filter(|language| language != base);
            let text = match &mut piece.content {
                Content::Text(text) => clean(text),
                Content::Reference(name) => {
                    // A bookmark that this document never had leads nowhere.
                    if let Some(id) = self.ids.get(&name.to_ascii_lowercase()) {
                        *name = id.to_string();
                        atoms.push(piece);
                    }
                    continue;
                }
                Content::Note(..) | Content::Break => {
                    atoms.push(piece);
                    continue;
                }
            };
            let same_kind = |a: &char, b: &char| (*a == ' ') == (*b == ' ');
            let characters: Vec<char> = text.chars().collect();
            for word in characters.chunk_by(same_kind) {
                let content = Content::Text(word.iter().collect());
                atoms.push(Piece { content, ..piece.clone() });
            }
        }
        atoms
    }
}

fn is_space(piece: &Piece) -> bool {
    matches!(&piece.content, Content::Text(text) if text.trim_matches(' ').is_empty())
}

/// One space between words, none at the ends and beside line breaks, no line breaks at the ends.
fn tidy(atoms: &mut Vec<Piece>) {
    let mut kept: Vec<Piece> = Vec::with_capacity(atoms.len());
    for mut atom in atoms.drain(..) {
        let before = kept.last();
        let at_edge = before.is_none_or(|before| before.content == Content::Break);
        if is_space(&atom) {
            if at_edge || before.is_some_and(is_space) {
                continue;
            }
            atom.content = Content::Text(" ".to_owned());
        } else if atom.content == Content::Break {
            while kept.pop_if(|last| is_space(last)).is_some() {}
            if kept.is_empty() {
                continue;
            }
        }
        kept.push(atom);
    }
    while kept.pop_if(|last| is_space(last) || last.content == Content::Break).is_some() {}
    *atoms = kept;
}

/// Spaces, line breaks and notes take the looks that the words on both sides share, so that marks stand close to words.
fn settle(atoms: &mut [Piece]) {
    let is_word = |piece: &Piece| match piece.content {
        Content::Text(_) => !is_space(piece),
        Content::Reference(_) => true,
        Content::Note(..) | Content::Break => false,
    };
    let mut next_word = vec![None; atoms.len()];
    let mut next = None;
    for at in (0..atoms.len()).rev() {
        next_word[at] = next;
        if is_word(&atoms[at]) {
            next = Some(at);
        }
    }
    let mut before: Option<usize> = None;
    for at in 0..atoms.len() {
        if is_word(&atoms[at]) {
            before = Some(at);
            continue;
        }
        let (left, right) = (before.map(|at| atoms[at].clone()), next_word[at]);
        let (left, right) = (
            left.unwrap_or_else(Piece::plain),
            right.map_or_else(Piece::plain, |at| atoms[at].clone()),
        );
        let may_link = !matches!(atoms[at].content, Content::Note(..));
        let atom = &mut atoms[at];
        atom.strong = left.strong && right.strong;
        atom.emphasis = left.emphasis && right.emphasis;
        atom.language = left.language.filter(|language| right.language.as_ref() == Some(language));
        atom.link = left.link.filter(|link| may_link && right.link.as_ref() == Some(link));
    }
}

/// Builds inlines from the outside in: link, language, strong, emphasis.
fn nest(
    atoms: &[Piece],
    depth: u8,
    place: &mut dyn FnMut(&'static str, &str) -> Option<Inline>,
) -> Vec<Inline> {
    let mut inlines = Vec::new();
    let same = |a: &Piece, b: &Piece| match depth {
        0 => a.link == b.link,
        1 => a.language == b.language,
        2 => a.strong == b.strong,
        3 => a.emphasis == b.emphasis,
        _ => true,
    };
    for group in atoms.chunk_by(same) {
        let Some(first) = group.first() else { continue };
        if depth > 3 {
            leaves(group, &mut inlines, place);
            continue;
        }
        let inside = nest(group, depth + 1, place);
        match depth {
            0 if first.link.is_some() => {
                let wrap =
                    |href: &Arc<Href>| Inline::Link { href: (**href).clone(), inlines: inside };
                inlines.extend(first.link.as_ref().map(wrap));
            }
            1 if first.language.is_some() => {
                let wrap = |lang| Inline::Language { lang, inlines: inside };
                inlines.extend(first.language.clone().map(wrap));
            }
            2 if first.strong => inlines.push(Inline::Strong(inside)),
            3 if first.emphasis => inlines.push(Inline::Emphasis(inside)),
            _ => inlines.extend(inside),
        }
    }
    inlines
}

fn leaves(
    atoms: &[Piece],
    inlines: &mut Vec<Inline>,
    place: &mut dyn FnMut(&'static str, &str) -> Option<Inline>,
) {
    let mut text = String::new();
    for atom in atoms {
        let inline = match &atom.content {
            Content::Text(word) => {
                text.push_str(word);
                continue;
            }
            Content::Break => Some(Inline::LineBreak),
            Content::Note(kind, id) => place(kind, id),
            Content::Reference(id) => {
                Some(Inline::CrossReference { to: Id::new(id), text: String::new() })
            }
        };
        if inline.is_some() {
            push_text(&mut text, inlines);
        }
        inlines.extend(inline);
    }
    push_text(&mut text, inlines);
}

fn push_text(text: &mut String, inlines: &mut Vec<Inline>) {
    if !text.is_empty() {
        inlines.push(Inline::text(text));
        text.clear();
    }
}

/// Source for parts, and whether emphasis had to be left out of it, such as that of the end of a word before a quotation mark.
pub(super) fn source(parts: Vec<ParagraphPart>, notes: Vec<Note>) -> (String, bool) {
    let exact = to_source(&parts, &notes);
    let mut expected = ParsedParagraph { parts, notes };
    if expected.parts.is_empty() || parse(&exact).as_ref() == Ok(&expected) {
        return (exact, false);
    }
    let has_marks = strip(&mut expected);
    let plain = to_source(&expected.parts, &expected.notes);
    // What is refused even so, such as a list without text before it, is for people to see.
    if has_marks && parse(&plain).as_ref() == Ok(&expected) {
        (plain, true)
    } else {
        (exact, false)
    }
}

/// Takes out emphasis; tells whether there was any.
fn strip(paragraph: &mut ParsedParagraph) -> bool {
    let mut found = false;
    for part in &mut paragraph.parts {
        match part {
            ParagraphPart::Text(inlines) => found |= strip_run(inlines),
            ParagraphPart::List(List::Bulleted(items) | List::Lettered(items)) => {
                items.iter_mut().for_each(|item| found |= strip_run(item));
            }
            ParagraphPart::List(List::Labelled(items)) => {
                items.iter_mut().for_each(|item| found |= strip_run(&mut item.inlines));
            }
        }
    }
    paragraph.notes.iter_mut().for_each(|note| found |= strip_run(&mut note.inlines));
    found
}

fn strip_run(run: &mut Vec<Inline>) -> bool {
    let mut found = false;
    let mut plain: Vec<Inline> = Vec::with_capacity(run.len());
    let mut text = String::new();
    for inline in run.drain(..) {
        let inside = match inline {
            Inline::Emphasis(mut inside) | Inline::Strong(mut inside) => {
                found = true;
                strip_run(&mut inside);
                inside
            }
            Inline::Link { href, mut inlines } => {
                found |= strip_run(&mut inlines);
                vec![Inline::Link { href, inlines }]
            }
            Inline::Language { lang, mut inlines } => {
                found |= strip_run(&mut inlines);
                vec![Inline::Language { lang, inlines }]
            }
            other => vec![other],
        };
        for inline in inside {
            match inline {
                Inline::Text(run) => text.push_str(run.as_str()),
                other => {
                    push_text(&mut text, &mut plain);
                    plain.push(other);
                }
            }
        }
    }
    push_text(&mut text, &mut plain);
    *run = plain;
    found
}
