//! Points that recur in a paper: paragraphs that come from different consultations and say alike, to be joined by whoever drafts, with the
//! references of all. Proposes only. Pure.

use std::collections::{BTreeMap, BTreeSet};

use rapporteur_intake::similar;

use super::{EditionId, Paragraph, ParagraphId, ReportId, Section, SectionId, SectionKind};
use crate::document::inline::{self, plain_text};
use crate::document::{List, ParagraphPart};
use crate::reviews::CategoryId;

pub(super) mod http;
pub mod service;

/// Most pairs that are proposed.
const MOST: usize = 200;
/// Most pairs that are held against each other word by word: those whose signatures agree most.
const MOST_HELD: usize = 1_000;
/// Most others that a paragraph meets in a bucket.
const MOST_MET: usize = 50;

/// Two paragraphs that say alike, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recurring {
    /// The one that stands first in the paper.
    pub first: ParagraphId,
    /// The other.
    pub second: ParagraphId,
    /// How much alike they are, in thousandths.
    pub likeness: u16,
    /// What they have in common, as it reads in the first.
    pub shared: Vec<String>,
}

/// What a paragraph says, and what keeps it apart from others.
struct Said {
    id: ParagraphId,
    text: String,
    reports: BTreeSet<ReportId>,
    category: Option<CategoryId>,
    /// The section in which it was set beside views that diverge.
    apart: Option<SectionId>,
}

impl Said {
    /// Whether both can be one point: those of one report were kept apart there, those of different categories say different things, and
    /// those that were set beside each other differ.
    fn can_recur_in(&self, other: &Self) -> bool {
        let diverge = self.apart.is_some() && self.apart == other.apart;
        self.category == other.category && self.reports.is_disjoint(&other.reports) && !diverge
    }
}

/// The pairs of paragraphs that recur, the most alike first. `paragraphs` stand in the order of the paper; `reports` says of which report
/// an edition is. Its cost grows with the number of paragraphs, also where all of them say alike.
pub fn recurring(
    sections: &[Section],
    paragraphs: &[Paragraph],
    reports: &BTreeMap<EditionId, ReportId>,
) -> Vec<Recurring> {
    let sections: BTreeMap<SectionId, &Section> =
        sections.iter().map(|section| (section.id, section)).collect();
    let mut all: Vec<Said> = Vec::new();
    let mut met: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for paragraph in paragraphs {
        let Some(text) = paragraph.text.as_deref().map(plain) else { continue };
        let cited = paragraph.sources.iter();
        let reports: BTreeSet<ReportId> =
            cited.filter_map(|source| reports.get(&source.edition_id).copied()).collect();
        let Some(signature) = similar::signature(&text).filter(|_| !reports.is_empty()) else {
            continue;
        };
        let section = sections.get(&paragraph.section_id);
        let category = section.and_then(|section| section.category_id);
        let apart = section.filter(|section| section.kind == SectionKind::DivergentViews);
        let scope = category.map_or(0, |category| category.uuid().as_u128());
        for bucket in similar::buckets(&signature, scope, "") {
            met.entry(bucket).or_default().push(all.len());
        }
        let apart = apart.map(|section| section.id);
        all.push(Said { id: paragraph.id, text, reports, category, apart });
    }
    let alike = |(one, other): (usize, usize)| {
        let why = similar::why(&all[one].text, &all[other].text);
        let (likeness, shared) = (why.likeness_per_mille, why.shared_words);
        let (first, second) = (all[one].id, all[other].id);
        let recurs = likeness >= similar::SIMILAR;
        recurs.then_some(Recurring { first, second, likeness, shared })
    };
    let mut found: Vec<Recurring> = pairs(&all, &met).into_iter().filter_map(alike).collect();
    // What is equally alike stays in the order of the paper.
    found.sort_by_key(|one| std::cmp::Reverse(one.likeness));
    found.truncate(MOST);
    found
}

/// The pairs to be held against each other, in the order of the paper: those that meet in the most buckets.
fn pairs(all: &[Said], met: &BTreeMap<i64, Vec<usize>>) -> BTreeSet<(usize, usize)> {
    let mut meetings: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for bucket in met.values() {
        for (place, one) in bucket.iter().enumerate() {
            let others = bucket[place + 1..].iter();
            let others = others.filter(|other| all[*one].can_recur_in(&all[**other]));
            for other in others.take(MOST_MET) {
                *meetings.entry((*one, *other)).or_default() += 1;
            }
        }
    }
    let mut pairs: Vec<_> = meetings.into_iter().collect();
    pairs.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    pairs.into_iter().take(MOST_HELD).map(|(pair, _)| pair).collect()
}

/// The words of a text, without marks and notes.
fn plain(text: &str) -> String {
    let Ok(parsed) = inline::parse(text) else { return text.to_owned() };
    let of = |part: &ParagraphPart| match part {
        ParagraphPart::Text(inlines) => plain_text(inlines),
        ParagraphPart::List(List::Bulleted(items) | List::Lettered(items)) => {
            items.iter().map(|item| plain_text(item)).collect::<Vec<_>>().join(" ")
        }
        ParagraphPart::List(List::Labelled(items)) => {
            items.iter().map(|item| plain_text(&item.inlines)).collect::<Vec<_>>().join(" ")
        }
    };
    parsed.parts.iter().map(of).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::reports::Source;

    fn section(id: u128, kind: SectionKind) -> Section {
        Section {
            id: SectionId::new(Uuid::from_u128(id)),
            report_id: ReportId::new(Uuid::nil()),
            parent_id: None,
            position: 1,
            kind,
            objectives: Vec::new(),
            category_id: None,
            category: None,
            heading: None,
            version: 1,
        }
    }

    fn paragraph(id: u128, section: u128, edition: u128, text: String) -> Paragraph {
        let edition_id = EditionId::new(Uuid::from_u128(edition));
        Paragraph {
            id: ParagraphId::new(Uuid::from_u128(id)),
            report_id: ReportId::new(Uuid::nil()),
            section_id: SectionId::new(Uuid::from_u128(section)),
            position: 1,
            text: Some(text),
            computed: None,
            objective: None,
            editorial_reason: None,
            inputs: Vec::new(),
            sources: vec![Source { edition_id, number: 1 }],
            version: 1,
        }
    }

    fn reports() -> BTreeMap<EditionId, ReportId> {
        let both = [1, 2].map(Uuid::from_u128);
        both.map(|id| (EditionId::new(id), ReportId::new(id))).into()
    }

    const SAID: &str = "The cost of documents kept many migrants from registering their children.";

    #[test]
    fn what_was_set_apart_is_proposed_no_more() {
        let sections = [section(1, SectionKind::Category), section(2, SectionKind::DivergentViews)];
        let found = |at: [u128; 2]| {
            let [one, other] = [1, 2].map(|n| paragraph(n, at[n as usize - 1], n, SAID.to_owned()));
            recurring(&sections, &[one, other], &reports()).len()
        };
        assert_eq!(found([1, 1]), 1);
        assert_eq!(found([1, 2]), 1, "one of them was set beside another one");
        assert_eq!(found([2, 2]), 0);
    }

    #[test]
    fn the_most_alike_come_first_where_all_say_nearly_the_same() {
        let text = |n: u128| format!("{SAID} Some {n} spoke of it and {} of more.", n + 7);
        let mut paragraphs: Vec<Paragraph> =
            (10..2_010).map(|n| paragraph(n, 1, 1 + n % 2, text(n))).collect();
        let same = SAID.repeat(2);
        paragraphs.insert(700, paragraph(1, 1, 1, same.clone()));
        paragraphs.push(paragraph(2, 1, 2, same));
        let sections = [section(1, SectionKind::Category)];
        let found = recurring(&sections, &paragraphs, &reports());
        assert_eq!(found.len(), MOST);
        let both = [1, 2].map(|id| ParagraphId::new(Uuid::from_u128(id)));
        assert_eq!((found[0].first, found[0].second, found[0].likeness), (both[0], both[1], 1_000));
    }
}
