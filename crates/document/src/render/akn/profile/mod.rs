//! What AKN4UN asks of an Akoma Ntoso file and its schema does not: the schema lets an `eId`, a marker or a placement be missing,
//! numbers run as they like and references lead nowhere. It reads any file, not only ours. Must never look at the document
//! model: it judges what was written. It does not replace the schema either; check both.

mod eids;
mod identity;
mod notes;
mod structure;
mod tree;

use std::fmt;
use tree::Tree;

/// What a file can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// XML that can be read, without document type and unknown entities.
    WellFormed,
    /// One document in the namespace of Akoma Ntoso 3.0.
    Root,
    /// A `debateReport`, or a `doc` in a `documentCollection`, with names.
    DocumentType,
    /// A collection has a cover page with the publisher; every document a preface with one title.
    Masthead,
    /// Inlines of the masthead have names of AKN4UN.
    InlineName,
    /// Work, expression and manifestation are complete.
    Identification,
    /// Addresses are those of the naming convention, each beginning with the one above it.
    Address,
    /// The language is a three-letter code, and the text is marked with a language that agrees.
    Language,
    /// A life cycle with the making of this text, and references.
    Lifecycle,
    /// Every reference inside the file leads to a part of it.
    Target,
    /// Every element that the schema gives an id (its group `idreq`) has an `eId`.
    Eid,
    /// No `eId` twice.
    UniqueEid,
    /// An `eId` is that of an ancestor and then the name of its element and its number.
    EidForm,
    /// Sections nest as section, title, chapter, division, paragraph.
    Hierarchy,
    /// Every section and annex has a heading, and no number is empty.
    Heading,
    /// Numbered paragraphs run 1…n through the document and are named by their numbers.
    ParagraphNumber,
    /// Every note has a marker, with which its `eId` ends.
    NoteMarker,
    /// Every note is placed at the bottom, lettered ones under a table that they stand in.
    NotePlacement,
    /// Markers run 1…n through the document, and a…z in each table.
    NoteOrder,
    /// No note in a note.
    NoteInNote,
    /// Rows fill the same columns, spans counted.
    TableShape,
    /// Links lead to the web or a mail address, references inside the file or to a document of Akoma Ntoso.
    Link,
}

/// One place that breaks the profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    pub rule: Rule,
    /// The line of the file, from 1.
    pub line: usize,
    /// The element and its `eId`, such as `paragraph para_3`.
    pub place: String,
    pub detail: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, line, place, detail } = self;
        write!(formatter, "line {line}: {place}: {detail} ({rule:?})")
    }
}

/// Everything in which `xml` breaks the profile, rule by rule, each in the order of the file; nothing when it keeps it. A file
/// that cannot be read gives one breach.
#[must_use]
pub fn check(xml: &str) -> Vec<Breach> {
    let tree = match Tree::read(xml) {
        Ok(tree) => tree,
        Err(breach) => return vec![breach],
    };
    let mut findings = Findings { tree: &tree, breaches: Vec::new() };
    structure::check(&mut findings);
    identity::check(&mut findings);
    eids::check(&mut findings);
    notes::check(&mut findings);
    findings.breaches
}

struct Findings<'a> {
    tree: &'a Tree,
    breaches: Vec<Breach>,
}

impl Findings<'_> {
    fn add(&mut self, rule: Rule, element: usize, detail: impl Into<String>) {
        let (line, place) = (self.tree.at(element).line, self.tree.place(element));
        self.breaches.push(Breach { rule, line, place, detail: detail.into() });
    }
}

#[cfg(test)]
mod tests;
