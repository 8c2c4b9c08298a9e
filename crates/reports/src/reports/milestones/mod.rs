//! Milestones: a draft as it once stood, under a name, so that it can be read again and compared. Pure.
//!
//! What is frozen is the compiled document, to the byte, with its SHA-256; and, to compare by paragraph, every paragraph with its
//! version, place and words. As in versions, no input's own text is kept, only what drafters wrote and what was computed.

use std::collections::BTreeMap;

use crate::difference::pairing;
use serde::{Deserialize, Serialize};

use super::compile::Facts;
use super::history::difference::{Piece, words};
use super::{OutlineSection, ParagraphId, ReportId, SectionId};
use crate::accounts::AccountId;
use crate::consultations::programme::printed_names::{LeftOut, PrintedName};
use crate::db::types::Timestamp;
use crate::document::{Document, Id};
use crate::vocabulary::MilestoneId;

pub(super) mod http;
pub mod service;
pub mod store;

/// A paragraph as it stood in a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenParagraph {
    /// The paragraph.
    pub id: ParagraphId,
    /// Its version.
    pub version: i64,
    /// The section in which it stood.
    pub section: SectionId,
    /// The number it was printed with.
    pub number: Option<u32>,
    /// Its words as inline Markdown; of a computed one, as it was computed.
    pub text: String,
}

/// A section as it stood in a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenSection {
    /// The section.
    pub id: SectionId,
    /// Its heading as printed.
    pub heading: String,
}

/// What two drafts are compared by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// The title.
    pub title: String,
    /// The summary.
    pub summary: String,
    /// Every section, in order.
    pub sections: Vec<FrozenSection>,
    /// Every paragraph, in order.
    pub paragraphs: Vec<FrozenParagraph>,
    /// Whom its document prints by name; none of those who are erased.
    #[serde(default)]
    pub named: Vec<PrintedName>,
    /// Whether somebody who is erased was left out of its document.
    #[serde(default)]
    pub left_out: bool,
}

impl Frozen {
    /// A draft as it stands; `document` was compiled from `facts`.
    pub fn of(facts: &Facts, document: &Document) -> Self {
        let report = &facts.draft().report;
        let mut frozen = Self {
            title: report.title.clone(),
            summary: report.summary.clone().unwrap_or_default(),
            named: facts.named(),
            ..Self::default()
        };
        let computed = facts.sources(document);
        for section in facts.outline(document).sections {
            frozen.take(section, &computed);
        }
        frozen
    }

    fn take(&mut self, section: OutlineSection, computed: &BTreeMap<Id, (u32, String)>) {
        let id = section.section.id;
        self.sections.push(FrozenSection { id, heading: section.heading });
        for outlined in section.paragraphs {
            let paragraph = outlined.paragraph;
            let words = || computed.get(&Id::new(&paragraph.id.to_string()));
            let as_computed = || words().map(|(_, text)| text.clone()).unwrap_or_default();
            self.paragraphs.push(FrozenParagraph {
                id: paragraph.id,
                version: paragraph.version,
                section: id,
                number: outlined.number,
                text: paragraph.text.clone().unwrap_or_else(as_computed),
            });
        }
        for inside in section.sections {
            self.take(inside, computed);
        }
    }
}

impl Milestone {
    /// As it may be shown while the draft names these: everybody else whom its document prints is left out of it.
    fn shown(mut self, now: &[PrintedName]) -> Self {
        let gone = LeftOut::of(&self.frozen.named, |one| !one.is_among(now));
        self.leave_out(&gone);
        self
    }

    /// It without a person who is erased; none where its document does not print them.
    pub(super) fn without(mut self, account: AccountId) -> Option<Self> {
        let gone = LeftOut::of(&self.frozen.named, |one| one.is_of(account));
        if gone.is_empty() {
            return None;
        }
        self.leave_out(&gone);
        self.frozen.named.retain(|one| !one.is_of(account));
        self.frozen.left_out = true;
        Some(self)
    }

    fn leave_out(&mut self, gone: &LeftOut) {
        if !gone.is_empty() && self.document.is_some() {
            self.document = self.document.take().and_then(|text| document_without(&text, gone));
            self.names_left_out = true;
        }
    }
}

/// A document as JSON without these names; none where it would be no document then.
pub(super) fn document_without(document: &str, gone: &LeftOut) -> Option<String> {
    let mut value: serde_json::Value = serde_json::from_str(document).ok()?;
    gone.in_json(&mut value);
    let text = serde_json::to_string(&value).ok()?;
    crate::render::json::read(text.as_bytes()).ok().map(|_| text)
}

/// A draft that was frozen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// Its id.
    pub id: MilestoneId,
    /// The report.
    pub report_id: ReportId,
    /// Its number in the report, from 1.
    pub number: i32,
    /// What it was called.
    pub name: String,
    /// The document as JSON: exactly the bytes that `sha256` is over, but for names that are left out. None where it would be no document
    /// without them.
    pub document: Option<String>,
    /// Whether names are left out of it, because the draft names them no more: whoever does not agree any more to be named, is not
    /// confirmed any more, is not in the programme any more or is erased.
    pub names_left_out: bool,
    /// SHA-256 of the document, in lower-case hexadecimal digits.
    pub sha256: String,
    /// What it is compared by.
    pub frozen: Frozen,
    /// The report's version then.
    pub report_version: i64,
    /// Who froze it; nobody once they are erased.
    pub set_by: Option<AccountId>,
    /// When.
    pub set_at: Timestamp,
}

/// What became of a paragraph between two drafts. In both it was there, or in one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParagraphDifference {
    /// The paragraph.
    pub id: ParagraphId,
    /// As it was; none when it was added.
    pub before: Option<FrozenParagraph>,
    /// As it is; none when it was removed.
    pub after: Option<FrozenParagraph>,
    /// Whether it stands elsewhere among those that were there before.
    pub moved: bool,
    /// Its words in both; nothing when they are the same.
    pub words: Vec<Piece>,
}

/// What became of a heading between two drafts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadingDifference {
    /// The section.
    pub id: SectionId,
    /// Its heading in both.
    pub words: Vec<Piece>,
}

/// What differs between two drafts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DraftDifference {
    /// The title in both; nothing when it is the same.
    pub title: Vec<Piece>,
    /// The summary in both; nothing when it is the same.
    pub summary: Vec<Piece>,
    /// Headings that differ, those of sections that are in one of the two only included.
    pub headings: Vec<HeadingDifference>,
    /// Paragraphs that differ: in the order of the later draft, then those that were removed.
    pub paragraphs: Vec<ParagraphDifference>,
}

/// What differs between two drafts.
pub fn difference(from: &Frozen, to: &Frozen) -> DraftDifference {
    DraftDifference {
        title: unless_equal(&from.title, &to.title),
        summary: unless_equal(&from.summary, &to.summary),
        headings: headings(from, to),
        paragraphs: paragraphs(from, to),
    }
}

fn unless_equal(from: &str, to: &str) -> Vec<Piece> {
    if from == to { Vec::new() } else { words(from, to) }
}

fn headings(from: &Frozen, to: &Frozen) -> Vec<HeadingDifference> {
    let of = |frozen: &Frozen, id: SectionId| {
        let found = frozen.sections.iter().find(|section| section.id == id);
        found.map(|section| section.heading.clone()).unwrap_or_default()
    };
    let gone = from.sections.iter().filter(|one| !to.sections.iter().any(|two| two.id == one.id));
    let all = to.sections.iter().chain(gone);
    all.map(|section| section.id)
        .map(|id| HeadingDifference { id, words: unless_equal(&of(from, id), &of(to, id)) })
        .filter(|change| !change.words.is_empty())
        .collect()
}

fn paragraphs(from: &Frozen, to: &Frozen) -> Vec<ParagraphDifference> {
    let by_id = |frozen: &Frozen| -> BTreeMap<ParagraphId, FrozenParagraph> {
        frozen.paragraphs.iter().map(|one| (one.id, one.clone())).collect()
    };
    let (before, after) = (by_id(from), by_id(to));
    let moved = moved(from, to, &before, &after);
    let gone = from.paragraphs.iter().filter(|one| !after.contains_key(&one.id));
    let all = to.paragraphs.iter().chain(gone).map(|one| one.id);
    let change = |id| {
        let (before, after) = (before.get(&id).cloned(), after.get(&id).cloned());
        let text = |one: &Option<FrozenParagraph>| {
            one.as_ref().map(|one| one.text.clone()).unwrap_or_default()
        };
        let words = unless_equal(&text(&before), &text(&after));
        ParagraphDifference { id, moved: moved.contains(&id), before, after, words }
    };
    let differs = |change: &ParagraphDifference| {
        let both = change.before.is_some() && change.after.is_some();
        !both || change.moved || !change.words.is_empty()
    };
    all.map(change).filter(differs).collect()
}

/// The paragraphs of both drafts that stand in another section, or elsewhere among the others.
fn moved(
    from: &Frozen,
    to: &Frozen,
    before: &BTreeMap<ParagraphId, FrozenParagraph>,
    after: &BTreeMap<ParagraphId, FrozenParagraph>,
) -> Vec<ParagraphId> {
    let places = |frozen: &Frozen, other: &BTreeMap<ParagraphId, FrozenParagraph>| {
        let both = frozen.paragraphs.iter().filter(|one| other.contains_key(&one.id));
        both.map(|one| (one.section, one.id)).collect::<Vec<_>>()
    };
    let (from, to) = (places(from, after), places(to, before));
    pairing::moved(&from, &to).into_iter().map(|(_, id)| id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraph(id: u128) -> ParagraphId {
        ParagraphId::new(uuid::Uuid::from_u128(id))
    }

    fn section(id: u128) -> SectionId {
        SectionId::new(uuid::Uuid::from_u128(id))
    }

    fn draft(paragraphs: &[(u128, u128, &str)]) -> Frozen {
        let frozen = |(id, within, text): &(u128, u128, &str)| FrozenParagraph {
            id: paragraph(*id),
            version: 1,
            section: section(*within),
            number: None,
            text: (*text).to_owned(),
        };
        Frozen { paragraphs: paragraphs.iter().map(frozen).collect(), ..Frozen::default() }
    }

    /// By paragraph: was it there, is it there, has it moved, do its words differ.
    fn told(from: &Frozen, to: &Frozen) -> Vec<(ParagraphId, bool, bool, bool, bool)> {
        let changes = difference(from, to).paragraphs.into_iter();
        let tell = |one: ParagraphDifference| {
            (one.id, one.before.is_some(), one.after.is_some(), one.moved, !one.words.is_empty())
        };
        changes.map(tell).collect()
    }

    #[test]
    fn what_became_of_each_paragraph_is_told_once() {
        let from = draft(&[
            (1, 1, "One."),
            (6, 1, "Six."),
            (2, 1, "Two."),
            (3, 1, "Three."),
            (4, 2, "Four."),
        ]);
        assert_eq!(told(&from, &from), []);
        let to = draft(&[
            (3, 1, "Three."),
            (1, 1, "One."),
            (6, 1, "Six."),
            (2, 2, "Too."),
            (5, 2, "Five."),
        ]);
        assert_eq!(
            told(&from, &to),
            [
                (paragraph(3), true, true, true, false),
                (paragraph(2), true, true, true, true),
                (paragraph(5), false, true, false, true),
                (paragraph(4), true, false, false, true),
            ]
        );
    }
}
