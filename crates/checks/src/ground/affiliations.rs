//! Organizations by name and acronym, and whether one is told to have said something. That it exists, or did something, may be told.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::drafted::Organization;
use crate::lexicon::Style;
use crate::strand::{Reading, Strand};

use super::voiced;

/// The organizations that people come from.
#[derive(Debug, Default)]
pub(crate) struct Affiliations {
    /// Names, in small letters, by their first word.
    names: HashMap<Box<str>, Vec<Vec<Box<str>>>>,
    /// Acronyms and names of one word, as they are written.
    exact: HashSet<Box<str>>,
}

/// An organization in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Body {
    pub place: Range<usize>,
    words: Range<usize>,
}

impl Affiliations {
    pub(crate) fn of(organizations: &[Organization]) -> Self {
        let mut known = Self::default();
        for organization in organizations {
            known.learn(&organization.name);
            let acronym = organization.acronym.as_deref().map(str::trim);
            known.exact.extend(acronym.filter(|one| one.len() > 1).map(Into::into));
        }
        known
    }

    fn learn(&mut self, name: &str) {
        let name = Reading::plain(name).body;
        let mut words: Vec<Box<str>> = name.words.iter().map(|word| word.small.clone()).collect();
        if words.first().is_some_and(|first| &**first == "the") {
            words.remove(0);
        }
        match &words[..] {
            [] => {}
            [_] => {
                let written = name.written(name.words.len() - 1);
                if written.len() > 2 {
                    self.exact.insert(written.into());
                }
            }
            [first, ..] => self.names.entry(first.clone()).or_default().push(words),
        }
    }

    /// Where they stand in a text, each with the acronym behind it.
    pub(crate) fn found(&self, style: &Style, strand: &Strand) -> Vec<Body> {
        let mut bodies: Vec<Body> = Vec::new();
        let mut at = 0;
        while at < strand.words.len() {
            let many = self.named_at(strand, at).or_else(|| self.exact_at(style, strand, at));
            let Some(many) = many else {
                at += 1;
                continue;
            };
            let words = at..at + many;
            bodies.push(Body { place: strand.place(&words), words });
            at += many;
        }
        bodies
    }

    fn named_at(&self, strand: &Strand, at: usize) -> Option<usize> {
        if !strand.has_capital(at) {
            return None;
        }
        let fits = |name: &&Vec<Box<str>>| {
            name.iter().enumerate().all(|(step, word)| strand.small(at + step) == &**word)
        };
        let names = self.names.get(strand.small(at))?;
        names.iter().filter(fits).map(Vec::len).max()
    }

    fn exact_at(&self, style: &Style, strand: &Strand, at: usize) -> Option<usize> {
        let written = strand.written(at);
        let bare =
            written.strip_suffix("'s").or_else(|| written.strip_suffix("’s")).unwrap_or(written);
        if !self.exact.contains(bare) {
            return None;
        }
        // A name that is a word may be that word where sentences begin.
        let small = bare.to_lowercase();
        let word = bare.chars().skip(1).any(char::is_lowercase)
            && strand.begins_sentence(at)
            && (style.words.common.contains(&small) || style.words.openers.contains(&small));
        (!word).then_some(1)
    }
}

/// Whether it is told that somebody of an organization, or all of it, said something.
pub(crate) fn speaks(style: &Style, strand: &Strand, body: &Body) -> bool {
    voiced::follows(style, strand, body.words.end)
        || voiced::precedes(style, strand, body.words.start)
        || is_of_speaker(style, strand, body.words.start)
}

/// “a participant from the …”, “speakers of …”
fn is_of_speaker(style: &Style, strand: &Strand, word: usize) -> bool {
    let mut at = word;
    while at > 0
        && strand.follows(at)
        && matches!(
            strand.small(at - 1),
            "the"
                | "of"
                | "from"
                | "representing"
                | "with"
                | "working"
                | "for"
                | "at"
                | "a"
                | "member"
                | "on"
                | "behalf"
        )
    {
        at -= 1;
    }
    let told =
        at.checked_sub(1).map(|at| strand.small(at)).filter(|_| at < word && strand.follows(at));
    told.is_some_and(|told| {
        style.words.speaker.contains(told) || style.words.speakers.contains(told)
    })
}
