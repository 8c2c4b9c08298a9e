//! How a paper follows newer editions of the reports that it is compiled from: a merge of three texts. The base is the paragraph of the
//! edition that it was made from; what drafters wrote since stays; what is new, gone or changed in the newer edition is settled
//! paragraph by paragraph. Nothing is kept of it: a paragraph that rests on an edition which is not the paper's any more is one that
//! is not settled. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::compile::numbers;
use super::{Edition, EditionId, Paragraph, ParagraphId, ParagraphRecord, ReportId, Source};
use crate::problem::Problem;
use crate::reference::ObjectiveNumber;
use crate::text_enum;

pub(super) mod http;
pub mod merge;
pub mod service;

text_enum! {
    /// What became of a paragraph of an edition in a newer one.
    pub enum SourceChangeKind {
        /// It says something else, or stands elsewhere.
        Changed => "changed",
        /// It was joined to another one.
        Joined => "joined",
        /// It is no more.
        Gone => "gone",
    }
}

text_enum! {
    /// How a change in what a paper is compiled from is settled.
    pub enum SettlementDecision {
        /// The newer edition is followed.
        Follow => "follow",
        /// The paper says what it said.
        Keep => "keep",
    }
}

/// The outcomes of an edition, paragraph by paragraph. A paragraph is the same in all editions of its report, whatever its number.
#[derive(Debug, Clone)]
pub struct EditionOutcomes {
    /// The edition.
    pub edition: EditionId,
    /// Its number.
    pub number: i32,
    /// The report that it is an edition of.
    pub report: ReportId,
    paragraphs: BTreeMap<u32, (ParagraphId, ParagraphRecord)>,
}

impl EditionOutcomes {
    /// Those of an edition.
    ///
    /// # Errors
    /// When the edition cannot be read.
    pub fn of(edition: &Edition) -> Result<Self, Problem> {
        let document = edition.document()?;
        let ids: BTreeMap<u32, ParagraphId> = numbers(&document)
            .into_iter()
            .filter_map(|(id, number, _)| Some((number, id.as_str().parse().ok()?)))
            .collect();
        let outcomes =
            edition.record.paragraphs.iter().filter(|record| record.section.is_outcome());
        let paragraphs = outcomes
            .filter_map(|record| Some((record.number, (*ids.get(&record.number)?, record.clone()))))
            .collect();
        Ok(Self {
            edition: edition.id,
            number: edition.number,
            report: edition.report_id,
            paragraphs,
        })
    }

    /// A paragraph by its number.
    pub fn record(&self, number: u32) -> Option<&ParagraphRecord> {
        self.paragraphs.get(&number).map(|(_, record)| record)
    }

    /// Which paragraph of the report has a number.
    pub fn id(&self, number: u32) -> Option<ParagraphId> {
        self.paragraphs.get(&number).map(|(id, _)| *id)
    }

    /// All of them, in order.
    pub fn all(&self) -> impl Iterator<Item = (Source, ParagraphId, &ParagraphRecord)> {
        let edition_id = self.edition;
        self.paragraphs.iter().map(move |(number, (id, record))| {
            (Source { edition_id, number: *number }, *id, record)
        })
    }

    fn numbers(&self) -> BTreeMap<ParagraphId, u32> {
        self.paragraphs.iter().map(|(number, (id, _))| (*id, *number)).collect()
    }
}

/// What became of a paragraph of an edition that a paper rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceChange {
    /// What became of it.
    pub kind: SourceChangeKind,
    /// Where it stood.
    pub from: Source,
    /// As it was.
    pub before: ParagraphRecord,
    /// Where it stands now, and as it is; none once it is gone.
    pub after: Option<(Source, ParagraphRecord)>,
}

/// Where the paragraphs of one edition are found in another one of its report.
#[derive(Debug)]
pub struct Succession<'e> {
    from: &'e EditionOutcomes,
    to: &'e EditionOutcomes,
    numbers: BTreeMap<ParagraphId, u32>,
    joined: BTreeMap<ParagraphId, ParagraphId>,
}

impl<'e> Succession<'e> {
    /// From one edition to another. `joined` says which paragraphs of the report went into which.
    pub fn of(
        from: &'e EditionOutcomes,
        to: &'e EditionOutcomes,
        joined: &[(ParagraphId, ParagraphId)],
    ) -> Self {
        Self { from, to, numbers: to.numbers(), joined: joined.iter().copied().collect() }
    }

    /// Where a paragraph is found, when it is the same there in every respect.
    pub fn same(&self, number: u32) -> Option<Source> {
        let before = self.from.record(number)?;
        let after = *self.numbers.get(&self.from.id(number)?)?;
        is_same(before, self.to.record(after)?)
            .then_some(Source { edition_id: self.to.edition, number: after })
    }

    /// What became of a paragraph that is not the same; nothing where the first edition has none of that number.
    pub fn change(&self, number: u32) -> Option<SourceChange> {
        let (before, id) = (self.from.record(number)?.clone(), self.from.id(number)?);
        let from = Source { edition_id: self.from.edition, number };
        let found = |id: ParagraphId| {
            let number = *self.numbers.get(&id)?;
            let source = Source { edition_id: self.to.edition, number };
            Some((source, self.to.record(number)?.clone()))
        };
        let (kind, after) = match (found(id), self.joined_to(id).and_then(found)) {
            (Some(after), _) => (SourceChangeKind::Changed, Some(after)),
            (None, Some(after)) => (SourceChangeKind::Joined, Some(after)),
            (None, None) => (SourceChangeKind::Gone, None),
        };
        Some(SourceChange { kind, from, before, after })
    }

    /// The paragraph that one went into in the end.
    fn joined_to(&self, id: ParagraphId) -> Option<ParagraphId> {
        let (mut seen, mut at) = (BTreeSet::from([id]), *self.joined.get(&id)?);
        while let Some(next) = self.joined.get(&at).filter(|_| !self.numbers.contains_key(&at)) {
            if !seen.insert(at) {
                return None;
            }
            at = *next;
        }
        Some(at)
    }
}

fn is_same(one: &ParagraphRecord, other: &ParagraphRecord) -> bool {
    one.text == other.text && stands_alike(one, other)
}

/// Whether a paper has both in the same section.
pub fn stands_alike(one: &ParagraphRecord, other: &ParagraphRecord) -> bool {
    let overall = |record: &ParagraphRecord| record.section == super::SectionKind::OverallProgress;
    overall(one) == overall(other) && one.category == other.category && one.about() == other.about()
}

/// What a newer edition would have a paragraph of the paper say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proposed {
    /// What drafters wrote, with what changed in the newer edition.
    Text(String),
    /// Both changed the same words: somebody says what shall stand.
    ByHand,
    /// Nothing of what it rests on is left.
    Removal,
}

/// A paragraph of a paper that rests on what has changed since.
#[derive(Debug, Clone)]
pub struct Unsettled {
    /// The paragraph, as drafters wrote it.
    pub paragraph: Paragraph,
    /// What became of what it rests on.
    pub changes: Vec<SourceChange>,
    /// What follows from it.
    pub proposed: Proposed,
}

impl Unsettled {
    /// A paragraph and what became of what it rests on.
    pub fn of(paragraph: Paragraph, changes: Vec<SourceChange>) -> Self {
        let left = paragraph.sources.len() > changes.len();
        let proposed = if !left && changes.iter().all(|change| change.after.is_none()) {
            Proposed::Removal
        } else {
            let ours = paragraph.text.clone().unwrap_or_default();
            changes
                .iter()
                .filter_map(|change| Some((change, change.after.as_ref()?)))
                .try_fold(ours, |ours, (change, (_, after))| {
                    merge::three(&change.before.text, &ours, &after.text)
                })
                .map_or(Proposed::ByHand, Proposed::Text)
        };
        Self { paragraph, changes, proposed }
    }

    /// What it rests on once this is settled, each once.
    pub fn sources(&self) -> Vec<Source> {
        let moved = |source: &Source| match self.changes.iter().find(|one| one.from == *source) {
            Some(change) => change.after.as_ref().map(|(to, _)| *to),
            None => Some(*source),
        };
        let sources: BTreeSet<Source> = self.paragraph.sources.iter().filter_map(moved).collect();
        sources.into_iter().collect()
    }
}

/// The clusters of a paper's sections in numeric order: every objective that was discussed by itself, and those that were discussed
/// together, behind the first of them.
pub fn clusters<'r>(
    records: impl IntoIterator<Item = &'r ParagraphRecord>,
) -> BTreeSet<Vec<ObjectiveNumber>> {
    let outcomes = records.into_iter().filter(|record| record.section.is_outcome());
    let mut clusters: BTreeSet<Vec<ObjectiveNumber>> =
        outcomes.map(ParagraphRecord::about).filter(|about| !about.is_empty()).collect();
    let single: Vec<_> = clusters.iter().flatten().map(|objective| vec![*objective]).collect();
    clusters.extend(single);
    clusters
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::reports::SectionKind;

    fn objectives(numbers: &[u8]) -> Vec<ObjectiveNumber> {
        numbers.iter().map(|number| (*number).try_into().unwrap()).collect()
    }

    fn paragraph(id: u128) -> ParagraphId {
        ParagraphId::new(Uuid::from_u128(id))
    }

    fn record(number: u32, about: &[u8], text: &str) -> ParagraphRecord {
        ParagraphRecord {
            number,
            section: SectionKind::Category,
            objectives: objectives(about),
            category: None,
            objective: None,
            text: text.to_owned(),
        }
    }

    fn edition(id: u128, paragraphs: &[(u32, u128, &str)]) -> EditionOutcomes {
        let with = |(number, id, text): &(u32, u128, &str)| {
            (*number, (paragraph(*id), record(*number, &[4], text)))
        };
        EditionOutcomes {
            edition: EditionId::new(Uuid::from_u128(id)),
            number: 1,
            report: ReportId::new(Uuid::from_u128(9)),
            paragraphs: paragraphs.iter().map(with).collect(),
        }
    }

    #[test]
    fn every_objective_discussed_has_a_section_and_those_discussed_together_a_joint_one() {
        let mut own = record(3, &[9, 10], "Own.");
        own.objective = Some(10.try_into().unwrap());
        let records = [record(1, &[10, 9], "Joint."), record(2, &[13], "Alone."), own];
        let expected: [&[u8]; 4] = [&[9], &[9, 10], &[10], &[13]];
        assert_eq!(
            clusters(&records).into_iter().collect::<Vec<_>>(),
            expected.map(objectives).to_vec()
        );
    }

    #[test]
    fn paragraphs_are_followed_by_what_they_are_and_not_by_number() {
        let one =
            edition(1, &[(1, 11, "Same."), (2, 12, "Old."), (3, 13, "Went in."), (4, 14, "Lost.")]);
        let two = edition(2, &[(2, 11, "Same."), (1, 15, "New."), (3, 12, "Other.")]);
        let joined = [(paragraph(13), paragraph(16)), (paragraph(16), paragraph(12))];
        let between = Succession::of(&one, &two, &joined);
        let at = |number| Some(Source { edition_id: two.edition, number });
        assert_eq!(between.same(1), at(2));
        assert_eq!((between.same(2), between.same(3), between.same(4)), (None, None, None));
        let told = |number| {
            let change = between.change(number).unwrap();
            (change.kind, change.after.map(|(source, _)| source))
        };
        assert_eq!(told(2), (SourceChangeKind::Changed, at(3)));
        assert_eq!(told(3), (SourceChangeKind::Joined, at(3)));
        assert_eq!(told(4), (SourceChangeKind::Gone, None));
    }
}
