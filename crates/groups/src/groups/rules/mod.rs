//! What the secretariat says about assignments: what matters how much, who must be where, who must be together or apart,
//! and other sizes in some rounds. Pure: knows no table, no HTTP, and nobody's name.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::solver::Weights;
use crate::account_merging::RegistrationsMerged;
use crate::consultations::{RoundId, WorkingGroupId};
use crate::db::types::Id;
use crate::problem::{Checks, Problem};
use crate::reference::SectorCode;
use crate::registrations::RegistrationId;

pub(super) mod http;
pub mod service;
pub(super) mod store;

/// Largest weight that is taken.
const LARGEST_WEIGHT: i64 = 1_000_000;
/// Most ranks that have a weight of their own.
const MOST_RANKS: usize = 50;
/// Most pins, limits, or sets of people.
const MOST_ENTRIES: usize = 2000;
/// Most people in a set.
const LARGEST_SET: usize = 200;
/// Largest size of a group in a round.
const LARGEST_SIZE: i32 = 1_000_000;

/// The assignment rules of a consultation. A plan keeps those that it was made with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AssignmentRules {
    /// What matters how much.
    pub weights: Weights,
    /// Sectors of which every group should have at least one person.
    pub listed_sectors: Vec<SectorCode>,
    /// Other sizes of groups in some rounds.
    pub limits: Vec<SizeLimit>,
    /// Who must be where, besides hosts, who are always in their group.
    pub pins: Vec<PinRule>,
    /// People who must be in one group in every round that they share.
    pub together: Vec<Vec<RegistrationId>>,
    /// People of whom no two may be in one group.
    pub apart: Vec<Vec<RegistrationId>>,
    /// Grows with each change; 0 while nothing was set.
    pub version: i64,
}

/// The size of a group in one round, in place of its usual one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SizeLimit {
    /// The group.
    pub working_group_id: WorkingGroupId,
    /// The round.
    pub round_id: RoundId,
    /// Fewest people.
    pub min_size: i32,
    /// Most people.
    pub max_size: i32,
}

/// Somebody's fixed group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PinRule {
    /// Who.
    pub registration_id: RegistrationId,
    /// Where.
    pub working_group_id: WorkingGroupId,
    /// In which round; absent: in all.
    #[serde(default)]
    pub round_id: Option<RoundId>,
}

/// What rules may name.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Registrations of the consultation.
    pub registrations: BTreeSet<RegistrationId>,
    /// Its rounds.
    pub rounds: BTreeSet<RoundId>,
    /// Its groups.
    pub groups: BTreeSet<WorkingGroupId>,
}

impl AssignmentRules {
    /// 422 with every value that cannot be accepted; `known` is what there is to be named.
    pub fn check(&self, known: &Known) -> Result<(), Problem> {
        let mut checks = Checks::new();
        self.check_weights(&mut checks);
        self.check_limits(known, &mut checks);
        self.check_pins(known, &mut checks);
        check_sets("/together", &self.together, known, &mut checks);
        check_sets("/apart", &self.apart, known, &mut checks);
        let distinct: BTreeSet<&SectorCode> = self.listed_sectors.iter().collect();
        let once = distinct.len() == self.listed_sectors.len();
        checks.require(once, "/listed_sectors", "names a sector twice").finish()
    }

    fn check_weights(&self, checks: &mut Checks) {
        let weights = &self.weights;
        let detail = format!("must be from 0 to {LARGEST_WEIGHT}");
        let fits = |points: i64| (0..=LARGEST_WEIGHT).contains(&points);
        for (name, points) in named(weights) {
            checks.require(fits(points), &format!("/weights/{name}"), detail.as_str());
        }
        for (rank, points) in weights.preference.iter().enumerate() {
            let pointer = format!("/weights/preference/{rank}");
            checks.require(fits(*points), &pointer, detail.as_str());
        }
        let some = (1..=MOST_RANKS).contains(&weights.preference.len());
        let detail = format!("must have from 1 to {MOST_RANKS} entries: what each choice costs");
        checks.require(some, "/weights/preference", detail);
        let rising = weights.preference.is_sorted();
        let detail = "must not fall: a later choice cannot cost less than an earlier one";
        checks.require(rising, "/weights/preference", detail);
    }

    fn check_limits(&self, known: &Known, checks: &mut Checks) {
        few(self.limits.len(), "/limits", checks);
        let mut seen = BTreeSet::new();
        for (at, limit) in self.limits.iter().enumerate() {
            let place = format!("/limits/{at}");
            group_is_known(limit.working_group_id, &place, known, checks);
            round_is_known(Some(limit.round_id), &place, known, checks);
            let first = seen.insert((limit.working_group_id, limit.round_id));
            checks.require(first, &place, "the group has a limit in this round already");
            let in_order = (0..=LARGEST_SIZE).contains(&limit.min_size)
                && (limit.min_size..=LARGEST_SIZE).contains(&limit.max_size);
            let detail = "must be from 0 up, and max_size not below min_size";
            checks.require(in_order, &format!("{place}/max_size"), detail);
        }
    }

    fn check_pins(&self, known: &Known, checks: &mut Checks) {
        few(self.pins.len(), "/pins", checks);
        let mut seen = BTreeSet::new();
        for (at, pin) in self.pins.iter().enumerate() {
            let place = format!("/pins/{at}");
            let pointer = format!("{place}/registration_id");
            registration_is_known(pin.registration_id, &pointer, known, checks);
            group_is_known(pin.working_group_id, &place, known, checks);
            round_is_known(pin.round_id, &place, known, checks);
            let first = seen.insert((pin.registration_id, pin.round_id));
            checks.require(first, &place, "the registration is pinned there already");
        }
    }

    /// Names no round and no group of this id any more.
    pub fn forget(&mut self, gone: Uuid) -> bool {
        let before = self.clone();
        self.limits
            .retain(|limit| limit.working_group_id.uuid() != gone && limit.round_id.uuid() != gone);
        self.pins.retain(|pin| {
            pin.working_group_id.uuid() != gone && pin.round_id.map(Id::uuid) != Some(gone)
        });
        *self != before
    }

    /// Names one registration where another was named: two registrations of a person were made one.
    pub fn merge(&mut self, merged: RegistrationsMerged) -> bool {
        let RegistrationsMerged { from, into } = merged;
        let before = self.clone();
        let pinned: BTreeSet<Option<RoundId>> = self
            .pins
            .iter()
            .filter(|pin| pin.registration_id == into)
            .map(|pin| pin.round_id)
            .collect();
        self.pins.retain(|pin| pin.registration_id != from || !pinned.contains(&pin.round_id));
        for pin in self.pins.iter_mut().filter(|pin| pin.registration_id == from) {
            pin.registration_id = into;
        }
        for sets in [&mut self.together, &mut self.apart] {
            sets.iter_mut().for_each(|set| replace(set, merged));
            sets.retain(|set| set.len() > 1);
        }
        *self != before
    }
}

fn replace(set: &mut Vec<RegistrationId>, merged: RegistrationsMerged) {
    let RegistrationsMerged { from, into } = merged;
    if !set.contains(&from) {
        return;
    }
    set.retain(|one| *one != from && *one != into);
    set.push(into);
}

fn few(count: usize, pointer: &str, checks: &mut Checks) {
    let detail = format!("has {count} entries; at most {MOST_ENTRIES} are taken");
    checks.require(count <= MOST_ENTRIES, pointer, detail);
}

fn check_sets(pointer: &str, sets: &[Vec<RegistrationId>], known: &Known, checks: &mut Checks) {
    few(sets.len(), pointer, checks);
    for (at, set) in sets.iter().enumerate() {
        let place = format!("{pointer}/{at}");
        let distinct: BTreeSet<&RegistrationId> = set.iter().collect();
        let detail = format!("must name from 2 to {LARGEST_SET} registrations, each once");
        let good = distinct.len() == set.len() && (2..=LARGEST_SET).contains(&set.len());
        checks.require(good, &place, detail);
        for (row, id) in set.iter().take(LARGEST_SET).enumerate() {
            registration_is_known(*id, &format!("{place}/{row}"), known, checks);
        }
    }
}

fn registration_is_known(id: RegistrationId, pointer: &str, known: &Known, checks: &mut Checks) {
    let detail = "is no registration of this consultation that counts";
    checks.require(known.registrations.contains(&id), pointer, detail);
}

fn group_is_known(id: WorkingGroupId, place: &str, known: &Known, checks: &mut Checks) {
    let pointer = format!("{place}/working_group_id");
    let detail = "is no working group of this consultation";
    checks.require(known.groups.contains(&id), &pointer, detail);
}

fn round_is_known(id: Option<RoundId>, place: &str, known: &Known, checks: &mut Checks) {
    let pointer = format!("{place}/round_id");
    let there = id.is_none_or(|id| known.rounds.contains(&id));
    checks.require(there, &pointer, "is no round of this consultation");
}

fn named(weights: &Weights) -> [(&'static str, i64); 11] {
    [
        ("size", weights.size),
        ("sector", weights.sector),
        ("subregion", weights.subregion),
        ("gender", weights.gender),
        ("organization", weights.organization),
        ("missing_sector", weights.missing_sector),
        ("stability", weights.stability),
        ("repeat", weights.repeat),
        ("apart", weights.apart),
        ("below_minimum", weights.below_minimum),
        ("unassigned", weights.unassigned),
    ]
}
