//! Working groups: what each discusses, for how many, in which languages. Who hosts one is not here but a role granted on it. Pure.

use std::collections::BTreeMap;

use super::{LAST, check_place};
use crate::consultations::{Consultation, ConsultationId, check_languages};
use crate::db::types::Timestamp;
use crate::problem::{Checks, Problem};
use crate::reference::ObjectiveNumber;
pub use crate::vocabulary::WorkingGroupId;

pub(super) mod http;
mod service;
mod store;

/// A group that discusses clusters of objectives.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkingGroup {
    /// Its id.
    pub id: WorkingGroupId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// Its number, from 1.
    pub number: i32,
    /// What it discusses: each inner list becomes one lettered section of the report, several objectives one joint heading.
    pub clusters: Vec<Vec<ObjectiveNumber>>,
    /// How few may be in it in a round.
    pub min_size: i32,
    /// How many may be in it in a round.
    pub max_size: i32,
    /// Its languages (BCP 47), the main one first.
    pub languages: Vec<String>,
    /// Grows with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What a new working group is made of; the fields are those of [`WorkingGroup`].
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "as in WorkingGroup")]
pub struct NewWorkingGroup {
    pub number: i32,
    pub clusters: Vec<Vec<ObjectiveNumber>>,
    pub min_size: i32,
    pub max_size: i32,
    pub languages: Vec<String>,
}

impl WorkingGroup {
    /// The objectives of all its clusters, in their order.
    pub fn objectives(&self) -> impl Iterator<Item = ObjectiveNumber> {
        self.clusters.iter().flatten().copied()
    }

    /// 422 with every value that cannot be accepted; `groups` are those of the consultation.
    pub fn check(&self, consultation: &Consultation, groups: &[Self]) -> Result<(), Problem> {
        let mut checks = Checks::new();
        check_place(&mut checks, self.number, "/number")
            .require(self.min_size >= 1, "/min_size", "must be at least 1")
            .require(self.max_size <= LAST, "/max_size", format!("must be at most {LAST}"))
            .require(
                self.min_size <= self.max_size,
                "/max_size",
                format!("must not be below min_size, which is {}", self.min_size),
            )
            .require(!self.clusters.is_empty(), "/clusters", "at least one cluster is needed");
        check_languages(&mut checks, &self.languages);
        self.check_clusters(&mut checks, consultation, groups);
        checks.finish()
    }

    /// Every objective is the consultation's, and nobody else's.
    fn check_clusters(&self, checks: &mut Checks, consultation: &Consultation, groups: &[Self]) {
        let others = groups.iter().filter(|group| group.id != self.id);
        let mut taken: BTreeMap<ObjectiveNumber, i32> = others
            .flat_map(|group| group.objectives().map(|objective| (objective, group.number)))
            .collect();
        for (cluster, objectives) in self.clusters.iter().enumerate() {
            let pointer = format!("/clusters/{cluster}");
            checks.require(
                !objectives.is_empty(),
                &pointer,
                "a cluster has at least one objective",
            );
            for (place, objective) in objectives.iter().enumerate() {
                let pointer = format!("{pointer}/{place}");
                let own = consultation.objectives.contains(objective);
                let detail = format!("objective {objective} is not one of the consultation's");
                checks.require(own, &pointer, detail);
                if let Some(number) = taken.insert(*objective, self.number) {
                    let detail =
                        format!("objective {objective} is in a cluster of group {number} already");
                    checks.require(false, &pointer, detail);
                }
            }
        }
    }
}

/// 422 at `/objectives` when one that a group discusses is not among the consultation's any more.
pub fn check_still_covered(
    consultation: &Consultation,
    groups: &[WorkingGroup],
) -> Result<(), Problem> {
    let mut checks = Checks::new();
    for group in groups {
        for objective in group.objectives() {
            let kept = consultation.objectives.contains(&objective);
            let number = group.number;
            let detail = format!("objective {objective} is discussed in working group {number}");
            checks.require(kept, "/objectives", detail);
        }
    }
    checks.finish()
}
