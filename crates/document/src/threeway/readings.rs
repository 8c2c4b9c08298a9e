//! A reading as it is asked: the words of a passage, the section in which it stands, behind what it stands. And the readings of one file
//! with all, with none and with some of its tracked changes, from which follows who changed what.

use std::collections::{BTreeMap, BTreeSet};

use super::{BETWEEN_AUTHORS, Same, recognizing};
use crate::difference::pairing;
use crate::difference::words::TellingWords;
use crate::document::Id;
use crate::render::docx::read::{Kind, Passage, Reading};

/// A section, and behind what in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place<'a> {
    pub(super) section: Option<&'a Id>,
    pub(super) behind: Option<&'a Id>,
}

/// A passage that nothing is known of.
pub(super) struct Unknown<'a> {
    pub(super) place: usize,
    pub(super) kind: Kind,
    pub(super) text: &'a str,
}

/// A reading as it is asked.
pub(super) struct View<'a> {
    passages: &'a [Passage],
    by_id: BTreeMap<&'a Id, usize>,
    /// The section of each passage: the last known heading before it.
    sections: Vec<Option<&'a Id>>,
}

/// Characters of several names together, but for an ellipsis.
const LONGEST_NAMES: usize = 196;

/// From more likeness on a passage is taken for one to which others added.
const NEAR: f64 = 0.5;

fn is_paragraph(kind: Kind) -> bool {
    matches!(kind, Kind::Numbered | Kind::Unnumbered)
}

fn is_heading(kind: Kind) -> bool {
    matches!(kind, Kind::Heading(_))
}

impl<'a> View<'a> {
    pub(super) fn of(reading: &'a Reading) -> Self {
        let passages = reading.passages.as_slice();
        let mut view =
            Self { passages, by_id: BTreeMap::new(), sections: Vec::with_capacity(passages.len()) };
        let mut section = None;
        for (place, passage) in passages.iter().enumerate() {
            if let Some(id) = &passage.id {
                view.by_id.entry(id).or_insert(place);
                if is_heading(passage.kind) {
                    section = Some(id);
                }
            }
            view.sections.push(section);
        }
        view
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = &'a Id> {
        self.passages.iter().filter_map(|passage| passage.id.as_ref())
    }

    fn passage(&self, id: &Id) -> Option<&'a Passage> {
        self.by_id.get(id).map(|&place| &self.passages[place])
    }

    pub(super) fn kind(&self, id: &Id) -> Option<Kind> {
        self.passage(id).map(|passage| passage.kind)
    }

    /// The words of a passage, unless it is not there or nothing is left of it.
    pub(super) fn text(&self, id: &Id) -> Option<&'a str> {
        self.passage(id).map(|passage| passage.source.as_str()).filter(|text| !text.is_empty())
    }

    /// Whether emphasis was left out of it that source cannot say.
    pub(super) fn lost_marks(&self, id: &Id) -> bool {
        self.passage(id).is_some_and(|passage| passage.lost_emphasis)
    }

    pub(super) fn summary(&self) -> String {
        let of = self.passages.iter().filter(|passage| passage.kind == Kind::Summary);
        let texts = of.map(|passage| passage.source.as_str()).filter(|text| !text.is_empty());
        texts.collect::<Vec<_>>().join("\n\n")
    }

    pub(super) fn unknown(&self) -> impl Iterator<Item = Unknown<'a>> {
        let passages = self.passages.iter().enumerate();
        let unknown = passages.filter(|(_, one)| one.id.is_none() && !one.source.is_empty());
        unknown.map(|(place, one)| Unknown { place, kind: one.kind, text: &one.source })
    }

    /// Paragraphs that another reading has not.
    pub(super) fn only_against(&self, other: &View) -> impl Iterator<Item = (&'a Id, &'a str)> {
        let new = self.ids().filter(|id| other.passage(id).is_none());
        new.filter_map(|id| Some((id, self.text(id)?)))
    }

    /// Where each passage stands, by what is in `here` as well.
    pub(super) fn places(&self, here: &View) -> Vec<Place<'a>> {
        let (mut section, mut behind) = (None, None);
        let mut places = Vec::with_capacity(self.passages.len());
        for (passage, &own) in self.passages.iter().zip(&self.sections) {
            if own != section {
                (section, behind) = (own, None);
            }
            places.push(Place { section, behind });
            let known = passage.id.as_ref().filter(|id| here.text(id).is_some());
            behind = known.filter(|_| is_paragraph(passage.kind)).or(behind);
        }
        places
    }

    /// Which of the passages it is.
    pub(super) fn at(&self, id: &Id) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// Paragraphs that stand in another section than in `base`, or elsewhere among those of theirs.
    pub(super) fn moved_against(&self, base: &View) -> Vec<Id> {
        let mut of_section: BTreeMap<Option<&Id>, Vec<(usize, &Id)>> = BTreeMap::new();
        let mut moved = BTreeSet::new();
        for (place, passage) in self.passages.iter().enumerate() {
            let Some(id) = passage.id.as_ref().filter(|_| is_paragraph(passage.kind)) else {
                continue;
            };
            let Some(&former) = base.by_id.get(id).filter(|_| self.text(id).is_some()) else {
                continue;
            };
            let (now, then) = (self.sections[place], base.sections[former]);
            // Under a heading that is no more, or of one that is new, it stands where it stood.
            let is_heading_gone = then.is_some_and(|then| self.passage(then).is_none());
            let is_heading_new = now.is_some_and(|now| base.passage(now).is_none());
            if now == then || is_heading_gone || is_heading_new {
                of_section.entry(then).or_default().push((former, id));
            } else {
                moved.insert(id.clone());
            }
        }
        for ids in of_section.into_values() {
            moved.extend(elsewhere(&ids).into_iter().map(|(_, id)| id.clone()));
        }
        // In reading order, so that each finds in its place what it stands behind.
        self.ids().filter(|id| moved.contains(*id)).cloned().collect()
    }

    /// The known headings, each with the one under which it stands and the one behind which it stands there.
    fn headings(&self) -> Vec<(&'a Id, Option<&'a Id>)> {
        let mut above: Vec<(u8, &Id)> = Vec::new();
        let mut found = Vec::new();
        for passage in self.passages {
            let (Kind::Heading(level), Some(id)) = (passage.kind, &passage.id) else { continue };
            if passage.source.is_empty() {
                continue;
            }
            while above.pop_if(|(other, _)| *other >= level).is_some() {}
            found.push((id, above.last().map(|(_, id)| *id)));
            above.push((level, id));
        }
        found
    }

    /// Headings that stand under another one than in `base`, or elsewhere among their neighbours: where they stand.
    pub(super) fn headings_moved_against(&self, base: &View) -> BTreeMap<&'a Id, Place<'a>> {
        let (now, then) = (self.headings(), base.headings());
        let former: BTreeMap<&Id, (usize, Option<&Id>)> =
            then.iter().enumerate().map(|(place, (id, under))| (*id, (place, *under))).collect();
        let mut among: BTreeMap<Option<&Id>, Vec<(usize, &Id)>> = BTreeMap::new();
        let mut moved: BTreeSet<&Id> = BTreeSet::new();
        for (id, under) in &now {
            let Some((place, before)) = former.get(id) else { continue };
            let is_gone = before.is_some_and(|before| self.text(before).is_none());
            let is_new = under.is_some_and(|under| base.passage(under).is_none());
            if under == before || is_gone || is_new {
                among.entry(*before).or_default().push((*place, id));
            } else {
                moved.insert(id);
            }
        }
        for ids in among.into_values() {
            moved.extend(elsewhere(&ids).into_iter().map(|(_, id)| id));
        }
        let mut last: BTreeMap<Option<&Id>, &Id> = BTreeMap::new();
        let mut places = BTreeMap::new();
        for (id, under) in now {
            let behind = last.insert(under, id);
            if moved.contains(id) {
                places.insert(id, Place { section: under, behind });
            }
        }
        places
    }
}

/// Those of a row that stood elsewhere among the others, by their former places.
fn elsewhere<'a>(row: &[(usize, &'a Id)]) -> Vec<(usize, &'a Id)> {
    let mut former = row.to_vec();
    former.sort_unstable();
    pairing::moved(&former, row)
}

/// The readings of one file.
pub(super) struct Views<'a> {
    pub(super) accepted: View<'a>,
    pub(super) rejected: View<'a>,
    pub(super) by_author: Vec<(&'a str, View<'a>)>,
}

impl<'a> Views<'a> {
    /// Whether the file has a first page at all.
    pub(super) fn has_first_page(&self) -> bool {
        self.accepted
            .passages
            .iter()
            .any(|passage| passage.kind == Kind::FirstPage && passage.id.is_some())
    }

    /// What the file says of a passage, by whom: without its tracked changes, and with those of each author. Where authors changed what
    /// others had changed, all of it together.
    pub(super) fn contributions(
        &self,
        id: &Id,
        same: &Same,
    ) -> Vec<(Option<String>, Option<&'a str>)> {
        let (all, none) = (self.accepted.text(id), self.rejected.text(id));
        let differ = |one: Option<&str>, other: Option<&str>| match (one, other) {
            (Some(one), Some(other)) => !same.holds(one, other),
            (one, other) => one != other,
        };
        let mut said: Vec<(Option<String>, Option<&str>)> = vec![(None, none)];
        if self.by_author.is_empty() {
            return said;
        }
        let own = self.by_author.iter().map(|(author, view)| (*author, view.text(id)));
        let own: Vec<(&str, Option<&str>)> = own.filter(|(_, text)| differ(*text, none)).collect();
        let is_mixed = self.accepted.passage(id).is_some_and(|passage| passage.is_mixed);
        let is_told = match own.as_slice() {
            [] => !differ(all, none),
            [(_, one)] => !differ(*one, all),
            _ => !is_mixed,
        };
        if is_told {
            said.extend(own.into_iter().map(|(author, text)| (named(author), text)));
        } else {
            let authors: Vec<&str> = if own.is_empty() {
                self.by_author.iter().map(|(author, _)| *author).collect()
            } else {
                own.iter().map(|(author, _)| *author).collect()
            };
            said.push((named(&together(&authors)), all));
        }
        said
    }

    /// By whose tracked changes passages came in.
    pub(super) fn newcomers(&self) -> Newcomers<'a> {
        let texts =
            |view: &View<'a>| -> BTreeSet<&'a str> { view.unknown().map(|one| one.text).collect() };
        // Of many nothing is told but what stands there to the letter.
        let is_few = self.accepted.unknown().count() <= recognizing::MOST;
        let of_author = |(author, view): &(&'a str, View<'a>)| {
            let texts = texts(view);
            let few = texts.iter().filter(|_| is_few && texts.len() <= recognizing::MOST);
            let told = few.map(|text| recognizing::told(text)).collect();
            Newcomer { author, texts, told }
        };
        Newcomers {
            without: texts(&self.rejected),
            by_author: self.by_author.iter().map(of_author).collect(),
        }
    }

    /// Whose tracked changes moved which paragraphs.
    pub(super) fn authors_of_moves(&self, base: &View) -> BTreeMap<Id, Option<String>> {
        let mut authors = BTreeMap::new();
        if self.by_author.is_empty() {
            return authors;
        }
        let untracked: BTreeSet<Id> = self.rejected.moved_against(base).into_iter().collect();
        for (author, view) in &self.by_author {
            for id in view.moved_against(base) {
                if !untracked.contains(&id) {
                    authors.entry(id).or_insert_with(|| named(author));
                }
            }
        }
        authors
    }
}

/// What came in by the tracked changes of one author.
struct Newcomer<'a> {
    author: &'a str,
    texts: BTreeSet<&'a str>,
    told: Vec<TellingWords>,
}

/// What nothing is known of in the readings of one file.
pub(super) struct Newcomers<'a> {
    /// What stands there without any tracked change.
    without: BTreeSet<&'a str>,
    by_author: Vec<Newcomer<'a>>,
}

impl Newcomers<'_> {
    /// Whose tracked change brought a passage in: where none has it to the letter, who has something like it.
    pub(super) fn author(&self, text: &str) -> Option<String> {
        if self.by_author.is_empty() || self.without.contains(text) {
            return None;
        }
        let exact = self.by_author.iter().find(|one| one.texts.contains(text));
        let alike = || {
            let told = recognizing::told(text);
            let is_near = |other: &TellingWords| {
                told.likeness(other, NEAR).is_some_and(|likeness| likeness > NEAR)
            };
            self.by_author.iter().find(|one| one.told.iter().any(is_near))
        };
        exact.or_else(alike).and_then(|one| named(one.author))
    }
}

fn named(author: &str) -> Option<String> {
    (!author.is_empty()).then(|| author.to_owned())
}

/// Several authors as one name. Where they are too many it ends with an ellipsis: each is named whole, or not at all.
pub(super) fn together(authors: &[&str]) -> String {
    let mut names = String::new();
    for author in authors.iter().filter(|author| !author.is_empty()) {
        let between = if names.is_empty() { "" } else { BETWEEN_AUTHORS };
        if names.chars().count() + between.len() + author.chars().count() > LONGEST_NAMES {
            return names + BETWEEN_AUTHORS + "…";
        }
        names.push_str(between);
        names.push_str(author);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authors_are_named_whole_or_not_at_all() {
        assert_eq!(together(&["Ana", "", "Bo"]), "Ana; Bo");
        let long = "é".repeat(95);
        let names = together(&[&long, &long, "Bo Example"]);
        assert_eq!(names, format!("{long}; {long}; …"));
        assert!(names.chars().count() <= 200, "as long as an author may be in a suggestion");
        assert_eq!(together(&[]), "");
    }
}
