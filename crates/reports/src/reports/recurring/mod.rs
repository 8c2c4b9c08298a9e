//! Points that recur in a paper: paragraphs that come from different consultations and say alike, to be joined by whoever drafts, with the
//! references of all. Proposes only. Pure.

use std::collections::{BTreeMap, BTreeSet};

use rapporteur_intake::similar;

use super::{EditionId, Paragraph, ParagraphId, ReportId, Section, SectionId};
use crate::document::inline::{self, plain_text};
use crate::document::{List, ParagraphPart};
use crate::reviews::CategoryId;

pub(super) mod http;
pub mod service;

/// Most pairs that are proposed.
const MOST: usize = 200;

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

/// The pairs of paragraphs that recur, the most alike first. `paragraphs` stand in the order of the paper; `reports` says of which report
/// an edition is. Those of one report were kept apart there, and those of different categories say different things. Its cost grows with
/// the number of paragraphs and of those that meet, not with that of all pairs.
pub fn recurring(
    sections: &[Section],
    paragraphs: &[Paragraph],
    reports: &BTreeMap<EditionId, ReportId>,
) -> Vec<Recurring> {
    let categories: BTreeMap<SectionId, Option<CategoryId>> =
        sections.iter().map(|section| (section.id, section.category_id)).collect();
    let mut texts = Vec::new();
    let mut met: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for paragraph in paragraphs {
        let Some(text) = paragraph.text.as_deref().map(plain) else { continue };
        let of: BTreeSet<ReportId> = paragraph
            .sources
            .iter()
            .filter_map(|source| reports.get(&source.edition_id).copied())
            .collect();
        let Some(signature) = similar::signature(&text).filter(|_| !of.is_empty()) else {
            continue;
        };
        let category = categories.get(&paragraph.section_id).copied().flatten();
        let scope = category.map_or(0, |category| category.uuid().as_u128());
        for bucket in similar::buckets(&signature, scope, "") {
            met.entry(bucket).or_default().push(texts.len());
        }
        texts.push((paragraph.id, text, of, category));
    }
    let pairs: BTreeSet<(usize, usize)> = met
        .values()
        .flat_map(|all| {
            all.iter().flat_map(move |one| {
                all.iter().filter(move |other| one < *other).map(move |other| (*one, *other))
            })
        })
        .collect();
    let alike = |(one, other): &(usize, usize)| {
        let ((first, text, of, category), (second, other, others, like)) =
            (&texts[*one], &texts[*other]);
        if category != like || !of.is_disjoint(others) {
            return None;
        }
        let why = similar::why(text, other);
        let (likeness, shared) = (why.likeness_per_mille, why.shared_words);
        (likeness >= similar::SIMILAR).then_some(Recurring {
            first: *first,
            second: *second,
            likeness,
            shared,
        })
    };
    let mut found: Vec<Recurring> = pairs.iter().filter_map(alike).collect();
    // What is equally alike stays in the order of the paper.
    found.sort_by_key(|one| std::cmp::Reverse(one.likeness));
    found.truncate(MOST);
    found
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
