//! The two arrangements of a paper: by objective in numeric order, and by round table of the review meeting. What is arranged are its
//! sections; every objective keeps its own. Pure.

use std::collections::BTreeSet;

use super::drafting::LONGEST_TITLE;
use super::{Section, SectionId, SectionKind};
use crate::problem::{Checks, Problem};
use crate::reference::ObjectiveNumber;
use crate::text_enum;

pub(super) mod http;
pub mod service;

/// More round tables than any review has.
const MOST_ROUND_TABLES: usize = 30;

text_enum! {
    /// How a paper is arranged.
    pub enum Arrangement {
        /// By objective, in numeric order.
        ByObjective => "by_objective",
        /// By round table, in each by objective.
        ByRoundTable => "by_round_table",
    }
}

/// A round table of the review meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundTable {
    /// Its heading in the paper.
    pub heading: String,
    /// The objectives that it is about.
    pub objectives: BTreeSet<ObjectiveNumber>,
}

/// 422 unless each is headed and no objective is at two.
fn check(tables: &[RoundTable]) -> Result<(), Problem> {
    let mut checks = Checks::new();
    checks.require(
        (1..=MOST_ROUND_TABLES).contains(&tables.len()),
        "/round_tables",
        format!("name from 1 to {MOST_ROUND_TABLES} round tables"),
    );
    let mut seen = BTreeSet::new();
    for (index, table) in tables.iter().enumerate() {
        checks.text(&table.heading, LONGEST_TITLE, &format!("/round_tables/{index}/heading"));
        let twice = table.objectives.iter().find(|one| !seen.insert(**one));
        let detail = twice.map(|one| format!("objective {one} is at another round table already"));
        let pointer = format!("/round_tables/{index}/objectives");
        checks.require(twice.is_none(), &pointer, detail.unwrap_or_default());
    }
    checks.finish()
}

/// The round table at which all of these are discussed together; none where they fall to several, or to none.
fn table_of(tables: &[RoundTable], objectives: &[ObjectiveNumber]) -> Option<usize> {
    tables.iter().position(|table| objectives.iter().all(|one| table.objectives.contains(one)))
}

/// The heading of the round table below which a paper has what is about these objectives; none where no round table of it has them all.
/// A round table is kept as its heading: a section that was added among the outcomes, with all objectives that it is about.
pub fn heading_for(
    sections: &[Section],
    outcomes: SectionId,
    objectives: &[ObjectiveNumber],
) -> Option<SectionId> {
    let mut headings = sections
        .iter()
        .filter(|one| one.kind == SectionKind::AddedOutcome && one.parent_id == Some(outcomes));
    let found =
        headings.find(|one| objectives.iter().all(|number| one.objectives.contains(number)));
    found.map(|one| one.id)
}
